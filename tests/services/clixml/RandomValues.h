// Seeded random Values of every kind for the property tests: odd texts (controls, lone surrogates, things
// that look like escapes), shared objects, cycles, member sets, duplicate names. The same seed gives the same
// values.
#pragma once

#include <random>

#include "services/psrp/clixml/Object.h"
#include "services/psrp/clixml/Reader.h"

namespace postern::clixml::testing {

class RandomValues
{
public:
    explicit RandomValues(quint32 seed)
        : m_engine(seed)
    {
    }

    [[nodiscard]] Value next(); // any value, alone
    [[nodiscard]] Value nextObject(); // an object, alone
    [[nodiscard]] std::vector<FileItem> nextFile();
    [[nodiscard]] QString text();
    [[nodiscard]] int below(int bound)
    {
        return int(std::uniform_int_distribution<int>(0, bound - 1)(m_engine));
    }
    [[nodiscard]] bool chance(int percent) { return below(100) < percent; }

private:
    [[nodiscard]] Value value(int depth);
    [[nodiscard]] Value primitive();
    [[nodiscard]] Value number(Kind kind);
    [[nodiscard]] Value object(int depth);
    [[nodiscard]] Value memberSet(int depth);
    [[nodiscard]] Value ancestor();
    [[nodiscard]] std::vector<Property> properties(int depth, bool extended);
    void fillContent(Object& object, int depth);
    [[nodiscard]] QString name();
    [[nodiscard]] QStringList typeNames();
    [[nodiscard]] QByteArray bytes();
    [[nodiscard]] DateTime dateTime();

    std::mt19937 m_engine;
    std::vector<std::shared_ptr<const Object>> m_finished; // of this document, to be shared
    std::vector<bool> m_open; // enclosing objects, false for a member set
};

} // namespace postern::clixml::testing

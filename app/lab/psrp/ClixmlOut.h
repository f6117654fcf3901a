// Writes one object as the CLIXML of one PSRP message, in Windows PowerShell's shape: RefId counters from 0,
// TN and TNRef,
// `<Nil N="x" />`, TN then ToString then value then Props then MS. [MS-PSRP] 2.2.5. One writer a message; any
// thread.
#pragma once

#include "app/lab/psrp/Value.h"

namespace postern::lab {

// What the session asked for in its query string: None collapses nested objects to their text, Full adds
// Exchange's blobs.
enum class Serialization { None, Partial, Full };

class ClixmlOut
{
public:
    explicit ClixmlOut(std::string& out, Serialization serialization = Serialization::Partial)
        : m_out(out)
        , m_serialization(serialization)
    {
    }
    void write(const Value& value, std::string_view name = {});

    static void appendEscaped(std::string& out, std::string_view text); // _xHHHH_ and XML

private:
    struct Sibling
    {
        std::string_view name;
        int ref = 0;
        const Object* object = nullptr;
    };
    [[nodiscard]] bool collapses(const Object& object) const;
    void open(const char* tag, std::string_view name);
    void element(const char* tag, std::string_view name, std::string_view text);
    void escapedElement(const char* tag, std::string_view name, std::string_view text);
    void object(const Object& object, std::string_view name);
    void typeNames(const TypeChain& types);
    void properties(const char* tag, const Object& object, const std::vector<Property>& list);
    void container(const Object& object);

    std::string& m_out;
    Serialization m_serialization;
    int m_depth = 0;
    int m_nextRef = 0;
    int m_nextTypes = 0;
    std::vector<std::pair<const TypeChain*, int>> m_types;
    std::vector<Sibling> m_siblings; // of the object whose Props are being written
};

[[nodiscard]] std::string clixml(const Value& value, Serialization serialization = Serialization::Partial);

} // namespace postern::lab

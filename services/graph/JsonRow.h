// Reads the properties of one JSON object into a value, by a table of what to do with each name: unknown
// names are passed over, null is absent, a wrong type is a problem of that object and not of its page. One
// thread (the pool's). Never fails.
#pragma once

#include <QDateTime>
#include <QHash>
#include <QStringList>
#include <QUuid>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/domain/Exchange.h"
#include "models/domain/OpenEnum.h"
#include "services/graph/JsonBody.h"

namespace postern::graph {

class JsonRow
{
public:
    explicit JsonRow(std::vector<ObjectProblem>* problems)
        : m_problems(problems)
    {
    }

    [[nodiscard]] QString text(JsonElement value);
    // For words that many objects share: one copy in memory.
    [[nodiscard]] QString shared(JsonElement value);
    [[nodiscard]] QStringList texts(JsonElement value);
    [[nodiscard]] bool flag(JsonElement value, bool absent = false);
    [[nodiscard]] std::optional<bool> maybeFlag(JsonElement value);
    // Year 1 and year 9999 are Graph's "never".
    [[nodiscard]] std::optional<QDateTime> time(JsonElement value);
    [[nodiscard]] QUuid guid(JsonElement value);
    [[nodiscard]] int number(JsonElement value);
    template <class E> [[nodiscard]] OpenEnum<E> word(JsonElement value)
    {
        return OpenEnum<E>::fromText(shared(value));
    }

    void property(std::string_view name) { m_property = name; } // for problems
    void problem(const QString& what);

private:
    [[nodiscard]] std::optional<std::string_view> view(JsonElement value);

    std::vector<ObjectProblem>* m_problems;
    std::string_view m_property;
    std::unordered_map<std::string_view, QString> m_words; // views into the body, which outlives the row
};

// "2026-11-24T14:41:49.1234567Z", with an offset too. nullopt: not a time. Milliseconds since 1970, UTC.
[[nodiscard]] std::optional<qint64> graphTime(std::string_view text);

// What to do with each property of a T.
template <class T> class FieldTable
{
public:
    using Read = void (*)(T& item, JsonElement value, JsonRow& row);
    struct Field
    {
        std::string_view name;
        Read read;
    };
    FieldTable(std::initializer_list<Field> fields)
        : FieldTable(std::span(fields.begin(), fields.size()))
    {
    }
    explicit FieldTable(std::span<const Field> fields)
    {
        for (const Field& field : fields)
            m_fields.emplace(field.name, field.read);
    }

    [[nodiscard]] Read find(std::string_view name) const
    {
        const auto at = m_fields.find(name);
        return at == m_fields.end() ? nullptr : at->second;
    }

private:
    std::unordered_map<std::string_view, Read> m_fields;
};

// Objects of one list have their properties in one order: what the last one had at the same place is looked
// at first.
template <class T> class FieldReader
{
public:
    explicit FieldReader(const FieldTable<T>& table)
        : m_table(table)
    {
    }
    void read(T& item, simdjson::dom::object object, JsonRow& row)
    {
        size_t at = 0;
        for (const auto [key, value] : object) {
            if (at == m_seen.size())
                m_seen.push_back({});
            Seen& seen = m_seen[at++];
            if (seen.name != key)
                seen = Seen{std::string(key), m_table.find(key)};
            if (!seen.read)
                continue;
            row.property(key);
            seen.read(item, value, row);
        }
    }

private:
    struct Seen
    {
        std::string name;
        typename FieldTable<T>::Read read = nullptr;
    };
    const FieldTable<T>& m_table;
    std::vector<Seen> m_seen;
};

} // namespace postern::graph

// What CLIXML can carry, as a value: the lab's own model of it, so that a fault in the client's codec is not
// repeated here. Objects are immutable once built and shared, because most of an Exchange object's parts are
// the same in all. Any thread. [MS-PSRP] 2.2.5.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/lab/text/Guid.h"

namespace postern::lab {

struct Object;
using ObjectPtr = std::shared_ptr<const Object>;

struct Nil
{
};
struct DateTime
{
    std::int64_t ms = 0; // since 1970, UTC
    bool utc = true; // false: written with the server's offset, as Exchange writes local times
    friend auto operator<=>(const DateTime&, const DateTime&) = default;
};
struct TimeSpan
{
    std::int64_t ms = 0;
};
struct VersionText
{
    std::string text;
};
struct Bytes
{
    std::string data;
};
struct SameAs
{
    std::string property;
}; // a Ref to a property of the same object: Exchange's Id is a Ref to Identity

using Value = std::variant<Nil, std::string, bool, std::uint8_t, std::int32_t, std::uint32_t, std::int64_t,
    double, DateTime, TimeSpan, Guid, VersionText, Bytes, SameAs, ObjectPtr>;

struct Property
{
    std::string name;
    Value value;
};

// Type names, most derived first. Lives for ever (static): its address is its identity within a message.
struct TypeChain
{
    std::vector<std::string> names;
};

enum class Container { None, List, Dictionary };

struct Object
{
    const TypeChain* types = nullptr; // of objects we write
    std::vector<std::string> parsedTypes; // of objects we read
    std::optional<std::string> text; // ToString
    Value primitive; // enums and extended primitives
    Container container = Container::None;
    std::vector<Value> items;
    std::vector<std::pair<Value, Value>> entries;
    std::vector<Property> properties; // Props
    std::vector<Property> extended; // MS
    bool serializationData
        = false; // gets Exchange's opaque blob when the session asked for serializationLevel=Full

    [[nodiscard]] const Value* find(std::string_view name) const; // Props or MS, case-insensitive
};

[[nodiscard]] bool isNil(const Value& value);
// What ToString() gives in PowerShell: identities, enums, numbers, invariant.
[[nodiscard]] std::string toText(const Value& value);
[[nodiscard]] const Value* findProperty(const std::vector<Property>& list, std::string_view name);
[[nodiscard]] std::string isoTime(const DateTime& time);

} // namespace postern::lab

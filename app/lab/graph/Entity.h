// Graph's entities as text that is written once and cut to measure: the whole object, or only the properties
// of a $select. An EntityType lists the properties that $select may name. Values; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/lab/json/JsonOut.h"

namespace postern::lab {

struct EntityType
{
    std::string_view name; // microsoft.graph.managedDevice
    std::span<const std::string_view> properties; // in the order of the text
    std::span<const std::string_view> unasked; // what an answer without $select holds; empty: everything
    std::span<const std::string_view> navigation; // names that $expand may hold

    [[nodiscard]] std::optional<std::uint16_t> indexOf(std::string_view property) const;
};

namespace types {
extern const EntityType managedDevice, user, group, device, organization, subscribedSku, exportJob;
}

using Selection = std::vector<std::uint16_t>; // indexes into the properties, ascending; empty: as unasked
[[nodiscard]] Selection unaskedOf(const EntityType& type);

class EntityText
{
public:
    [[nodiscard]] bool isEmpty() const { return m_ends.empty(); }
    [[nodiscard]] std::string_view value(size_t property) const; // its JSON
    void appendTo(std::string& out, const Selection& selection, std::string_view odataType = {}) const;

private:
    friend class EntityWriter;
    std::string m_text; // "name":value,"name":value
    std::vector<std::uint16_t> m_ends; // of each property's piece, its comma not counted
    std::vector<std::uint8_t> m_names; // length of each `"name":`
};

// Properties are given in the type's order; those left out are null.
class EntityWriter
{
public:
    explicit EntityWriter(const EntityType& type, size_t expectedSize = 1024);
    EntityWriter& raw(std::string_view property, std::string_view json);
    EntityWriter& text(std::string_view property, std::string_view value);
    EntityWriter& flag(std::string_view p, bool v) { return raw(p, v ? "true" : "false"); }
    EntityWriter& number(std::string_view p, std::int64_t v) { return raw(p, std::to_string(v)); }
    EntityWriter& time(std::string_view p, std::int64_t ms);
    EntityWriter& strings(std::string_view p, const std::vector<std::string>& v)
    {
        return raw(p, jsonStrings(v));
    }
    [[nodiscard]] EntityText finish();

private:
    void begin(std::string_view property);
    void name(std::string_view property);
    const EntityType& m_type;
    EntityText m_made;
};

} // namespace postern::lab

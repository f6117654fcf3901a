#include "app/lab/graph/Entity.h"

#include <algorithm>
#include <cassert>

#include "app/lab/text/Text.h"

namespace postern::lab {

std::optional<std::uint16_t> EntityType::indexOf(std::string_view property) const
{
    const auto at = std::find(properties.begin(), properties.end(), property);
    if (at == properties.end())
        return std::nullopt;
    return std::uint16_t(at - properties.begin());
}

Selection unaskedOf(const EntityType& type)
{
    Selection all;
    for (size_t i = 0; i < type.properties.size(); ++i) {
        const auto& chosen = type.unasked;
        if (chosen.empty() || std::find(chosen.begin(), chosen.end(), type.properties[i]) != chosen.end())
            all.push_back(std::uint16_t(i));
    }
    return all;
}

std::string_view EntityText::value(size_t property) const
{
    const size_t start = (property == 0 ? 0U : size_t(m_ends[property - 1]) + 1U) + m_names[property];
    return std::string_view(m_text).substr(start, m_ends[property] - start);
}

void EntityText::appendTo(std::string& out, const Selection& selection, std::string_view odataType) const
{
    out += '{';
    bool first = true;
    if (!odataType.empty()) {
        out.append("\"@odata.type\":\"#").append(odataType).append("\"");
        first = false;
    }
    if (selection.size() == m_ends.size()) {
        if (!first)
            out += ',';
        out.append(m_text);
    } else {
        for (const std::uint16_t p : selection) {
            const size_t start = p == 0 ? 0 : size_t(m_ends[p - 1U]) + 1U;
            if (!first)
                out += ',';
            out.append(m_text, start, m_ends[p] - start);
            first = false;
        }
    }
    out += '}';
}

EntityWriter::EntityWriter(const EntityType& type, size_t expectedSize)
    : m_type(type)
{
    m_made.m_text.reserve(expectedSize);
    m_made.m_ends.reserve(type.properties.size());
    m_made.m_names.reserve(type.properties.size());
}

void EntityWriter::name(std::string_view property)
{
    std::string& out = m_made.m_text;
    if (!out.empty())
        out += ',';
    out.append("\"").append(property).append("\":");
    m_made.m_names.push_back(std::uint8_t(property.size() + 3));
}

void EntityWriter::begin(std::string_view property)
{
    while (m_made.m_ends.size() < m_type.properties.size()
        && m_type.properties[m_made.m_ends.size()] != property) {
        name(m_type.properties[m_made.m_ends.size()]);
        m_made.m_text += "null";
        m_made.m_ends.push_back(std::uint16_t(m_made.m_text.size()));
    }
    assert(m_made.m_ends.size() < m_type.properties.size() && "a property out of order, or unknown");
    name(property);
}

EntityWriter& EntityWriter::raw(std::string_view property, std::string_view json)
{
    begin(property);
    m_made.m_text += json;
    m_made.m_ends.push_back(std::uint16_t(m_made.m_text.size()));
    return *this;
}

EntityWriter& EntityWriter::text(std::string_view property, std::string_view value)
{
    begin(property);
    appendJsonString(m_made.m_text, value);
    m_made.m_ends.push_back(std::uint16_t(m_made.m_text.size()));
    return *this;
}

EntityWriter& EntityWriter::time(std::string_view property, std::int64_t ms)
{
    return text(property, graphTime(ms));
}

EntityText EntityWriter::finish()
{
    while (m_made.m_ends.size() < m_type.properties.size()) {
        name(m_type.properties[m_made.m_ends.size()]);
        m_made.m_text += "null";
        m_made.m_ends.push_back(std::uint16_t(m_made.m_text.size()));
    }
    return std::move(m_made);
}

} // namespace postern::lab

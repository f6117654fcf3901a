#include "app/lab/graph/Query.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/lab/entra/Form.h"
#include "app/lab/entra/Signing.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr std::array<std::string_view, 11> known{"$top", "$skip", "$select", "$filter", "$expand", "$orderby",
    "$search", "$count", "$skiptoken", "$deltatoken", "$format"};

std::optional<int> wholeNumber(const std::string& text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

} // namespace

std::string Query::value(std::string_view name) const
{
    for (const auto& [key, text] : options) {
        if (key == name)
            return text;
    }
    return {};
}

bool Query::has(std::string_view name) const
{
    return std::any_of(options.begin(), options.end(), [&](const auto& o) { return o.first == name; });
}

Answered<Query> parsedQuery(const std::string& text)
{
    Query query;
    for (const std::string& part : split(text, '&')) {
        if (part.empty())
            continue;
        const Form one = parsedForm(part);
        const auto& [name, value] = *one.begin();
        if (name.starts_with("$") && std::find(known.begin(), known.end(), name) == known.end())
            return refused(400, "BadRequest", "The query parameter '" + name + "' is not supported.");
        if (name.starts_with("$") && query.has(name))
            return refused(400, "BadRequest",
                "Query option '" + name
                    + "' was specified more than once, but it must be specified at most once.");
        query.options.emplace_back(name, value);
    }
    for (const auto& [name, into] : {std::pair{"$top", &query.top}, {"$skip", &query.skip}}) {
        if (!query.has(name))
            continue;
        *into = wholeNumber(query.value(name));
        if (!*into)
            return refused(400, "BadRequest",
                "Invalid value '" + query.value(name) + "' for " + name + " query option found. The " + name
                    + " query option requires a non-negative integer value.");
    }
    const std::string count = query.value("$count");
    if (!count.empty() && count != "true" && count != "false")
        return refused(400, "BadRequest",
            "Invalid value '" + count
                + "' for $count query option found. Valid values are 'true' and 'false'.");
    query.count = count == "true";
    return query;
}

Answered<Selection> selectionOf(const Query& query, const EntityType& type)
{
    if (!query.has("$select"))
        return unaskedOf(type);
    Selection out;
    for (const std::string& part : split(query.value("$select"), ',')) {
        const std::string name = trimmed(part);
        if (name == "*")
            return unaskedOf(type);
        if (name.empty())
            return refused(400, "BadRequest",
                "Parsing OData Select and Expand failed: Term '" + query.value("$select")
                    + "' is not valid in a $select or $expand expression.");
        const auto index = type.indexOf(name);
        const auto& links = type.navigation;
        if (!index && std::find(links.begin(), links.end(), name) == links.end())
            return refused(400, "BadRequest",
                "Parsing OData Select and Expand failed: Could not find a property named '" + name
                    + "' on type '" + std::string(type.name) + "'.");
        if (index)
            out.push_back(*index);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::string linkWith(
    const std::string& base, const Query& query, const std::string& name, const std::string& token)
{
    std::string out = base + "?";
    for (const auto& [key, value] : query.options) {
        if (key != "$skiptoken" && key != "$skip" && key != "$deltatoken")
            out += key + "=" + urlEncoded(value) + "&";
    }
    return out + name + "=" + urlEncoded(token);
}

std::string skipToken(std::uint64_t position, std::string_view purpose)
{
    const std::string body = std::string(purpose) + ":" + std::to_string(position);
    return base64Url(body + "." + sha256("lab" + body).substr(0, 6));
}

std::optional<std::uint64_t> positionOf(const std::string& token, std::string_view purpose)
{
    const auto bytes = fromBase64Url(token);
    if (!bytes || bytes->size() < 8)
        return std::nullopt;
    const std::string body = bytes->substr(0, bytes->size() - 7);
    if (!body.starts_with(std::string(purpose) + ":")
        || sha256("lab" + body).substr(0, 6) != bytes->substr(bytes->size() - 6))
        return std::nullopt;
    std::uint64_t position = 0;
    const char* from = body.data() + purpose.size() + 1;
    const auto [end, error] = std::from_chars(from, body.data() + body.size(), position);
    if (error != std::errc() || end != body.data() + body.size())
        return std::nullopt;
    return position;
}

} // namespace postern::lab

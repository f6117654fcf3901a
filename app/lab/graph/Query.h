// The system query options of a request: known ones parsed, unknown ones refused as Graph does, and the
// nextLink that carries them on. Pure, any thread.
#pragma once

#include <optional>

#include "app/lab/graph/Entity.h"
#include "app/lab/graph/GraphAnswer.h"

namespace postern::lab {

struct Query
{
    std::vector<std::pair<std::string, std::string>> options; // as sent, decoded
    std::optional<int> top, skip;
    bool count = false;
    [[nodiscard]] std::string value(std::string_view name) const; // "$filter"
    [[nodiscard]] bool has(std::string_view name) const;
};

[[nodiscard]] Answered<Query> parsedQuery(const std::string& text);
[[nodiscard]] Answered<Selection> selectionOf(const Query& query, const EntityType& type);
// `base` is scheme, host and path; the old position is replaced.
[[nodiscard]] std::string linkWith(
    const std::string& base, const Query& query, const std::string& name, const std::string& token);

// Positions travel as opaque text that only we can read; somebody else's text is nullopt.
[[nodiscard]] std::string skipToken(std::uint64_t position, std::string_view purpose);
[[nodiscard]] std::optional<std::uint64_t> positionOf(const std::string& token, std::string_view purpose);

} // namespace postern::lab

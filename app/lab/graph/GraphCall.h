// One call of Graph, alone or as a part of a batch: what was asked, by whom. Values; any thread.
#pragma once

#include <map>

#include "app/lab/entra/Tokens.h"
#include "app/lab/graph/Query.h"

namespace postern::lab {

struct GraphCall
{
    std::string method, path; // path without the version: /users/…
    std::vector<std::string> segments;
    Query query;
    std::string body;
    std::map<std::string, std::string> headers; // names in lower case
    Claims claims;
    std::string base; // https://localhost:1234/v1.0

    [[nodiscard]] bool isGet() const { return method == "GET"; }
    [[nodiscard]] bool hasAny(std::initializer_list<const char*> permissions) const;
    [[nodiscard]] bool isEventual() const; // ConsistencyLevel: eventual
    [[nodiscard]] std::string url() const { return base + path; }
    [[nodiscard]] std::string context(const std::string& what) const { return base + "/$metadata#" + what; }
};

// Key forms `x('id')` become two segments, `microsoft.graph.f()` becomes `f`.
[[nodiscard]] std::vector<std::string> graphSegments(const std::string& path);
// nullopt: may go on; else the 403 of that service.
[[nodiscard]] std::optional<GraphAnswer> lacksIntune(
    const GraphCall& call, std::initializer_list<const char*> anyOf);
[[nodiscard]] std::optional<GraphAnswer> lacksDirectory(
    const GraphCall& call, std::initializer_list<const char*> anyOf);

} // namespace postern::lab

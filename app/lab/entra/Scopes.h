// What a `scope` parameter asks for: OpenID scopes, and the permissions of one resource. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "app/lab/entra/EntraErrors.h"

namespace postern::lab {

enum class Resource { Graph, Exchange };

struct AskedScopes
{
    Resource resource = Resource::Graph;
    std::string audience; // the resource as the client wrote it
    std::vector<std::string> permissions; // ".default" among them stands for all consented ones
    bool openId = false, offline = false;
    [[nodiscard]] bool isDefault() const { return permissions.size() == 1 && permissions[0] == ".default"; }
};

// `graphUrl` is the lab's own Graph, which is an identifier of the resource beside Microsoft's.
[[nodiscard]] Granted<AskedScopes> askedScopes(const std::string& scope, const std::string& graphUrl);

} // namespace postern::lab

#include "app/lab/graph/GraphCall.h"

#include <algorithm>

#include "app/lab/text/Text.h"

namespace postern::lab {

bool GraphCall::hasAny(std::initializer_list<const char*> permissions) const
{
    return std::any_of(permissions.begin(), permissions.end(),
        [this](const char* permission) { return claims.permissions.contains(permission); });
}

bool GraphCall::isEventual() const
{
    const auto at = headers.find("consistencylevel");
    return at != headers.end() && equalsIgnoreCase(at->second, "eventual");
}

std::vector<std::string> graphSegments(const std::string& path)
{
    std::vector<std::string> out;
    for (std::string part : split(path, '/')) {
        if (part.empty())
            continue;
        if (part.starts_with("microsoft.graph."))
            part.erase(0, 16);
        if (part.ends_with("()"))
            part.erase(part.size() - 2);
        const auto open = part.find("('");
        if (open != std::string::npos && part.ends_with("')")) {
            out.push_back(part.substr(0, open));
            out.push_back(part.substr(open + 2, part.size() - open - 4));
        } else {
            out.push_back(std::move(part));
        }
    }
    return out;
}

std::optional<GraphAnswer> lacksIntune(const GraphCall& call, std::initializer_list<const char*> anyOf)
{
    // A delegated call needs the person's own Intune role beside the application's scope.
    const bool person = !call.claims.delegated || call.claims.intuneAdministrator;
    if (call.hasAny(anyOf) && person)
        return std::nullopt;
    return intuneForbidden(std::vector<std::string>(anyOf.begin(), anyOf.end()), call.path);
}

std::optional<GraphAnswer> lacksDirectory(const GraphCall& call, std::initializer_list<const char*> anyOf)
{
    if (call.hasAny(anyOf))
        return std::nullopt;
    return directoryForbidden();
}

} // namespace postern::lab

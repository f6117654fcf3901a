#include "app/lab/entra/Scopes.h"

#include <algorithm>

#include "app/lab/entra/Applications.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr std::string_view graphId = "00000003-0000-0000-c000-000000000000",
                           exchangeId = "00000002-0000-0ff1-ce00-000000000000";

std::optional<Resource> resourceNamed(const std::string& name, const std::string& graphUrl)
{
    if (name == "https://graph.microsoft.com" || name == graphId || name == graphUrl)
        return Resource::Graph;
    if (name == "https://outlook.office365.com" || name == "https://outlook.office.com" || name == exchangeId)
        return Resource::Exchange;
    return std::nullopt;
}

bool isKnown(Resource resource, const std::string& permission)
{
    if (permission == ".default")
        return true;
    if (resource == Resource::Exchange)
        return permission == "Exchange.Manage" || permission == "Exchange.ManageAsApp";
    const auto& all = Applications::permissions();
    return std::find(all.begin(), all.end(), permission) != all.end();
}

} // namespace

Granted<AskedScopes> askedScopes(const std::string& scope, const std::string& graphUrl)
{
    AskedScopes out;
    for (const std::string& part : split(scope, ' ')) {
        if (part.empty() || part == "profile" || part == "email")
            continue;
        if (part == "openid" || part == "offline_access") {
            (part == "openid" ? out.openId : out.offline) = true;
            continue;
        }
        const auto slash = part.rfind('/');
        const std::string name
            = slash == std::string::npos ? std::string("https://graph.microsoft.com") : part.substr(0, slash);
        const std::string permission = slash == std::string::npos ? part : part.substr(slash + 1);
        const auto resource = resourceNamed(name, graphUrl);
        if (!resource)
            return refusal(500011, name);
        if (!isKnown(*resource, permission))
            return refusal(70011, part);
        if (!out.audience.empty()
            && (out.resource != *resource || permission == ".default" || out.isDefault()))
            return refusal(70011, part); // one resource a token, and .default stands alone
        out.resource = *resource;
        out.audience = name;
        out.permissions.push_back(permission);
    }
    return out;
}

} // namespace postern::lab

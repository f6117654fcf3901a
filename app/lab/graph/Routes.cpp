// From the first segments of a path to who answers it, with the throttling of the service behind it.
#include "app/lab/graph/GraphService.h"

namespace postern::lab {

namespace {

constexpr int fewRows = 20; // below, a request is cheaper by one unit

bool isIntune(const std::vector<std::string>& segments)
{
    return segments.front() == "deviceManagement"
        || (segments.size() > 2 && segments[0] == "users" && segments[2] == "managedDevices");
}

// GET users 2, group members 3, transitiveMembers 5, others 1; $select -1, $expand +1, $top < 20 -1, at
// least 1.
int unitsOf(const GraphCall& call)
{
    int units = 1;
    const auto& segments = call.segments;
    if (segments[0] == "users" && segments.size() == 1)
        units = 2;
    if (segments.size() > 2 && segments[2] == "members")
        units = 3;
    if (segments.size() > 2 && segments[2] == "transitiveMembers")
        units = 5;
    units -= call.query.has("$select") ? 1 : 0;
    units += call.query.has("$expand") ? 1 : 0;
    units -= call.query.top && *call.query.top < fewRows ? 1 : 0;
    return std::max(units, 1);
}

} // namespace

std::optional<GraphAnswer> GraphService::throttled(const GraphCall& call)
{
    if (!m_options.throttling.load())
        return std::nullopt;
    const bool intune = isIntune(call.segments);
    const auto wait = intune ? m_throttle.intune(call.claims.clientId, !call.isGet())
                             : m_throttle.directory(call.claims.clientId, unitsOf(call));
    if (!wait)
        return std::nullopt;
    m_counters.violation(intune ? "Graph: Intune limit" : "Graph: directory limit");
    GraphAnswer answer = graphError(429, "TooManyRequests", "Too many requests");
    answer.headers.emplace_back("Retry-After", std::to_string(*wait));
    return answer;
}

GraphAnswer GraphService::dispatched(GraphCall& call)
{
    if (call.segments.empty())
        return noSuchSegment("");
    if (call.segments.front() == "$batch")
        return call.method == "POST" && call.segments.size() == 1 ? batch(call) : methodNotAllowed();
    if (const auto wait = throttled(call))
        return *wait;
    if (call.segments.front() == "deviceManagement")
        return deviceManagement(call);
    GraphAnswer answer = directoryRoute(call);
    answer.headers.emplace_back("x-ms-resource-unit", std::to_string(unitsOf(call)));
    return answer;
}

GraphAnswer GraphService::directoryRoute(GraphCall& call)
{
    const std::string& first = call.segments.front();
    if (first == "users")
        return users(call);
    if (first == "me")
        return me(call);
    if (first == "groups")
        return groups(call);
    if (first == "devices")
        return devices(call);
    if (first == "organization")
        return organization(call);
    if (first == "subscribedSkus")
        return subscribedSkus(call);
    if (first == "directoryObjects" && call.segments.size() == 2 && call.segments[1] == "getByIds")
        return getByIds(call);
    return noSuchSegment(first);
}

GraphAnswer GraphService::me(GraphCall& call)
{
    if (!call.claims.delegated)
        return badRequest("/me request is only valid with delegated authentication flow.");
    call.segments.erase(call.segments.begin());
    call.segments.insert(call.segments.begin(), {"users", call.claims.oid});
    return users(call);
}

} // namespace postern::lab

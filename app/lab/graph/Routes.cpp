// From the first segments of a path to who answers it, with the throttling of the service behind it.
#include "app/lab/graph/GraphService.h"

namespace postern::lab {

namespace {

GraphAnswer throttled(int seconds)
{
    GraphAnswer answer = graphError(429, "TooManyRequests", "Too many requests");
    answer.headers.emplace_back("Retry-After", std::to_string(seconds));
    return answer;
}

} // namespace

GraphAnswer GraphService::dispatched(GraphCall& call)
{
    if (call.segments.empty())
        return noSuchSegment("");
    const std::string& first = call.segments.front();
    if (first == "deviceManagement") {
        if (const auto wait = m_options.throttling.load()
                ? m_throttle.intune(call.claims.clientId, !call.isGet())
                : std::nullopt) {
            m_counters.violation("Graph: Intune limit");
            return throttled(*wait);
        }
        return deviceManagement(call);
    }
    return noSuchSegment(first);
}

GraphAnswer GraphService::deviceManagement(GraphCall& call)
{
    if (call.segments.size() >= 2 && call.segments[1] == "managedDevices")
        return managedDevices(call, 2);
    return noSuchSegment(call.segments.size() > 1 ? call.segments[1] : "deviceManagement");
}

} // namespace postern::lab

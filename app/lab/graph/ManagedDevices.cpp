// Intune's managed devices: lists and single ones (graph-reference 3).
#include "app/lab/graph/GraphService.h"

namespace postern::lab {

namespace {

constexpr int maximumPage = 1000;
constexpr std::initializer_list<const char*> mayRead{
    "DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.ReadWrite.All"};

// Real pages are not always full: every third one lacks some rows, which come on the next.
int pageFor(const GraphOptions& options, const Query& query, std::uint64_t position)
{
    const int wanted = std::min(query.top.value_or(maximumPage), maximumPage);
    if (const int forced = options.pageSize.load(); forced > 0)
        return std::min(wanted, forced);
    return wanted == maximumPage && position / maximumPage % 3 == 1 ? 948 : wanted;
}

struct ListFaults
{
    View view = View::Listed;
    bool duplicate = false, missing = false;
    std::uint32_t end = 0; // records from here on are not listed
};

ListFaults listFaults(FaultPlan& faults, Counters& counters, const std::string& path, std::uint32_t count)
{
    ListFaults out;
    out.end = count;
    if (!faults.any())
        return out;
    const auto fires = [&](const char* kind) {
        const bool fired = faults.forRequest({kind}, path).has_value();
        if (fired)
            counters.fault(kind);
        return fired;
    };
    if (fires("emptyList"))
        out.end = 0;
    if (fires("halfList"))
        out.end = count / 2;
    if (fires("yesterdaysList"))
        out.view = View::Yesterday;
    out.duplicate = fires("duplicateRows");
    out.missing = fires("missingRows");
    return out;
}

} // namespace

GraphAnswer GraphService::listDevices(GraphCall& call)
{
    const auto selection = selectionOf(call.query, types::managedDevice);
    if (!selection)
        return selection.error();
    std::uint64_t position = std::uint64_t(call.query.skip.value_or(0));
    if (call.query.has("$skiptoken")) {
        const auto at = positionOf(call.query.value("$skiptoken"), "devices");
        if (!at)
            return badRequest("Skip token is not valid.");
        position = *at;
    }
    const ListFaults faults = listFaults(m_faults, m_counters, "/v1.0" + call.path, m_tenant.recordCount());
    const int page = pageFor(m_options, call.query, position);
    std::string rows;
    rows.reserve(size_t(page) * (selection->size() < 40 ? 40U * selection->size() : 2000U));
    int count = 0;
    std::uint64_t at = faults.duplicate && position >= 5 ? position - 5 : position;
    for (; at < faults.end && count < page; ++at) {
        const auto text = m_tenant.deviceText(std::uint32_t(at), faults.view);
        if (!text || (faults.missing && at % 50 == 7))
            continue;
        if (count > 0)
            rows += ',';
        text->appendTo(rows, *selection);
        ++count;
    }
    std::string body = "{\"@odata.context\":" + jsonString(call.context("deviceManagement/managedDevices"))
        + ",\"@odata.count\":" + std::to_string(count);
    if (at < faults.end && page > 0)
        body += ",\"@odata.nextLink\":"
            + jsonString(linkWith(call.url(), call.query, "$skiptoken", skipToken(at, "devices")));
    return graphJson(body + ",\"value\":[" + rows + "]}");
}

GraphAnswer GraphService::managedDevices(GraphCall& call, size_t at)
{
    if (call.segments.size() == at) {
        if (!call.isGet())
            return methodNotAllowed();
        if (const auto refusal = lacksIntune(call, mayRead))
            return *refusal;
        return listDevices(call);
    }
    const auto id = Guid::parse(call.segments[at]);
    const auto number = id ? m_tenant.recordById(*id) : std::nullopt;
    if (const auto refusal = lacksIntune(call, mayRead))
        return *refusal;
    const auto text = number ? m_tenant.deviceText(*number, View::Now) : nullptr;
    if (!text)
        return noSuchIntuneEntity("managedDevices('" + call.segments[at] + "')");
    if (call.segments.size() > at + 1)
        return noSuchSegment(call.segments[at + 1]);
    const auto selection = selectionOf(call.query, types::managedDevice);
    if (!selection)
        return selection.error();
    std::string out;
    text->appendTo(out, *selection);
    out.replace(0, 1,
        "{\"@odata.context\":" + jsonString(call.context("deviceManagement/managedDevices/$entity")) + ",");
    return graphJson(std::move(out));
}

} // namespace postern::lab

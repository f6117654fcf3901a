// Intune's managed devices: lists, single ones, what hangs on them (graph-reference 3).
#include "app/lab/graph/GraphService.h"
#include "app/lab/population/Dice.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr int maximumPage = 1000, shortPage = 948;
constexpr std::initializer_list<const char*> mayRead{
    "DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.ReadWrite.All"};

// Real pages are not always full: some lack rows, which come on the next.
int pageFor(const GraphOptions& options, const Query& query, std::uint64_t position)
{
    const int wanted = std::min(query.top.value_or(maximumPage), maximumPage);
    if (const int forced = options.pageSize.load(); forced > 0)
        return std::min(wanted, forced);
    return wanted == maximumPage && position / maximumPage % 3 == 1 ? shortPage : wanted;
}

struct ListFaults
{
    View view = View::Listed;
    bool duplicate = false, missing = false;
    std::uint64_t end = 0; // what comes from here on is not listed
};

ListFaults listFaults(FaultPlan& faults, Counters& counters, const std::string& path, std::uint64_t count)
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

Answered<Filter> intuneFilter(const Query& query)
{
    if (!query.has("$filter"))
        return Filter();
    const auto parsed = parsedFilter(query.value("$filter"), types::managedDevice);
    if (!parsed)
        return tl::unexpected(parsed.error());
    return Filter(asIntuneReads(*parsed));
}

// These have values only where a single device is asked for them by name.
std::string withDetails(const EntityText& text, const Selection& selection, const Query& query,
    const Hardware& hardware, const ManagedRecord& record)
{
    std::string out;
    text.appendTo(out, selection);
    if (!query.has("$select"))
        return out;
    const auto replace = [&out](const std::string& name, const std::string& from, const std::string& to) {
        const std::string old = "\"" + name + "\":" + from;
        if (const auto at = out.find(old); at != std::string::npos)
            out.replace(at, old.size(), "\"" + name + "\":" + to);
    };
    replace("udid", "\"\"", jsonString(hardware.udid));
    replace("iccid", "\"\"", jsonString(hardware.iccid));
    replace("ethernetMacAddress", "null", jsonString(hardware.ethernetMac));
    replace("notes", "null", record.notes.empty() ? "null" : jsonString(record.notes));
    replace("physicalMemoryInBytes", "0", hardware.os == "Android" ? "8589934592" : "6442450944");
    if (record.state.supervised)
        replace("activationLockBypassCode", "null", jsonString(upperHex(record.id.lower().substr(0, 8))));
    return out;
}

} // namespace

GraphAnswer GraphService::listManaged(GraphCall& call, std::optional<std::uint32_t> user)
{
    const auto selection = selectionOf(call.query, types::managedDevice);
    if (!selection)
        return selection.error();
    const auto filter = intuneFilter(call.query);
    if (!filter)
        return filter.error();
    std::uint64_t position = std::uint64_t(call.query.skip.value_or(0));
    if (call.query.has("$skiptoken")) {
        const auto at = positionOf(call.query.value("$skiptoken"), "managed");
        if (!at)
            return badRequest("Skip token is not valid.");
        position = *at;
    }
    std::vector<std::uint32_t> own;
    if (user)
        own = m_tenant.recordsOfUser(*user);
    const std::uint64_t count = user ? own.size() : m_tenant.recordCount();
    const ListFaults faults = listFaults(m_faults, m_counters, "/v1.0" + call.path, count);
    const int page = pageFor(m_options, call.query, position);
    std::string rows;
    rows.reserve(size_t(std::min<std::uint64_t>(std::uint64_t(page), count))
        * (selection->size() < 40 ? 40U * selection->size() : 2000U));
    int listed = 0;
    std::uint64_t at = faults.duplicate && position >= 5 ? position - 5 : position;
    for (; at < faults.end && listed < page; ++at) {
        const auto text = m_tenant.deviceText(user ? own[size_t(at)] : std::uint32_t(at), faults.view);
        if (!text || (faults.missing && at % 50 == 7) || !filter->matches(*text))
            continue;
        if (listed++ > 0)
            rows += ',';
        text->appendTo(rows, *selection);
    }
    // The count is that of the page, although its name promises more.
    JsonOut out;
    out.text("@odata.context", call.context("deviceManagement/managedDevices"))
        .number("@odata.count", listed);
    if (at < faults.end && page > 0)
        out.text("@odata.nextLink", linkWith(call.url(), call.query, "$skiptoken", skipToken(at, "managed")));
    return graphJson(out.raw("value", "[" + rows + "]").finish());
}

GraphAnswer GraphService::managedDevices(GraphCall& call, size_t at, std::optional<std::uint32_t> user)
{
    m_tenant.advanceActions();
    if (call.segments.size() == at) {
        if (!call.isGet())
            return methodNotAllowed();
        if (const auto refusal = lacksIntune(call, mayRead))
            return *refusal;
        return listManaged(call, user);
    }
    const auto id = Guid::parse(call.segments[at]);
    const auto record = id ? m_tenant.recordById(*id) : std::nullopt;
    const bool theirs = record && (!user || m_tenant.record(*record).state.user == *user);
    // Who may do nothing here does not learn what exists.
    if (call.isGet()) {
        if (const auto refusal = lacksIntune(call, mayRead))
            return *refusal;
    }
    if (!theirs || m_tenant.record(*record).removed)
        return noSuchIntuneEntity("managedDevices('" + call.segments[at] + "')");
    return managedDevice(call, *record, at);
}

GraphAnswer GraphService::managedDevice(GraphCall& call, std::uint32_t number, size_t at)
{
    if (call.segments.size() > at + 2)
        return noSuchSegment(call.segments[at + 2]);
    if (call.segments.size() > at + 1)
        return call.method == "POST" ? act(call, number, call.segments[at + 1])
                                     : managedDevicePart(call, number, at + 1);
    if (call.method == "PATCH" || call.method == "DELETE")
        return changeManaged(call, number);
    if (!call.isGet())
        return methodNotAllowed();
    const auto selection = selectionOf(call.query, types::managedDevice);
    if (!selection)
        return selection.error();
    const auto text = m_tenant.deviceText(number, View::Now);
    if (!text)
        return noSuchIntuneEntity("managedDevices('" + call.segments[at] + "')");
    const ManagedRecord record = m_tenant.record(number);
    const std::string object = withDetails(*text, *selection, call.query, m_tenant.hardware(record), record);
    return graphJson(
        "{\"@odata.context\":" + jsonString(call.context("deviceManagement/managedDevices/$entity"))
        + (object == "{}" ? "" : ",") + object.substr(1));
}

GraphAnswer GraphService::managedDevicePart(GraphCall& call, std::uint32_t number, size_t at) const
{
    if (!call.isGet())
        return methodNotAllowed();
    const ManagedRecord record = m_tenant.record(number);
    const std::string& part = call.segments[at];
    if (part == "deviceCompliancePolicyStates")
        return policyStates(call, record);
    if (part == "deviceCategory")
        return graphJson(
            JsonOut()
                .text("@odata.context", call.context("deviceManagement/deviceCategories/$entity"))
                .text("id", Guid().lower())
                .text("description", "")
                .text("displayName", "Unknown")
                .finish());
    if (part == "users") {
        std::string rows;
        if (record.state.user != nobody) {
            if (const auto user = m_directory.userText(record.state.user))
                user->appendTo(rows, unaskedOf(types::user));
        }
        return graphJson(
            JsonOut().text("@odata.context", call.context("users")).raw("value", "[" + rows + "]").finish());
    }
    return noSuchSegment(part);
}

GraphAnswer GraphService::policyStates(const GraphCall& call, const ManagedRecord& record) const
{
    const std::string_view state = record.state.compliance;
    const std::string_view said = state == "noncompliant" || state == "inGracePeriod" ? "nonCompliant"
        : state == "configManager"                                                    ? "compliant"
                                                                                      : state;
    const bool bad = said == "nonCompliant";
    const std::string setting
        = JsonOut()
              .text("setting", "DefaultDeviceCompliancePolicy.RequireDeviceCompliancePolicyAssigned")
              .null("settingName")
              .null("instanceDisplayName")
              .text("state", bad ? "nonCompliant" : "compliant")
              .number("errorCode", 0)
              .null("errorDescription")
              .null("userId")
              .null("userName")
              .null("userEmail")
              .null("userPrincipalName")
              .raw("sources", "[]")
              .null("currentValue")
              .finish();
    const bool apple = m_tenant.hardware(record).os == "iOS";
    const std::string row = JsonOut()
                                .text("id", record.id.lower() + "_policy")
                                .text("displayName", "Phones must be healthy")
                                .text("platformType", apple ? "iOS" : "android")
                                .number("settingCount", 1)
                                .raw("settingStates", said == "unknown" ? "[]" : "[" + setting + "]")
                                .text("state", said)
                                .number("version", 3)
                                .finish();
    return graphJson(JsonOut()
                         .text("@odata.context",
                             call.context("deviceManagement/managedDevices/deviceCompliancePolicyStates"))
                         .number("@odata.count", 1)
                         .raw("value", "[" + row + "]")
                         .finish());
}

} // namespace postern::lab

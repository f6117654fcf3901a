// /deviceManagement itself: the subscription, the totals, and the way to devices and reports.
#include "app/lab/graph/GraphService.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

GraphAnswer GraphService::deviceManagement(GraphCall& call)
{
    if (call.segments.size() == 1)
        return intuneRoot(call);
    const std::string& second = call.segments[1];
    if (second == "managedDevices")
        return managedDevices(call, 2, std::nullopt);
    if (second == "managedDeviceOverview")
        return overview(call);
    if (second == "reports")
        return reports(call);
    return noSuchSegment(second);
}

GraphAnswer GraphService::intuneRoot(const GraphCall& call) const
{
    if (!call.isGet())
        return methodNotAllowed();
    if (const auto refusal = lacksIntune(call,
            {"DeviceManagementServiceConfig.Read.All", "DeviceManagementServiceConfig.ReadWrite.All",
                "DeviceManagementConfiguration.Read.All", "DeviceManagementConfiguration.ReadWrite.All"}))
        return *refusal;
    const std::vector<std::pair<std::string, std::string>> properties{
        {"id", jsonString(m_tenant.id().lower())}, {"intuneAccountId", jsonString(m_tenant.id().lower())},
        {"subscriptionState", "\"active\""},
        {"settings",
            JsonOut()
                .number("deviceComplianceCheckinThresholdDays", 30)
                .flag("isScheduledActionEnabled", true)
                .flag("secureByDefault", false)
                .finish()}};
    JsonOut out;
    out.text("@odata.context", call.context("deviceManagement"));
    const std::vector<std::string> wanted
        = call.query.has("$select") ? split(call.query.value("$select"), ',') : std::vector<std::string>{};
    for (const std::string& name : wanted) {
        const bool known = std::any_of(properties.begin(), properties.end(),
            [&](const auto& property) { return property.first == trimmed(name); });
        if (!known)
            return badRequest("Parsing OData Select and Expand failed: Could not find a property named '"
                + trimmed(name) + "' on type 'microsoft.graph.deviceManagement'.");
    }
    for (const auto& [name, value] : properties) {
        const bool asked = wanted.empty()
            || std::any_of(
                wanted.begin(), wanted.end(), [&](const std::string& w) { return trimmed(w) == name; });
        if (asked)
            out.raw(name, value);
    }
    return graphJson(out.finish());
}

GraphAnswer GraphService::overview(const GraphCall& call) const
{
    if (!call.isGet())
        return methodNotAllowed();
    if (const auto refusal = lacksIntune(call,
            {"DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.ReadWrite.All"}))
        return *refusal;
    std::map<std::string, std::int64_t> systems;
    std::map<std::string_view, std::int64_t> agents;
    std::int64_t enrolled = 0;
    for (std::uint32_t number = 0; number < m_tenant.recordCount(); ++number) {
        const ManagedRecord record = m_tenant.record(number);
        if (record.removed)
            continue;
        ++enrolled;
        ++agents[record.state.agent];
        ++systems[m_tenant.hardware(record).os];
    }
    JsonOut summary;
    for (const auto& [name, os] : {std::pair{"androidCount", "Android"}, {"iosCount", "iOS"},
             {"macOSCount", "macOS"}, {"windowsCount", "Windows"}, {"windowsMobileCount", "Windows Phone"}})
        summary.number(name, systems[os]);
    summary.number("unknownCount", 0).number("configMgrDeviceCount", agents["configurationManagerClientMdm"]);
    return graphJson(JsonOut()
                         .text("@odata.context", call.context("deviceManagement/managedDeviceOverview"))
                         .text("id", m_tenant.id().lower())
                         .number("enrolledDeviceCount", enrolled)
                         .number("mdmEnrolledCount", enrolled)
                         .number("dualEnrolledDeviceCount", agents["easMdm"])
                         .raw("deviceOperatingSystemSummary", summary.finish())
                         .raw("deviceExchangeAccessStateSummary",
                             JsonOut()
                                 .number("allowedDeviceCount", 0)
                                 .number("blockedDeviceCount", 0)
                                 .number("quarantinedDeviceCount", 0)
                                 .number("unknownDeviceCount", 0)
                                 .number("unavailableDeviceCount", enrolled)
                                 .finish())
                         .finish());
}

} // namespace postern::lab

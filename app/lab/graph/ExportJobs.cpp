#include "app/lab/graph/ExportJobs.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <chrono>

#include "app/lab/entra/Signing.h"
#include "app/lab/graph/Zip.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr std::int64_t lifeMs = 6LL * 3600000;

struct Column
{
    std::string_view name, property;
    bool coded = false; // an enum, written as its number
};

constexpr auto columns = std::to_array<Column>({{"DeviceId", "id"}, {"DeviceName", "deviceName"},
    {"DeviceType", "operatingSystem", true}, {"OwnerType", "managedDeviceOwnerType", true},
    {"CreatedDate", "enrolledDateTime"}, {"LastContact", "lastSyncDateTime"},
    {"ManagementAgents", "managementAgent", true}, {"ManagementState", "managementState", true},
    {"OSVersion", "osVersion"}, {"OS", "operatingSystem"}, {"EasID", "easDeviceId"},
    {"EasActivationStatus", "easActivated"}, {"EasLastSyncSuccessUtc", "exchangeLastSuccessfulSyncDateTime"},
    {"EasStateReason", "exchangeAccessStateReason"}, {"EasAccessState", "exchangeAccessState"},
    {"SerialNumber", "serialNumber"}, {"Manufacturer", "manufacturer"}, {"Model", "model"}, {"IMEI", "imei"},
    {"InGracePeriodUntil", "complianceGracePeriodExpirationDateTime"}, {"JailBroken", "jailBroken"},
    {"UserId", "userId"}, {"UserName", "userDisplayName"}, {"UPN", "userPrincipalName"},
    {"UserEmail", "emailAddress"}, {"CompliantState", "complianceState", true},
    {"DeviceRegistrationState", "deviceRegistrationState", true}, {"ReferenceId", "azureADDeviceId"},
    {"PhoneNumber", "phoneNumber"}, {"SubscriberCarrier", "subscriberCarrier"}, {"WifiMac", "wiFiMacAddress"},
    {"IsEncrypted", "isEncrypted"}, {"IsSupervised", "isSupervised"},
    {"CategoryName", "deviceCategoryDisplayName"},
    {"PartnerReportedThreatState", "partnerReportedThreatState"}, {"MEID", "meid"}});

constexpr auto complianceColumns = std::to_array<Column>({{"IntuneDeviceId", "id"},
    {"AadDeviceId", "azureADDeviceId"}, {"DeviceName", "deviceName"}, {"OS", "operatingSystem"},
    {"OSVersion", "osVersion"}, {"OwnerType", "managedDeviceOwnerType", true},
    {"LastContact", "lastSyncDateTime"}, {"InGracePeriodUntil", "complianceGracePeriodExpirationDateTime"},
    {"ManagementAgents", "managementAgent", true}, {"UserId", "userId"}, {"UserName", "userDisplayName"},
    {"UPN", "userPrincipalName"}, {"UserEmail", "emailAddress"}, {"IMEI", "imei"},
    {"SerialNumber", "serialNumber"}, {"ComplianceState", "complianceState", true}});

// The values of the enums in the published CSDL; device types are those of the beta schema.
const std::map<std::string_view, int>& codes()
{
    static const std::map<std::string_view, int> all{{"unknown", 0}, {"company", 1}, {"personal", 2},
        {"compliant", 1}, {"noncompliant", 2}, {"conflict", 3}, {"error", 4}, {"inGracePeriod", 254},
        {"configManager", 255}, {"managed", 0}, {"retirePending", 1}, {"retireFailed", 2}, {"wipePending", 3},
        {"wipeFailed", 4}, {"unhealthy", 5}, {"deletePending", 6}, {"retireIssued", 7}, {"wipeIssued", 8},
        {"wipeCanceled", 9}, {"retireCanceled", 10}, {"discovered", 11}, {"eas", 1}, {"mdm", 2},
        {"easMdm", 3}, {"configurationManagerClientMdm", 10}, {"notRegistered", 0}, {"registered", 2},
        {"revoked", 3}, {"keyConflict", 4}, {"approvalPending", 5}, {"certificateReset", 6},
        {"notRegisteredPendingEnrollment", 7}, {"Windows", 0}, {"Windows Phone", 4}, {"macOS", 5}, {"iOS", 8},
        {"Android", 11}};
    return all;
}

std::span<const Column> columnsOf(std::string_view report)
{
    if (report == "Devices" || report == "DevicesWithInventory")
        return columns;
    if (report == "DeviceCompliance" || report == "DeviceNonCompliance")
        return complianceColumns;
    return {};
}

std::vector<Column> chosenColumns(const ExportJob& job)
{
    const auto all = columnsOf(job.report);
    if (job.select.empty())
        return {all.begin(), all.end()};
    std::vector<Column> out;
    for (const std::string& name : job.select)
        out.push_back(*std::find_if(all.begin(), all.end(), [&](const Column& c) { return c.name == name; }));
    return out;
}

std::string bareValue(std::string_view json)
{
    if (json == "null")
        return {};
    if (json.empty() || json.front() != '"')
        return json == "true" ? "True" : json == "false" ? "False" : std::string(json);
    std::string out;
    for (size_t i = 1; i + 1 < json.size(); ++i) {
        if (json[i] == '\\')
            ++i;
        out += json[i];
    }
    return out;
}

// registrationState's "unknown" is 8, everybody else's is 0.
std::string codedValue(const Column& column, const std::string& value)
{
    if (column.property == "deviceRegistrationState" && value == "unknown")
        return "8";
    const auto at = codes().find(value);
    return at == codes().end() ? value : std::to_string(at->second);
}

std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string out = "\"";
    for (const char c : text)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::int64_t steadyMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

struct Comparison
{
    Column column;
    std::string operation, value;
};

// "(CompliantState eq '2')": one comparison, which is what the lab serves.
std::optional<Comparison> comparisonOf(const ExportJob& job)
{
    static const QRegularExpression form(uR"(^\(?\s*(\w+)\s+(eq|ne|gt|ge|lt|le)\s+'?([^']*?)'?\s*\)?$)"_s);
    const auto match = form.match(QString::fromStdString(job.filter));
    if (!match.hasMatch())
        return std::nullopt;
    const std::string name = match.captured(1).toStdString();
    for (const Column& column : columnsOf(job.report)) {
        if (column.name == name)
            return Comparison{column, match.captured(2).toStdString(), match.captured(3).toStdString()};
    }
    return std::nullopt;
}

bool holds(const std::optional<Comparison>& comparison, const EntityText& entity)
{
    if (!comparison)
        return true;
    const auto index = types::managedDevice.indexOf(comparison->column.property);
    std::string value = bareValue(entity.value(*index));
    if (comparison->column.coded)
        value = codedValue(comparison->column, value);
    const int order = value.compare(comparison->value);
    const std::string& op = comparison->operation;
    return op == "eq" ? order == 0
        : op == "ne"  ? order != 0
        : op == "gt"  ? order > 0
        : op == "ge"  ? order >= 0
        : op == "lt"  ? order < 0
                      : order <= 0;
}

} // namespace

Expected<ExportJob> ExportJobs::create(ExportJob job)
{
    const auto all = columnsOf(job.report);
    if (all.empty())
        return fail(
            ErrorCode::InvalidInput, u"Report %1 was not found."_s.arg(QString::fromStdString(job.report)));
    for (const std::string& name : job.select) {
        if (std::none_of(all.begin(), all.end(), [&](const Column& c) { return c.name == name; }))
            return fail(ErrorCode::InvalidInput,
                u"Column %1 was not found in the report."_s.arg(QString::fromStdString(name)));
    }
    if (!job.filter.empty() && !comparisonOf(job))
        return fail(
            ErrorCode::InvalidInput, u"Filter %1 is not valid."_s.arg(QString::fromStdString(job.filter)));
    job.id = job.report + "_" + Guid::random().lower();
    job.signature = base64Url(sha256(Guid::random().lower()));
    job.createdMs = steadyMs();
    job.requestedMs = m_tenant.estate().nowMs();
    const std::scoped_lock lock(m_mutex);
    m_jobs.emplace(job.id, job);
    return job;
}

std::optional<ExportJob> ExportJobs::find(const std::string& id) const
{
    const std::scoped_lock lock(m_mutex);
    const auto at = m_jobs.find(id);
    return at == m_jobs.end() ? std::nullopt : std::optional(at->second);
}

std::vector<ExportJob> ExportJobs::all() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<ExportJob> out;
    for (const auto& [id, job] : m_jobs)
        out.push_back(job);
    return out;
}

std::string_view ExportJobs::statusOf(const ExportJob& job) const
{
    const std::int64_t age = steadyMs() - job.createdMs, duration = m_durationMs.load();
    return age < duration / 3 ? "notStarted" : age < duration ? "inProgress" : "completed";
}

EntityText ExportJobs::text(const ExportJob& job) const
{
    const std::string_view status = statusOf(job);
    const bool done = status == "completed";
    EntityWriter w(types::exportJob);
    w.text("id", job.id)
        .time("expirationDateTime", done ? job.requestedMs + lifeMs : 0)
        .raw("filter", job.hasFilter ? jsonString(job.filter) : "null")
        .text("format", job.format)
        .text("localizationType", job.localization)
        .text("reportName", job.report)
        .time("requestDateTime", job.requestedMs)
        .strings("select", job.select)
        .text("status", status)
        .raw("url",
            done ? jsonString(
                m_base + "/lab-exports/" + job.id + ".zip?sv=2023-11-03&sr=b&sp=r&sig=" + job.signature)
                 : "null");
    return w.finish();
}

std::string ExportJobs::contents(const ExportJob& job) const
{
    const std::vector<Column> chosen = chosenColumns(job);
    const bool legacy = job.report.starts_with("DevicesWith") || job.report == "Devices";
    const bool extra = !legacy && job.localization == "localizedValuesAsAdditionalColumn";
    const auto comparison = comparisonOf(job);
    const bool json = job.format == "json";
    std::string out = json ? "{\"values\":[" : "";
    for (size_t i = 0; i < chosen.size() && !json; ++i) {
        out.append(i == 0 ? "" : ",").append(chosen[i].name);
        if (extra && chosen[i].coded)
            out.append(",").append(chosen[i].name).append("_loc");
    }
    out += json ? "" : "\r\n";
    bool first = true;
    for (std::uint32_t number = 0; number < m_tenant.recordCount(); ++number) {
        const auto device = m_tenant.deviceText(number, View::Listed);
        if (!device || !holds(comparison, *device))
            continue;
        JsonOut object;
        std::string line;
        for (const Column& column : chosen) {
            const std::string value
                = bareValue(device->value(*types::managedDevice.indexOf(column.property)));
            const std::string written = column.coded ? codedValue(column, value) : value;
            object.text(column.name, written);
            line.append(line.empty() && &column == &chosen.front() ? "" : ",").append(csvField(written));
            if (extra && column.coded) {
                object.text(std::string(column.name) + "_loc", value);
                line.append(",").append(csvField(value));
            }
        }
        out += json ? (first ? "" : ",") + object.finish() : line + "\r\n";
        first = false;
    }
    return json ? out + "]}" : out;
}

std::optional<std::string> ExportJobs::archive(const std::string& id, const std::string& signature) const
{
    const auto job = find(id);
    if (!job || !constantTimeEquals(job->signature, signature) || statusOf(*job) != "completed")
        return std::nullopt;
    return zipOf(job->id + "." + job->format, contents(*job));
}

} // namespace postern::lab

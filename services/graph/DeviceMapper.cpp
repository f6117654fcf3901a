#include "services/graph/DeviceMapper.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

namespace {

// One property: its name, and what to do with `value` for `d` by `row`.
#define POSTERN_FIELD(NAME, EXPRESSION)                                                                      \
    {                                                                                                        \
        NAME, [](ManagedDevice& d, JsonElement value, JsonRow& row) { EXPRESSION; }                          \
    }

std::vector<DeviceActionResult> actionResults(JsonElement value, JsonRow& row)
{
    static const FieldTable<DeviceActionResult> table{
        {"actionName", [](DeviceActionResult& a, JsonElement v, JsonRow& r) { a.name = r.shared(v); }},
        {"actionState",
            [](DeviceActionResult& a, JsonElement v, JsonRow& r) { a.state = r.word<DeviceActionState>(v); }},
        {"startDateTime", [](DeviceActionResult& a, JsonElement v, JsonRow& r) { a.started = r.time(v); }},
        {"lastUpdatedDateTime",
            [](DeviceActionResult& a, JsonElement v, JsonRow& r) { a.lastUpdated = r.time(v); }},
    };
    std::vector<DeviceActionResult> results;
    simdjson::dom::array list;
    if (value.get(list) != simdjson::SUCCESS)
        return results;
    FieldReader<DeviceActionResult> reader(table);
    for (const JsonElement item : list) {
        simdjson::dom::object object;
        if (item.get(object) != simdjson::SUCCESS)
            continue;
        reader.read(results.emplace_back(), object, row);
    }
    return results;
}

constexpr FieldTable<ManagedDevice>::Field deviceFields[] = {
    POSTERN_FIELD("id", d.id = row.text(value)),
    POSTERN_FIELD("deviceName", d.deviceName = row.text(value)),
    POSTERN_FIELD("managedDeviceName", d.managedDeviceName = row.text(value)),
    POSTERN_FIELD("serialNumber", d.serialNumber = row.text(value)),
    POSTERN_FIELD("imei", d.imei = row.text(value)),
    POSTERN_FIELD("meid", d.meid = row.text(value)),
    POSTERN_FIELD("udid", d.udid = row.text(value)),
    POSTERN_FIELD("phoneNumber", d.phoneNumber = row.text(value)),
    POSTERN_FIELD("wiFiMacAddress", d.wiFiMacAddress = row.text(value)),
    POSTERN_FIELD("userId", d.userId = row.text(value)),
    POSTERN_FIELD("userPrincipalName", d.userPrincipalName = row.text(value)),
    POSTERN_FIELD("userDisplayName", d.userDisplayName = row.text(value)),
    POSTERN_FIELD("emailAddress", d.emailAddress = row.text(value)),
    POSTERN_FIELD("azureADDeviceId", d.azureADDeviceId = row.text(value)),
    POSTERN_FIELD("operatingSystem", d.operatingSystem = row.shared(value)),
    POSTERN_FIELD("osVersion", d.osVersion = row.shared(value)),
    POSTERN_FIELD("model", d.model = row.shared(value)),
    POSTERN_FIELD("manufacturer", d.manufacturer = row.shared(value)),
    POSTERN_FIELD("subscriberCarrier", d.subscriberCarrier = row.shared(value)),
    POSTERN_FIELD("androidSecurityPatchLevel", d.androidSecurityPatchLevel = row.shared(value)),
    POSTERN_FIELD("deviceCategoryDisplayName", d.deviceCategoryDisplayName = row.shared(value)),
    POSTERN_FIELD("jailBroken", d.jailBroken = row.shared(value)),
    POSTERN_FIELD("azureADRegistered", d.azureADRegistered = row.maybeFlag(value)),
    POSTERN_FIELD("easDeviceId", d.easDeviceId = EasDeviceId(row.text(value))),
    POSTERN_FIELD("easActivated", d.easActivated = row.flag(value)),
    POSTERN_FIELD("isEncrypted", d.isEncrypted = row.flag(value)),
    POSTERN_FIELD("isSupervised", d.isSupervised = row.flag(value)),
    POSTERN_FIELD("easActivationDateTime", d.easActivationDateTime = row.time(value)),
    POSTERN_FIELD("enrolledDateTime", d.enrolledDateTime = row.time(value)),
    POSTERN_FIELD("lastSyncDateTime", d.lastSyncDateTime = row.time(value)),
    POSTERN_FIELD(
        "exchangeLastSuccessfulSyncDateTime", d.exchangeLastSuccessfulSyncDateTime = row.time(value)),
    POSTERN_FIELD("complianceGracePeriodExpirationDateTime",
        d.complianceGracePeriodExpirationDateTime = row.time(value)),
    POSTERN_FIELD(
        "managementCertificateExpirationDate", d.managementCertificateExpirationDate = row.time(value)),
    POSTERN_FIELD("managedDeviceOwnerType", d.managedDeviceOwnerType = row.word<DeviceOwnerType>(value)),
    POSTERN_FIELD("complianceState", d.complianceState = row.word<ComplianceState>(value)),
    POSTERN_FIELD("managementState", d.managementState = row.word<ManagementState>(value)),
    POSTERN_FIELD("managementAgent", d.managementAgent = row.word<ManagementAgent>(value)),
    POSTERN_FIELD(
        "deviceRegistrationState", d.deviceRegistrationState = row.word<DeviceRegistrationState>(value)),
    POSTERN_FIELD("deviceEnrollmentType", d.deviceEnrollmentType = row.word<DeviceEnrollmentType>(value)),
    POSTERN_FIELD(
        "partnerReportedThreatState", d.partnerReportedThreatState = row.word<PartnerThreatState>(value)),
    POSTERN_FIELD("exchangeAccessState", d.exchangeAccessState = row.word<IntuneAccessState>(value)),
    POSTERN_FIELD(
        "exchangeAccessStateReason", d.exchangeAccessStateReason = row.word<AccessStateReason>(value)),
    POSTERN_FIELD("deviceActionResults", d.deviceActionResults = actionResults(value, row)),
};

const FieldTable<ManagedDevice>& fields()
{
    static const FieldTable<ManagedDevice> table{std::span(deviceFields)};
    return table;
}

#undef POSTERN_FIELD

} // namespace

const QString& managedDeviceSelect()
{
    static const QString text = QStringLiteral(
        "id,deviceName,managedDeviceName,serialNumber,imei,meid,udid,phoneNumber,"
        "wiFiMacAddress,userId,userPrincipalName,userDisplayName,emailAddress,azureADDeviceId,"
        "operatingSystem,osVersion,model,manufacturer,subscriberCarrier,"
        "androidSecurityPatchLevel,deviceCategoryDisplayName,jailBroken,azureADRegistered,"
        "easDeviceId,easActivated,isEncrypted,isSupervised,easActivationDateTime,"
        "enrolledDateTime,lastSyncDateTime,exchangeLastSuccessfulSyncDateTime,"
        "complianceGracePeriodExpirationDateTime,managementCertificateExpirationDate,"
        "managedDeviceOwnerType,complianceState,managementState,managementAgent,"
        "deviceRegistrationState,deviceEnrollmentType,partnerReportedThreatState,"
        "exchangeAccessState,exchangeAccessStateReason");
    return text;
}

MapBody<ManagedDevice> managedDeviceMapper()
{
    return [](const JsonBody& body, qint64 first, DeltaMarks* marks) {
        return mapList(fields(), body, first, marks, u"managed devices"_s);
    };
}

Expected<ManagedDevice> managedDeviceOf(const QByteArray& object, const QString& origin)
{
    return mapOne(fields(), object, origin);
}

} // namespace postern::graph

// A managed device in Graph's own form: unset dates as year 1, jailBroken as text, defaults for what only a
// single GET with $select answers.
#include "app/lab/graph/Tenant.h"
#include "app/lab/population/Dice.h"

namespace postern::lab {

namespace {

struct ExchangeSide
{
    std::string_view state = "none", reason = "none";
    std::int64_t lastSuccessMs = 0;
};

// Intune learned this from its own Exchange connector, which is no more: only what it once saw remains.
ExchangeSide exchangeSideOf(const Estate& estate, const ManagedRecord& record)
{
    if (record.phone == nobody || record.state.easDeviceId.empty())
        return {};
    const Phone phone = estate.phone(record.phone);
    const std::string_view state = phone.state.access == Access::Allowed ? "allowed"
        : phone.state.access == Access::Blocked                          ? "blocked"
        : phone.state.access == Access::Quarantined                      ? "quarantined"
                                                                         : "unknown";
    const std::string_view reason = phone.state.reason == Reason::Global ? "exchangeGlobalRule"
        : phone.state.reason == Reason::Individual                       ? "exchangeIndividualRule"
        : phone.state.reason == Reason::DeviceRule                       ? "exchangeDeviceRule"
        : phone.state.reason == Reason::Upgrade                          ? "exchangeUpgrade"
        : phone.state.reason == Reason::Policy                           ? "exchangeMailboxPolicy"
                                                                         : "unknown";
    return {state, reason, phone.state.lastSuccessMs};
}

std::string actionsOf(const ManagedRecord& record)
{
    std::string out = "[";
    for (const ManagedAction& action : record.actions) {
        if (out.size() > 1)
            out += ',';
        out += JsonOut()
                   .text("actionName", action.name)
                   .text("actionState", action.state)
                   .time("startDateTime", action.startedMs)
                   .time("lastUpdatedDateTime", action.updatedMs)
                   .finish();
    }
    return out += ']';
}

std::string coManagement(const Enrolment& state)
{
    if (state.agent != "configurationManagerClientMdm")
        return "null";
    return JsonOut()
        .flag("inventory", true)
        .flag("modernApps", false)
        .flag("resourceAccess", false)
        .flag("deviceConfiguration", false)
        .flag("compliancePolicy", true)
        .flag("windowsUpdateForBusiness", false)
        .finish();
}

struct Owner
{
    std::string id, upn, display, mail;
};

Owner ownerOf(const Population& people, std::uint32_t user)
{
    if (user == nobody)
        return {};
    const Person person = people.person(user);
    const CloudUser cloud = cloudUserOf(people, person);
    return {cloud.id.lower(), cloud.upn, person.display, cloud.mail};
}

void writeFirstHalf(EntityWriter& w, const ManagedRecord& r, const Hardware& h, const Owner& owner,
    const ExchangeSide& exchange)
{
    const Enrolment& e = r.state;
    const bool android = h.os == "Android";
    w.text("id", r.id.lower())
        .text("androidSecurityPatchLevel", android ? "2026-09-05" : "")
        .text("azureADDeviceId", e.inDirectory ? r.azureDeviceId.lower() : Guid().lower())
        .raw("azureADRegistered",
            !e.azureRegistered       ? "null"
                : *e.azureRegistered ? "true"
                                     : "false")
        .raw("complianceGracePeriodExpirationDateTime",
            e.graceMs == 0 ? "\"9999-12-31T23:59:59Z\"" : jsonString(graphTime(e.graceMs)))
        .text("complianceState", e.compliance)
        .raw("configurationManagerClientEnabledFeatures", coManagement(e))
        .raw("deviceActionResults", actionsOf(r))
        .text("deviceCategoryDisplayName", "Unknown")
        .text("deviceEnrollmentType", e.enrollmentType)
        .text("deviceName", h.name)
        .text("deviceRegistrationState", e.registration)
        .flag("easActivated", e.easActivated)
        .time("easActivationDateTime", e.easActivatedMs)
        .text("easDeviceId", e.easDeviceId)
        .text("emailAddress", owner.mail)
        .time("enrolledDateTime", e.enrolledMs)
        .text("enrollmentProfileName", "")
        .text("exchangeAccessState", exchange.state)
        .text("exchangeAccessStateReason", exchange.reason)
        .time("exchangeLastSuccessfulSyncDateTime", exchange.lastSuccessMs)
        .number("freeStorageSpaceInBytes", android ? 43486543872 : 51539607552)
        .text("iccid", "")
        .text("imei", h.imei)
        .flag("isEncrypted", e.encrypted)
        .flag("isSupervised", e.supervised)
        .text("jailBroken", e.jailBroken)
        .time("lastSyncDateTime", e.lastSyncMs);
}

void writeSecondHalf(EntityWriter& w, const ManagedRecord& r, const Hardware& h, const Owner& owner)
{
    const Enrolment& e = r.state;
    w.text("managedDeviceName", r.givenName.empty() ? h.name : r.givenName)
        .text("managedDeviceOwnerType", e.owner)
        .text("managementAgent", e.agent)
        .time("managementCertificateExpirationDate", e.enrolledMs + 365LL * 86400000)
        .text("managementState", e.managementState)
        .text("manufacturer", h.manufacturer)
        .text("meid", "")
        .text("model", h.model)
        .text("operatingSystem", h.os)
        .text("osVersion", h.osVersion)
        .text("partnerReportedThreatState", e.threat)
        .text("phoneNumber", h.phoneNumber)
        .number("physicalMemoryInBytes", 0)
        .text("remoteAssistanceSessionUrl", "")
        .text("serialNumber", h.serial)
        .text("subscriberCarrier", h.carrier)
        .number("totalStorageSpaceInBytes", 127999672320)
        .text("udid", "")
        .text("userDisplayName", owner.display)
        .text("userId", owner.id)
        .text("userPrincipalName", owner.upn)
        .text("wiFiMacAddress", h.wiFiMac);
}

} // namespace

Hardware Tenant::hardware(const ManagedRecord& record) const
{
    if (record.phone == nobody)
        return extraHardwareOf(people(), record.extraOf);
    const PhoneFacts facts = m_estate.phone(record.phone).facts;
    return hardwareOf(people(), facts, people().person(facts.owner).alias);
}

EntityText Tenant::written(const ManagedRecord& record) const
{
    EntityWriter writer(types::managedDevice, 2048);
    const Hardware device = hardware(record);
    const Owner owner = ownerOf(people(), record.state.user);
    writeFirstHalf(writer, record, device, owner, exchangeSideOf(m_estate, record));
    writeSecondHalf(writer, record, device, owner);
    return writer.finish();
}

} // namespace postern::lab

// Users, groups and devices in Graph's own form.
#include <mutex>

#include "app/lab/graph/EntraDirectory.h"
#include "app/lab/graph/Licences.h"
#include "app/lab/population/Dice.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr std::int64_t dayMs = 86400000;

struct UserFacts
{
    Person person;
    CloudUser cloud;
    Licence licence = Licence::None;
    bool enabled = true;
    std::string department, display;
    std::int64_t nowMs = 0;
};

void writeUntilMail(EntityWriter& w, const UserFacts& u)
{
    w.text("id", u.cloud.id.lower())
        .flag("accountEnabled", u.enabled)
        .raw("assignedLicenses", assignedLicensesJson(u.licence))
        .raw("assignedPlans", assignedPlansJson(u.licence, u.person.createdMs))
        .time("birthday", 0)
        .strings("businessPhones", {u.person.phone})
        .text("city", u.person.city)
        .text("companyName", "Contoso Lab")
        .time("createdDateTime", u.person.createdMs)
        .text("department", u.department)
        .number("deviceEnrollmentLimit", 15)
        .text("displayName", u.display)
        .text("givenName", u.person.first)
        .time("hireDate", 0)
        .raw("identities",
            "["
                + JsonOut()
                      .text("issuer", cloudDomain)
                      .text("issuerAssignedId", u.cloud.upn)
                      .text("signInType", "userPrincipalName")
                      .finish()
                + "]")
        .strings("imAddresses", {u.cloud.mail})
        .raw("interests", "[]")
        .text("jobTitle", u.person.title)
        .time("lastPasswordChangeDateTime", u.person.createdMs)
        .raw("licenseAssignmentStates", licenseStatesJson(u.licence, u.person.createdMs))
        .text("mail", u.cloud.mail)
        .text("mailNickname", u.person.alias);
}

void writeRest(EntityWriter& w, const UserFacts& u)
{
    w.text("officeLocation", u.person.office)
        .text("onPremisesDistinguishedName", u.person.distinguishedName())
        .text("onPremisesDomainName", "contoso.lab")
        .text("onPremisesImmutableId", u.cloud.immutableId)
        .time("onPremisesLastSyncDateTime", u.nowMs / 1800000 * 1800000)
        .raw("onPremisesProvisioningErrors", "[]")
        .text("onPremisesSamAccountName", u.person.alias)
        .text("onPremisesSecurityIdentifier", u.cloud.sid)
        .flag("onPremisesSyncEnabled", true)
        .text("onPremisesUserPrincipalName", u.person.upn)
        .raw("otherMails", "[]")
        .raw("pastProjects", "[]")
        .text("preferredLanguage", "en-US")
        .raw("provisionedPlans", provisionedPlansJson(u.licence))
        .strings("proxyAddresses", u.cloud.proxyAddresses)
        .raw("responsibilities", "[]")
        .raw("schools", "[]")
        .text("securityIdentifier", "S-1-12-1-" + std::to_string(100000 + u.person.index) + "-1-2-3")
        .raw("serviceProvisioningErrors", "[]")
        .raw("skills", "[]")
        .text("surname", u.person.last)
        .text("usageLocation", "DE")
        .text("userPrincipalName", u.cloud.upn)
        .text("userType", "Member");
}

} // namespace

EntityText EntraDirectory::staffText() const
{
    EntityWriter w(types::user);
    const std::int64_t born = m_tenant.people().options().referenceMs - 900 * dayMs;
    w.text("id", m_administratorId.lower())
        .flag("accountEnabled", true)
        .raw("assignedLicenses", assignedLicensesJson(Licence::Microsoft365E3))
        .raw("assignedPlans", assignedPlansJson(Licence::Microsoft365E3, born))
        .time("birthday", 0)
        .raw("businessPhones", "[]")
        .time("createdDateTime", born)
        .number("deviceEnrollmentLimit", 15)
        .text("displayName", "Intune Administrator")
        .time("hireDate", 0)
        .raw("identities", "[]")
        .raw("imAddresses", "[]")
        .raw("interests", "[]")
        .raw("licenseAssignmentStates", licenseStatesJson(Licence::Microsoft365E3, born))
        .text("mailNickname", "intune.admin")
        .raw("onPremisesProvisioningErrors", "[]")
        .raw("otherMails", "[]")
        .raw("pastProjects", "[]")
        .raw("provisionedPlans", "[]")
        .raw("proxyAddresses", "[]")
        .raw("responsibilities", "[]")
        .raw("schools", "[]")
        .raw("serviceProvisioningErrors", "[]")
        .raw("skills", "[]")
        .text("userPrincipalName", m_administratorUpn)
        .text("userType", "Member");
    return w.finish();
}

std::optional<EntityText> EntraDirectory::userText(std::uint32_t user) const
{
    if (isStaff(user))
        return staffText();
    UserChanges changed;
    {
        const std::shared_lock lock(m_mutex);
        const auto at = m_changes.find(user);
        if (at != m_changes.end())
            changed = at->second;
    }
    if (changed.removed)
        return std::nullopt;
    UserFacts facts;
    facts.person = m_tenant.people().person(user);
    facts.cloud = cloudUserOf(m_tenant.people(), facts.person);
    facts.licence = changed.licence.value_or(facts.cloud.licence);
    facts.enabled = changed.enabled.value_or(facts.cloud.enabled);
    facts.department = changed.department.value_or(facts.person.department);
    facts.display = changed.displayName.value_or(facts.person.display);
    facts.nowMs = m_tenant.estate().nowMs();
    EntityWriter writer(types::user, 4096);
    writeUntilMail(writer, facts);
    writeRest(writer, facts);
    return writer.finish();
}

namespace {

void writeSyncedGroup(EntityWriter& w, const Group& g, std::uint32_t number)
{
    if (g.synced)
        w.text("onPremisesSamAccountName", g.name)
            .text("onPremisesSecurityIdentifier", domainSid() + "-" + std::to_string(5000 + number))
            .flag("onPremisesSyncEnabled", true);
}

std::vector<std::string> groupTypesOf(const Group& g)
{
    std::vector<std::string> out;
    if (g.unified)
        out.emplace_back("Unified");
    if (!g.rule.empty())
        out.emplace_back("DynamicMembership");
    return out;
}

std::string nicknameOf(std::string name)
{
    std::erase_if(name, [](char c) { return c == ' ' || c == '&'; });
    return name;
}

} // namespace

std::optional<EntityText> EntraDirectory::groupText(std::uint32_t number) const
{
    const Group g = group(number);
    if (g.removed)
        return std::nullopt;
    const std::int64_t born = m_tenant.people().options().referenceMs - 700 * dayMs;
    EntityWriter w(types::group, 2048);
    w.text("id", g.id.lower()).raw("assignedLabels", "[]").raw("assignedLicenses", "[]");
    w.time("createdDateTime", born)
        .raw("description", g.description.empty() ? "null" : jsonString(g.description))
        .text("displayName", g.name)
        .strings("groupTypes", groupTypesOf(g))
        .raw("infoCatalogs", "[]");
    if (!g.mail.empty())
        w.text("mail", g.mail);
    w.flag("mailEnabled", g.unified).text("mailNickname", nicknameOf(g.name));
    if (!g.rule.empty())
        w.text("membershipRule", g.rule).text("membershipRuleProcessingState", "On");
    if (g.synced)
        w.text("onPremisesDomainName", "contoso.lab")
            .time("onPremisesLastSyncDateTime", born)
            .text("onPremisesNetBiosName", "CONTOSO");
    w.raw("onPremisesProvisioningErrors", "[]");
    writeSyncedGroup(w, g, number);
    w.strings("proxyAddresses", g.mail.empty() ? std::vector<std::string>{} : std::vector{"SMTP:" + g.mail})
        .time("renewedDateTime", born)
        .raw("resourceBehaviorOptions", "[]")
        .raw("resourceProvisioningOptions", "[]")
        .flag("securityEnabled", !g.unified)
        .text("securityIdentifier", "S-1-12-1-" + std::to_string(200000 + number) + "-4-5-6")
        .raw("serviceProvisioningErrors", "[]");
    if (g.unified)
        w.text("visibility", "Private");
    return w.finish();
}

namespace {

struct DeviceFacts
{
    const ManagedRecord* record = nullptr; // nullptr: registered, not managed
    Hardware hardware;
    std::string deviceId;
    std::int64_t nowMs = 0;
    bool compliant = false;
};

void writeRegistration(EntityWriter& w, const DeviceFacts& f)
{
    w.flag("accountEnabled", true)
        .raw("alternativeSecurityIds",
            "[" + JsonOut().null("identityProvider").text("key", "WAA1ADoAMQA").number("type", 2).finish()
                + "]")
        .time("approximateLastSignInDateTime", f.record ? f.record->state.lastSyncMs : f.nowMs - 3 * dayMs);
    if (f.record && f.record->state.graceMs != 0)
        w.time("complianceExpirationDateTime", f.record->state.graceMs);
    w.text("deviceId", f.deviceId)
        .text("deviceOwnership", f.record && f.record->state.owner == "company" ? "Company" : "Personal")
        .number("deviceVersion", 2)
        .text("displayName", f.hardware.name)
        .raw("enrollmentType", f.record ? jsonString(f.record->state.enrollmentType) : "null")
        .raw("isCompliant",
            !f.record         ? "null"
                : f.compliant ? "true"
                              : "false")
        .raw("isManaged", f.record ? "true" : "null")
        .flag("isRooted", f.record && f.record->state.jailBroken == "True")
        .raw("managementType", f.record ? "\"MDM\"" : "null");
}

void writeHardware(EntityWriter& w, const DeviceFacts& f)
{
    const Hardware& h = f.hardware;
    const std::string system = h.os != "iOS" ? h.os : h.model.starts_with("iPad") ? "IPad" : "IPhone";
    w.text("manufacturer", h.manufacturer)
        .raw("mdmAppId", f.record ? "\"0000000a-0000-0000-c000-000000000000\"" : "null")
        .text("model", h.model)
        .text("operatingSystem", system)
        .text("operatingSystemVersion", h.osVersion)
        .strings("physicalIds", {"[USER-GID]:" + f.deviceId + ":6755412345678"})
        .text("profileType", "RegisteredDevice")
        .time("registrationDateTime", f.record ? f.record->state.enrolledMs : f.nowMs - 200 * dayMs)
        .raw("systemLabels", "[]")
        .text("trustType", h.os == "Windows" && f.record ? "AzureAd" : "Workplace");
}

} // namespace

std::optional<EntityText> EntraDirectory::deviceText(std::uint32_t number) const
{
    Device device;
    {
        const std::shared_lock lock(m_mutex);
        device = m_devices[number];
    }
    const bool managed = device.record != nobody;
    const ManagedRecord record = managed ? m_tenant.record(device.record) : ManagedRecord{};
    if (record.removed)
        return std::nullopt;
    DeviceFacts facts;
    facts.record = managed ? &record : nullptr;
    facts.hardware = managed ? m_tenant.hardware(record) : extraHardwareOf(m_tenant.people(), device.owner);
    facts.deviceId = device.deviceId.lower();
    facts.nowMs = m_tenant.people().options().referenceMs;
    const std::string_view state = record.state.compliance;
    const bool healthy = state == "compliant" || state == "inGracePeriod" || state == "configManager";
    // What Entra says follows Intune with delay: for some it is still the old state.
    facts.compliant = healthy != (number % 53 == 17);
    EntityWriter writer(types::device, 1500);
    writer.text("id", device.id.lower());
    writeRegistration(writer, facts);
    writeHardware(writer, facts);
    return writer.finish();
}

} // namespace postern::lab

// The tables of what a tenant lists: managed devices, people, groups. Store thread, inside a Session.
#pragma once

#include "models/domain/Directory.h"
#include "models/domain/Intune.h"
#include "services/store/cloud/ObjectTable.h"

namespace postern::store {

template <class V, Maybe<ManagedDevice> S> void columns(V& visit, S& device)
{
    visit("device_name", device.deviceName);
    visit("managed_device_name", device.managedDeviceName);
    visit("operating_system", device.operatingSystem);
    visit("os_version", device.osVersion);
    visit("model", device.model);
    visit("manufacturer", device.manufacturer);
    visit("serial_number", device.serialNumber);
    visit("imei", device.imei);
    visit("meid", device.meid);
    visit("udid", device.udid);
    visit("phone_number", device.phoneNumber);
    visit("subscriber_carrier", device.subscriberCarrier);
    visit("wifi_mac_address", device.wiFiMacAddress);
    visit("security_patch_level", device.androidSecurityPatchLevel);
    visit("device_category", device.deviceCategoryDisplayName);
    visit("user_object_id", device.userId);
    visit("user_principal_name", device.userPrincipalName);
    visit("user_display_name", device.userDisplayName);
    visit("email_address", device.emailAddress);
    visit("directory_device_id", device.azureADDeviceId);
    visit("directory_registered", device.azureADRegistered);
    visit("eas_device_id", device.easDeviceId);
    visit("eas_activated", device.easActivated);
    visit("eas_activated_at", device.easActivationDateTime);
    visit("owner_type", device.managedDeviceOwnerType);
    visit("compliance_state", device.complianceState);
    visit("management_state", device.managementState);
    visit("management_agent", device.managementAgent);
    visit("registration_state", device.deviceRegistrationState);
    visit("enrollment_type", device.deviceEnrollmentType);
    visit("threat_state", device.partnerReportedThreatState);
    visit("exchange_access_state", device.exchangeAccessState);
    visit("exchange_access_reason", device.exchangeAccessStateReason);
    visit("jail_broken", device.jailBroken);
    visit("is_encrypted", device.isEncrypted);
    visit("is_supervised", device.isSupervised);
    visit("enrolled_at", device.enrolledDateTime);
    visit("last_sync_at", device.lastSyncDateTime);
    visit("exchange_last_sync_at", device.exchangeLastSuccessfulSyncDateTime);
    visit("grace_expires_at", device.complianceGracePeriodExpirationDateTime);
    visit("certificate_expires_at", device.managementCertificateExpirationDate);
}

template <class V, Maybe<DirectoryUser> S> void columns(V& visit, S& user)
{
    visit("user_principal_name", user.userPrincipalName);
    visit("display_name", user.displayName);
    visit("mail", user.mail);
    visit("proxy_addresses", user.proxyAddresses);
    visit("mail_nickname", user.mailNickname);
    visit("department", user.department);
    visit("job_title", user.jobTitle);
    visit("office_location", user.officeLocation);
    visit("user_type", user.userType);
    visit("account_enabled", user.accountEnabled);
    visit("immutable_id", user.onPremisesImmutableId);
    visit("security_id", user.onPremisesSecurityIdentifier);
    visit("sam_account_name", user.onPremisesSamAccountName);
    visit("domain_name", user.onPremisesDomainName);
    visit("distinguished_name", user.onPremisesDistinguishedName);
    visit("on_premises_upn", user.onPremisesUserPrincipalName);
    visit("synchronised", user.onPremisesSyncEnabled);
    visit("sku_ids", user.skuIds);
    visit("intune_licensed", user.hasIntuneLicence);
    visit("exchange_online_licensed", user.hasExchangeOnlineLicence);
}

template <class V, Maybe<DirectoryGroup> S> void columns(V& visit, S& group)
{
    visit("display_name", group.displayName);
    visit("description", group.description);
    visit("mail", group.mail);
    visit("group_types", group.groupTypes);
    visit("membership_rule", group.membershipRule);
    visit("security_enabled", group.securityEnabled);
    visit("mail_enabled", group.mailEnabled);
    visit("security_id", group.onPremisesSecurityIdentifier);
    visit("synchronised", group.onPremisesSyncEnabled);
}

class ManagedDeviceTable final : public ObjectTable<ManagedDevice>
{
public:
    explicit ManagedDeviceTable(Session& session)
        : ObjectTable(session, Table::ManagedDevice, "managed_device")
    {
    }
};

class UserTable final : public ObjectTable<DirectoryUser>
{
public:
    explicit UserTable(Session& session)
        : ObjectTable(session, Table::DirectoryUser, "directory_user")
    {
    }
};

class GroupTable final : public ObjectTable<DirectoryGroup>
{
public:
    explicit GroupTable(Session& session)
        : ObjectTable(session, Table::DirectoryGroup, "directory_group")
    {
    }
    // Members as row ids of users, sorted or not; the difference is written. Returns how many came or went.
    [[nodiscard]] Expected<int> replaceMembers(qint64 group, std::vector<qint64> users);
    [[nodiscard]] Expected<std::vector<qint64>> members(qint64 group); // sorted
    // Every membership of the tenant's groups that are not gone, by user: for lists of people.
    [[nodiscard]] Expected<void> eachMembership(
        TenantId tenant, const std::function<void(qint64 user, qint64 group)>& each);
};

class SubscriptionRepository
{
public:
    explicit SubscriptionRepository(Session& session)
        : m_session(session)
    {
    }
    [[nodiscard]] Expected<void> replace(TenantId tenant, const std::vector<Subscription>& subscriptions);
    [[nodiscard]] Expected<std::vector<Subscription>> list(TenantId tenant);

private:
    Session& m_session;
};

} // namespace postern::store

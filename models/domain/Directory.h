// What Postern reads from Entra, as plain values: users (OBJ-03, directory part), groups and who is in them,
// device objects, subscriptions, the tenant. Names are Graph v1.0's. Times are UTC, "never" is nullopt; a
// text that Entra leaves out is empty. Any thread. graph-reference 7.
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <QUuid>
#include <optional>
#include <vector>

#include "models/base/EnumText.h"
#include "models/domain/OpenEnum.h"

namespace postern {

struct DirectoryUser
{
    QString id; // the object id, a GUID: the key
    QString userPrincipalName;
    QString displayName;
    QString mail;
    QStringList proxyAddresses; // "SMTP:…" the primary one, "smtp:…" the others
    QString mailNickname;
    QString department;
    QString jobTitle;
    QString officeLocation;
    QString userType; // "Member", "Guest"
    bool accountEnabled = true;

    // Of the user on-premises; empty for those that live in the cloud only.
    QString onPremisesImmutableId;
    QString onPremisesSecurityIdentifier;
    QString onPremisesSamAccountName;
    QString onPremisesDomainName;
    QString onPremisesDistinguishedName;
    QString onPremisesUserPrincipalName;
    std::optional<bool> onPremisesSyncEnabled;

    std::vector<QUuid> skuIds; // of Subscription; what the person is licensed for
    bool hasIntuneLicence = false; // an Intune plan that is switched on (SYN-10)
    bool hasExchangeOnlineLicence = false;

    bool operator==(const DirectoryUser&) const = default;
};

struct DirectoryGroup
{
    QString id;
    QString displayName;
    QString description;
    QString mail;
    QStringList groupTypes; // "Unified", "DynamicMembership"
    QString membershipRule;
    bool securityEnabled = false;
    bool mailEnabled = false;
    QString onPremisesSecurityIdentifier;
    std::optional<bool> onPremisesSyncEnabled;
    bool operator==(const DirectoryGroup&) const = default;
};

enum class GroupMemberKind { Other, User, Group, Device };

// Somebody or something that is in a group, directly or through other groups.
struct GroupMember
{
    QString id;
    GroupMemberKind kind = GroupMemberKind::Other;
    QString displayName;
    bool operator==(const GroupMember&) const = default;
};

// A group's membership as a whole: replaced, never merged.
struct GroupMembership
{
    QString groupId;
    std::vector<GroupMember> members; // transitive
    bool operator==(const GroupMembership&) const = default;
};

struct DirectoryDevice
{
    QString id; // the object id
    QString deviceId; // what ManagedDevice::azureADDeviceId holds
    QString displayName;
    QString operatingSystem;
    QString operatingSystemVersion;
    QString trustType; // "Workplace", "AzureAd", "ServerAd"
    QString managementType;
    QString mdmAppId;
    QString profileType;
    QString deviceOwnership;
    bool accountEnabled = true;
    std::optional<bool> isCompliant; // what conditional access reads; follows Intune with delay
    std::optional<bool> isManaged;
    std::optional<QDateTime> registrationDateTime;
    std::optional<QDateTime> approximateLastSignInDateTime;
    std::optional<QDateTime> complianceExpirationDateTime;
    bool operator==(const DirectoryDevice&) const = default;
};

// A subscribed product of the tenant.
struct Subscription
{
    QUuid skuId;
    QString skuPartNumber; // "EMS", "SPE_E3"
    QString capabilityStatus; // "Enabled", "Warning", "Suspended", "Deleted", "LockedOut"
    int enabledUnits = 0;
    int consumedUnits = 0;
    bool includesIntune = false;
    bool includesExchangeOnline = false;
    bool operator==(const Subscription&) const = default;
};

enum class MdmAuthority { Unknown, Intune, Sccm, Office365 };

// Who answers: read at the start of every session.
struct TenantInfo
{
    QString id;
    QString displayName;
    QString defaultDomain;
    OpenEnum<MdmAuthority> mobileDeviceManagementAuthority;
    std::optional<bool> onPremisesSyncEnabled; // nullopt or false: no directory synchronisation
    std::optional<QDateTime> onPremisesLastSyncDateTime;
    bool operator==(const TenantInfo&) const = default;
};

template <> struct EnumTable<GroupMemberKind>
{
    static std::span<const EnumEntry<GroupMemberKind>> entries();
};
template <> struct EnumTable<MdmAuthority>
{
    static std::span<const EnumEntry<MdmAuthority>> entries();
};

} // namespace postern

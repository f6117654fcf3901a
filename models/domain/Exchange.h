// What Postern reads from an Exchange organisation, as plain values: OBJ-02, OBJ-03 (mailbox part), OBJ-04,
// policies. All times are UTC; an absent time is nullopt (REP-07: absent is normal for Outlook mobile). Any
// thread.
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <QUuid>
#include <optional>
#include <vector>

#include "models/base/EnumText.h"
#include "models/base/Ids.h"

namespace postern {

// In the order of OBJ-23, best first: NotSeen < Allowed < Unknown < Quarantined < Blocked.
enum class AccessState { NotSeen, Allowed, Unknown, Quarantined, Blocked };

// OBJ-21, Graph's names. Exchange's native text is kept beside it (accessStateReasonText).
enum class AccessStateReason {
    None,
    Unknown,
    ExchangeGlobalRule,
    ExchangeIndividualRule,
    ExchangeDeviceRule,
    ExchangeUpgrade,
    ExchangeMailboxPolicy,
    Other,
    Compliant,
    NotCompliant,
    NotEnrolled,
    UnknownLocation,
    MfaRequired,
    AzureAdBlockDueToAccessPolicy,
    CompromisedPassword,
    DeviceNotKnownWithManagedApp,
};

enum class ClientType { Eas, Outlook, RestApi, OwaForDevices, UniversalOutlook, Other };
enum class AccessLevel { Allow, Block, Quarantine };
enum class AccessRuleCharacteristic { DeviceType, DeviceModel, DeviceOS, UserAgent, XmsWlHeader };
enum class WipeStatus { None, Pending, Sent, Acknowledged, Cancelled, Failed };

template <> struct EnumTable<AccessState>
{
    static std::span<const EnumEntry<AccessState>> entries();
};
template <> struct EnumTable<AccessStateReason>
{
    static std::span<const EnumEntry<AccessStateReason>> entries();
};
template <> struct EnumTable<ClientType>
{
    static std::span<const EnumEntry<ClientType>> entries();
};
template <> struct EnumTable<AccessLevel>
{
    static std::span<const EnumEntry<AccessLevel>> entries();
};
template <> struct EnumTable<AccessRuleCharacteristic>
{
    static std::span<const EnumEntry<AccessRuleCharacteristic>> entries();
};
template <> struct EnumTable<WipeStatus>
{
    static std::span<const EnumEntry<WipeStatus>> entries();
};

// Exchange's own words: Allowed, Blocked, Quarantined, DeviceDiscovery, Unknown; anything else is Unknown.
[[nodiscard]] AccessState accessStateFromExchange(QStringView text);
// Global, Individual, DeviceRule, Upgrade, Policy; anything else is Other (the raw text is kept by the
// caller).
[[nodiscard]] AccessStateReason accessStateReasonFromExchange(QStringView text);

struct AccessRule
{
    QString name;
    AccessRuleCharacteristic characteristic = AccessRuleCharacteristic::DeviceType;
    QString query;
    AccessLevel level = AccessLevel::Allow;
    QString identity; // Exchange's identity, for Set- and Remove-
    bool operator==(const AccessRule&) const = default;
};

struct OrganizationSettings
{
    AccessLevel defaultAccessLevel = AccessLevel::Allow;
    QString userMailInsert;
    QStringList adminMailRecipients;
    bool operator==(const OrganizationSettings&) const = default;
};

// Who answered: read at the start of every session. id tells organisations apart (CON-06), never the server's
// name.
struct OrganizationInfo
{
    QString id; // the organisation's distinguished name or GUID, as Exchange states it
    QString name;
    QString serverName; // the server that answered
    QString version; // "15.2.1544.4"
    bool operator==(const OrganizationInfo&) const = default;
};

struct MailboxPolicy
{
    QString name;
    QString identity;
    bool isDefault = false;
    bool allowNonProvisionableDevices = true;
    bool passwordEnabled = false;
    bool operator==(const MailboxPolicy&) const = default;
};

struct Mailbox
{
    QUuid guid; // the directory object's GUID: survives renames and moves
    QString identity; // canonical: contoso.lab/Users/Anna Berg
    QString upn;
    QString samAccountName;
    QString domain;
    QString displayName;
    QString primarySmtp;
    QStringList proxyAddresses; // "SMTP:…", "smtp:…" as Exchange lists them
    QString organizationalUnit;
    QString department;
    QString serverName;
    QString easMailboxPolicy;
    bool easEnabled = true;
    QStringList allowedIds; // raw, as Exchange has them
    QStringList blockedIds;
    bool operator==(const Mailbox&) const = default;
};

// OBJ-04: the pair (mailbox, EAS device id), the unit of allow and block. Facts of the listing and, after the
// second pass, of the statistics (SYN-07: lastSuccessSync comes only from statistics).
struct Partnership
{
    EasDeviceId easDeviceId;
    QString deviceIdentity; // Exchange's, goes back to it on writes
    QString ownerIdentity; // the mailbox's identity, cut from deviceIdentity; joins to Mailbox::identity
    QUuid guid;
    QString deviceType;
    QString deviceModel;
    QString friendlyName;
    QString deviceOS;
    QString userAgent;
    ClientType clientType = ClientType::Eas;
    QString clientTypeText; // raw
    QString clientVersion;
    QString imei;
    QString phoneNumber;
    QString mobileOperator;
    std::optional<QDateTime> firstSyncTime;
    AccessState accessState = AccessState::Unknown;
    AccessStateReason accessStateReason = AccessStateReason::None;
    QString accessStateReasonText; // raw
    QString accessControlRule;
    std::optional<QDateTime> whenChanged;
    bool operator==(const Partnership&) const = default;
};

// One Get-MobileDeviceStatistics object: what only the mailbox knows.
struct PartnershipStatistics
{
    EasDeviceId easDeviceId;
    QString deviceIdentity;
    QString ownerIdentity;
    std::optional<QDateTime> firstSyncTime;
    std::optional<QDateTime> lastPolicyUpdate;
    std::optional<QDateTime> lastSyncAttempt;
    std::optional<QDateTime> lastSuccessSync;
    QString policyApplied;
    QString policyApplicationStatus;
    WipeStatus wipeStatus = WipeStatus::None;
    QString wipeRequestedBy;
    bool isRemoteWipeSupported = false;
    QString statusNote;
    AccessState accessState = AccessState::Unknown;
    AccessStateReason accessStateReason = AccessStateReason::None;
    QString accessStateReasonText;
    int foldersSynced = 0;
    bool operator==(const PartnershipStatistics&) const = default;
};

// An object of an answer that could not be used: counted and listed, never a failed sync.
struct ObjectProblem
{
    QString object; // its identity, or its place in the answer
    QString reason;
    bool operator==(const ObjectProblem&) const = default;
};

// One line of the prerequisite check (CON-30..37).
struct CheckResult
{
    enum class Outcome { Pass, Warning, Fail, NotApplicable };
    QString id; // "CON-31"
    QString name; // what was checked, English: "Server certificate", "Cmdlet Get-Recipient"
    Outcome outcome = Outcome::Pass;
    QString detail; // what was found; on failure also what to do or which feature is lost
    bool required = true;
    bool operator==(const CheckResult&) const = default;
};

template <> struct EnumTable<CheckResult::Outcome>
{
    static std::span<const EnumEntry<CheckResult::Outcome>> entries();
};

} // namespace postern

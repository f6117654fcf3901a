// What a connector configures in Exchange (CON-19 to 26): five groups of mailbox policy settings, each owned
// whole or not at all, and Exchange's own access rules. Plain values, any thread. Times and sizes say their
// units; nullopt of a limit is Exchange's "Unlimited". toJson()/connectorSettingsFromJson() are the form in
// which they are stored; an unknown key or a value out of range is refused by name (InvalidInput).
#pragma once

#include <QByteArray>
#include <QStringList>
#include <optional>
#include <vector>

#include "models/base/Error.h"
#include "models/domain/Exchange.h"

namespace postern {

enum class PasswordComplexity { Pin, Strong };
enum class EmailAge { All, OneDay, ThreeDays, OneWeek, TwoWeeks, OneMonth };
enum class CalendarAge { All, TwoWeeks, OneMonth, ThreeMonths, SixMonths };
enum class BluetoothUse { Disable, HandsFreeOnly, Allow };

template <> struct EnumTable<PasswordComplexity>
{
    static std::span<const EnumEntry<PasswordComplexity>> entries();
};
template <> struct EnumTable<EmailAge>
{
    static std::span<const EnumEntry<EmailAge>> entries();
};
template <> struct EnumTable<CalendarAge>
{
    static std::span<const EnumEntry<CalendarAge>> entries();
};
template <> struct EnumTable<BluetoothUse>
{
    static std::span<const EnumEntry<BluetoothUse>> entries();
};

// CON-20. The values are Exchange's own defaults of a new policy.
struct GeneralPolicySettings
{
    bool allowInternetSharing = true;
    bool allowDesktopSync = true;
    bool allowNonProvisionableDevices = true;
    std::optional<int> refreshHours; // 1 to 9999
    bool operator==(const GeneralPolicySettings&) const = default;
};

// CON-21
struct PasswordPolicySettings
{
    bool required = false;
    PasswordComplexity complexity = PasswordComplexity::Pin;
    int minimumComplexSets = 1; // 1 to 4
    bool allowSimple = true;
    std::optional<int> minimumLength; // 1 to 16
    std::optional<int> expiryDays; // 1 to 730
    int history = 0; // 0 to 50
    bool allowRecovery = false;
    std::optional<int> wipeAfterAttempts; // 4 to 16
    std::optional<int> idleLockMinutes; // 1 to 60
    bool operator==(const PasswordPolicySettings&) const = default;
};

// CON-22
struct EmailPolicySettings
{
    bool allowConsumerEmail = true;
    EmailAge maxEmailAge = EmailAge::All;
    CalendarAge maxCalendarAge = CalendarAge::All;
    bool pushWhileRoaming = true; // false: RequireManualSyncWhenRoaming
    bool allowHtml = true;
    bool allowAttachments = true;
    std::optional<int> maxAttachmentKb; // >= 1
    std::optional<int> maxHtmlBodyKb; // >= 1
    std::optional<int> maxTextBodyKb; // >= 1
    bool operator==(const EmailPolicySettings&) const = default;
};

// CON-23
struct SecurityPolicySettings
{
    bool allowRemoteDesktop = true;
    bool allowRemovableStorage = true;
    bool allowCamera = true;
    BluetoothUse bluetooth = BluetoothUse::Allow;
    bool allowWifi = true;
    bool allowInfrared = true;
    bool allowBrowser = true;
    bool requireStorageCardEncryption = false;
    bool requireDeviceEncryption = false;
    bool allowTextMessages = true;
    bool operator==(const SecurityPolicySettings&) const = default;
};

// CON-24
struct ApplicationPolicySettings
{
    bool allowUnsignedApplications = true;
    bool allowUnsignedPackages = true;
    QStringList blockedApplications; // unique without regard to case, each 1 to 255 characters
    bool operator==(const ApplicationPolicySettings&) const = default;
};

struct MailboxPolicySettings
{
    std::optional<GeneralPolicySettings> general; // nullopt: "Not configured", Postern leaves the group alone
    std::optional<PasswordPolicySettings> password;
    std::optional<EmailPolicySettings> email;
    std::optional<SecurityPolicySettings> security;
    std::optional<ApplicationPolicySettings> application;
    bool operator==(const MailboxPolicySettings&) const = default;
    [[nodiscard]] bool isEmpty() const
    {
        return !general && !password && !email && !security && !application;
    }
};

// CON-26. Nothing of it is written while `manage` is off. A rule is known by characteristic and query.
struct AccessRulesSettings
{
    bool manage = false;
    AccessLevel defaultLevel = AccessLevel::Allow;
    std::vector<AccessRule> rules; // DeviceType or DeviceModel; name and identity are Exchange's
    QStringList adminMailRecipients; // SMTP addresses
    QString userMailInsert; // at most 256 characters
    bool operator==(const AccessRulesSettings&) const = default;
};

struct ConnectorSettings
{
    MailboxPolicySettings policy;
    bool allowExternalDeviceManagement = false; // CON-25; off: not written
    AccessRulesSettings access;
    bool operator==(const ConnectorSettings&) const = default;
};

// What is out of range, or nothing; Error::origin names the field in English ("Password: minimum length").
[[nodiscard]] Expected<void> validate(const ConnectorSettings& settings);

[[nodiscard]] QByteArray toJson(const ConnectorSettings& settings);
[[nodiscard]] Expected<ConnectorSettings> connectorSettingsFromJson(const QByteArray& json);

} // namespace postern

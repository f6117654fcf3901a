// What Postern reads from Intune and asks of it, as plain values (OBJ-05, ACT-03, 04, 12). Names and enum
// texts are Graph v1.0's. Times are UTC; Graph's "never" (year 1, year 9999) is nullopt. A text that Intune
// leaves out or sends as null is empty. Any thread. graph-reference 3.
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "models/base/EnumText.h"
#include "models/base/Ids.h"
#include "models/domain/Exchange.h"
#include "models/domain/OpenEnum.h"

namespace postern {

enum class ComplianceState {
    Unknown,
    Compliant,
    Noncompliant,
    Conflict,
    Error,
    InGracePeriod,
    ConfigManager
};
enum class DeviceOwnerType { Unknown, Company, Personal };
// Unknown: Intune said nothing.
enum class ManagementState {
    Unknown,
    Managed,
    RetirePending,
    RetireFailed,
    WipePending,
    WipeFailed,
    Unhealthy,
    DeletePending,
    RetireIssued,
    WipeIssued,
    WipeCanceled,
    RetireCanceled,
    Discovered
};
enum class ManagementAgent {
    Unknown,
    Eas,
    Mdm,
    EasMdm,
    IntuneClient,
    EasIntuneClient,
    ConfigurationManagerClient,
    ConfigurationManagerClientMdm,
    ConfigurationManagerClientMdmEas,
    Jamf,
    GoogleCloudDevicePolicyController,
    Microsoft365ManagedMdm,
    MsSense
};
enum class DeviceRegistrationState {
    Unknown,
    NotRegistered,
    Registered,
    Revoked,
    KeyConflict,
    ApprovalPending,
    CertificateReset,
    NotRegisteredPendingEnrollment
};
enum class DeviceEnrollmentType {
    Unknown,
    UserEnrollment,
    DeviceEnrollmentManager,
    AppleBulkWithUser,
    AppleBulkWithoutUser,
    WindowsAzureADJoin,
    WindowsBulkUserless,
    WindowsAutoEnrollment,
    WindowsBulkAzureDomainJoin,
    WindowsCoManagement,
    WindowsAzureADJoinUsingDeviceAuth,
    AppleUserEnrollment,
    AppleUserEnrollmentWithServiceAccount
};
enum class PartnerThreatState {
    Unknown,
    Activated,
    Deactivated,
    Secured,
    LowSeverity,
    MediumSeverity,
    HighSeverity,
    Unresponsive,
    Compromised,
    Misconfigured
};
enum class IntuneAccessState { Unknown, None, Allowed, Blocked, Quarantined };
enum class DeviceActionState { None, Pending, Canceled, Active, Done, Failed, NotSupported };

template <> struct EnumTable<ComplianceState>
{
    static std::span<const EnumEntry<ComplianceState>> entries();
};
template <> struct EnumTable<DeviceOwnerType>
{
    static std::span<const EnumEntry<DeviceOwnerType>> entries();
};
template <> struct EnumTable<ManagementState>
{
    static std::span<const EnumEntry<ManagementState>> entries();
};
template <> struct EnumTable<ManagementAgent>
{
    static std::span<const EnumEntry<ManagementAgent>> entries();
};
template <> struct EnumTable<DeviceRegistrationState>
{
    static std::span<const EnumEntry<DeviceRegistrationState>> entries();
};
template <> struct EnumTable<DeviceEnrollmentType>
{
    static std::span<const EnumEntry<DeviceEnrollmentType>> entries();
};
template <> struct EnumTable<PartnerThreatState>
{
    static std::span<const EnumEntry<PartnerThreatState>> entries();
};
template <> struct EnumTable<IntuneAccessState>
{
    static std::span<const EnumEntry<IntuneAccessState>> entries();
};
template <> struct EnumTable<DeviceActionState>
{
    static std::span<const EnumEntry<DeviceActionState>> entries();
};

// How far a remote action has come on the device.
struct DeviceActionResult
{
    QString name; // Intune's: "factoryReset", "retire", "syncDevice", "remoteLock", "resetPasscode"
    OpenEnum<DeviceActionState> state;
    std::optional<QDateTime> started;
    std::optional<QDateTime> lastUpdated;
    bool operator==(const DeviceActionResult&) const = default;
};

struct ManagedDevice
{
    QString id; // a GUID, the key
    QString deviceName;
    QString managedDeviceName;
    QString operatingSystem; // free text: "iOS", "Android", "Windows", "macOS"
    QString osVersion;
    QString model;
    QString manufacturer;
    QString serialNumber;
    QString imei;
    QString meid;
    QString udid;
    QString phoneNumber;
    QString subscriberCarrier;
    QString wiFiMacAddress;
    QString androidSecurityPatchLevel;
    QString deviceCategoryDisplayName;

    QString userId; // the directory object's; empty for devices without a user
    QString userPrincipalName;
    QString userDisplayName;
    QString emailAddress;

    QString azureADDeviceId; // joins to DirectoryDevice::deviceId, not to its id
    std::optional<bool> azureADRegistered; // live tenants send null
    EasDeviceId easDeviceId; // raw() as Intune has it
    bool easActivated = false;
    std::optional<QDateTime> easActivationDateTime;

    OpenEnum<DeviceOwnerType> managedDeviceOwnerType;
    OpenEnum<ComplianceState> complianceState;
    OpenEnum<ManagementState> managementState;
    OpenEnum<ManagementAgent> managementAgent;
    OpenEnum<DeviceRegistrationState> deviceRegistrationState;
    OpenEnum<DeviceEnrollmentType> deviceEnrollmentType;
    OpenEnum<PartnerThreatState> partnerReportedThreatState;
    OpenEnum<IntuneAccessState> exchangeAccessState;
    OpenEnum<AccessStateReason> exchangeAccessStateReason;
    QString jailBroken; // a text in Graph: "True", "False", "Unknown"
    bool isEncrypted = false;
    bool isSupervised = false;

    std::optional<QDateTime> enrolledDateTime;
    std::optional<QDateTime> lastSyncDateTime;
    std::optional<QDateTime> exchangeLastSuccessfulSyncDateTime;
    std::optional<QDateTime> complianceGracePeriodExpirationDateTime;
    std::optional<QDateTime> managementCertificateExpirationDate;

    std::vector<DeviceActionResult> deviceActionResults; // only when one device is read, not in listings

    // nullopt: Intune does not know.
    [[nodiscard]] std::optional<bool> isJailBroken() const;
    bool operator==(const ManagedDevice&) const = default;
};

// An action that Intune carries out on a phone. Retire and Wipe cannot be taken back.
struct RemoteAction
{
    enum class Kind { SyncDevice, RemoteLock, ResetPasscode, Retire, Wipe };
    struct WipeOptions
    {
        bool keepEnrollmentData = false;
        bool keepUserData = false;
        bool persistEsimDataPlan = false;
        QString macOsUnlockCode; // only for macOS; never logged
        bool operator==(const WipeOptions&) const = default;
    };

    Kind kind = Kind::SyncDevice;
    QString deviceId; // ManagedDevice::id
    // Who and what the phone was when somebody decided; must still be so for Retire and Wipe.
    QString userId;
    QString serialNumber;
    WipeOptions wipe;
    bool operator==(const RemoteAction&) const = default;
};

template <> struct EnumTable<RemoteAction::Kind>
{
    static std::span<const EnumEntry<RemoteAction::Kind>> entries();
};

[[nodiscard]] bool isDestructive(RemoteAction::Kind kind);
// The newest entry of this kind that Intune lists, whichever of its names it uses; nullopt: none.
[[nodiscard]] std::optional<DeviceActionResult> latestResult(
    const std::vector<DeviceActionResult>& results, RemoteAction::Kind kind);

} // namespace postern

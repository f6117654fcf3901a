#include "models/items/DeviceColumnText.h"

#include <QCoreApplication>
#include <algorithm>
#include <iterator>

#include "models/domain/DeviceMatch.h"
#include "models/domain/Exchange.h"
#include "models/domain/Intune.h"

namespace postern::items {

namespace {

using C = frame::DeviceColumn;

struct ColumnTitle
{
    C column;
    const char* title;
    int width;
};

// The two long ones are the names that Configuration Manager shows (SHL-07).
constexpr ColumnTitle columnTitles[] = {
    {C::Name, QT_TRANSLATE_NOOP("DeviceColumns", "Device Name"), 24},
    {C::UserName, QT_TRANSLATE_NOOP("DeviceColumns", "Primary User"), 18},
    {C::UserPrincipalName, QT_TRANSLATE_NOOP("DeviceColumns", "User Principal Name"), 30},
    {C::EmailAddress, QT_TRANSLATE_NOOP("DeviceColumns", "E-mail Address"), 27},
    {C::Department, QT_TRANSLATE_NOOP("DeviceColumns", "Department"), 18},
    {C::DeviceType, QT_TRANSLATE_NOOP("DeviceColumns", "Device Type"), 14},
    {C::DeviceModel, QT_TRANSLATE_NOOP("DeviceColumns", "Device Model"), 16},
    {C::FriendlyName, QT_TRANSLATE_NOOP("DeviceColumns", "Friendly Name"), 20},
    {C::DeviceOS, QT_TRANSLATE_NOOP("DeviceColumns", "Operating System"), 16},
    {C::EasDeviceId, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange ActiveSync Device ID"), 34},
    {C::ClientVersion, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange ActiveSync Version"), 12},
    {C::Imei, QT_TRANSLATE_NOOP("DeviceColumns", "IMEI"), 18},
    {C::PhoneNumber, QT_TRANSLATE_NOOP("DeviceColumns", "Phone Number"), 18},
    {C::MobileOperator, QT_TRANSLATE_NOOP("DeviceColumns", "Mobile Operator"), 18},
    {C::UserAgent, QT_TRANSLATE_NOOP("DeviceColumns", "User Agent"), 28},
    {C::ExchangeServer, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange Server"), 22},
    {C::ExchangeOrganization, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange Organization"), 22},
    {C::AccessControlRule, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange Access Rule"), 22},
    {C::AccessStateReasonText, QT_TRANSLATE_NOOP("DeviceColumns", "Reason as Exchange States It"), 18},
    {C::PolicyApplied, QT_TRANSLATE_NOOP("DeviceColumns", "Policy Applied"), 18},
    {C::PolicyApplicationStatus, QT_TRANSLATE_NOOP("DeviceColumns", "Policy Application Status"), 18},
    {C::DeviceIdentity, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange Identity"), 50},
    {C::ConnectorName, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange Server Connector"), 24},
    {C::SiteCode, QT_TRANSLATE_NOOP("DeviceColumns", "Site Code"), 10},
    {C::OsVersion, QT_TRANSLATE_NOOP("DeviceColumns", "OS Version"), 12},
    {C::SerialNumber, QT_TRANSLATE_NOOP("DeviceColumns", "Serial Number"), 18},
    {C::DeviceCategory, QT_TRANSLATE_NOOP("DeviceColumns", "Device Category"), 18},
    {C::IntuneDeviceId, QT_TRANSLATE_NOOP("DeviceColumns", "Intune Device ID"), 38},
    {C::EntraDeviceId, QT_TRANSLATE_NOOP("DeviceColumns", "Entra Device ID"), 38},
    {C::AccessState, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange Access State"), 20},
    {C::AccessStateReason, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange Access State Reason"), 24},
    {C::ClientType, QT_TRANSLATE_NOOP("DeviceColumns", "Client Type"), 19},
    {C::WipeStatus, QT_TRANSLATE_NOOP("DeviceColumns", "Wipe Status"), 16},
    {C::FirstSyncTime, QT_TRANSLATE_NOOP("DeviceColumns", "First Sync Time"), 20},
    {C::LastSuccessSync, QT_TRANSLATE_NOOP("DeviceColumns", "Last Success Sync Time To Exchange Server"), 33},
    {C::LastSyncAttempt, QT_TRANSLATE_NOOP("DeviceColumns", "Last Sync Attempt"), 20},
    {C::LastPolicyUpdate, QT_TRANSLATE_NOOP("DeviceColumns", "Last Policy Update"), 20},
    {C::ExchangeDataAsOf, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange Data As Of"), 20},
    {C::FoldersSynced, QT_TRANSLATE_NOOP("DeviceColumns", "Folders Synchronized"), 10},
    {C::RemoteWipeSupported, QT_TRANSLATE_NOOP("DeviceColumns", "Remote Wipe Supported"), 10},
    {C::EasEnabled, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange ActiveSync Enabled"), 10},
    {C::Stale, QT_TRANSLATE_NOOP("DeviceColumns", "Statistics Out of Date"), 10},
    {C::Platform, QT_TRANSLATE_NOOP("DeviceColumns", "Platform"), 18},
    {C::Owner, QT_TRANSLATE_NOOP("DeviceColumns", "Device Owner"), 12},
    {C::ManagementState, QT_TRANSLATE_NOOP("DeviceColumns", "Management State"), 18},
    {C::Enrolled, QT_TRANSLATE_NOOP("DeviceColumns", "Enrolled"), 10},
    {C::EnrolledAt, QT_TRANSLATE_NOOP("DeviceColumns", "Enrollment Date"), 20},
    {C::ComplianceState, QT_TRANSLATE_NOOP("DeviceColumns", "Compliance State"), 20},
    {C::GraceExpires, QT_TRANSLATE_NOOP("DeviceColumns", "Compliance Grace Period Expires"), 20},
    {C::JailBroken, QT_TRANSLATE_NOOP("DeviceColumns", "Jailbroken or Rooted"), 12},
    {C::Encrypted, QT_TRANSLATE_NOOP("DeviceColumns", "Encrypted"), 10},
    {C::IntuneLastCheckIn, QT_TRANSLATE_NOOP("DeviceColumns", "Last Check-in To Intune"), 20},
    {C::IntuneDataAsOf, QT_TRANSLATE_NOOP("DeviceColumns", "Intune Data As Of"), 20},
    {C::MatchKind, QT_TRANSLATE_NOOP("DeviceColumns", "Matched By"), 24},
    {C::PartnershipCount, QT_TRANSLATE_NOOP("DeviceColumns", "Partnerships"), 10},
    {C::EasActivated, QT_TRANSLATE_NOOP("DeviceColumns", "Exchange ActiveSync Activated"), 10},
    {C::EntraRegistered, QT_TRANSLATE_NOOP("DeviceColumns", "Registered in Entra"), 10},
    {C::IntuneLicensed, QT_TRANSLATE_NOOP("DeviceColumns", "User Licensed for Intune"), 10},
};
static_assert(std::size(columnTitles) == frame::deviceColumnCount);

template <class E> struct CodeTitle
{
    E code;
    const char* title;
};

constexpr CodeTitle<AccessState> stateTitles[] = {
    {AccessState::Allowed, QT_TRANSLATE_NOOP("DeviceCodes", "Allowed")},
    {AccessState::Unknown, QT_TRANSLATE_NOOP("DeviceCodes", "Unknown")},
    {AccessState::Quarantined, QT_TRANSLATE_NOOP("DeviceCodes", "Quarantined")},
    {AccessState::Blocked, QT_TRANSLATE_NOOP("DeviceCodes", "Blocked")},
};

constexpr CodeTitle<AccessStateReason> reasonTitles[] = {
    {AccessStateReason::None, QT_TRANSLATE_NOOP("DeviceCodes", "None")},
    {AccessStateReason::Unknown, QT_TRANSLATE_NOOP("DeviceCodes", "Unknown reason")},
    {AccessStateReason::ExchangeGlobalRule, QT_TRANSLATE_NOOP("DeviceCodes", "Organization default")},
    {AccessStateReason::ExchangeIndividualRule, QT_TRANSLATE_NOOP("DeviceCodes", "Personal rule")},
    {AccessStateReason::ExchangeDeviceRule, QT_TRANSLATE_NOOP("DeviceCodes", "Device access rule")},
    {AccessStateReason::ExchangeUpgrade, QT_TRANSLATE_NOOP("DeviceCodes", "Exchange upgrade")},
    {AccessStateReason::ExchangeMailboxPolicy, QT_TRANSLATE_NOOP("DeviceCodes", "Mailbox policy")},
    {AccessStateReason::Other, QT_TRANSLATE_NOOP("DeviceCodes", "Other")},
    {AccessStateReason::Compliant, QT_TRANSLATE_NOOP("DeviceCodes", "Compliant")},
    {AccessStateReason::NotCompliant, QT_TRANSLATE_NOOP("DeviceCodes", "Not compliant")},
    {AccessStateReason::NotEnrolled, QT_TRANSLATE_NOOP("DeviceCodes", "Not enrolled")},
    {AccessStateReason::UnknownLocation, QT_TRANSLATE_NOOP("DeviceCodes", "Unknown location")},
    {AccessStateReason::MfaRequired, QT_TRANSLATE_NOOP("DeviceCodes", "Multifactor authentication required")},
    {AccessStateReason::AzureAdBlockDueToAccessPolicy,
        QT_TRANSLATE_NOOP("DeviceCodes", "Conditional access policy")},
    {AccessStateReason::CompromisedPassword, QT_TRANSLATE_NOOP("DeviceCodes", "Compromised password")},
    {AccessStateReason::DeviceNotKnownWithManagedApp,
        QT_TRANSLATE_NOOP("DeviceCodes", "Device not known to the managed app")},
};

constexpr CodeTitle<ClientType> clientTitles[] = {
    {ClientType::Eas, QT_TRANSLATE_NOOP("DeviceCodes", "Exchange ActiveSync")},
    {ClientType::Outlook, QT_TRANSLATE_NOOP("DeviceCodes", "Outlook")},
    {ClientType::RestApi, QT_TRANSLATE_NOOP("DeviceCodes", "REST API")},
    {ClientType::OwaForDevices, QT_TRANSLATE_NOOP("DeviceCodes", "OWA for Devices")},
    {ClientType::UniversalOutlook, QT_TRANSLATE_NOOP("DeviceCodes", "Windows Mail")},
    {ClientType::Other, QT_TRANSLATE_NOOP("DeviceCodes", "Other")},
};

constexpr CodeTitle<WipeStatus> wipeTitles[] = {
    {WipeStatus::None, QT_TRANSLATE_NOOP("DeviceCodes", "None")},
    {WipeStatus::Pending, QT_TRANSLATE_NOOP("DeviceCodes", "Pending")},
    {WipeStatus::Sent, QT_TRANSLATE_NOOP("DeviceCodes", "Sent")},
    {WipeStatus::Acknowledged, QT_TRANSLATE_NOOP("DeviceCodes", "Acknowledged")},
    {WipeStatus::Cancelled, QT_TRANSLATE_NOOP("DeviceCodes", "Canceled")},
    {WipeStatus::Failed, QT_TRANSLATE_NOOP("DeviceCodes", "Failed")},
};

constexpr CodeTitle<DevicePlatform> platformTitles[] = {
    {DevicePlatform::Other, QT_TRANSLATE_NOOP("DeviceCodes", "Other")},
    {DevicePlatform::IOS, QT_TRANSLATE_NOOP("DeviceCodes", "iOS/iPadOS")},
    {DevicePlatform::Android, QT_TRANSLATE_NOOP("DeviceCodes", "Android")},
    {DevicePlatform::AndroidKnox, QT_TRANSLATE_NOOP("DeviceCodes", "Android (Samsung Knox)")},
    {DevicePlatform::AndroidWork, QT_TRANSLATE_NOOP("DeviceCodes", "Android (work profile)")},
    {DevicePlatform::WindowsPhone, QT_TRANSLATE_NOOP("DeviceCodes", "Windows Phone")},
    {DevicePlatform::Windows, QT_TRANSLATE_NOOP("DeviceCodes", "Windows")},
    {DevicePlatform::MacOS, QT_TRANSLATE_NOOP("DeviceCodes", "macOS")},
};

constexpr CodeTitle<DeviceOwnerType> ownerTitles[] = {
    {DeviceOwnerType::Unknown, QT_TRANSLATE_NOOP("DeviceCodes", "Unknown")},
    {DeviceOwnerType::Company, QT_TRANSLATE_NOOP("DeviceCodes", "Company")},
    {DeviceOwnerType::Personal, QT_TRANSLATE_NOOP("DeviceCodes", "Personal")},
};

constexpr CodeTitle<ManagementState> managementTitles[] = {
    {ManagementState::Unknown, QT_TRANSLATE_NOOP("DeviceCodes", "Unknown")},
    {ManagementState::Managed, QT_TRANSLATE_NOOP("DeviceCodes", "Managed")},
    {ManagementState::RetirePending, QT_TRANSLATE_NOOP("DeviceCodes", "Retire pending")},
    {ManagementState::RetireFailed, QT_TRANSLATE_NOOP("DeviceCodes", "Retire failed")},
    {ManagementState::WipePending, QT_TRANSLATE_NOOP("DeviceCodes", "Wipe pending")},
    {ManagementState::WipeFailed, QT_TRANSLATE_NOOP("DeviceCodes", "Wipe failed")},
    {ManagementState::Unhealthy, QT_TRANSLATE_NOOP("DeviceCodes", "Unhealthy")},
    {ManagementState::DeletePending, QT_TRANSLATE_NOOP("DeviceCodes", "Delete pending")},
    {ManagementState::RetireIssued, QT_TRANSLATE_NOOP("DeviceCodes", "Retire issued")},
    {ManagementState::WipeIssued, QT_TRANSLATE_NOOP("DeviceCodes", "Wipe issued")},
    {ManagementState::WipeCanceled, QT_TRANSLATE_NOOP("DeviceCodes", "Wipe canceled")},
    {ManagementState::RetireCanceled, QT_TRANSLATE_NOOP("DeviceCodes", "Retire canceled")},
    {ManagementState::Discovered, QT_TRANSLATE_NOOP("DeviceCodes", "Discovered")},
};

constexpr CodeTitle<ComplianceState> complianceTitles[] = {
    {ComplianceState::Unknown, QT_TRANSLATE_NOOP("DeviceCodes", "Not evaluated")},
    {ComplianceState::Compliant, QT_TRANSLATE_NOOP("DeviceCodes", "Compliant")},
    {ComplianceState::Noncompliant, QT_TRANSLATE_NOOP("DeviceCodes", "Not compliant")},
    {ComplianceState::Conflict, QT_TRANSLATE_NOOP("DeviceCodes", "Conflict")},
    {ComplianceState::Error, QT_TRANSLATE_NOOP("DeviceCodes", "Error")},
    {ComplianceState::InGracePeriod, QT_TRANSLATE_NOOP("DeviceCodes", "In grace period")},
    {ComplianceState::ConfigManager, QT_TRANSLATE_NOOP("DeviceCodes", "See Configuration Manager")},
};

constexpr CodeTitle<JailBroken> jailTitles[] = {
    {JailBroken::Unknown, QT_TRANSLATE_NOOP("DeviceCodes", "Unknown")},
    {JailBroken::No, QT_TRANSLATE_NOOP("DeviceCodes", "No")},
    {JailBroken::Yes, QT_TRANSLATE_NOOP("DeviceCodes", "Yes")},
};

constexpr CodeTitle<MatchKind> matchTitles[] = {
    {MatchKind::None, QT_TRANSLATE_NOOP("DeviceCodes", "Not matched")},
    {MatchKind::EasDeviceId, QT_TRANSLATE_NOOP("DeviceCodes", "Exchange ActiveSync ID")},
    {MatchKind::Imei, QT_TRANSLATE_NOOP("DeviceCodes", "IMEI")},
    {MatchKind::Serial, QT_TRANSLATE_NOOP("DeviceCodes", "Serial number")},
    {MatchKind::Confirmed, QT_TRANSLATE_NOOP("DeviceCodes", "Confirmed by an operator")},
};

template <class E, std::size_t n> QString titleIn(const CodeTitle<E> (&titles)[n], qint64 code)
{
    const auto found = std::ranges::find(titles, E(code), &CodeTitle<E>::code);
    return found == std::end(titles) ? QString() : QCoreApplication::translate("DeviceCodes", found->title);
}

} // namespace

QString columnTitle(frame::DeviceColumn column)
{
    return QCoreApplication::translate("DeviceColumns", columnTitles[int(column)].title);
}

int widthHint(frame::DeviceColumn column)
{
    return columnTitles[int(column)].width;
}

QString codeTitle(frame::DeviceColumn column, qint64 code)
{
    switch (column) {
    case C::AccessState:
        return titleIn(stateTitles, code);
    case C::AccessStateReason:
        return titleIn(reasonTitles, code);
    case C::ClientType:
        return titleIn(clientTitles, code);
    case C::WipeStatus:
        return titleIn(wipeTitles, code);
    case C::Platform:
        return titleIn(platformTitles, code);
    case C::Owner:
        return titleIn(ownerTitles, code);
    case C::ManagementState:
        return titleIn(managementTitles, code);
    case C::ComplianceState:
        return titleIn(complianceTitles, code);
    case C::JailBroken:
        return titleIn(jailTitles, code);
    case C::MatchKind:
        return titleIn(matchTitles, code);
    default:
        return {};
    }
}

} // namespace postern::items

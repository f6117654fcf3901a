#include "models/domain/Intune.h"

namespace postern {

using namespace Qt::StringLiterals;

std::span<const EnumEntry<ComplianceState>> EnumTable<ComplianceState>::entries()
{
    static constexpr EnumEntry<ComplianceState> table[] = {
        {ComplianceState::Unknown, u"unknown"},
        {ComplianceState::Compliant, u"compliant"},
        {ComplianceState::Noncompliant, u"noncompliant"},
        {ComplianceState::Conflict, u"conflict"},
        {ComplianceState::Error, u"error"},
        {ComplianceState::InGracePeriod, u"inGracePeriod"},
        {ComplianceState::ConfigManager, u"configManager"},
    };
    return table;
}

std::span<const EnumEntry<DeviceOwnerType>> EnumTable<DeviceOwnerType>::entries()
{
    static constexpr EnumEntry<DeviceOwnerType> table[] = {
        {DeviceOwnerType::Unknown, u"unknown"},
        {DeviceOwnerType::Company, u"company"},
        {DeviceOwnerType::Personal, u"personal"},
    };
    return table;
}

std::span<const EnumEntry<ManagementState>> EnumTable<ManagementState>::entries()
{
    static constexpr EnumEntry<ManagementState> table[] = {
        {ManagementState::Unknown, u""},
        {ManagementState::Managed, u"managed"},
        {ManagementState::RetirePending, u"retirePending"},
        {ManagementState::RetireFailed, u"retireFailed"},
        {ManagementState::WipePending, u"wipePending"},
        {ManagementState::WipeFailed, u"wipeFailed"},
        {ManagementState::Unhealthy, u"unhealthy"},
        {ManagementState::DeletePending, u"deletePending"},
        {ManagementState::RetireIssued, u"retireIssued"},
        {ManagementState::WipeIssued, u"wipeIssued"},
        {ManagementState::WipeCanceled, u"wipeCanceled"},
        {ManagementState::RetireCanceled, u"retireCanceled"},
        {ManagementState::Discovered, u"discovered"},
    };
    return table;
}

std::span<const EnumEntry<ManagementAgent>> EnumTable<ManagementAgent>::entries()
{
    static constexpr EnumEntry<ManagementAgent> table[] = {
        {ManagementAgent::Unknown, u"unknown"},
        {ManagementAgent::Eas, u"eas"},
        {ManagementAgent::Mdm, u"mdm"},
        {ManagementAgent::EasMdm, u"easMdm"},
        {ManagementAgent::IntuneClient, u"intuneClient"},
        {ManagementAgent::EasIntuneClient, u"easIntuneClient"},
        {ManagementAgent::ConfigurationManagerClient, u"configurationManagerClient"},
        {ManagementAgent::ConfigurationManagerClientMdm, u"configurationManagerClientMdm"},
        {ManagementAgent::ConfigurationManagerClientMdmEas, u"configurationManagerClientMdmEas"},
        {ManagementAgent::Jamf, u"jamf"},
        {ManagementAgent::GoogleCloudDevicePolicyController, u"googleCloudDevicePolicyController"},
        {ManagementAgent::Microsoft365ManagedMdm, u"microsoft365ManagedMdm"},
        {ManagementAgent::MsSense, u"msSense"},
    };
    return table;
}

std::span<const EnumEntry<DeviceRegistrationState>> EnumTable<DeviceRegistrationState>::entries()
{
    static constexpr EnumEntry<DeviceRegistrationState> table[] = {
        {DeviceRegistrationState::Unknown, u"unknown"},
        {DeviceRegistrationState::NotRegistered, u"notRegistered"},
        {DeviceRegistrationState::Registered, u"registered"},
        {DeviceRegistrationState::Revoked, u"revoked"},
        {DeviceRegistrationState::KeyConflict, u"keyConflict"},
        {DeviceRegistrationState::ApprovalPending, u"approvalPending"},
        {DeviceRegistrationState::CertificateReset, u"certificateReset"},
        {DeviceRegistrationState::NotRegisteredPendingEnrollment, u"notRegisteredPendingEnrollment"},
    };
    return table;
}

std::span<const EnumEntry<DeviceEnrollmentType>> EnumTable<DeviceEnrollmentType>::entries()
{
    static constexpr EnumEntry<DeviceEnrollmentType> table[] = {
        {DeviceEnrollmentType::Unknown, u"unknown"},
        {DeviceEnrollmentType::UserEnrollment, u"userEnrollment"},
        {DeviceEnrollmentType::DeviceEnrollmentManager, u"deviceEnrollmentManager"},
        {DeviceEnrollmentType::AppleBulkWithUser, u"appleBulkWithUser"},
        {DeviceEnrollmentType::AppleBulkWithoutUser, u"appleBulkWithoutUser"},
        {DeviceEnrollmentType::WindowsAzureADJoin, u"windowsAzureADJoin"},
        {DeviceEnrollmentType::WindowsBulkUserless, u"windowsBulkUserless"},
        {DeviceEnrollmentType::WindowsAutoEnrollment, u"windowsAutoEnrollment"},
        {DeviceEnrollmentType::WindowsBulkAzureDomainJoin, u"windowsBulkAzureDomainJoin"},
        {DeviceEnrollmentType::WindowsCoManagement, u"windowsCoManagement"},
        {DeviceEnrollmentType::WindowsAzureADJoinUsingDeviceAuth, u"windowsAzureADJoinUsingDeviceAuth"},
        {DeviceEnrollmentType::AppleUserEnrollment, u"appleUserEnrollment"},
        {DeviceEnrollmentType::AppleUserEnrollmentWithServiceAccount,
            u"appleUserEnrollmentWithServiceAccount"},
    };
    return table;
}

std::span<const EnumEntry<PartnerThreatState>> EnumTable<PartnerThreatState>::entries()
{
    static constexpr EnumEntry<PartnerThreatState> table[] = {
        {PartnerThreatState::Unknown, u"unknown"},
        {PartnerThreatState::Activated, u"activated"},
        {PartnerThreatState::Deactivated, u"deactivated"},
        {PartnerThreatState::Secured, u"secured"},
        {PartnerThreatState::LowSeverity, u"lowSeverity"},
        {PartnerThreatState::MediumSeverity, u"mediumSeverity"},
        {PartnerThreatState::HighSeverity, u"highSeverity"},
        {PartnerThreatState::Unresponsive, u"unresponsive"},
        {PartnerThreatState::Compromised, u"compromised"},
        {PartnerThreatState::Misconfigured, u"misconfigured"},
    };
    return table;
}

std::span<const EnumEntry<IntuneAccessState>> EnumTable<IntuneAccessState>::entries()
{
    static constexpr EnumEntry<IntuneAccessState> table[] = {
        {IntuneAccessState::Unknown, u"unknown"},
        {IntuneAccessState::None, u"none"},
        {IntuneAccessState::Allowed, u"allowed"},
        {IntuneAccessState::Blocked, u"blocked"},
        {IntuneAccessState::Quarantined, u"quarantined"},
    };
    return table;
}

std::span<const EnumEntry<DeviceActionState>> EnumTable<DeviceActionState>::entries()
{
    static constexpr EnumEntry<DeviceActionState> table[] = {
        {DeviceActionState::None, u"none"},
        {DeviceActionState::Pending, u"pending"},
        {DeviceActionState::Canceled, u"canceled"},
        {DeviceActionState::Active, u"active"},
        {DeviceActionState::Done, u"done"},
        {DeviceActionState::Failed, u"failed"},
        {DeviceActionState::NotSupported, u"notSupported"},
    };
    return table;
}

std::span<const EnumEntry<RemoteAction::Kind>> EnumTable<RemoteAction::Kind>::entries()
{
    static constexpr EnumEntry<RemoteAction::Kind> table[] = {
        {RemoteAction::Kind::SyncDevice, u"syncDevice"},
        {RemoteAction::Kind::RemoteLock, u"remoteLock"},
        {RemoteAction::Kind::ResetPasscode, u"resetPasscode"},
        {RemoteAction::Kind::Retire, u"retire"},
        {RemoteAction::Kind::Wipe, u"wipe"},
    };
    return table;
}

std::optional<bool> ManagedDevice::isJailBroken() const
{
    if (jailBroken.compare("True"_L1, Qt::CaseInsensitive) == 0)
        return true;
    if (jailBroken.compare("False"_L1, Qt::CaseInsensitive) == 0)
        return false;
    return std::nullopt;
}

bool isDestructive(RemoteAction::Kind kind)
{
    return kind == RemoteAction::Kind::Retire || kind == RemoteAction::Kind::Wipe;
}

namespace {

// Intune lists some actions under the name of what they do, not of the call.
bool isNameOf(const QString& name, RemoteAction::Kind kind)
{
    const auto is
        = [&name](QLatin1StringView other) { return name.compare(other, Qt::CaseInsensitive) == 0; };
    if (name.compare(enumText(kind), Qt::CaseInsensitive) == 0)
        return true;
    switch (kind) {
    case RemoteAction::Kind::Wipe:
        return is("factoryReset"_L1);
    case RemoteAction::Kind::Retire:
        return is("removeCompanyData"_L1);
    default:
        return false;
    }
}

} // namespace

std::optional<DeviceActionResult> latestResult(
    const std::vector<DeviceActionResult>& results, RemoteAction::Kind kind)
{
    const DeviceActionResult* latest = nullptr;
    for (const DeviceActionResult& result : results) {
        if (isNameOf(result.name, kind) && (!latest || latest->started < result.started))
            latest = &result;
    }
    return latest ? std::optional(*latest) : std::nullopt;
}

} // namespace postern

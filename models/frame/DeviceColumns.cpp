#include "models/frame/DeviceColumns.h"

namespace postern::frame {

namespace {

using C = DeviceColumn;
using K = ColumnKind;

// SHL-07: Exchange Access State and Last Success Sync Time exist but are hidden until somebody adds them.
constexpr DeviceColumnInfo table[] = {
    {C::Name, K::Text, u"name", true},
    {C::UserName, K::Text, u"userName", true},
    {C::UserPrincipalName, K::Text, u"userPrincipalName", false},
    {C::EmailAddress, K::Text, u"emailAddress", true},
    {C::Department, K::Text, u"department", false},
    {C::DeviceType, K::Text, u"deviceType", true},
    {C::DeviceModel, K::Text, u"deviceModel", true},
    {C::FriendlyName, K::Text, u"friendlyName", false},
    {C::DeviceOS, K::Text, u"deviceOS", true},
    {C::EasDeviceId, K::Text, u"easDeviceId", false},
    {C::ClientVersion, K::Text, u"clientVersion", false},
    {C::Imei, K::Text, u"imei", false},
    {C::PhoneNumber, K::Text, u"phoneNumber", false},
    {C::MobileOperator, K::Text, u"mobileOperator", false},
    {C::UserAgent, K::Text, u"userAgent", false},
    {C::ExchangeServer, K::Text, u"exchangeServer", false},
    {C::ExchangeOrganization, K::Text, u"exchangeOrganization", false},
    {C::AccessControlRule, K::Text, u"accessControlRule", false},
    {C::AccessStateReasonText, K::Text, u"accessStateReasonText", false},
    {C::PolicyApplied, K::Text, u"policyApplied", false},
    {C::PolicyApplicationStatus, K::Text, u"policyApplicationStatus", false},
    {C::DeviceIdentity, K::Text, u"deviceIdentity", false},
    {C::ConnectorName, K::Text, u"connector", false},
    {C::SiteCode, K::Text, u"siteCode", false},
    {C::OsVersion, K::Text, u"osVersion", false},
    {C::SerialNumber, K::Text, u"serialNumber", false},
    {C::DeviceCategory, K::Text, u"deviceCategory", false},
    {C::IntuneDeviceId, K::Text, u"intuneDeviceId", false},
    {C::EntraDeviceId, K::Text, u"entraDeviceId", false},
    {C::AccessState, K::Code, u"exchangeAccessState", false},
    {C::AccessStateReason, K::Code, u"exchangeAccessStateReason", false},
    {C::ClientType, K::Code, u"clientType", true},
    {C::WipeStatus, K::Code, u"wipeStatus", false},
    {C::FirstSyncTime, K::Time, u"firstSyncTime", false},
    {C::LastSuccessSync, K::Time, u"lastSuccessSyncTime", false},
    {C::LastSyncAttempt, K::Time, u"lastSyncAttemptTime", false},
    {C::LastPolicyUpdate, K::Time, u"lastPolicyUpdateTime", false},
    {C::ExchangeDataAsOf, K::Time, u"exchangeDataAsOf", false},
    {C::FoldersSynced, K::Number, u"foldersSynced", false},
    {C::RemoteWipeSupported, K::Flag, u"remoteWipeSupported", false},
    {C::EasEnabled, K::Flag, u"easEnabled", false},
    {C::Stale, K::Flag, u"stale", false},
    {C::Platform, K::Code, u"platform", false},
    {C::Owner, K::Code, u"owner", false},
    {C::ManagementState, K::Code, u"managementState", false},
    {C::Enrolled, K::Flag, u"enrolled", false},
    {C::EnrolledAt, K::Time, u"enrolledAt", false},
    {C::ComplianceState, K::Code, u"complianceState", false},
    {C::GraceExpires, K::Time, u"graceExpires", false},
    {C::JailBroken, K::Code, u"jailBroken", false},
    {C::Encrypted, K::Flag, u"encrypted", false},
    {C::IntuneLastCheckIn, K::Time, u"intuneLastCheckIn", false},
    {C::IntuneDataAsOf, K::Time, u"intuneDataAsOf", false},
    {C::MatchKind, K::Code, u"matchKind", false},
    {C::PartnershipCount, K::Number, u"partnerships", false},
    {C::EasActivated, K::Flag, u"easActivated", false},
    {C::EntraRegistered, K::Flag, u"entraRegistered", false},
    {C::IntuneLicensed, K::Flag, u"intuneLicensed", false},
};
static_assert(std::size(table) == deviceColumnCount);

} // namespace

std::span<const DeviceColumnInfo> deviceColumns()
{
    return table;
}

const DeviceColumnInfo& deviceColumnInfo(DeviceColumn column)
{
    return table[int(column)];
}

std::optional<DeviceColumn> deviceColumnFromKey(QStringView key)
{
    for (const auto& info : table) {
        if (info.key.compare(key, Qt::CaseInsensitive) == 0)
            return info.column;
    }
    return std::nullopt;
}

} // namespace postern::frame

// Which parameter, and which property, of a mailbox policy each of our settings is (CON-20 to 24;
// exchange-protocols e.3), once for writing and reading. An archive has a function a form of value; names are
// the MobileDevice cmdlets' first, the ActiveSync ones' second where they differ. All of a group is visited,
// so that a configured group is sent whole (CON-19). Internal to services/exchange.
#pragma once

#include <QStringView>
#include <chrono>

#include "models/domain/ConnectorSettings.h"

namespace postern::exchange {

struct PolicyName
{
    QStringView modern;
    QStringView legacy; // empty: the same
};

template <class Archive> void visit(Archive& archive, GeneralPolicySettings& group)
{
    archive.flag({u"AllowInternetSharing", {}}, group.allowInternetSharing);
    archive.flag({u"AllowDesktopSync", {}}, group.allowDesktopSync);
    archive.flag({u"AllowNonProvisionableDevices", {}}, group.allowNonProvisionableDevices);
    archive.span({u"DevicePolicyRefreshInterval", {}}, group.refreshHours, std::chrono::hours(1));
}

template <class Archive> void visit(Archive& archive, PasswordPolicySettings& group)
{
    archive.flag({u"PasswordEnabled", u"DevicePasswordEnabled"}, group.required);
    archive.complexity(
        {u"AlphanumericPasswordRequired", u"AlphanumericDevicePasswordRequired"}, group.complexity);
    archive.number(
        {u"MinPasswordComplexCharacters", u"MinDevicePasswordComplexCharacters"}, group.minimumComplexSets);
    archive.flag({u"AllowSimplePassword", u"AllowSimpleDevicePassword"}, group.allowSimple);
    archive.numberOrNone({u"MinPasswordLength", u"MinDevicePasswordLength"}, group.minimumLength);
    archive.span(
        {u"PasswordExpiration", u"DevicePasswordExpiration"}, group.expiryDays, std::chrono::hours(24));
    archive.number({u"PasswordHistory", u"DevicePasswordHistory"}, group.history);
    archive.flag({u"PasswordRecoveryEnabled", {}}, group.allowRecovery);
    archive.limit(
        {u"MaxPasswordFailedAttempts", u"MaxDevicePasswordFailedAttempts"}, group.wipeAfterAttempts);
    archive.span({u"MaxInactivityTimeLock", u"MaxInactivityTimeDeviceLock"}, group.idleLockMinutes,
        std::chrono::minutes(1));
}

template <class Archive> void visit(Archive& archive, EmailPolicySettings& group)
{
    archive.flag({u"AllowConsumerEmail", {}}, group.allowConsumerEmail);
    archive.choice({u"MaxEmailAgeFilter", {}}, group.maxEmailAge);
    archive.choice({u"MaxCalendarAgeFilter", {}}, group.maxCalendarAge);
    archive.opposite({u"RequireManualSyncWhenRoaming", {}}, group.pushWhileRoaming);
    archive.flag({u"AllowHTMLEmail", {}}, group.allowHtml);
    archive.flag({u"AttachmentsEnabled", {}}, group.allowAttachments);
    archive.bytes({u"MaxAttachmentSize", {}}, group.maxAttachmentKb);
    archive.limit({u"MaxEmailHTMLBodyTruncationSize", {}}, group.maxHtmlBodyKb); // Exchange counts KB here
    archive.limit({u"MaxEmailBodyTruncationSize", {}}, group.maxTextBodyKb);
}

template <class Archive> void visit(Archive& archive, SecurityPolicySettings& group)
{
    archive.flag({u"AllowRemoteDesktop", {}}, group.allowRemoteDesktop);
    archive.flag({u"AllowStorageCard", {}}, group.allowRemovableStorage);
    archive.flag({u"AllowCamera", {}}, group.allowCamera);
    archive.choice({u"AllowBluetooth", {}}, group.bluetooth);
    archive.flag({u"AllowWiFi", {}}, group.allowWifi);
    archive.flag({u"AllowIrDA", {}}, group.allowInfrared);
    archive.flag({u"AllowBrowser", {}}, group.allowBrowser);
    archive.flag({u"RequireStorageCardEncryption", {}}, group.requireStorageCardEncryption);
    archive.flag({u"RequireDeviceEncryption", {}}, group.requireDeviceEncryption);
    archive.flag({u"AllowTextMessaging", {}}, group.allowTextMessages);
}

template <class Archive> void visit(Archive& archive, ApplicationPolicySettings& group)
{
    archive.flag({u"AllowUnsignedApplications", {}}, group.allowUnsignedApplications);
    archive.flag({u"AllowUnsignedInstallationPackages", {}}, group.allowUnsignedPackages);
    archive.list({u"UnapprovedInROMApplicationList", {}}, group.blockedApplications);
}

} // namespace postern::exchange

// The JSON form of the connector's settings, one name a member; see JsonFields.h. Only for the .cpp files of
// models/domain.
#pragma once

#include <concepts>

#include "models/domain/ConnectorSettings.h"

namespace postern {

// `S` is const when written, not when read.
template <class S, class T>
concept Maybe = std::same_as<std::remove_const_t<S>, T>;

template <class V, Maybe<GeneralPolicySettings> S> void fields(V& visit, S& value)
{
    visit("allowInternetSharing", value.allowInternetSharing);
    visit("allowDesktopSync", value.allowDesktopSync);
    visit("allowNonProvisionableDevices", value.allowNonProvisionableDevices);
    visit("refreshHours", value.refreshHours);
}

template <class V, Maybe<PasswordPolicySettings> S> void fields(V& visit, S& value)
{
    visit("required", value.required);
    visit("complexity", value.complexity);
    visit("minimumComplexSets", value.minimumComplexSets);
    visit("allowSimple", value.allowSimple);
    visit("minimumLength", value.minimumLength);
    visit("expiryDays", value.expiryDays);
    visit("history", value.history);
    visit("allowRecovery", value.allowRecovery);
    visit("wipeAfterAttempts", value.wipeAfterAttempts);
    visit("idleLockMinutes", value.idleLockMinutes);
}

template <class V, Maybe<EmailPolicySettings> S> void fields(V& visit, S& value)
{
    visit("allowConsumerEmail", value.allowConsumerEmail);
    visit("maxEmailAge", value.maxEmailAge);
    visit("maxCalendarAge", value.maxCalendarAge);
    visit("pushWhileRoaming", value.pushWhileRoaming);
    visit("allowHtml", value.allowHtml);
    visit("allowAttachments", value.allowAttachments);
    visit("maxAttachmentKb", value.maxAttachmentKb);
    visit("maxHtmlBodyKb", value.maxHtmlBodyKb);
    visit("maxTextBodyKb", value.maxTextBodyKb);
}

template <class V, Maybe<SecurityPolicySettings> S> void fields(V& visit, S& value)
{
    visit("allowRemoteDesktop", value.allowRemoteDesktop);
    visit("allowRemovableStorage", value.allowRemovableStorage);
    visit("allowCamera", value.allowCamera);
    visit("bluetooth", value.bluetooth);
    visit("allowWifi", value.allowWifi);
    visit("allowInfrared", value.allowInfrared);
    visit("allowBrowser", value.allowBrowser);
    visit("requireStorageCardEncryption", value.requireStorageCardEncryption);
    visit("requireDeviceEncryption", value.requireDeviceEncryption);
    visit("allowTextMessages", value.allowTextMessages);
}

template <class V, Maybe<ApplicationPolicySettings> S> void fields(V& visit, S& value)
{
    visit("allowUnsignedApplications", value.allowUnsignedApplications);
    visit("allowUnsignedPackages", value.allowUnsignedPackages);
    visit("blockedApplications", value.blockedApplications);
}

template <class V, Maybe<MailboxPolicySettings> S> void fields(V& visit, S& value)
{
    visit("general", value.general);
    visit("password", value.password);
    visit("email", value.email);
    visit("security", value.security);
    visit("application", value.application);
}

template <class V, Maybe<AccessRule> S> void fields(V& visit, S& value)
{
    visit("name", value.name);
    visit("characteristic", value.characteristic);
    visit("query", value.query);
    visit("level", value.level);
    visit("identity", value.identity);
}

template <class V, Maybe<AccessRulesSettings> S> void fields(V& visit, S& value)
{
    visit("manage", value.manage);
    visit("defaultLevel", value.defaultLevel);
    visit("rules", value.rules);
    visit("adminMailRecipients", value.adminMailRecipients);
    visit("userMailInsert", value.userMailInsert);
}

template <class V, Maybe<ConnectorSettings> S> void fields(V& visit, S& value)
{
    visit("policy", value.policy);
    visit("allowExternalDeviceManagement", value.allowExternalDeviceManagement);
    visit("access", value.access);
}

template <class V, Maybe<OrganizationSettings> S> void fields(V& visit, S& value)
{
    visit("defaultAccessLevel", value.defaultAccessLevel);
    visit("userMailInsert", value.userMailInsert);
    visit("adminMailRecipients", value.adminMailRecipients);
}

} // namespace postern

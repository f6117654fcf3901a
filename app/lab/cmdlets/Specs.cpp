#include "app/lab/cmdlets/Specs.h"

#include <array>

#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

struct Entry
{
    const char* name;
    CmdletBody body;
    const char* kind; // "" reads, "w" writes, "wc" writes and asks
    const char* parameters;
    const char* exclusive; // groups: "Identity|Mailbox"
};

#define POSTERN_LAB_POLICY_SETTINGS                                                                          \
    "AllowBluetooth:Choice(Disable|HandsfreeOnly|Allow) AllowBrowser:Boolean AllowCamera:Boolean "           \
    "AllowConsumerEmail:Boolean "                                                                            \
    "AllowDesktopSync:Boolean AllowHTMLEmail:Boolean AllowInternetSharing:Boolean AllowIrDA:Boolean "        \
    "AllowMobileOTAUpdate:Boolean AllowNonProvisionableDevices:Boolean AllowPOPIMAPEmail:Boolean "           \
    "AllowRemoteDesktop:Boolean "                                                                            \
    "AllowSMIMEEncryptionAlgorithmNegotiation:Choice(BlockNegotiation|OnlyStrongAlgorithmNegotiation|"       \
    "AllowAnyAlgorithmNegotiation) "                                                                         \
    "AllowSMIMESoftCerts:Boolean AllowStorageCard:Boolean AllowTextMessaging:Boolean "                       \
    "AllowUnsignedApplications:Boolean "                                                                     \
    "AllowUnsignedInstallationPackages:Boolean AllowWiFi:Boolean ApprovedApplicationList:List "              \
    "AttachmentsEnabled:Boolean "                                                                            \
    "DeviceEncryptionEnabled:Boolean DevicePolicyRefreshInterval:Text IrmEnabled:Boolean "                   \
    "MaxAttachmentSize:Text "                                                                                \
    "MaxCalendarAgeFilter:Choice(All|TwoWeeks|OneMonth|ThreeMonths|SixMonths) "                              \
    "MaxEmailAgeFilter:Choice(All|OneDay|ThreeDays|OneWeek|TwoWeeks|OneMonth) "                              \
    "MaxEmailBodyTruncationSize:Text "                                                                       \
    "MaxEmailHTMLBodyTruncationSize:Text PasswordRecoveryEnabled:Boolean RequireDeviceEncryption:Boolean "   \
    "RequireEncryptedSMIMEMessages:Boolean RequireManualSyncWhenRoaming:Boolean "                            \
    "RequireSignedSMIMEMessages:Boolean "                                                                    \
    "RequireStorageCardEncryption:Boolean UnapprovedInROMApplicationList:List UNCAccessEnabled:Boolean "     \
    "WSSAccessEnabled:Boolean "
#define POSTERN_LAB_MOBILE_SETTINGS                                                                          \
    POSTERN_LAB_POLICY_SETTINGS                                                                              \
    "AllowSimplePassword:Boolean AlphanumericPasswordRequired:Boolean MaxInactivityTimeLock:Text "           \
    "MaxPasswordFailedAttempts:Text "                                                                        \
    "MinPasswordComplexCharacters:Integer MinPasswordLength:Integer PasswordEnabled:Boolean "                \
    "PasswordExpiration:Text "                                                                               \
    "PasswordHistory:Integer IsDefault:Boolean DomainController:Text "
#define POSTERN_LAB_ACTIVESYNC_SETTINGS                                                                      \
    POSTERN_LAB_POLICY_SETTINGS                                                                              \
    "AllowSimpleDevicePassword:Boolean AlphanumericDevicePasswordRequired:Boolean "                          \
    "MaxInactivityTimeDeviceLock:Text "                                                                      \
    "MaxDevicePasswordFailedAttempts:Text MinDevicePasswordComplexCharacters:Integer "                       \
    "MinDevicePasswordLength:Integer "                                                                       \
    "DevicePasswordEnabled:Boolean DevicePasswordExpiration:Text DevicePasswordHistory:Integer "             \
    "IsDefaultPolicy:Boolean "                                                                               \
    "IsDefault:Boolean DomainController:Text "
#define POSTERN_LAB_LISTING                                                                                  \
    "Filter:Text ResultSize:Unlimited SortBy:Text OrganizationalUnit:Identity DomainController:Text "
#define POSTERN_LAB_DEVICE_LISTING                                                                           \
    "Identity:Identity0< Mailbox:Identity Monitoring:Switch " POSTERN_LAB_LISTING
#define POSTERN_LAB_DEVICE_KINDS                                                                             \
    "ActiveSync:Switch OWAforDevices:Switch RestApi:Switch UniversalOutlook:Switch "
#define POSTERN_LAB_STATISTICS                                                                               \
    "Identity:Identity0< Mailbox:Identity GetMailboxLog:Switch NotificationEmailAddresses:List "             \
    "ShowRecoveryPassword:Switch DomainController:Text "

constexpr std::array<Entry, 33> entries{{
    {"Get-MobileDevice", getMobileDevice, "", POSTERN_LAB_DEVICE_LISTING POSTERN_LAB_DEVICE_KINDS,
        "Identity|Mailbox"},
    {"Get-ActiveSyncDevice", getActiveSyncDevice, "", POSTERN_LAB_DEVICE_LISTING, "Identity|Mailbox"},
    {"Get-MobileDeviceStatistics", getMobileDeviceStatistics, "",
        POSTERN_LAB_STATISTICS POSTERN_LAB_DEVICE_KINDS, "Identity|Mailbox"},
    {"Get-ActiveSyncDeviceStatistics", getActiveSyncDeviceStatistics, "", POSTERN_LAB_STATISTICS,
        "Identity|Mailbox"},
    {"Clear-MobileDevice", clearDevice, "wc",
        "Identity:Identity!0< AccountOnly:Switch Cancel:Switch NotificationEmailAddresses:List "
        "DomainController:Text",
        ""},
    {"Clear-ActiveSyncDevice", clearDevice, "wc",
        "Identity:Identity!0< Cancel:Switch NotificationEmailAddresses:List DomainController:Text", ""},
    {"Remove-MobileDevice", removeDevice, "wc", "Identity:Identity!0< DomainController:Text", ""},
    {"Remove-ActiveSyncDevice", removeDevice, "wc", "Identity:Identity!0< DomainController:Text", ""},
    {"Get-ActiveSyncDeviceClass", getDeviceClass, "",
        "Identity:Identity0< Filter:Text SortBy:Text DomainController:Text", ""},
    {"Get-ActiveSyncDeviceAccessRule", getAccessRule, "", "Identity:Identity0< DomainController:Text", ""},
    {"New-ActiveSyncDeviceAccessRule", newAccessRule, "w",
        "AccessLevel:Choice(Allow|Block|Quarantine)! "
        "Characteristic:Choice(DeviceModel|DeviceType|DeviceOS|UserAgent|XMSWLHeader)! QueryString:Text! "
        "DomainController:Text",
        ""},
    {"Set-ActiveSyncDeviceAccessRule", setAccessRule, "w",
        "Identity:Identity!0< AccessLevel:Choice(Allow|Block|Quarantine) DomainController:Text", ""},
    {"Remove-ActiveSyncDeviceAccessRule", removeAccessRule, "wc",
        "Identity:Identity!0< DomainController:Text", ""},
    {"Get-ActiveSyncOrganizationSettings", getOrganizationSettings, "",
        "Identity:Identity0< DomainController:Text", ""},
    {"Set-ActiveSyncOrganizationSettings", setOrganizationSettings, "w",
        "Identity:Identity0< AdminMailRecipients:List DefaultAccessLevel:Choice(Allow|Block|Quarantine) "
        "UserMailInsert:Text OtaNotificationMailInsert:Text "
        "AllowAccessForUnSupportedPlatform:Boolean AllowRMSSupportForUnenlightenedApps:Boolean "
        "DomainController:Text",
        ""},
    {"Get-MobileDeviceMailboxPolicy", getMailboxPolicy, "", "Identity:Identity0< DomainController:Text", ""},
    {"New-MobileDeviceMailboxPolicy", newMailboxPolicy, "w", "Name:Text!0 " POSTERN_LAB_MOBILE_SETTINGS, ""},
    {"Set-MobileDeviceMailboxPolicy", setMailboxPolicy, "w",
        "Identity:Identity!0< Name:Text " POSTERN_LAB_MOBILE_SETTINGS, ""},
    {"Remove-MobileDeviceMailboxPolicy", removeMailboxPolicy, "wc",
        "Identity:Identity!0< Force:Switch DomainController:Text", ""},
    {"Get-ActiveSyncMailboxPolicy", getMailboxPolicy, "", "Identity:Identity0< DomainController:Text", ""},
    {"New-ActiveSyncMailboxPolicy", newMailboxPolicy, "w", "Name:Text!0 " POSTERN_LAB_ACTIVESYNC_SETTINGS,
        ""},
    {"Set-ActiveSyncMailboxPolicy", setMailboxPolicy, "w",
        "Identity:Identity!0< Name:Text " POSTERN_LAB_ACTIVESYNC_SETTINGS, ""},
    {"Remove-ActiveSyncMailboxPolicy", removeMailboxPolicy, "wc",
        "Identity:Identity!0< Force:Switch DomainController:Text", ""},
    {"Get-CASMailbox", getCasMailbox, "",
        "Identity:Identity0< Anr:Text ActiveSyncDebugLogging:Switch Credential:Text "
        "GetImapProtocolLog:Switch GetPopProtocolLog:Switch "
        "IgnoreDefaultScope:Switch Monitoring:Switch ProtocolSettings:Switch ReadFromDomainController:Switch "
        "RecalculateHasActiveSyncDevicePartnership:Switch SendLogsTo:List " POSTERN_LAB_LISTING,
        "Identity|Anr"},
    {"Set-CASMailbox", setCasMailbox, "w",
        "Identity:Identity!0< ActiveSyncAllowedDeviceIDs:List ActiveSyncBlockedDeviceIDs:List "
        "ActiveSyncDebugLogging:Boolean ActiveSyncEnabled:Boolean "
        "ActiveSyncMailboxPolicy:Identity ActiveSyncSuppressReadReceipt:Boolean DisplayName:Text "
        "EwsEnabled:Boolean ImapEnabled:Boolean "
        "MAPIEnabled:Boolean OWAEnabled:Boolean OWAforDevicesEnabled:Boolean PopEnabled:Boolean "
        "PrimarySmtpAddress:Text SamAccountName:Text "
        "IgnoreDefaultScope:Switch DomainController:Text",
        ""},
    {"Get-Mailbox", getMailbox, "",
        "Identity:Identity0< Anr:Text Database:Identity Server:Identity Archive:Switch "
        "RecipientTypeDetails:List IgnoreDefaultScope:Switch "
        "ReadFromDomainController:Switch Credential:Text " POSTERN_LAB_LISTING,
        "Identity|Anr|Database|Server"},
    {"Get-User", getUser, "",
        "Identity:Identity0< Anr:Text RecipientTypeDetails:List IgnoreDefaultScope:Switch "
        "ReadFromDomainController:Switch Credential:Text " POSTERN_LAB_LISTING,
        "Identity|Anr"},
    {"Get-Recipient", getRecipient, "",
        "Identity:Identity0< Anr:Text Database:Identity RecipientType:List RecipientTypeDetails:List "
        "Properties:List "
        "PropertySet:Choice(All|ControlPanel|ConsoleSmallSet|ConsoleLargeSet|Minimum) "
        "BookmarkDisplayName:Text IncludeBookmarkObject:Boolean "
        "IgnoreDefaultScope:Switch ReadFromDomainController:Switch Credential:Text " POSTERN_LAB_LISTING,
        "Identity|Anr|Database"},
    {"Get-ExchangeServer", getExchangeServer, "",
        "Identity:Identity0< Domain:Text Status:Switch DomainController:Text", "Identity|Domain"},
    {"Get-OrganizationalUnit", getOrganizationalUnit, "",
        "Identity:Identity0< SearchText:Text IncludeContainers:Switch SingleNodeOnly:Switch "
        "ResultSize:Unlimited DomainController:Text",
        "Identity|SearchText"},
    {"Get-OrganizationConfig", getOrganizationConfig, "", "DomainController:Text", ""},
    {"Set-ADServerSettings", setAdServerSettings, "w",
        "ViewEntireForest:Boolean RecipientViewRoot:Text PreferredServer:Text "
        "ConfigurationDomainController:Text "
        "PreferredGlobalCatalog:Text SetPreferredDomainControllers:List RunspaceServerSettings:Text",
        ""},
    {"Get-Command", getCommand, "",
        "Name:List0< Verb:List Noun:List Module:List CommandType:List TotalCount:Integer Syntax:Switch "
        "ListImported:Switch All:Switch ArgumentList:List",
        ""},
}};

std::string dotNetType(ParameterType type)
{
    switch (type) {
    case ParameterType::Boolean:
        return "System.Boolean";
    case ParameterType::Switch:
        return "System.Management.Automation.SwitchParameter";
    case ParameterType::Integer:
        return "System.Int32";
    case ParameterType::List:
        return "Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]";
    case ParameterType::Time:
        return "System.DateTime";
    case ParameterType::Identity:
    case ParameterType::Unlimited:
    case ParameterType::Choice:
    case ParameterType::Text:
        break;
    }
    return "System.String";
}

std::vector<CmdletSpec> made()
{
    std::vector<CmdletSpec> out;
    for (const Entry& entry : entries) {
        CmdletSpec spec;
        spec.name = entry.name;
        spec.body = entry.body;
        spec.writes = entry.kind[0] == 'w';
        spec.confirms = spec.writes && entry.kind[1] == 'c';
        spec.parameters = parseParameters(entry.parameters);
        std::vector<ParameterSpec> common = parseParameters(
            "Verbose:Switch Debug:Switch ErrorAction:Text WarningAction:Text InformationAction:Text "
            "ErrorVariable:Text WarningVariable:Text InformationVariable:Text OutVariable:Text "
            "OutBuffer:Integer PipelineVariable:Text");
        if (spec.writes)
            for (ParameterSpec& asking : parseParameters("WhatIf:Switch Confirm:Switch"))
                common.push_back(std::move(asking));
        for (ParameterSpec& parameter : common) {
            parameter.common = true;
            spec.parameters.push_back(std::move(parameter));
        }
        if (*entry.exclusive)
            spec.exclusive.push_back(split(entry.exclusive, '|'));
        out.push_back(std::move(spec));
    }
    return out;
}

} // namespace

std::vector<ParameterSpec> parseParameters(std::string_view text)
{
    static const std::vector<std::pair<std::string_view, ParameterType>> types{{"Text", ParameterType::Text},
        {"Identity", ParameterType::Identity}, {"Boolean", ParameterType::Boolean},
        {"Switch", ParameterType::Switch}, {"Integer", ParameterType::Integer},
        {"Unlimited", ParameterType::Unlimited}, {"Choice", ParameterType::Choice},
        {"List", ParameterType::List}, {"Time", ParameterType::Time}};
    std::vector<ParameterSpec> out;
    for (const std::string& word : split(text, ' ')) {
        const auto colon = word.find(':');
        if (colon == std::string::npos)
            continue;
        ParameterSpec parameter;
        parameter.name = word.substr(0, colon);
        std::string rest = word.substr(colon + 1);
        for (const auto& [name, type] : types) {
            if (rest.starts_with(name)) {
                parameter.type = type;
                rest = rest.substr(name.size());
                break;
            }
        }
        if (rest.starts_with('(')) {
            parameter.choices = split(std::string_view(rest).substr(1, rest.find(')') - 1), '|');
            rest = rest.substr(rest.find(')') + 1);
        }
        parameter.mandatory = rest.find('!') != std::string::npos;
        parameter.positional = rest.find('0') != std::string::npos;
        parameter.pipeline = rest.find('<') != std::string::npos;
        parameter.dotNetType = dotNetType(parameter.type);
        out.push_back(std::move(parameter));
    }
    return out;
}

const ParameterSpec* CmdletSpec::parameter(std::string_view exactName) const
{
    for (const ParameterSpec& candidate : parameters) {
        if (equalsIgnoreCase(candidate.name, exactName))
            return &candidate;
    }
    return nullptr;
}

const std::vector<CmdletSpec>& allCmdlets()
{
    static const std::vector<CmdletSpec> all = made();
    return all;
}

const CmdletSpec* findCmdlet(std::string_view name)
{
    for (const CmdletSpec& spec : allCmdlets()) {
        if (equalsIgnoreCase(spec.name, name))
            return &spec;
    }
    return nullptr;
}

} // namespace postern::lab

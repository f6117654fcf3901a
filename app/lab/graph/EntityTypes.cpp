#include <array>

#include "app/lab/graph/Entity.h"

// The properties of each type, as the published CSDL lists them (v1.0). Order matters: writers follow it.
namespace postern::lab::types {

namespace {

constexpr auto managedDeviceProperties
    = std::to_array<std::string_view>({"id", "activationLockBypassCode", "androidSecurityPatchLevel",
        "azureADDeviceId", "azureADRegistered", "complianceGracePeriodExpirationDateTime", "complianceState",
        "configurationManagerClientEnabledFeatures", "deviceActionResults", "deviceCategoryDisplayName",
        "deviceEnrollmentType", "deviceHealthAttestationState", "deviceName", "deviceRegistrationState",
        "easActivated", "easActivationDateTime", "easDeviceId", "emailAddress", "enrolledDateTime",
        "enrollmentProfileName", "ethernetMacAddress", "exchangeAccessState", "exchangeAccessStateReason",
        "exchangeLastSuccessfulSyncDateTime", "freeStorageSpaceInBytes", "iccid", "imei", "isEncrypted",
        "isSupervised", "jailBroken", "lastSyncDateTime", "managedDeviceName", "managedDeviceOwnerType",
        "managementAgent", "managementCertificateExpirationDate", "managementState", "manufacturer", "meid",
        "model", "notes", "operatingSystem", "osVersion", "partnerReportedThreatState", "phoneNumber",
        "physicalMemoryInBytes", "remoteAssistanceSessionErrorDetails", "remoteAssistanceSessionUrl",
        "requireUserEnrollmentApproval", "serialNumber", "subscriberCarrier", "totalStorageSpaceInBytes",
        "udid", "userDisplayName", "userId", "userPrincipalName", "wiFiMacAddress"});

constexpr auto userProperties = std::to_array<std::string_view>({"id", "deletedDateTime", "aboutMe",
    "accountEnabled", "ageGroup", "assignedLicenses", "assignedPlans", "authorizationInfo", "birthday",
    "businessPhones", "city", "companyName", "consentProvidedForMinor", "country", "createdDateTime",
    "creationType", "customSecurityAttributes", "department", "deviceEnrollmentLimit", "displayName",
    "employeeHireDate", "employeeId", "employeeLeaveDateTime", "employeeOrgData", "employeeType",
    "externalUserState", "externalUserStateChangeDateTime", "faxNumber", "givenName", "hireDate",
    "identities", "identityParentId", "imAddresses", "interests", "isManagementRestricted",
    "isResourceAccount", "jobTitle", "lastPasswordChangeDateTime", "legalAgeGroupClassification",
    "licenseAssignmentStates", "mail", "mailboxSettings", "mailNickname", "mobilePhone", "mySite",
    "officeLocation", "onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesExtensionAttributes",
    "onPremisesImmutableId", "onPremisesLastSyncDateTime", "onPremisesProvisioningErrors",
    "onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled",
    "onPremisesUserPrincipalName", "otherMails", "passwordPolicies", "passwordProfile", "pastProjects",
    "postalCode", "preferredDataLocation", "preferredLanguage", "preferredName", "print", "provisionedPlans",
    "proxyAddresses", "responsibilities", "schools", "securityIdentifier", "serviceProvisioningErrors",
    "showInAddressList", "signInActivity", "signInSessionsValidFromDateTime", "skills", "state",
    "streetAddress", "surname", "usageLocation", "userPrincipalName", "userType"});

constexpr auto groupProperties = std::to_array<std::string_view>({"id", "deletedDateTime", "accessType",
    "allowExternalSenders", "assignedLabels", "assignedLicenses", "autoSubscribeNewMembers", "classification",
    "createdDateTime", "description", "displayName", "expirationDateTime", "groupTypes",
    "hasMembersWithLicenseErrors", "hideFromAddressLists", "hideFromOutlookClients", "infoCatalogs",
    "isArchived", "isAssignableToRole", "isFavorite", "isManagementRestricted", "isSubscribedByMail",
    "licenseProcessingState", "mail", "mailEnabled", "mailNickname", "membershipRule",
    "membershipRuleProcessingState", "onPremisesDomainName", "onPremisesExtensionAttributes",
    "onPremisesLastSyncDateTime", "onPremisesNetBiosName", "onPremisesProvisioningErrors",
    "onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "organizationId",
    "preferredDataLocation", "preferredLanguage", "proxyAddresses", "renewedDateTime",
    "resourceBehaviorOptions", "resourceProvisioningOptions", "securityEnabled", "securityIdentifier",
    "serviceProvisioningErrors", "theme", "uniqueName", "unseenConversationsCount", "unseenCount",
    "unseenMessagesCount", "visibility", "welcomeMessageEnabled"});

constexpr auto deviceProperties = std::to_array<std::string_view>({"id", "deletedDateTime", "accountEnabled",
    "alternativeSecurityIds", "approximateLastSignInDateTime", "complianceExpirationDateTime",
    "deviceCategory", "deviceId", "deviceMetadata", "deviceOwnership", "deviceVersion", "displayName",
    "enrollmentProfileName", "enrollmentType", "isCompliant", "isManaged", "isManagementRestricted",
    "isRooted", "managementType", "manufacturer", "mdmAppId", "model", "onPremisesLastSyncDateTime",
    "onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "operatingSystem", "operatingSystemVersion",
    "physicalIds", "profileType", "registrationDateTime", "systemLabels", "trustType"});

constexpr auto organizationProperties
    = std::to_array<std::string_view>({"id", "deletedDateTime", "assignedPlans", "businessPhones", "city",
        "country", "countryLetterCode", "createdDateTime", "defaultUsageLocation", "displayName",
        "marketingNotificationEmails", "mobileDeviceManagementAuthority", "onPremisesLastSyncDateTime",
        "onPremisesSyncEnabled", "partnerTenantType", "postalCode", "preferredLanguage", "privacyProfile",
        "provisionedPlans", "securityComplianceNotificationMails", "securityComplianceNotificationPhones",
        "state", "street", "technicalNotificationMails", "tenantType", "verifiedDomains"});

constexpr auto subscribedSkuProperties
    = std::to_array<std::string_view>({"id", "accountId", "accountName", "appliesTo", "capabilityStatus",
        "consumedUnits", "prepaidUnits", "servicePlans", "skuId", "skuPartNumber", "subscriptionIds"});

constexpr auto exportJobProperties = std::to_array<std::string_view>({"id", "expirationDateTime", "filter",
    "format", "localizationType", "reportName", "requestDateTime", "select", "snapshotId", "status", "url"});

constexpr auto managedDeviceNavigation
    = std::to_array<std::string_view>({"deviceCategory", "deviceCompliancePolicyStates", "users"});

constexpr auto userUnasked
    = std::to_array<std::string_view>({"id", "businessPhones", "displayName", "givenName", "jobTitle", "mail",
        "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName"});
constexpr auto userNavigation = std::to_array<std::string_view>(
    {"managedDevices", "manager", "memberOf", "ownedDevices", "registeredDevices", "transitiveMemberOf"});

constexpr auto groupUnasked = std::to_array<std::string_view>({"id", "deletedDateTime", "classification",
    "createdDateTime", "description", "displayName", "expirationDateTime", "groupTypes", "isAssignableToRole",
    "mail", "mailEnabled", "mailNickname", "membershipRule", "membershipRuleProcessingState",
    "onPremisesDomainName", "onPremisesLastSyncDateTime", "onPremisesNetBiosName",
    "onPremisesProvisioningErrors", "onPremisesSamAccountName", "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled", "preferredDataLocation", "preferredLanguage", "proxyAddresses",
    "renewedDateTime", "resourceBehaviorOptions", "resourceProvisioningOptions", "securityEnabled",
    "securityIdentifier", "serviceProvisioningErrors", "theme", "uniqueName", "visibility"});
constexpr auto groupNavigation
    = std::to_array<std::string_view>({"memberOf", "members", "owners", "transitiveMembers"});
constexpr auto deviceNavigation = std::to_array<std::string_view>(
    {"memberOf", "registeredOwners", "registeredUsers", "transitiveMemberOf"});

} // namespace

const EntityType managedDevice{
    "microsoft.graph.managedDevice", managedDeviceProperties, {}, managedDeviceNavigation};
const EntityType user{"microsoft.graph.user", userProperties, userUnasked, userNavigation};
const EntityType group{"microsoft.graph.group", groupProperties, groupUnasked, groupNavigation};
const EntityType device{"microsoft.graph.device", deviceProperties, {}, deviceNavigation};
const EntityType organization{"microsoft.graph.organization", organizationProperties, {}, {}};
const EntityType subscribedSku{"microsoft.graph.subscribedSku", subscribedSkuProperties, {}, {}};
const EntityType exportJob{"microsoft.graph.deviceManagementExportJob", exportJobProperties, {}, {}};

} // namespace postern::lab::types

#include "services/identity/GrantedPermissions.h"

#include <QJsonArray>

#include "services/identity/Jwt.h"

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

// graph-reference 2.7 and CON-39. Names are the same for apps and for signed-in people.
constexpr RequiredPermission required[] = {
    {"DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.ReadWrite.All", true,
        "Phones enrolled in Intune and their compliance cannot be read; nothing can be decided."},
    {"User.Read.All", "User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All", true,
        "People and their licences cannot be read; phones cannot be matched to mailboxes."},
    {"Group.Read.All",
        "Group.ReadWrite.All GroupMember.Read.All GroupMember.ReadWrite.All Directory.Read.All "
        "Directory.ReadWrite.All",
        true, "Groups and their members cannot be read; policies for groups reach nobody."},
    {"Device.Read.All", "Device.ReadWrite.All Directory.Read.All Directory.ReadWrite.All", true,
        "Devices registered in Entra cannot be read; a phone's registration stays unknown."},
    {"Organization.Read.All", "Organization.ReadWrite.All Directory.Read.All Directory.ReadWrite.All", false,
        "Subscriptions, the MDM authority and directory synchronisation cannot be checked."},
    {"DeviceManagementManagedDevices.PrivilegedOperations.All", "", false,
        "Phones cannot be synchronised, locked, retired or wiped, and passcodes cannot be reset."},
    {"DeviceManagementManagedDevices.ReadWrite.All", "", false,
        "Facts of a managed phone, such as its owner, cannot be changed, and it cannot be deleted."},
    {"DeviceManagementConfiguration.Read.All", "DeviceManagementConfiguration.ReadWrite.All", false,
        "Compliance policies and the reasons of non-compliance cannot be read."},
    {"DeviceManagementConfiguration.ReadWrite.All", "", false,
        "Compliance policies and e-mail profiles cannot be created, changed or assigned."},
    {"DeviceManagementServiceConfig.Read.All", "DeviceManagementServiceConfig.ReadWrite.All", false,
        "Intune's own Exchange connectors and settings cannot be read."},
    {"DeviceManagementServiceConfig.ReadWrite.All", "", false,
        "Notification templates and Intune's own Exchange settings cannot be changed."},
    {"Policy.Read.All", "", false,
        "Conditional Access policies cannot be read; decisions for online mailboxes cannot be explained."},
    {"Policy.ReadWrite.ConditionalAccess", "", false,
        "Conditional Access policies cannot be created or changed."},
    {"Application.Read.All", "Application.ReadWrite.All Directory.Read.All Directory.ReadWrite.All", false,
        "Conditional Access policies cannot be created or changed: they name apps."},
    {"Mail.Send", "", false, "Notices to people cannot be sent through Graph."},
};

bool isOfOpenId(const QString& scope)
{
    for (const auto name : {"openid"_L1, "profile"_L1, "email"_L1, "offline_access"_L1}) {
        if (scope.compare(name, Qt::CaseInsensitive) == 0)
            return true;
    }
    return scope == ".default"_L1 || scope.isEmpty();
}

// Bare names: "https://graph.microsoft.com/User.Read.All" is User.Read.All.
QStringList fromScopes(const QString& scopes)
{
    QStringList names;
    for (const QString& scope : scopes.split(u' ', Qt::SkipEmptyParts)) {
        const QString name = scope.sliced(scope.lastIndexOf(u'/') + 1);
        if (!isOfOpenId(name))
            names.append(name);
    }
    return names;
}

void tidy(QStringList& names)
{
    names.sort(Qt::CaseInsensitive);
    names.removeDuplicates();
}

std::optional<GrantedPermissions> fromPayload(const QJsonObject& payload)
{
    GrantedPermissions granted;
    const QJsonValue roles = payload.value("roles"_L1);
    const QJsonValue scopes = payload.value("scp"_L1);
    if (scopes.isString()) { // a person's token may have roles as well: those are the person's
        granted.names = fromScopes(scopes.toString());
        return granted;
    }
    // An app without any role has neither claim, but says that it is one.
    if (!roles.isArray() && payload.value("idtyp"_L1).toString() != "app"_L1)
        return std::nullopt;
    granted.application = true;
    for (const QJsonValue& role : roles.toArray()) {
        if (!role.toString().isEmpty())
            granted.names.append(role.toString());
    }
    return granted;
}

bool covers(const QStringList& granted, const RequiredPermission& permission)
{
    QStringList enough = QString::fromLatin1(permission.coveredBy).split(u' ', Qt::SkipEmptyParts);
    enough.append(QString::fromLatin1(permission.name));
    return std::any_of(enough.cbegin(), enough.cend(),
        [&granted](const QString& name) { return granted.contains(name, Qt::CaseInsensitive); });
}

} // namespace

Expected<GrantedPermissions> grantedPermissions(const TokenAnswer& answer)
{
    std::optional<GrantedPermissions> granted;
    if (const auto payload = jwtPayload(answer.accessToken))
        granted = fromPayload(*payload);
    if (!granted && !answer.scope.isEmpty()) {
        granted.emplace();
        granted->names = fromScopes(answer.scope);
    }
    if (!granted)
        return fail(ErrorCode::Unsupported,
            u"the sign-in does not tell which permissions it has; see API permissions in the app registration"_s);
    tidy(granted->names);
    return *granted;
}

std::span<const RequiredPermission> requiredPermissions()
{
    return required;
}

QList<MissingPermission> missingPermissions(
    const GrantedPermissions& granted, std::span<const RequiredPermission> wanted)
{
    QList<MissingPermission> missing;
    for (const RequiredPermission& permission : wanted) {
        if (covers(granted.names, permission))
            continue;
        MissingPermission entry;
        entry.name = QString::fromLatin1(permission.name);
        entry.lost = QString::fromLatin1(permission.lost);
        entry.essential = permission.essential;
        missing.append(entry);
    }
    return missing;
}

} // namespace postern::identity

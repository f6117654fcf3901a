#include "app/lab/entra/Applications.h"

#include <algorithm>

#include "app/lab/population/Dice.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

enum Kind : std::uint64_t { ApplicationKind = 110, StaffKind = 111 };

std::set<std::string> readPermissions()
{
    std::set<std::string> out;
    for (const std::string& permission : Applications::permissions()) {
        if (permission.find(".Read.") != std::string::npos)
            out.insert(permission);
    }
    return out;
}

Guid guidFrom(Dice& dice)
{
    const std::uint64_t high = dice.next();
    return Guid::fromNumbers(high, dice.next());
}

} // namespace

const std::vector<std::string>& Applications::permissions()
{
    static const std::vector<std::string> all{"DeviceManagementManagedDevices.Read.All",
        "DeviceManagementManagedDevices.ReadWrite.All",
        "DeviceManagementManagedDevices.PrivilegedOperations.All", "DeviceManagementConfiguration.Read.All",
        "DeviceManagementConfiguration.ReadWrite.All", "DeviceManagementServiceConfig.Read.All",
        "DeviceManagementServiceConfig.ReadWrite.All", "User.Read.All", "Group.Read.All",
        "GroupMember.Read.All", "Device.Read.All", "Organization.Read.All", "Policy.Read.All",
        "Policy.ReadWrite.ConditionalAccess", "Application.Read.All", "Mail.Send", "User.Read"};
    return all;
}

Applications::Applications(const Population& people, std::uint64_t seed)
    : m_people(people)
    , m_seed(seed)
{
    const std::set<std::string> every(permissions().begin(), permissions().end()), read = readPermissions();
    const auto add = [&](const char* role, const char* description, const std::set<std::string>& consented) {
        Application made;
        Dice dice(seed, ApplicationKind, m_applications.size());
        made.role = role;
        made.description = description;
        made.clientId = guidFrom(dice).lower();
        made.secret = dice.characters(3, "0123456789") + "8Q~"
            + dice.characters(34, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789~._-");
        made.certificate = true;
        made.roles = made.scopes = consented;
        made.roles.erase("User.Read"); // delegated only
        m_applications.push_back(made);
        return &m_applications.back();
    };
    add("full", "every permission that Postern uses, of both kinds", every);
    add("readOnly", "may read, may not act on devices", read);
    add("unconsented", "no administrator has consented to anything", {});
    add("expiredSecret", "as full; its secret has expired and it has no certificate", every);
    m_applications.back().secretExpired = true;
    m_applications.back().certificate = false;
    add("confidential", "as full; public client flows are not allowed", every);
    m_applications.back().publicClient = false;
}

std::optional<Application> Applications::find(std::string_view clientId) const
{
    const std::scoped_lock lock(m_mutex);
    for (const Application& application : m_applications) {
        if (equalsIgnoreCase(application.clientId, clientId))
            return application;
    }
    return std::nullopt;
}

std::vector<Application> Applications::all() const
{
    const std::scoped_lock lock(m_mutex);
    return m_applications;
}

bool Applications::consent(std::string_view clientId, const std::string& permission, bool given)
{
    const std::scoped_lock lock(m_mutex);
    for (Application& application : m_applications) {
        if (!equalsIgnoreCase(application.clientId, clientId))
            continue;
        for (std::set<std::string>* set : {&application.roles, &application.scopes}) {
            if (given)
                set->insert(permission);
            else
                set->erase(permission);
        }
        return true;
    }
    return false;
}

std::string Applications::administratorPassword() const
{
    return "Cloud-"
        + Dice(m_seed, StaffKind, 0)
              .characters(14, "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789");
}

std::optional<SignedIn> Applications::person(std::string_view upn) const
{
    if (equalsIgnoreCase(upn, administratorUpn())) {
        Dice dice(m_seed, StaffKind, 1);
        return SignedIn{guidFrom(dice).lower(), administratorUpn(), "Intune Administrator", true, true};
    }
    const auto at = upn.find('@');
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::string local = std::string(upn.substr(0, at)) + "@contoso.lab";
    for (const std::uint32_t user : m_people.usersNamed(local)) {
        const Person known = m_people.person(user);
        const CloudUser cloud = cloudUserOf(m_people, known);
        if (equalsIgnoreCase(cloud.upn, upn))
            return SignedIn{cloud.id.lower(), cloud.upn, known.display, false, cloud.enabled};
    }
    return std::nullopt;
}

std::optional<std::string> Applications::passwordOf(std::string_view upn) const
{
    if (equalsIgnoreCase(upn, administratorUpn()))
        return administratorPassword();
    if (!person(upn))
        return std::nullopt;
    const auto users = m_people.usersNamed(std::string(upn.substr(0, upn.find('@'))) + "@contoso.lab");
    return users.empty() ? std::nullopt : std::optional(m_people.passwordOf(users.front()));
}

std::optional<SignedIn> Applications::signIn(std::string_view upn, std::string_view password) const
{
    const std::optional<std::string> expected = passwordOf(upn);
    return expected && constantTimeEquals(*expected, password) ? person(upn) : std::nullopt;
}

} // namespace postern::lab

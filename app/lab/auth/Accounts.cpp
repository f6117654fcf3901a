#include "app/lab/auth/Accounts.h"

#include "app/lab/population/Dice.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

std::string bareName(std::string_view name)
{
    if (const auto slash = name.find('\\'); slash != std::string_view::npos)
        name = name.substr(slash + 1);
    return std::string(name.substr(0, name.find('@')));
}

bool hides(const std::vector<std::string>& patterns, std::string_view name)
{
    for (const std::string& pattern : patterns) {
        if (matchesWildcard(name, pattern))
            return true;
    }
    return false;
}

} // namespace

bool Account::sees(std::string_view cmdlet) const
{
    return !hides(hiddenCmdlets, cmdlet);
}

bool Account::seesParameter(std::string_view cmdlet, std::string_view parameter) const
{
    return !hides(hiddenParameters, std::string(cmdlet) + ":" + std::string(parameter));
}

std::string Principal::name() const
{
    return account ? account->user : std::string{};
}

Accounts::Accounts(const Population& people, std::uint64_t seed)
    : m_people(people)
{
    const auto add = [&](const char* name, const char* role, const char* description) -> Account& {
        Account account;
        account.user = std::string("CONTOSO\\") + name;
        account.upn = std::string(name) + "@contoso.lab";
        Dice dice(seed, 60, m_accounts.size());
        account.password
            = "Lab-" + dice.characters(14, "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789");
        account.role = role;
        account.description = description;
        m_accounts.push_back(account);
        return m_accounts.back();
    };
    add("svc-postern", "full", "all required and extended cmdlets, read and write");
    add("svc-reader", "readOnly", "Get- cmdlets only").hiddenCmdlets
        = {"Set-ActiveSync*", "Set-Mobile*", "Set-CAS*", "New-*", "Remove-*", "Clear-*"};
    add("svc-partial", "missingCmdlets",
        "lacks Get-Recipient, Set-ActiveSyncDeviceAccessRule, Remove-ActiveSyncDevice and Get-CASMailbox")
        .hiddenCmdlets
        = {"Get-Recipient", "Set-ActiveSyncDeviceAccessRule", "Remove-ActiveSyncDevice", "Get-CASMailbox"};
    add("svc-strippedcas", "strippedParameters", "Set-CASMailbox lacks ActiveSyncBlockedDeviceIDs")
        .hiddenParameters
        = {"Set-CASMailbox:ActiveSyncBlockedDeviceIDs"};
    add("svc-noremote", "noRemotePowerShell", "signs in, but RemotePowerShellEnabled is false: access denied")
        .remotePowerShell
        = false;
    add("svc-legacy", "exchange2010", "as full, without the MobileDevice cmdlets (Exchange 2010)")
        .hiddenCmdlets
        = {"*-MobileDevice*"};
}

const Account* Accounts::find(std::string_view name) const
{
    const std::string bare = bareName(name);
    for (const Account& account : m_accounts) {
        if (!equalsIgnoreCase(bareName(account.user), bare))
            continue;
        const auto at = name.find('@');
        const auto slash = name.find('\\');
        const std::string_view domain = slash != std::string_view::npos ? name.substr(0, slash)
            : at != std::string_view::npos                              ? name.substr(at + 1)
                                                                        : std::string_view("CONTOSO");
        if (equalsIgnoreCase(domain, "CONTOSO") || equalsIgnoreCase(domain, "contoso.lab") || domain.empty())
            return &account;
    }
    return nullptr;
}

std::optional<Principal> Accounts::known(std::string_view name) const
{
    if (const Account* account = find(name))
        return Principal{account, std::nullopt, {}};
    std::vector<std::uint32_t> users = m_people.usersNamed(name);
    if (users.empty())
        users = m_people.usersNamed(bareName(name));
    if (users.size() == 1)
        return Principal{nullptr, users.front(), {}};
    return std::nullopt;
}

std::optional<std::string> Accounts::passwordOf(std::string_view name) const
{
    const auto principal = known(name);
    if (!principal)
        return std::nullopt;
    return principal->account ? principal->account->password : m_people.passwordOf(*principal->user);
}

std::optional<Principal> Accounts::signIn(std::string_view name, std::string_view password) const
{
    const auto principal = known(name);
    // Somebody unknown is compared as well, so that the time does not tell who exists.
    const std::string expected = passwordOf(name).value_or(std::string("\1no such account"));
    const bool right = constantTimeEquals(expected, password);
    return principal && right ? principal : std::nullopt;
}

} // namespace postern::lab

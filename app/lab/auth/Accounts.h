// The administrators that the lab knows, what role-based access gives them, and the checking of a user name
// and password (also of the population's own users, for phones). Immutable, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/lab/population/Population.h"

namespace postern::lab {

struct Account
{
    std::string user; // CONTOSO\svc-postern
    std::string upn;
    std::string password;
    std::string role;
    std::string description; // what it may do, for people
    bool remotePowerShell = true;
    std::vector<std::string> hiddenCmdlets; // exact, or a prefix ending in *
    std::vector<std::string> hiddenParameters; // Cmdlet:Parameter

    [[nodiscard]] bool sees(std::string_view cmdlet) const;
    [[nodiscard]] bool seesParameter(std::string_view cmdlet, std::string_view parameter) const;
};

struct Principal // somebody who signed in
{
    const Account* account = nullptr; // an administrator …
    std::optional<std::uint32_t> user; // … or somebody of the population
    std::string scheme; // Basic, NTLM, Negotiate
    [[nodiscard]] std::string name() const;
};

class Accounts
{
public:
    Accounts(const Population& people, std::uint64_t seed);

    [[nodiscard]] const std::vector<Account>& all() const { return m_accounts; }
    // `DOMAIN\user`, UPN, or the bare name.
    [[nodiscard]] const Account* find(std::string_view name) const;
    [[nodiscard]] std::optional<Principal> signIn(std::string_view name, std::string_view password) const;
    // For NTLM and Kerberos, where the name is proved without the password.
    [[nodiscard]] std::optional<Principal> known(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> passwordOf(std::string_view name) const;

private:
    const Population& m_people;
    std::vector<Account> m_accounts;
};

} // namespace postern::lab

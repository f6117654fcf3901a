// The app registrations of the lab's tenant, with what was consented to, and the people who may sign in.
// Consent can change while the lab runs. Any thread.
#pragma once

#include <mutex>
#include <set>

#include "app/lab/entra/Signing.h"
#include "app/lab/population/CloudUser.h"

namespace postern::lab {

struct Application
{
    std::string role; // what it is for: full, readOnly, unconsented, expiredSecret, confidential
    std::string clientId, secret, description;
    bool secretExpired = false;
    bool publicClient = true; // "Allow public client flows"
    bool certificate = false; // the lab's client certificate is among its credentials
    std::set<std::string> roles; // application permissions with an administrator's consent
    std::set<std::string> scopes; // delegated permissions consented for everybody
};

struct SignedIn // somebody who proved a password
{
    std::string oid, upn, name;
    bool intuneAdministrator = false;
    bool enabled = true;
};

class Applications
{
public:
    Applications(const Population& people, std::uint64_t seed);

    [[nodiscard]] std::optional<Application> find(std::string_view clientId) const;
    [[nodiscard]] std::vector<Application> all() const;
    // Takes away, or gives, a permission of both kinds. False: no such application.
    bool consent(std::string_view clientId, const std::string& permission, bool given);

    [[nodiscard]] std::optional<SignedIn> signIn(std::string_view upn, std::string_view password) const;
    [[nodiscard]] std::optional<SignedIn> person(std::string_view upn) const; // without a password
    [[nodiscard]] std::string administratorUpn() const { return "intune.admin@contoso.lab"; }
    [[nodiscard]] std::string administratorPassword() const;

    // Every permission the lab's Graph knows.
    [[nodiscard]] static const std::vector<std::string>& permissions();

private:
    [[nodiscard]] std::optional<std::string> passwordOf(std::string_view upn) const;
    const Population& m_people;
    std::uint64_t m_seed;
    mutable std::mutex m_mutex;
    std::vector<Application> m_applications;
};

} // namespace postern::lab

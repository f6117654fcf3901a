// What people do to tenants: save, remove, check, sign in. Service thread. Secrets go to the key ring, or
// stay in memory until the tenant is saved; nothing is ever handed back. Errors name the field: InvalidInput,
// InvalidAddress, Conflict, AlreadyRunning, SecretStoreUnavailable, those of the sign-in.
#pragma once

#include <QUrl>
#include <functional>
#include <stop_token>

#include "models/domain/Tenant.h"
#include "services/core/Clock.h"
#include "services/identity/SecretStore.h"
#include "services/site/cloud/TenantConnection.h"
#include "services/store/Store.h"

namespace postern::site {

// What is wrong with a tenant as entered, or nothing; the field is named. Pure but for the CA file.
[[nodiscard]] Expected<void> validateTenant(const Tenant& tenant);

class TenantAdministration
{
public:
    // All outlive it.
    TenantAdministration(store::Store& store, identity::SecretStore& secrets, const core::Clock& clock);

    // Adds (id 0) or changes. `credential`: a client secret's text or a certificate with key as PEM; empty
    // keeps what is there, or what a sign-in left in memory.
    QCoro::Task<Expected<Tenant>> save(Tenant tenant, QString credential);
    // With what was read from it, and its secret.
    QCoro::Task<Expected<void>> remove(TenantId tenant);
    // CON-39. The permissions of a saved tenant are written to its row.
    QCoro::Task<Expected<std::vector<CheckResult>>> check(Tenant tenant, QString credential,
        std::function<void(const CheckResult&)> report, std::stop_token token);

    struct SignInSteps
    {
        std::function<Expected<void>(QUrl)> openBrowser;
        std::function<void(const DeviceCodePrompt&)> showCode;
    };
    // By tenant.signIn, which must be interactive. Answers with the account that signed in.
    QCoro::Task<Expected<QString>> signIn(Tenant tenant, SignInSteps steps, std::stop_token token);

private:
    QCoro::Task<Expected<void>> keepSecret(Tenant tenant, QString credential);
    QCoro::Task<Expected<void>> recordCheck(
        Tenant tenant, TenantConnection* connection, std::stop_token token);

    store::Store& m_store;
    identity::SecretStore& m_secrets;
    const core::Clock& m_clock;
    identity::MemorySecretStore m_unsaved; // of sign-ins for tenants that are not saved yet
    QHash<QString, QString> m_accounts; // who signed in, by secret key
};

} // namespace postern::site

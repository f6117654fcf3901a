// Everything that a conversation with one tenant needs, made from its row: sign-in, tokens, Graph. Service
// thread; co_await close() before its end. Nothing is contacted here.
#pragma once

#include <memory>

#include "models/domain/Tenant.h"
#include "services/core/Clock.h"
#include "services/graph/CloudTenant.h"
#include "services/identity/RenewingTokenSource.h"
#include "services/identity/SecretStore.h"
#include "services/identity/TokenClient.h"

namespace postern::site {

// How identity sees it. InvalidAddress, InvalidInput (what is wrong with the CA file or the ids).
[[nodiscard]] Expected<identity::Tenant> identityOf(const Tenant& tenant);

// What the service needs of it; tests bring their own.
class TenantLink
{
public:
    virtual ~TenantLink() = default;
    [[nodiscard]] virtual graph::CloudTenant& cloud() = 0;
    virtual QCoro::Task<void> close() = 0;
};

class TenantConnection final : public TenantLink
{
public:
    // `secrets` and `clock` outlive it. InvalidAddress, InvalidInput.
    [[nodiscard]] static Expected<std::unique_ptr<TenantConnection>> make(
        const Tenant& tenant, identity::SecretStore& secrets, const core::Clock& clock);
    ~TenantConnection() override;

    [[nodiscard]] graph::CloudTenant& cloud() override { return *m_cloud; }
    [[nodiscard]] identity::TokenClient& client() { return *m_client; }
    [[nodiscard]] identity::RenewingTokenSource& tokens() { return *m_tokens; }
    QCoro::Task<void> close() override;

private:
    TenantConnection() = default;

    std::unique_ptr<identity::TokenClient> m_client;
    std::unique_ptr<identity::RenewingTokenSource> m_tokens;
    std::unique_ptr<graph::CloudTenant> m_cloud;
};

} // namespace postern::site

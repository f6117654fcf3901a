// The session's part for tenants, see SiteSession.h.
#include <QCoroFuture>

#include "services/site/SiteSession.h"
#include "services/store/cloud/MatchRepository.h"
#include "services/store/cloud/TenantRepository.h"
#include "services/sync/cloud/DeviceActions.h"
#include "services/sync/cloud/Rematch.h"

using namespace Qt::StringLiterals;

namespace postern::site {

void SiteSession::startTenants()
{
    ConnectTenant connectTo = [this](const Tenant& tenant) -> Expected<std::unique_ptr<TenantLink>> {
        auto connection = TenantConnection::make(tenant, *m_secrets, m_clock);
        if (!connection)
            return fail(connection.error());
        return std::unique_ptr<TenantLink>(std::move(*connection));
    };
    m_tenants = std::make_unique<TenantService>(
        TenantService::Dependencies{*m_store, *m_log, m_clock, std::move(connectTo), m_options.schedules});
    connect(m_doorbell.get(), &Doorbell::rung, m_tenants.get(), &TenantService::wake);
    connect(m_service.get(), &SiteService::partnershipsChanged, m_tenants.get(), &TenantService::rematch);
    m_tenants->start();
}

void SiteSession::wakeServices()
{
    if (m_tenants)
        m_tenants->wake();
    m_doorbell->ring();
}

QCoro::Task<Expected<Tenant>> SiteSession::saveTenant(Tenant tenant, QString credential)
{
    tenant.siteCode = m_site.siteCode;
    const Expected<Tenant> saved = co_await m_administration->save(tenant, credential);
    if (saved)
        retryTenant(saved->id);
    co_return saved;
}

QCoro::Task<Expected<void>> SiteSession::removeTenant(TenantId tenant)
{
    if (m_tenants && m_tenants->isBusy(tenant))
        co_return fail(ErrorCode::AlreadyRunning, {}, u"the synchronization of that tenant"_s);
    const Expected<void> removed = co_await m_administration->remove(tenant);
    wakeServices();
    co_return removed;
}

QCoro::Task<Expected<void>> SiteSession::synchronizeTenant(TenantId tenant)
{
    const QDateTime now = m_clock.now();
    auto future = m_store->write([tenant, now](store::Session& session) {
        return store::TenantRepository(session).requestSync(tenant, now);
    });
    const Expected<void> asked = co_await future;
    wakeServices();
    co_return asked;
}

void SiteSession::retryTenant(TenantId tenant)
{
    if (m_tenants)
        m_tenants->retry(tenant);
    m_doorbell->ring();
}

QCoro::Task<Expected<void>> SiteSession::answerSuggestion(
    PartnershipId partnership, ManagedDeviceId device, bool accept)
{
    const store::StoredAnswer answer{partnership, device, accept};
    const QString account = accountName();
    const QDateTime now = m_clock.now();
    auto future = m_store->write([=](store::Session& session) {
        return store::MatchRepository(session).answer(answer, account, now);
    });
    const Expected<void> stored = co_await future;
    if (!stored)
        co_return stored;
    const Expected<sync::MatchCounts> matched = co_await sync::rematch(*m_store, std::stop_token());
    if (!matched)
        co_return fail(matched.error());
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> SiteSession::performDeviceAction(
    DeviceActionRequest request, std::stop_token token)
{
    const Expected<Tenant> tenant = co_await sync::tenantOfAction(*m_store, request);
    if (!tenant)
        co_return fail(tenant.error());
    auto connection = TenantConnection::make(*tenant, *m_secrets, m_clock);
    if (!connection)
        co_return fail(connection.error());
    const QString account = accountName();
    const Expected<void> done
        = co_await sync::performAction((*connection)->cloud(), *m_store, m_clock, request, account, token);
    co_await (*connection)->close();
    if (m_tenants)
        m_tenants->wake();
    co_return done;
}

} // namespace postern::site

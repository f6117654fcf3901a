// Reads tenants by the service of this process, or of the one that holds them, and follows that to its end:
// what `sync` and `intune sync` share. Main thread.
#pragma once

#include <QJsonObject>

#include "app/agent/Command.h"
#include "models/domain/Tenant.h"

namespace postern::agent {

// Delta: what changed since the last run.
enum class TenantReading { Full, Delta };

struct TenantEnd
{
    Tenant tenant; // as it is stored afterwards
    bool ok = false;
    QString sentence;
};

// The site's tenants, or the one of that name, tenant id or, with an empty name, the only one. NotFound,
// StoreFailed.
QCoro::Task<Expected<std::vector<Tenant>>> tenantsOf(site::SiteSession* session, QString name);
QCoro::Task<Expected<Tenant>> oneTenant(site::SiteSession* session, QString name);

// Notes progress on stderr and prints the sentence of the end. A stop ends the waiting: closing the session
// then ends the run, and keeps what was read. Cancelled, NotFound, StoreFailed.
QCoro::Task<Expected<TenantEnd>> readTenant(site::SiteSession* session, Tenant tenant, TenantReading reading,
    Terminal* terminal, std::stop_token stop);

[[nodiscard]] QJsonObject toJson(const TenantEnd& end);
[[nodiscard]] QJsonObject tenantJson(const Tenant& tenant);

} // namespace postern::agent

// Synchronises one tenant (SYN-01 steps 6 to 8): subscriptions, people and groups by delta, memberships,
// managed devices, then matching. A poll (SYN-27) reads only what changed and never removes anything. Service
// thread; one run an object.
#pragma once

#include <optional>
#include <stop_token>

#include "models/base/Error.h"
#include "models/domain/Tenant.h"
#include "services/graph/CloudTenant.h"
#include "services/sync/cloud/Rematch.h"
#include "services/sync/cloud/TenantListing.h"

namespace postern::sync {

struct TenantOutcome
{
    bool ok = false;
    bool needsConfirmation = false; // the shrink guard held (SYN-06): everything else was done
    std::optional<Error> error; // why not ok
    TenantCounts devices, users, groups;
    std::optional<MatchCounts> matches; // when it came to matching
    QString sentence; // for the tenant's row, English
};

struct TenantSyncOptions
{
    bool shrinkConfirmed = false;
    int memberGroups = 2'000; // memberships of at most so many security groups are read
};

class TenantSync
{
public:
    // All outlive the run.
    struct Dependencies
    {
        graph::CloudTenant& cloud;
        store::Store& store;
        tracelog::TraceLogWriter& log;
        const core::Clock& clock;
    };

    TenantSync(Tenant tenant, Dependencies dependencies, TenantSyncOptions options);

    // Opens the tenant; closing it is the caller's. Writes the tenant's results and the lines of the log; the
    // state is the caller's.
    QCoro::Task<TenantOutcome> full(TenantProgress progress, std::stop_token token);
    // What changed since the last run. Incomplete when no full one has succeeded yet.
    QCoro::Task<TenantOutcome> poll(std::stop_token token);

private:
    template <class T, class Rows> [[nodiscard]] TenantListing<T, Rows> listing(const QString& what) const;
    QCoro::Task<Expected<void>> readAll(TenantOutcome* outcome, std::stop_token token);
    QCoro::Task<Expected<void>> readChanges(TenantOutcome* outcome, std::stop_token token);
    QCoro::Task<Expected<void>> readOrganization(std::stop_token token);
    QCoro::Task<Expected<TenantListed>> readUsers(std::stop_token token);
    QCoro::Task<Expected<TenantListed>> readGroups(std::stop_token token);
    QCoro::Task<Expected<void>> readMemberships(std::stop_token token);
    QCoro::Task<Expected<QString>> deltaLink(store::DeltaList list);
    QCoro::Task<void> record(TenantOutcome* outcome, QDateTime begun, bool isFull);

    Tenant m_tenant;
    const Dependencies m_with;
    const TenantSyncOptions m_options;
    TenantProgress m_progress = [](const QString&, qint64) {};
};

} // namespace postern::sync

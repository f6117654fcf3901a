// Tenants: what people configure stands under an optimistic lock (Tenant::revision); the service writes state
// and results beside it without disturbing that lock. And where each list's next delta begins. Store thread,
// inside a Session.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "models/domain/Tenant.h"
#include "services/store/Session.h"

namespace postern::store {

// The lists that are read by delta.
enum class DeltaList { Users, Groups, DirectoryDevices };

class TenantRepository
{
public:
    explicit TenantRepository(Session& session)
        : m_session(session)
    {
    }
    // Conflict: the name is taken; AlreadyRunning: that tenant is connected under another name. Returns it
    // with id and revision.
    [[nodiscard]] Expected<Tenant> insert(Tenant tenant);
    // Configuration only. Conflict, NotFound.
    [[nodiscard]] Expected<Tenant> update(Tenant tenant);
    [[nodiscard]] Expected<std::vector<Tenant>> list(); // by id
    [[nodiscard]] Expected<std::optional<Tenant>> find(TenantId id);
    [[nodiscard]] Expected<std::optional<Tenant>> byName(const QString& name); // case-insensitive
    // With its devices, people, groups and matches.
    [[nodiscard]] Expected<void> remove(TenantId id);

    // By the service only.
    [[nodiscard]] Expected<void> setState(TenantId id, TenantState state, const QString& detail);
    // Everything below "what it is doing", as it stands in `tenant`.
    [[nodiscard]] Expected<void> record(const Tenant& tenant);

    // Of the whole site, in every tenant's row.
    [[nodiscard]] Expected<void> recordMatches(qint64 matched, qint64 suggestions);
    // Every device was read by a run that began then.
    [[nodiscard]] Expected<void> recordDevicesRead(TenantId id, const QDateTime& begun);

    // Synchronise at the next opportunity, whichever service holds the tenant.
    [[nodiscard]] Expected<void> requestSync(TenantId id, const QDateTime& now);
    // Asked for, and not begun since.
    [[nodiscard]] Expected<bool> isSyncRequested(TenantId id);
    // SYN-24, by compare-and-set and the clock of the caller: takes or prolongs it. LeaseHeld: detail is the
    // holder.
    [[nodiscard]] Expected<void> hold(
        TenantId id, const QString& owner, const QDateTime& now, std::chrono::milliseconds ttl);
    [[nodiscard]] Expected<void> release(TenantId id, const QString& owner);

    [[nodiscard]] Expected<QString> deltaLink(TenantId id, DeltaList list); // empty: none yet
    [[nodiscard]] Expected<void> setDeltaLink(TenantId id, DeltaList list, const QString& link);

private:
    [[nodiscard]] Expected<void> refuseTaken(const Tenant& tenant);
    [[nodiscard]] Expected<Tenant> stored(TenantId id);

    Session& m_session;
};

} // namespace postern::store

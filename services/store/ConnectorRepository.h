// Connectors (OBJ-01). People edit the configuration under an optimistic lock (Connector::revision); the
// service writes state and results beside it without disturbing that lock. Store thread, inside a Session.
#pragma once

#include <optional>
#include <vector>

#include "models/domain/Connector.h"
#include "services/store/Session.h"

namespace postern::store {

struct SyncOutcome
{
    SyncKind kind = SyncKind::Full;
    std::optional<QDateTime> start;
    std::optional<QDateTime> end; // nullopt: still running
    QString result;
    std::optional<QDateTime> watermark; // set only after a fully successful run (SYN-04)
    std::optional<int> deviceCount;
    std::optional<int> mailboxCount;
};

class ConnectorRepository
{
public:
    explicit ConnectorRepository(Session& session)
        : m_session(session)
    {
    }
    // Conflict: the name is taken. Returns it with id and revision.
    [[nodiscard]] Expected<Connector> insert(Connector connector);
    // Configuration only. Conflict: `revision` is not the stored one, or the name is taken; NotFound: it was
    // removed.
    [[nodiscard]] Expected<Connector> update(Connector connector);
    [[nodiscard]] Expected<std::vector<Connector>> list(); // by id
    [[nodiscard]] Expected<std::optional<Connector>> find(ConnectorId id);
    [[nodiscard]] Expected<std::optional<Connector>> byName(const QString& name); // case-insensitive
    [[nodiscard]] Expected<std::optional<Connector>> byOrganizationId(const QString& organizationId);
    // CON-48: it and its devices are gone from every list, its name and organisation are free; its history
    // stays until purgeRemoved().
    [[nodiscard]] Expected<void> retire(ConnectorId id, const QDateTime& now);
    // For good, those that were retired before `before`. Returns how many.
    [[nodiscard]] Expected<int> purgeRemoved(const QDateTime& before);
    // For good, with its mailboxes, partnerships, history, requests and jobs.
    [[nodiscard]] Expected<void> remove(ConnectorId id);

    // By the service only.
    [[nodiscard]] Expected<void> setState(ConnectorId id, ConnectorState state, const QString& detail);
    // CON-06: Conflict when another connector serves that organisation, detail names it.
    [[nodiscard]] Expected<void> recordOrganization(ConnectorId id, const OrganizationInfo& organization);
    [[nodiscard]] Expected<void> recordSync(ConnectorId id, const SyncOutcome& outcome);

private:
    [[nodiscard]] Expected<void> refuseTakenName(const Connector& connector);

    Session& m_session;
};

} // namespace postern::store

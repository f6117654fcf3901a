#include "services/store/LeaseRepository.h"

#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

Expected<std::optional<Lease>> LeaseRepository::stored(ConnectorId connector)
{
    Query query(m_session,
        "SELECT owner, acquired_at, expires_at, generation FROM lease WHERE connector_id = :connector");
    query.bind(":connector", connector.value);
    std::optional<Lease> found;
    if (query.next())
        found = Lease{connector, query.text(0), query.time(1).value_or(QDateTime()),
            query.time(2).value_or(QDateTime()), query.integer(3)};
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

tl::unexpected<Error> LeaseRepository::held(ConnectorId connector, const std::optional<Lease>& by)
{
    const QString origin = u"lease of connector %1"_s.arg(connector.value);
    if (!by)
        return fail(ErrorCode::LeaseHeld, u"the lease was released meanwhile"_s, origin);
    return fail(ErrorCode::LeaseHeld, by->owner, origin);
}

Expected<Lease> LeaseRepository::acquire(
    ConnectorId connector, const QString& owner, const QDateTime& now, std::chrono::milliseconds ttl)
{
    // One statement decides, whoever asks at the same moment. A row that does not qualify is not updated.
    Query query(m_session,
        "INSERT INTO lease (connector_id, owner, acquired_at, expires_at, generation)"
        " VALUES (:connector, :owner, :now, :expires, 1) ON CONFLICT (connector_id) DO UPDATE SET"
        " generation = lease.generation + CASE WHEN lease.owner = excluded.owner THEN 0 ELSE 1 END,"
        " acquired_at = CASE WHEN lease.owner = excluded.owner THEN lease.acquired_at ELSE "
        "excluded.acquired_at END,"
        " owner = excluded.owner, expires_at = excluded.expires_at"
        " WHERE lease.owner = excluded.owner OR lease.expires_at <= excluded.acquired_at");
    query.bind(":connector", connector.value).bind(":owner", owner).bind(":now", now);
    if (auto done = query.bind(":expires", now.addMSecs(ttl.count())).run(); !done)
        return tl::unexpected(done.error());
    const bool taken = query.affected() == 1;
    auto lease = stored(connector);
    if (!lease)
        return tl::unexpected(lease.error());
    if (!taken || !*lease)
        return held(connector, *lease);
    if ((*lease)->acquiredAt == now) {
        if (auto revision = m_session.touch(Table::Lease); !revision)
            return tl::unexpected(revision.error());
    }
    return **lease;
}

Expected<Lease> LeaseRepository::renew(
    ConnectorId connector, const QString& owner, const QDateTime& now, std::chrono::milliseconds ttl)
{
    // An expired lease that nobody took is still ours: the row was never anybody else's.
    Query query(m_session,
        "UPDATE lease SET expires_at = :expires WHERE connector_id = :connector AND owner = :owner");
    query.bind(":expires", now.addMSecs(ttl.count()))
        .bind(":connector", connector.value)
        .bind(":owner", owner);
    if (auto done = query.run(); !done)
        return tl::unexpected(done.error());
    const bool renewed = query.affected() == 1;
    auto lease = stored(connector);
    if (!lease)
        return tl::unexpected(lease.error());
    if (!renewed || !*lease)
        return held(connector, *lease);
    return **lease;
}

Expected<void> LeaseRepository::release(ConnectorId connector, const QString& owner)
{
    if (auto revision = m_session.touch(Table::Lease); !revision)
        return tl::unexpected(revision.error());
    // Kept as an expired row, so that the generation goes on growing.
    Query query(m_session,
        "UPDATE lease SET expires_at = 0, owner = '' WHERE connector_id = :connector AND owner = :owner");
    return query.bind(":connector", connector.value).bind(":owner", owner).run();
}

Expected<std::optional<Lease>> LeaseRepository::holder(ConnectorId connector, const QDateTime& now)
{
    auto lease = stored(connector);
    if (lease && *lease && (*lease)->expiresAt <= now)
        lease->reset();
    return lease;
}

} // namespace postern::store

// SYN-24: one service at a time works for a connector. A lease is taken by compare-and-set and expires by the
// clock of the caller. Store thread, inside a Session.
#pragma once

#include <chrono>
#include <optional>

#include "models/base/Ids.h"
#include "services/store/Session.h"

namespace postern::store {

struct Lease
{
    ConnectorId connectorId;
    QString owner; // "HOST:pid:instance", unique per running service
    QDateTime acquiredAt;
    QDateTime expiresAt;
    qint64 generation = 0; // grows with each change of owner
    bool operator==(const Lease&) const = default;
};

class LeaseRepository
{
public:
    explicit LeaseRepository(Session& session)
        : m_session(session)
    {
    }
    // Free, expired or already `owner`'s: taken or prolonged. LeaseHeld otherwise; detail is the holder.
    [[nodiscard]] Expected<Lease> acquire(
        ConnectorId connector, const QString& owner, const QDateTime& now, std::chrono::milliseconds ttl);
    // LeaseHeld when it was lost meanwhile: stop working for that connector.
    [[nodiscard]] Expected<Lease> renew(
        ConnectorId connector, const QString& owner, const QDateTime& now, std::chrono::milliseconds ttl);
    [[nodiscard]] Expected<void> release(
        ConnectorId connector, const QString& owner); // not the owner: no effect
    [[nodiscard]] Expected<std::optional<Lease>> holder(
        ConnectorId connector, const QDateTime& now); // unexpired only

private:
    [[nodiscard]] Expected<std::optional<Lease>> stored(ConnectorId connector);
    [[nodiscard]] tl::unexpected<Error> held(ConnectorId connector, const std::optional<Lease>& by);

    Session& m_session;
};

} // namespace postern::store

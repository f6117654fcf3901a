#include "services/site/Leases.h"

#include <QCoreApplication>
#include <QSysInfo>
#include <QUuid>
#include <cerrno>
#include <csignal>

#include "models/domain/Work.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/LeaseRepository.h"
#include "services/store/RequestRepository.h"
#include "services/store/WriteRepository.h"

using namespace Qt::StringLiterals;

namespace postern::site {

QString newOwner()
{
    return u"%1:%2:%3"_s.arg(QSysInfo::machineHostName())
        .arg(QCoreApplication::applicationPid())
        .arg(QUuid::createUuid().toString(QUuid::WithoutBraces).left(8));
}

namespace {

// A lease of a process of this machine that is gone need not run out first. A process id that is in use again
// only costs that wait.
bool isDeadProcessHere(const QString& owner)
{
    const QStringList parts = owner.split(u':');
    if (parts.size() != 3 || parts.at(0) != QSysInfo::machineHostName())
        return false;
    bool ok = false;
    const auto pid = pid_t(parts.at(1).toLongLong(&ok));
    return ok && pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

} // namespace

Expected<void> askForOpenWrites(store::Session& session, ConnectorId connector, const QDateTime& now)
{
    const auto open = store::WriteRepository(session).openCount(connector);
    if (!open)
        return fail(open.error());
    if (*open == 0)
        return {};
    Request request;
    request.kind = RequestKind::ApplySettings;
    request.connectorId = connector;
    request.requestedBy = u"schedule"_s;
    request.requestedAt = now;
    const auto asked = store::RequestRepository(session).insert(request);
    return asked ? Expected<void>() : Expected<void>(fail(asked.error()));
}

namespace {

// True when `owner` has the lease afterwards. What a former owner left running or taken is put right.
Expected<bool> takeLease(
    store::Session& session, ConnectorId connector, const QString& owner, const QDateTime& now)
{
    store::LeaseRepository leases(session);
    const auto holder = leases.holder(connector, now);
    if (!holder)
        return fail(holder.error());
    const bool ours = *holder && (*holder)->owner == owner;
    // Fresh enough: not a write at every wake.
    if (ours && now.msecsTo((*holder)->expiresAt) > leaseTime.count() / 2)
        return true;
    if (*holder && !ours) {
        if (!isDeadProcessHere((*holder)->owner))
            return false;
        if (auto released = leases.release(connector, (*holder)->owner); !released)
            return fail(released.error());
    }
    if (auto taken = leases.acquire(connector, owner, now, leaseTime); !taken)
        return fail(taken.error());
    if (ours)
        return true;
    if (auto jobs = store::JobRepository(session).failAbandoned(connector, owner, now); !jobs)
        return fail(jobs.error());
    if (auto requests = store::RequestRepository(session).requeueAbandoned(connector, owner); !requests)
        return fail(requests.error());
    // Writes that a former owner left under way are settled at once, not with the next synchronisation.
    if (auto asked = askForOpenWrites(session, connector, now); !asked)
        return fail(asked.error());
    return true;
}

} // namespace

Expected<std::vector<ConnectorId>> takeLeases(
    store::Session& session, const QString& owner, const QDateTime& now)
{
    const auto connectors = store::ConnectorRepository(session).list();
    if (!connectors)
        return fail(connectors.error());
    std::vector<ConnectorId> held;
    for (const Connector& connector : *connectors) {
        const Expected<bool> taken = takeLease(session, connector.id, owner, now);
        if (!taken)
            return fail(taken.error());
        if (*taken)
            held.push_back(connector.id);
    }
    return held;
}

} // namespace postern::site

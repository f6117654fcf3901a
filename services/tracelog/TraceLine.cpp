#include "services/tracelog/TraceLine.h"

namespace postern::tracelog::lines {

using namespace Qt::StringLiterals;

namespace {

constexpr auto information = TraceLine::Type::Information;
constexpr auto warning = TraceLine::Type::Warning;
constexpr auto failure = TraceLine::Type::Error;

QString seconds(std::chrono::milliseconds time)
{
    return QString::number(double(time.count()) / 1000.0, 'f', 1);
}

QString withDetail(QString text, const QString& detail)
{
    return detail.isEmpty() ? text : text + u"\n"_s + detail.trimmed();
}

QString countsText(const SyncCounts& c, std::chrono::milliseconds duration)
{
    QString text = u"%1 devices inventoried, %2 added, %3 changed, %4 removed, %5 s"_s.arg(c.devices)
                       .arg(c.added)
                       .arg(c.changed)
                       .arg(c.removed)
                       .arg(seconds(duration));
    if (c.notRead > 0)
        text += u", %1 mailboxes not read"_s.arg(c.notRead);
    return text;
}

} // namespace

TraceLine starting(const QString& organization, const QString& server)
{
    return {information,
        u"Exchange Connector: starting, organization %1, server %2"_s.arg(organization, server), {}};
}

TraceLine running(qint64 devices)
{
    return {information, u"Exchange Connector: running, %1 devices connected"_s.arg(devices), {}};
}

TraceLine stopped()
{
    return {information, u"Exchange Connector: stopped"_s, {}};
}

TraceLine fullSyncStarted(qint64 users)
{
    return {
        information, u"Exchange Connector: full sync started (no time filter) for %1 users"_s.arg(users), {}};
}

TraceLine fullSyncCompleted(const SyncCounts& counts, std::chrono::milliseconds duration)
{
    return {information, u"Exchange Connector: full sync completed, "_s + countsText(counts, duration), {}};
}

TraceLine fullSyncResumed(qint64 mailboxesDone, qint64 mailboxes)
{
    return {information,
        u"Exchange Connector: full sync resumed, %1 of %2 mailboxes were already read"_s.arg(mailboxesDone)
            .arg(mailboxes),
        {}};
}

TraceLine fullSyncCancelled(qint64 mailboxesDone, qint64 mailboxes)
{
    return {warning,
        u"Exchange Connector: full sync cancelled after %1 of %2 mailboxes; what was read is kept"_s
            .arg(mailboxesDone)
            .arg(mailboxes),
        {}};
}

TraceLine fullSyncFailed(const Error& error, qint64 mailboxesDone)
{
    return {failure,
        withDetail(u"Exchange Connector: full sync failed after %1 mailboxes"_s.arg(mailboxesDone),
            error.toLogText()),
        {}};
}

TraceLine deltaSyncStarted(const QDateTime& watermark)
{
    return {information,
        u"Exchange Connector: delta sync started, changes since %1"_s.arg(
            watermark.toUTC().toString(Qt::ISODate)),
        {}};
}

TraceLine deltaSyncCompleted(const SyncCounts& counts, std::chrono::milliseconds duration)
{
    return {information, u"Exchange Connector: delta sync completed, "_s + countsText(counts, duration), {}};
}

TraceLine deltaSyncCancelled()
{
    return {warning, u"Exchange Connector: delta sync cancelled; the watermark stays"_s, {}};
}

TraceLine deltaSyncFailed(const Error& error)
{
    return {failure,
        withDetail(u"Exchange Connector: delta sync failed; the watermark stays"_s, error.toLogText()), {}};
}

TraceLine deltaSyncSkipped()
{
    return {information, u"Exchange Connector: delta sync skipped, a full sync is running"_s, {}};
}

TraceLine filterRefused(const QString& cmdlet, const QString& why)
{
    return {information,
        withDetail(u"%1 does not filter by WhenChangedUTC here; reading its whole list"_s.arg(cmdlet), why),
        {}};
}

TraceLine cmdletFailed(const QString& cmdlet, const QString& exception)
{
    return {failure, withDetail(u"Invoking cmdlet %1 failed"_s.arg(cmdlet), exception), {}};
}

TraceLine runspaceFailed(const QString& siteName, const QString& exception)
{
    return {warning, withDetail(u"Failed to open runspace for site %1"_s.arg(siteName), exception), {}};
}

TraceLine throttled(const QString& operation, std::chrono::milliseconds wait, int sessions)
{
    return {warning,
        u"Throttled: %1; waiting %2 s, continuing with %3 session(s)"_s.arg(
            operation, seconds(wait), QString::number(sessions)),
        {}};
}

TraceLine retrying(const QString& operation, int attempt, const postern::Error& error)
{
    return {warning, withDetail(u"Retry %1 of %2"_s.arg(attempt).arg(operation), error.toLogText()), {}};
}

TraceLine shrinkGuard(const QString& what, qint64 previous, qint64 now)
{
    return {warning,
        u"Guard: only %1 of %2 %3 came back; nothing is removed until an administrator confirms"_s.arg(now)
            .arg(previous)
            .arg(what),
        {}};
}

TraceLine incomplete(const QString& what, const QString& why)
{
    return {warning, withDetail(u"The list of %1 is incomplete; nothing is removed"_s.arg(what), why), {}};
}

TraceLine mailboxNotRead(const QString& mailbox, const QString& why)
{
    return {warning, withDetail(u"Mailbox not read, former values kept: %1"_s.arg(mailbox), why), {}};
}

TraceLine objectProblem(const QString& object, const QString& why)
{
    return {warning, u"Object not usable: %1: %2"_s.arg(object, why), {}};
}

TraceLine unmatched(qint64 partnerships)
{
    return {warning, u"%1 partnerships have no readable owner"_s.arg(partnerships), {}};
}

TraceLine certificate(const QString& host, const QString& what)
{
    return {warning, u"Certificate of %1: %2"_s.arg(host, what), {}};
}

TraceLine serverWarning(const QString& text)
{
    return {warning, u"Exchange warns: %1"_s.arg(text), {}};
}

TraceLine tenantSyncStarted(const QString& tenant)
{
    return {information, u"Tenant %1: synchronization started"_s.arg(tenant), {}};
}

TraceLine tenantSyncCompleted(const QString& tenant, const QString& sentence)
{
    return {information, u"Tenant %1: %2"_s.arg(tenant, sentence), {}};
}

TraceLine tenantSyncFailed(const QString& tenant, const Error& error)
{
    return {TraceLine::Type::Error,
        withDetail(u"Tenant %1: synchronization failed"_s.arg(tenant), error.toLogText()), {}};
}

} // namespace postern::tracelog::lines

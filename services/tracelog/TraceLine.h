// The texts of EasDisc.log, all in one place (LOG-10 to LOG-17): people and monitoring search for them, so a
// word here is an interface. English by design. Pure, any thread.
#pragma once

#include <QDateTime>
#include <QString>
#include <chrono>

#include "models/base/Error.h"

namespace postern::tracelog {

struct TraceLine
{
    // CCM's numbers.
    enum class Type { Information = 1, Warning = 2, Error = 3 };
    Type type = Type::Information;
    QString text;
    QString context; // the connector or run, so that lines of two connectors can be told apart
    bool operator==(const TraceLine&) const = default;
};

namespace lines {

struct SyncCounts
{
    qint64 devices = 0, added = 0, changed = 0, removed = 0, notRead = 0;
};

// LOG-10
[[nodiscard]] TraceLine starting(const QString& organization, const QString& server);
[[nodiscard]] TraceLine running(qint64 devices);
[[nodiscard]] TraceLine stopped();
// LOG-11
[[nodiscard]] TraceLine fullSyncStarted(qint64 users);
[[nodiscard]] TraceLine fullSyncCompleted(const SyncCounts& counts, std::chrono::milliseconds duration);
[[nodiscard]] TraceLine fullSyncResumed(qint64 mailboxesDone, qint64 mailboxes);
[[nodiscard]] TraceLine fullSyncCancelled(qint64 mailboxesDone, qint64 mailboxes);
[[nodiscard]] TraceLine fullSyncFailed(const Error& error, qint64 mailboxesDone);
// LOG-12
[[nodiscard]] TraceLine deltaSyncStarted(const QDateTime& watermark);
[[nodiscard]] TraceLine deltaSyncCompleted(const SyncCounts& counts, std::chrono::milliseconds duration);
[[nodiscard]] TraceLine deltaSyncCancelled();
[[nodiscard]] TraceLine deltaSyncFailed(const Error& error);
[[nodiscard]] TraceLine deltaSyncSkipped(); // CON-43
[[nodiscard]] TraceLine filterRefused(const QString& cmdlet, const QString& why);
// LOG-13: the first line is exactly "Invoking cmdlet <cmdlet> failed"; what was said follows on further
// lines.
[[nodiscard]] TraceLine cmdletFailed(const QString& cmdlet, const QString& exception = {});
// LOG-14
[[nodiscard]] TraceLine runspaceFailed(const QString& siteName, const QString& exception = {});
// LOG-17
[[nodiscard]] TraceLine throttled(const QString& operation, std::chrono::milliseconds wait, int sessions);
[[nodiscard]] TraceLine retrying(const QString& operation, int attempt, const Error& error);
[[nodiscard]] TraceLine shrinkGuard(const QString& what, qint64 previous, qint64 now);
[[nodiscard]] TraceLine incomplete(const QString& what, const QString& why);
[[nodiscard]] TraceLine mailboxNotRead(const QString& mailbox, const QString& why);
[[nodiscard]] TraceLine objectProblem(const QString& object, const QString& why);
[[nodiscard]] TraceLine unmatched(qint64 partnerships);
[[nodiscard]] TraceLine certificate(const QString& host, const QString& what);
[[nodiscard]] TraceLine serverWarning(const QString& text);
// A tenant's side of it.
[[nodiscard]] TraceLine tenantSyncStarted(const QString& tenant);
[[nodiscard]] TraceLine tenantSyncCompleted(const QString& tenant, const QString& sentence);
[[nodiscard]] TraceLine tenantSyncFailed(const QString& tenant, const Error& error);

} // namespace lines
} // namespace postern::tracelog

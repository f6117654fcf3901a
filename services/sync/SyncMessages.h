// The status messages of a full synchronisation (CON-62) and the sentences of its end: English, rendered
// once, their arguments kept beside them. Pure, any thread.
#pragma once

#include <chrono>

#include "models/base/Error.h"
#include "models/domain/Work.h"
#include "services/sync/FullSync.h"

namespace postern::sync::messages {

struct Source
{
    ConnectorId connectorId;
    QString connectorName;
    QString siteCode;
    QString machine;
    QDateTime time;
};

inline constexpr int fullStarted = 30001;
inline constexpr int fullCompleted = 30002;
inline constexpr int deltaCompleted = 30003;
inline constexpr int syncFailed = 30004;
inline constexpr int cmdletMissing = 30005;
inline constexpr int runspaceFailed = 30006;
inline constexpr int throttled = 30007;
inline constexpr int organizationChanged = 30008;
inline constexpr int accountRejected = 30009;
inline constexpr int fullOverdue = 30014;
inline constexpr int massChangeGuard = 30015;

[[nodiscard]] StatusMessage started(const Source& source, bool resumed);
[[nodiscard]] StatusMessage completed(
    const Source& source, const SyncCounts& counts, std::chrono::milliseconds duration);
[[nodiscard]] StatusMessage completedDelta(
    const Source& source, const SyncCounts& counts, std::chrono::milliseconds duration);
// `last`: the start of the last full synchronisation that succeeded.
[[nodiscard]] StatusMessage overdue(const Source& source, const QDateTime& last);
// 30004, or the message that names the cause: 30005, 30006, 30008, 30009.
[[nodiscard]] StatusMessage failed(const Source& source, const Error& error, qint64 mailboxesDone);
[[nodiscard]] StatusMessage slowedDown(
    const Source& source, const QString& operation, std::chrono::milliseconds wait);
[[nodiscard]] StatusMessage guardTripped(
    const Source& source, const QString& what, qint64 previous, qint64 now);

// "Full synchronization completed: 700 devices, 10 added, 20 changed, 3 removed, in 2.5 s."
[[nodiscard]] QString completedSentence(
    const SyncCounts& counts, std::chrono::milliseconds duration, qint64 unusable);
[[nodiscard]] QString completedDeltaSentence(const SyncCounts& counts, std::chrono::milliseconds duration);
[[nodiscard]] QString cancelledSentence(qint64 mailboxesDone, qint64 mailboxes);

} // namespace postern::sync::messages

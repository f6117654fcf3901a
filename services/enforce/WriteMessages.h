// The status messages about writes to Exchange (CON-62 and on): English, rendered once, their arguments kept
// beside them. Pure, any thread.
#pragma once

#include "models/domain/Connector.h"
#include "models/domain/Work.h"

namespace postern::enforce {

struct MessageSource
{
    Connector connector;
    QString machine;
    QDateTime time;
};

namespace messages {
inline constexpr int accessApplied = 30011;
inline constexpr int accessWriteFailed = 30012;
inline constexpr int settingsDiffer = 30016;
inline constexpr int connectorRemoved = 30017;
inline constexpr int deviceAction = 30018;
} // namespace messages

[[nodiscard]] StatusMessage writesConfirmed(const MessageSource& source, qint64 count);
[[nodiscard]] StatusMessage writeFailed(const MessageSource& source, const QString& problem);
// `expected`: somebody changed the settings just now; otherwise somebody changed Exchange (drift).
[[nodiscard]] StatusMessage settingsDiffer(
    const MessageSource& source, const QStringList& differences, bool expected);
[[nodiscard]] StatusMessage connectorRemoved(
    const MessageSource& source, const QString& by, qint64 entriesRemoved, qint64 entriesLeft);
[[nodiscard]] StatusMessage deviceAction(
    const MessageSource& source, const QString& what, const QString& device, const QString& cause);

} // namespace postern::enforce

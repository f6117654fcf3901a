// The last entries of EasDisc.log that belong to one connector (CON-47): the file's end only, however long it
// is; what is no entry of ours is left out. Pure but for reading the file; any thread.
#pragma once

#include <QDateTime>
#include <QString>
#include <vector>

#include "models/base/Error.h"
#include "models/domain/Work.h"

namespace postern::connectors {

struct LogEntry
{
    QDateTime time; // UTC; null when it is not readable
    Severity severity = Severity::Information;
    QString context; // the connector's name
    QString text;
    bool operator==(const LogEntry&) const = default;
};

// In the order of the file. `bytes` may begin in the middle of an entry.
[[nodiscard]] std::vector<LogEntry> parseLog(const QByteArray& bytes);

// The last `count` entries whose context is this, newest first. NotFound, or what the system says of the
// file.
[[nodiscard]] Expected<std::vector<LogEntry>> logTail(const QString& path, const QString& context, int count);

} // namespace postern::connectors

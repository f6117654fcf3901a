#include "services/sync/SyncMessages.h"

#include "models/base/ErrorText.h"

namespace postern::sync::messages {

using namespace Qt::StringLiterals;

namespace {

QString secondsText(std::chrono::milliseconds time)
{
    return QString::number(double(time.count()) / 1000.0, 'f', 1);
}

StatusMessage message(
    const Source& source, Severity severity, int id, const QString& text, QStringList arguments)
{
    StatusMessage made;
    made.time = source.time;
    made.severity = severity;
    made.component = u"SMS_EXCHANGE_CONNECTOR"_s;
    made.messageId = id;
    made.siteCode = source.siteCode;
    made.machine = source.machine;
    made.arguments = std::move(arguments);
    made.text = text;
    made.connectorId = source.connectorId;
    return made;
}

int causeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::CmdletMissing:
        return cmdletMissing;
    case ErrorCode::TooManySessions:
    case ErrorCode::SessionLost:
    case ErrorCode::HostNotFound:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::ConnectionLost:
        return runspaceFailed;
    case ErrorCode::AuthenticationFailed:
    case ErrorCode::AccessDenied:
        return accountRejected;
    case ErrorCode::Conflict:
        return organizationChanged;
    default:
        return syncFailed;
    }
}

} // namespace

StatusMessage started(const Source& source, bool resumed)
{
    const QString text = resumed
        ? u"Full synchronization of connector %1 continues where the last one ended."_s
        : u"Full synchronization of connector %1 started."_s;
    return message(
        source, Severity::Information, fullStarted, text.arg(source.connectorName), {source.connectorName});
}

StatusMessage completed(const Source& source, const SyncCounts& counts, std::chrono::milliseconds duration)
{
    QStringList arguments{source.connectorName, QString::number(counts.devicesRead),
        QString::number(counts.added), QString::number(counts.changed), QString::number(counts.removed),
        secondsText(duration)};
    const QString text
        = u"Full synchronization of connector %1 completed: %2 devices, %3 added, %4 changed, %5 removed, in %6 s."_s
              .arg(arguments.at(0), arguments.at(1), arguments.at(2), arguments.at(3), arguments.at(4),
                  arguments.at(5));
    return message(source, Severity::Information, fullCompleted, text, std::move(arguments));
}

StatusMessage completedDelta(
    const Source& source, const SyncCounts& counts, std::chrono::milliseconds duration)
{
    QStringList arguments{source.connectorName, QString::number(counts.devicesRead),
        QString::number(counts.added), QString::number(counts.changed), secondsText(duration)};
    const QString text
        = u"Delta synchronization of connector %1 completed: %2 devices, %3 added, %4 changed, in %5 s."_s
              .arg(arguments.at(0), arguments.at(1), arguments.at(2), arguments.at(3), arguments.at(4));
    return message(source, Severity::Information, deltaCompleted, text, std::move(arguments));
}

StatusMessage overdue(const Source& source, const QDateTime& last)
{
    QStringList arguments{source.connectorName, last.toUTC().toString(Qt::ISODate)};
    const QString text
        = u"Full synchronization of connector %1 is overdue: the last one that succeeded began at %2, more "
          u"than two periods of its schedule ago. Devices that are gone stay listed until one succeeds."_s
              .arg(arguments.at(0), arguments.at(1));
    return message(source, Severity::Warning, fullOverdue, text, std::move(arguments));
}

StatusMessage failed(const Source& source, const Error& error, qint64 mailboxesDone)
{
    QStringList arguments{source.connectorName, error.toLogText(), QString::number(mailboxesDone)};
    const QString text = u"Synchronization of connector %1 failed after %2 mailboxes. %3"_s.arg(
        source.connectorName, arguments.at(2), ErrorText::sentence(error));
    return message(source, Severity::Error, causeOf(error.code), text, std::move(arguments));
}

StatusMessage slowedDown(const Source& source, const QString& operation, std::chrono::milliseconds wait)
{
    QStringList arguments{source.connectorName, operation, secondsText(wait)};
    const QString text = u"Exchange asks connector %1 to slow down: %2. It waits %3 s and continues."_s.arg(
        arguments.at(0), arguments.at(1), arguments.at(2));
    return message(source, Severity::Warning, throttled, text, std::move(arguments));
}

StatusMessage guardTripped(const Source& source, const QString& what, qint64 previous, qint64 now)
{
    QStringList arguments{source.connectorName, what, QString::number(previous), QString::number(now)};
    const QString text
        = u"Synchronization of connector %1 read only %4 of %3 %2. Nothing was removed. Confirm it if that "
          u"is right; otherwise check the scope of the account."_s.arg(
              arguments.at(0), arguments.at(1), arguments.at(2), arguments.at(3));
    return message(source, Severity::Error, massChangeGuard, text, std::move(arguments));
}

QString completedSentence(const SyncCounts& counts, std::chrono::milliseconds duration, qint64 unusable)
{
    QString text
        = u"Full synchronization completed: %1 devices, %2 added, %3 changed, %4 removed, in %5 s."_s.arg(
            QString::number(counts.devicesRead), QString::number(counts.added),
            QString::number(counts.changed), QString::number(counts.removed), secondsText(duration));
    if (counts.notRead > 0)
        text += u" %1 mailboxes could not be read; their former values are kept."_s.arg(counts.notRead);
    if (unusable > 0)
        text += u" %1 objects could not be understood; nothing was removed."_s.arg(unusable);
    return text;
}

QString completedDeltaSentence(const SyncCounts& counts, std::chrono::milliseconds duration)
{
    QString text = u"Delta synchronization completed: %1 devices, %2 added, %3 changed, in %4 s."_s.arg(
        QString::number(counts.devicesRead), QString::number(counts.added), QString::number(counts.changed),
        secondsText(duration));
    if (counts.notRead > 0)
        text += u" %1 mailboxes could not be read; their former values are kept."_s.arg(counts.notRead);
    return text;
}

QString cancelledSentence(qint64 mailboxesDone, qint64 mailboxes)
{
    return mailboxes < 0
        ? u"Cancelled before the mailboxes were listed. What was read is kept."_s
        : u"Cancelled after %1 of %2 mailboxes. What was read is kept; the next run continues."_s
              .arg(mailboxesDone)
              .arg(mailboxes);
}

} // namespace postern::sync::messages

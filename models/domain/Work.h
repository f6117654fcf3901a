// Work asked of the site service and what became of it: requests, jobs with progress, status messages. Plain
// values.
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <optional>

#include "models/base/EnumText.h"
#include "models/base/Ids.h"
#include "models/domain/Connector.h"

namespace postern {

enum class RequestKind {
    SynchronizeFull,
    SynchronizeDelta,
    CheckConnector,
    CancelJob,
    RemoveConnector, // CON-48: parameters "keepEntries" (bool)
    ApplySettings, // SYN-02 now, without waiting for the next full
    ClearDevice, // parameters of DeviceClear, "partnership"
    RemoveDevice, // "partnership"
};
enum class RequestState { Queued, Taken, Done, Failed, Cancelled };
enum class JobState { Waiting, Running, Cancelling, Succeeded, Failed, Cancelled };
enum class Severity { Information, Warning, Error };

template <> struct EnumTable<RequestKind>
{
    static std::span<const EnumEntry<RequestKind>> entries();
};
template <> struct EnumTable<RequestState>
{
    static std::span<const EnumEntry<RequestState>> entries();
};
template <> struct EnumTable<JobState>
{
    static std::span<const EnumEntry<JobState>> entries();
};
template <> struct EnumTable<Severity>
{
    static std::span<const EnumEntry<Severity>> entries();
};

// A row somebody inserts; the service that holds the connector's lease takes it.
struct Request
{
    RequestId id;
    RequestKind kind = RequestKind::SynchronizeFull;
    ConnectorId connectorId;
    JobId jobId; // CancelJob: which
    QByteArray parameters; // a JSON object of the kind's own; empty: none. SynchronizeFull:
                           // "shrinkConfirmed" (SYN-06). Requests are equal only with equal parameters
    QString requestedBy; // account name
    QDateTime requestedAt;
    RequestState state = RequestState::Queued;
    QString result; // one sentence when Done or Failed
    bool operator==(const Request&) const = default;
};

// Running or finished work. done/total count `unit`; total < 0: not known yet.
struct Job
{
    JobId id;
    RequestId requestId;
    RequestKind kind = RequestKind::SynchronizeFull;
    ConnectorId connectorId;
    JobState state = JobState::Waiting;
    QString step; // English key of the step: "mailboxes", "partnerships", "statistics", "throttled",
                  // "reconnecting"
    qint64 done = 0;
    qint64 total = -1;
    QDateTime startedAt;
    std::optional<QDateTime> endedAt;
    qint64 devicesRead = 0, added = 0, changed = 0, removed = 0, notRead = 0;
    QString result; // a sentence at the end
    bool needsConfirmation = false; // failed at the shrink guard (SYN-06): a SynchronizeFull with
                                    // "shrinkConfirmed" continues
    bool operator==(const Job&) const = default;
    [[nodiscard]] bool isOver() const
    {
        return state == JobState::Succeeded || state == JobState::Failed || state == JobState::Cancelled;
    }
};

// OBJ-15. messageId and severity as in CON-60..62; text is rendered English, arguments are kept beside it.
struct StatusMessage
{
    StatusMessageId id;
    QDateTime time;
    Severity severity = Severity::Information;
    QString component; // "SMS_EXCHANGE_CONNECTOR"
    int messageId = 0;
    QString siteCode;
    QString machine;
    QStringList arguments;
    QString text;
    ConnectorId connectorId;
    bool operator==(const StatusMessage&) const = default;
};

} // namespace postern

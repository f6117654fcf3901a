// What PowerShell says when something goes wrong, a warning's text, and progress: records of a pipeline,
// decoded. Pure values, any thread. exchange-protocols b.7, [MS-PSRP] 2.2.3.15.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "models/base/Error.h"
#include "services/psrp/clixml/Value.h"

namespace postern::psrp {

struct ErrorRecord
{
    QString message; // ErrorDetails_Message, else the exception's, else ToString
    QString fullyQualifiedErrorId; // "CommandNotFoundException", "NamedParameterNotFound,Get-MobileDevice"
    QString category; // "ObjectNotFound": the name, from the number
    int categoryNumber = 0;
    QString activity; // the cmdlet
    QString reason; // short name of the exception
    QString targetName;
    QString targetType;
    QString categoryMessage;
    QString recommendedAction;
    QString exceptionType; // full name, most derived, without "Deserialized."
    QStringList exceptionTypes; // the whole chain
    std::optional<qint32> hresult;

    [[nodiscard]] bool exceptionIs(QStringView shortOrFullName) const;
};

// Never fails: what a server leaves out stays empty; a value that is no record at all gives its text as the
// message.
[[nodiscard]] ErrorRecord readErrorRecord(const clixml::Value& value);
// The Error that a caller sees: CmdletMissing, ParameterMissing, AccessDenied, NotFound, ServerBusy,
// Conflict, InvalidInput, else CmdletFailed. `origin`: what was run where.
[[nodiscard]] Error toError(const ErrorRecord& record, QString origin);

struct ProgressUpdate
{
    QString activity;
    int activityId = 0;
    int parentActivityId = -1;
    QString statusDescription;
    QString currentOperation;
    int percentComplete = -1; // -1: unknown
    int secondsRemaining = -1;
    bool completed = false;
};
[[nodiscard]] ProgressUpdate readProgress(const clixml::Value& value);
// The text of a WARNING, VERBOSE or DEBUG record.
[[nodiscard]] QString readInformationalText(const clixml::Value& value);

} // namespace postern::psrp

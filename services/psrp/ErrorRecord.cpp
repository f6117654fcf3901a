#include "services/psrp/ErrorRecord.h"

#include <array>

#include "services/psrp/clixml/Object.h"
#include "services/wsman/Fault.h"

namespace postern::psrp {

using namespace Qt::StringLiterals;
using clixml::Value;

namespace {

// System.Management.Automation.ErrorCategory by number.
constexpr std::array kCategories = {"NotSpecified"_L1, "OpenError"_L1, "CloseError"_L1, "DeviceError"_L1,
    "DeadlockDetected"_L1, "InvalidArgument"_L1, "InvalidData"_L1, "InvalidOperation"_L1, "InvalidResult"_L1,
    "InvalidType"_L1, "MetadataError"_L1, "NotImplemented"_L1, "NotInstalled"_L1, "ObjectNotFound"_L1,
    "OperationStopped"_L1, "OperationTimeout"_L1, "SyntaxError"_L1, "ParserError"_L1, "PermissionDenied"_L1,
    "ResourceBusy"_L1, "ResourceExists"_L1, "ResourceUnavailable"_L1, "ReadError"_L1, "WriteError"_L1,
    "FromStdErr"_L1, "SecurityError"_L1, "ProtocolError"_L1, "ConnectionError"_L1, "AuthenticationError"_L1,
    "LimitsExceeded"_L1, "QuotaExceeded"_L1, "NotEnabled"_L1};

QString textOf(const Value& value, QStringView property)
{
    return value.property(property).toText();
}

QString plainTypeName(QString name)
{
    constexpr auto prefix = "Deserialized."_L1;
    if (name.startsWith(prefix))
        name.remove(0, prefix.size());
    return name;
}

void readException(const Value& exception, ErrorRecord& record)
{
    if (const clixml::Object* object = exception.object()) {
        for (const QString& name : object->typeNames)
            record.exceptionTypes.append(plainTypeName(name));
    }
    record.exceptionType = record.exceptionTypes.value(0);
    if (const auto number = exception.property(u"HResult").toInt64())
        record.hresult = qint32(*number);
}

// "NamedParameterNotFound,Get-MobileDevice" -> "NamedParameterNotFound". Exchange puts things in front:
// "[Server=EX1,RequestId=...,TimeStamp=...] [FailureCategory=Cmdlet-ManagementObjectNotFoundException]
// 5F4D,Microsoft…".
QStringView errorId(const ErrorRecord& record)
{
    const QStringView id(record.fullyQualifiedErrorId);
    const qsizetype comma = id.indexOf(u',');
    return comma < 0 || id.startsWith(u'[') ? id : id.first(comma);
}

std::optional<ErrorCode> codeOfId(QStringView id)
{
    struct Meaning
    {
        QLatin1StringView id;
        ErrorCode code;
    };
    static constexpr Meaning kMeanings[] = {
        {"CommandNotFoundException"_L1, ErrorCode::CmdletMissing},
        {"NamedParameterNotFound"_L1, ErrorCode::ParameterMissing},
        {"ScriptsNotAllowed"_L1, ErrorCode::AccessDenied},
        {"ParameterBindingFailed"_L1, ErrorCode::InvalidInput},
        {"ParameterArgumentTransformationError"_L1, ErrorCode::InvalidInput},
        {"ParameterArgumentValidationError"_L1, ErrorCode::InvalidInput},
        {"AmbiguousParameterSet"_L1, ErrorCode::InvalidInput},
        {"MissingMandatoryParameter"_L1, ErrorCode::InvalidInput},
        {"MissingArgument"_L1, ErrorCode::InvalidInput},
        {"CannotConvertArgument"_L1, ErrorCode::InvalidInput},
        {"CannotConvertArgumentNoMessage"_L1, ErrorCode::InvalidInput},
    };
    for (const Meaning& meaning : kMeanings) {
        if (id.compare(meaning.id, Qt::CaseInsensitive) == 0)
            return meaning.code;
    }
    return std::nullopt;
}

std::optional<ErrorCode> codeOfException(const ErrorRecord& record)
{
    struct Meaning
    {
        QStringView name;
        ErrorCode code;
    };
    static constexpr Meaning kMeanings[] = {
        {u"CommandNotFoundException", ErrorCode::CmdletMissing},
        {u"ManagementObjectNotFoundException", ErrorCode::NotFound},
        {u"CmdletAccessDeniedException", ErrorCode::AccessDenied},
        {u"UnauthorizedAccessException", ErrorCode::AccessDenied},
        {u"OverBudgetException", ErrorCode::ServerBusy},
        {u"ResourceUnhealthyException", ErrorCode::ServerBusy},
        {u"ServerBusyException", ErrorCode::ServerBusy},
        {u"ADObjectAlreadyExistsException", ErrorCode::Conflict},
        {u"ADServerSettingsChangedException", ErrorCode::Conflict},
    };
    for (const Meaning& meaning : kMeanings) {
        if (record.exceptionIs(meaning.name) || record.reason.compare(meaning.name, Qt::CaseInsensitive) == 0)
            return meaning.code;
    }
    return std::nullopt;
}

std::optional<ErrorCode> codeOfCategory(const QString& category)
{
    if (category == "PermissionDenied"_L1 || category == "SecurityError"_L1)
        return ErrorCode::AccessDenied;
    if (category == "ObjectNotFound"_L1)
        return ErrorCode::NotFound;
    if (category == "ResourceBusy"_L1 || category == "LimitsExceeded"_L1 || category == "QuotaExceeded"_L1)
        return ErrorCode::ServerBusy;
    if (category == "ResourceExists"_L1)
        return ErrorCode::Conflict;
    if (category == "InvalidArgument"_L1)
        return ErrorCode::InvalidInput;
    return std::nullopt;
}

} // namespace

bool ErrorRecord::exceptionIs(QStringView shortOrFullName) const
{
    for (const QString& type : exceptionTypes) {
        if (QStringView(type).compare(shortOrFullName, Qt::CaseInsensitive) == 0)
            return true;
        const qsizetype at = type.size() - shortOrFullName.size();
        if (at > 0 && type.at(at - 1) == u'.'
            && QStringView(type).sliced(at).compare(shortOrFullName, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

ErrorRecord readErrorRecord(const Value& value)
{
    ErrorRecord record;
    const Value& exception = value.property(u"Exception");
    readException(exception, record);
    record.message = textOf(value, u"ErrorDetails_Message");
    if (record.message.isEmpty())
        record.message = textOf(exception, u"Message");
    if (record.message.isEmpty())
        record.message = value.toText();
    record.fullyQualifiedErrorId = textOf(value, u"FullyQualifiedErrorId");
    record.categoryNumber = int(value.property(u"ErrorCategory_Category").toInt64().value_or(0));
    if (record.categoryNumber >= 0 && size_t(record.categoryNumber) < kCategories.size())
        record.category = kCategories[size_t(record.categoryNumber)];
    record.activity = textOf(value, u"ErrorCategory_Activity");
    record.reason = textOf(value, u"ErrorCategory_Reason");
    record.targetName = textOf(value, u"ErrorCategory_TargetName");
    record.targetType = textOf(value, u"ErrorCategory_TargetType");
    record.categoryMessage = textOf(value, u"ErrorCategory_Message");
    record.recommendedAction = textOf(value, u"ErrorDetails_RecommendedAction");
    return record;
}

Error toError(const ErrorRecord& record, QString origin)
{
    Error error;
    error.origin = std::move(origin);
    error.detail = record.message;
    // From the sure to the vague: the id names the case, the exception the kind, the category only a
    // direction.
    std::optional<ErrorCode> code = codeOfId(errorId(record));
    if (!code)
        code = codeOfException(record);
    if (!code)
        code = codeOfCategory(record.category);
    error.code = code.value_or(ErrorCode::CmdletFailed);
    if (error.code == ErrorCode::ServerBusy)
        error.retryAfter = wsman::statedDelay(record.message);
    return error;
}

ProgressUpdate readProgress(const Value& value)
{
    ProgressUpdate update;
    update.activity = textOf(value, u"Activity");
    update.activityId = int(value.property(u"ActivityId").toInt64().value_or(0));
    update.parentActivityId = int(value.property(u"ParentActivityId").toInt64().value_or(-1));
    update.statusDescription = textOf(value, u"StatusDescription");
    update.currentOperation = textOf(value, u"CurrentOperation");
    update.percentComplete = int(value.property(u"PercentComplete").toInt64().value_or(-1));
    update.secondsRemaining = int(value.property(u"SecondsRemaining").toInt64().value_or(-1));
    update.completed = value.property(u"Type").enumText() == "Completed"_L1;
    return update;
}

QString readInformationalText(const Value& value)
{
    const QString text = textOf(value, u"InformationalRecord_Message");
    return text.isEmpty() ? value.toText() : text;
}

} // namespace postern::psrp

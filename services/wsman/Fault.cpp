#include "services/wsman/Fault.h"

#include <QRegularExpression>

namespace postern::wsman {

using namespace Qt::StringLiterals;

namespace {

struct CodeMeaning
{
    quint32 code;
    ErrorCode meaning;
};

// exchange-protocols a.7; sorted by code.
constexpr CodeMeaning kMeanings[] = {
    {5, ErrorCode::AccessDenied},
    {995, ErrorCode::SessionLost}, // operation aborted: the shell was closed
    {1311, ErrorCode::AuthenticationFailed}, // no logon servers
    {1312, ErrorCode::AuthenticationFailed}, // no such logon session
    {1326, ErrorCode::AuthenticationFailed}, // logon failure
    {1722, ErrorCode::SessionLost}, // RPC: the worker was recycled
    {1726, ErrorCode::SessionLost},
    {2147942405, ErrorCode::AccessDenied}, // E_ACCESSDENIED
    {2150858754, ErrorCode::InvalidAddress}, // INVALID_URI
    {2150858771, ErrorCode::Unsupported}, // ACTION_NOT_SUPPORTED
    {2150858778, ErrorCode::AccessDenied}, // ACCESS_DENIED of the service
    {2150858790, ErrorCode::LimitExceeded}, // envelope too large
    {2150858806, ErrorCode::AuthenticationFailed},
    {2150858811, ErrorCode::InvalidAddress}, // INVALID_RESOURCE_URI: no such configuration
    {2150858815, ErrorCode::ServerBusy}, // QUOTA_LIMIT
    {2150858823, ErrorCode::LimitExceeded}, // MaxEnvelopeSize
    {2150858824, ErrorCode::LimitExceeded},
    {2150858843, ErrorCode::SessionLost}, // shell or command unknown
    {2150859026, ErrorCode::ServerBusy}, // HTTP 503
    {2150859027, ErrorCode::NotFound}, // HTTP 404
    {2150859161, ErrorCode::Redirected},
    {2150859173, ErrorCode::TooManySessions},
    {2150859174, ErrorCode::ServerBusy}, // concurrent operations of the user
    {2150859175, ErrorCode::ServerBusy}, // user load quota
    {2150859176, ErrorCode::ServerBusy}, // system load quota
    {2150859178, ErrorCode::Redirected},
    {2150859191, ErrorCode::Redirected},
};

std::optional<ErrorCode> meaningOf(quint32 code)
{
    const auto* at = std::lower_bound(std::begin(kMeanings), std::end(kMeanings), code,
        [](const CodeMeaning& entry, quint32 wanted) { return entry.code < wanted; });
    if (at == std::end(kMeanings) || at->code != code)
        return std::nullopt;
    return at->meaning;
}

// Texts that tell more than a general code does (d.6): Exchange puts its throttling into several faults.
std::optional<ErrorCode> meaningOfText(const QString& text)
{
    if (text.contains("concurrent shells"_L1, Qt::CaseInsensitive))
        return ErrorCode::TooManySessions;
    if (text.contains("load quota"_L1, Qt::CaseInsensitive))
        return ErrorCode::ServerBusy;
    return std::nullopt;
}

std::optional<ErrorCode> meaningOfSubcode(const QString& subcode)
{
    if (subcode == "AccessDenied"_L1)
        return ErrorCode::AccessDenied;
    if (subcode == "InvalidSelectors"_L1)
        return ErrorCode::SessionLost;
    if (subcode == "QuotaLimit"_L1)
        return ErrorCode::ServerBusy;
    if (subcode == "EncodingLimit"_L1)
        return ErrorCode::LimitExceeded;
    if (subcode == "DestinationUnreachable"_L1 || subcode == "EndpointUnavailable"_L1)
        return ErrorCode::NotFound;
    if (subcode == "TimedOut"_L1)
        return ErrorCode::Timeout;
    return std::nullopt;
}

} // namespace

bool Fault::isTimeout() const
{
    return code == FaultCode::OperationTimedOut || (code == 0 && subcode == "TimedOut"_L1);
}

QUrl Fault::redirectTarget() const
{
    if (!redirect.isEmpty())
        return QUrl(redirect.trimmed());
    static const QRegularExpression address(
        u"https?://[^\\s\"'<>]+"_s, QRegularExpression::CaseInsensitiveOption);
    const auto match = address.match(text());
    return match.hasMatch() ? QUrl(match.captured()) : QUrl();
}

QString Fault::text() const
{
    if (!message.isEmpty())
        return message;
    if (!reason.isEmpty())
        return reason;
    return u"fault %1"_s.arg(code);
}

std::optional<std::chrono::milliseconds> statedDelay(const QString& text)
{
    // "…will not be approved for at least 4500 milliseconds." The number may carry separators of the server's
    // culture.
    static const QRegularExpression pattern(u"at least\\s+([0-9][0-9.,' \\x{00A0}]*)\\s*millisecond"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = pattern.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    QString digits;
    for (const QChar c : match.capturedView(1)) {
        if (c.isDigit())
            digits += c;
    }
    bool isNumber = false;
    const qint64 value = digits.toLongLong(&isNumber);
    if (!isNumber)
        return std::nullopt;
    return std::chrono::milliseconds(std::min<qint64>(value, 86'400'000));
}

Error toError(const Fault& fault, QString origin)
{
    Error error;
    error.origin = std::move(origin);
    error.detail = fault.text().trimmed();
    if (fault.code != 0)
        error.detail += u" (fault %1)"_s.arg(fault.code);
    std::optional<ErrorCode> code = meaningOfText(fault.text());
    if (!code)
        code = meaningOf(fault.code);
    if (!code && fault.nestedCode != 0)
        code = meaningOf(fault.nestedCode);
    if (!code)
        code = meaningOfSubcode(fault.subcode);
    error.code = code.value_or(ErrorCode::Internal);
    if (fault.isTimeout())
        error.code = ErrorCode::Timeout;
    if (error.code == ErrorCode::ServerBusy || error.code == ErrorCode::TooManySessions)
        error.retryAfter = statedDelay(fault.text());
    if (error.code == ErrorCode::Redirected && fault.redirectTarget().isValid())
        error.detail = fault.redirectTarget().toString();
    return error;
}

} // namespace postern::wsman

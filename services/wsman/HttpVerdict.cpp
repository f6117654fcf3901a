#include "services/wsman/HttpVerdict.h"

#include <QRegularExpression>

namespace postern::wsman {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kShown = 200; // characters of a foreign page in an error

ErrorCode meaning(int status)
{
    switch (status) {
    case 401:
        return ErrorCode::AuthenticationFailed;
    case 403:
        return ErrorCode::AccessDenied;
    case 404:
    case 405:
    case 410:
        return ErrorCode::NotFound;
    case 407:
        return ErrorCode::AccessDenied; // a proxy wants to know who we are
    case 408:
    case 504:
        return ErrorCode::Timeout;
    case 413:
    case 414:
    case 431:
        return ErrorCode::LimitExceeded;
    case 429:
    case 503:
        return ErrorCode::ServerBusy;
    case 502:
        return ErrorCode::ConnectionLost;
    default:
        return status >= 500 ? ErrorCode::Internal : ErrorCode::Malformed;
    }
}

} // namespace

std::optional<QUrl> redirectTarget(const core::HttpAnswer& answer)
{
    switch (answer.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
        break;
    default:
        return std::nullopt;
    }
    const QByteArray location = answer.header("Location").trimmed();
    if (location.isEmpty())
        return QUrl();
    return answer.url.resolved(QUrl::fromEncoded(location));
}

QString pageText(QByteArrayView body)
{
    const QString page = QString::fromUtf8(body.first(std::min<qsizetype>(body.size(), 16 * 1024)));
    static const QRegularExpression title(
        u"<title[^>]*>([^<]*)</title>"_s, QRegularExpression::CaseInsensitiveOption);
    if (const auto match = title.match(page); match.hasMatch() && !match.capturedView(1).trimmed().isEmpty())
        return match.captured(1).simplified().left(kShown);
    static const QRegularExpression markup(u"<(style|script)[^>]*>.*?</\\1>|<[^>]*>"_s,
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    QString text = page;
    return text.replace(markup, u" "_s).simplified().left(kShown);
}

Error httpError(const core::HttpAnswer& answer, const QDateTime& now, QString origin)
{
    Error error;
    error.code = meaning(answer.status);
    error.origin = std::move(origin);
    const QString text = pageText(answer.body);
    if (answer.status == 200)
        error.detail = text.isEmpty() ? u"HTTP 200 with an empty body instead of SOAP"_s
                                      : u"HTTP 200 with a page instead of SOAP: \"%1\""_s.arg(text);
    else
        error.detail = text.isEmpty() ? u"HTTP %1"_s.arg(answer.status)
                                      : u"HTTP %1: %2"_s.arg(answer.status).arg(text);
    if (error.code == ErrorCode::ServerBusy)
        error.retryAfter = answer.retryAfter(now);
    return error;
}

} // namespace postern::wsman

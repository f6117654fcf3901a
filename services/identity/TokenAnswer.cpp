#include "services/identity/TokenAnswer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QRegularExpression>

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype shown = 300; // characters of a foreign sentence in an error
constexpr double withoutLifetime
    = 300; // the RFC only recommends expires_in: a token we know nothing of is short
constexpr double longestLifetime = 48 * 3600; // continuous access evaluation gives up to 28 hours
constexpr std::chrono::minutes tolerated{5};

// A number, or a number as text; nullopt for anything else, and for nonsense.
std::optional<double> seconds(const QJsonValue& value)
{
    bool isNumber = value.isDouble();
    const double number = isNumber ? value.toDouble() : value.toString().toDouble(&isNumber);
    if (!isNumber || !(number >= 0)) // also when it is not a number at all
        return std::nullopt;
    return std::min(number, longestLifetime);
}

// It goes into an Authorization header as it is.
bool isHeaderSafe(const QString& token)
{
    return !token.isEmpty() && std::all_of(token.cbegin(), token.cend(), [](QChar c) {
        return c.unicode() > 0x20 && c.unicode() < 0x7f;
    });
}

QString oneLine(QString text)
{
    static const QRegularExpression traces(
        u"\\s*(?:Trace ID|Correlation ID|Timestamp):.*$"_s, QRegularExpression::DotMatchesEverythingOption);
    return text.left(4096).remove(traces).simplified().left(shown);
}

int numberOf(const QJsonObject& json, const QString& description)
{
    static const QRegularExpression pattern(u"\\bAADSTS(\\d{4,9})\\b"_s);
    const auto match = pattern.match(description.left(4096));
    if (match.hasMatch())
        return match.captured(1).toInt();
    return json.value("error_codes"_L1).toArray().at(0).toInt();
}

} // namespace

Expected<TokenAnswer> readTokenAnswer(const QJsonObject& json, const QDateTime& sentAt)
{
    const QString type = json.value("token_type"_L1).toString();
    if (type.compare("Bearer"_L1, Qt::CaseInsensitive) != 0)
        return fail(ErrorCode::Malformed,
            u"token_type is \"%1\" instead of Bearer"_s.arg(type.left(40).simplified()));
    TokenAnswer answer;
    answer.accessToken = json.value("access_token"_L1).toString();
    if (!isHeaderSafe(answer.accessToken))
        return fail(ErrorCode::Malformed, u"access_token is missing or has characters that no token has"_s);
    const QJsonValue lifetime = json.value("expires_in"_L1);
    const auto lives = lifetime.isUndefined() ? withoutLifetime : seconds(lifetime);
    if (!lives)
        return fail(ErrorCode::Malformed, u"expires_in is no number of seconds"_s);
    answer.issuedAt = sentAt;
    answer.expiresAt = sentAt.addSecs(qint64(*lives));
    if (const auto renew = seconds(json.value("refresh_in"_L1)); renew && *renew < *lives)
        answer.renewAt = sentAt.addSecs(qint64(*renew));
    answer.refreshToken = json.value("refresh_token"_L1).toString();
    answer.idToken = json.value("id_token"_L1).toString();
    answer.scope = json.value("scope"_L1).toString();
    return answer;
}

std::optional<OAuthError> readOAuthError(const QJsonObject& json)
{
    OAuthError error;
    error.error = json.value("error"_L1).toString().left(80).simplified();
    if (error.error.isEmpty())
        return std::nullopt;
    const QString description = json.value("error_description"_L1).toString();
    error.description = oneLine(description);
    error.suberror = json.value("suberror"_L1).toString().left(80).simplified();
    error.correlationId = json.value("correlation_id"_L1).toString().left(64).simplified();
    error.number = numberOf(json, description);
    const QJsonValue claims = json.value("claims"_L1);
    if (claims.isObject())
        error.claims = QString::fromUtf8(QJsonDocument(claims.toObject()).toJson(QJsonDocument::Compact));
    else if (claims.toString().size() <= 16 * 1024)
        error.claims = claims.toString();
    return error;
}

std::optional<std::chrono::seconds> clockSkew(
    QByteArrayView dateHeader, const QDateTime& sentAt, const QDateTime& answeredAt)
{
    QDateTime at = QLocale::c().toDateTime(
        QString::fromLatin1(dateHeader).trimmed(), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    if (!at.isValid())
        return std::nullopt;
    at.setTimeSpec(Qt::UTC);
    // The header has whole seconds and was written somewhere between the two.
    if (at < sentAt.addSecs(-1))
        return std::chrono::seconds(sentAt.secsTo(at));
    if (at > answeredAt)
        return std::chrono::seconds(answeredAt.secsTo(at));
    return std::chrono::seconds(0);
}

QString clockSkewText(std::chrono::seconds skew)
{
    const auto size = std::chrono::abs(skew);
    if (size <= tolerated)
        return {};
    const qint64 minutes = std::chrono::round<std::chrono::minutes>(size).count();
    return u"this computer's clock is %1 minutes %2 Entra's; set it right, because signed requests are "
           u"refused "
           u"with a wrong time"_s.arg(minutes)
               .arg(skew.count() > 0 ? u"behind"_s : u"ahead of"_s);
}

} // namespace postern::identity

#include "services/identity/ClaimsChallenge.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longest = 16 * 1024;

// The parameters of a challenge: name="quoted \" text" or name=token (RFC 9110 11.2). One header may hold
// several challenges; the scheme names between them are no parameters and are passed over.
QHash<QString, QString> parameters(const QString& header)
{
    static const QRegularExpression parameter(
        u"([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s\",]+))"_s);
    QHash<QString, QString> found;
    auto matches = parameter.globalMatch(header.left(2 * longest));
    while (matches.hasNext()) {
        const auto match = matches.next();
        const bool quoted = match.hasCaptured(2);
        QString value = match.captured(quoted ? 2 : 3);
        if (quoted)
            value.replace(QRegularExpression(u"\\\\(.)"_s), u"\\1"_s);
        const QString name = match.captured(1).toLower();
        if (!found.contains(name))
            found.insert(name, value);
    }
    return found;
}

// Standard or URL alphabet, with or without padding: Microsoft's services differ.
std::optional<QJsonObject> decodeClaims(const QString& text)
{
    QByteArray base64 = text.toLatin1();
    base64.replace('-', '+').replace('_', '/');
    const auto decoded = QByteArray::fromBase64Encoding(
        base64, QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || (*decoded).size() > longest)
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(*decoded);
    if (!document.isObject())
        return std::nullopt;
    return document.object();
}

QString compact(const QJsonObject& object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

} // namespace

std::optional<QString> challengeClaims(const QList<QNetworkReply::RawHeaderPair>& headers)
{
    for (const auto& [name, value] : headers) {
        if (name.compare("WWW-Authenticate", Qt::CaseInsensitive) != 0)
            continue;
        // QNetworkReply joins repeated headers with newlines or commas, depending on the Qt version.
        for (const QByteArray& line : value.split('\n')) {
            const QHash<QString, QString> given = parameters(QString::fromLatin1(line));
            if (given.value(u"error"_s) != "insufficient_claims"_L1)
                continue;
            if (const auto claims = decodeClaims(given.value(u"claims"_s)))
                return compact(*claims);
        }
    }
    return std::nullopt;
}

Expected<QString> requestClaims(const QString& challenge)
{
    QJsonObject claims;
    if (!challenge.isEmpty()) {
        QJsonParseError where;
        const QJsonDocument document = QJsonDocument::fromJson(challenge.toUtf8(), &where);
        if (!document.isObject() || challenge.size() > longest)
            return fail(ErrorCode::Malformed,
                u"the claims of the challenge are no JSON object (offset %1)"_s.arg(where.offset));
        claims = document.object();
    }
    QJsonObject capability;
    capability.insert("values"_L1, QJsonArray{u"cp1"_s});
    QJsonObject accessToken = claims.value("access_token"_L1).toObject();
    accessToken.insert("xms_cc"_L1, capability);
    claims.insert("access_token"_L1, accessToken);
    return compact(claims);
}

} // namespace postern::identity

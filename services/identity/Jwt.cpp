#include "services/identity/Jwt.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longest = 64 * 1024;

bool namesClient(const QJsonValue& audience, const QString& clientId)
{
    if (audience.isArray())
        return audience.toArray().contains(clientId);
    return audience.toString() == clientId;
}

bool isGuid(const QString& text)
{
    return !QUuid::fromString(text).isNull();
}

} // namespace

Expected<QJsonObject> jwtPayload(QStringView jwt)
{
    if (jwt.size() > longest)
        return fail(ErrorCode::LimitExceeded, u"the token is longer than 64 KiB"_s);
    const QList<QStringView> parts = jwt.split(u'.');
    if (parts.size() != 3)
        return fail(ErrorCode::Malformed, u"the token does not have three parts"_s);
    const auto decoded = QByteArray::fromBase64Encoding(parts.at(1).toLatin1(),
        QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals
            | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return fail(ErrorCode::Malformed, u"the token's second part is not base64url"_s);
    QJsonParseError where;
    const QJsonDocument document = QJsonDocument::fromJson(*decoded, &where);
    if (!document.isObject())
        return fail(ErrorCode::Malformed,
            u"the token's second part is no JSON object (offset %1)"_s.arg(where.offset));
    return document.object();
}

Expected<SignedInPerson> readIdToken(QStringView idToken)
{
    const Expected<QJsonObject> payload = jwtPayload(idToken);
    if (!payload)
        return fail(payload.error());
    SignedInPerson person;
    person.userName = payload->value("preferred_username"_L1).toString();
    person.displayName = payload->value("name"_L1).toString();
    person.objectId = payload->value("oid"_L1).toString();
    person.tenantId = payload->value("tid"_L1).toString();
    return person;
}

Expected<void> checkIdToken(QStringView idToken, const Tenant& tenant, const QString& nonce)
{
    const QString origin = u"the id token of the sign-in to "_s + tenant.displayName();
    const Expected<QJsonObject> payload = jwtPayload(idToken);
    if (!payload)
        return fail(payload.error().code, payload.error().detail, origin);
    if (payload->value("nonce"_L1).toString() != nonce)
        return fail(ErrorCode::AuthenticationFailed,
            u"it answers another sign-in than this one (nonce). Sign in again."_s, origin);
    if (!namesClient(payload->value("aud"_L1), tenant.clientId))
        return fail(ErrorCode::AuthenticationFailed, u"it was made for another app (aud)."_s, origin);
    const QString answered = payload->value("tid"_L1).toString();
    if (isGuid(tenant.id) && !answered.isEmpty() && answered.compare(tenant.id, Qt::CaseInsensitive) != 0)
        return fail(ErrorCode::AuthenticationFailed,
            u"the account belongs to another tenant (%1). Sign in with an account of this one."_s.arg(
                answered.left(64)),
            origin);
    return {};
}

} // namespace postern::identity

// Reads and writes JSON Web Tokens as far as a client needs: payloads without verification, for display and
// for the checks of an id token that came straight from the token end point over TLS (OpenID Connect Core
// 3.1.3.7). Pure, any thread. Errors: Malformed (never with the token in it), AuthenticationFailed.
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QString>

#include "models/base/Error.h"
#include "services/identity/Tenant.h"

namespace postern::identity {

// The second part of header.payload.signature. Not verified.
[[nodiscard]] Expected<QJsonObject> jwtPayload(QStringView jwt);

// Who signed in, from the id token.
struct SignedInPerson
{
    QString userName; // preferred_username
    QString displayName;
    QString objectId;
    QString tenantId; // GUID, also when Tenant::id was a domain or "organizations"
};
[[nodiscard]] Expected<SignedInPerson> readIdToken(QStringView idToken);

// nonce and audience are ours, and a tenant given by GUID is the one that answered.
[[nodiscard]] Expected<void> checkIdToken(QStringView idToken, const Tenant& tenant, const QString& nonce);

} // namespace postern::identity

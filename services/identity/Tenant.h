// One tenant as one app registration sees it: everything that is needed to sign in, except the secret. A
// value, any thread. The addresses may be overridden (a lab, a proxy), then usually with a CA of their own.
// Errors: InvalidAddress, InvalidInput. graph-reference 1, 2.
#pragma once

#include <QList>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QString>
#include <QUrl>

#include "models/base/Error.h"
#include "services/identity/Cloud.h"

namespace postern::identity {

struct Tenant
{
    Cloud cloud = cloudOf(CloudId::Global);
    QString id; // GUID or verified domain; "organizations" and "common" only with a person's sign-in
    QString clientId; // application id of the app registration
    // When not empty only these are trusted, for this tenant alone.
    QList<QSslCertificate> authorities;

    // https addresses, an id and a client id that cannot leave their place in a URL.
    [[nodiscard]] Expected<void> validate() const;
    // False for "organizations", "common", "consumers": an app signs in to one tenant only.
    [[nodiscard]] bool isOne() const;

    [[nodiscard]] QUrl authorizeUrl() const;
    [[nodiscard]] QUrl tokenUrl() const; // also the audience of a client assertion
    [[nodiscard]] QUrl deviceCodeUrl() const;

    // "User.Read.All" as "https://graph.microsoft.com/User.Read.All".
    [[nodiscard]] QString scope(const QString& permission) const;
    // "https://graph.microsoft.com/.default": everything that was consented to.
    [[nodiscard]] QString defaultScope() const;
    // A person's scopes: openid profile offline_access and these permissions, or .default when there are
    // none.
    [[nodiscard]] QString delegatedScopes(const QStringList& permissions) const;

    // For logs and errors: "contoso.com at login.microsoftonline.com".
    [[nodiscard]] QString displayName() const;
    // TLS 1.2 or newer, verified, with this tenant's authorities: for Graph as well.
    [[nodiscard]] QSslConfiguration tls() const;
};

// Where the SecretStore keeps the tenant's refresh token, client secret or certificate with key:
// "tenant/PS1/<tenant id>".
[[nodiscard]] QString tenantSecretKey(const QString& siteCode, const QString& tenantId);

} // namespace postern::identity

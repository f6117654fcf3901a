// Tokens of the app itself: client credentials with a secret or a certificate. The SecretStore keeps the
// secret (its text) or the certificate with its private key (PEM); it is read for each renewal, so a new one
// works at once. Service thread. Errors: SecretMissing, SecretStoreUnavailable, InvalidInput (not a usable
// certificate, "common" as tenant, wrong client id), AuthenticationFailed (secret or certificate refused or
// expired), AccessDenied, those of TokenClient. graph-reference 2.3.
#pragma once

#include <QCoroTask>
#include <QString>
#include <stop_token>

#include "services/identity/RenewingTokenSource.h"
#include "services/identity/SecretStore.h"
#include "services/identity/TokenClient.h"

namespace postern::identity {

enum class AppCredential {
    Secret,
    Certificate,
};

class ApplicationTokenSource final : public RenewingTokenSource
{
public:
    // `client` and `store` outlive the source; `secretKey` is tenantSecretKey().
    ApplicationTokenSource(
        TokenClient* client, SecretStore* store, QString secretKey, AppCredential credential);

protected:
    QCoro::Task<Expected<TokenAnswer>> renew(
        QString claims, std::stop_token stop, std::stop_token abandon) override;
    QCoro::Task<Expected<void>> keep(TokenAnswer answer) override;

private:
    [[nodiscard]] Expected<Form> form(const QString& secret, const QString& claims) const;

    TokenClient* m_client;
    SecretStore* m_store;
    const QString m_secretKey;
    const AppCredential m_credential;
};

} // namespace postern::identity

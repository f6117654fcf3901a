// Tokens of a person who once signed in (browser or device code): renewed with the refresh token that the
// SecretStore keeps. A new refresh token is written there before the new access token is used; several
// processes may share one entry. Service thread. Errors: SignInRequired (nobody signed in, or Entra wants to
// see the person), ConsentRequired, SecretStoreUnavailable, those of TokenClient. graph-reference 2.4, 2.5.
#pragma once

#include <QCoroTask>
#include <QString>
#include <optional>
#include <stop_token>

#include "services/identity/RenewingTokenSource.h"
#include "services/identity/SecretStore.h"
#include "services/identity/TokenClient.h"

namespace postern::identity {

class DelegatedTokenSource final : public RenewingTokenSource
{
public:
    // `client` and `store` outlive the source; `secretKey` is tenantSecretKey(). `permissions` as at sign-in.
    DelegatedTokenSource(
        TokenClient* client, SecretStore* store, QString secretKey, QStringList permissions = {});

    // After a sign-in: writes the refresh token down and goes on with this answer.
    QCoro::Task<Expected<void>> adopt(TokenAnswer answer, std::stop_token token);
    // What the next interactive sign-in has to pass as claims; empty when nothing was asked for.
    [[nodiscard]] QString claimsForSignIn() const { return m_claimsForSignIn; }

protected:
    QCoro::Task<Expected<TokenAnswer>> renew(
        QString claims, std::stop_token stop, std::stop_token abandon) override;
    QCoro::Task<Expected<void>> keep(TokenAnswer answer) override;

private:
    // A refresh token that Entra refused: not shown again until it is another one, or the pause is over.
    struct Refused
    {
        QByteArray fingerprint;
        Error error;
        std::optional<QDateTime> askAgainAt; // nullopt: never
    };

    QCoro::Task<Expected<QString>> storedToken();
    QCoro::Task<bool> isReplaced(QString used);
    QCoro::Task<void> forget();
    QCoro::Task<Expected<TokenAnswer>> writeUnsaved();
    QCoro::Task<Expected<TokenAnswer>> save(QString used, TokenAnswer answer);
    [[nodiscard]] Expected<Form> form(const QString& refreshToken, const QString& claims) const;
    [[nodiscard]] std::optional<Error> stillRefused(const QString& refreshToken) const;
    [[nodiscard]] Error remember(const QString& refreshToken, const QString& claims, const TokenReply& reply);

    TokenClient* m_client;
    SecretStore* m_store;
    const QString m_secretKey;
    const QStringList m_permissions;
    std::optional<TokenAnswer> m_unsaved; // came, but the key ring did not take its refresh token yet
    std::optional<Refused> m_refused;
    QString m_claimsForSignIn;
};

} // namespace postern::identity

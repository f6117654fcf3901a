#include "services/identity/ApplicationTokenSource.h"

#include "services/identity/ClaimsChallenge.h"
#include "services/identity/ClientCertificate.h"

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

Expected<void> addAssertion(Form& form, const QString& pem, const TokenClient& client)
{
    const Expected<ClientCertificate> certificate = ClientCertificate::fromPem(pem.toUtf8());
    if (!certificate)
        return fail(certificate.error());
    const QDateTime now = client.now();
    if (const auto valid = certificate->checkDates(now); !valid)
        return valid;
    const Expected<QByteArray> assertion
        = certificate->assertion(client.tenant().clientId, client.tenant().tokenUrl(), now);
    if (!assertion)
        return fail(assertion.error());
    form.add("client_assertion_type", u"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"_s);
    form.addSecret("client_assertion", QString::fromLatin1(*assertion));
    return {};
}

} // namespace

ApplicationTokenSource::ApplicationTokenSource(
    TokenClient* client, SecretStore* store, QString secretKey, AppCredential credential)
    : RenewingTokenSource(client->clock())
    , m_client(client)
    , m_store(store)
    , m_secretKey(std::move(secretKey))
    , m_credential(credential)
{
}

Expected<Form> ApplicationTokenSource::form(const QString& secret, const QString& claims) const
{
    const Expected<QString> asked = requestClaims(claims);
    if (!asked)
        return fail(asked.error());
    Form form;
    form.add("client_id", m_client->tenant().clientId);
    form.add("grant_type", u"client_credentials"_s);
    form.add("scope", m_client->tenant().defaultScope());
    form.add("claims", *asked);
    if (m_credential == AppCredential::Secret) {
        form.addSecret("client_secret", secret);
        return form;
    }
    if (const auto added = addAssertion(form, secret, *m_client); !added)
        return fail(added.error());
    return form;
}

QCoro::Task<Expected<TokenAnswer>> ApplicationTokenSource::renew(
    QString claims, std::stop_token stop, std::stop_token abandon)
{
    if (!m_client->tenant().isOne())
        co_return fail(ErrorCode::InvalidInput,
            u"an app signs in to one tenant: enter its id or domain instead of \"%1\""_s.arg(
                m_client->tenant().id),
            m_client->origin());
    const Expected<QString> secret = co_await m_store->read(m_secretKey);
    if (!secret)
        co_return fail(secret.error());
    FormMaker make = [this, text = *secret, claims] { return form(text, claims); };
    Expected<TokenReply> reply = co_await m_client->ask(std::move(make), stop, abandon);
    if (!reply)
        co_return fail(reply.error());
    if (!reply->answer)
        co_return fail(m_client->refusal(*reply, Grant::Application));
    co_return std::move(*reply->answer);
}

QCoro::Task<Expected<void>> ApplicationTokenSource::keep(TokenAnswer)
{
    co_return Expected<void>(); // nothing to write down: the secret is what lasts
}

} // namespace postern::identity

#include "services/identity/DelegatedTokenSource.h"

#include <QCryptographicHash>

#include "services/core/Logging.h"
#include "services/identity/ClaimsChallenge.h"

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 pause = 10 * 60; // seconds until a policy that stood in the way is tried again
constexpr int mostTries = 3; // when other processes renew with the same entry

QByteArray fingerprintOf(const QString& token)
{
    return QCryptographicHash::hash(token.toUtf8(), QCryptographicHash::Sha256);
}

} // namespace

DelegatedTokenSource::DelegatedTokenSource(
    TokenClient* client, SecretStore* store, QString secretKey, QStringList permissions)
    : RenewingTokenSource(client->clock())
    , m_client(client)
    , m_store(store)
    , m_secretKey(std::move(secretKey))
    , m_permissions(std::move(permissions))
{
}

Expected<Form> DelegatedTokenSource::form(const QString& refreshToken, const QString& claims) const
{
    const Expected<QString> asked = requestClaims(claims);
    if (!asked)
        return fail(asked.error());
    Form form;
    form.add("client_id", m_client->tenant().clientId);
    form.add("grant_type", u"refresh_token"_s);
    form.addSecret("refresh_token", refreshToken);
    form.add("scope", m_client->tenant().delegatedScopes(m_permissions));
    form.add("claims", *asked);
    return form;
}

QCoro::Task<Expected<QString>> DelegatedTokenSource::storedToken()
{
    Expected<QString> stored = co_await m_store->read(m_secretKey);
    if (stored && !stored->isEmpty())
        co_return std::move(stored);
    if (!stored && stored.error().code != ErrorCode::SecretMissing)
        co_return fail(stored.error());
    if (m_refused) // it says why nobody is signed in any more
        co_return fail(m_refused->error);
    co_return fail(ErrorCode::SignInRequired,
        u"nobody has signed in to this tenant yet, or they signed out"_s, m_client->origin());
}

std::optional<Error> DelegatedTokenSource::stillRefused(const QString& refreshToken) const
{
    if (!m_refused || m_refused->fingerprint != fingerprintOf(refreshToken))
        return std::nullopt;
    if (m_refused->askAgainAt && m_client->now() >= *m_refused->askAgainAt)
        return std::nullopt;
    return m_refused->error;
}

Error DelegatedTokenSource::remember(
    const QString& refreshToken, const QString& claims, const TokenReply& reply)
{
    Error error = m_client->refusal(reply, Grant::Person);
    const bool ends = endsTheGrant(reply.error);
    const bool needsPerson = error.code == ErrorCode::SignInRequired
        || error.code == ErrorCode::ConsentRequired || error.code == ErrorCode::AccessDenied;
    if (needsPerson)
        m_claimsForSignIn = reply.error.claims.isEmpty() ? claims : reply.error.claims;
    // What a challenge asked for may be refused while the plain renewal still works.
    if (ends || (needsPerson && claims.isEmpty())) {
        Refused refused;
        refused.fingerprint = fingerprintOf(refreshToken);
        refused.error = error;
        if (!ends)
            refused.askAgainAt = m_client->now().addSecs(pause);
        m_refused = std::move(refused);
    }
    return error;
}

QCoro::Task<Expected<TokenAnswer>> DelegatedTokenSource::renew(
    QString claims, std::stop_token stop, std::stop_token abandon)
{
    if (m_unsaved) {
        Expected<TokenAnswer> written = co_await writeUnsaved();
        const bool enough = !written || (claims.isEmpty() && m_client->now() < written->expiresAt);
        if (enough)
            co_return std::move(written);
    }
    for (int attempt = 0; attempt < mostTries; ++attempt) {
        const Expected<QString> stored = co_await storedToken();
        if (!stored)
            co_return fail(stored.error());
        const QString used = *stored;
        if (const auto refused = stillRefused(used))
            co_return fail(*refused);
        FormMaker make = [this, used, claims] { return form(used, claims); };
        Expected<TokenReply> reply = co_await m_client->ask(std::move(make), stop, abandon);
        if (!reply)
            co_return fail(reply.error());
        if (reply->answer)
            co_return co_await save(used, std::move(*reply->answer));
        const bool renewedElsewhere = co_await isReplaced(used);
        if (renewedElsewhere)
            continue;
        const Error error = remember(used, claims, *reply);
        if (endsTheGrant(reply->error))
            co_await forget();
        co_return fail(error);
    }
    co_return fail(
        ErrorCode::Conflict, u"other processes renew this sign-in all the time"_s, m_client->origin());
}

// Another process, or a new sign-in, put another refresh token into the key ring meanwhile.
QCoro::Task<bool> DelegatedTokenSource::isReplaced(QString used)
{
    const Expected<QString> stored = co_await m_store->read(m_secretKey);
    const bool replaced = stored && *stored != used;
    co_return replaced;
}

QCoro::Task<void> DelegatedTokenSource::forget()
{
    const Expected<void> removed = co_await m_store->remove(m_secretKey);
    if (!removed)
        qCWarning(core::logHttp).noquote()
            << "a refused refresh token stays in the key ring:" << removed.error().toLogText();
}

QCoro::Task<Expected<TokenAnswer>> DelegatedTokenSource::save(QString used, TokenAnswer answer)
{
    if (answer.refreshToken.isEmpty() || answer.refreshToken == used) {
        m_refused.reset();
        co_return std::move(answer); // the old one stays
    }
    const Expected<QString> stored = co_await m_store->read(m_secretKey);
    if (!stored && stored.error().code == ErrorCode::SecretMissing) // it stays so
        co_return fail(ErrorCode::SignInRequired, u"somebody signed out meanwhile"_s, m_client->origin());
    if (stored && *stored != used)
        co_return std::move(answer); // not over a newer sign-in
    m_unsaved = std::move(answer);
    co_return co_await writeUnsaved();
}

// Before the new access token is used: after a crash the key ring must not hold a token that Entra has
// retired.
QCoro::Task<Expected<TokenAnswer>> DelegatedTokenSource::writeUnsaved()
{
    const TokenAnswer answer = *m_unsaved;
    const Expected<void> written = co_await m_store->write(m_secretKey, answer.refreshToken);
    if (!written)
        co_return fail(written.error());
    m_unsaved.reset();
    m_refused.reset();
    m_claimsForSignIn.clear();
    co_return TokenAnswer(answer);
}

QCoro::Task<Expected<void>> DelegatedTokenSource::keep(TokenAnswer answer)
{
    if (answer.refreshToken.isEmpty())
        co_return fail(ErrorCode::Unsupported,
            u"Entra gave no refresh token, so the sign-in would end within the hour. The app registration or "
            u"a "
            u"policy does not allow offline_access."_s,
            m_client->origin());
    m_unsaved = std::move(answer);
    const Expected<TokenAnswer> written = co_await writeUnsaved();
    if (!written)
        co_return fail(written.error());
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> DelegatedTokenSource::adopt(TokenAnswer answer, std::stop_token token)
{
    co_return co_await replaceAnswer(std::move(answer), token);
}

} // namespace postern::identity

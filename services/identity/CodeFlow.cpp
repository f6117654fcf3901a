#include "services/identity/CodeFlow.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <array>

#include "services/identity/ClaimsChallenge.h"
#include "services/identity/Jwt.h"
#include "services/identity/LoopbackListener.h"

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

QString base64url(const QByteArray& bytes)
{
    return QString::fromLatin1(
        bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

void addUnlessEmpty(Form& form, QByteArrayView name, const QString& value)
{
    if (!value.isEmpty())
        form.add(name, value);
}

Expected<Form> redeemForm(
    const Tenant& tenant, const CodeFlowOptions& options, const CodeRequest& request, const QString& code)
{
    const Expected<QString> claims = requestClaims(options.claims);
    if (!claims)
        return fail(claims.error());
    Form form;
    form.add("client_id", tenant.clientId);
    form.add("grant_type", u"authorization_code"_s);
    form.add("scope", tenant.delegatedScopes(options.permissions));
    form.addSecret("code", code);
    form.add("redirect_uri", request.redirectUri);
    form.addSecret("code_verifier", request.verifier);
    form.add("claims", *claims);
    return form;
}

// Without an id token there is nothing to compare: we asked for one.
Expected<void> checkAnswer(const TokenAnswer& answer, const Tenant& tenant, const CodeRequest& request)
{
    if (answer.idToken.isEmpty())
        return fail(ErrorCode::Malformed, u"the answer has no id token, although openid was asked for"_s,
            u"sign-in to "_s + tenant.displayName());
    return checkIdToken(answer.idToken, tenant, request.nonce);
}

CodeRequest newRequest()
{
    CodeRequest request;
    request.verifier = randomToken();
    request.state = randomToken();
    request.nonce = randomToken();
    return request;
}

QCoro::Task<Expected<TokenAnswer>> redeemCode(
    TokenClient* client, CodeFlowOptions options, CodeRequest request, QString code, std::stop_token token)
{
    FormMaker make
        = [client, options, request, code] { return redeemForm(client->tenant(), options, request, code); };
    Expected<TokenAnswer> answer = co_await client->redeem(std::move(make), Grant::Person, token);
    if (!answer)
        co_return fail(answer.error());
    if (const auto sound = checkAnswer(*answer, client->tenant(), request); !sound)
        co_return fail(sound.error());
    co_return std::move(answer);
}

} // namespace

QString randomToken()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->generate(words.begin(), words.end());
    return base64url(QByteArray(reinterpret_cast<const char*>(words.data()), sizeof words));
}

QString codeChallenge(const QString& verifier)
{
    return base64url(QCryptographicHash::hash(verifier.toLatin1(), QCryptographicHash::Sha256));
}

Expected<QUrl> authorizeUrl(const Tenant& tenant, const CodeFlowOptions& options, const CodeRequest& request)
{
    const Expected<QString> claims = requestClaims(options.claims);
    if (!claims)
        return fail(claims.error());
    Form query; // a query is encoded like a form
    query.add("client_id", tenant.clientId);
    query.add("response_type", u"code"_s);
    query.add("redirect_uri", request.redirectUri);
    query.add("response_mode", u"query"_s);
    query.add("scope", tenant.delegatedScopes(options.permissions));
    query.add("state", request.state);
    query.add("nonce", request.nonce);
    query.add("code_challenge", codeChallenge(request.verifier));
    query.add("code_challenge_method", u"S256"_s);
    addUnlessEmpty(query, "prompt", options.prompt);
    addUnlessEmpty(query, "login_hint", options.loginHint);
    addUnlessEmpty(query, "domain_hint", options.domainHint);
    query.add("claims", *claims);
    QUrl url = tenant.authorizeUrl();
    url.setQuery(QString::fromLatin1(query.encoded()), QUrl::StrictMode);
    return url;
}

QCoro::Task<Expected<TokenAnswer>> signInWithBrowser(
    TokenClient* client, CodeFlowOptions options, OpenBrowser open, std::stop_token token)
{
    if (const auto valid = client->tenant().validate(); !valid)
        co_return fail(valid.error());
    CodeRequest request = newRequest();
    LoopbackListener listener(options.redirectHost, options.redirectPath, request.state);
    if (const auto listening = listener.listen(); !listening)
        co_return fail(listening.error());
    request.redirectUri = listener.redirectUri();
    const Expected<QUrl> url = authorizeUrl(client->tenant(), options, request);
    if (!url)
        co_return fail(url.error());
    if (const auto opened = open(*url); !opened)
        co_return fail(opened.error());
    const Expected<Redirect> back = co_await listener.wait(options.patience, token);
    if (!back)
        co_return fail(back.error());
    if (back->error)
        co_return fail(toError(*back->error, Grant::Person, 0, client->origin()));
    co_return co_await redeemCode(client, options, request, back->code, token);
}

} // namespace postern::identity

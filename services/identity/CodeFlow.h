// Sign-in in the system's browser: authorization code with PKCE for a public client on loopback. The browser
// is opened by whoever calls; this only listens. The calling thread needs an event loop. Errors:
// SignInRequired, ConsentRequired, AccessDenied (declined) and others of SignInErrors, Timeout (nobody came
// back), Cancelled, those of TokenClient and LoopbackListener. graph-reference 2.1.
#pragma once

#include <QCoroTask>
#include <QStringList>
#include <QUrl>
#include <chrono>
#include <functional>
#include <stop_token>

#include "models/base/Error.h"
#include "services/identity/TokenClient.h"

namespace postern::identity {

struct CodeFlowOptions
{
    QStringList permissions; // "User.Read.All" …; none: everything the registration lists (.default)
    QString prompt; // login, none, consent, select_account, or empty
    QString loginHint;
    QString domainHint;
    QString claims; // of a challenge, decoded JSON; DelegatedTokenSource::claimsForSignIn()
    std::chrono::milliseconds patience{std::chrono::minutes(5)}; // for the person in the browser
    // As registered: "localhost", or "127.0.0.1" and usually a path.
    QString redirectHost = QStringLiteral("localhost");
    QString redirectPath; // "/callback"; empty is what the portal's own suggestion means
};

// The one-time values of one sign-in.
struct CodeRequest
{
    QString verifier; // RFC 7636, 43 characters
    QString state;
    QString nonce;
    QString redirectUri;
};

[[nodiscard]] QString randomToken(); // 32 random bytes as base64url
[[nodiscard]] QString codeChallenge(const QString& verifier); // S256
// Malformed: the claims are no JSON.
[[nodiscard]] Expected<QUrl> authorizeUrl(
    const Tenant& tenant, const CodeFlowOptions& options, const CodeRequest& request);

using OpenBrowser = std::function<Expected<void>(QUrl)>;

// `client` outlives the task. The id token's nonce, audience and (for a GUID) tenant are checked.
QCoro::Task<Expected<TokenAnswer>> signInWithBrowser(
    TokenClient* client, CodeFlowOptions options, OpenBrowser open, std::stop_token token);

} // namespace postern::identity

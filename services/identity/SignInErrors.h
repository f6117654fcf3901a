// What a refused sign-in means and what a person does about it. Pure, any thread. The OAuth `error` decides
// the ErrorCode (SignInRequired, ConsentRequired, AuthenticationFailed, AccessDenied, InvalidInput,
// Unsupported, ServerBusy …); an AADSTS number only adds words, and an exacter code where its row in the
// table says so, because Microsoft changes numbers. graph-reference 2.5.
#pragma once

#include <QString>
#include <optional>

#include "models/base/Error.h"
#include "services/identity/TokenAnswer.h"

namespace postern::identity {

// How one asked for the token: an app has nobody who could sign in again.
enum class Grant {
    Person, // authorization code, device code, refresh token
    Application, // client credentials
};

struct NumberAdvice
{
    int number;
    std::optional<ErrorCode> code; // nullopt: as the OAuth error says
    const char* advice; // what happened and what to do, English
};

// nullptr for a number without a row.
[[nodiscard]] const NumberAdvice* adviceFor(int aadstsNumber);

// `detail`: "AADSTS7000222: the client secret has expired. Create … Entra says: "…" (correlation id …)".
[[nodiscard]] Error toError(const OAuthError& error, Grant grant, int httpStatus, const QString& origin);

// A refresh token that was refused like this never works again; otherwise (a policy, a second factor) it may.
[[nodiscard]] bool endsTheGrant(const OAuthError& error);

} // namespace postern::identity

// What a token end point answers: tokens, or an OAuth error. Pure readers, any thread. Times are UTC by our
// own clock, counted from the start of the request, so that a wrong clock here or there does not matter for
// expiry. Errors: Malformed (never with any part of a token in it). graph-reference 2.4, 2.5.
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <chrono>
#include <optional>

#include "models/base/Error.h"

namespace postern::identity {

struct TokenAnswer
{
    QString accessToken; // opaque; printable ASCII without blanks, so it is safe in a header
    QString refreshToken; // empty: none was given, the old one stays
    QString idToken; // empty without openid
    QString scope; // as the server wrote it; empty when absent
    QDateTime issuedAt; // the start of the request
    QDateTime expiresAt;
    QDateTime renewAt; // the server's refresh_in; invalid when absent
};

struct OAuthError
{
    QString error; // "invalid_grant": the only thing to branch on
    QString description; // one line, shortened, without trace ids
    QString suberror; // "consent_required", "basic_action" …
    QString claims; // JSON that the next interactive sign-in must pass on
    QString correlationId;
    int number = 0; // AADSTS number, 0 when there is none
};

// What one POST to the token end point came to.
struct TokenReply
{
    std::optional<TokenAnswer> answer;
    OAuthError error; // when there is no answer
    int status = 0;
    std::optional<std::chrono::milliseconds> retryAfter;
};

[[nodiscard]] Expected<TokenAnswer> readTokenAnswer(const QJsonObject& json, const QDateTime& sentAt);
// nullopt when there is no "error" text in it.
[[nodiscard]] std::optional<OAuthError> readOAuthError(const QJsonObject& json);

// How far the server's clock is ahead of ours (negative: behind), from a Date header of an answer to a
// request sent and answered at these times; nullopt when the header is missing or unreadable.
[[nodiscard]] std::optional<std::chrono::seconds> clockSkew(
    QByteArrayView dateHeader, const QDateTime& sentAt, const QDateTime& answeredAt);
// "This computer's clock is 12 minutes behind …"; empty up to 5 minutes.
[[nodiscard]] QString clockSkewText(std::chrono::seconds skew);

} // namespace postern::identity

// Where Graph's bearer tokens come from. Service thread. The implementations (authorization code, device
// code, client credentials) keep refresh tokens in the SecretStore and renew by themselves; whoever calls
// Graph asks before each request and says when a token was refused. graph-reference 2.4, 2.6.
#pragma once

#include <QCoroTask>
#include <QString>
#include <stop_token>

#include "models/base/Error.h"

namespace postern::identity {

class TokenSource
{
public:
    virtual ~TokenSource() = default;

    // A token that is good for at least the next minutes; several callers at once share one renewal.
    // SignInRequired: only a person can go on (detail has Entra's own words and its AADSTS number).
    virtual QCoro::Task<Expected<QString>> accessToken(std::stop_token token) = 0;
    // `refused` got a 401; `claims` is what the challenge asked for (decoded JSON), empty when there was
    // none. The answer is another token than `refused`.
    virtual QCoro::Task<Expected<QString>> replaceToken(
        QString refused, QString claims, std::stop_token token)
        = 0;
};

} // namespace postern::identity

// Sign-in on another device: show the code, poll until somebody has entered it. The client's thread. Errors:
// SignInRequired (the code expired), AccessDenied (declined, or a policy forbids this flow), ConsentRequired,
// InvalidInput (the registration does not allow public clients), Cancelled, those of TokenClient.
// graph-reference 2.2, RFC 8628.
#pragma once

#include <QCoroTask>
#include <QDateTime>
#include <QStringList>
#include <QUrl>
#include <chrono>
#include <stop_token>

#include "models/base/Error.h"
#include "services/identity/TokenClient.h"

namespace postern::identity {

struct DeviceCode
{
    QString userCode; // for a person to type
    QUrl verificationUri; // https
    QString message; // the server's own sentence, in plain text
    QDateTime expiresAt;
    std::chrono::seconds interval{5};
    QString deviceCode; // a secret
};

// `client` outlives both tasks.
QCoro::Task<Expected<DeviceCode>> beginDeviceCode(
    TokenClient* client, QStringList permissions, std::stop_token token);
QCoro::Task<Expected<TokenAnswer>> awaitDeviceCode(
    TokenClient* client, DeviceCode code, std::stop_token token);

} // namespace postern::identity

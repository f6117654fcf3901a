#include "services/identity/DeviceCodeFlow.h"

#include "services/identity/ClaimsChallenge.h"

namespace postern::identity {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int usualLifetime = 900; // seconds, when the server does not say
constexpr std::chrono::seconds slowDown{5}; // RFC 8628 3.5
constexpr std::chrono::seconds shortest{1};
constexpr std::chrono::seconds longest{60};

int positive(const QJsonValue& value, int otherwise)
{
    bool isNumber = value.isDouble();
    const double number = isNumber ? value.toDouble() : value.toString().toDouble(&isNumber);
    return isNumber && number > 0 && number < 86'400 ? std::max(1, int(number)) : otherwise;
}

Expected<DeviceCode> readDeviceCode(const JsonReply& reply, const QString& origin)
{
    DeviceCode code;
    code.deviceCode = reply.json.value("device_code"_L1).toString();
    code.userCode = reply.json.value("user_code"_L1).toString();
    code.message = reply.json.value("message"_L1).toString().left(1'000);
    code.verificationUri = QUrl(reply.json.value("verification_uri"_L1).toString(), QUrl::StrictMode);
    if (code.deviceCode.isEmpty() || code.userCode.isEmpty() || code.userCode.size() > 64)
        return fail(ErrorCode::Malformed, u"device_code or user_code is missing"_s, origin);
    // A person will type a password there.
    if (code.verificationUri.scheme() != "https"_L1 || code.verificationUri.host().isEmpty()
        || !code.verificationUri.userInfo().isEmpty())
        return fail(ErrorCode::Malformed, u"verification_uri is no https address"_s, origin);
    code.expiresAt = reply.sentAt.addSecs(positive(reply.json.value("expires_in"_L1), usualLifetime));
    code.interval = std::chrono::seconds(positive(reply.json.value("interval"_L1), 5));
    code.interval = std::clamp(code.interval, shortest, longest);
    return code;
}

Expected<Form> pollForm(const Tenant& tenant, const DeviceCode& code)
{
    const Expected<QString> claims = requestClaims({});
    if (!claims)
        return fail(claims.error());
    Form form;
    form.add("client_id", tenant.clientId);
    form.add("grant_type", u"urn:ietf:params:oauth:grant-type:device_code"_s);
    form.addSecret("device_code", code.deviceCode);
    form.add("claims", *claims);
    return form;
}

// How long until the next question; nullopt: this was the end.
std::optional<std::chrono::milliseconds> nextWait(
    const TokenClient& client, const Expected<TokenReply>& reply, std::chrono::seconds& interval)
{
    if (!reply) {
        if (!isTransient(reply.error().code))
            return std::nullopt;
        interval = std::min(interval * 2, longest); // RFC 8628 3.5: back off after a time-out
        return std::max<std::chrono::milliseconds>(interval, reply.error().retryAfter.value_or(0ms));
    }
    if (reply->error.error == "authorization_pending"_L1)
        return interval;
    if (reply->error.error == "slow_down"_L1) {
        interval += slowDown;
        return interval;
    }
    const Error error = client.refusal(*reply, Grant::Person);
    if (error.code != ErrorCode::ServerBusy)
        return std::nullopt;
    return std::max<std::chrono::milliseconds>(interval, error.retryAfter.value_or(0ms));
}

} // namespace

QCoro::Task<Expected<DeviceCode>> beginDeviceCode(
    TokenClient* client, QStringList permissions, std::stop_token token)
{
    Form form;
    form.add("client_id", client->tenant().clientId);
    form.add("scope", client->tenant().delegatedScopes(permissions));
    const Expected<JsonReply> got
        = co_await client->post(client->tenant().deviceCodeUrl(), std::move(form), token);
    if (!got)
        co_return fail(got.error());
    if (auto error = readOAuthError(got->json)) {
        TokenReply reply;
        reply.error = std::move(*error);
        reply.status = got->status;
        reply.retryAfter = got->retryAfter;
        co_return fail(client->refusal(reply, Grant::Person));
    }
    co_return readDeviceCode(*got, client->origin());
}

QCoro::Task<Expected<TokenAnswer>> awaitDeviceCode(
    TokenClient* client, DeviceCode code, std::stop_token token)
{
    std::chrono::seconds interval = code.interval;
    std::chrono::milliseconds wait = interval;
    while (client->now().addMSecs(wait.count()) <= code.expiresAt) {
        const bool passed = co_await client->sleep()(wait, token);
        if (!passed)
            co_return fail(ErrorCode::Cancelled, {}, client->origin());
        Expected<Form> form = pollForm(client->tenant(), code);
        if (!form)
            co_return fail(form.error());
        Expected<TokenReply> reply = co_await client->askOnce(std::move(*form), token);
        if (reply && reply->answer)
            co_return std::move(*reply->answer);
        const auto next = nextWait(*client, reply, interval);
        if (!next && !reply)
            co_return fail(reply.error());
        if (!next)
            co_return fail(client->refusal(*reply, Grant::Person));
        wait = *next;
    }
    co_return fail(ErrorCode::SignInRequired,
        u"the code expired before somebody entered it. Start the sign-in again."_s, client->origin());
}

} // namespace postern::identity

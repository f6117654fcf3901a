// Talks to one tenant's token and device code end points: POSTs a form, reads JSON, waits when the server is
// busy. TLS is always verified, redirects are not followed, nothing is sent twice by the network layer,
// cookies are not kept. Lives on the thread that made it. Errors: those of awaitReply, Malformed (a proxy's
// page, broken JSON), LimitExceeded, Redirected, NotFound, ServerBusy (retryAfter). No error and no log line
// holds a secret or a token, even if the server repeats it. graph-reference 2.
#pragma once

#include <QCoroTask>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "models/base/Error.h"
#include "services/core/Await.h"
#include "services/core/Clock.h"
#include "services/core/Redactor.h"
#include "services/identity/Form.h"
#include "services/identity/SignInErrors.h"
#include "services/identity/Tenant.h"
#include "services/identity/TokenAnswer.h"

namespace postern::identity {

// True when the time has passed, false when stopped first: core::delay, or a test's own time.
using Sleep = std::function<QCoro::Task<bool>(std::chrono::milliseconds, std::stop_token)>;
// Makes the form anew for each try: an assertion may be used once.
using FormMaker = std::function<Expected<Form>()>;

struct JsonReply
{
    QJsonObject json;
    int status = 0;
    QDateTime sentAt;
    std::optional<std::chrono::milliseconds> retryAfter;
};

class TokenClient
{
public:
    // `network`, `clock`, `sleep`: seams for tests; a real one when null. `clock` outlives the client.
    explicit TokenClient(Tenant tenant, std::unique_ptr<QNetworkAccessManager> network = nullptr,
        const core::Clock* clock = nullptr, Sleep sleep = {});
    ~TokenClient();
    TokenClient(const TokenClient&) = delete;
    TokenClient& operator=(const TokenClient&) = delete;

    // One POST, one JSON object: an answer or an OAuth error, whatever the status.
    QCoro::Task<Expected<JsonReply>> post(QUrl url, Form form, std::stop_token token);
    // One POST to the token end point.
    QCoro::Task<Expected<TokenReply>> askOnce(Form form, std::stop_token token);
    // As askOnce, again while the server is busy (429, 5xx, temporarily_unavailable), at most 3 times and not
    // for longer than half a minute at a time: beyond that ServerBusy says how long. `stop` ends the waiting
    // between tries, `abandon` also the request itself: a refresh token may be lost with its answer.
    QCoro::Task<Expected<TokenReply>> ask(FormMaker make, std::stop_token stop, std::stop_token abandon);
    // ask, with every refusal as an Error.
    QCoro::Task<Expected<TokenAnswer>> redeem(FormMaker make, Grant grant, std::stop_token token);

    [[nodiscard]] const Tenant& tenant() const { return m_tenant; }
    [[nodiscard]] QDateTime now() const { return m_clock->now(); }
    [[nodiscard]] const core::Clock* clock() const { return m_clock; }
    [[nodiscard]] const Sleep& sleep() const { return m_sleep; }
    // What to say about the clocks after the last answer; empty when they agree within 5 minutes.
    [[nodiscard]] QString clockWarning() const;
    // toError with what is known about the clocks: they explain refused assertions.
    [[nodiscard]] Error refusal(const TokenReply& reply, Grant grant) const;
    [[nodiscard]] QString origin() const;

private:
    [[nodiscard]] QNetworkRequest request(const QUrl& url, qsizetype length) const;
    [[nodiscard]] Expected<JsonReply> read(
        const core::HttpAnswer& http, const QDateTime& sentAt, const core::Redactor& redactor);

    const Tenant m_tenant;
    std::unique_ptr<QNetworkAccessManager> m_network;
    core::SystemClock m_systemClock;
    const core::Clock* m_clock;
    Sleep m_sleep;
    std::optional<std::chrono::seconds> m_skew;
};

} // namespace postern::identity

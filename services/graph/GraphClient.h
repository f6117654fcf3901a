// Talks to Microsoft Graph for one tenant: asks the TokenSource for a token, keeps to the published limits,
// waits when Graph says so (429, 503, 504, with Retry-After or without), answers claims challenges, and gives
// every error its request ids. TLS is always verified; redirects are not followed; the token goes to the
// configured Graph only. Lives on the thread that made it; co_await close() before its end. Errors: those of
// awaitReply and of the TokenSource; ConsentRequired, AccessDenied, NotFound, Conflict, InvalidInput,
// Unsupported, ServerBusy (retryAfter), Malformed, LimitExceeded, Redirected. graph-reference 2.6, 9.
#pragma once

#include <QCoroTask>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QSslConfiguration>
#include <QUuid>
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "models/base/Error.h"
#include "services/core/Await.h"
#include "services/core/Clock.h"
#include "services/core/Scope.h"
#include "services/graph/GraphRequest.h"
#include "services/graph/RequestBudget.h"
#include "services/identity/TokenSource.h"

namespace postern::graph {

struct GraphEndpoint
{
    QUrl root; // "https://graph.microsoft.com/v1.0/"; a path in front is kept
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    QString tenantName; // for errors: "contoso.com"
};

// "https://graph.microsoft.com" as the root of a version. InvalidAddress unless it is https.
[[nodiscard]] Expected<GraphEndpoint> endpointOf(
    const QUrl& graph, const QSslConfiguration& tls, const QString& tenantName);

struct GraphClientOptions
{
    // Seams for tests; real ones when null.
    std::unique_ptr<QNetworkAccessManager> network;
    const core::Clock* clock = nullptr; // outlives the client
    std::function<QCoro::Task<bool>(std::chrono::milliseconds, std::stop_token)> sleep;
    std::function<double()> random; // 0 to 1, for the jitter

    std::chrono::milliseconds patience = std::chrono::minutes(10); // how long a request is tried again
    std::chrono::milliseconds deadline = std::chrono::seconds(100); // for one answer
    qint64 maximumBody = 64 * 1024 * 1024;
    // Of the published limits: others in the tenant want some, too.
    double share = 0.8;
};

class GraphClient
{
public:
    GraphClient(GraphEndpoint endpoint, identity::TokenSource& tokens, GraphClientOptions options = {});
    ~GraphClient();
    GraphClient(const GraphClient&) = delete;
    GraphClient& operator=(const GraphClient&) = delete;

    // One answer with status 2xx; every other one is an error.
    QCoro::Task<Expected<GraphAnswer>> send(GraphRequest request, std::stop_token token);
    // send, and the body as a JSON object. Malformed names the place.
    QCoro::Task<Expected<QJsonObject>> json(GraphRequest request, std::stop_token token);
    // Ends everything under way and waits for it.
    QCoro::Task<void> close();

    // Tasks beside the caller's (the next page) live here until close().
    [[nodiscard]] core::Scope& scope() { return m_scope; }
    [[nodiscard]] const GraphEndpoint& endpoint() const { return m_endpoint; }
    [[nodiscard]] QDateTime now() const { return m_clock->now(); }
    QCoro::Task<bool> sleep(std::chrono::milliseconds time, std::stop_token token);
    // How long to wait before try `attempt` (0, 1 …) when Graph does not say: 2 s doubling to 2 min,
    // jittered.
    [[nodiscard]] std::chrono::milliseconds backoff(int attempt) const;
    [[nodiscard]] RequestBudget& budget() { return m_budget; }
    // A link that Graph gave leads to this Graph: same scheme, host and port, below the same root.
    [[nodiscard]] bool isOwn(const QUrl& link) const;
    [[nodiscard]] qint64 requestsSent() const { return m_requests; }
    [[nodiscard]] std::chrono::milliseconds patience() const { return m_options.patience; }

private:
    struct Attempt; // what a request went through so far

    QCoro::Task<Expected<GraphAnswer>> exchangeOnce(
        const GraphRequest* request, Attempt* attempt, std::stop_token token);
    QCoro::Task<Expected<void>> waitForTurn(
        const GraphRequest* request, Attempt* attempt, std::stop_token token);
    QCoro::Task<Expected<void>> obtainToken(Attempt* attempt, std::stop_token token);
    QCoro::Task<Expected<void>> replaceToken(
        const GraphAnswer* answer, Error error, Attempt* attempt, std::stop_token token);
    QCoro::Task<Expected<void>> waitBeforeRetry(
        const GraphRequest* request, Attempt* attempt, Error error, bool rejected, std::stop_token token);
    [[nodiscard]] Error refusal(
        const GraphAnswer& answer, const GraphRequest& request, const Attempt& attempt) const;
    [[nodiscard]] static bool isDone(const GraphAnswer& answer, const GraphRequest& request);
    [[nodiscard]] QNetworkRequest httpRequest(const GraphRequest& request, const Attempt& attempt) const;
    core::ReplyPointer start(const GraphRequest& request, const QNetworkRequest& http);
    [[nodiscard]] Expected<QUrl> urlOf(const GraphRequest& request) const;

    GraphEndpoint m_endpoint;
    identity::TokenSource& m_tokens;
    GraphClientOptions m_options;
    std::unique_ptr<QNetworkAccessManager> m_network;
    core::SystemClock m_systemClock;
    const core::Clock* m_clock;
    RequestBudget m_budget;
    core::Scope m_scope;
    qint64 m_requests = 0;
};

} // namespace postern::graph

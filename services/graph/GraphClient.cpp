#include "services/graph/GraphClient.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <cmath>

#include "services/core/Logging.h"
#include "services/core/OneWayBody.h"
#include "services/graph/GraphErrors.h"
#include "services/identity/ClaimsChallenge.h"

namespace postern::graph {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int mostTransportTries = 4; // a network that is down is somebody else's to wait for
constexpr std::chrono::milliseconds firstWait = 2s, longestWait = 2min;
constexpr int mostTokens = 3; // the first, one after a challenge, one after a plain 401

GraphAnswer toAnswer(core::HttpAnswer http)
{
    GraphAnswer answer;
    answer.status = http.status;
    answer.body = std::move(http.body);
    answer.headers = std::move(http.headers);
    answer.requestId = QString::fromLatin1(answer.header("request-id")).left(64);
    return answer;
}

bool isTransportFault(ErrorCode code)
{
    return code == ErrorCode::Timeout || code == ErrorCode::ConnectionLost
        || code == ErrorCode::ConnectionRefused;
}

} // namespace

// What one send() went through so far.
struct GraphClient::Attempt
{
    QUrl url;
    QString origin;
    QByteArray clientRequestId;
    QDateTime giveUpAt;
    QString accessToken;
    bool replaced = false; // accessToken is a fresh one that has not been tried yet
    int tokens = 0; // how many were tried
    QString claims; // of the last challenge
    int tries = 0;
    int transportTries = 0;
};

Expected<GraphEndpoint> endpointOf(const QUrl& graph, const QSslConfiguration& tls, const QString& tenantName)
{
    if (graph.scheme() != "https"_L1 || graph.host().isEmpty() || !graph.userInfo().isEmpty())
        return fail(ErrorCode::InvalidAddress, graph.toString(QUrl::RemoveUserInfo), u"Microsoft Graph"_s);
    GraphEndpoint endpoint;
    endpoint.root = graph.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::StripTrailingSlash);
    endpoint.root.setPath(endpoint.root.path() + u"/v1.0/"_s);
    endpoint.tls = tls;
    endpoint.tenantName = tenantName;
    return endpoint;
}

GraphClient::GraphClient(GraphEndpoint endpoint, identity::TokenSource& tokens, GraphClientOptions options)
    : m_endpoint(std::move(endpoint))
    , m_tokens(tokens)
    , m_options(std::move(options))
    , m_network(std::move(m_options.network))
    , m_clock(m_options.clock ? m_options.clock : &m_systemClock)
    , m_budget(m_options.share)
{
    if (!m_network)
        m_network = std::make_unique<QNetworkAccessManager>();
    if (!m_options.sleep)
        m_options.sleep = core::delay;
    if (!m_options.random)
        m_options.random = [] { return QRandomGenerator::global()->generateDouble(); };
}

GraphClient::~GraphClient() = default;

QCoro::Task<void> GraphClient::close()
{
    co_await m_scope.stop();
}

QCoro::Task<bool> GraphClient::sleep(std::chrono::milliseconds time, std::stop_token token)
{
    const bool passed = co_await m_options.sleep(time, token);
    co_return passed;
}

std::chrono::milliseconds GraphClient::backoff(int attempt) const
{
    const double full = double(firstWait.count()) * std::pow(2.0, std::min(attempt, 16));
    const double capped = std::min(full, double(longestWait.count()));
    // Between half and all of it: not all callers of a tenant come back at once.
    return std::chrono::milliseconds(qint64(capped * (0.5 + 0.5 * m_options.random())));
}

bool GraphClient::isOwn(const QUrl& link) const
{
    const QUrl& root = m_endpoint.root;
    return link.isValid() && link.scheme() == root.scheme() && link.host() == root.host()
        && link.port(443) == root.port(443) && link.userInfo().isEmpty()
        && link.path(QUrl::FullyDecoded).startsWith(root.path()) && !link.path().contains(u"/../"_s);
}

Expected<QUrl> GraphClient::urlOf(const GraphRequest& request) const
{
    if (!request.link.isEmpty()) {
        if (isOwn(request.link))
            return request.link;
        return fail(ErrorCode::Redirected,
            u"Graph's link leads to %1, where the token must not go"_s.arg(
                request.link.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo).left(200)),
            m_endpoint.root.toString());
    }
    QUrl url = m_endpoint.root;
    url.setPath(url.path(QUrl::FullyEncoded) + request.path, QUrl::StrictMode);
    if (!url.isValid() || !isOwn(url))
        return fail(ErrorCode::InvalidInput, u"not a path of Graph: %1"_s.arg(request.path.left(200)));
    if (!request.query.isEmpty())
        url.setQuery(request.query);
    return url;
}

QNetworkRequest GraphClient::httpRequest(const GraphRequest& request, const Attempt& attempt) const
{
    QNetworkRequest http(attempt.url);
    http.setRawHeader("Authorization", "Bearer " + attempt.accessToken.toLatin1());
    http.setRawHeader("Accept", "application/json");
    http.setRawHeader("User-Agent", "Postern");
    http.setRawHeader("client-request-id", attempt.clientRequestId);
    http.setRawHeader("return-client-request-id", "true");
    if (!request.body.isEmpty())
        http.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    if (request.method != Method::Get)
        http.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
    for (const auto& [name, value] : request.headers)
        http.setRawHeader(name, value);
    http.setTransferTimeout(int(m_options.deadline.count()));
    http.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    http.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    http.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    http.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    http.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    http.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    http.setSslConfiguration(m_endpoint.tls);
    return http;
}

core::ReplyPointer GraphClient::start(const GraphRequest& request, const QNetworkRequest& http)
{
    ++m_requests;
    if (request.method == Method::Get)
        return core::ReplyPointer(m_network->get(http));
    // Read once: the network layer must not send an action a second time by itself.
    auto body = std::make_unique<core::OneWayBody>(request.body);
    core::ReplyPointer reply(m_network->sendCustomRequest(http, methodName(request.method), body.get()));
    body.release()->setParent(reply.get());
    return reply;
}

QCoro::Task<Expected<void>> GraphClient::waitForTurn(
    const GraphRequest* request, Attempt* attempt, std::stop_token token)
{
    for (;;) {
        if (token.stop_requested())
            co_return fail(ErrorCode::Cancelled, {}, attempt->origin);
        const QDateTime now = m_clock->now();
        const std::chrono::milliseconds wait = m_budget.take(*request, now);
        if (wait.count() == 0)
            co_return Expected<void>();
        if (now.addMSecs(wait.count()) > attempt->giveUpAt) {
            Error busy;
            busy.code = ErrorCode::ServerBusy;
            busy.detail = u"Graph asked to wait longer than this request may"_s;
            busy.origin = attempt->origin;
            busy.retryAfter = wait;
            co_return fail(std::move(busy));
        }
        co_await m_options.sleep(wait, token);
    }
}

QCoro::Task<Expected<void>> GraphClient::obtainToken(Attempt* attempt, std::stop_token token)
{
    if (attempt->replaced) {
        attempt->replaced = false;
        co_return Expected<void>();
    }
    const Expected<QString> got = co_await m_tokens.accessToken(token);
    if (!got)
        co_return fail(got.error());
    attempt->accessToken = *got;
    co_return Expected<void>();
}

QCoro::Task<Expected<GraphAnswer>> GraphClient::exchangeOnce(
    const GraphRequest* request, Attempt* attempt, std::stop_token token)
{
    const Expected<void> turn = co_await waitForTurn(request, attempt, token);
    if (!turn)
        co_return fail(turn.error());
    const Expected<void> ready = co_await obtainToken(attempt, token);
    if (!ready)
        co_return fail(ready.error());
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, attempt->origin);
    ++attempt->tries;
    core::ReplyPointer reply = start(*request, httpRequest(*request, *attempt));
    Expected<core::HttpAnswer> http
        = co_await core::awaitReply(std::move(reply), m_options.deadline, m_options.maximumBody, token);
    if (!http) {
        Error error = http.error();
        error.origin = attempt->origin;
        error.detail
            = u"%1 (client-request-id %2)"_s.arg(error.detail, QString::fromLatin1(attempt->clientRequestId))
                  .trimmed();
        co_return fail(std::move(error));
    }
    GraphAnswer answer = toAnswer(std::move(*http));
    qCDebug(core::logGraph).noquote() << attempt->origin << answer.status << "request-id" << answer.requestId
                                      << answer.body.size() << "bytes";
    co_return std::move(answer);
}

// The error of an answer, with how long Graph asks to wait and without our token.
Error GraphClient::refusal(
    const GraphAnswer& answer, const GraphRequest& request, const Attempt& attempt) const
{
    Error error = errorOf(answer, request, attempt.origin);
    if (error.code == ErrorCode::ServerBusy) {
        core::HttpAnswer http;
        http.headers = answer.headers;
        error.retryAfter = http.retryAfter(m_clock->now());
    }
    if (!attempt.accessToken.isEmpty())
        error.detail.replace(attempt.accessToken, u"(token)"_s);
    return error;
}

// 401: another token, and one more try. Claims are what the challenge wants to be in it.
QCoro::Task<Expected<void>> GraphClient::replaceToken(
    const GraphAnswer* answer, Error error, Attempt* attempt, std::stop_token token)
{
    const std::optional<QString> challenge = identity::challengeClaims(answer->headers);
    const QString claims = challenge.value_or(QString());
    const bool sameAgain = attempt->tokens > 0 && claims == attempt->claims;
    if (++attempt->tokens >= mostTokens || sameAgain)
        co_return fail(std::move(error));
    attempt->claims = claims;
    const Expected<QString> got = co_await m_tokens.replaceToken(attempt->accessToken, claims, token);
    if (!got)
        co_return fail(got.error());
    attempt->accessToken = *got;
    attempt->replaced = true;
    co_return Expected<void>();
}

// Waits before another try; the error itself when there must be none.
QCoro::Task<Expected<void>> GraphClient::waitBeforeRetry(
    const GraphRequest* request, Attempt* attempt, Error error, bool rejected, std::stop_token token)
{
    const bool mayRepeat = rejected || request->mayRepeat || request->method == Method::Get;
    const bool transport = isTransportFault(error.code);
    if (!mayRepeat || !(transport || error.code == ErrorCode::ServerBusy))
        co_return fail(std::move(error));
    if (transport && ++attempt->transportTries >= mostTransportTries)
        co_return fail(std::move(error));
    const std::chrono::milliseconds wait
        = std::max(error.retryAfter.value_or(backoff(attempt->tries - 1)), 1ms);
    const QDateTime now = m_clock->now();
    // A service that asks for a pause asks it of every caller of this tenant.
    if (error.code == ErrorCode::ServerBusy)
        m_budget.pause(request->area, now.addMSecs(wait.count()));
    error.retryAfter = wait;
    if (now.addMSecs(wait.count()) > attempt->giveUpAt)
        co_return fail(std::move(error));
    qCInfo(core::logGraph).noquote() << error.toLogText() << "again in" << wait.count() << "ms";
    const bool passed = co_await m_options.sleep(wait, token);
    if (!passed)
        co_return fail(ErrorCode::Cancelled, {}, attempt->origin);
    co_return Expected<void>();
}

QCoro::Task<Expected<GraphAnswer>> GraphClient::send(GraphRequest request, std::stop_token token)
{
    Attempt attempt;
    const Expected<QUrl> url = urlOf(request);
    if (!url)
        co_return fail(url.error());
    attempt.url = *url;
    attempt.origin = describe(request, *url);
    attempt.clientRequestId = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    attempt.giveUpAt = m_clock->now().addMSecs(m_options.patience.count());
    for (;;) {
        Expected<GraphAnswer> answer = co_await exchangeOnce(&request, &attempt, token);
        if (answer && isDone(*answer, request))
            co_return std::move(*answer);
        Error error = answer ? refusal(*answer, request, attempt) : answer.error();
        Expected<void> again = fail(error);
        if (answer && answer->status == 401)
            again = co_await replaceToken(&*answer, std::move(error), &attempt, token);
        else if (answer || attempt.tries > 0)
            again = co_await waitBeforeRetry(
                &request, &attempt, std::move(error), answer && answer->status == 429, token);
        if (!again)
            co_return fail(again.error());
    }
}

bool GraphClient::isDone(const GraphAnswer& answer, const GraphRequest& request)
{
    return (answer.status >= 200 && answer.status < 300) || (request.acceptResync && asksForResync(answer));
}

QCoro::Task<Expected<QJsonObject>> GraphClient::json(GraphRequest request, std::stop_token token)
{
    const QString what = request.link.isEmpty() ? request.path : request.link.path();
    const Expected<GraphAnswer> answer = co_await send(std::move(request), token);
    if (!answer)
        co_return fail(answer.error());
    const QString origin = u"%1 (request-id %2)"_s.arg(what, answer->requestId);
    const QJsonDocument document = QJsonDocument::fromJson(answer->body);
    if (document.isObject())
        co_return document.object();
    const QString fault = jsonFault(answer->body);
    co_return fail(ErrorCode::Malformed, fault.isEmpty() ? u"JSON, but no object"_s : fault, origin);
}

} // namespace postern::graph

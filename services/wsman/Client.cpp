#include "services/wsman/Client.h"

#include <QAuthenticator>
#include <QNetworkCookieJar>
#include <QNetworkReply>
#include <QSslConfiguration>

#include "services/core/Logging.h"
#include "services/core/OneWayBody.h"
#include "services/wsman/HttpVerdict.h"

namespace postern::wsman {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxRedirects = 5; // as Microsoft's client (d.3)
constexpr qint64 kMaxBody = 32 * 1024 * 1024;
constexpr qsizetype kMaxPage = 16 * 1024; // of a page that is no SOAP
constexpr std::chrono::seconds kGrace{30}; // above the operation's own time-out, for slow networks
constexpr char kCredentialsOffered[] = "posternCredentialsOffered";

Conversation conversationFor(const Endpoint& endpoint)
{
    Conversation conversation;
    conversation.to = endpoint.url.toEncoded(QUrl::RemoveFragment);
    conversation.resourceUri = endpoint.resourceUri;
    conversation.maxEnvelopeSize = endpoint.maxEnvelopeSize;
    conversation.operationTimeout = endpoint.operationTimeout;
    conversation.locale = endpoint.locale;
    conversation.sessionId = upperGuid(QUuid::createUuid());
    return conversation;
}

std::unique_ptr<QNetworkAccessManager> realNetwork()
{
    return std::make_unique<QNetworkAccessManager>();
}

QByteArrayView shortName(Action action)
{
    const QByteArrayView name = actionName(action);
    return name.sliced(name.lastIndexOf('/') + 1);
}

} // namespace

// One HTTP request: the answer, the ticket it was sent with.
struct Client::Round
{
    core::HttpAnswer http;
    bool repeated = false; // Qt sent it more than once
    Authentication::Ticket ticket;
};

Client::Client(Endpoint endpoint, std::unique_ptr<QNetworkAccessManager> network, const core::Clock* clock)
    : m_endpoint(std::move(endpoint))
    , m_url(m_endpoint.url)
    , m_conversation(conversationFor(m_endpoint))
    , m_network(network ? std::move(network) : realNetwork())
    , m_clock(clock ? clock : &m_systemClock)
    , m_authentication(m_endpoint)
{
    m_redactor.addSecret(m_endpoint.password);
    m_network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    connect(m_network.get(), &QNetworkAccessManager::authenticationRequired, this, &Client::offerCredentials);
    connect(m_network.get(), &QNetworkAccessManager::encrypted, this, [this](QNetworkReply* reply) {
        m_authentication.setPeerCertificate(reply->sslConfiguration().peerCertificate());
    });
}

Client::~Client()
{
    m_endpoint.password.fill(QChar(0));
}

QString Client::signInMethod() const
{
    return m_authentication.methodName();
}

QString Client::origin(const Operation& operation) const
{
    return QString::fromLatin1(shortName(operation.action)) + u" on "_s + m_endpoint.displayName();
}

QNetworkRequest Client::request(const QByteArray& authorization, std::chrono::milliseconds deadline) const
{
    QNetworkRequest request(m_url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/soap+xml;charset=UTF-8"));
    request.setRawHeader("User-Agent", "Postern");
    if (!m_endpoint.compress)
        request.setRawHeader("Accept-Encoding", "identity");
    if (!authorization.isEmpty())
        request.setRawHeader("Authorization", authorization);
    request.setTransferTimeout(int(std::min<qint64>(deadline.count(), std::numeric_limits<int>::max())));
    // NTLM and Kerberos sign in connections, which HTTP/2 does not have.
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    // Only NTLM is left to Qt. Otherwise Qt would answer challenges by itself, also with tickets we did not
    // choose.
    if (m_authentication.method() != Authentication::Method::Ntlm)
        request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!m_endpoint.authorities.isEmpty())
        tls.setCaCertificates(m_endpoint.authorities);
    request.setSslConfiguration(tls);
    return request;
}

// QNAM asks after the certificate was verified; only NTLM gets this far, and only for our own server.
void Client::offerCredentials(QNetworkReply* reply, QAuthenticator* authenticator)
{
    const QUrl url = reply->url();
    const bool ours = url.scheme() == "https"_L1 && url.host() == m_endpoint.url.host();
    const bool again = reply->property(kCredentialsOffered).toBool(); // refused once: do not lock the account
    if (!ours || again || m_authentication.method() != Authentication::Method::Ntlm)
        return;
    reply->setProperty(kCredentialsOffered, true);
    authenticator->setUser(m_authentication.user());
    authenticator->setPassword(m_authentication.password());
}

// A request without credentials: what does the server offer, and which certificate does it show?
QCoro::Task<Expected<void>> Client::learnServer(std::stop_token token)
{
    ++m_requests;
    core::ReplyPointer reply(m_network->post(request({}, kGrace), QByteArray()));
    const Expected<core::HttpAnswer> http
        = co_await core::awaitReply(std::move(reply), kGrace, kMaxBody, token);
    if (!http)
        co_return fail(http.error());
    if (http->status == 429 || http->status == 503)
        co_return fail(httpError(*http, m_clock->now(), m_endpoint.displayName()));
    m_authentication.introduce(readOffered(http->headers));
    co_return Expected<void>();
}

QCoro::Task<Expected<Client::Round>> Client::round(
    QByteArray body, std::chrono::milliseconds deadline, std::stop_token token)
{
    if (const auto valid = m_endpoint.validate(); !valid)
        co_return fail(valid.error());
    if (m_authentication.needsIntroduction()) {
        const Expected<void> learned = co_await learnServer(token);
        if (!learned)
            co_return fail(learned.error());
    }
    const Expected<Authentication::Ticket> ticket = co_await m_authentication.ticket(token);
    if (!ticket)
        co_return fail(ticket.error());
    ++m_requests;
    const auto repeats = std::make_shared<int>(0);
    const bool repeatable = m_authentication.method() == Authentication::Method::Ntlm;
    auto upload = std::make_unique<core::OneWayBody>(body, repeatable, repeats);
    core::ReplyPointer reply(m_network->post(request(ticket->header, deadline), upload.get()));
    upload.release()->setParent(reply.get());
    Expected<core::HttpAnswer> http = co_await core::awaitReply(std::move(reply), deadline, kMaxBody, token);
    if (!http) {
        Error error = http.error();
        if (error.code == ErrorCode::ConnectionLost && *repeats > 0)
            error.detail = u"the server closed the connection without an answer"_s; // Qt has no words for it
        co_return fail(std::move(error));
    }
    Round round;
    round.http = std::move(*http);
    round.ticket = *ticket;
    round.repeated = *repeats > 0;
    co_return round;
}

Expected<void> Client::follow(const QUrl& target)
{
    const QString shown = target.toString(QUrl::RemoveUserInfo);
    if (target.host().isEmpty())
        return fail(ErrorCode::Redirected, u"the server redirects without naming a valid address"_s,
            m_endpoint.displayName());
    if (target.scheme() != "https"_L1 || target.host() != m_endpoint.url.host())
        return fail(ErrorCode::Redirected, shown, m_endpoint.displayName());
    m_url = target;
    m_conversation.to = target.toEncoded(QUrl::RemoveFragment);
    return {};
}

// Signs in, and once more with fresh tickets when the server refuses old ones. A redirect is the caller's.
QCoro::Task<Expected<Client::Round>> Client::post(
    QByteArray body, std::chrono::milliseconds deadline, std::stop_token token)
{
    const QString shown = m_endpoint.displayName();
    for (int attempt = 0;; ++attempt) {
        Expected<Round> done = co_await round(body, deadline, token);
        if (!done)
            co_return fail(done.error());
        const Offered offered = readOffered(done->http.headers);
        if (done->http.status == 401) {
            if (attempt == 0 && m_authentication.refresh())
                continue;
            co_return fail(m_authentication.refused(shown, offered));
        }
        const auto server = m_authentication.checkServer(done->ticket, done->http.header("WWW-Authenticate"));
        if (!server)
            co_return fail(server.error());
        co_return std::move(*done);
    }
}

Expected<Answer> Client::read(const Operation& operation, core::HttpAnswer http, const QByteArray& messageId)
{
    const QString what = origin(operation);
    if (!looksLikeSoap(http.body)) {
        // Before it is cut to a length: half a password is no spelling of it.
        http.body = m_redactor.redact(QString::fromUtf8(http.body.left(kMaxPage))).toUtf8();
        return fail(httpError(http, m_clock->now(), what));
    }
    Expected<Answer> answer
        = operation.action == Action::Receive ? readReceive(http.body) : readAnswer(std::move(http.body));
    if (!answer) {
        Error error = answer.error();
        error.origin = what;
        return fail(std::move(error));
    }
    if (answer->fault) {
        if (answer->timedOut && operation.action == Action::Receive)
            return answer;
        Error error = toError(*answer->fault, what);
        if (error.code == ErrorCode::ServerBusy && !error.retryAfter)
            error.retryAfter = http.retryAfter(m_clock->now());
        return fail(std::move(error));
    }
    const bool related = operation.action == Action::Identify
        || answer->relatesTo.compare("uuid:" + messageId, Qt::CaseInsensitive) == 0;
    if (!related)
        return fail(ErrorCode::Malformed,
            u"the answer relates to \"%1\", not to our request"_s.arg(
                QString::fromUtf8(answer->relatesTo.left(80))),
            what);
    if (http.status != 200)
        return fail(
            ErrorCode::Malformed, u"HTTP %1 with a SOAP answer that is no fault"_s.arg(http.status), what);
    return answer;
}

// A proxy's error page may show the request with its Authorization; errors go to rows, logs and people.
QCoro::Task<Expected<Answer>> Client::call(Operation operation, std::stop_token token)
{
    Expected<Answer> answer = co_await converse(std::move(operation), std::move(token));
    if (!answer)
        answer.error().detail = m_redactor.redact(answer.error().detail);
    co_return std::move(answer);
}

// Follows redirects.
QCoro::Task<Expected<Answer>> Client::converse(Operation operation, std::stop_token token)
{
    const std::chrono::milliseconds deadline = m_endpoint.operationTimeout + kGrace;
    for (int hop = 0;; ++hop) {
        const QByteArray messageId = upperGuid(QUuid::createUuid());
        const QByteArray body = writeEnvelope(m_conversation, operation, messageId);
        Expected<Round> done = co_await post(body, deadline, token);
        if (!done) {
            Error error = done.error();
            error.origin = origin(operation);
            co_return fail(std::move(error));
        }
        std::optional<QUrl> target = redirectTarget(done->http);
        Expected<Answer> answer
            = target ? Expected<Answer>(Answer()) : read(operation, std::move(done->http), messageId);
        if (answer)
            answer->repeated = done->repeated;
        if (!target && !answer && answer.error().code == ErrorCode::Redirected)
            target = QUrl(answer.error().detail);
        if (!target)
            co_return answer;
        if (const auto followed = follow(*target); !followed)
            co_return fail(followed.error());
        if (hop == kMaxRedirects)
            co_return fail(ErrorCode::Redirected, u"the server redirects in a circle"_s, origin(operation));
        qCInfo(core::logWsman).noquote()
            << "redirected to" << m_redactor.redact(m_url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery));
    }
}

QCoro::Task<Expected<Identity>> Client::identify(std::stop_token token)
{
    Operation identify = Operations::identify();
    const Expected<Answer> answer = co_await call(std::move(identify), std::move(token));
    if (!answer)
        co_return fail(answer.error());
    co_return answer->identity;
}

} // namespace postern::wsman

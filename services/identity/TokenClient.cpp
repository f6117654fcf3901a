#include "services/identity/TokenClient.h"

#include <QJsonDocument>
#include <QNetworkReply>
#include <QRandomGenerator>
#include <QRegularExpression>

#include "services/core/Logging.h"
#include "services/core/OneWayBody.h"

namespace postern::identity {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds deadline = 30s;
constexpr std::chrono::milliseconds longestWait = 30s; // within one call; beyond it the caller decides
constexpr std::chrono::milliseconds firstWait = 500ms;
constexpr int mostTries = 3;
constexpr qint64 mostBody = 512 * 1024; // tokens of many groups reach some 10 KiB
constexpr qsizetype shown = 200; // characters of a foreign page in an error

bool isBusy(const TokenReply& reply)
{
    return !reply.answer
        && (reply.status == 429 || reply.status >= 500 || reply.error.error == "temporarily_unavailable"_L1
            || reply.error.error == "server_error"_L1);
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

ErrorCode meaning(int status)
{
    switch (status) {
    case 403:
    case 407: // a proxy wants to know who we are
        return ErrorCode::AccessDenied;
    case 404:
    case 405:
    case 410:
        return ErrorCode::NotFound;
    case 408:
        return ErrorCode::Timeout;
    default:
        return status == 429 || status >= 500 ? ErrorCode::ServerBusy : ErrorCode::Malformed;
    }
}

// The title of an HTML page, which says whose it is. Nothing else of a body that is not JSON: it may be half
// an answer, with a token in it.
QString pageTitle(const QByteArray& body)
{
    static const QRegularExpression title(
        u"<title[^>]{0,200}>([^<]{1,400})<"_s, QRegularExpression::CaseInsensitiveOption);
    const auto match = title.match(QString::fromUtf8(body.left(16 * 1024)));
    return match.captured(1).simplified();
}

QString notJson(const core::HttpAnswer& http, const QJsonParseError& where, const core::Redactor& redactor)
{
    const bool html
        = http.header("Content-Type").toLower().contains("html") || http.body.trimmed().startsWith('<');
    if (html) {
        const QString title = redactor.redact(pageTitle(http.body)).left(shown);
        return u"HTTP %1 with a web page instead of Entra's answer%2. A proxy or the network's own sign-in "
               u"page "
               u"stands in between."_s.arg(http.status)
                   .arg(title.isEmpty() ? QString() : u" (\"%1\")"_s.arg(title));
    }
    if (http.body.isEmpty())
        return u"HTTP %1 without a body instead of Entra's answer"_s.arg(http.status);
    if (where.error == QJsonParseError::NoError)
        return u"HTTP %1 with JSON that is neither a token nor an error"_s.arg(http.status);
    return u"HTTP %1 with broken JSON: %2 at offset %3 of %4"_s.arg(http.status)
        .arg(where.errorString())
        .arg(where.offset)
        .arg(http.body.size());
}

// Every text that an error may quote; servers and proxies repeat what they were sent.
void redactValues(QJsonObject& json, const core::Redactor& redactor)
{
    for (auto it = json.begin(); it != json.end(); ++it) {
        if (it->isString())
            it.value() = redactor.redact(it->toString());
    }
}

} // namespace

TokenClient::TokenClient(
    Tenant tenant, std::unique_ptr<QNetworkAccessManager> network, const core::Clock* clock, Sleep sleep)
    : m_tenant(std::move(tenant))
    , m_network(network ? std::move(network) : std::make_unique<QNetworkAccessManager>())
    , m_clock(clock ? clock : &m_systemClock)
    , m_sleep(sleep ? std::move(sleep) : Sleep(&core::delay))
{
    m_network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

TokenClient::~TokenClient() = default;

QString TokenClient::origin() const
{
    return u"sign-in to "_s + m_tenant.displayName();
}

QString TokenClient::clockWarning() const
{
    return m_skew ? clockSkewText(*m_skew) : QString();
}

Error TokenClient::refusal(const TokenReply& reply, Grant grant) const
{
    Error error = toError(reply.error, grant, reply.status, origin());
    if (error.code == ErrorCode::ServerBusy)
        error.retryAfter = reply.retryAfter;
    if (const QString warning = clockWarning(); !warning.isEmpty())
        error.detail += u" Note: %1."_s.arg(warning);
    return error;
}

// No Origin: that would mark a page's script. No cookies: the next person's sign-in is none of this one's.
QNetworkRequest TokenClient::request(const QUrl& url, qsizetype length) const
{
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/x-www-form-urlencoded"));
    request.setHeader(QNetworkRequest::ContentLengthHeader, length);
    request.setRawHeader("Accept", "application/json");
    request.setRawHeader("User-Agent", "Postern");
    request.setTransferTimeout(int(deadline.count()));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setSslConfiguration(m_tenant.tls());
    return request;
}

// Whatever a proxy or the server repeats of the request goes no further.
QCoro::Task<Expected<JsonReply>> TokenClient::post(QUrl url, Form form, std::stop_token token)
{
    if (const auto valid = m_tenant.validate(); !valid)
        co_return fail(valid.error());
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, origin());
    core::Redactor redactor;
    for (const QString& secret : form.secrets())
        redactor.addSecret(secret);
    const QDateTime sentAt = m_clock->now();
    auto body = std::make_unique<core::OneWayBody>(form.encoded());
    core::ReplyPointer reply(m_network->post(request(url, form.encoded().size()), body.get()));
    body.release()->setParent(reply.get());
    const Expected<core::HttpAnswer> http
        = co_await core::awaitReply(std::move(reply), deadline, mostBody, token);
    Expected<JsonReply> result = tl::unexpected<Error>(Error());
    if (http)
        result = read(*http, sentAt, redactor);
    else
        result = fail(http.error());
    if (!result) {
        result.error().detail = redactor.redact(result.error().detail);
        result.error().origin = origin();
        qCDebug(core::logHttp).noquote() << result.error().toLogText();
        co_return fail(result.error());
    }
    co_return std::move(result);
}

Expected<JsonReply> TokenClient::read(
    const core::HttpAnswer& http, const QDateTime& sentAt, const core::Redactor& redactor)
{
    const QDateTime now = m_clock->now();
    m_skew = clockSkew(http.header("Date"), sentAt, now);
    if (isRedirect(http.status)) {
        const QUrl target = http.url.resolved(QUrl::fromEncoded(http.header("Location")));
        // Decoded, so that a secret in the path is seen as such.
        const QString place = QUrl::fromPercentEncoding(
            target.toEncoded(QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment));
        return fail(ErrorCode::Redirected, redactor.redact(place).simplified().left(shown));
    }
    QJsonParseError where;
    const QJsonDocument document = QJsonDocument::fromJson(http.body, &where);
    const bool meantForUs = http.status == 200 || document.object().value("error"_L1).isString();
    if (!document.isObject() || !meantForUs) {
        Error error;
        error.code = meaning(http.status);
        error.detail = notJson(http, where, redactor);
        if (error.code == ErrorCode::ServerBusy)
            error.retryAfter = http.retryAfter(now);
        return fail(std::move(error));
    }
    JsonReply reply;
    reply.json = document.object();
    if (reply.json.contains("error"_L1)) // before anything is cut to a length
        redactValues(reply.json, redactor);
    reply.status = http.status;
    reply.sentAt = sentAt;
    reply.retryAfter = http.retryAfter(now);
    return reply;
}

QCoro::Task<Expected<TokenReply>> TokenClient::askOnce(Form form, std::stop_token token)
{
    const Expected<JsonReply> got = co_await post(m_tenant.tokenUrl(), std::move(form), token);
    if (!got)
        co_return fail(got.error());
    TokenReply reply;
    reply.status = got->status;
    reply.retryAfter = got->retryAfter;
    if (auto error = readOAuthError(got->json)) {
        reply.error = std::move(*error);
        co_return std::move(reply);
    }
    Expected<TokenAnswer> answer = readTokenAnswer(got->json, got->sentAt);
    if (!answer)
        co_return fail(answer.error().code, answer.error().detail, origin());
    reply.answer = std::move(*answer);
    co_return std::move(reply);
}

QCoro::Task<Expected<TokenReply>> TokenClient::ask(
    FormMaker make, std::stop_token stop, std::stop_token abandon)
{
    for (int attempt = 1;; ++attempt) {
        Expected<Form> form = make();
        if (!form)
            co_return fail(form.error());
        Expected<TokenReply> reply = co_await askOnce(std::move(*form), abandon);
        std::optional<Error> busy;
        if (!reply && reply.error().code == ErrorCode::ServerBusy)
            busy = reply.error();
        else if (reply && isBusy(*reply))
            busy = refusal(*reply, Grant::Person);
        if (!busy)
            co_return std::move(reply);
        busy->code = ErrorCode::ServerBusy;
        if (reply)
            busy->retryAfter = reply->retryAfter;
        // Up to half as much again, so that many agents do not come back together.
        const auto wait = busy->retryAfter.value_or(
            firstWait * (1 << attempt) * QRandomGenerator::global()->bounded(100, 150) / 100);
        if (attempt == mostTries || wait > longestWait)
            co_return fail(*busy);
        const bool passed = co_await m_sleep(wait, stop);
        if (!passed)
            co_return fail(ErrorCode::Cancelled, {}, origin());
    }
}

QCoro::Task<Expected<TokenAnswer>> TokenClient::redeem(FormMaker make, Grant grant, std::stop_token token)
{
    Expected<TokenReply> reply = co_await ask(std::move(make), token, token);
    if (!reply)
        co_return fail(reply.error());
    if (!reply->answer)
        co_return fail(refusal(*reply, grant));
    co_return std::move(*reply->answer);
}

} // namespace postern::identity

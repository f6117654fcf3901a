#include "services/exchange/NotificationCheck.h"

#include <QAuthenticator>
#include <QSslConfiguration>

#include "models/base/ErrorText.h"
#include "services/exchange/WebServicesText.h"
#include "services/wsman/HttpVerdict.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Outcome = CheckResult::Outcome;

namespace {

constexpr auto deadline = 20s;
constexpr qint64 largestAnswer = 1024 * 1024;
constexpr int mostHops = 10;
constexpr char signedIn[] = "postern.signedIn"; // a refused password is not given twice

bool isSameHost(const QUrl& a, const QUrl& b)
{
    return !a.host().isEmpty() && a.host().compare(b.host(), Qt::CaseInsensitive) == 0;
}

// What EWS' codes mean for whoever set the account up.
QString adviceOf(const FolderAnswer& answer)
{
    const QString said = answer.text.isEmpty() ? answer.code : u"%1 (%2)"_s.arg(answer.text, answer.code);
    if (answer.code == "ErrorNonExistentMailbox"_L1 || answer.code == "ErrorInvalidSmtpAddress"_L1)
        return u"It has no mailbox in this Exchange: %1 Use an account with an active mailbox."_s.arg(said);
    if (answer.code == "ErrorAccessDenied"_L1 || answer.code == "ErrorItemNotFound"_L1
        || answer.code == "ErrorFolderNotFound"_L1)
        return u"The account that asks may not open it: %1 Give it Full Access and Send As on the mailbox."_s
            .arg(said);
    if (answer.code == "ErrorMailboxMoveInProgress"_L1 || answer.code == "ErrorServerBusy"_L1
        || answer.code == "ErrorMailboxStoreUnavailable"_L1)
        return u"It cannot be opened just now: %1 Try again later."_s.arg(said);
    return u"It cannot be opened: %1"_s.arg(said);
}

// The usual sentence speaks of PowerShell, which has taken this very password.
QString inWords(const Error& error)
{
    if (error.code != ErrorCode::AuthenticationFailed)
        return ErrorText::sentence(error);
    return u"The web service did not take the account and password (%1): let the virtual directory offer Basic or Windows authentication."_s
        .arg(error.origin);
}

} // namespace

NotificationCheck::NotificationCheck(Connector connector, wsman::Endpoint endpoint, Report report)
    : m_connector(std::move(connector))
    , m_endpoint(std::move(endpoint))
    , m_report(std::move(report))
{
    QObject::connect(&m_network, &QNetworkAccessManager::authenticationRequired, &m_network,
        [this](QNetworkReply* reply, QAuthenticator* authenticator) {
            if (reply->property(signedIn).toBool() || !mayHaveCredentials(reply->url()))
                return;
            reply->setProperty(signedIn, true);
            authenticator->setUser(m_endpoint.user);
            authenticator->setPassword(m_endpoint.password);
        });
}

void NotificationCheck::warn(const QString& id, const QString& name, const QString& detail)
{
    m_report(CheckResult{id, name, Outcome::Warning, detail, false});
}

void NotificationCheck::pass(const QString& id, const QString& name, const QString& detail)
{
    m_report(CheckResult{id, name, Outcome::Pass, detail, false});
}

bool NotificationCheck::mayHaveCredentials(const QUrl& url) const
{
    if (url.scheme() != "https"_L1 || !url.userInfo().isEmpty())
        return false;
    return m_connector.discoverServers || isSameHost(url, m_endpoint.url)
        || isSameHost(url, QUrl(m_connector.ewsUrl));
}

QCoro::Task<void> NotificationCheck::run(std::stop_token token)
{
    const QString account = m_connector.notificationAccount.trimmed();
    const QString name = u"Notification account"_s;
    if (account.isEmpty()) {
        warn(u"CON-10"_s, name,
            u"None is given: nobody can be told by mail that a device is blocked, and the conditional access wizard cannot be finished."_s);
        co_return;
    }
    if (account.count(u'@') != 1 || account.startsWith(u'@') || account.endsWith(u'@')) {
        warn(u"CON-10"_s, name, u"\"%1\" is no e-mail address."_s.arg(account));
        co_return;
    }
    const Expected<QUrl> ews = co_await webServices(token);
    if (ews && !token.stop_requested())
        co_await openInbox(*ews, token);
}

QCoro::Task<Expected<QUrl>> NotificationCheck::webServices(std::stop_token token)
{
    const QString configured = m_connector.ewsUrl.trimmed();
    if (!configured.isEmpty()) {
        const QString name = u"Exchange Web Services address"_s;
        const QUrl url(configured, QUrl::StrictMode);
        if (url.isValid() && !url.host().isEmpty() && mayHaveCredentials(url)) {
            pass(u"CON-11"_s, name, u"%1, as configured"_s.arg(url.toString()));
            co_return url;
        }
        warn(u"CON-11"_s, name, u"\"%1\" is no https:// address."_s.arg(configured));
        co_return fail(ErrorCode::InvalidAddress, configured);
    }
    const QString name = u"Autodiscover of the notification account"_s;
    Expected<QUrl> found = co_await discover(token);
    if (found)
        pass(u"CON-10"_s, name, u"its Exchange Web Services are at %1"_s.arg(found->toString()));
    else if (found.error().code != ErrorCode::Cancelled)
        warn(u"CON-10"_s, name,
            u"%1 Enter the address of Exchange Web Services by hand if Autodiscover is not published."_s.arg(
                inWords(found.error())));
    co_return found;
}

// The connector's own server first: inside, it knows best. Then as Outlook looks ([MS-OXDISCO] 3.1.5).
std::vector<QUrl> NotificationCheck::candidates() const
{
    const QString path = u"/autodiscover/autodiscover.xml"_s;
    const QString domain = m_connector.notificationAccount.trimmed().section(u'@', 1);
    std::vector<QUrl> urls;
    QUrl own;
    own.setScheme(u"https"_s);
    own.setHost(m_endpoint.url.host());
    own.setPort(m_endpoint.url.port());
    own.setPath(path);
    for (const QUrl& url : {own, QUrl(u"https://%1%2"_s.arg(domain, path)),
             QUrl(u"https://autodiscover.%1%2"_s.arg(domain, path))}) {
        if (url.isValid() && mayHaveCredentials(url))
            urls.push_back(url);
    }
    return urls;
}

QCoro::Task<Expected<QUrl>> NotificationCheck::discover(std::stop_token token)
{
    std::optional<Error> first;
    const std::vector<QUrl> urls = candidates();
    for (const QUrl& url : urls) {
        Expected<QUrl> found = co_await discoverAt(url, token);
        if (found || found.error().code == ErrorCode::Cancelled)
            co_return found;
        if (!first)
            first = found.error();
    }
    co_return fail(
        first ? *first : Error{ErrorCode::NotFound, u"no server can be asked"_s, {}, std::nullopt});
}

QCoro::Task<Expected<QUrl>> NotificationCheck::discoverAt(QUrl url, std::stop_token token)
{
    QString address = m_connector.notificationAccount.trimmed();
    for (int hop = 0; hop < mostHops; ++hop) {
        const QString origin = u"Autodiscover at %1"_s.arg(url.toString());
        const Expected<core::HttpAnswer> http = co_await post(url, autodiscoverRequest(address), token);
        if (!http)
            co_return fail(http.error());
        if (const auto target = wsman::redirectTarget(*http)) {
            if (!mayHaveCredentials(*target))
                co_return fail(ErrorCode::Redirected, target->toString(), origin);
            url = *target;
            continue;
        }
        if (http->status != 200)
            co_return fail(wsman::httpError(*http, QDateTime::currentDateTimeUtc(), origin));
        const Expected<AutodiscoverAnswer> answer = readAutodiscover(http->body);
        if (!answer)
            co_return fail(answer.error().code, answer.error().detail, origin);
        if (!answer->redirectAddress.isEmpty()) {
            address = answer->redirectAddress;
        } else if (!answer->redirectUrl.isEmpty()) {
            if (!mayHaveCredentials(answer->redirectUrl))
                co_return fail(ErrorCode::Redirected, answer->redirectUrl.toString(), origin);
            url = answer->redirectUrl;
        } else if (answer->errorCode != 0) {
            co_return fail(
                ErrorCode::NotFound, u"%1 (%2)"_s.arg(answer->errorText).arg(answer->errorCode), address);
        } else if (answer->ews.isValid() && mayHaveCredentials(answer->ews)) {
            co_return answer->ews;
        } else {
            co_return fail(
                ErrorCode::Malformed, u"no usable address of Exchange Web Services is named"_s, origin);
        }
    }
    co_return fail(ErrorCode::LimitExceeded, u"redirected too often"_s, url.toString());
}

QCoro::Task<void> NotificationCheck::openInbox(QUrl ews, std::stop_token token)
{
    const QString account = m_connector.notificationAccount.trimmed();
    const QString name = u"Mailbox of the notification account"_s;
    const Expected<core::HttpAnswer> http = co_await post(ews, inboxRequest(account), token);
    if (token.stop_requested())
        co_return;
    if (!http) {
        warn(u"CON-10"_s, name, inWords(http.error()));
        co_return;
    }
    const Expected<FolderAnswer> answer = readFolder(http->body);
    if (answer && answer->found)
        pass(u"CON-10"_s, name, u"%1 opens"_s.arg(account));
    else if (answer)
        warn(u"CON-10"_s, name, adviceOf(*answer));
    else if (http->status != 200)
        warn(u"CON-10"_s, name,
            inWords(wsman::httpError(*http, QDateTime::currentDateTimeUtc(), ews.toString())));
    else
        warn(u"CON-10"_s, name,
            u"%1 does not answer as Exchange Web Services do: %2."_s.arg(
                ews.toString(), answer.error().detail));
}

QCoro::Task<Expected<core::HttpAnswer>> NotificationCheck::post(
    QUrl url, QByteArray body, std::stop_token token)
{
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"text/xml; charset=utf-8"_s);
    QSslConfiguration tls = request.sslConfiguration();
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!m_endpoint.authorities.isEmpty())
        tls.setCaCertificates(m_endpoint.authorities);
    request.setSslConfiguration(tls);
    core::ReplyPointer reply(m_network.post(request, body));
    Expected<core::HttpAnswer> answer
        = co_await core::awaitReply(std::move(reply), deadline, largestAnswer, token);
    co_return answer;
}

} // namespace postern::exchange

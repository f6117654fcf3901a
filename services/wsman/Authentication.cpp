#include "services/wsman/Authentication.h"

#include <QHostAddress>
#include <QPromise>
#include <QThreadPool>
#include <atomic>

#include "services/core/Await.h"
#include "services/core/Logging.h"
#include "services/wsman/ChannelBinding.h"
#include "services/wsman/Kerberos.h"

namespace postern::wsman {

using namespace Qt::StringLiterals;

namespace {

// The result of the pool or, when stopped first, Cancelled; GSSAPI itself cannot be interrupted and ends by
// itself.
struct PoolCall
{
    QPromise<Expected<Kerberos::Outcome>> promise;
    std::atomic_flag over;

    void finish(Expected<Kerberos::Outcome> result)
    {
        if (!over.test_and_set()) {
            promise.addResult(std::move(result));
            promise.finish();
        }
    }
};

QCoro::Task<Expected<Kerberos::Outcome>> startOnPool(
    std::shared_ptr<Kerberos> kerberos, QByteArray binding, bool spnego, std::stop_token token)
{
    auto call = std::make_shared<PoolCall>();
    call->promise.start();
    QFuture<Expected<Kerberos::Outcome>> future = call->promise.future();
    std::stop_callback onStop(token, [call] { call->finish(fail(ErrorCode::Cancelled, {})); });
    QThreadPool::globalInstance()->start(
        [call, kerberos, binding, spnego] { call->finish(kerberos->start(binding, spnego)); });
    const Expected<Kerberos::Outcome> outcome = co_await future;
    co_return outcome;
}

QByteArray basicHeader(const QString& user, const QString& password)
{
    return "Basic " + (user + u':' + password).toUtf8().toBase64();
}

} // namespace

Offered readOffered(const QList<std::pair<QByteArray, QByteArray>>& headers)
{
    Offered offered;
    QStringList texts;
    for (const auto& header : headers) {
        if (header.first.compare("WWW-Authenticate", Qt::CaseInsensitive) != 0)
            continue;
        // Qt joins repeated headers with a comma; a challenge's own parameters have an "=" and do not matter
        // here.
        for (const QByteArray& part : header.second.split(',')) {
            const QByteArray scheme = part.trimmed().split(' ').constFirst().toLower();
            offered.negotiate |= scheme == "negotiate";
            offered.kerberos |= scheme == "kerberos";
            offered.ntlm |= scheme == "ntlm";
            offered.basic |= scheme == "basic";
            if (!scheme.isEmpty() && !scheme.contains('='))
                texts.append(QString::fromLatin1(part.trimmed().split(' ').constFirst()));
        }
    }
    offered.text = texts.join(u", "_s);
    offered.known = !texts.isEmpty();
    return offered;
}

Authentication::Authentication(const Endpoint& endpoint)
    : m_signIn(endpoint.signIn)
    , m_host(endpoint.url.host())
    , m_user(endpoint.user)
    , m_password(endpoint.password)
{
}

Authentication::~Authentication()
{
    m_password.fill(QChar(0));
}

void Authentication::introduce(Offered offered)
{
    m_offered = std::move(offered);
    m_introduced = true;
}

void Authentication::setPeerCertificate(const QSslCertificate& certificate)
{
    m_channelBinding = channelBinding(certificate);
}

QCoro::Task<Expected<Authentication::Ticket>> Authentication::ticket(std::stop_token token)
{
    if (m_signIn == SignIn::Basic) {
        m_method = Method::Basic;
        Ticket basic;
        basic.header = basicHeader(m_user, m_password);
        co_return basic;
    }
    if (m_method == Method::Ntlm)
        co_return Ticket();
    co_return co_await kerberosTicket(std::move(token));
}

QCoro::Task<Expected<Authentication::Ticket>> Authentication::kerberosTicket(std::stop_token token)
{
    if (m_offered.known && !m_offered.negotiate && !m_offered.kerberos)
        co_return afterKerberosFailed(
            Error{ErrorCode::AuthenticationFailed, u"the server does not offer Kerberos"_s, {}}, false);
    QHostAddress literal;
    if (literal.setAddress(m_host))
        co_return afterKerberosFailed(Error{ErrorCode::AuthenticationFailed,
                                          u"Kerberos needs the server's name, not its IP address"_s, {}},
            false);
    if (!m_kerberos)
        m_kerberos = std::make_shared<Kerberos>(m_host, m_user, m_password);
    const bool spnego = m_offered.negotiate || !m_offered.kerberos;
    const Expected<Kerberos::Outcome> outcome
        = co_await startOnPool(m_kerberos, m_channelBinding, spnego, token);
    if (!outcome)
        co_return fail(outcome.error());
    if (outcome->fault != KerberosFault::None)
        co_return afterKerberosFailed(
            Error{ErrorCode::AuthenticationFailed, outcome->reason, {}}, isAccountFault(outcome->fault));
    m_method = Method::Kerberos;
    Ticket ticket;
    ticket.header = (spnego ? "Negotiate " : "Kerberos ") + outcome->token.toBase64();
    ticket.context = outcome->context;
    co_return ticket;
}

Expected<Authentication::Ticket> Authentication::afterKerberosFailed(Error error, bool accountFault)
{
    m_whyNotKerberos = error.detail;
    const bool mayUseNtlm
        = m_method == Method::Undecided && m_offered.ntlm && !m_user.isEmpty() && !accountFault;
    if (mayUseNtlm) {
        qCInfo(core::logWsman).noquote() << "signing in by NTLM, because" << m_whyNotKerberos;
        m_method = Method::Ntlm;
        return Ticket();
    }
    if (accountFault)
        return fail(std::move(error));
    QString second;
    if (m_offered.ntlm)
        second = u"NTLM needs a user name and password"_s;
    else if (m_offered.basic)
        second = u"the server offers Basic, which must be chosen on purpose"_s;
    else
        second = u"the server offers no NTLM"_s;
    error.detail += u"; "_s + second;
    return fail(std::move(error));
}

Expected<void> Authentication::checkServer(const Ticket& ticket, const QByteArray& wwwAuthenticate) const
{
    if (!ticket.context || wwwAuthenticate.isEmpty())
        return {};
    const QByteArray lower = wwwAuthenticate.left(10).toLower();
    const qsizetype skip = lower.startsWith("negotiate ") ? 10 : lower.startsWith("kerberos ") ? 9 : -1;
    if (skip < 0)
        return {};
    return ticket.context->finish(QByteArray::fromBase64(wwwAuthenticate.mid(skip).trimmed()));
}

bool Authentication::refresh()
{
    if (m_method != Method::Kerberos || !m_kerberos)
        return false;
    m_kerberos->forget();
    return true;
}

Error Authentication::refused(const QString& origin, const Offered& offered) const
{
    Error error;
    error.code = ErrorCode::AuthenticationFailed;
    error.origin = origin;
    const QString who = m_user.isEmpty() ? u"the process' own Kerberos ticket"_s : m_user;
    if (m_signIn == SignIn::Basic && offered.known && !offered.basic)
        error.detail = u"the server does not accept Basic (it offers %1)"_s.arg(offered.text);
    else
        error.detail = u"the server refused %1 by %2"_s.arg(who, methodName());
    if (m_method == Method::Ntlm)
        error.detail += u"; Kerberos was not used because %1"_s.arg(m_whyNotKerberos);
    return error;
}

QString Authentication::methodName() const
{
    switch (m_method) {
    case Method::Basic:
        return u"Basic"_s;
    case Method::Kerberos:
        return u"Kerberos"_s;
    case Method::Ntlm:
        return u"NTLM"_s;
    case Method::Undecided:
        break;
    }
    return {};
}

} // namespace postern::wsman

// Signs requests in: Basic, or Negotiate by Kerberos (GSSAPI) with NTLM (Qt's) as the second choice. The
// order is explicit: Kerberos first; NTLM only when no ticket can be had, the server offers it, and the fault
// is not one of the user's account (a wrong password is not tried twice, or the account locks). Lives on the
// client's thread; tickets are fetched on the pool because that talks to the KDC. Errors:
// AuthenticationFailed with the reason in words. [MS-N2HT], RFC 4559, RFC 5929; exchange-protocols d.2.
#pragma once

#include <QByteArray>
#include <QCoroTask>
#include <QSslCertificate>
#include <QString>
#include <memory>
#include <stop_token>

#include "models/base/Error.h"
#include "services/wsman/Endpoint.h"

namespace postern::wsman {

class Kerberos;
class KerberosContext;

// What the server offers in WWW-Authenticate.
struct Offered
{
    bool known = false; // the server was asked and named at least one
    bool negotiate = false;
    bool kerberos = false;
    bool ntlm = false;
    bool basic = false;
    QString text; // as sent, for errors
};

class Authentication
{
public:
    enum class Method { Undecided, Basic, Kerberos, Ntlm };

    explicit Authentication(const Endpoint& endpoint);
    ~Authentication();

    // Whether the server must be asked first, without credentials: to learn its certificate (Extended
    // Protection) and what it offers.
    [[nodiscard]] bool needsIntroduction() const { return m_signIn == SignIn::Negotiate && !m_introduced; }
    void introduce(Offered offered);
    void setPeerCertificate(const QSslCertificate& certificate);

    struct Ticket
    {
        QByteArray header; // of Authorization; empty: none, Qt does NTLM
        std::shared_ptr<KerberosContext> context;
    };
    // For one request. Decides the method on the first call.
    QCoro::Task<Expected<Ticket>> ticket(std::stop_token token);
    // The server's half of mutual authentication, when it sent one.
    [[nodiscard]] Expected<void> checkServer(const Ticket& ticket, const QByteArray& wwwAuthenticate) const;
    // The server said 401 to what ticket() gave. True: worth one more try with fresh credentials.
    [[nodiscard]] bool refresh();
    // What to say when the server refuses.
    [[nodiscard]] Error refused(const QString& origin, const Offered& offered) const;

    [[nodiscard]] Method method() const { return m_method; }
    [[nodiscard]] QString methodName() const;
    [[nodiscard]] const QString& user() const { return m_user; }
    [[nodiscard]] const QString& password() const { return m_password; }

private:
    QCoro::Task<Expected<Ticket>> kerberosTicket(std::stop_token token);
    [[nodiscard]] Expected<Ticket> afterKerberosFailed(Error error, bool accountFault);

    SignIn m_signIn;
    QString m_host, m_user, m_password;
    bool m_introduced = false;
    Offered m_offered;
    Method m_method = Method::Undecided;
    QByteArray m_channelBinding; // of tls-server-end-point
    QString m_whyNotKerberos;
    std::shared_ptr<Kerberos> m_kerberos;
};

[[nodiscard]] Offered readOffered(const QList<std::pair<QByteArray, QByteArray>>& headers);

} // namespace postern::wsman

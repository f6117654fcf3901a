// One WS-Management end point over HTTPS: writes an operation as SOAP, posts it, reads the answer. Owns one
// QNetworkAccessManager (so one cookie jar, and connections that are reused). TLS is always verified;
// credentials go to the configured host only; redirects are followed on the same host over https and are
// ErrorCode::Redirected otherwise. Lives on the thread that made it. Errors: those of awaitReply, of the
// fault table (Fault.h), and AuthenticationFailed, AccessDenied, NotFound, Redirected, ServerBusy
// (retryAfter), Malformed. No error carries the password, even if the server repeats it. exchange-protocols
// a, d.3.
#pragma once

#include <QCoroTask>
#include <QNetworkAccessManager>
#include <QObject>
#include <memory>
#include <stop_token>

#include "models/base/Error.h"
#include "services/core/Await.h"
#include "services/core/Clock.h"
#include "services/core/Redactor.h"
#include "services/wsman/Answer.h"
#include "services/wsman/Authentication.h"
#include "services/wsman/Endpoint.h"
#include "services/wsman/Envelope.h"

namespace postern::wsman {

class Client : public QObject
{
    Q_OBJECT
public:
    // `network`: the seam for tests; nullptr makes a real one. `clock` outlives the client.
    explicit Client(Endpoint endpoint, std::unique_ptr<QNetworkAccessManager> network = nullptr,
        const core::Clock* clock = nullptr);
    ~Client() override;

    // One operation, one answer. A fault is an error, except TimedOut of a Receive, which is
    // Answer::timedOut. Cancelling drops the connection.
    QCoro::Task<Expected<Answer>> call(Operation operation, std::stop_token token);
    // Who answers. Exchange's own authentication may answer first (a.5 Identify).
    QCoro::Task<Expected<Identity>> identify(std::stop_token token);

    [[nodiscard]] const Endpoint& endpoint() const { return m_endpoint; }
    // How the session signs in: "Basic", "Kerberos", "NTLM"; empty before the first request.
    [[nodiscard]] QString signInMethod() const;
    [[nodiscard]] qint64 requestsSent() const { return m_requests; }

private:
    struct Round; // one HTTP request and what came of it

    [[nodiscard]] QNetworkRequest request(
        const QByteArray& authorization, std::chrono::milliseconds deadline) const;
    QCoro::Task<Expected<Round>> post(
        QByteArray body, std::chrono::milliseconds deadline, std::stop_token token);
    QCoro::Task<Expected<Round>> round(
        QByteArray body, std::chrono::milliseconds deadline, std::stop_token token);
    QCoro::Task<Expected<Answer>> converse(Operation operation, std::stop_token token);
    QCoro::Task<Expected<void>> learnServer(std::stop_token token);
    [[nodiscard]] Expected<void> follow(const QUrl& target);
    [[nodiscard]] Expected<Answer> read(
        const Operation& operation, core::HttpAnswer http, const QByteArray& messageId);
    [[nodiscard]] QString origin(const Operation& operation) const;
    void offerCredentials(QNetworkReply* reply, QAuthenticator* authenticator);

    Endpoint m_endpoint;
    QUrl m_url; // differs from the endpoint's after a redirect on the same host
    Conversation m_conversation;
    std::unique_ptr<QNetworkAccessManager> m_network;
    core::SystemClock m_systemClock;
    const core::Clock* m_clock;
    Authentication m_authentication;
    core::Redactor m_redactor;
    qint64 m_requests = 0;
};

} // namespace postern::wsman

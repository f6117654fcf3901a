// Waits on 127.0.0.1 (and ::1 for "localhost") for the browser to come back from a sign-in. Answers with a
// small page, takes exactly one redirect, the one with our state; whatever else arrives gets an error page
// and changes nothing. Lives on the thread that made it. Errors: Timeout, Cancelled, ConnectionRefused (no
// port to listen on). graph-reference 2.1, RFC 8252.
#pragma once

#include <QCoroTask>
#include <QObject>
#include <QTcpServer>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

#include "models/base/Error.h"
#include "services/identity/LoopbackRequest.h"

class QTcpSocket;

namespace postern::identity {

class LoopbackListener : public QObject
{
    Q_OBJECT
public:
    LoopbackListener(QString host, QString path, QString state);
    ~LoopbackListener() override;

    [[nodiscard]] Expected<void> listen();
    // "http://localhost:49152", what the authorize and the token request must both say.
    [[nodiscard]] QString redirectUri() const;
    [[nodiscard]] quint16 port() const { return m_port; }

    // Once. The redirect has a code, or an OAuth error.
    QCoro::Task<Expected<Redirect>> wait(std::chrono::milliseconds patience, std::stop_token token);
    // Requests that were turned away, for the log and the Timeout's text.
    [[nodiscard]] int turnedAway() const { return m_turnedAway; }

private:
    class Ending;

    void accept(QTcpServer* server);
    void read(QTcpSocket* socket);
    void answer(QTcpSocket* socket, const LoopbackVerdict& verdict);

    const QString m_host;
    const QString m_path;
    const QString m_state;
    quint16 m_port = 0;
    int m_open = 0;
    int m_turnedAway = 0;
    QTcpServer m_v4; // after m_open: its sockets count down as they die
    QTcpServer m_v6;
    std::optional<Redirect> m_redirect;
    std::shared_ptr<Ending> m_ending;
};

} // namespace postern::identity

#include "services/identity/LoopbackListener.h"

#include <QCoroFuture>
#include <QNetworkProxy>
#include <QPromise>
#include <QTcpSocket>
#include <QTimer>
#include <atomic>

namespace postern::identity {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int mostConnections = 16;
constexpr qint64 mostBytes = 33 * 1024; // one more than a request may have, so that too long is seen
constexpr auto slowest = 10s; // for one request
constexpr auto lastPage = 2s; // for the page that says it is done
const QString origin = QStringLiteral("the sign-in in the browser");

enum class End {
    Came,
    Late,
    Stopped,
};

} // namespace

// What ends the wait; the first wins, from any thread.
class LoopbackListener::Ending
{
public:
    Ending() { m_promise.start(); }
    void finish(End end)
    {
        if (m_over.test_and_set())
            return;
        m_promise.addResult(end);
        m_promise.finish();
    }
    QFuture<End> future() { return m_promise.future(); }

private:
    QPromise<End> m_promise;
    std::atomic_flag m_over;
};

LoopbackListener::LoopbackListener(QString host, QString path, QString state)
    : m_host(std::move(host))
    , m_path(std::move(path))
    , m_state(std::move(state))
    , m_ending(std::make_shared<Ending>())
{
    for (QTcpServer* server : {&m_v4, &m_v6}) {
        server->setProxy(QNetworkProxy::NoProxy);
        connect(server, &QTcpServer::newConnection, this, [this, server] { accept(server); });
    }
}

LoopbackListener::~LoopbackListener() = default;

// "localhost" is ::1 for some browsers. They fall back to 127.0.0.1 when nobody is there, but not when
// another program is: then another port is taken.
Expected<void> LoopbackListener::listen()
{
    constexpr int tries = 5;
    for (int i = 0; i < tries; ++i) {
        if (!m_v4.listen(QHostAddress(QHostAddress::LocalHost), 0))
            return fail(ErrorCode::ConnectionRefused,
                u"no port can be opened on 127.0.0.1: "_s + m_v4.errorString(), origin);
        m_port = m_v4.serverPort();
        if (m_host != "localhost"_L1 || m_v6.listen(QHostAddress(QHostAddress::LocalHostIPv6), m_port))
            return {};
        if (m_v6.serverError() != QAbstractSocket::AddressInUseError)
            return {}; // no IPv6 here
        m_v4.close();
    }
    return fail(ErrorCode::ConnectionRefused, u"no port is free on both 127.0.0.1 and ::1"_s, origin);
}

QString LoopbackListener::redirectUri() const
{
    return u"http://%1:%2%3"_s.arg(m_host).arg(port()).arg(m_path);
}

void LoopbackListener::accept(QTcpServer* server)
{
    while (QTcpSocket* socket = server->nextPendingConnection()) {
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        if (m_redirect || m_open >= mostConnections) {
            socket->abort();
            continue;
        }
        ++m_open;
        connect(socket, &QObject::destroyed, this, [this] { --m_open; });
        socket->setReadBufferSize(mostBytes);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        QTimer::singleShot(slowest, socket, [socket] { socket->abort(); });
    }
}

void LoopbackListener::read(QTcpSocket* socket)
{
    LoopbackExpectation expected;
    expected.host = m_host;
    expected.port = port();
    expected.path = m_path;
    expected.state = m_state;
    const LoopbackVerdict verdict = judgeLoopbackRequest(socket->peek(mostBytes), expected);
    if (verdict.status == 0 || m_redirect)
        return; // the rest is to come, or is not wanted any more
    disconnect(socket, &QTcpSocket::readyRead, this, nullptr);
    socket->readAll();
    answer(socket, verdict);
}

void LoopbackListener::answer(QTcpSocket* socket, const LoopbackVerdict& verdict)
{
    if (verdict.redirect) {
        m_redirect = verdict.redirect;
        m_v4.close();
        m_v6.close();
        // Not before the page is out: the listener dies soon after.
        connect(socket, &QTcpSocket::disconnected, this, [ending = m_ending] { ending->finish(End::Came); });
        QTimer::singleShot(lastPage, this, [ending = m_ending] { ending->finish(End::Came); });
    } else {
        ++m_turnedAway;
    }
    socket->write(loopbackAnswer(verdict));
    socket->disconnectFromHost();
}

QCoro::Task<Expected<Redirect>> LoopbackListener::wait(
    std::chrono::milliseconds patience, std::stop_token token)
{
    const auto ending = m_ending;
    QTimer timer;
    timer.setSingleShot(true);
    connect(&timer, &QTimer::timeout, &timer, [ending] { ending->finish(End::Late); });
    timer.start(patience);
    std::stop_callback onStop(token, [ending] { ending->finish(End::Stopped); });
    QFuture<End> future = ending->future();
    const End end = co_await future;
    m_v4.close();
    m_v6.close();
    if (end == End::Stopped)
        co_return fail(ErrorCode::Cancelled, {}, origin);
    if (!m_redirect) {
        QString why = u"nobody came back from the browser within %1 seconds"_s.arg(patience.count() / 1000);
        if (m_turnedAway > 0)
            why += u"; %1 requests that did not belong to this sign-in were turned away"_s.arg(m_turnedAway);
        co_return fail(ErrorCode::Timeout, why, origin);
    }
    co_return Redirect(*m_redirect);
}

} // namespace postern::identity

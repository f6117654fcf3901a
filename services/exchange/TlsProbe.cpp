#include "services/exchange/TlsProbe.h"

#include <QCoroFuture>
#include <QHostInfo>
#include <QPromise>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTimer>
#include <atomic>

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

// Ends a wait once, from whichever signal comes first.
struct Wait
{
    Wait() { promise.start(); }
    void finish(bool ok)
    {
        if (over.test_and_set())
            return;
        promise.addResult(ok);
        promise.finish();
    }
    QPromise<bool> promise;
    std::atomic_flag over;
};

ErrorCode codeOf(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::HostNotFoundError:
        return ErrorCode::HostNotFound;
    case QAbstractSocket::ConnectionRefusedError:
        return ErrorCode::ConnectionRefused;
    case QAbstractSocket::SocketTimeoutError:
        return ErrorCode::Timeout;
    default:
        return ErrorCode::ConnectionLost;
    }
}

void configure(QSslSocket& socket, const QList<QSslCertificate>& authorities)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    if (!authorities.isEmpty())
        configuration.setCaCertificates(authorities);
    socket.setSslConfiguration(configuration);
}

QString protocolName(QSsl::SslProtocol protocol)
{
    switch (protocol) {
    case QSsl::TlsV1_2:
        return u"TLS 1.2"_s;
    case QSsl::TlsV1_3:
        return u"TLS 1.3"_s;
    default:
        return u"TLS"_s;
    }
}

} // namespace

QCoro::Task<Expected<QList<QHostAddress>>> resolveHost(QString host, std::stop_token token)
{
    auto wait = std::make_shared<Wait>();
    auto found = std::make_shared<QHostInfo>();
    QObject context;
    const int lookup = QHostInfo::lookupHost(host, &context, [wait, found](const QHostInfo& info) {
        *found = info;
        wait->finish(true);
    });
    std::stop_callback onStop(token, [wait] { wait->finish(false); });
    QFuture<bool> future = wait->promise.future();
    const bool answered = co_await future;
    if (!answered) {
        QHostInfo::abortHostLookup(lookup);
        co_return fail(ErrorCode::Cancelled, {}, host);
    }
    if (found->error() != QHostInfo::NoError)
        co_return fail(ErrorCode::HostNotFound, found->errorString(), host);
    co_return found->addresses();
}

QCoro::Task<Expected<TlsFacts>> probeTls(QString host, quint16 port, QList<QSslCertificate> authorities,
    std::chrono::milliseconds deadline, std::stop_token token)
{
    const QString origin = u"%1:%2"_s.arg(host).arg(port);
    QSslSocket socket;
    configure(socket, authorities);
    auto wait = std::make_shared<Wait>();
    TlsFacts facts;
    TlsFacts* const seen = &facts;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&socket, &QSslSocket::sslErrors, &socket,
        [seen](const QList<QSslError>& errors) { seen->errors = errors; });
    QObject::connect(&socket, &QSslSocket::encrypted, &socket, [wait] { wait->finish(true); });
    QObject::connect(&socket, &QSslSocket::errorOccurred, &socket, [wait] { wait->finish(true); });
    QObject::connect(&timer, &QTimer::timeout, &socket, [wait] { wait->finish(false); });
    std::stop_callback onStop(token, [wait] { wait->finish(false); });
    timer.start(deadline);
    socket.connectToHostEncrypted(host, port);
    QFuture<bool> future = wait->promise.future();
    const bool ended = co_await future;
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, origin);
    if (!ended)
        co_return fail(ErrorCode::Timeout, {}, origin);
    facts.chain = socket.peerCertificateChain();
    facts.handshakeDone = socket.isEncrypted();
    facts.protocol = protocolName(socket.sessionProtocol());
    if (!facts.handshakeDone && facts.errors.isEmpty()) {
        if (socket.error() != QAbstractSocket::SslHandshakeFailedError)
            co_return fail(codeOf(socket.error()), socket.errorString(), origin);
        facts.failure = socket.errorString();
    }
    socket.disconnect();
    socket.abort();
    co_return facts;
}

} // namespace postern::exchange

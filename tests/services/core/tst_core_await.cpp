// awaitReply over real sockets and TLS: every way an answer can come, be late, be cut, be too large, be
// refused.
#include <QNetworkAccessManager>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QTest>
#include <QTimer>
#include <thread>

#include "services/core/Await.h"
#include "tests/support/RunTask.h"
#include "tests/support/TlsFixture.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::core;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {
TestCertificates& certificates()
{
    static TestCertificates made;
    return made;
}
} // namespace

class TestAwait : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void triggers();
    void everyStatusIsAValue_data();
    void everyStatusIsAValue();
    void doesNotBlockTheLoop();
    void deadline();
    void stops_data();
    void stops();
    void stopAfterTheAnswer();
    void bodyTooLarge_data();
    void bodyTooLarge();
    void withoutContentLength();
    void brokenAnswers_data();
    void brokenAnswers();
    void nobodyListens();
    void unknownHost();
    void badCertificates_data();
    void badCertificates();
    void retryAfter_data();
    void retryAfter();

private:
    ReplyPointer send(const QUrl& url);
    RunningTask<Expected<HttpAnswer>> get(
        std::chrono::milliseconds deadline = 10s, qint64 maxBody = 1'000'000, std::stop_token token = {})
    {
        return runTask(awaitReply(send(m_server->url()), deadline, maxBody, token));
    }
    QNetworkAccessManager m_network;
    std::unique_ptr<TlsFixture> m_server;
};

void TestAwait::initTestCase()
{
    if (!certificates().make())
        QSKIP("there is no openssl command to make certificates with");
}

void TestAwait::init()
{
    m_server = std::make_unique<TlsFixture>();
    QVERIFY(m_server->listen(certificates().server(u"good"_s)));
}

ReplyPointer TestAwait::send(const QUrl& url)
{
    QNetworkRequest request(url);
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setCaCertificates(certificates().authority());
    request.setSslConfiguration(tls);
    request.setTransferTimeout(20'000);
    request.setRawHeader("Authorization", "Basic c2VjcmV0");
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    return ReplyPointer(m_network.get(request));
}

void TestAwait::triggers()
{
    m_server->setAnswer([](QSslSocket* socket, const QByteArray&) {
        socket->write(TlsFixture::http(200, "hello", "X-A: b\r\n"));
    });
    auto got = get();
    auto* answer = got.wait();
    QVERIFY(answer);
    QVERIFY2(*answer, *answer ? "" : qPrintable(answer->error().toLogText()));
    QCOMPARE((*answer)->status, 200);
    QCOMPARE((*answer)->body, QByteArray("hello"));
    QCOMPARE((*answer)->header("x-a"), QByteArray("b"));
}

void TestAwait::everyStatusIsAValue_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {201, 302, 400, 401, 403, 404, 429, 500, 503})
        QTest::addRow("%d", status) << status;
}

void TestAwait::everyStatusIsAValue()
{
    QFETCH(int, status);
    m_server->setAnswer([status](QSslSocket* socket, const QByteArray&) {
        socket->write(TlsFixture::http(status, "the body", "Location: https://other/\r\n"));
    });
    auto got = get();
    auto* answer = got.wait();
    QVERIFY(answer && *answer);
    QCOMPARE((*answer)->status, status);
    QCOMPARE((*answer)->body, QByteArray("the body"));
}

void TestAwait::doesNotBlockTheLoop()
{
    int ticks = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&ticks] { ++ticks; });
    timer.start(5);
    m_server->setAnswer([](QSslSocket* socket, const QByteArray&) {
        QTimer::singleShot(150, socket, [socket] { socket->write(TlsFixture::http(200, "late")); });
    });
    auto got = get();
    QVERIFY(got.wait() && *got.wait());
    QVERIFY(ticks >= 10);
}

void TestAwait::deadline()
{
    m_server->setAnswer([](QSslSocket* socket, const QByteArray&) {
        socket->write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    });
    auto got = get(300ms);
    auto* answer = got.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::Timeout));
}

void TestAwait::stops_data()
{
    QTest::addColumn<int>("when");
    QTest::newRow("before") << 0;
    QTest::newRow("in flight") << 1;
    QTest::newRow("from another thread") << 2;
    QTest::newRow("in the middle of the body") << 3;
}

void TestAwait::stops()
{
    QFETCH(int, when);
    if (when == 3)
        m_server->setAnswer([](QSslSocket* socket, const QByteArray&) {
            socket->write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        });
    std::stop_source stop;
    if (when == 0)
        stop.request_stop();
    auto got = get(30s, 1'000'000, stop.get_token());
    if (when > 0)
        QTRY_COMPARE(m_server->requests(), 1);
    std::thread other;
    if (when == 2)
        other = std::thread([&stop] { stop.request_stop(); });
    else
        stop.request_stop();
    auto* answer = got.wait();
    if (other.joinable())
        other.join();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::Cancelled));
}

void TestAwait::stopAfterTheAnswer()
{
    m_server->setAnswer(
        [](QSslSocket* socket, const QByteArray&) { socket->write(TlsFixture::http(200, "x")); });
    std::stop_source stop;
    auto got = get(10s, 1'000'000, stop.get_token());
    QVERIFY(got.wait() && *got.wait());
    stop.request_stop(); // nothing is connected any more
    auto next = get();
    QVERIFY(next.wait() && *next.wait()); // the loop ran, and the network is as good as before
    QCOMPARE((*got.wait())->body, QByteArray("x"));
}

void TestAwait::bodyTooLarge_data()
{
    QTest::addColumn<bool>("announced");
    QTest::newRow("with Content-Length") << true;
    QTest::newRow("without") << false;
}

void TestAwait::bodyTooLarge()
{
    QFETCH(bool, announced);
    m_server->setAnswer([announced](QSslSocket* socket, const QByteArray&) {
        const QByteArray body(3'000'000, 'x');
        socket->write(
            announced ? TlsFixture::http(200, body) : "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body);
    });
    auto got = get(20s, 100'000);
    auto* answer = got.wait(20'000);
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::LimitExceeded));
}

void TestAwait::withoutContentLength()
{
    m_server->setAnswer([](QSslSocket* socket, const QByteArray&) {
        socket->write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end");
        socket->disconnectFromHost();
    });
    auto got = get();
    auto* answer = got.wait();
    QVERIFY(answer && *answer);
    QCOMPARE((*answer)->body, QByteArray("until the end"));
}

void TestAwait::brokenAnswers_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("truncated") << 0;
    QTest::newRow("reset in the body") << 1;
    QTest::newRow("reset before the answer") << 2;
    QTest::newRow("closed before the answer") << 3;
    QTest::newRow("chunk is cut") << 4;
}

void TestAwait::brokenAnswers()
{
    QFETCH(int, kind);
    m_server->setAnswer([kind](QSslSocket* socket, const QByteArray&) {
        if (kind < 2)
            socket->write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this");
        if (kind == 4)
            socket->write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nonly this");
        socket->flush();
        if (kind == 0 || kind == 3 || kind == 4)
            socket->disconnectFromHost();
        else
            QTimer::singleShot(20, socket, [socket] { socket->abort(); });
    });
    auto got = get();
    auto* answer = got.wait(20'000);
    QVERIFY(answer);
    QVERIFY(!*answer);
    QVERIFY2(
        answer->error().code == ErrorCode::ConnectionLost || answer->error().code == ErrorCode::TlsFailed,
        qPrintable(answer->error().toLogText()));
}

void TestAwait::nobodyListens()
{
    QTcpServer placeholder;
    QVERIFY(placeholder.listen(QHostAddress::LocalHost));
    const quint16 port = placeholder.serverPort();
    placeholder.close();
    auto got = runTask(awaitReply(send(QUrl(u"https://localhost:%1/"_s.arg(port))), 10s, 1000, {}));
    auto* answer = got.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::ConnectionRefused));
}

void TestAwait::unknownHost()
{
    auto got = runTask(awaitReply(send(QUrl(u"https://no-such-host.invalid/"_s)), 10s, 1000, {}));
    auto* answer = got.wait(15'000);
    QVERIFY(answer && !*answer);
    QVERIFY2(answer->error().code == ErrorCode::HostNotFound || answer->error().code == ErrorCode::Timeout,
        qPrintable(answer->error().toLogText()));
}

void TestAwait::badCertificates_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("code");
    QTest::newRow("expired") << u"expired"_s << int(ErrorCode::CertificateExpired);
    QTest::newRow("wrong host") << u"wronghost"_s << int(ErrorCode::CertificateWrongHost);
    QTest::newRow("self-signed") << u"selfsigned"_s << -1;
    QTest::newRow("unknown authority") << u"unknown"_s << int(ErrorCode::CertificateUntrusted);
}

void TestAwait::badCertificates()
{
    QFETCH(QString, kind);
    QFETCH(int, code);
    m_server = std::make_unique<TlsFixture>();
    QVERIFY(m_server->listen(certificates().server(kind)));
    auto got = get();
    auto* answer = got.wait();
    QVERIFY(answer && !*answer);
    if (code >= 0)
        QCOMPARE(int(answer->error().code), code);
    else // its name is wrong as well
        QVERIFY(answer->error().code == ErrorCode::CertificateUntrusted
            || answer->error().code == ErrorCode::CertificateWrongHost);
    QVERIFY(!answer->error().detail.isEmpty());
    QCOMPARE(m_server->received(), QByteArray()); // no credential, not even a request line
}

void TestAwait::retryAfter_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("seconds") << QByteArray("120") << qint64(120'000);
    QTest::newRow("date") << QByteArray("Sun, 06 Nov 1994 08:49:40 GMT") << qint64(3'000);
    QTest::newRow("past") << QByteArray("Sun, 06 Nov 1994 08:00:00 GMT") << qint64(0);
    QTest::newRow("negative") << QByteArray("-5") << qint64(0);
    QTest::newRow("a week is cut to a day") << QByteArray("604800") << qint64(86'400'000);
    QTest::newRow("nonsense") << QByteArray("later") << qint64(-1);
    QTest::newRow("absent") << QByteArray() << qint64(-1);
}

void TestAwait::retryAfter()
{
    QFETCH(QByteArray, header);
    QFETCH(qint64, expected);
    HttpAnswer answer;
    if (!header.isEmpty())
        answer.headers.append(QNetworkReply::RawHeaderPair("retry-after", header));
    const auto time = answer.retryAfter(QDateTime(QDate(1994, 11, 6), QTime(8, 49, 37), Qt::UTC));
    QCOMPARE(time ? qint64(time->count()) : qint64(-1), expected);
}

QTEST_GUILESS_MAIN(TestAwait)
#include "tst_core_await.moc"

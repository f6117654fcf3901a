// The loopback listener: the one redirect that is ours, and everything else that may come in on an open port.
#include <QTcpSocket>
#include <QTest>
#include <thread>

#include "services/identity/LoopbackListener.h"
#include "services/identity/LoopbackRequest.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::identity;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

QByteArray get(const QByteArray& target, const QByteArray& host)
{
    return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: browser\r\n\r\n";
}

// A browser: sends these bytes, keeps what comes back.
class Browser
{
public:
    explicit Browser(quint16 port, QHostAddress to = QHostAddress(QHostAddress::LocalHost))
    {
        m_socket.connectToHost(to, port);
    }
    bool connected()
    {
        return QTest::qWaitFor([this] { return m_socket.state() == QTcpSocket::ConnectedState; });
    }
    void send(const QByteArray& bytes) { m_socket.write(bytes); }
    bool closed(int milliseconds = 5'000)
    {
        return QTest::qWaitFor(
            [this] { return m_socket.state() == QTcpSocket::UnconnectedState; }, milliseconds);
    }
    QByteArray page() { return m_socket.readAll(); }

private:
    QTcpSocket m_socket;
};

} // namespace

class TestLoopback : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void verdicts_data();
    void verdicts();
    void incompleteIsNoVerdict();
    void pagesHoldNothingForeign();
    void takesTheCode();
    void inPieces();
    void takesAnError();
    void onIpv6();
    void redirectUris();
    void strangersChangeNothing();
    void onlyOnce();
    void tooManyConnections();
    void aSilentConnectionDoesNotMatter();
    void aReaderWhoLeaves();
    void patienceEnds();
    void stops_data();
    void stops();
    void stopsFromAnotherThread();

private:
    [[nodiscard]] QByteArray host() const { return "localhost:" + QByteArray::number(m_listener->port()); }
    [[nodiscard]] QByteArray ours() const { return get("/?code=the-code&state=the-state", host()); }
    std::unique_ptr<LoopbackListener> m_listener;
};

void TestLoopback::init()
{
    m_listener = std::make_unique<LoopbackListener>(u"localhost"_s, QString(), u"the-state"_s);
    const auto listening = m_listener->listen();
    QVERIFY2(listening, listening ? "" : qPrintable(listening.error().toLogText()));
}

void TestLoopback::verdicts_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const QByteArray h = "localhost:1234";
    QTest::newRow("ours") << get("/?code=the-code&state=s", h) << 200;
    QTest::newRow("more parameters") << get("/?session_state=x&code=the-code&state=s&", h) << 200;
    QTest::newRow("encoded") << get("/?code=the%2Dcode&st%61te=s", h) << 200;
    QTest::newRow("host in capitals") << get("/?code=the-code&state=s", "LOCALHOST:1234") << 200;
    QTest::newRow("HTTP 1.0") << "GET /?code=the-code&state=s HTTP/1.0\r\nhost:localhost:1234\r\n\r\n"_ba
                              << 200;
    QTest::newRow("no state") << get("/?code=the-code", h) << 400;
    QTest::newRow("empty state") << get("/?code=the-code&state=", h) << 400;
    QTest::newRow("other state") << get("/?code=the-code&state=t", h) << 400;
    QTest::newRow("longer state") << get("/?code=the-code&state=ss", h) << 400;
    QTest::newRow("state twice") << get("/?code=the-code&state=t&state=s", h) << 400;
    QTest::newRow("code twice") << get("/?code=a&code=b&state=s", h) << 400;
    QTest::newRow("neither code nor error") << get("/?state=s", h) << 400;
    QTest::newRow("code and error") << get("/?code=a&error=b&state=s", h) << 400;
    QTest::newRow("empty code") << get("/?code=&state=s", h) << 400;
    QTest::newRow("no query") << get("/", h) << 400;
    QTest::newRow("favicon") << get("/favicon.ico", h) << 404;
    QTest::newRow("other path") << get("/x?code=the-code&state=s", h) << 404;
    QTest::newRow("POST") << "POST /?code=the-code&state=s HTTP/1.1\r\nHost: localhost:1234\r\n\r\n"_ba
                          << 405;
    QTest::newRow("HEAD") << "HEAD /?code=the-code&state=s HTTP/1.1\r\nHost: localhost:1234\r\n\r\n"_ba
                          << 405;
    QTest::newRow("other host") << get("/?code=the-code&state=s", "evil.example:1234") << 400;
    QTest::newRow("other port") << get("/?code=the-code&state=s", "localhost:1235") << 400;
    QTest::newRow("no port") << get("/?code=the-code&state=s", "localhost") << 400;
    QTest::newRow("no host") << "GET /?code=the-code&state=s HTTP/1.1\r\n\r\n"_ba << 400;
    QTest::newRow("two hosts")
        << "GET /?code=the-code&state=s HTTP/1.1\r\nHost: localhost:1234\r\nHost: x\r\n\r\n"_ba << 400;
    QTest::newRow("absolute target") << get("http://localhost:1234/?code=the-code&state=s", h) << 400;
    QTest::newRow("HTTP/2") << "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"_ba << 400;
    QTest::newRow("TLS hello") << "\x16\x03\x01\x02\x00\x01\r\n\r\n"_ba << 400;
    QTest::newRow("empty") << "\r\n\r\n"_ba << 400;
    QTest::newRow("zeroes") << QByteArray(100, '\0') + "\r\n\r\n" << 400;
    QTest::newRow("too long") << "GET /?code=" + QByteArray(40'000, 'a') << 431;
    QTest::newRow("too long but whole") << get("/?state=s&code=" + QByteArray(40'000, 'a'), h) << 431;
    QTest::newRow("bad percent") << get("/?code=%zz&state=%", h) << 400;
}

void TestLoopback::verdicts()
{
    QFETCH(QByteArray, request);
    LoopbackExpectation expected;
    expected.host = u"localhost"_s;
    expected.port = 1234;
    expected.state = u"s"_s;
    const LoopbackVerdict verdict = judgeLoopbackRequest(request, expected);
    QTEST(verdict.status, "status");
    QCOMPARE(verdict.redirect.has_value(), verdict.status == 200);
    if (verdict.redirect)
        QCOMPARE(verdict.redirect->code, u"the-code"_s);
    expected.state.clear();
    QVERIFY2(!judgeLoopbackRequest(request, expected).redirect, "without a state nothing is ours");
}

void TestLoopback::incompleteIsNoVerdict()
{
    LoopbackExpectation expected;
    expected.host = u"127.0.0.1"_s;
    expected.port = 80;
    expected.path = u"/callback"_s;
    expected.state = u"s"_s;
    const QByteArray whole = get("/callback?code=the-code&state=s", "127.0.0.1:80");
    for (qsizetype size = 0; size < whole.size(); ++size)
        QCOMPARE(judgeLoopbackRequest(whole.first(size), expected).status, 0);
    QCOMPARE(judgeLoopbackRequest(whole, expected).status, 200);
    QCOMPARE(
        judgeLoopbackRequest(get("/Callback?code=the-code&state=s", "127.0.0.1:80"), expected).status, 404);
    QCOMPARE(
        judgeLoopbackRequest(get("/callback/?code=the-code&state=s", "127.0.0.1:80"), expected).status, 404);
}

void TestLoopback::pagesHoldNothingForeign()
{
    LoopbackExpectation expected;
    expected.host = u"localhost"_s;
    expected.port = 1;
    expected.state = u"s"_s;
    const QByteArray request
        = get("/?error=access_denied&error_description=<script>x</script>&state=s", "localhost:1");
    const LoopbackVerdict verdict = judgeLoopbackRequest(request, expected);
    QVERIFY(verdict.redirect && verdict.redirect->error);
    const QByteArray answer = loopbackAnswer(verdict);
    QVERIFY(answer.startsWith("HTTP/1.1 200 OK\r\n"));
    QVERIFY(!answer.contains("script") && !answer.contains("access_denied"));
    QVERIFY(answer.contains("Cache-Control: no-store") && answer.contains("default-src 'none'"));
    const qsizetype end = answer.indexOf("\r\n\r\n");
    QVERIFY(answer.contains("Content-Length: " + QByteArray::number(answer.size() - end - 4) + "\r\n"));
    LoopbackVerdict refused;
    refused.status = 404;
    QVERIFY(loopbackAnswer(refused).startsWith("HTTP/1.1 404 Not Found\r\n"));
}

void TestLoopback::takesTheCode()
{
    auto waiting = runTask(m_listener->wait(10s, {}));
    Browser browser(m_listener->port());
    browser.send(ours());
    auto* redirect = waiting.wait();
    QVERIFY(redirect && *redirect);
    QCOMPARE((*redirect)->code, u"the-code"_s);
    QVERIFY(!(*redirect)->error);
    QVERIFY(browser.closed());
    const QByteArray page = browser.page();
    QVERIFY2(page.startsWith("HTTP/1.1 200 OK") && page.endsWith("</html>\n"), page.constData());
}

void TestLoopback::inPieces()
{
    auto waiting = runTask(m_listener->wait(10s, {}));
    Browser browser(m_listener->port());
    QVERIFY(browser.connected());
    for (const char byte : ours()) {
        browser.send(QByteArray(1, byte));
        QCoreApplication::processEvents();
    }
    auto* redirect = waiting.wait();
    QVERIFY(redirect && *redirect);
}

void TestLoopback::takesAnError()
{
    auto waiting = runTask(m_listener->wait(10s, {}));
    Browser browser(m_listener->port());
    browser.send(
        get("/?error=access_denied&error_description=AADSTS65004%3a+User+declined&state=the-state", host()));
    auto* redirect = waiting.wait();
    QVERIFY(redirect && *redirect && (*redirect)->error);
    QCOMPARE((*redirect)->error->error, u"access_denied"_s);
    QCOMPARE((*redirect)->error->number, 65004);
    QCOMPARE((*redirect)->error->description, u"AADSTS65004: User declined"_s);
    QVERIFY(browser.closed());
}

// Some browsers try ::1 first for localhost.
void TestLoopback::onIpv6()
{
    QTcpServer probe;
    if (!probe.listen(QHostAddress(QHostAddress::LocalHostIPv6), 0))
        QSKIP("no IPv6 on this machine");
    auto waiting = runTask(m_listener->wait(10s, {}));
    Browser browser(m_listener->port(), QHostAddress(QHostAddress::LocalHostIPv6));
    browser.send(ours());
    auto* redirect = waiting.wait();
    QVERIFY(redirect && *redirect);
}

void TestLoopback::redirectUris()
{
    QCOMPARE(m_listener->redirectUri(), u"http://localhost:%1"_s.arg(m_listener->port()));
    LoopbackListener other(u"127.0.0.1"_s, u"/callback"_s, u"s"_s);
    QVERIFY(other.listen());
    QVERIFY(other.port() != 0 && other.port() != m_listener->port());
    QCOMPARE(other.redirectUri(), u"http://127.0.0.1:%1/callback"_s.arg(other.port()));
}

void TestLoopback::strangersChangeNothing()
{
    auto waiting = runTask(m_listener->wait(20s, {}));
    const QByteArrayList strange{get("/favicon.ico", host()), get("/?code=evil&state=wrong", host()),
        get("/?code=evil&state=the-state", "evil.example"), "\x16\x03\x01garbage\r\n\r\n",
        "GET /?" + QByteArray(60'000, 'a')};
    for (const QByteArray& request : strange) {
        Browser stranger(m_listener->port());
        stranger.send(request);
        QVERIFY(stranger.closed());
        QVERIFY(stranger.page().startsWith("HTTP/1.1 4"));
        QVERIFY(!waiting.done());
    }
    QCOMPARE(m_listener->turnedAway(), int(strange.size()));
    Browser browser(m_listener->port());
    browser.send(ours());
    auto* redirect = waiting.wait();
    QVERIFY(redirect && *redirect);
    QCOMPARE((*redirect)->code, u"the-code"_s);
}

void TestLoopback::onlyOnce()
{
    auto waiting = runTask(m_listener->wait(10s, {}));
    Browser early(m_listener->port()); // connected before, asks after
    QVERIFY(early.connected());
    Browser browser(m_listener->port());
    browser.send(ours());
    QVERIFY(waiting.wait());
    early.send(get("/?code=second&state=the-state", host()));
    QCOMPARE((*waiting.wait())->code, u"the-code"_s);
    Browser late(m_listener->port());
    QVERIFY2(late.closed(), "nobody listens any more");
    QCOMPARE(late.page(), QByteArray());
}

void TestLoopback::tooManyConnections()
{
    auto waiting = runTask(m_listener->wait(20s, {}));
    std::vector<std::unique_ptr<Browser>> many;
    for (int i = 0; i < 40; ++i)
        many.push_back(std::make_unique<Browser>(m_listener->port()));
    QTRY_VERIFY(
        std::count_if(many.begin(), many.end(), [](const auto& one) { return one->closed(0); }) >= 24);
    many.clear();
    // The places of those who left become free again.
    for (int i = 0; i < 20 && !waiting.done(); ++i) {
        Browser browser(m_listener->port());
        browser.send(ours());
        QVERIFY(browser.closed());
    }
    QVERIFY(waiting.wait(3'000));
    QVERIFY(*waiting.wait());
}

void TestLoopback::aSilentConnectionDoesNotMatter()
{
    auto waiting = runTask(m_listener->wait(10s, {}));
    Browser silent(m_listener->port());
    QVERIFY(silent.connected());
    silent.send("GET /?co");
    Browser browser(m_listener->port());
    browser.send(ours());
    auto* redirect = waiting.wait();
    QVERIFY(redirect && *redirect);
    m_listener.reset();
    QVERIFY(silent.closed());
}

void TestLoopback::aReaderWhoLeaves()
{
    auto waiting = runTask(m_listener->wait(10s, {}));
    {
        Browser browser(m_listener->port());
        QVERIFY(browser.connected());
        browser.send(ours());
        QCoreApplication::processEvents();
    } // gone without reading the page
    auto* redirect = waiting.wait();
    QVERIFY(redirect && *redirect);
}

void TestLoopback::patienceEnds()
{
    auto waiting = runTask(m_listener->wait(300ms, {}));
    Browser stranger(m_listener->port());
    stranger.send(get("/?code=evil&state=wrong", host()));
    auto* redirect = waiting.wait();
    QVERIFY(redirect && !*redirect);
    QCOMPARE(redirect->error().code, ErrorCode::Timeout);
    QVERIFY2(redirect->error().detail.contains(u"1 requests"), qPrintable(redirect->error().detail));
}

void TestLoopback::stops_data()
{
    QTest::addColumn<bool>("before");
    QTest::newRow("before") << true;
    QTest::newRow("while waiting") << false;
}

void TestLoopback::stops()
{
    QFETCH(bool, before);
    std::stop_source stop;
    if (before)
        stop.request_stop();
    auto waiting = runTask(m_listener->wait(10s, stop.get_token()));
    stop.request_stop();
    auto* redirect = waiting.wait();
    QVERIFY(redirect && !*redirect);
    QCOMPARE(redirect->error().code, ErrorCode::Cancelled);
    Browser late(m_listener->port());
    QVERIFY(late.closed());
}

void TestLoopback::stopsFromAnotherThread()
{
    std::stop_source stop;
    auto waiting = runTask(m_listener->wait(10s, stop.get_token()));
    std::jthread other([&stop] { stop.request_stop(); });
    auto* redirect = waiting.wait();
    QVERIFY(redirect && !*redirect);
    QCOMPARE(redirect->error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestLoopback)
#include "tst_identity_loopback.moc"

// One HTTP request and its answer: headers, faults, pages that are no SOAP, redirects, sign-in, cancel.
#include <QTest>

#include "services/wsman/Client.h"
#include "tests/support/FakeWire.h"
#include "tests/support/RunTask.h"
#include "tests/support/Soap.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::wsman;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

class FixedClock final : public core::Clock
{
public:
    [[nodiscard]] QDateTime now() const override
    {
        return QDateTime(QDate(2024, 6, 7), QTime(12, 0), Qt::UTC);
    }
};

Endpoint endpoint()
{
    Endpoint e;
    e.url = QUrl(u"https://ex1.contoso.lab/PowerShell/?serializationLevel=Partial"_s);
    e.signIn = SignIn::Basic;
    e.user = u"CONTOSO\\admin"_s;
    e.password = u"pä:ss"_s;
    return e;
}

Operation receive()
{
    return Operations::receive("SHELL", {}, "stdout");
}

} // namespace

class TestClient : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void sendsWhatAServerWants();
    void faultIsAnError();
    void timedOutIsNews();
    void checksRelatesTo();
    void pagesThatAreNoSoap_data();
    void pagesThatAreNoSoap();
    void retryAfter_data();
    void retryAfter();
    void followsOnTheSameHost_data();
    void followsOnTheSameHost();
    void stopsAtAnotherHost_data();
    void stopsAtAnotherHost();
    void neverCircles();
    void refusesBadAddresses_data();
    void refusesBadAddresses();
    void wrongPassword();
    void answersThatRepeatThePassword_data();
    void answersThatRepeatThePassword();
    void cancel_data();
    void cancel();
    void everyRequestHasADeadline();
    void identifies();

private:
    void makeClient(Endpoint e = endpoint());
    std::unique_ptr<Client> m_client;
    FakeWire* wire = nullptr;
    FixedClock m_clock;
};

void TestClient::makeClient(Endpoint e)
{
    auto network = std::make_unique<FakeWire>();
    wire = network.get();
    m_client = std::make_unique<Client>(std::move(e), std::move(network), &m_clock);
}

void TestClient::init()
{
    makeClient();
}

void TestClient::cleanup()
{
    cEmpty();
    m_client.reset();
}

void TestClient::sendsWhatAServerWants()
{
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    const QNetworkRequest& http = wire->current().http;
    QCOMPARE(http.url(), endpoint().url);
    QCOMPARE(http.header(QNetworkRequest::ContentTypeHeader).toByteArray(),
        QByteArray("application/soap+xml;charset=UTF-8"));
    QCOMPARE(http.rawHeader("Accept-Encoding"), QByteArray("identity"));
    QCOMPARE(http.rawHeader("Authorization"), "Basic " + u"CONTOSO\\admin:pä:ss"_s.toUtf8().toBase64());
    QCOMPARE(http.attribute(QNetworkRequest::RedirectPolicyAttribute).toInt(),
        int(QNetworkRequest::ManualRedirectPolicy));
    QCOMPARE(http.sslConfiguration().peerVerifyMode(), QSslSocket::VerifyPeer);
    QCOMPARE(http.sslConfiguration().protocol(), QSsl::TlsV1_2OrLater);
    QVERIFY(wire->current().body.contains(
        "<a:To>https://ex1.contoso.lab/PowerShell/?serializationLevel=Partial</a:To>"));
    cServer(Soap::received(wire->current(), {"abc"}));
    auto* answer = call.wait();
    QVERIFY(answer && *answer);
    QCOMPARE((*answer)->streams.size(), size_t(1));
    QCOMPARE(m_client->signInMethod(), u"Basic"_s);
}

void TestClient::faultIsAnError()
{
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    cServer(Soap::fault(wire->current(), 2150859173, "QuotaLimit",
        "This user is allowed a maximum (number) of 18 concurrent shells, which has been exceeded."));
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::TooManySessions));
    QVERIFY(answer->error().detail.contains(u"18 concurrent shells"_s));
    QCOMPARE(answer->error().origin, u"Receive on https://ex1.contoso.lab/PowerShell/"_s);
}

void TestClient::timedOutIsNews()
{
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    cServer(Soap::timedOut(wire->current()));
    auto* answer = call.wait();
    QVERIFY(answer && *answer);
    QVERIFY((*answer)->timedOut);

    // Of any other operation it is an error.
    auto other = runTask(m_client->call(Operations::remove("SHELL"), {}));
    cClient("Delete");
    cServer(Soap::timedOut(wire->current()));
    auto* refused = other.wait();
    QVERIFY(refused && !*refused);
    QCOMPARE(int(refused->error().code), int(ErrorCode::Timeout));
}

void TestClient::checksRelatesTo()
{
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    SeenRequest other = wire->current();
    other.messageId = "uuid:00000000-0000-0000-0000-000000000000";
    cServer(Soap::received(other, {"abc"}));
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::Malformed));
}

void TestClient::pagesThatAreNoSoap_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("contains");
    const QByteArray page = "<!DOCTYPE html><html><head><title>Service &amp; "
                            "such</title><style>p{}</style></head><body><p>Sorry.</p></body></html>";
    QTest::newRow("page as 200") << 200 << page << int(ErrorCode::Malformed) << u"instead of SOAP"_s;
    QTest::newRow("page as 500") << 500 << page << int(ErrorCode::Internal) << u"HTTP 500"_s;
    QTest::newRow("page as 503") << 503 << page << int(ErrorCode::ServerBusy) << u"HTTP 503"_s;
    QTest::newRow("empty 503") << 503 << QByteArray() << int(ErrorCode::ServerBusy) << u"HTTP 503"_s;
    QTest::newRow("429") << 429 << QByteArray("slow down") << int(ErrorCode::ServerBusy) << u"slow down"_s;
    QTest::newRow("404") << 404 << page << int(ErrorCode::NotFound) << u"HTTP 404"_s;
    QTest::newRow("403") << 403 << QByteArray() << int(ErrorCode::AccessDenied) << u"HTTP 403"_s;
    QTest::newRow("502") << 502 << QByteArray() << int(ErrorCode::ConnectionLost) << u"HTTP 502"_s;
    QTest::newRow("empty 200") << 200 << QByteArray() << int(ErrorCode::Malformed) << u"empty body"_s;
    QTest::newRow("cut SOAP") << 200
                              << QByteArray(
                                     "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Bo")
                              << int(ErrorCode::Malformed) << u"offset"_s;
    QTest::newRow("SOAP without fault as 500")
        << 500 << Soap::envelope("x", "uuid:1", "") << int(ErrorCode::Malformed) << u"relates"_s;
}

void TestClient::pagesThatAreNoSoap()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, code);
    QFETCH(QString, contains);
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    cServer(FakeAnswer(body, status));
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), code);
    QVERIFY2(answer->error().detail.contains(contains), qPrintable(answer->error().detail));
    QVERIFY(answer->error().detail.size() < 400);
}

void TestClient::retryAfter_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("seconds") << QByteArray("7") << qint64(7'000);
    QTest::newRow("a date") << QByteArray("Fri, 07 Jun 2024 12:00:30 GMT") << qint64(30'000);
    QTest::newRow("a past date") << QByteArray("Fri, 07 Jun 2024 11:00:00 GMT") << qint64(0);
    QTest::newRow("nonsense") << QByteArray("soon") << qint64(-1);
}

void TestClient::retryAfter()
{
    QFETCH(QByteArray, header);
    QFETCH(qint64, expected);
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    FakeAnswer busy(QByteArray(), 503);
    busy.with("Retry-After", header);
    cServer(busy);
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().retryAfter ? qint64(answer->error().retryAfter->count()) : qint64(-1), expected);
}

void TestClient::followsOnTheSameHost_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {301, 302, 307, 308, 500})
        QTest::addRow("%d", status) << status;
}

void TestClient::followsOnTheSameHost()
{
    QFETCH(int, status);
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    const QByteArray target = "https://ex1.contoso.lab/PowerShell-LiveID/?x=1";
    if (status == 500) {
        cServer(Soap::fault(wire->current(), 2150859161, "EndpointUnavailable", "Use " + target + " please"));
    } else {
        FakeAnswer moved(QByteArray(), status);
        moved.with("Location", target);
        cServer(moved);
    }
    cClient("Receive");
    QCOMPARE(wire->current().http.url(), QUrl(QString::fromLatin1(target)));
    QVERIFY(wire->current().body.contains("<a:To>" + target + "</a:To>"));
    QVERIFY(!wire->current().http.rawHeader("Authorization").isEmpty());
    cServer(Soap::received(wire->current(), {}));
    auto* answer = call.wait();
    QVERIFY(answer && *answer);
    // And stays there.
    auto next = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    QCOMPARE(wire->current().http.url(), QUrl(QString::fromLatin1(target)));
    cServer(Soap::received(wire->current(), {}));
    QVERIFY(next.wait());
}

void TestClient::stopsAtAnotherHost_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("another host") << QByteArray("https://evil.example/PowerShell/");
    QTest::newRow("plain http") << QByteArray("http://ex1.contoso.lab/PowerShell/");
    QTest::newRow("no target") << QByteArray();
    QTest::newRow("a suffix that looks like ours") << QByteArray("https://ex1.contoso.lab.evil.example/");
    QTest::newRow("a user part that looks like ours") << QByteArray("https://ex1.contoso.lab@evil.example/");
}

void TestClient::stopsAtAnotherHost()
{
    QFETCH(QByteArray, target);
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    FakeAnswer moved(QByteArray(), 302);
    if (!target.isEmpty())
        moved.with("Location", target);
    cServer(moved);
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::Redirected));
    if (!target.isEmpty() && !target.contains('@'))
        QVERIFY2(
            answer->error().detail.contains(QString::fromLatin1(target)), qPrintable(answer->error().detail));
    QCOMPARE(wire->sent(), 1);
}

void TestClient::neverCircles()
{
    auto call = runTask(m_client->call(receive(), {}));
    for (int i = 0; i < 6; ++i) {
        cClient("Receive");
        FakeAnswer moved(QByteArray(), 302);
        moved.with("Location", "/PowerShell/");
        cServer(moved);
    }
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::Redirected));
    QCOMPARE(wire->sent(), 6);
}

void TestClient::refusesBadAddresses_data()
{
    QTest::addColumn<QString>("url");
    QTest::newRow("http") << u"http://ex1.contoso.lab/PowerShell/"_s;
    QTest::newRow("password inside") << u"https://admin:secret@ex1/PowerShell/"_s;
    QTest::newRow("no host") << u"https:///PowerShell/"_s;
    QTest::newRow("file") << u"file:///etc/passwd"_s;
    QTest::newRow("empty") << QString();
}

void TestClient::refusesBadAddresses()
{
    QFETCH(QString, url);
    Endpoint e = endpoint();
    e.url = QUrl(url);
    makeClient(std::move(e));
    auto call = runTask(m_client->call(receive(), {}));
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::InvalidAddress));
    QVERIFY(!answer->error().toLogText().contains(u"secret"_s));
    QCOMPARE(wire->sent(), 0);
}

void TestClient::wrongPassword()
{
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    FakeAnswer refused("<html>401</html>", 401);
    refused.with("WWW-Authenticate", "Basic realm=\"ex1\"");
    cServer(refused);
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::AuthenticationFailed));
    QVERIFY(answer->error().detail.contains(u"CONTOSO\\admin"_s));
    QVERIFY(!answer->error().toLogText().contains(u"pä:ss"_s));
    QCOMPARE(wire->sent(), 1); // never tried again: accounts lock

    auto second = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    FakeAnswer other(QByteArray(), 401);
    other.with("WWW-Authenticate", "Negotiate");
    cServer(other);
    answer = second.wait();
    QVERIFY(answer && !*answer);
    QVERIFY2(answer->error().detail.contains(u"does not accept Basic"_s), qPrintable(answer->error().detail));
}

void TestClient::answersThatRepeatThePassword_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("location");
    const QByteArray header = u"CONTOSO\\admin:pä:ss"_s.toUtf8().toBase64();
    const QByteArray page = "<html><body>you sent " + header + ", which is pä:ss</body></html>";
    QTest::newRow("a page") << 500 << page << QByteArray();
    QTest::newRow("a page as 200") << 200 << page << QByteArray();
    QTest::newRow("a redirect") << 302 << QByteArray() << "https://evil.example/" + header;
    for (int lead = 165; lead < 182; ++lead) // an error shows 200 characters of a page
        QTest::addRow("cut in its middle, %d", lead)
            << 403 << QByteArray(lead, 'x') + ' ' + header << QByteArray();
}

// The password in no spelling, not even its beginning: the error goes to rows, logs and people.
void TestClient::answersThatRepeatThePassword()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, location);
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    FakeAnswer repeats(body, status);
    if (!location.isEmpty())
        repeats.with("Location", location);
    cServer(repeats);
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    const QString text = answer->error().toLogText();
    QVERIFY2(!text.contains(u"pä:"_s), qPrintable(text));
    QVERIFY2(!text.contains(u"ww6"_s), qPrintable(text)); // "pä" in the header's base64
}

void TestClient::cancel_data()
{
    QTest::addColumn<int>("when");
    QTest::newRow("before the start") << 0;
    QTest::newRow("in flight") << 1;
    QTest::newRow("from another thread") << 2;
}

void TestClient::cancel()
{
    QFETCH(int, when);
    std::stop_source stop;
    if (when == 0)
        stop.request_stop();
    auto call = runTask(m_client->call(receive(), stop.get_token()));
    if (when == 1) {
        cClient("Receive");
        stop.request_stop();
    } else if (when == 2) {
        cClient("Receive");
        std::thread([&stop] { stop.request_stop(); }).join();
    }
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::Cancelled));
}

void TestClient::everyRequestHasADeadline()
{
    Endpoint e = endpoint();
    e.operationTimeout = 20s;
    makeClient(std::move(e));
    auto call = runTask(m_client->call(receive(), {}));
    cClient("Receive");
    QCOMPARE(wire->current().http.transferTimeout(), 50'000); // longer than the server holds the poll
    QVERIFY(wire->current().body.contains("<w:OperationTimeout>PT20.000S</w:OperationTimeout>"));
    cServer(Soap::received(wire->current(), {}));
    QVERIFY(call.wait());
}

void TestClient::identifies()
{
    auto identity = runTask(m_client->identify({}));
    cClient("Identify");
    cServer(FakeAnswer(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
        "xmlns:wsmid=\"http://schemas.dmtf.org/wbem/wsman/identify/1/wsmanidentity.xsd\"><s:Header/><s:Body>"
        "<wsmid:IdentifyResponse><wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</"
        "wsmid:ProtocolVersion>"
        "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
        "<wsmid:ProductVersion>OS: 10.0.17763 SP: 0.0 Stack: "
        "3.0</wsmid:ProductVersion></wsmid:IdentifyResponse></s:Body></s:Envelope>"));
    auto* answer = identity.wait();
    QVERIFY(answer && *answer);
    QCOMPARE((*answer)->vendor, u"Microsoft Corporation"_s);
    QVERIFY((*answer)->version.contains(u"Stack: 3.0"_s));
}

QTEST_GUILESS_MAIN(TestClient)
#include "tst_wsman_client.moc"

// The client on real TLS: bad certificates get no credential, connections are reused, nothing is sent twice,
// redirects and challenges do not carry credentials elsewhere, channel bindings.
#include <QCryptographicHash>
#include <QTest>

#include "services/wsman/ChannelBinding.h"
#include "services/wsman/Client.h"
#include "tests/support/RunTask.h"
#include "tests/support/Soap.h"
#include "tests/support/TlsFixture.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::wsman;
using namespace postern::test;

namespace {
TestCertificates& certificates()
{
    static TestCertificates made;
    return made;
}

QByteArray messageIdOf(const QByteArray& request)
{
    const qsizetype from = request.indexOf("<a:MessageID>") + 13;
    return request.mid(from, request.indexOf("</a:MessageID>") - from);
}

QByteArray receiveAnswer(const QByteArray& request)
{
    return TlsFixture::http(200,
        Soap::envelope("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/ReceiveResponse",
            messageIdOf(request), "<rsp:ReceiveResponse/>"));
}
} // namespace

class TestTls : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void badCertificatesGetNothing_data();
    void badCertificatesGetNothing();
    void onlyTheGivenAuthorityIsTrusted();
    void connectionsAreReused();
    void severalAtOnce();
    void nothingIsSentTwice();
    void challengesAreNotAnswered_data();
    void challengesAreNotAnswered();
    void cookiesComeBack();
    void compressedAnswers();
    void channelBindings();

private:
    Endpoint endpoint(SignIn signIn = SignIn::Basic) const;
    std::unique_ptr<TlsFixture> m_server;
};

void TestTls::initTestCase()
{
    if (!certificates().make())
        QSKIP("there is no openssl command to make certificates with");
}

void TestTls::init()
{
    m_server = std::make_unique<TlsFixture>();
    QVERIFY(m_server->listen(certificates().server(u"good"_s)));
}

Endpoint TestTls::endpoint(SignIn signIn) const
{
    Endpoint e;
    e.url = m_server->url(u"/PowerShell/"_s);
    e.signIn = signIn;
    e.user = u"CONTOSO\\canary"_s;
    e.password = u"s3cret-canary"_s;
    e.authorities = certificates().authority();
    e.operationTimeout = std::chrono::seconds(2);
    return e;
}

void TestTls::badCertificatesGetNothing_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("signIn");
    for (const char* kind : {"expired", "wronghost", "selfsigned", "unknown"}) {
        QTest::addRow("%s, Basic", kind) << QString::fromLatin1(kind) << int(SignIn::Basic);
        QTest::addRow("%s, Negotiate", kind) << QString::fromLatin1(kind) << int(SignIn::Negotiate);
    }
}

void TestTls::badCertificatesGetNothing()
{
    QFETCH(QString, kind);
    QFETCH(int, signIn);
    m_server = std::make_unique<TlsFixture>();
    QVERIFY(m_server->listen(certificates().server(kind)));
    Client client(endpoint(SignIn(signIn)));
    auto call = runTask(client.call(Operations::receive("S", {}, "stdout"), {}));
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    const ErrorCode code = answer->error().code;
    QVERIFY2(code == ErrorCode::CertificateExpired || code == ErrorCode::CertificateUntrusted
            || code == ErrorCode::CertificateWrongHost,
        qPrintable(answer->error().toLogText()));
    QCOMPARE(m_server->received(), QByteArray());
}

void TestTls::onlyTheGivenAuthorityIsTrusted()
{
    Endpoint e = endpoint();
    e.authorities.clear(); // the system's do not know ours
    Client client(e);
    auto call = runTask(client.call(Operations::receive("S", {}, "stdout"), {}));
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::CertificateUntrusted));
}

void TestTls::connectionsAreReused()
{
    m_server->setAnswer(
        [](QSslSocket* socket, const QByteArray& request) { socket->write(receiveAnswer(request)); });
    Client client(endpoint());
    for (int i = 0; i < 20; ++i) {
        auto call = runTask(client.call(Operations::receive("S", {}, "stdout"), {}));
        auto* answer = call.wait();
        QVERIFY(answer);
        QVERIFY2(*answer, *answer ? "" : qPrintable(answer->error().toLogText()));
    }
    QCOMPARE(m_server->requests(), 20);
    QCOMPARE(m_server->connections(), 1);
}

void TestTls::severalAtOnce()
{
    QList<QPair<QPointer<QSslSocket>, QByteArray>> held;
    m_server->setAnswer([&held](QSslSocket* socket, const QByteArray& request) {
        held.append({socket, request});
    });
    Client client(endpoint());
    std::vector<RunningTask<Expected<Answer>>> calls;
    for (int i = 0; i < 4; ++i)
        calls.push_back(runTask(client.call(Operations::receive("S", {}, "stdout"), {})));
    QTRY_COMPARE(held.size(), 4); // all wait at the server at the same time
    for (const auto& one : held)
        one.first->write(receiveAnswer(one.second));
    for (auto& call : calls)
        QVERIFY(call.wait() && *call.wait());
}

void TestTls::nothingIsSentTwice()
{
    m_server->setAnswer([](QSslSocket* socket, const QByteArray&) { socket->disconnectFromHost(); });
    Client client(endpoint());
    auto call = runTask(client.call(Operations::command("S", "C", "Set-CASMailbox"), {}));
    auto* answer = call.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::ConnectionLost));
    QCOMPARE(m_server->requests(), 1);
    auto next = runTask(client.call(Operations::command("S", "C", "Set-CASMailbox"), {}));
    QVERIFY(next.wait() && !*next.wait());
    QCOMPARE(m_server->requests(), 2); // nor did a repetition wait behind the first answer
}

void TestTls::challengesAreNotAnswered_data()
{
    QTest::addColumn<QByteArray>("challenge");
    QTest::newRow("Basic") << QByteArray("Basic realm=\"x\"");
    QTest::newRow("Digest") << QByteArray("Digest realm=\"x\", nonce=\"1\"");
    QTest::newRow("Negotiate") << QByteArray("Negotiate");
}

void TestTls::challengesAreNotAnswered()
{
    QFETCH(QByteArray, challenge);
    m_server->setAnswer([challenge](QSslSocket* socket, const QByteArray&) {
        socket->write(TlsFixture::http(401, "no", "WWW-Authenticate: " + challenge + "\r\n"));
    });
    // Signing in by Negotiate with a user, at a server that offers something weaker: no password in any form.
    Client client(endpoint(SignIn::Negotiate));
    auto call = runTask(client.call(Operations::receive("S", {}, "stdout"), {}));
    auto* answer = call.wait(30'000);
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::AuthenticationFailed));
    QVERIFY(!m_server->received().toLower().contains("authorization:"));
    QVERIFY(!m_server->received().contains("canary"));
}

void TestTls::cookiesComeBack()
{
    QByteArrayList cookies;
    m_server->setAnswer([&cookies](QSslSocket* socket, const QByteArray& request) {
        const qsizetype at = request.indexOf("Cookie: ");
        cookies.append(at < 0 ? QByteArray() : request.mid(at + 8, request.indexOf('\r', at) - at - 8));
        QByteArray answer = receiveAnswer(request);
        answer.replace(
            "\r\n\r\n", "\r\nSet-Cookie: X-BackEndCookie=abc; path=/PowerShell; secure; HttpOnly\r\n\r\n");
        socket->write(answer);
    });
    Client client(endpoint());
    for (int i = 0; i < 2; ++i) {
        auto call = runTask(client.call(Operations::receive("S", {}, "stdout"), {}));
        QVERIFY(call.wait() && *call.wait());
    }
    QCOMPARE(cookies, (QByteArrayList{QByteArray(), "X-BackEndCookie=abc"}));
    Client other(endpoint()); // another session has a jar of its own
    auto call = runTask(other.call(Operations::receive("S", {}, "stdout"), {}));
    QVERIFY(call.wait() && *call.wait());
    QCOMPARE(cookies.last(), QByteArray());
}

void TestTls::compressedAnswers()
{
    m_server->setAnswer([](QSslSocket* socket, const QByteArray& request) {
        QByteArray body = receiveAnswer(request);
        body = body.mid(body.indexOf("\r\n\r\n") + 4);
        const QByteArray zlib = qCompress(body).mid(4); // without Qt's length
        socket->write(TlsFixture::http(200, request.contains("deflate") ? zlib : body,
            request.contains("deflate") ? "Content-Encoding: deflate\r\n" : ""));
    });
    for (const bool compress : {false, true}) {
        Endpoint e = endpoint();
        e.compress = compress;
        Client client(e);
        auto call = runTask(client.call(Operations::receive("S", {}, "stdout"), {}));
        auto* answer = call.wait();
        QVERIFY(answer);
        QVERIFY2(*answer, *answer ? "" : qPrintable(answer->error().toLogText()));
        QCOMPARE(m_server->received().contains("identity"), true);
    }
}

void TestTls::channelBindings()
{
    const QSslCertificate certificate = certificates().server(u"good"_s).localCertificate();
    QCOMPARE(channelBinding(certificate),
        "tls-server-end-point:" + QCryptographicHash::hash(certificate.toDer(), QCryptographicHash::Sha256));
    QCOMPARE(channelBinding(QSslCertificate()), QByteArray());
}

QTEST_GUILESS_MAIN(TestTls)
#include "tst_wsman_tls.moc"

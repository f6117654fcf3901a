// Signing in as a person: in a browser (played here, against the real loopback listener) and with a device
// code.
#include <QJsonDocument>
#include <QTcpSocket>
#include <QTest>
#include <QUrlQuery>

#include "services/identity/CodeFlow.h"
#include "services/identity/DeviceCodeFlow.h"
#include "tests/services/identity/FakeEntra.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::identity;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

using Result = Expected<TokenAnswer>;

QString queryValue(const QUrl& url, const QString& name)
{
    return QUrlQuery(url).queryItemValue(name, QUrl::FullyDecoded);
}

// Follows the redirect that Entra would send, as a browser does.
class Browser
{
public:
    void comeBack(const QUrl& authorize, const QByteArray& query)
    {
        const QUrl redirect(queryValue(authorize, u"redirect_uri"_s));
        const QByteArray path = redirect.path().isEmpty() ? QByteArray("/") : redirect.path().toLatin1();
        m_socket->connectToHost(u"127.0.0.1"_s, quint16(redirect.port()));
        m_socket->write("GET " + path + '?' + query + "&state=" + queryValue(authorize, u"state"_s).toLatin1()
            + " HTTP/1.1\r\nHost: " + redirect.authority().toLatin1() + "\r\n\r\n");
    }
    // All of it so far: a test may look more than once.
    QByteArray page() { return m_page += m_socket->readAll(); }

private:
    std::unique_ptr<QTcpSocket> m_socket = std::make_unique<QTcpSocket>();
    QByteArray m_page;
};

QJsonObject signedIn(const QUrl& authorize, const QString& client)
{
    QJsonObject payload;
    payload.insert("nonce"_L1, queryValue(authorize, u"nonce"_s));
    payload.insert("aud"_L1, client);
    QJsonObject tokens = FakeEntra::tokens();
    tokens.insert("id_token"_L1, FakeEntra::jwt(payload));
    return tokens;
}

} // namespace

class TestFlows : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void browser_data();
    void browser();
    void challengeGoesAlong();
    void browserSaysNo_data();
    void browserSaysNo();
    void codeIsRefused();
    void idTokenIsChecked_data();
    void idTokenIsChecked();
    void browserCannotBeOpened();
    void nobodyComesBack();
    void cancelled_data();
    void cancelled();
    void deviceCode();
    void deviceCodeIsRefused_data();
    void deviceCodeIsRefused();
    void deviceCodeAnswers_data();
    void deviceCodeAnswers();
    void polling_data();
    void polling();
    void pollingExpires();
    void pollingStops();

private:
    OpenBrowser answering(const QByteArray& query)
    {
        return [this, query](const QUrl& url) {
            m_opened = url;
            m_browser.comeBack(url, query);
            return Expected<void>();
        };
    }
    RunningTask<Result> signIn(OpenBrowser open, CodeFlowOptions options = {}, std::stop_token token = {})
    {
        return runTask(signInWithBrowser(m_client.get(), std::move(options), std::move(open), token));
    }
    [[nodiscard]] DeviceCode someCode() const;

    FakeEntra m_entra;
    TestTime m_time;
    std::unique_ptr<TokenClient> m_client;
    Browser m_browser;
    QUrl m_opened;
};

void TestFlows::initTestCase()
{
    if (!FakeEntra().start())
        QSKIP("there is no openssl command to make certificates with");
}

void TestFlows::init()
{
    m_entra = FakeEntra();
    m_time = TestTime();
    QVERIFY(m_entra.start());
    m_client = m_entra.client(&m_time);
    m_opened.clear();
    m_browser = Browser();
}

void TestFlows::browser_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("path");
    QTest::newRow("localhost") << u"localhost"_s << QString();
    QTest::newRow("127.0.0.1 with a path") << u"127.0.0.1"_s << u"/callback"_s;
}

void TestFlows::browser()
{
    QFETCH(QString, host);
    QFETCH(QString, path);
    CodeFlowOptions options;
    options.permissions = QStringList{u"User.Read.All"_s};
    options.redirectHost = host;
    options.redirectPath = path;
    m_entra.nextRaw([this](QSslSocket* socket) {
        const QJsonObject tokens = signedIn(m_opened, m_entra.tenant().clientId);
        socket->write(TlsFixture::http(200, QJsonDocument(tokens).toJson()));
    });
    auto flow = signIn(answering("code=the%2Dcode"), options);
    auto* answer = flow.wait();
    QVERIFY(answer);
    QVERIFY2(*answer, *answer ? "" : qPrintable(answer->error().toLogText()));
    QCOMPARE((*answer)->accessToken, u"access-1"_s);
    QCOMPARE((*answer)->refreshToken, u"refresh-1"_s);
    QTRY_VERIFY(m_browser.page().contains("You can close this window"));

    const SeenForm& seen = m_entra.seen(0);
    QCOMPARE(seen.field("grant_type"), u"authorization_code"_s);
    QCOMPARE(seen.field("code"), u"the-code"_s);
    QCOMPARE(seen.field("client_id"), m_entra.tenant().clientId);
    QCOMPARE(seen.field("redirect_uri"), queryValue(m_opened, u"redirect_uri"_s));
    QVERIFY(seen.field("redirect_uri").startsWith(u"http://"_s + host + u':')
        && seen.field("redirect_uri").endsWith(path));
    QCOMPARE(
        seen.field("scope"), u"openid profile offline_access https://graph.microsoft.com/User.Read.All"_s);
    QCOMPARE(codeChallenge(seen.field("code_verifier")), queryValue(m_opened, u"code_challenge"_s));
    QVERIFY2(!seen.fields.contains(u"client_secret"_s), "a public client has none");
    QVERIFY(!seen.fields.contains(u"client_assertion"_s));
}

void TestFlows::challengeGoesAlong()
{
    CodeFlowOptions options;
    options.claims = u"{\"access_token\":{\"nbf\":{\"value\":\"1\"}}}"_s;
    m_entra.nextRaw([this](QSslSocket* socket) {
        const QJsonObject tokens = signedIn(m_opened, m_entra.tenant().clientId);
        socket->write(TlsFixture::http(200, QJsonDocument(tokens).toJson()));
    });
    auto flow = signIn(answering("code=c"), options);
    QVERIFY(flow.wait() && *flow.wait());
    for (const QString& claims : {queryValue(m_opened, u"claims"_s), m_entra.seen(0).field("claims")})
        QVERIFY2(claims.contains(u"\"nbf\"") && claims.contains(u"\"cp1\""), qPrintable(claims));
}

void TestFlows::browserSaysNo_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("declined") << "error=access_denied&error_description=the+user+declined"_ba
                              << ErrorCode::AccessDenied << u"the user declined"_s;
    QTest::newRow("consent declined") << "error=access_denied&error_description=AADSTS65004%3A%20declined"_ba
                                      << ErrorCode::ConsentRequired << u"AADSTS65004"_s;
    QTest::newRow("administrator") << "error=access_denied&error_description=AADSTS90094%3A%20admin"_ba
                                   << ErrorCode::ConsentRequired << u"Only an administrator"_s;
    QTest::newRow("redirect address") << "error=invalid_request&error_description=AADSTS50011%3A+reply"_ba
                                      << ErrorCode::InvalidInput << u"http://localhost"_s;
    QTest::newRow("busy") << "error=temporarily_unavailable"_ba << ErrorCode::ServerBusy << u"temporarily"_s;
    QTest::newRow("device") << "error=interaction_required&error_description=AADSTS53000%3A+x"_ba
                            << ErrorCode::SignInRequired << u"compliant device"_s;
}

void TestFlows::browserSaysNo()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, words);
    auto flow = signIn(answering(query));
    auto* answer = flow.wait();
    QVERIFY(answer && !*answer);
    QTEST(answer->error().code, "code");
    QVERIFY2(answer->error().detail.contains(words), qPrintable(answer->error().detail));
    QCOMPARE(m_entra.asked(), 0);
    QTRY_VERIFY(m_browser.page().contains("did not succeed"));
}

void TestFlows::codeIsRefused()
{
    m_entra.next(400, FakeEntra::error(u"invalid_grant"_s, 54005, u"code the-code was used"_s));
    auto flow = signIn(answering("code=the-code"));
    auto* answer = flow.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::SignInRequired);
    QVERIFY(answer->error().detail.contains(u"AADSTS54005"));
    QVERIFY2(!answer->error().detail.contains(u"the-code"), "a code is a secret");
}

void TestFlows::idTokenIsChecked_data()
{
    QTest::addColumn<QByteArray>("payload"); // empty: no id token
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("missing") << ""_ba << ErrorCode::Malformed;
    QTest::newRow("another sign-in's")
        << R"({"nonce":"other","aud":"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"})"_ba
        << ErrorCode::AuthenticationFailed;
    QTest::newRow("not JSON") << "x"_ba << ErrorCode::Malformed;
}

void TestFlows::idTokenIsChecked()
{
    QFETCH(QByteArray, payload);
    QJsonObject tokens = FakeEntra::tokens();
    if (payload == "x")
        tokens.insert("id_token"_L1, u"a.b.c"_s);
    else if (!payload.isEmpty())
        tokens.insert("id_token"_L1, FakeEntra::jwt(QJsonDocument::fromJson(payload).object()));
    m_entra.next(200, tokens);
    auto flow = signIn(answering("code=c"));
    auto* answer = flow.wait();
    QVERIFY(answer && !*answer);
    QTEST(answer->error().code, "code");
    QVERIFY(!answer->error().toLogText().contains(u"access-1"));
}

void TestFlows::browserCannotBeOpened()
{
    OpenBrowser open = [this](const QUrl& url) {
        m_opened = url;
        return Expected<void>(fail(ErrorCode::Unsupported, u"no browser here"_s));
    };
    auto flow = signIn(std::move(open));
    QVERIFY(flow.wait() && !*flow.wait());
    QCOMPARE(flow.wait()->error().detail, u"no browser here"_s);
    QTcpSocket late;
    late.connectToHost(u"127.0.0.1"_s, quint16(QUrl(queryValue(m_opened, u"redirect_uri"_s)).port()));
    QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
}

void TestFlows::nobodyComesBack()
{
    CodeFlowOptions options;
    options.patience = 50ms;
    auto flow = signIn([](const QUrl&) { return Expected<void>(); }, options);
    QVERIFY(flow.wait() && !*flow.wait());
    QCOMPARE(flow.wait()->error().code, ErrorCode::Timeout);
}

void TestFlows::cancelled_data()
{
    QTest::addColumn<bool>("whileRedeeming");
    QTest::newRow("while the person signs in") << false;
    QTest::newRow("while the code is redeemed") << true;
}

void TestFlows::cancelled()
{
    QFETCH(bool, whileRedeeming);
    std::stop_source stop;
    m_entra.nextHeld();
    OpenBrowser open = [](const QUrl&) { return Expected<void>(); };
    if (whileRedeeming)
        open = answering("code=c");
    auto flow = signIn(std::move(open), {}, stop.get_token());
    if (whileRedeeming)
        QTRY_COMPARE(m_entra.held(), 1);
    QVERIFY(!flow.done());
    stop.request_stop();
    QVERIFY(flow.wait() && !*flow.wait());
    QCOMPARE(flow.wait()->error().code, ErrorCode::Cancelled);
}

void TestFlows::deviceCode()
{
    QJsonObject json;
    json.insert("device_code"_L1, u"secret-device-code"_s);
    json.insert("user_code"_L1, u"ABCD-EFGH"_s);
    json.insert("verification_uri"_L1, u"https://microsoft.com/devicelogin"_s);
    json.insert("expires_in"_L1, u"600"_s);
    json.insert("interval"_L1, 7);
    json.insert("message"_L1, u"To sign in, use a web browser."_s);
    m_entra.next(200, json);
    const QStringList permissions{u"User.Read.All"_s};
    auto begun = runTask(beginDeviceCode(m_client.get(), permissions, {}));
    auto* code = begun.wait();
    QVERIFY(code && *code);
    QCOMPARE((*code)->userCode, u"ABCD-EFGH"_s);
    QCOMPARE((*code)->verificationUri, QUrl(u"https://microsoft.com/devicelogin"_s));
    QCOMPARE((*code)->message, u"To sign in, use a web browser."_s);
    QCOMPARE((*code)->expiresAt, m_time.now().addSecs(600));
    QCOMPARE((*code)->interval, 7s);
    QVERIFY(m_entra.seen(0).head.contains("/oauth2/v2.0/devicecode HTTP/1.1"));
    QCOMPARE(m_entra.seen(0).field("scope"), m_entra.tenant().delegatedScopes(permissions));
    QCOMPARE(m_entra.seen(0).field("client_id"), m_entra.tenant().clientId);
}

void TestFlows::deviceCodeIsRefused_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<int>("number");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("public clients") << u"invalid_client"_s << 7000218 << ErrorCode::InvalidInput;
    QTest::newRow("policy") << u"access_denied"_s << 53003 << ErrorCode::AccessDenied;
    QTest::newRow("unknown app") << u"unauthorized_client"_s << 700016 << ErrorCode::InvalidInput;
    QTest::newRow("scope") << u"invalid_scope"_s << 70011 << ErrorCode::Unsupported;
}

void TestFlows::deviceCodeIsRefused()
{
    QFETCH(QString, error);
    QFETCH(int, number);
    m_entra.next(400, FakeEntra::error(error, number));
    auto begun = runTask(beginDeviceCode(m_client.get(), {}, {}));
    QVERIFY(begun.wait() && !*begun.wait());
    QTEST(begun.wait()->error().code, "code");
}

void TestFlows::deviceCodeAnswers_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("complaint"); // empty: good
    const QByteArray codes = R"("device_code":"secret-d","user_code":"u",)";
    QTest::newRow("little") << "{" + codes + R"("verification_uri":"https://x.example"})" << QString();
    QTest::newRow("odd numbers") << "{" + codes
            + R"("verification_uri":"https://x.example","interval":-1,"expires_in":"x"})"
                                 << QString();
    QTest::newRow("http") << "{" + codes + R"("verification_uri":"http://x.example"})" << u"no https"_s;
    QTest::newRow("script") << "{" + codes + R"j("verification_uri":"javascript:alert(1)"})j"
                            << u"no https"_s;
    QTest::newRow("user in address") << "{" + codes
            + R"("verification_uri":"https://microsoft.com@evil.example"})"
                                     << u"no https"_s;
    QTest::newRow("no address") << "{" + codes + R"("x":1})" << u"no https"_s;
    QTest::newRow("no code") << R"({"user_code":"u","verification_uri":"https://x.example"})"_ba
                             << u"device_code"_s;
    QTest::newRow("empty") << "{}"_ba << u"device_code"_s;
}

void TestFlows::deviceCodeAnswers()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, complaint);
    m_entra.nextBytes(200, json, {});
    auto begun = runTask(beginDeviceCode(m_client.get(), {}, {}));
    auto* code = begun.wait();
    QVERIFY(code);
    QCOMPARE(code->has_value(), complaint.isEmpty());
    if (*code) {
        QCOMPARE((*code)->interval, 5s);
        QCOMPARE((*code)->expiresAt, m_time.now().addSecs(900));
        return;
    }
    QCOMPARE(code->error().code, ErrorCode::Malformed);
    QVERIFY(code->error().detail.contains(complaint));
    QVERIFY(!code->error().toLogText().contains(u"secret-d"));
}

DeviceCode TestFlows::someCode() const
{
    DeviceCode code;
    code.deviceCode = u"secret-device-code"_s;
    code.userCode = u"u"_s;
    code.interval = 5s;
    code.expiresAt = m_time.now().addSecs(60);
    return code;
}

void TestFlows::polling_data()
{
    QTest::addColumn<QStringList>("script"); // an OAuth error, "503", "cut", or "ok"
    QTest::addColumn<QList<qint64>>("slept"); // seconds
    QTest::addColumn<std::optional<ErrorCode>>("code");
    using Code = std::optional<ErrorCode>;
    QTest::newRow("at once") << QStringList{u"ok"_s} << QList<qint64>{5} << Code();
    QTest::newRow("pending") << QStringList{u"authorization_pending"_s, u"authorization_pending"_s, u"ok"_s}
                             << QList<qint64>{5, 5, 5} << Code();
    QTest::newRow("slow down") << QStringList{u"slow_down"_s, u"authorization_pending"_s, u"slow_down"_s,
        u"ok"_s} << QList<qint64>{5, 10, 10, 15}
                               << Code();
    QTest::newRow("busy") << QStringList{u"503"_s, u"ok"_s} << QList<qint64>{5, 12} << Code();
    QTest::newRow("temporarily") << QStringList{u"temporarily_unavailable"_s, u"ok"_s} << QList<qint64>{5, 5}
                                 << Code();
    QTest::newRow("the line breaks") << QStringList{u"cut"_s, u"ok"_s} << QList<qint64>{5, 10} << Code();
    QTest::newRow("declined") << QStringList{u"authorization_declined"_s} << QList<qint64>{5}
                              << Code(ErrorCode::AccessDenied);
    QTest::newRow("denied") << QStringList{u"access_denied"_s} << QList<qint64>{5}
                            << Code(ErrorCode::AccessDenied);
    QTest::newRow("expired") << QStringList{u"expired_token"_s} << QList<qint64>{5}
                             << Code(ErrorCode::SignInRequired);
    QTest::newRow("bad code") << QStringList{u"bad_verification_code"_s} << QList<qint64>{5}
                              << Code(ErrorCode::Internal);
    QTest::newRow("page") << QStringList{u"page"_s} << QList<qint64>{5} << Code(ErrorCode::Malformed);
    QTest::newRow("consent") << QStringList{u"consent_required"_s} << QList<qint64>{5}
                             << Code(ErrorCode::ConsentRequired);
}

void TestFlows::polling()
{
    QFETCH(QStringList, script);
    QFETCH(QList<qint64>, slept);
    QFETCH(std::optional<ErrorCode>, code);
    for (const QString& step : std::as_const(script)) {
        if (step == "ok"_L1)
            m_entra.next(200, FakeEntra::tokens());
        else if (step == "503"_L1)
            m_entra.nextBytes(503, "<html>", "Retry-After: 12\r\n");
        else if (step == "cut"_L1)
            m_entra.nextRaw([](QSslSocket* socket) { socket->abort(); });
        else if (step == "page"_L1)
            m_entra.nextBytes(200, "<html>secret-device-code", {});
        else
            m_entra.next(400, FakeEntra::error(step, 0, u"for secret-device-code"_s));
    }
    auto polled = runTask(awaitDeviceCode(m_client.get(), someCode(), {}));
    auto* answer = polled.wait();
    QVERIFY(answer);
    QList<qint64> seconds;
    for (const qint64 milliseconds : std::as_const(m_time.slept))
        seconds.append(milliseconds / 1'000);
    QCOMPARE(seconds, slept);
    QCOMPARE(m_entra.asked(), int(script.size()));
    QCOMPARE(m_entra.seen(0).field("grant_type"), u"urn:ietf:params:oauth:grant-type:device_code"_s);
    QCOMPARE(m_entra.seen(0).field("device_code"), u"secret-device-code"_s);
    QCOMPARE(m_entra.seen(0).field("client_id"), m_entra.tenant().clientId);
    QCOMPARE(answer->has_value(), !code);
    if (*answer) {
        QCOMPARE((*answer)->refreshToken, u"refresh-1"_s);
        return;
    }
    QCOMPARE(answer->error().code, *code);
    QVERIFY(!answer->error().toLogText().contains(u"secret-device-code"));
}

void TestFlows::pollingExpires()
{
    for (int i = 0; i < 20; ++i)
        m_entra.next(400, FakeEntra::error(u"authorization_pending"_s, 70016));
    auto polled = runTask(awaitDeviceCode(m_client.get(), someCode(), {}));
    auto* answer = polled.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::SignInRequired);
    QVERIFY(answer->error().detail.contains(u"expired"));
    QCOMPARE(m_entra.asked(), 12); // 60 seconds of 5
}

void TestFlows::pollingStops()
{
    std::stop_source stop;
    m_entra.nextHeld();
    auto polled = runTask(awaitDeviceCode(m_client.get(), someCode(), stop.get_token()));
    QTRY_COMPARE(m_entra.held(), 1);
    stop.request_stop();
    QVERIFY(polled.wait() && !*polled.wait());
    QCOMPARE(polled.wait()->error().code, ErrorCode::Cancelled);

    auto again = runTask(awaitDeviceCode(m_client.get(), someCode(), stop.get_token()));
    QVERIFY(again.wait() && !*again.wait());
    QCOMPARE(again.wait()->error().code, ErrorCode::Cancelled);
    QCOMPARE(m_entra.asked(), 1);
}

QTEST_GUILESS_MAIN(TestFlows)
#include "tst_identity_flows.moc"

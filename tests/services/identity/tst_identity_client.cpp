// TokenClient against a token end point that answers well, badly, late, twice as much, or not at all. No
// secret reaches an error or a log, whatever the other side repeats.
#include <QJsonDocument>
#include <QLoggingCategory>
#include <QTest>

#include "models/base/ErrorText.h"
#include "services/identity/TokenClient.h"
#include "tests/services/identity/FakeEntra.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::identity;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

const QString secret = QStringLiteral("s3cr&t canary/+ä");
QStringList logged;

void keepLog(QtMsgType, const QMessageLogContext&, const QString& text)
{
    logged.append(text);
}

Expected<Form> secretForm()
{
    Form form;
    form.add("client_id", u"c"_s);
    form.addSecret("client_secret", secret);
    return form;
}

// Every spelling in which the secret may come back.
bool isClean(const QString& text)
{
    const QString percent = QString::fromLatin1(QUrl::toPercentEncoding(secret));
    const QString base64 = QString::fromLatin1(secret.toUtf8().toBase64());
    return !text.contains(u"canary") && !text.contains(percent) && !text.contains(base64)
        && !text.contains(u"access-1");
}

} // namespace

class TestTokenClient : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void asksAsDocumented();
    void lifeIsCountedFromTheQuestion();
    void refusals_data();
    void refusals();
    void badAnswers_data();
    void badAnswers();
    void hugeBody();
    void secretsThatComeBack_data();
    void secretsThatComeBack();
    void nothingIsSentTwice_data();
    void nothingIsSentTwice();
    void cookiesAreNotKept();
    void challengesAreNotAnswered();
    void strangersGetNothing();
    void badTenantAsksNothing();
    void busy_data();
    void busy();
    void eachTryHasItsOwnForm();
    void aFormThatCannotBeMade();
    void stopWhileWaiting();
    void stopBefore();
    void stopInFlight();
    void clocks();

private:
    RunningTask<Expected<TokenAnswer>> redeem(std::stop_token token = {})
    {
        FormMaker make = &secretForm;
        return runTask(m_client->redeem(std::move(make), Grant::Application, token));
    }
    FakeEntra m_entra;
    TestTime m_time;
    std::unique_ptr<TokenClient> m_client;
};

void TestTokenClient::initTestCase()
{
    if (!FakeEntra().start())
        QSKIP("there is no openssl command to make certificates with");
    QLoggingCategory::setFilterRules(u"postern.*=true"_s);
}

void TestTokenClient::init()
{
    m_entra = FakeEntra();
    m_time = TestTime();
    QVERIFY(m_entra.start());
    m_client = m_entra.client(&m_time);
    logged.clear();
    qInstallMessageHandler(&keepLog);
}

void TestTokenClient::cleanup()
{
    qInstallMessageHandler(nullptr);
    for (const QString& line : std::as_const(logged))
        QVERIFY2(isClean(line), qPrintable(line));
    m_client.reset();
}

void TestTokenClient::asksAsDocumented()
{
    m_entra.next(200, FakeEntra::tokens());
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer);
    QVERIFY2(*answer, *answer ? "" : qPrintable(answer->error().toLogText()));
    QCOMPARE((*answer)->accessToken, u"access-1"_s);
    QCOMPARE((*answer)->refreshToken, u"refresh-1"_s);
    QCOMPARE(m_entra.asked(), 1);
    const SeenForm& seen = m_entra.seen(0);
    QVERIFY2(seen.head.startsWith("POST /11111111-2222-3333-4444-555555555555/oauth2/v2.0/token HTTP/1.1"),
        seen.head.constData());
    const QByteArray head = seen.head.toLower();
    QVERIFY(head.contains("content-type: application/x-www-form-urlencoded"));
    QVERIFY2(!head.contains("origin:"), "an Origin would mark a page's script");
    QVERIFY(!head.contains("cookie:") && !head.contains("authorization:"));
    QCOMPARE(seen.field("client_secret"), secret);
    QVERIFY(seen.body.contains("client_secret=s3cr%26t%20canary%2F%2B%C3%A4"));
}

// A slow answer does not make the token live longer.
void TestTokenClient::lifeIsCountedFromTheQuestion()
{
    const QDateTime start = m_time.now();
    m_entra.nextRaw([this](QSslSocket* socket) {
        m_time.advance(40s);
        socket->write(TlsFixture::http(200, QJsonDocument(FakeEntra::tokens()).toJson()));
    });
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer && *answer);
    QCOMPARE((*answer)->expiresAt, start.addSecs(3600));
}

void TestTokenClient::refusals_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("error");
    QTest::addColumn<int>("number");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("bad secret") << 401 << u"invalid_client"_s << 7000215 << ErrorCode::AuthenticationFailed;
    QTest::newRow("old secret") << 401 << u"invalid_client"_s << 7000222 << ErrorCode::AuthenticationFailed;
    QTest::newRow("bad certificate") << 401 << u"invalid_client"_s << 700027
                                     << ErrorCode::AuthenticationFailed;
    QTest::newRow("unknown app") << 400 << u"unauthorized_client"_s << 700016 << ErrorCode::InvalidInput;
    QTest::newRow("unknown tenant") << 400 << u"invalid_request"_s << 90002 << ErrorCode::InvalidInput;
    QTest::newRow("wrong cloud") << 400 << u"invalid_resource"_s << 500011 << ErrorCode::Unsupported;
    QTest::newRow("scope") << 400 << u"invalid_scope"_s << 70011 << ErrorCode::Unsupported;
    QTest::newRow("consent") << 400 << u"invalid_grant"_s << 65001 << ErrorCode::ConsentRequired;
    QTest::newRow("policy") << 400 << u"invalid_grant"_s << 53003 << ErrorCode::AccessDenied;
    QTest::newRow("OAuth error with 200")
        << 200 << u"invalid_client"_s << 0 << ErrorCode::AuthenticationFailed;
}

void TestTokenClient::refusals()
{
    QFETCH(int, status);
    QFETCH(QString, error);
    QFETCH(int, number);
    m_entra.next(status, FakeEntra::error(error, number));
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer && !*answer);
    QTEST(answer->error().code, "code");
    QCOMPARE(m_entra.asked(), 1);
    const Error& said = answer->error();
    QVERIFY(said.origin.startsWith(u"sign-in to 11111111-2222-3333-4444-555555555555 at localhost:"));
    QVERIFY2(said.detail.contains(u"words of Entra."), qPrintable(said.detail));
    QVERIFY(said.detail.contains(u"(correlation id c0ffee)"));
    QVERIFY(!said.detail.contains(u"Trace ID"));
    QVERIFY(number == 0 || said.detail.contains(u"AADSTS%1"_s.arg(number)));
}

void TestTokenClient::badAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("complaint");
    const QByteArray html = "Content-Type: text/html\r\n";
    const QByteArray json = "Content-Type: application/json\r\n";
    const QByteArray page
        = "<html><head><title>Guest network:\n please sign in</title></head>access-1</html>";
    const QByteArray whole = QJsonDocument(FakeEntra::tokens()).toJson(QJsonDocument::Compact);
    using enum ErrorCode;
    QTest::newRow("captive portal") << 200 << page << html << Malformed
                                    << u"(\"Guest network: please sign in\")"_s;
    QTest::newRow("a page without type") << 200 << "  <html>"_ba
                                         << ""_ba << Malformed << u"a web page"_s;
    QTest::newRow("proxy says no") << 403 << page << html << AccessDenied << u"HTTP 403 with a web page"_s;
    QTest::newRow("proxy sign-in") << 407 << page << html << AccessDenied << u"HTTP 407"_s;
    QTest::newRow("wrong address") << 404 << page << html << NotFound << u"HTTP 404"_s;
    QTest::newRow("method") << 405 << ""_ba
                            << ""_ba << NotFound << u"without a body"_s;
    QTest::newRow("cut JSON") << 200 << whole.first(whole.size() - 9) << json << Malformed
                              << u"broken JSON"_s;
    QTest::newRow("empty") << 200 << ""_ba << json << Malformed << u"without a body"_s;
    QTest::newRow("array") << 200 << "[\"access-1\"]"_ba << json << Malformed
                           << u"neither a token nor an error"_s;
    QTest::newRow("empty object") << 200 << "{}"_ba << json << Malformed << u"token_type"_s;
    QTest::newRow("400 without error")
        << 400 << whole << json << Malformed << u"neither a token nor an error"_s;
    QTest::newRow("Graph's kind of error")
        << 400 << R"({"error":{"code":"x"}})"_ba << json << Malformed << u"neither a token nor an error"_s;
    QTest::newRow("bytes") << 200 << QByteArray::fromHex("1f8b08000000000000ff") << json << Malformed
                           << u"broken JSON"_s;
    QTest::newRow("deep") << 200 << QByteArray(100'000, '[') << json << Malformed << u"broken JSON"_s;
    QTest::newRow("moved") << 302 << ""_ba
                           << "Location: https://evil.example/x?code=access-1\r\n"_ba << Redirected
                           << u"https://evil.example/x"_s;
    QTest::newRow("moved to nowhere") << 307 << ""_ba
                                      << ""_ba << Redirected << u"https://localhost"_s;
}

void TestTokenClient::badAnswers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, headers);
    QFETCH(QString, complaint);
    m_entra.nextBytes(status, body, headers);
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer && !*answer);
    QVERIFY2(answer->error().detail.contains(complaint), qPrintable(answer->error().toLogText()));
    QTEST(answer->error().code, "code");
    QVERIFY(answer->error().origin.startsWith(u"sign-in to "));
    QVERIFY(isClean(answer->error().toLogText()));
    QCOMPARE(m_entra.asked(), 1);
}

void TestTokenClient::hugeBody()
{
    m_entra.nextBytes(200, "{\"x\":\"" + QByteArray(2'000'000, 'y') + "\"}", {});
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::LimitExceeded);
}

void TestTokenClient::secretsThatComeBack_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("headers");
    const QByteArray text = secret.toUtf8();
    const QByteArray percent = QUrl::toPercentEncoding(secret);
    const QByteArray padding(190, 'p'); // the cut of a long text goes through the middle of the secret
    const auto json = [](const QByteArray& field, const QByteArray& value) {
        QJsonObject object = FakeEntra::error(u"invalid_client"_s);
        object.insert(QString::fromLatin1(field), QString::fromUtf8(value));
        return QJsonDocument(object).toJson();
    };
    QTest::newRow("description") << 401 << json("error_description", "AADSTS7000215: not " + text) << ""_ba;
    QTest::newRow("description, cut")
        << 401 << json("error_description", padding + "0123456789" + padding.left(95) + text) << ""_ba;
    QTest::newRow("description, encoded")
        << 401 << json("error_description", "body was client_secret=" + percent) << ""_ba;
    QTest::newRow("description, base64")
        << 401 << json("error_description", "Basic " + text.toBase64()) << ""_ba;
    QTest::newRow("error") << 401 << json("error", text) << ""_ba;
    QTest::newRow("correlation id") << 401 << json("correlation_id", text) << ""_ba;
    QTest::newRow("title") << 403 << "<html><title>denied: " + text + "</title>"
                           << "Content-Type: text/html\r\n"_ba;
    QTest::newRow("title, cut") << 403 << "<html><title>" + padding + text + "</title>"
                                << "Content-Type: text/html\r\n"_ba;
    QTest::newRow("page") << 403 << "<html>" + text << "Content-Type: text/html\r\n"_ba;
    QTest::newRow("location") << 302 << ""_ba
                              << "Location: https://x.example/" + percent + "?a=" + percent + "\r\n";
    QTest::newRow("busy") << 503 << "<html><title>busy " + text + "</title>"
                          << "Retry-After: 100\r\n"_ba;
}

void TestTokenClient::secretsThatComeBack()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, headers);
    m_entra.nextBytes(status, body, headers);
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer && !*answer);
    QVERIFY2(isClean(answer->error().toLogText()), qPrintable(answer->error().toLogText()));
    QVERIFY(isClean(ErrorText::sentence(answer->error())));
    QVERIFY2(!answer->error().toLogText().contains(u"s3c"), qPrintable(answer->error().toLogText()));
}

void TestTokenClient::nothingIsSentTwice_data()
{
    QTest::addColumn<bool>("afterAnother");
    QTest::newRow("on a new connection") << false;
    QTest::newRow("on a kept connection") << true;
}

// Qt repeats a POST by itself when a connection ends without an answer; a code or refresh token shown twice
// ends a sign-in on strict servers.
void TestTokenClient::nothingIsSentTwice()
{
    QFETCH(bool, afterAnother);
    if (afterAnother) {
        m_entra.next(200, FakeEntra::tokens());
        auto first = redeem();
        QVERIFY(first.wait() && *first.wait());
    }
    for (int i = 0; i < 5; ++i)
        m_entra.nextRaw([](QSslSocket* socket) { socket->abort(); });
    const int before = m_entra.asked();
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::ConnectionLost);
    QCOMPARE(m_entra.asked(), before + 1);
}

void TestTokenClient::cookiesAreNotKept()
{
    m_entra.next(200, FakeEntra::tokens(), "Set-Cookie: fpc=person-one; path=/; secure\r\n");
    m_entra.next(200, FakeEntra::tokens());
    auto first = redeem();
    QVERIFY(first.wait() && *first.wait());
    auto second = redeem();
    QVERIFY(second.wait() && *second.wait());
    QVERIFY(!m_entra.seen(1).head.toLower().contains("cookie"));
}

void TestTokenClient::challengesAreNotAnswered()
{
    m_entra.next(
        401, FakeEntra::error(u"invalid_client"_s, 7000215), "WWW-Authenticate: Basic realm=\"x\"\r\n");
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::AuthenticationFailed);
    QVERIFY(answer->error().detail.contains(u"AADSTS7000215"));
    QCOMPARE(m_entra.asked(), 1);
}

void TestTokenClient::strangersGetNothing()
{
    Tenant tenant = m_entra.tenant();
    tenant.authorities.clear(); // the system's do not know the test's authority
    m_client = std::make_unique<TokenClient>(tenant, nullptr, &m_time, m_time.sleep());
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::CertificateUntrusted);
    QCOMPARE(m_entra.asked(), 0);
}

void TestTokenClient::badTenantAsksNothing()
{
    Tenant tenant = m_entra.tenant();
    tenant.cloud.authority.setScheme(u"http"_s);
    m_client = std::make_unique<TokenClient>(tenant, nullptr, &m_time, m_time.sleep());
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::InvalidAddress);
}

void TestTokenClient::busy_data()
{
    QTest::addColumn<QList<int>>("statuses"); // 200 is a good answer
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QList<qint64>>("slept"); // -1: chosen by us, between a half and ten seconds
    QTest::addColumn<qint64>("retryAfter"); // of the error in ms, -1: none, -2: it went well
    QTest::newRow("429 once") << QList<int>{429, 200} << "Retry-After: 7\r\n"_ba << QList<qint64>{7'000}
                              << qint64(-2);
    QTest::newRow("503 twice") << QList<int>{503, 503, 200} << "Retry-After: 2\r\n"_ba
                               << QList<qint64>{2'000, 2'000} << qint64(-2);
    QTest::newRow("500 without a time")
        << QList<int>{500, 502, 200} << ""_ba << QList<qint64>{-1, -1} << qint64(-2);
    QTest::newRow("three times") << QList<int>{504, 503, 429} << "Retry-After: 3\r\n"_ba
                                 << QList<qint64>{3'000, 3'000} << qint64(3'000);
    QTest::newRow("three times without a time")
        << QList<int>{503, 503, 503} << ""_ba << QList<qint64>{-1, -1} << qint64(-1);
    QTest::newRow("long") << QList<int>{429} << "Retry-After: 120\r\n"_ba << QList<qint64>{}
                          << qint64(120'000);
    QTest::newRow("a date") << QList<int>{503} << "Retry-After: Sun, 01 Mar 2026 12:02:00 GMT\r\n"_ba
                            << QList<qint64>{} << qint64(120'000);
}

void TestTokenClient::busy()
{
    QFETCH(QList<int>, statuses);
    QFETCH(QByteArray, headers);
    QFETCH(QList<qint64>, slept);
    QFETCH(qint64, retryAfter);
    bool asJson = true; // in turn: Entra's own words, and a gateway's page
    for (const int status : statuses) {
        if (status == 200)
            m_entra.next(200, FakeEntra::tokens());
        else if (asJson)
            m_entra.next(status, FakeEntra::error(u"temporarily_unavailable"_s, 90033), headers);
        else
            m_entra.nextBytes(status, "<html><title>Busy</title>", headers);
        asJson = !asJson;
    }
    auto asked = redeem();
    auto* answer = asked.wait();
    QVERIFY(answer);
    QCOMPARE(m_entra.asked(), int(statuses.size()));
    QCOMPARE(m_time.slept.size(), slept.size());
    for (qsizetype i = 0; i < slept.size(); ++i) {
        const bool ours = slept.at(i) < 0 && m_time.slept.at(i) >= 500 && m_time.slept.at(i) <= 10'000;
        QVERIFY(ours || m_time.slept.at(i) == slept.at(i));
    }
    QCOMPARE(answer->has_value(), retryAfter == -2);
    if (*answer)
        return;
    QCOMPARE(answer->error().code, ErrorCode::ServerBusy);
    QCOMPARE(answer->error().retryAfter.value_or(-1ms).count(), retryAfter);
}

void TestTokenClient::eachTryHasItsOwnForm()
{
    int made = 0;
    FormMaker make = [&made] {
        Form form;
        form.add("n", QString::number(++made));
        return Expected<Form>(form);
    };
    m_entra.next(503, FakeEntra::error(u"server_error"_s));
    m_entra.next(200, FakeEntra::tokens());
    auto asked = runTask(m_client->redeem(std::move(make), Grant::Person, {}));
    QVERIFY(asked.wait() && *asked.wait());
    QCOMPARE(m_entra.seen(0).field("n"), u"1"_s);
    QCOMPARE(m_entra.seen(1).field("n"), u"2"_s);
}

void TestTokenClient::aFormThatCannotBeMade()
{
    FormMaker make = [] { return Expected<Form>(fail(ErrorCode::InvalidInput, u"no key"_s)); };
    auto asked = runTask(m_client->redeem(std::move(make), Grant::Person, {}));
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::InvalidInput);
    QCOMPARE(m_entra.asked(), 0);
}

void TestTokenClient::stopWhileWaiting()
{
    std::stop_source stop;
    Sleep sleep = [&stop](std::chrono::milliseconds, std::stop_token token) {
        stop.request_stop();
        return core::delay(60s, token);
    };
    m_client = std::make_unique<TokenClient>(m_entra.tenant(), nullptr, &m_time, sleep);
    m_entra.next(503, FakeEntra::error(u"server_error"_s), "Retry-After: 20\r\n");
    auto asked = redeem(stop.get_token());
    auto* answer = asked.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::Cancelled);
    QCOMPARE(m_entra.asked(), 1);
}

void TestTokenClient::stopBefore()
{
    std::stop_source stop;
    stop.request_stop();
    auto asked = redeem(stop.get_token());
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::Cancelled);
    QCOMPARE(m_entra.asked(), 0);
}

void TestTokenClient::stopInFlight()
{
    std::stop_source stop;
    m_entra.nextHeld();
    auto asked = redeem(stop.get_token());
    QTRY_COMPARE(m_entra.held(), 1);
    QVERIFY(!asked.done());
    stop.request_stop();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::Cancelled);
}

void TestTokenClient::clocks()
{
    m_entra.next(200, FakeEntra::tokens(), "Date: Sun, 01 Mar 2026 12:04:00 GMT\r\n");
    auto near = redeem();
    QVERIFY(near.wait() && *near.wait());
    QCOMPARE(m_client->clockWarning(), QString());

    m_entra.next(
        401, FakeEntra::error(u"invalid_client"_s, 700024), "Date: Sun, 01 Mar 2026 12:12:00 GMT\r\n");
    auto far = redeem();
    QVERIFY(far.wait() && !*far.wait());
    const QString words = u"this computer's clock is 12 minutes behind Entra's"_s;
    QVERIFY(m_client->clockWarning().startsWith(words));
    QVERIFY2(
        far.wait()->error().detail.contains(u"Note: "_s + words), qPrintable(far.wait()->error().detail));
}

QTEST_GUILESS_MAIN(TestTokenClient)
#include "tst_identity_client.moc"

// ApplicationTokenSource, and through it what every source does: keep, renew early, share one renewal,
// replace a refused token, be patient with a busy server.
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include "services/identity/ApplicationTokenSource.h"
#include "tests/services/identity/FakeEntra.h"
#include "tests/services/identity/WatchedStore.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::identity;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

const QString key = QStringLiteral("tenant/PS1/contoso");
const QString claimsA = QStringLiteral("{\"access_token\":{\"a\":null}}");
const QString claimsB = QStringLiteral("{\"access_token\":{\"b\":null}}");

QString makePem()
{
    const QTemporaryDir dir;
    const QString at = dir.filePath(u"k"_s);
    QProcess process;
    process.start(u"openssl"_s,
        {u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-days"_s, u"3650"_s, u"-subj"_s,
            u"/CN=app"_s, u"-keyout"_s, at, u"-out"_s, at + u".pem"_s});
    process.waitForFinished(60'000);
    QFile privateKey(at);
    QFile certificate(at + u".pem"_s);
    if (!privateKey.open(QIODevice::ReadOnly) || !certificate.open(QIODevice::ReadOnly))
        return {};
    return QString::fromLatin1(privateKey.readAll() + certificate.readAll());
}

} // namespace

class TestRenewal : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void secret();
    void certificate();
    void certificateTroubles_data();
    void certificateTroubles();
    void secretIsReadEachTime();
    void missingSecret();
    void severalTenants();
    void refused_data();
    void refused();
    void keptWhileFresh();
    void renewedEarly_data();
    void renewedEarly();
    void oneRenewalForAll();
    void oneFailureForAll();
    void aCallerWhoLeaves();
    void theOnlyCallerLeaves();
    void failingEarlyRenewalUsesTheOld();
    void busyIsRemembered();
    void replaces();
    void replacedAlready();
    void replacesOnceForAll();
    void theSameTokenAgain();
    void aRefusedTokenIsNotHandedOut();
    void challengesDoNotShareWithOthers();
    void sameChallengesShare();
    void permissions();
    void stops_data();
    void stops();
    void stopGivesUpInTheEnd();
    void anyOrder();

private:
    RunningTask<Expected<QString>> ask(std::stop_token token = {})
    {
        return runTask(m_source->accessToken(token));
    }
    RunningTask<Expected<QString>> replace(const QString& token, const QString& claims = {})
    {
        return runTask(m_source->replaceToken(token, claims, {}));
    }
    void makeSource(AppCredential credential);
    void endSource();
    void expectToken(int number);
    FakeEntra m_entra;
    TestTime m_time;
    WatchedStore m_store;
    QString m_pem;
    std::unique_ptr<TokenClient> m_client;
    std::unique_ptr<ApplicationTokenSource> m_source;
};

void TestRenewal::initTestCase()
{
    if (!FakeEntra().start())
        QSKIP("there is no openssl command to make certificates with");
    m_pem = makePem();
    QVERIFY(m_pem.contains(u"PRIVATE KEY"));
}

void TestRenewal::makeSource(AppCredential credential)
{
    m_source = std::make_unique<ApplicationTokenSource>(m_client.get(), &m_store, key, credential);
}

void TestRenewal::endSource()
{
    auto stopped = runTask(m_source->stop());
    QVERIFY(stopped.wait());
    m_source.reset();
}

void TestRenewal::init()
{
    m_entra = FakeEntra();
    m_time = TestTime();
    m_store = WatchedStore();
    QVERIFY(m_entra.start());
    m_client = m_entra.client(&m_time);
    m_store.secrets.insert(key, u"s~ec ret+canary"_s);
    makeSource(AppCredential::Secret);
}

void TestRenewal::cleanup()
{
    endSource();
    m_client.reset();
}

// The next call gets this token.
void TestRenewal::expectToken(int number)
{
    auto asked = ask();
    auto* token = asked.wait();
    QVERIFY(token);
    QVERIFY2(*token, *token ? "" : qPrintable(token->error().toLogText()));
    QCOMPARE(**token, u"access-%1"_s.arg(number));
}

void TestRenewal::secret()
{
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
    const SeenForm& seen = m_entra.seen(0);
    QCOMPARE(seen.field("grant_type"), u"client_credentials"_s);
    QCOMPARE(seen.field("client_id"), m_entra.tenant().clientId);
    QCOMPARE(seen.field("client_secret"), u"s~ec ret+canary"_s);
    QCOMPARE(seen.field("scope"), u"https://graph.microsoft.com/.default"_s);
    QVERIFY(!seen.fields.contains(u"client_assertion"_s));
    QVERIFY(m_store.log.isEmpty());
}

void TestRenewal::certificate()
{
    endSource();
    makeSource(AppCredential::Certificate);
    m_store.secrets.insert(key, m_pem);
    m_time.advance(std::chrono::seconds(m_time.now().secsTo(QDateTime::currentDateTimeUtc()) + 60));
    m_entra.next(503, FakeEntra::error(u"server_error"_s));
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
    const SeenForm& seen = m_entra.seen(1);
    QCOMPARE(
        seen.field("client_assertion_type"), u"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"_s);
    QVERIFY(!seen.fields.contains(u"client_secret"_s));
    const QString assertion = seen.field("client_assertion");
    QCOMPARE(assertion.count(u'.'), 2);
    QVERIFY2(assertion != m_entra.seen(0).field("client_assertion"), "an assertion is for one use");
    const QByteArray claims = QByteArray::fromBase64(assertion.section(u'.', 1, 1).toLatin1(),
        QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    QCOMPARE(QJsonDocument::fromJson(claims).object().value("aud"_L1).toString(),
        m_entra.tenant().tokenUrl().toString());
}

void TestRenewal::certificateTroubles_data()
{
    QTest::addColumn<QString>("pem");
    QTest::addColumn<int>("years");
    QTest::addColumn<QString>("complaint");
    QTest::newRow("no PEM") << u"words"_s << 0 << u"private key"_s;
    QTest::newRow("expired") << m_pem << 20 << u"expired on"_s;
    QTest::newRow("not yet") << m_pem << -20 << u"not valid before"_s;
}

void TestRenewal::certificateTroubles()
{
    QFETCH(QString, pem);
    QFETCH(int, years);
    QFETCH(QString, complaint);
    endSource();
    makeSource(AppCredential::Certificate);
    m_store.secrets.insert(key, pem);
    m_time.advance(std::chrono::hours(24 * 365 * years));
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::InvalidInput);
    QVERIFY(asked.wait()->error().detail.contains(complaint));
    QCOMPARE(m_entra.asked(), 0);
}

void TestRenewal::secretIsReadEachTime()
{
    m_entra.next(401, FakeEntra::error(u"invalid_client"_s, 7000222));
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    m_store.secrets.insert(key, u"the new secret"_s);
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
    QCOMPARE(m_entra.seen(1).field("client_secret"), u"the new secret"_s);
}

void TestRenewal::missingSecret()
{
    m_store.secrets.clear();
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::SecretMissing);
}

void TestRenewal::severalTenants()
{
    endSource();
    Tenant tenant = m_entra.tenant();
    tenant.id = u"common"_s;
    m_client = std::make_unique<TokenClient>(tenant, nullptr, &m_time, m_time.sleep());
    makeSource(AppCredential::Secret);
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::InvalidInput);
    QCOMPARE(m_entra.asked(), 0);
}

void TestRenewal::refused_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<int>("number");
    QTest::addColumn<ErrorCode>("code");
    using enum ErrorCode;
    QTest::newRow("secret") << u"invalid_client"_s << 7000215 << AuthenticationFailed;
    QTest::newRow("old secret") << u"invalid_client"_s << 7000222 << AuthenticationFailed;
    QTest::newRow("certificate") << u"invalid_client"_s << 700027 << AuthenticationFailed;
    QTest::newRow("time") << u"invalid_client"_s << 700024 << AuthenticationFailed;
    QTest::newRow("app") << u"unauthorized_client"_s << 700016 << InvalidInput;
    QTest::newRow("disabled") << u"unauthorized_client"_s << 7000112 << InvalidInput;
    QTest::newRow("tenant") << u"invalid_request"_s << 90002 << InvalidInput;
    QTest::newRow("policy for apps") << u"invalid_grant"_s << 53003 << AccessDenied;
}

void TestRenewal::refused()
{
    QFETCH(QString, error);
    QFETCH(int, number);
    m_entra.next(401, FakeEntra::error(error, number, u"client_secret=s~ec ret+canary"_s));
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QTEST(asked.wait()->error().code, "code");
    QVERIFY(!asked.wait()->error().toLogText().contains(u"canary"));
    QVERIFY(asked.wait()->error().detail.contains(u"AADSTS%1"_s.arg(number)));
}

void TestRenewal::keptWhileFresh()
{
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
    m_time.advance(54min);
    expectToken(1);
    QCOMPARE(m_entra.asked(), 1);
}

void TestRenewal::renewedEarly_data()
{
    QTest::addColumn<int>("lifetime");
    QTest::addColumn<int>("refreshIn");
    QTest::addColumn<int>("due"); // seconds after the answer
    QTest::newRow("an hour") << 3600 << 0 << 3300;
    QTest::newRow("a day with refresh_in") << 86'400 << 43'200 << 43'200;
    QTest::newRow("a minute") << 60 << 0 << 45;
}

void TestRenewal::renewedEarly()
{
    QFETCH(int, lifetime);
    QFETCH(int, refreshIn);
    QFETCH(int, due);
    QJsonObject first = FakeEntra::appTokens(1, lifetime);
    if (refreshIn > 0)
        first.insert("refresh_in"_L1, refreshIn);
    m_entra.next(200, first);
    m_entra.next(200, FakeEntra::appTokens(2));
    expectToken(1);
    m_time.advance(std::chrono::seconds(due - 1));
    expectToken(1);
    m_time.advance(1s);
    expectToken(2);
}

void TestRenewal::oneRenewalForAll()
{
    m_entra.nextHeld();
    std::vector<RunningTask<Expected<QString>>> callers;
    for (int i = 0; i < 50; ++i)
        callers.push_back(ask());
    QTRY_COMPARE(m_entra.held(), 1);
    callers.push_back(ask());
    m_entra.release(200, FakeEntra::appTokens(1));
    for (auto& caller : callers) {
        QVERIFY(caller.wait() && *caller.wait());
        QCOMPARE(**caller.wait(), u"access-1"_s);
    }
    QCOMPARE(m_entra.asked(), 1);
}

void TestRenewal::oneFailureForAll()
{
    m_entra.nextHeld();
    auto one = ask();
    auto two = ask();
    QTRY_COMPARE(m_entra.held(), 1);
    m_entra.release(401, FakeEntra::error(u"invalid_client"_s, 7000215));
    for (auto* caller : {&one, &two}) {
        QVERIFY(caller->wait() && !*caller->wait());
        QCOMPARE(caller->wait()->error().code, ErrorCode::AuthenticationFailed);
    }
    QCOMPARE(m_entra.asked(), 1);
}

void TestRenewal::aCallerWhoLeaves()
{
    m_entra.nextHeld();
    std::stop_source stop;
    auto leaves = ask(stop.get_token()); // it started the renewal
    auto stays = ask();
    QTRY_COMPARE(m_entra.held(), 1);
    stop.request_stop();
    QVERIFY(leaves.wait() && !*leaves.wait());
    QCOMPARE(leaves.wait()->error().code, ErrorCode::Cancelled);
    QVERIFY(!stays.done());
    m_entra.release(200, FakeEntra::appTokens(1));
    QVERIFY(stays.wait() && *stays.wait());
}

void TestRenewal::theOnlyCallerLeaves()
{
    m_entra.nextHeld();
    std::stop_source stop;
    auto leaves = ask(stop.get_token());
    QTRY_COMPARE(m_entra.held(), 1);
    stop.request_stop();
    QVERIFY(leaves.wait() && !*leaves.wait());
    auto next = ask();
    m_entra.release(200, FakeEntra::appTokens(1));
    QVERIFY(next.wait() && *next.wait());
    QCOMPARE(m_entra.asked(), 1); // nothing was thrown away
}

void TestRenewal::failingEarlyRenewalUsesTheOld()
{
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
    m_time.advance(56min);
    m_entra.nextRaw([](QSslSocket* socket) { socket->abort(); });
    expectToken(1);
    QCOMPARE(m_entra.asked(), 2);
    m_time.advance(29s);
    expectToken(1);
    QCOMPARE(m_entra.asked(), 2); // not at every call
    m_time.advance(2s);
    m_entra.nextRaw([](QSslSocket* socket) { socket->abort(); });
    expectToken(1);
    QCOMPARE(m_entra.asked(), 3);
    m_time.advance(150s); // 59:01: too little is left
    m_entra.nextRaw([](QSslSocket* socket) { socket->abort(); });
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::ConnectionLost);
}

void TestRenewal::busyIsRemembered()
{
    m_entra.next(429, FakeEntra::error(u"temporarily_unavailable"_s), "Retry-After: 90\r\n");
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::ServerBusy);
    QCOMPARE(asked.wait()->error().retryAfter.value_or(0ms), 90'000ms);
    m_time.advance(60s);
    auto again = ask();
    QVERIFY(again.wait() && !*again.wait());
    QCOMPARE(again.wait()->error().code, ErrorCode::ServerBusy);
    QCOMPARE(again.wait()->error().retryAfter.value_or(0ms), 30'000ms);
    QCOMPARE(m_entra.asked(), 1);
    m_time.advance(30s);
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
}

void TestRenewal::replaces()
{
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
    m_entra.next(200, FakeEntra::appTokens(2));
    auto replaced = replace(u"access-1"_s);
    QVERIFY(replaced.wait() && *replaced.wait());
    QCOMPARE(**replaced.wait(), u"access-2"_s);
    expectToken(2);
    QCOMPARE(m_entra.asked(), 2);
}

void TestRenewal::replacedAlready()
{
    m_entra.next(200, FakeEntra::appTokens(2));
    expectToken(2);
    auto replaced = replace(u"access-1"_s); // refused long ago, renewed since
    QVERIFY(replaced.wait() && *replaced.wait());
    QCOMPARE(**replaced.wait(), u"access-2"_s);
    QCOMPARE(m_entra.asked(), 1);
}

void TestRenewal::replacesOnceForAll()
{
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
    m_entra.nextHeld();
    std::vector<RunningTask<Expected<QString>>> callers;
    for (int i = 0; i < 20; ++i)
        callers.push_back(replace(u"access-1"_s));
    callers.push_back(ask());
    QTRY_COMPARE(m_entra.held(), 1);
    m_entra.release(200, FakeEntra::appTokens(2));
    for (auto& caller : callers) {
        QVERIFY(caller.wait() && *caller.wait());
        QCOMPARE(**caller.wait(), u"access-2"_s);
    }
    QCOMPARE(m_entra.asked(), 2);
}

void TestRenewal::theSameTokenAgain()
{
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
    m_entra.next(200, FakeEntra::appTokens(1));
    auto replaced = replace(u"access-1"_s);
    QVERIFY(replaced.wait() && !*replaced.wait());
    QCOMPARE(replaced.wait()->error().code, ErrorCode::AuthenticationFailed);
    QVERIFY(!replaced.wait()->error().toLogText().contains(u"access-1"));
    m_entra.next(200, FakeEntra::appTokens(2));
    expectToken(2); // the refused one is not kept either
}

void TestRenewal::aRefusedTokenIsNotHandedOut()
{
    m_entra.next(200, FakeEntra::appTokens(1));
    expectToken(1);
    m_entra.nextRaw([](QSslSocket* socket) { socket->abort(); });
    auto replaced = replace(u"access-1"_s);
    QVERIFY(replaced.wait() && !*replaced.wait());
    m_entra.next(200, FakeEntra::appTokens(2));
    expectToken(2);
}

// A renewal without the challenge does not answer it; one with another challenge neither.
void TestRenewal::challengesDoNotShareWithOthers()
{
    m_entra.nextHeld();
    auto plain = ask();
    QTRY_COMPARE(m_entra.held(), 1);
    auto a = replace(u"old"_s, claimsA);
    auto b = replace(u"old"_s, claimsB);
    m_entra.next(200, FakeEntra::appTokens(2));
    m_entra.next(200, FakeEntra::appTokens(3));
    m_entra.release(200, FakeEntra::appTokens(1));
    for (auto* caller : {&plain, &a, &b})
        QVERIFY(caller->wait() && *caller->wait());
    QCOMPARE(**plain.wait(), u"access-1"_s);
    QCOMPARE(m_entra.asked(), 3);
    QSet<QString> tokens{**a.wait(), **b.wait()};
    QCOMPARE(tokens, (QSet<QString>{u"access-2"_s, u"access-3"_s}));
    QVERIFY(m_entra.seen(1).field("claims").contains(u"\"a\""));
    QVERIFY(m_entra.seen(2).field("claims").contains(u"\"b\""));
}

void TestRenewal::sameChallengesShare()
{
    m_entra.nextHeld();
    auto one = replace(u"old"_s, claimsA);
    auto two = replace(u"old"_s, claimsA);
    QTRY_COMPARE(m_entra.held(), 1);
    m_entra.release(200, FakeEntra::appTokens(1));
    QVERIFY(one.wait() && *one.wait());
    QVERIFY(two.wait() && *two.wait());
    auto later = replace(u"older"_s, claimsA); // answered by the token at hand
    QVERIFY(later.wait() && *later.wait());
    QCOMPARE(m_entra.asked(), 1);
}

void TestRenewal::permissions()
{
    QJsonObject payload;
    payload.insert("roles"_L1, QJsonArray{u"User.Read.All"_s, u"Device.Read.All"_s});
    QJsonObject answer = FakeEntra::appTokens(1);
    answer.insert("access_token"_L1, FakeEntra::jwt(payload));
    m_entra.next(200, answer);
    auto asked = runTask(m_source->permissions({}));
    QVERIFY(asked.wait() && *asked.wait());
    QVERIFY((*asked.wait())->application);
    QCOMPARE((*asked.wait())->names, (QStringList{u"Device.Read.All"_s, u"User.Read.All"_s}));
    QVERIFY(!missingPermissions(**asked.wait()).isEmpty());
}

void TestRenewal::stops_data()
{
    QTest::addColumn<bool>("before");
    QTest::newRow("before") << true;
    QTest::newRow("in flight") << false;
}

void TestRenewal::stops()
{
    QFETCH(bool, before);
    m_entra.nextHeld();
    std::stop_source stop;
    if (before)
        stop.request_stop();
    auto asked = ask(stop.get_token());
    if (!before)
        QTRY_COMPARE(m_entra.held(), 1);
    stop.request_stop();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::Cancelled);
    QCOMPARE(m_entra.asked(), before ? 0 : 1);
    if (!before)
        m_entra.release(200, FakeEntra::appTokens(1));
}

// A server that never answers does not keep the program from closing.
void TestRenewal::stopGivesUpInTheEnd()
{
    m_entra.nextHeld();
    auto asked = ask();
    QTRY_COMPARE(m_entra.held(), 1);
    QElapsedTimer timer;
    timer.start();
    auto stopped = runTask(m_source->stop());
    QVERIFY(stopped.wait());
    QVERIFY2(
        timer.elapsed() > 3'000 && timer.elapsed() < 9'000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::Cancelled);
}

// Whatever happens in whatever order: no caller gets the token it says was refused, and nobody waits for
// ever.
void TestRenewal::anyOrder()
{
    QRandomGenerator random(42);
    int number = 1;
    QString last = u"none"_s;
    for (int round = 0; round < 40; ++round) {
        struct Caller
        {
            RunningTask<Expected<QString>> task;
            QString refused;
        };
        std::vector<Caller> callers;
        for (int i = 0; i < 8; ++i) {
            const int kind = random.bounded(3);
            const QString claims = kind < 2 ? QString() : random.bounded(2) ? claimsA : claimsB;
            m_entra.next(200, FakeEntra::appTokens(random.bounded(4) == 0 ? number : ++number));
            if (kind == 0)
                callers.push_back({ask(), QString()});
            else
                callers.push_back({replace(last, claims), last});
        }
        for (Caller& caller : callers) {
            auto* token = caller.task.wait();
            QVERIFY(token);
            QVERIFY(!*token || **token != caller.refused);
            if (*token)
                last = **token;
        }
        m_time.advance(std::chrono::minutes(random.bounded(70)));
        m_entra.forget();
    }
}

QTEST_GUILESS_MAIN(TestRenewal)
#include "tst_identity_renewal.moc"

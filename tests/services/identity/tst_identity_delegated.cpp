// DelegatedTokenSource: a person's tokens renewed from the key ring. Rotation is written down before use,
// crashes and other processes included; what needs a person says so and does not knock again.
#include <QJsonDocument>
#include <QTest>

#include "services/identity/DelegatedTokenSource.h"
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
const QString challenge = QStringLiteral("{\"access_token\":{\"nbf\":{\"value\":\"1\"}}}");

QJsonObject withClaims(QJsonObject error)
{
    error.insert("claims"_L1, u"{\"access_token\":{\"capolids\":{\"values\":[\"x\"]}}}"_s);
    error.insert("suberror"_L1, u"basic_action"_s);
    return error;
}

} // namespace

class TestDelegated : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void renewsFromTheKeyRing();
    void nobodySignedIn();
    void rotationIsWrittenBeforeUse();
    void aCrashAfterTheWrite();
    void aCrashBeforeTheWrite();
    void theKeyRingRefusesTheWrite();
    void theKeyRingIsLocked();
    void noNewRefreshToken();
    void needsAPerson_data();
    void needsAPerson();
    void aDeadTokenIsNotShownAgain();
    void aPolicyIsTriedAgainLater();
    void anotherProcessRenewed();
    void anotherSignInIsNotOverwritten();
    void signedOutMeanwhile();
    void signInAgain();
    void signInDuringARenewal();
    void signInWithoutRefreshToken();
    void signInThatCannotBeKept();
    void challenges();
    void refusedChallengeKeepsTheRest();
    void badChallenge();
    void stopLetsTheWriteFinish();
    void secretsStayInside();

private:
    RunningTask<Expected<QString>> ask() { return runTask(m_source->accessToken({})); }
    void makeSource();
    void endSource();
    FakeEntra m_entra;
    TestTime m_time;
    WatchedStore m_store;
    std::unique_ptr<TokenClient> m_client;
    std::unique_ptr<DelegatedTokenSource> m_source;
};

void TestDelegated::initTestCase()
{
    if (!FakeEntra().start())
        QSKIP("there is no openssl command to make certificates with");
}

void TestDelegated::makeSource()
{
    m_source = std::make_unique<DelegatedTokenSource>(
        m_client.get(), &m_store, key, QStringList(u"User.Read.All"_s));
}

void TestDelegated::endSource()
{
    auto stopped = runTask(m_source->stop());
    QVERIFY(stopped.wait());
    m_source.reset();
}

void TestDelegated::init()
{
    m_entra = FakeEntra();
    m_time = TestTime();
    m_store = WatchedStore();
    QVERIFY(m_entra.start());
    m_client = m_entra.client(&m_time);
    m_store.secrets.insert(key, u"refresh-0"_s);
    makeSource();
}

void TestDelegated::cleanup()
{
    if (m_source)
        endSource();
    m_client.reset();
}

void TestDelegated::renewsFromTheKeyRing()
{
    m_entra.next(200, FakeEntra::tokens(1));
    auto asked = ask();
    auto* token = asked.wait();
    QVERIFY(token);
    QVERIFY2(*token, *token ? "" : qPrintable(token->error().toLogText()));
    QCOMPARE(**token, u"access-1"_s);
    const SeenForm& seen = m_entra.seen(0);
    QCOMPARE(seen.field("grant_type"), u"refresh_token"_s);
    QCOMPARE(seen.field("refresh_token"), u"refresh-0"_s);
    QCOMPARE(seen.field("client_id"), m_entra.tenant().clientId);
    QCOMPARE(
        seen.field("scope"), u"openid profile offline_access https://graph.microsoft.com/User.Read.All"_s);
    QCOMPARE(seen.field("claims"), u"{\"access_token\":{\"xms_cc\":{\"values\":[\"cp1\"]}}}"_s);
    QCOMPARE(m_store.secrets.value(key), u"refresh-1"_s);

    m_time.advance(1h);
    m_entra.next(200, FakeEntra::tokens(2));
    auto later = ask();
    QVERIFY(later.wait() && *later.wait());
    QCOMPARE(m_entra.seen(1).field("refresh_token"), u"refresh-1"_s);
}

void TestDelegated::nobodySignedIn()
{
    m_store.secrets.clear();
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::SignInRequired);
    QCOMPARE(m_entra.asked(), 0);
}

void TestDelegated::rotationIsWrittenBeforeUse()
{
    m_store.holdWrites = true;
    m_entra.next(200, FakeEntra::tokens(1));
    auto asked = ask();
    auto another = ask();
    QTRY_COMPARE(m_store.held(), 1);
    QCoreApplication::processEvents();
    QVERIFY2(!asked.done() && !another.done(),
        "the access token came out before the refresh token was in the key ring");
    m_store.letGo();
    QVERIFY(asked.wait() && *asked.wait());
    QVERIFY(another.wait() && *another.wait());
    QCOMPARE(m_store.log, QStringList(u"write refresh-1"_s));
}

// The program ends between the write and the first use: the next one goes on with the new token.
void TestDelegated::aCrashAfterTheWrite()
{
    m_store.holdWrites = true;
    m_entra.next(200, FakeEntra::tokens(1));
    std::stop_source stop;
    auto asked = runTask(m_source->accessToken(stop.get_token()));
    QTRY_COMPARE(m_store.held(), 1);
    stop.request_stop(); // whoever asked is gone
    QVERIFY(asked.wait() && !*asked.wait());
    m_store.letGo();
    m_store.holdWrites = false;
    endSource();
    QCOMPARE(m_store.secrets.value(key), u"refresh-1"_s);
    makeSource();
    m_entra.next(200, FakeEntra::tokens(2));
    auto again = ask();
    QVERIFY(again.wait() && *again.wait());
    QCOMPARE(m_entra.seen(1).field("refresh_token"), u"refresh-1"_s);
}

// Entra lets the old token work on: nothing is lost but one answer.
void TestDelegated::aCrashBeforeTheWrite()
{
    m_entra.nextRaw([](QSslSocket* socket) { socket->abort(); });
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::ConnectionLost);
    QCOMPARE(m_store.secrets.value(key), u"refresh-0"_s);
    m_entra.next(200, FakeEntra::tokens(1));
    auto again = ask();
    QVERIFY(again.wait() && *again.wait());
    QCOMPARE(m_entra.seen(1).field("refresh_token"), u"refresh-0"_s);
}

void TestDelegated::theKeyRingRefusesTheWrite()
{
    m_store.refuseWrites = true;
    m_entra.next(200, FakeEntra::tokens(1));
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::SecretStoreUnavailable);
    auto again = ask();
    QVERIFY(again.wait() && !*again.wait());
    QCOMPARE(m_entra.asked(), 1); // the answer is kept, the old token not shown again
    m_store.refuseWrites = false;
    auto third = ask();
    QVERIFY(third.wait() && *third.wait());
    QCOMPARE(**third.wait(), u"access-1"_s);
    QCOMPARE(m_store.secrets.value(key), u"refresh-1"_s);
    QCOMPARE(m_entra.asked(), 1);
}

void TestDelegated::theKeyRingIsLocked()
{
    m_store.refuseReads = true;
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::SecretStoreUnavailable);
    QCOMPARE(m_entra.asked(), 0);
}

void TestDelegated::noNewRefreshToken()
{
    m_entra.next(200, FakeEntra::appTokens(1));
    auto asked = ask();
    QVERIFY(asked.wait() && *asked.wait());
    QCOMPARE(m_store.secrets.value(key), u"refresh-0"_s);
    QVERIFY(m_store.log.isEmpty());
}

void TestDelegated::needsAPerson_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<int>("number");
    QTest::addColumn<bool>("claims");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<bool>("kept"); // the refresh token
    using enum ErrorCode;
    QTest::newRow("password changed") << u"invalid_grant"_s << 50173 << false << SignInRequired << false;
    QTest::newRow("unused for long") << u"invalid_grant"_s << 700082 << false << SignInRequired << false;
    QTest::newRow("revoked") << u"invalid_grant"_s << 70000 << false << SignInRequired << false;
    QTest::newRow("second factor") << u"invalid_grant"_s << 50076 << true << SignInRequired << true;
    QTest::newRow("interaction") << u"interaction_required"_s << 50079 << false << SignInRequired << true;
    QTest::newRow("login") << u"login_required"_s << 50058 << false << SignInRequired << true;
    QTest::newRow("consent") << u"consent_required"_s << 65001 << false << ConsentRequired << true;
    QTest::newRow("consent as invalid_grant")
        << u"invalid_grant"_s << 65001 << true << ConsentRequired << true;
}

void TestDelegated::needsAPerson()
{
    QFETCH(QString, error);
    QFETCH(int, number);
    QFETCH(bool, claims);
    QFETCH(bool, kept);
    const QJsonObject plain = FakeEntra::error(error, number);
    m_entra.next(400, claims ? withClaims(plain) : plain);
    auto asked = ask();
    auto* token = asked.wait();
    QVERIFY(token && !*token);
    QTEST(token->error().code, "code");
    QVERIFY(token->error().detail.contains(u"AADSTS%1"_s.arg(number)));
    QCOMPARE(m_store.secrets.contains(key), kept);
    QCOMPARE(m_source->claimsForSignIn().contains(u"capolids"), claims);
    auto again = ask();
    QVERIFY(again.wait() && !*again.wait());
    QTEST(again.wait()->error().code, "code");
    QVERIFY2(again.wait()->error().detail.contains(u"AADSTS%1"_s.arg(number)), "it still says why");
    QCOMPARE(m_entra.asked(), 1);
}

void TestDelegated::aDeadTokenIsNotShownAgain()
{
    m_entra.next(400, FakeEntra::error(u"invalid_grant"_s, 50173));
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    m_time.advance(std::chrono::hours(24));
    m_store.secrets.insert(key, u"refresh-0"_s); // as if it could not be removed
    auto later = ask();
    QVERIFY(later.wait() && !*later.wait());
    QCOMPARE(m_entra.asked(), 1);
    m_store.secrets.insert(key, u"refresh-7"_s); // somebody signed in, in another process
    m_entra.next(200, FakeEntra::tokens(8));
    auto good = ask();
    QVERIFY(good.wait() && *good.wait());
    QCOMPARE(m_entra.seen(1).field("refresh_token"), u"refresh-7"_s);
}

void TestDelegated::aPolicyIsTriedAgainLater()
{
    m_entra.next(400, FakeEntra::error(u"interaction_required"_s, 53003));
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    m_time.advance(9min);
    auto soon = ask();
    QVERIFY(soon.wait() && !*soon.wait());
    QCOMPARE(m_entra.asked(), 1);
    m_time.advance(2min);
    m_entra.next(200, FakeEntra::tokens(1)); // the administrator excluded the account
    auto later = ask();
    QVERIFY(later.wait() && *later.wait());
}

// A strict server refuses a token that another process just exchanged; the key ring has its successor.
void TestDelegated::anotherProcessRenewed()
{
    m_entra.nextRaw([this](QSslSocket* socket) {
        m_store.secrets.insert(key, u"refresh-5"_s);
        socket->write(
            TlsFixture::http(400, QJsonDocument(FakeEntra::error(u"invalid_grant"_s, 70000)).toJson()));
    });
    m_entra.next(200, FakeEntra::tokens(6));
    auto asked = ask();
    QVERIFY(asked.wait() && *asked.wait());
    QCOMPARE(**asked.wait(), u"access-6"_s);
    QCOMPARE(m_entra.seen(1).field("refresh_token"), u"refresh-5"_s);
    QCOMPARE(m_store.log, QStringList(u"write refresh-6"_s)); // nothing was removed
}

void TestDelegated::anotherSignInIsNotOverwritten()
{
    m_entra.nextRaw([this](QSslSocket* socket) {
        m_store.secrets.insert(key, u"refresh-of-a-new-sign-in"_s);
        socket->write(TlsFixture::http(200, QJsonDocument(FakeEntra::tokens(1)).toJson()));
    });
    auto asked = ask();
    QVERIFY(asked.wait() && *asked.wait());
    QCOMPARE(m_store.secrets.value(key), u"refresh-of-a-new-sign-in"_s);
    QVERIFY(m_store.log.isEmpty());
}

void TestDelegated::signedOutMeanwhile()
{
    m_entra.nextRaw([this](QSslSocket* socket) {
        m_store.secrets.clear();
        socket->write(TlsFixture::http(200, QJsonDocument(FakeEntra::tokens(1)).toJson()));
    });
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QCOMPARE(asked.wait()->error().code, ErrorCode::SignInRequired);
    QVERIFY2(m_store.log.isEmpty(), "who signed out stays so");
}

void TestDelegated::signInAgain()
{
    m_entra.next(400, withClaims(FakeEntra::error(u"invalid_grant"_s, 50076)));
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QVERIFY(!m_source->claimsForSignIn().isEmpty());
    TokenAnswer answer = readTokenAnswer(FakeEntra::tokens(9), m_time.now()).value();
    auto adopted = runTask(m_source->adopt(answer, {}));
    QVERIFY(adopted.wait() && *adopted.wait());
    QCOMPARE(m_store.secrets.value(key), u"refresh-9"_s);
    QCOMPARE(m_source->claimsForSignIn(), QString());
    auto again = ask();
    QVERIFY(again.wait() && *again.wait());
    QCOMPARE(**again.wait(), u"access-9"_s);
    QCOMPARE(m_entra.asked(), 1);
}

void TestDelegated::signInDuringARenewal()
{
    m_entra.nextHeld();
    auto asked = ask();
    QTRY_COMPARE(m_entra.held(), 1);
    TokenAnswer answer = readTokenAnswer(FakeEntra::tokens(9), m_time.now()).value();
    auto adopted = runTask(m_source->adopt(answer, {}));
    QCoreApplication::processEvents();
    QVERIFY(!adopted.done());
    m_entra.release(200, FakeEntra::tokens(1));
    QVERIFY(asked.wait() && *asked.wait());
    QVERIFY(adopted.wait() && *adopted.wait());
    QCOMPARE(m_store.log, (QStringList{u"write refresh-1"_s, u"write refresh-9"_s}));
    auto after = ask();
    QVERIFY(after.wait() && *after.wait());
    QCOMPARE(**after.wait(), u"access-9"_s);
}

void TestDelegated::signInWithoutRefreshToken()
{
    TokenAnswer answer = readTokenAnswer(FakeEntra::appTokens(9), m_time.now()).value();
    auto adopted = runTask(m_source->adopt(answer, {}));
    QVERIFY(adopted.wait() && !*adopted.wait());
    QCOMPARE(adopted.wait()->error().code, ErrorCode::Unsupported);
    QCOMPARE(m_store.secrets.value(key), u"refresh-0"_s);
}

void TestDelegated::signInThatCannotBeKept()
{
    m_store.refuseWrites = true;
    TokenAnswer answer = readTokenAnswer(FakeEntra::tokens(9), m_time.now()).value();
    auto adopted = runTask(m_source->adopt(answer, {}));
    QVERIFY(adopted.wait() && !*adopted.wait());
    QCOMPARE(adopted.wait()->error().code, ErrorCode::SecretStoreUnavailable);
    m_store.refuseWrites = false;
    auto after = ask(); // kept after all
    QVERIFY(after.wait() && *after.wait());
    QCOMPARE(**after.wait(), u"access-9"_s);
    QCOMPARE(m_store.secrets.value(key), u"refresh-9"_s);
    QCOMPARE(m_entra.asked(), 0);
}

void TestDelegated::challenges()
{
    m_entra.next(200, FakeEntra::tokens(1));
    auto asked = ask();
    QVERIFY(asked.wait() && *asked.wait());
    m_entra.next(200, FakeEntra::tokens(2));
    auto replaced = runTask(m_source->replaceToken(u"access-1"_s, challenge, {}));
    QVERIFY(replaced.wait() && *replaced.wait());
    QCOMPARE(**replaced.wait(), u"access-2"_s);
    const QString sent = m_entra.seen(1).field("claims");
    QVERIFY2(sent.contains(u"\"nbf\"") && sent.contains(u"\"cp1\""), qPrintable(sent));
    QCOMPARE(m_entra.seen(1).field("refresh_token"), u"refresh-1"_s);
}

void TestDelegated::refusedChallengeKeepsTheRest()
{
    m_entra.next(400, withClaims(FakeEntra::error(u"interaction_required"_s, 50076)));
    auto replaced = runTask(m_source->replaceToken(u"old"_s, challenge, {}));
    QVERIFY(replaced.wait() && !*replaced.wait());
    QCOMPARE(replaced.wait()->error().code, ErrorCode::SignInRequired);
    QVERIFY(m_source->claimsForSignIn().contains(u"capolids"));
    m_entra.next(200, FakeEntra::tokens(1)); // other calls do not need that factor
    auto plain = ask();
    QVERIFY(plain.wait() && *plain.wait());
}

void TestDelegated::badChallenge()
{
    auto replaced = runTask(m_source->replaceToken(u"old"_s, u"no JSON"_s, {}));
    QVERIFY(replaced.wait() && !*replaced.wait());
    QCOMPARE(replaced.wait()->error().code, ErrorCode::Malformed);
    QCOMPARE(m_entra.asked(), 0);
}

// The program closes while Entra rotates: the answer is awaited and written down.
void TestDelegated::stopLetsTheWriteFinish()
{
    m_entra.nextHeld();
    auto asked = ask();
    QTRY_COMPARE(m_entra.held(), 1);
    auto stopped = runTask(m_source->stop());
    QCoreApplication::processEvents();
    QVERIFY(!stopped.done());
    m_entra.release(200, FakeEntra::tokens(1));
    QVERIFY(stopped.wait());
    QCOMPARE(m_store.secrets.value(key), u"refresh-1"_s);
    QVERIFY(asked.wait());
    auto after = ask();
    QVERIFY(after.wait() && !*after.wait());
    QCOMPARE(after.wait()->error().code, ErrorCode::Cancelled);
}

void TestDelegated::secretsStayInside()
{
    m_store.secrets.insert(key, u"refresh-canary"_s);
    m_entra.next(400, FakeEntra::error(u"invalid_grant"_s, 70000, u"the token refresh-canary is unknown"_s));
    auto asked = ask();
    QVERIFY(asked.wait() && !*asked.wait());
    QVERIFY(!asked.wait()->error().toLogText().contains(u"canary"));
}

QTEST_GUILESS_MAIN(TestDelegated)
#include "tst_identity_delegated.moc"

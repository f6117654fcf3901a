// The pool under a server that is busy, out of shells, or gone: parallelism that halves and grows back, the
// server's own milliseconds in played time, the ladder of servers (CON-18, CON-45, CON-46).
#include <QTemporaryDir>
#include <QTest>

#include "services/exchange/Listing.h"
#include "services/exchange/SessionPool.h"
#include "tests/services/exchange/ScriptedExchange.h"

using namespace postern;
using namespace postern::exchange;
using namespace postern::exchange::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using postern::test::FakeAnswer;
using postern::test::runTask;

namespace {

PlayedClock* playedClock = nullptr;
std::vector<std::chrono::milliseconds> waits;

// Waiting is what makes the played time pass.
QCoro::Task<bool> playedWait(std::chrono::milliseconds time, std::stop_token token)
{
    waits.push_back(time);
    co_await core::delay(0ms, token);
    playedClock->time = playedClock->time.addMSecs(time.count());
    co_return !token.stop_requested();
}

Error busy(std::optional<std::chrono::milliseconds> after = std::nullopt)
{
    return Error{ErrorCode::ServerBusy, u"busy"_s, u"Get-X"_s, after};
}

struct Fixture
{
    explicit Fixture(int maximum = 4, const QStringList& hosts = {u"ex1"_s}, SessionGuard* guard = nullptr)
        : log({dir.filePath(u"EasDisc.log"_s)}, clock)
    {
        playedClock = &clock;
        waits.clear();
        SessionPool::Plan plan;
        for (const QString& host : hosts) {
            wsman::Endpoint endpoint;
            endpoint.url = QUrl(u"https://%1/PowerShell/"_s.arg(host));
            endpoint.signIn = wsman::SignIn::Basic;
            endpoint.user = u"admin"_s;
            plan.endpoints.push_back(endpoint);
        }
        plan.maximum = maximum;
        plan.siteName = u"PS1"_s;
        plan.guard = guard;
        plan.newClient = exchange.clients();
        plan.wait = playedWait;
        pool = std::make_unique<SessionPool>(std::move(plan), log, clock);
    }
    ~Fixture()
    {
        auto closed = runTask(pool->close());
        if (!exchange.play(closed))
            qFatal("the pool did not close");
    }
    Expected<SessionLease> take(SessionUse use = SessionUse::Alone)
    {
        auto task = runTask(pool->take(use, {}));
        auto* taken = exchange.play(task);
        return taken ? std::move(*taken) : Expected<SessionLease>(fail(ErrorCode::Timeout, u"test"_s));
    }
    QStringList logged() const
    {
        QFile file(log.path());
        QStringList texts;
        if (file.open(QIODevice::ReadOnly)) {
            for (const QString& line : QString::fromUtf8(file.readAll()).split(u"<![LOG["_s))
                texts.append(line.section(u"]LOG]!>"_s, 0, 0));
        }
        return texts;
    }
    int failedSteps() const { return int(logged().filter(u"Failed to open runspace for site PS1"_s).size()); }

    PlayedClock clock;
    QTemporaryDir dir;
    tracelog::TraceLogWriter log;
    ScriptedExchange exchange;
    std::unique_ptr<SessionPool> pool;
};

class OnlyContoso final : public SessionGuard
{
public:
    QCoro::Task<Expected<void>> admit(psrp::RunspacePool*, QString host, std::stop_token) override
    {
        shown.append(host);
        if (host == foreign)
            co_return fail(ErrorCode::Conflict, u"of somebody else"_s, host);
        co_return Expected<void>();
    }
    QString foreign;
    QStringList shown;
};

} // namespace

class TestSessionPool : public QObject
{
    Q_OBJECT
private slots:
    void halvesAndGrowsBack();
    void oneWaveCountsOnce();
    void waitsAsLongAsTheServerSays();
    void waitsAlsoWhenNoSessionCouldBeOpened();
    void aLongerWaitReplacesAShorterOne();
    void stopEndsTheWait();
    void microDelays_data();
    void microDelays();
    void goesOnWithTheShellsItHas();
    void climbs();
    void climbsFromWhereItStands();
    void doesNotCarryARefusedPasswordOn_data();
    void doesNotCarryARefusedPasswordOn();
    void strangersAreNotLetIn();
    void allGone();
};

void TestSessionPool::halvesAndGrowsBack()
{
    Fixture fixture(8);
    auto lease = fixture.take();
    QVERIFY(lease);
    QCOMPARE(fixture.pool->limit(), 8);
    QCOMPARE(fixture.pool->usersASession(), 2);
    for (const int expected : {4, 2, 1, 1}) {
        lease->report(busy());
        QCOMPARE(fixture.pool->limit(), expected);
        fixture.clock.time = fixture.clock.time.addSecs(11);
    }
    QCOMPARE(fixture.pool->usersASession(), 1);
    int successes = 0;
    for (int limit = 2; limit <= 8; ++limit) {
        while (fixture.pool->limit() < limit && successes < 1000) {
            lease->reportSuccess();
            ++successes;
        }
    }
    QCOMPARE(fixture.pool->limit(), 8);
    QCOMPARE(successes, 7 * 20);
    QCOMPARE(fixture.pool->usersASession(), 1);
    for (int i = 0; i < 20; ++i)
        lease->reportSuccess();
    QCOMPARE(fixture.pool->usersASession(), 2); // and the sharing last
    lease->giveBack();
}

void TestSessionPool::oneWaveCountsOnce()
{
    Fixture fixture(8);
    fixture.pool->throttle(u"Get-X"_s, busy());
    fixture.pool->throttle(u"Get-X"_s, busy());
    QCOMPARE(fixture.pool->limit(), 4);
    fixture.clock.time = fixture.clock.time.addSecs(11);
    fixture.pool->throttle(u"Get-X"_s, busy());
    QCOMPARE(fixture.pool->limit(), 2);
    QCOMPARE(int(fixture.logged().filter(u"Throttled: Get-X"_s).size()), 2);
}

void TestSessionPool::waitsAsLongAsTheServerSays()
{
    Fixture fixture;
    fixture.pool->throttle(u"Get-X"_s, busy(4'500ms));
    auto lease = fixture.take();
    QVERIFY(lease);
    QCOMPARE(waits, std::vector<std::chrono::milliseconds>({4'500ms}));
    lease->giveBack();
    QVERIFY(fixture.take()); // and not again
    QCOMPARE(int(waits.size()), 1);
}

void TestSessionPool::waitsAlsoWhenNoSessionCouldBeOpened()
{
    Fixture fixture;
    ScriptedHost& host = fixture.exchange.hosts[u"ex1"_s];
    host.fault = 2150859175;
    host.faultText
        = "The user load quota of 50 requests per 10 seconds has been exceeded. Send future requests "
          "at a slower rate or raise the user quota. The next request from this user will not be "
          "approved for at least 2,750 milliseconds.";
    const auto refused = fixture.take();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ServerBusy);
    QCOMPARE(refused.error().retryAfter.value_or(0ms), 2'750ms);
    QCOMPARE(fixture.pool->limit(), 2); // of 4
    host.fault = 0;
    QVERIFY(fixture.take());
    QCOMPARE(waits, std::vector<std::chrono::milliseconds>({2'750ms}));
}

void TestSessionPool::aLongerWaitReplacesAShorterOne()
{
    Fixture fixture;
    fixture.pool->throttle(u"Get-X"_s, busy(5'000ms));
    fixture.pool->throttle(u"Get-X"_s, busy(1'000ms)); // of the same wave: does not shorten it
    QVERIFY(fixture.take());
    QCOMPARE(waits, std::vector<std::chrono::milliseconds>({5'000ms}));
    fixture.pool->throttle(u"Get-X"_s, busy(24h));
    QVERIFY(fixture.take());
    QCOMPARE(waits.back(), std::chrono::milliseconds(15min)); // nobody is sent away for a day
}

void TestSessionPool::stopEndsTheWait()
{
    Fixture fixture;
    fixture.pool->throttle(u"Get-X"_s, busy(5'000ms));
    std::stop_source stop;
    stop.request_stop();
    auto task = runTask(fixture.pool->take(SessionUse::Alone, stop.get_token()));
    auto* taken = fixture.exchange.play(task);
    QVERIFY(taken && !*taken);
    QCOMPARE(taken->error().code, ErrorCode::Cancelled);
    QVERIFY(fixture.exchange.creates.isEmpty());
}

void TestSessionPool::microDelays_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("left");
    QTest::newRow("slept already") << u"Micro delay applied. Actual delayed: 250 msecs, Enforced: True, "
                                      u"Capped: False, Required: 250 msecs, Additional info: .;"_s
                                   << qint64(0);
    QTest::newRow("capped") << u"Micro delay applied. Actual delayed: 1000 msecs, Enforced: True, Capped: "
                               u"True, Required: 16843 msecs, Additional info: .;"_s
                            << qint64(15843);
    QTest::newRow("no numbers") << u"Micro delay applied."_s << qint64(0);
    QTest::newRow("nonsense") << u"Micro delay applied. Actual delayed: -5 msecs, Required: many msecs"_s
                              << qint64(0);
}

void TestSessionPool::microDelays()
{
    QFETCH(QString, text);
    QFETCH(qint64, left);
    const Error error = microDelayError(text, u"Get-X"_s);
    QCOMPARE(error.code, ErrorCode::ServerBusy);
    QCOMPARE(qint64(error.retryAfter.value_or(0ms).count()), left);
    QVERIFY(!error.retryAfter || *error.retryAfter > 0ms);
}

void TestSessionPool::goesOnWithTheShellsItHas()
{
    Fixture fixture(4);
    auto first = fixture.take();
    QVERIFY(first);
    ScriptedHost& host = fixture.exchange.hosts[u"ex1"_s];
    host.fault = 2150859173;
    host.faultText = "This user is allowed a maximum number of 1 concurrent shells, which has been exceeded.";
    auto second = runTask(fixture.pool->take(SessionUse::Alone, {}));
    QVERIFY(QTest::qWaitFor([&] {
        fixture.exchange.pump();
        return fixture.pool->limit() == 1;
    }));
    QVERIFY(!second.done());
    first->giveBack();
    auto* taken = fixture.exchange.play(second);
    QVERIFY(taken && *taken);
    QCOMPARE(int(fixture.exchange.creates.size()), 2); // one of them refused, none since
}

void TestSessionPool::climbs()
{
    Fixture fixture(1, {u"ex1"_s, u"ex2"_s, u"ex3"_s});
    fixture.exchange.hosts[u"ex1"_s].breaks = QNetworkReply::ConnectionRefusedError;
    fixture.exchange.hosts[u"ex2"_s].refusal = FakeAnswer("<html><title>Not Found</title></html>", 404);
    QVERIFY(fixture.take());
    QCOMPARE(fixture.exchange.creates, QStringList({u"ex1"_s, u"ex2"_s, u"ex3"_s}));
    QCOMPARE(fixture.pool->endpoint().url.host(), u"ex3"_s);
    QCOMPARE(fixture.failedSteps(), 2);
}

void TestSessionPool::climbsFromWhereItStands()
{
    Fixture fixture(1, {u"ex1"_s, u"ex2"_s});
    fixture.exchange.hosts[u"ex1"_s].breaks = QNetworkReply::HostNotFoundError;
    {
        auto lease = fixture.take();
        QVERIFY(lease);
        lease->report(Error{ErrorCode::SessionLost, {}, {}, std::nullopt});
    }
    fixture.exchange.hosts[u"ex1"_s].breaks.reset();
    fixture.exchange.hosts[u"ex2"_s].breaks = QNetworkReply::ConnectionRefusedError;
    fixture.exchange.creates.clear();
    QVERIFY(fixture.take());
    QCOMPARE(fixture.exchange.creates, QStringList({u"ex2"_s, u"ex1"_s}));
    QCOMPARE(fixture.pool->endpoint().url.host(), u"ex1"_s);
}

void TestSessionPool::doesNotCarryARefusedPasswordOn_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("password") << 401 << ErrorCode::AuthenticationFailed;
    QTest::newRow("permission") << 403 << ErrorCode::AccessDenied;
    QTest::newRow("busy") << 503 << ErrorCode::ServerBusy;
}

void TestSessionPool::doesNotCarryARefusedPasswordOn()
{
    QFETCH(int, status);
    Fixture fixture(1, {u"ex1"_s, u"ex2"_s});
    fixture.exchange.hosts[u"ex1"_s].refusal = FakeAnswer("", status);
    const auto refused = fixture.take();
    QVERIFY(!refused);
    QTEST(refused.error().code, "code");
    QVERIFY(!fixture.exchange.creates.contains(u"ex2"_s));
    QCOMPARE(fixture.failedSteps(), 1);
}

void TestSessionPool::strangersAreNotLetIn()
{
    OnlyContoso guard;
    guard.foreign = u"ex2"_s;
    Fixture fixture(1, {u"ex1"_s, u"ex2"_s, u"ex3"_s}, &guard);
    QVERIFY(fixture.take());
    QVERIFY(guard.shown.isEmpty()); // the first is judged by the caller
    fixture.exchange.hosts[u"ex1"_s].breaks = QNetworkReply::ConnectionRefusedError;
    {
        auto closed = runTask(fixture.pool->close());
        QVERIFY(fixture.exchange.play(closed));
    }
    fixture.exchange.deletes.clear();
    QVERIFY(fixture.take());
    QCOMPARE(guard.shown, QStringList({u"ex2"_s, u"ex3"_s}));
    // Its shell is given back at once, and so is one that was perhaps made when the line broke.
    QCOMPARE(fixture.exchange.deletes.join(u" "_s), u"ex1 ex2"_s);
    QCOMPARE(fixture.pool->endpoint().url.host(), u"ex3"_s);
    QCOMPARE(fixture.failedSteps(), 2);
}

// What the administrator typed first is what the error is about.
void TestSessionPool::allGone()
{
    Fixture fixture(1, {u"ex1"_s, u"ex2"_s});
    fixture.exchange.hosts[u"ex1"_s].breaks = QNetworkReply::HostNotFoundError;
    fixture.exchange.hosts[u"ex2"_s].breaks = QNetworkReply::ConnectionRefusedError;
    const auto refused = fixture.take();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::HostNotFound);
    QCOMPARE(fixture.failedSteps(), 2);
}

QTEST_GUILESS_MAIN(TestSessionPool)
#include "tst_sessionpool.moc"

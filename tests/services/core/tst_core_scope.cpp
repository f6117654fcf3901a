// delay(), runInPool() and Scope: they trigger, do not block the loop, end on stop from any thread, leave
// nothing behind.
#include <QElapsedTimer>
#include <QTest>
#include <QTimer>
#include <thread>

#include "services/core/Await.h"
#include "services/core/Scope.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::core;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

QCoro::Task<Expected<void>> waitThen(std::chrono::milliseconds time, std::stop_token token, int* ended)
{
    const bool passed = co_await delay(time, token);
    ++*ended;
    if (!passed)
        co_return fail(ErrorCode::Cancelled, {});
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> failing()
{
    const bool passed = co_await delay(1ms, std::stop_token());
    Q_UNUSED(passed)
    co_return fail(ErrorCode::Internal, u"on purpose"_s, u"test"_s);
}

QCoro::Task<Expected<int>> fromPool(int number)
{
    QFuture<Expected<int>> future = runInPool([number] { return Expected<int>(number * 2); });
    const Expected<int> result = co_await future;
    co_return result;
}

} // namespace

class TestScope : public QObject
{
    Q_OBJECT
private slots:
    void delayTriggers();
    void delayDoesNotBlock();
    void delayStops_data();
    void delayStops();
    void stopRacesWithTheTimer();
    void poolResumesHere();
    void scopeJoins();
    void scopeStopsAtOnceWhenIdle();
    void scopeLogsFailures();
    void scopeAcceptsWorkWhileStopping();
};

void TestScope::delayTriggers()
{
    QElapsedTimer timer;
    timer.start();
    auto waited = runTask(delay(30ms, {}));
    QVERIFY(!waited.done());
    auto* passed = waited.wait();
    QVERIFY(passed && *passed);
    QVERIFY(timer.elapsed() >= 29);
    auto none = runTask(delay(0ms, {}));
    QVERIFY(none.wait() && *none.wait());
}

void TestScope::delayDoesNotBlock()
{
    int ticks = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&ticks] { ++ticks; });
    timer.start(5);
    auto waited = runTask(delay(100ms, {}));
    QVERIFY(waited.wait());
    QVERIFY(ticks >= 5);
}

void TestScope::delayStops_data()
{
    QTest::addColumn<int>("when");
    QTest::newRow("before") << 0;
    QTest::newRow("in flight") << 1;
    QTest::newRow("from another thread") << 2;
}

void TestScope::delayStops()
{
    QFETCH(int, when);
    std::stop_source stop;
    if (when == 0)
        stop.request_stop();
    QElapsedTimer timer;
    timer.start();
    auto waited = runTask(delay(60s, stop.get_token()));
    std::thread other;
    if (when == 1)
        stop.request_stop();
    else if (when == 2)
        other = std::thread([&stop] { stop.request_stop(); });
    auto* passed = waited.wait();
    if (other.joinable())
        other.join();
    QVERIFY(passed && !*passed);
    QVERIFY(timer.elapsed() < 10'000);
}

void TestScope::stopRacesWithTheTimer()
{
    for (int i = 0; i < 200; ++i) {
        std::stop_source stop;
        auto waited = runTask(delay(1ms, stop.get_token()));
        std::thread other([&stop] { stop.request_stop(); });
        QVERIFY(waited.wait());
        other.join();
    }
}

void TestScope::poolResumesHere()
{
    auto result = runTask(fromPool(21));
    auto* number = result.wait();
    QVERIFY(number && *number);
    QCOMPARE(**number, 42);
}

void TestScope::scopeJoins()
{
    Scope scope;
    int ended = 0;
    for (int i = 0; i < 5; ++i)
        scope.start(waitThen(60s, scope.token(), &ended), u"long"_s);
    scope.start(waitThen(5ms, {}, &ended), u"short, deaf to stop"_s);
    QCOMPARE(scope.running(), 6);
    auto stopped = runTask(scope.stop());
    QVERIFY(!stopped.done());
    QVERIFY(stopped.wait());
    QCOMPARE(ended, 6);
    QCOMPARE(scope.running(), 0);
}

void TestScope::scopeStopsAtOnceWhenIdle()
{
    Scope scope;
    auto stopped = runTask(scope.stop());
    QVERIFY(stopped.done());
    auto again = runTask(scope.stop());
    QVERIFY(again.done());
}

void TestScope::scopeLogsFailures()
{
    Scope scope;
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"the job failed: Internal: test: on purpose"_s));
    scope.start(failing(), u"the job"_s);
    auto stopped = runTask(scope.stop());
    QVERIFY(stopped.wait());
}

void TestScope::scopeAcceptsWorkWhileStopping()
{
    Scope scope;
    int ended = 0;
    scope.start(waitThen(20ms, {}, &ended), u"first"_s);
    auto stopped = runTask(scope.stop());
    scope.start(waitThen(40ms, {}, &ended), u"second"_s);
    QVERIFY(stopped.wait());
    QCOMPARE(ended, 2);
}

QTEST_GUILESS_MAIN(TestScope)
#include "tst_core_scope.moc"

// The lab inside a process, as the console's --lab and other tests use it: starts, serves, stops, twice; many
// readers and writers at once (run under ThreadSanitizer too).
#include <QFile>
#include <QTest>
#include <atomic>
#include <thread>

#include "app/lab/LabServer.h"
#include "app/lab/directory/Estate.h"
#include "app/lab/http/Counters.h"
#include "app/lab/psrp/OutputQueue.h"
#include "app/lab/wsman/ShellRegistry.h"

using namespace postern;
using namespace postern::lab;

class LabServerTest : public QObject
{
    Q_OBJECT
private slots:
    void startsAndStops();
    void refusesATakenPort();
    void estateUnderLoad();
    void queueHoldsBackAndEnds();
    void newerReceiverWins();
    void idleShellsEnd();
};

void LabServerTest::startsAndStops()
{
    LabServer server;
    QString caFile;
    for (int round = 0; round < 2; ++round) {
        LabOptions options;
        options.users = 50;
        const auto addresses = server.start(options);
        QVERIFY2(addresses.has_value(), addresses ? "" : qPrintable(addresses.error().toLogText()));
        QCOMPARE(addresses->users, 50U);
        QCOMPARE(addresses->devices, 70U);
        QVERIFY(QString::fromStdString(addresses->powerShell).endsWith(QLatin1String("/PowerShell/")));
        caFile = QString::fromStdString(addresses->caFile);
        QVERIFY(QFile::exists(caFile));
        QVERIFY(!addresses->toJson().contains('\n'));
        server.stop();
        QVERIFY(!QFile::exists(caFile));
    }
}

void LabServerTest::refusesATakenPort()
{
    LabServer first, second;
    LabOptions options;
    options.users = 5;
    options.badCertificates = false;
    const auto addresses = first.start(options);
    QVERIFY(addresses.has_value());
    const QString url = QString::fromStdString(addresses->lab);
    options.host = "192.0.2.1"; // TEST-NET: no address of this machine
    const auto refused = second.start(options);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidAddress);
    QVERIFY(!url.isEmpty());
}

void LabServerTest::estateUnderLoad()
{
    Estate estate({100, 1.4, 1, 1700000000000});
    std::atomic<bool> ending{false};
    std::atomic<int> read{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 2; ++t) {
        threads.emplace_back([&] {
            while (!ending.load()) {
                for (std::uint32_t p = 0; p < estate.phoneCount(); ++p)
                    read += int(estate.truth(p).step);
            }
        });
    }
    std::thread writer([&] {
        for (std::uint32_t i = 0; i < 300; ++i) {
            estate.connect(i % 140);
            estate.changeCas(
                i % 100, [](CasSettings& cas) { cas.blockedIds.push_back("X"); }, "test");
            estate.changeSettings(
                [&](OrganizationSettings& s) { s.defaultLevel = i % 2 ? Level::Block : Level::Allow; },
                "test");
        }
    });
    writer.join();
    ending = true;
    for (std::thread& thread : threads)
        thread.join();
    QVERIFY(read.load() > 0);
    QCOMPARE(estate.cas(7).blockedIds.back(), std::string("X"));
    Estate again({100, 1.4, 1, 1700000000000});
    QVERIFY(again.restore(estate.saved()).has_value());
    for (std::uint32_t p = 0; p < estate.phoneCount(); ++p)
        QCOMPARE(again.phone(p).state.access, estate.phone(p).state.access);
    QVERIFY(!Estate({101, 1.4, 1, 1700000000000}).restore(estate.saved()).has_value());
}

void LabServerTest::queueHoldsBackAndEnds()
{
    OutputQueue queue;
    std::atomic<int> pushed{0};
    std::thread producer([&] {
        while (queue.push({std::string(100000, 'x')}))
            ++pushed;
    });
    constexpr int held = 32; // the first number of them that is not below 3 MiB
    QTRY_COMPARE(pushed.load(), held);
    const auto taken = queue.take(300000, 100, 1000);
    QCOMPARE(int(taken.outcome), int(OutputQueue::Outcome::Data));
    QCOMPARE(taken.fragments.size(), size_t(2));
    QTRY_VERIFY(pushed.load() > held);
    queue.abort();
    producer.join();
    QCOMPARE(int(queue.take(300000, 100, 1000).outcome), int(OutputQueue::Outcome::Aborted));
}

void LabServerTest::newerReceiverWins()
{
    OutputQueue queue;
    OutputQueue::Outcome older = OutputQueue::Outcome::Data;
    std::atomic<bool> waiting{false};
    std::thread receiver([&] {
        waiting = true;
        older = queue.take(1000, 10, 20000).outcome;
    });
    QTRY_VERIFY(waiting.load());
    OutputQueue::Outcome newer = OutputQueue::Outcome::Superseded;
    while (newer == OutputQueue::Outcome::Superseded)
        newer = queue.take(1000, 10, 100).outcome;
    QCOMPARE(int(newer), int(OutputQueue::Outcome::TimedOut));
    queue.abort();
    receiver.join();
    QVERIFY(older == OutputQueue::Outcome::Superseded || older == OutputQueue::Outcome::Aborted);
}

void LabServerTest::idleShellsEnd()
{
    Estate estate({10, 1.4, 1, 1700000000000});
    FaultPlan faults(1);
    Counters counters;
    const Accounts accounts(estate.people(), 1);
    ShellRegistry registry(counters);
    const auto shell = [&](int idleMs) {
        ShellOptions options;
        options.id = Guid::random();
        options.owner = accounts.all().front().user;
        options.idleTimeoutMs = idleMs;
        std::unique_ptr<LabSession> session(
            new LabSession{estate, faults, accounts.all().front(), {}, {}, Serialization::Partial, false});
        return std::make_shared<Shell>(options, std::move(session), counters);
    };
    const auto idle = shell(0), busy = shell(0), fresh = shell(60000);
    QVERIFY(!registry.add(idle, 2));
    QVERIFY(!registry.add(busy, 2));
    busy->hold(); // a Receive is open
    const auto refused = registry.add(fresh, 2);
    QVERIFY(refused.has_value());
    QCOMPARE(refused->code, 2150859173U);
    QTRY_VERIFY(idle->isIdle());
    registry.endIdle();
    QVERIFY(!registry.find(idle->options().id.upper()));
    QVERIFY(registry.find(busy->options().id.lower()) == busy);
    QVERIFY(!registry.add(fresh, 2));
    QCOMPARE(int(idle->poolOutput().take(1000, 10, 1000).outcome), int(OutputQueue::Outcome::Aborted));
    registry.endAll();
    QCOMPARE(registry.count(), 0);
}

QTEST_APPLESS_MAIN(LabServerTest)
#include "tst_lab_server.moc"

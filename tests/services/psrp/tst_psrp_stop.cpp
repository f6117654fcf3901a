// The two strengths of cancel, at every moment of a pipeline's life: before the start, in flight, after the
// last chunk; by token, by abandon(), by dropping the pipeline, by closing the pool.
#include <QTest>
#include <thread>

#include "tests/support/PoolFixture.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::psrp;
using namespace postern::test;

class TestStop : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void beforeTheStart();
    void whileTheCommandIsSent();
    void whileReceiving_data();
    void whileReceiving();
    void betweenChunks();
    void endedBeforeTheSignal();
    void afterTheLastChunk();
    void whileWaitingForAPlace();
    void abandonWhileReceiving();
    void abandonBetweenChunks();
    void dropped_data();
    void dropped();
    void poolClosedWhileReceiving();
    void lineDiesWhileStopping();

private:
    bool startReceiving(
        Pipeline& pipeline, std::optional<RunningTask<Expected<PipelineChunk>>>& next, std::stop_token token);
    std::unique_ptr<PoolFixture> m_fixture;
    FakeWire* wire = nullptr;
    RunspacePool* pool = nullptr;
    PsrpSide* side = nullptr;
};

void TestStop::init()
{
    m_fixture = std::make_unique<PoolFixture>();
    wire = m_fixture->wire;
    pool = m_fixture->pool.get();
    side = &m_fixture->side;
    QVERIFY(m_fixture->open());
}

void TestStop::cleanup()
{
    QVERIFY(m_fixture->close());
    QVERIFY(m_fixture->deleted);
    m_fixture.reset();
}

bool TestStop::startReceiving(
    Pipeline& pipeline, std::optional<RunningTask<Expected<PipelineChunk>>>& next, std::stop_token token)
{
    side->pipelineId = pipeline.id();
    next.emplace(pipeline.next(token));
    if (!wire->take("Command"))
        return false;
    wire->answer(Soap::commanded(wire->current()));
    return wire->take("Receive");
}

#define isCancelled(RUNNING)                                                                                 \
    {                                                                                                        \
        auto* result_ = (RUNNING).wait();                                                                    \
        QVERIFY(result_ && !*result_);                                                                       \
        QCOMPARE(int(result_->error().code), int(ErrorCode::Cancelled));                                     \
    }

void TestStop::beforeTheStart()
{
    std::stop_source stop;
    stop.request_stop();
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    const int before = wire->sent();
    auto next = runTask(pipeline->next(stop.get_token()));
    isCancelled(next);
    QCOMPARE(wire->sent(), before);
}

void TestStop::whileTheCommandIsSent()
{
    std::stop_source stop;
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    auto next = runTask(pipeline->next(stop.get_token()));
    cClient("Command");
    const QByteArray id = wire->current().commandId;
    stop.request_stop();
    isCancelled(next);
    cClient("Signal"); // the server may have taken it
    QCOMPARE(wire->current().signalCode, QByteArray(kTerminate));
    QCOMPARE(wire->current().commandId, id);
    cServer(Soap::fault(wire->current(), 2150858843, "InvalidSelectors", "no such command"));
    auto other = pool->pipeline(PsCommand(u"Get-Y"_s));
    auto more = runTask(other->next({}));
    cClient("Command"); // the fault of the signal is not the session's
    cServer(Soap::fault(wire->current(), 2150858843, "InvalidSelectors", "no more"));
    QVERIFY(more.wait() && !*more.wait());
}

void TestStop::whileReceiving_data()
{
    QTest::addColumn<bool>("otherThread");
    QTest::newRow("same thread") << false;
    QTest::newRow("another thread") << true;
}

void TestStop::whileReceiving()
{
    QFETCH(bool, otherThread);
    std::stop_source stop;
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    std::optional<RunningTask<Expected<PipelineChunk>>> next;
    QVERIFY(startReceiving(*pipeline, next, stop.get_token()));
    const SeenRequest receive = wire->current();
    if (otherThread)
        std::thread([&stop] { stop.request_stop(); }).join();
    else
        stop.request_stop();
    cClient("Signal");
    QCOMPARE(wire->current().signalCode, QByteArray(kStop));
    QCOMPARE(pipeline->state(), PipelineState::Stopping);
    cServer(Soap::done(wire->current()));
    QVERIFY(!next->done()); // the cmdlet finishes first
    // What still comes is thrown away; the poll goes on until Stopped.
    receive.reply->deliver(Soap::received(receive, {side->output("<S>late</S>")}, "Running"));
    cClient("Receive");
    cServer(Soap::timedOut(wire->current()));
    cClient("Receive");
    const QByteArray record = PsrpSide::record("The pipeline has been stopped.", "PipelineStopped", 14,
        "System.Management.Automation.PipelineStoppedException", "ExceptionAsErrorRecord");
    cServer(Soap::received(wire->current(), {side->pipelineState(3, record)}, "Done"));
    isCancelled(*next);
    QCOMPARE(pipeline->state(), PipelineState::Stopped);
    cClient("Signal");
    QCOMPARE(wire->current().signalCode, QByteArray(kTerminate));
    cServer(Soap::done(wire->current()));
}

void TestStop::betweenChunks()
{
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    std::optional<RunningTask<Expected<PipelineChunk>>> next;
    QVERIFY(startReceiving(*pipeline, next, {}));
    cServer(Soap::received(wire->current(), {side->output("<S>1</S>")}, "Running"));
    QVERIFY(next->wait() && *next->wait());
    cClient("Receive"); // ahead
    const SeenRequest ahead = wire->current();
    std::stop_source stop;
    stop.request_stop();
    auto second = runTask(pipeline->next(stop.get_token()));
    cClient("Signal");
    QCOMPARE(wire->current().signalCode, QByteArray(kStop));
    cServer(Soap::done(wire->current()));
    ahead.reply->deliver(Soap::received(ahead, {side->pipelineState(3)}, "Done"));
    isCancelled(second);
}

void TestStop::endedBeforeTheSignal()
{
    std::stop_source stop;
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    std::optional<RunningTask<Expected<PipelineChunk>>> next;
    QVERIFY(startReceiving(*pipeline, next, stop.get_token()));
    const SeenRequest receive = wire->current();
    stop.request_stop();
    cClient("Signal");
    const SeenRequest signal = wire->current();
    receive.reply->deliver(
        Soap::received(receive, {side->output("<S>x</S>"), side->pipelineState(4)}, "Done"));
    isCancelled(*next); // it completed, but nobody wants to know any more
    signal.reply->deliver(Soap::fault(signal, 2150858843, "InvalidSelectors", "no such command"));
    QCOMPARE(pool->state(), PoolState::Opened);
}

void TestStop::afterTheLastChunk()
{
    std::stop_source stop;
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    std::optional<RunningTask<Expected<PipelineChunk>>> next;
    QVERIFY(startReceiving(*pipeline, next, stop.get_token()));
    cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
    QVERIFY(next->wait() && *next->wait());
    stop.request_stop();
    pipeline->abandon();
    pipeline.reset();
    QByteArrayList signalled;
    QVERIFY(m_fixture->close(&signalled));
    QCOMPARE(signalled, QByteArrayList{kTerminate}); // the release only
}

void TestStop::whileWaitingForAPlace()
{
    std::vector<std::unique_ptr<Pipeline>> busy;
    std::vector<RunningTask<Expected<PipelineChunk>>> nexts;
    for (int i = 0; i < 4; ++i) {
        busy.push_back(pool->pipeline(PsCommand(u"Get-X"_s)));
        nexts.push_back(runTask(busy.back()->next({})));
        cClient("Command");
        cServer(Soap::commanded(wire->current()));
    }
    std::stop_source stop;
    auto pipeline = pool->pipeline(PsCommand(u"Get-Y"_s));
    auto next = runTask(pipeline->next(stop.get_token()));
    QTRY_COMPARE(wire->waiting(), 4);
    stop.request_stop();
    isCancelled(next);
    for (auto& one : busy)
        one->abandon();
    for (auto& one : nexts)
        isCancelled(one);
    // The places are free again.
    auto again = pool->pipeline(PsCommand(u"Get-Z"_s));
    std::optional<RunningTask<Expected<PipelineChunk>>> last;
    QVERIFY(startReceiving(*again, last, {}));
    cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
    QVERIFY(last->wait() && *last->wait());
}

void TestStop::abandonWhileReceiving()
{
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    std::optional<RunningTask<Expected<PipelineChunk>>> next;
    QVERIFY(startReceiving(*pipeline, next, {}));
    pipeline->abandon();
    isCancelled(*next);
    cEmpty(); // nothing is said to a server that is gone
}

void TestStop::abandonBetweenChunks()
{
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    std::optional<RunningTask<Expected<PipelineChunk>>> next;
    QVERIFY(startReceiving(*pipeline, next, {}));
    cServer(Soap::received(wire->current(), {side->output("<S>1</S>")}, "Running"));
    QVERIFY(next->wait() && *next->wait());
    cClient("Receive");
    pipeline->abandon();
    QTRY_VERIFY(!wire->current().reply || wire->current().reply->isFinished());
    cEmpty();
}

void TestStop::dropped_data()
{
    QTest::addColumn<int>("when");
    QTest::newRow("unstarted") << 0;
    QTest::newRow("between chunks") << 1;
    QTest::newRow("after the end") << 2;
}

void TestStop::dropped()
{
    QFETCH(int, when);
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    if (when == 0) {
        const int before = wire->sent();
        pipeline.reset();
        QCOMPARE(wire->sent(), before);
        return;
    }
    std::optional<RunningTask<Expected<PipelineChunk>>> next;
    QVERIFY(startReceiving(*pipeline, next, {}));
    if (when == 2) {
        cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
        QVERIFY(next->wait());
        pipeline.reset();
        QByteArrayList signalled;
        QVERIFY(m_fixture->close(&signalled));
        QCOMPARE(signalled, QByteArrayList{kTerminate});
        return;
    }
    cServer(Soap::received(wire->current(), {side->output("<S>1</S>")}, "Running"));
    QVERIFY(next->wait() && *next->wait());
    cClient("Receive");
    const SeenRequest ahead = wire->current();
    pipeline.reset();
    cClient("Signal");
    QCOMPARE(wire->current().signalCode, QByteArray(kStop));
    cServer(Soap::done(wire->current()));
    ahead.reply->deliver(Soap::received(ahead, {side->pipelineState(3)}, "Done"));
    cClient("Signal");
    QCOMPARE(wire->current().signalCode, QByteArray(kTerminate));
    cServer(Soap::done(wire->current()));
}

void TestStop::poolClosedWhileReceiving()
{
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    std::optional<RunningTask<Expected<PipelineChunk>>> next;
    QVERIFY(startReceiving(*pipeline, next, {}));
    QVERIFY(m_fixture->close());
    isCancelled(*next);
    auto again = runTask(pipeline->next({}));
    QVERIFY(again.wait() && !*again.wait());
}

void TestStop::lineDiesWhileStopping()
{
    std::stop_source stop;
    auto pipeline = pool->pipeline(PsCommand(u"Get-X"_s));
    std::optional<RunningTask<Expected<PipelineChunk>>> next;
    QVERIFY(startReceiving(*pipeline, next, stop.get_token()));
    const SeenRequest receive = wire->current();
    stop.request_stop();
    cClient("Signal");
    cBreak();
    receive.reply->deliver(Soap::fault(receive, 995, "InternalError", "The I/O operation has been aborted"));
    isCancelled(*next);
}

QTEST_GUILESS_MAIN(TestStop)
#include "tst_psrp_stop.moc"

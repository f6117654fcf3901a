// Pipelines to their end: chunks, records, the Receive ahead, fragments, errors of every kind.
#include <QTest>

#include "services/psrp/clixml/Reader.h"
#include "tests/support/PoolFixture.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::psrp;
using namespace postern::test;

class TestPipeline : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void oneCommandTwoRoundTrips();
    void receivesOneAhead();
    void chunksLiveOn();
    void recordsOfAllKinds();
    void warningsDoNotFail();
    void failedCommand();
    void outputBeforeTheFailure();
    void doneWithoutState();
    void stoppedByTheServer();
    void brokenFragments_data();
    void brokenFragments();
    void manyFragmentsAcrossAnswers();
    void longCommandGoesInPieces();
    void hostCalls();
    void lostAnswerIsNoticed_data();
    void lostAnswerIsNoticed();
    void goneShellBreaksThePool();
    void severalAtOnce();
    void releaseDoesNotDelayTheNext();
    void memoryStaysFlat();
    void notAgainAfterTheEnd();
    void emptyCommand();

private:
    std::unique_ptr<Pipeline> begin();
    void take(const char* action) { QVERIFY2(wire->take(action), wire->waitingText().constData()); }
    std::unique_ptr<PoolFixture> m_fixture;
    FakeWire* wire = nullptr;
    RunspacePool* pool = nullptr;
    PsrpSide* side = nullptr;
};

void TestPipeline::init()
{
    m_fixture = std::make_unique<PoolFixture>();
    wire = m_fixture->wire;
    pool = m_fixture->pool.get();
    side = &m_fixture->side;
    QVERIFY(m_fixture->open());
}

void TestPipeline::cleanup()
{
    QVERIFY(m_fixture->close());
    m_fixture.reset();
}

std::unique_ptr<Pipeline> TestPipeline::begin()
{
    auto pipeline = pool->pipeline(PsCommand(u"Get-MobileDevice"_s));
    side->pipelineId = pipeline->id();
    return pipeline;
}

void TestPipeline::oneCommandTwoRoundTrips()
{
    auto pipeline = begin();
    QCOMPARE(pipeline->state(), PipelineState::NotStarted);
    const int before = wire->sent();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    const auto messages = messagesIn(wire->current());
    QCOMPARE(messages.size(), 1);
    QCOMPARE(messages.first().type, MessageType::CreatePipeline);
    QCOMPARE(messages.first().pipelineId, pipeline->id());
    QCOMPARE(wire->current().commandId, pipeline->id().toByteArray(QUuid::WithoutBraces).toUpper());
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cServer(Soap::received(
        wire->current(), {side->output("<S>one</S>"), side->output(""), side->pipelineState(4)}, "Done"));
    auto* chunk = next.wait();
    QVERIFY(chunk && *chunk);
    QVERIFY((*chunk)->last());
    QCOMPARE((*chunk)->output.size(), size_t(2));
    QCOMPARE((*chunk)->output.at(0).toByteArray(), QByteArray("<S>one</S>"));
    QVERIFY((*chunk)->output.at(1).isEmpty());
    QCOMPARE(pipeline->state(), PipelineState::Completed);
    QCOMPARE(wire->sent() - before, 3); // Command, Receive, and the release that nobody waits for
    cClient("Signal");
    QCOMPARE(wire->current().signalCode, QByteArray(kTerminate));
    cServer(Soap::done(wire->current()));
    cEmpty();
}

void TestPipeline::receivesOneAhead()
{
    auto pipeline = begin();
    auto first = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->output("<S>1</S>")}, "Running"));
    auto* chunk = first.wait();
    QVERIFY(chunk && *chunk);
    QVERIFY(!(*chunk)->last());
    // The caller is busy; the next Receive is under way already, and only one.
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->output("<S>2</S>")}, "Running"));
    QCoreApplication::processEvents();
    cEmpty();
    auto second = runTask(pipeline->next({}));
    chunk = second.wait();
    QVERIFY(chunk && *chunk);
    QCOMPARE((*chunk)->output.at(0).toByteArray(), QByteArray("<S>2</S>"));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
    auto third = runTask(pipeline->next({}));
    chunk = third.wait();
    QVERIFY(chunk && *chunk);
    QVERIFY((*chunk)->last());
    QVERIFY((*chunk)->output.empty());
}

void TestPipeline::chunksLiveOn()
{
    auto pipeline = begin();
    std::vector<PipelineChunk> kept;
    auto first = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    for (int i = 0; i < 8; ++i) {
        cClient("Receive");
        cServer(Soap::received(wire->current(),
            {side->output("<S>" + QByteArray::number(i).repeated(1000) + "</S>")}, "Running"));
        auto next = i == 0 ? std::move(first) : runTask(pipeline->next({}));
        auto* chunk = next.wait();
        QVERIFY(chunk && *chunk);
        kept.push_back(**chunk);
    }
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
    auto last = runTask(pipeline->next({}));
    QVERIFY(last.wait());
    pipeline.reset();
    for (int i = 0; i < 8; ++i)
        QCOMPARE(kept.at(size_t(i)).output.at(0).toByteArray(),
            "<S>" + QByteArray::number(i).repeated(1000) + "</S>");
}

void TestPipeline::recordsOfAllKinds()
{
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(),
        {side->warning("careful"),
            side->error("no device", "X,Get-MobileDevice", 13, "Microsoft.Exchange.FooException"),
            side->pipelineMessage(MessageType::ProgressRecord,
                "<Obj RefId=\"0\"><MS><S N=\"Activity\">reading</S><I32 "
                "N=\"PercentComplete\">42</I32></MS></Obj>"),
            side->pipelineMessage(MessageType::VerboseRecord, "<S>not shown</S>"),
            side->pipelineMessage(MessageType::InformationRecord, "<S>not shown</S>"),
            side->pipelineMessage(MessageType(0x00041099), "<S>from the future</S>"), side->pipelineState(4)},
        "Done"));
    auto* chunk = next.wait();
    QVERIFY(chunk && *chunk);
    QVERIFY((*chunk)->last()); // errors that do not terminate leave the command Completed
    QCOMPARE((*chunk)->warnings, QStringList{u"careful"_s});
    QCOMPARE((*chunk)->errors.size(), size_t(1));
    QCOMPARE((*chunk)->errors.at(0).message, u"no device"_s);
    QCOMPARE((*chunk)->errors.at(0).category, u"ObjectNotFound"_s);
    QCOMPARE((*chunk)->progress.size(), size_t(1));
    QCOMPARE((*chunk)->progress.at(0).percentComplete, 42);
}

void TestPipeline::warningsDoNotFail()
{
    auto invoked = runTask(pool->invoke(PsCommand(u"Get-X"_s), {}));
    cClient("Command");
    side->pipelineId = messagesIn(wire->current()).first().pipelineId;
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->output("<I32>1</I32>"), side->warning("w")}, "Running"));
    cClient("Receive");
    cServer(Soap::received(wire->current(),
        {side->output("<I32>2</I32>"), side->error("e", "E"), side->pipelineState(4)}, "Done"));
    auto* result = invoked.wait();
    QVERIFY(result && *result);
    QCOMPARE((*result)->output.size(), size_t(2));
    QCOMPARE((*result)->output.at(1).toInt64().value(), 2);
    QCOMPARE((*result)->warnings.size(), 1);
    QCOMPARE((*result)->errors.size(), size_t(1));
}

void TestPipeline::failedCommand()
{
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    const QByteArray record
        = PsrpSide::record("The term 'Get-MobileDevice' is not recognized", "CommandNotFoundException", 13,
            "System.Management.Automation.CommandNotFoundException", "ExceptionAsErrorRecord");
    cServer(Soap::received(wire->current(), {side->pipelineState(5, record)}, "Done"));
    auto* chunk = next.wait();
    QVERIFY(chunk && !*chunk);
    QCOMPARE(int(chunk->error().code), int(ErrorCode::CmdletMissing));
    QCOMPARE(chunk->error().origin, u"Get-MobileDevice on https://ex1.contoso.lab/PowerShell/"_s);
    QCOMPARE(pipeline->state(), PipelineState::Failed);
    QVERIFY(pipeline->failure().has_value());
    QCOMPARE(pipeline->failure()->fullyQualifiedErrorId, u"CommandNotFoundException"_s);
}

void TestPipeline::outputBeforeTheFailure()
{
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->output("<S>kept</S>"), side->pipelineState(5)}, "Done"));
    auto* chunk = next.wait();
    QVERIFY(chunk && *chunk);
    QVERIFY(!(*chunk)->last());
    QCOMPARE((*chunk)->output.size(), size_t(1));
    auto end = runTask(pipeline->next({}));
    chunk = end.wait();
    QVERIFY(chunk && !*chunk);
    QCOMPARE(int(chunk->error().code), int(ErrorCode::CmdletFailed));
}

void TestPipeline::doneWithoutState()
{
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {}, "Done"));
    auto* chunk = next.wait();
    QVERIFY(chunk && !*chunk);
    QCOMPARE(int(chunk->error().code), int(ErrorCode::Incomplete));
}

void TestPipeline::stoppedByTheServer()
{
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->pipelineState(3)}, "Done"));
    auto* chunk = next.wait();
    QVERIFY(chunk && !*chunk);
    QCOMPARE(int(chunk->error().code), int(ErrorCode::SessionLost));
}

void TestPipeline::brokenFragments_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("base64 is cut") << 0;
    QTest::newRow("a fragment is missing") << 1;
    QTest::newRow("flags are not defined") << 2;
    QTest::newRow("another pipeline's message") << 3;
    QTest::newRow("for the server") << 4;
    QTest::newRow("unfinished message at the end") << 5;
    QTest::newRow("CLIXML of an error record is broken") << 6;
    QTest::newRow("unknown state") << 7;
    QTest::newRow("two ends") << 8;
}

void TestPipeline::brokenFragments()
{
    QFETCH(int, kind);
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    QList<QByteArray> streams;
    side->fragmentBytes = 30;
    auto pieces
        = side->fragments(MessageType::PipelineOutput, true, "<S>a value that needs several fragments</S>");
    side->fragmentBytes = 0;
    if (kind == 1) {
        pieces.removeAt(1);
        streams = pieces;
    } else if (kind == 2) {
        pieces[0][16] = 0x7C;
        streams = pieces;
    } else if (kind == 3) {
        side->pipelineId = QUuid::createUuid();
        streams = {side->output("<S>x</S>")};
    } else if (kind == 4) {
        QByteArray bytes = side->output("<S>x</S>");
        bytes[21] = 2;
        streams = {bytes};
    } else if (kind == 5) {
        pieces.removeLast();
        streams = pieces + QList<QByteArray>{side->pipelineState(4)};
    } else if (kind == 6) {
        streams = {side->pipelineMessage(MessageType::ErrorRecord, "<Obj><S>")};
    } else if (kind == 7) {
        streams = {side->pipelineState(99)};
    } else if (kind == 8) {
        streams = {side->pipelineState(4), side->pipelineState(4)};
    } else {
        streams = {side->output("<S>x</S>")};
    }
    FakeAnswer answer = Soap::received(wire->current(), streams, kind == 5 ? "Done" : "Running");
    if (kind == 0)
        answer.body.replace("</rsp:Stream>", "A</rsp:Stream>");
    cServer(answer);
    auto* chunk = next.wait();
    QVERIFY(chunk && !*chunk);
    const ErrorCode code = chunk->error().code;
    QVERIFY2(code == ErrorCode::Malformed || code == ErrorCode::Incomplete,
        qPrintable(chunk->error().toLogText()));
    QVERIFY2(!chunk->error().detail.isEmpty(), qPrintable(chunk->error().toLogText()));
    QVERIFY(chunk->error().origin.startsWith(u"Get-MobileDevice"_s));
}

void TestPipeline::manyFragmentsAcrossAnswers()
{
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    const QByteArray large = "<S>" + QByteArray("0123456789").repeated(500) + "</S>";
    side->fragmentBytes = 700;
    const auto pieces = side->fragments(MessageType::PipelineOutput, true, large);
    side->fragmentBytes = 0;
    for (const QByteArray& piece :
        pieces) { // each in an answer of its own, even cut in the middle of a header
        cClient("Receive");
        cServer(Soap::received(wire->current(), {piece.left(10)}, "Running"));
        cClient("Receive");
        cServer(Soap::received(wire->current(), {piece.mid(10)}, "Running"));
    }
    auto* chunk = next.wait();
    QVERIFY(chunk && *chunk);
    QCOMPARE((*chunk)->output.size(), size_t(1));
    QCOMPARE((*chunk)->output.at(0).toByteArray(), large);
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
    auto last = runTask(pipeline->next({}));
    QVERIFY(last.wait() && (*last.wait())->last());
}

void TestPipeline::longCommandGoesInPieces()
{
    PsCommand command(u"Set-X"_s);
    const QString text(900'000, u'y');
    command.with(u"Value"_s, text);
    auto pipeline = pool->pipeline(command);
    side->pipelineId = pipeline->id();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    SeenRequest all = wire->current();
    QVERIFY(all.body.size() <= 512'000);
    cServer(Soap::commanded(wire->current()));
    while (messagesIn(all).isEmpty()) {
        cClient("Send");
        QCOMPARE(wire->current().commandId, all.commandId);
        QVERIFY(wire->current().body.contains("Name=\"stdin\""));
        QVERIFY(wire->current().body.size() <= 512'000);
        all.payloads += wire->current().payloads;
        cServer(Soap::done(wire->current()));
    }
    QVERIFY(messagesIn(all).first().data.contains(text.toUtf8()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
    QVERIFY(next.wait() && *next.wait());
}

void TestPipeline::hostCalls()
{
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    const auto call = [this](const char* id) {
        return side->pipelineMessage(MessageType::PipelineHostCall,
            "<Obj RefId=\"0\"><MS><I64 N=\"ci\">" + QByteArray(id)
                + "</I64><Obj N=\"mi\" "
                  "RefId=\"1\"><ToString>WriteLine2</ToString><I32>16</I32></Obj></MS></Obj>");
    };
    cServer(Soap::received(wire->current(), {call("-100"), call("3")}, "Running"));
    cClient("Send"); // one refusal: the void call wants none
    QVERIFY(wire->current().body.contains("Name=\"pr\""));
    const auto messages = messagesIn(wire->current());
    QCOMPARE(messages.first().type, MessageType::PipelineHostResponse);
    QCOMPARE(messages.first().pipelineId, pipeline->id());
    QVERIFY(messages.first().data.contains("<I64 N=\"ci\">3</I64>"));
    cServer(Soap::done(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
    QVERIFY(next.wait() && *next.wait());
}

void TestPipeline::lostAnswerIsNoticed_data()
{
    QTest::addColumn<bool>("lost");
    QTest::newRow("the server sent it again") << false;
    QTest::newRow("the server believed it delivered") << true;
}

void TestPipeline::lostAnswerIsNoticed()
{
    QFETCH(bool, lost);
    auto pipeline = begin();
    auto first = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cBreak();
    if (lost)
        side->skipObject();
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->output("<S>x</S>"), side->pipelineState(4)}, "Done"));
    auto* chunk = first.wait();
    QVERIFY(chunk && *chunk);
    QCOMPARE((*chunk)->last(), !lost);
    if (!lost)
        return;
    auto second = runTask(pipeline->next({}));
    chunk = second.wait();
    QVERIFY(chunk && !*chunk);
    QCOMPARE(int(chunk->error().code), int(ErrorCode::Incomplete));
}

void TestPipeline::goneShellBreaksThePool()
{
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cServer(Soap::fault(wire->current(), 2150858843, "InvalidSelectors", "the shell is gone"));
    auto* chunk = next.wait();
    QVERIFY(chunk && !*chunk);
    QCOMPARE(int(chunk->error().code), int(ErrorCode::SessionLost));
    QCOMPARE(pool->state(), PoolState::Broken);
    cEmpty(); // no signal into the void
}

void TestPipeline::severalAtOnce()
{
    std::vector<std::unique_ptr<Pipeline>> pipelines;
    std::vector<RunningTask<Expected<PipelineChunk>>> nexts;
    for (int i = 0; i < 6; ++i) {
        pipelines.push_back(pool->pipeline(PsCommand(u"Get-X%1"_s.arg(i))));
        nexts.push_back(runTask(pipelines.back()->next({})));
    }
    QHash<QByteArray, QUuid> running;
    for (int i = 0; i < 4; ++i) {
        cClient("Command");
        running.insert(wire->current().commandId, messagesIn(wire->current()).first().pipelineId);
        cServer(Soap::commanded(wire->current()));
    }
    QTRY_COMPARE(wire->waiting(), 4); // four Receives; two commands wait for their turn
    for (int i = 0; i < 6; ++i) {
        cClient("Receive");
        side->pipelineId = running.value(wire->current().commandId);
        cServer(Soap::received(wire->current(), {side->output("<S>x</S>"), side->pipelineState(4)}, "Done"));
        cClient("Signal");
        cServer(Soap::done(wire->current()));
        if (i < 2) {
            cClient("Command");
            running.insert(wire->current().commandId, messagesIn(wire->current()).first().pipelineId);
            cServer(Soap::commanded(wire->current()));
        }
    }
    for (auto& next : nexts)
        QVERIFY(next.wait() && *next.wait() && (*next.wait())->last());
}

void TestPipeline::releaseDoesNotDelayTheNext()
{
    for (int i = 0; i < 2; ++i) {
        auto pipeline = begin();
        auto next = runTask(pipeline->next({}));
        cClient("Command"); // although the Signal of the first is still unanswered
        cServer(Soap::commanded(wire->current()));
        cClient("Receive");
        cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
        QVERIFY(next.wait() && *next.wait());
    }
    QTRY_COMPARE(wire->waiting(), 2);
    auto closed = runTask(pool->close());
    QCoreApplication::processEvents();
    QVERIFY(!wire->take("Delete", 0)); // not before the signals have arrived
    for (int i = 0; i < 2; ++i) {
        cClient("Signal");
        QCOMPARE(wire->current().signalCode, QByteArray(kTerminate));
        cServer(Soap::done(wire->current()));
    }
    cClient("Delete");
    cServer(Soap::done(wire->current()));
    QVERIFY(closed.wait());
}

void TestPipeline::memoryStaysFlat()
{
    // The same storage serves all chunks when the caller lets go of them: its address repeats.
    auto pipeline = begin();
    QSet<const void*> storages;
    auto first = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    const QByteArray row = "<S>" + QByteArray(2000, 'r') + "</S>";
    for (int i = 0; i < 200; ++i) {
        cClient("Receive");
        QList<QByteArray> streams;
        for (int n = 0; n < 20; ++n)
            streams.append(side->output(row));
        cServer(Soap::received(wire->current(), streams, "Running"));
        auto next = i == 0 ? std::move(first) : runTask(pipeline->next({}));
        auto* chunk = next.wait();
        QVERIFY(chunk && *chunk);
        QCOMPARE((*chunk)->output.size(), size_t(20));
        storages.insert((*chunk)->output.at(0).data());
    }
    QVERIFY2(storages.size() <= 3, qPrintable(QString::number(storages.size())));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
    auto last = runTask(pipeline->next({}));
    QVERIFY(last.wait());
}

void TestPipeline::notAgainAfterTheEnd()
{
    auto pipeline = begin();
    auto next = runTask(pipeline->next({}));
    cClient("Command");
    cServer(Soap::commanded(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {side->pipelineState(4)}, "Done"));
    QVERIFY(next.wait());
    auto again = runTask(pipeline->next({}));
    auto* chunk = again.wait();
    QVERIFY(chunk && !*chunk);
    QCOMPARE(int(chunk->error().code), int(ErrorCode::Internal));
}

void TestPipeline::emptyCommand()
{
    auto pipeline = pool->pipeline(PsCommand());
    auto next = runTask(pipeline->next({}));
    auto* chunk = next.wait();
    QVERIFY(chunk && !*chunk);
    QCOMPARE(int(chunk->error().code), int(ErrorCode::InvalidInput));
    cEmpty();
}

QTEST_GUILESS_MAIN(TestPipeline)
#include "tst_psrp_pipeline.moc"

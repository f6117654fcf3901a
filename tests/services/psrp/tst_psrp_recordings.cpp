// Whole dialogues of a real Windows played to the pool: what it sent, our client must understand.
#include <QTest>

#include "services/psrp/clixml/Object.h"
#include "tests/support/PoolFixture.h"
#include "tests/support/WireRecording.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::psrp;
using namespace postern::test;

class TestRecordings : public QObject
{
    Q_OBJECT
private slots:
    void replay_data();
    void replay();
};

void TestRecordings::replay_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("output");
    QTest::addColumn<int>("errors");
    QTest::addColumn<int>("code"); // of the error that ends the first command; -1: it completes
    const auto row = [](const char* file, int output, int errors = 0, int code = -1) {
        QTest::newRow(file) << QString::fromLatin1(file) + u".yml"_s << output << errors << code;
    };
    row("test_psrp_open_runspace", -1);
    row("test_client_execute_ps", 8);
    row("test_client_execute_ps_environment", -2);
    row("test_client_fetch_file", -2);
    row("test_client_fetch_file_fail_missing", 0, 0, int(ErrorCode::CmdletFailed));
    row("test_client_fetch_file_fail_dir", 0, 0, int(ErrorCode::CmdletFailed));
    row("test_psrp_application_args", -2);
    row("test_psrp_merge_commands", -2, 1);
    row("test_psrp_stream_output_invocation", -2, 1);
    row("test_psrp_pshost_methods", -2);
    row("test_psrp_run_protocol_version_2.2", -2);
    row("test_psrp_with_jea_configuration", -2);
    row("test_psrp_small_msg_size", -2);
}

void TestRecordings::replay()
{
    QFETCH(QString, file);
    QFETCH(int, output);
    QFETCH(int, errors);
    QFETCH(int, code);
    const auto recording
        = WireRecording::load(QStringLiteral(POSTERN_TEST_DATA "/vectors/pypsrp/responses/") + file);
    QVERIFY2(recording, recording ? "" : qPrintable(recording.error().toLogText()));
    PoolFixture fixture(recording->idSource());
    FakeWire* wire = fixture.wire;
    auto opened = runTask(fixture.pool->open({}));
    std::optional<RunningTask<Expected<PipelineResult>>> invoked;
    for (const RecordedRound& round : recording->rounds()) {
        if (round.action == "Get" || round.action == "Send" || round.action == "Signal"
            || round.action == "Delete")
            continue; // input and larger pieces that our command does not need
        if (round.action == "Command") {
            QVERIFY(opened.wait() && *opened.wait());
            if (invoked)
                break; // one command a recording will do
            invoked.emplace(fixture.pool->invoke(PsCommand(u"Get-Anything"_s), {}));
        }
        const bool came = wire->take(round.action, 2000);
        const QString ended = invoked && invoked->done() && !*invoked->wait()
            ? invoked->wait()->error().toLogText()
            : QString();
        QVERIFY2(came, qPrintable(QString::fromLatin1(wire->waitingText()) + ended));
        cServer(WireRecording::answerTo(wire->current(), round));
    }
    QVERIFY(opened.wait() && *opened.wait());
    QVERIFY(fixture.pool->state() == PoolState::Opened);
    if (output == -1) {
        QCOMPARE(fixture.pool->applicationPrivateData().object()->container, clixml::Container::Dictionary);
    } else {
        auto* result = invoked->wait();
        QVERIFY(result);
        QVERIFY2(result->has_value() == (code == -1),
            qPrintable(result->has_value() ? u"completed"_s : result->error().toLogText()));
        if (code != -1) {
            QCOMPARE(int(result->error().code), code);
            QVERIFY(!result->error().detail.isEmpty());
        } else {
            if (output >= 0)
                QCOMPARE(int((*result)->output.size()), output);
            else
                QVERIFY(!(*result)->output.empty() || !(*result)->warnings.isEmpty());
            QCOMPARE(int((*result)->errors.size()), errors);
        }
    }
    QVERIFY(fixture.close());
}

QTEST_GUILESS_MAIN(TestRecordings)
#include "tst_psrp_recordings.moc"

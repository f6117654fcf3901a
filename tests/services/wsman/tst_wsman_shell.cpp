// A shell's life: ids, the long poll, broken reads that are sent again, faults, Delete whatever happened.
#include <QTest>

#include "services/wsman/Shell.h"
#include "tests/support/FakeWire.h"
#include "tests/support/RunTask.h"
#include "tests/support/Soap.h"
#include "tests/support/WireRecording.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::wsman;
using namespace postern::test;

namespace {

ShellPlan plan()
{
    ShellPlan p;
    p.proposedId = "76056A84-51DC-4F24-9262-CA2A55464B2B";
    p.inputStreams = "stdin pr";
    p.outputStreams = "stdout";
    return p;
}

} // namespace

class TestShell : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void usesTheServersId();
    void pollsUntilThereIsNews();
    void sendsBrokenReadsAgain();
    void givesUpAfterFive();
    void waitsForABusyServer();
    void doesNotRepeatACommand();
    void goneShell();
    void deletesWhatMayExist();
    void deleteOfAForgottenShell();
    void cancelOfAPoll();
    void replaysTheRecordedPolls();

private:
    bool createShell(const QByteArray& id);
    std::unique_ptr<Client> m_client;
    std::unique_ptr<Shell> m_shell;
    FakeWire* wire = nullptr;
};

void TestShell::init()
{
    Endpoint e;
    e.url = QUrl(u"https://ex1.contoso.lab/PowerShell/"_s);
    e.signIn = SignIn::Basic;
    e.user = u"u"_s;
    auto network = std::make_unique<FakeWire>();
    wire = network.get();
    m_client = std::make_unique<Client>(e, std::move(network));
    m_shell = std::make_unique<Shell>(*m_client);
}

void TestShell::cleanup()
{
    if (m_shell->isOpen()) {
        auto removed = runTask(m_shell->remove());
        cClient("Delete");
        cServer(Soap::done(wire->current()));
        QVERIFY(removed.wait());
    }
    cEmpty();
    m_shell.reset();
    m_client.reset();
}

bool TestShell::createShell(const QByteArray& id)
{
    auto created = runTask(m_shell->create(plan(), {}));
    if (!wire->take("Create"))
        return false;
    wire->answer(Soap::created(wire->current(), id));
    auto* result = created.wait();
    return result && *result;
}

void TestShell::usesTheServersId()
{
    QVERIFY(createShell("AAAAAAAA-0000-0000-0000-000000000001"));
    QCOMPARE(m_shell->id(), QByteArray("AAAAAAAA-0000-0000-0000-000000000001"));
    auto commanded = runTask(m_shell->command("C1", "payload", {}));
    cClient("Command");
    QCOMPARE(wire->current().shellId, m_shell->id());
    SeenRequest renamed = wire->current();
    renamed.commandId = "SERVERS-OWN";
    cServer(Soap::commanded(renamed));
    auto* id = commanded.wait();
    QVERIFY(id && *id);
    QCOMPARE(**id, QByteArray("SERVERS-OWN"));
}

void TestShell::pollsUntilThereIsNews()
{
    QVERIFY(createShell("S"));
    auto received = runTask(m_shell->receive("C1", {}));
    for (int i = 0; i < 7; ++i) { // more than the retries of a broken read
        cClient("Receive");
        QCOMPARE(wire->current().commandId, QByteArray("C1"));
        cServer(Soap::timedOut(wire->current()));
    }
    cClient("Receive");
    cServer(Soap::received(wire->current(), {"news"}, "Done"));
    auto* news = received.wait();
    QVERIFY(news && *news);
    QCOMPARE((*news)->resent, 0);
    QCOMPARE((*news)->answer.commandState, CommandState::Done);
}

void TestShell::sendsBrokenReadsAgain()
{
    QVERIFY(createShell("S"));
    auto received = runTask(m_shell->receive({}, {}));
    cClient("Receive");
    wire->breakOff(QNetworkReply::RemoteHostClosedError);
    cClient("Receive");
    wire->breakOff(QNetworkReply::TimeoutError);
    cClient("Receive");
    cServer(Soap::received(wire->current(), {"news"}));
    auto* news = received.wait();
    QVERIFY(news && *news);
    QCOMPARE((*news)->resent, 2);
}

void TestShell::givesUpAfterFive()
{
    QVERIFY(createShell("S"));
    auto received = runTask(m_shell->receive({}, {}));
    for (int i = 0; i <= Shell::receiveRetries; ++i) {
        cClient("Receive");
        cBreak();
    }
    auto* news = received.wait();
    QVERIFY(news && !*news);
    QCOMPARE(int(news->error().code), int(ErrorCode::ConnectionLost));
}

void TestShell::waitsForABusyServer()
{
    QVERIFY(createShell("S"));
    auto received = runTask(m_shell->receive({}, {}));
    cClient("Receive");
    FakeAnswer busy(QByteArray(), 503);
    busy.with("Retry-After", "0");
    cServer(busy);
    cClient("Receive");
    cServer(Soap::received(wire->current(), {}));
    auto* news = received.wait();
    QVERIFY(news && *news);
    QCOMPARE((*news)->resent, 0);
}

void TestShell::doesNotRepeatACommand()
{
    QVERIFY(createShell("S"));
    auto commanded = runTask(m_shell->command("C1", "Set-CASMailbox", {}));
    cClient("Command");
    cBreak();
    auto* id = commanded.wait();
    QVERIFY(id && !*id);
    QCOMPARE(int(id->error().code), int(ErrorCode::ConnectionLost));
    cEmpty();
}

void TestShell::goneShell()
{
    QVERIFY(createShell("S"));
    auto received = runTask(m_shell->receive("C1", {}));
    cClient("Receive");
    cServer(
        Soap::fault(wire->current(), 2150858843, "InvalidSelectors", "invalid selectors for the resource"));
    auto* news = received.wait();
    QVERIFY(news && !*news);
    QCOMPARE(int(news->error().code), int(ErrorCode::SessionLost));
}

void TestShell::deletesWhatMayExist()
{
    auto created = runTask(m_shell->create(plan(), {}));
    cClient("Create");
    cBreak(); // the answer was lost, perhaps not the request
    auto* result = created.wait();
    QVERIFY(result && !*result);
    auto removed = runTask(m_shell->remove());
    cClient("Delete");
    QCOMPARE(wire->current().shellId, plan().proposedId);
    cServer(Soap::fault(wire->current(), 2150858843, "InvalidSelectors", "unknown"));
    auto* gone = removed.wait();
    QVERIFY(gone && *gone);

    // A refusal made no shell: nothing to delete.
    auto refused = runTask(m_shell->create(plan(), {}));
    cClient("Create");
    cServer(Soap::fault(wire->current(), 2150859173, "QuotaLimit", "18 concurrent shells"));
    QVERIFY(refused.wait());
    QVERIFY(!m_shell->isOpen());
}

void TestShell::deleteOfAForgottenShell()
{
    QVERIFY(createShell("S"));
    auto removed = runTask(m_shell->remove());
    cClient("Delete");
    cServer(Soap::fault(wire->current(), 2150858843, "InvalidSelectors", "unknown"));
    auto* gone = removed.wait();
    QVERIFY(gone && *gone);
    QVERIFY(!m_shell->isOpen());
}

void TestShell::cancelOfAPoll()
{
    QVERIFY(createShell("S"));
    std::stop_source stop;
    auto received = runTask(m_shell->receive({}, stop.get_token()));
    cClient("Receive");
    stop.request_stop();
    auto* news = received.wait();
    QVERIFY(news && !*news);
    QCOMPARE(int(news->error().code), int(ErrorCode::Cancelled));
    cEmpty();

    // In the pause before a broken read is sent again.
    std::stop_source second;
    auto again = runTask(m_shell->receive({}, second.get_token()));
    cClient("Receive");
    cBreak();
    second.request_stop();
    news = again.wait();
    QVERIFY(news && !*news);
    QCOMPARE(int(news->error().code), int(ErrorCode::Cancelled));
}

// A command of cmd.exe that says nothing for a while: two time-outs between the output, from a real server.
void TestShell::replaysTheRecordedPolls()
{
    const auto recording = WireRecording::load(
        QStringLiteral(POSTERN_TEST_DATA "/vectors/pypsrp/responses/test_winrs_operation_timeout.yml"));
    QVERIFY2(recording, recording ? "" : qPrintable(recording.error().toLogText()));
    const auto& rounds = recording->rounds();
    QCOMPARE(rounds.at(0).action, QByteArray("Create"));
    QVERIFY(createShell(readAnswer(rounds.at(0).answer)->shellId));
    qsizetype at = 2;
    QCOMPARE(rounds.at(at).action, QByteArray("Receive"));
    const QByteArray command = readAnswer(rounds.at(1).answer)->commandId;
    int answers = 0;
    bool done = false;
    while (!done) {
        auto received = runTask(m_shell->receive(command, {}));
        do {
            cClient("Receive");
            cServer(WireRecording::answerTo(wire->current(), rounds.at(at)));
        } while (rounds.at(at++).isFault);
        auto* news = received.wait();
        QVERIFY(news && *news);
        ++answers;
        done = (*news)->answer.commandState == CommandState::Done;
    }
    QCOMPARE(answers, 2);
    QCOMPARE(rounds.at(at).action, QByteArray("Signal"));
}

QTEST_GUILESS_MAIN(TestShell)
#include "tst_wsman_shell.moc"

// Opening and closing a pool, what a server may answer instead, numbers of runspaces.
#include <QTest>

#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"
#include "tests/support/PoolFixture.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::psrp;
using namespace postern::test;

class TestPool : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void opens();
    void versions_data();
    void versions();
    void brokenWhileOpening();
    void opensOnlyOnce();
    void refusedCreateNeedsNoDelete();
    void hostileHandshakes_data();
    void hostileHandshakes();
    void cancelBeforeStart();
    void cancelInFlight_data();
    void cancelInFlight();
    void setRunspaces();
    void questionsDoNotMixAnswers();
    void stateBrokenLater();
    void refusesHostCalls();
    void keyExchange();
    void closeTwiceAndUnopened();

private:
    std::unique_ptr<PoolFixture> m_fixture;
    FakeWire* wire = nullptr;
    RunspacePool* pool = nullptr;
};

void TestPool::init()
{
    m_fixture = std::make_unique<PoolFixture>();
    wire = m_fixture->wire;
    pool = m_fixture->pool.get();
}

void TestPool::cleanup()
{
    QVERIFY(m_fixture->close());
    m_fixture.reset();
}

void TestPool::opens()
{
    auto opened = runTask(pool->open({}));
    cClient("Create");
    const SeenRequest create = wire->current();
    QVERIFY(create.body.contains("<w:Option Name=\"protocolversion\" MustComply=\"true\">2.3</w:Option>"));
    QVERIFY(create.body.contains("ShellId=\"" + pool->id().toByteArray(QUuid::WithoutBraces).toUpper()));
    const auto messages = messagesIn(create);
    QCOMPARE(messages.size(), 2);
    QCOMPARE(messages.at(0).type, MessageType::SessionCapability);
    QCOMPARE(messages.at(1).type, MessageType::InitRunspacePool);
    QCOMPARE(messages.at(1).runspacePoolId, pool->id());
    QCOMPARE(decodeFragment(create.payloads.first())->objectId, quint64(1)); // ids count up
    cServer(Soap::created(wire->current(), "SERVER-SHELL"));
    cClient("Receive");
    QCOMPARE(wire->current().shellId, QByteArray("SERVER-SHELL"));
    QCOMPARE(wire->current().commandId, QByteArray());
    cServer(Soap::received(wire->current(), {m_fixture->side.capability(), m_fixture->side.privateData()}));
    cClient("Receive");
    QVERIFY(!opened.done());
    cServer(Soap::timedOut(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {m_fixture->side.poolState(2)}));
    auto* result = opened.wait();
    QVERIFY(result && *result);
    QCOMPARE(pool->state(), PoolState::Opened);
    QCOMPARE(pool->protocolMinor(), 3);
    QVERIFY(pool->applicationPrivateData().isNil());
    cEmpty();
}

void TestPool::versions_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<int>("minor"); // 0: refused
    QTest::newRow("2.1") << QByteArray("2.1") << 1;
    QTest::newRow("2.2") << QByteArray("2.2") << 2;
    QTest::newRow("2.9 is used as 2.3") << QByteArray("2.9") << 3;
    QTest::newRow("3.0") << QByteArray("3.0") << 0;
    QTest::newRow("1.5") << QByteArray("1.5") << 0;
}

void TestPool::versions()
{
    QFETCH(QByteArray, version);
    QFETCH(int, minor);
    auto opened = runTask(pool->open({}));
    cClient("Create");
    cServer(Soap::created(wire->current(), "S"));
    cClient("Receive");
    cServer(
        Soap::received(wire->current(), {m_fixture->side.capability(version), m_fixture->side.poolState(2)}));
    auto* result = opened.wait();
    QVERIFY(result);
    QCOMPARE(result->has_value(), minor != 0);
    if (minor == 0)
        QCOMPARE(int(result->error().code), int(ErrorCode::Unsupported));
    else
        QCOMPARE(pool->protocolMinor(), minor);
}

void TestPool::brokenWhileOpening()
{
    auto opened = runTask(pool->open({}));
    cClient("Create");
    cServer(Soap::created(wire->current(), "S"));
    cClient("Receive");
    const QByteArray record = PsrpSide::record(
        "Access is denied for this user.", "X", 18, "System.Exception", "ExceptionAsErrorRecord");
    cServer(Soap::received(
        wire->current(), {m_fixture->side.capability(), m_fixture->side.poolState(5, record)}));
    auto* result = opened.wait();
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::AccessDenied));
    QVERIFY(result->error().detail.contains(u"Access is denied"_s));
    QCOMPARE(pool->state(), PoolState::Broken);
    QVERIFY(m_fixture->close());
    QVERIFY(m_fixture->deleted); // also after an error
}

void TestPool::opensOnlyOnce()
{
    QVERIFY(m_fixture->open());
    auto again = runTask(pool->open({}));
    auto* result = again.wait();
    QVERIFY(result && !*result);
    cEmpty();
}

void TestPool::refusedCreateNeedsNoDelete()
{
    auto opened = runTask(pool->open({}));
    cClient("Create");
    cServer(Soap::fault(wire->current(), 2150859173, "QuotaLimit", "a maximum of 18 concurrent shells"));
    auto* result = opened.wait();
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::TooManySessions));
    QVERIFY(m_fixture->close());
    QVERIFY(!m_fixture->deleted);
}

void TestPool::hostileHandshakes_data()
{
    QTest::addColumn<QByteArray>("stream");
    PsrpSide other;
    other.poolId = QUuid::createUuid();
    QTest::newRow("not a fragment") << QByteArray(100, '\xFF');
    QTest::newRow("another pool's state") << other.poolState(2);
    PsrpSide nobody;
    QTest::newRow("open without capability") << nobody.poolState(2);
    QTest::newRow("no CLIXML") << nobody.poolMessage(MessageType::SessionCapability, "<Obj");
    QTest::newRow("DTD") << PsrpSide().poolMessage(MessageType::SessionCapability, "<!DOCTYPE x><Obj/>");
}

void TestPool::hostileHandshakes()
{
    QFETCH(QByteArray, stream);
    auto opened = runTask(pool->open({}));
    cClient("Create");
    cServer(Soap::created(wire->current(), "S"));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {stream}));
    auto* result = opened.wait();
    QVERIFY(result && !*result);
    QVERIFY(result->error().code == ErrorCode::Malformed || result->error().code == ErrorCode::LimitExceeded);
    QVERIFY(!result->error().detail.isEmpty());
    QCOMPARE(pool->state(), PoolState::Broken);
}

void TestPool::cancelBeforeStart()
{
    std::stop_source stop;
    stop.request_stop();
    auto opened = runTask(pool->open(stop.get_token()));
    auto* result = opened.wait();
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::Cancelled));
    QCOMPARE(wire->sent(), 0);
}

void TestPool::cancelInFlight_data()
{
    QTest::addColumn<int>("step");
    QTest::newRow("Create") << 0;
    QTest::newRow("Receive") << 1;
}

void TestPool::cancelInFlight()
{
    QFETCH(int, step);
    std::stop_source stop;
    auto opened = runTask(pool->open(stop.get_token()));
    cClient("Create");
    if (step == 1) {
        cServer(Soap::created(wire->current(), "S"));
        cClient("Receive");
    }
    stop.request_stop();
    auto* result = opened.wait();
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::Cancelled));
    QVERIFY(m_fixture->close());
    QVERIFY(m_fixture->deleted); // the server may have made the shell
}

void TestPool::setRunspaces()
{
    QVERIFY(m_fixture->open());
    auto set = runTask(pool->setMaxRunspaces(3, {}));
    cClient("Send");
    const auto messages = messagesIn(wire->current());
    QCOMPARE(messages.size(), 1);
    QCOMPARE(messages.first().type, MessageType::SetMaxRunspaces);
    QVERIFY(messages.first().data.contains("<I32 N=\"MaxRunspaces\">3</I32>"));
    QVERIFY(messages.first().data.contains("<I64 N=\"CI\">1</I64>"));
    cServer(Soap::done(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(),
        {m_fixture->side.poolMessage(MessageType::RunspaceAvailability,
            "<Obj RefId=\"0\"><MS><B N=\"SetMinMaxRunspacesResponse\">true</B><I64 "
            "N=\"ci\">1</I64></MS></Obj>")}));
    auto* yes = set.wait();
    QVERIFY(yes && *yes);
    QCOMPARE(**yes, true);

    auto count = runTask(pool->availableRunspaces({}));
    cClient("Send");
    QCOMPARE(messagesIn(wire->current()).first().type, MessageType::GetAvailableRunspaces);
    cServer(Soap::done(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(),
        {m_fixture->side.poolMessage(MessageType::RunspaceAvailability,
            "<Obj RefId=\"0\"><MS><I64 N=\"SetMinMaxRunspacesResponse\">2</I64><I64 "
            "N=\"ci\">2</I64></MS></Obj>")}));
    auto* number = count.wait();
    QVERIFY(number && *number);
    QCOMPARE(**number, 2);
}

void TestPool::questionsDoNotMixAnswers()
{
    QVERIFY(m_fixture->open());
    auto first = runTask(pool->setMaxRunspaces(3, {}));
    auto second = runTask(pool->setMinRunspaces(9, {}));
    cClient("Send");
    cServer(Soap::done(wire->current()));
    cClient("Receive");
    cEmpty(); // only one Receive may be open, so the second waits
    const auto availability = [this](const char* response, const char* ci) {
        return m_fixture->side.poolMessage(MessageType::RunspaceAvailability,
            "<Obj RefId=\"0\"><MS><B N=\"SetMinMaxRunspacesResponse\">" + QByteArray(response)
                + "</B><I64 N=\"ci\">" + ci + "</I64></MS></Obj>");
    };
    cServer(Soap::received(wire->current(), {availability("false", "77"), availability("true", "1")}));
    QVERIFY(first.wait());
    cClient("Send");
    cServer(Soap::done(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {availability("false", "2")}));
    QVERIFY(second.wait());
    QCOMPARE(**first.wait(), true);
    QCOMPARE(**second.wait(), false);
}

void TestPool::stateBrokenLater()
{
    QVERIFY(m_fixture->open());
    auto set = runTask(pool->setMaxRunspaces(3, {}));
    cClient("Send");
    cServer(Soap::done(wire->current()));
    cClient("Receive");
    cServer(Soap::received(wire->current(), {m_fixture->side.poolState(3)}));
    auto* answer = set.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code), int(ErrorCode::SessionLost));
    QCOMPARE(pool->state(), PoolState::Closed);
    auto invoke = runTask(pool->invoke(PsCommand(u"Get-X"_s), {}));
    auto* refused = invoke.wait();
    QVERIFY(refused && !*refused);
    QCOMPARE(int(refused->error().code), int(ErrorCode::SessionLost));
}

void TestPool::refusesHostCalls()
{
    QVERIFY(m_fixture->open());
    auto set = runTask(pool->setMaxRunspaces(3, {}));
    cClient("Send");
    cServer(Soap::done(wire->current()));
    cClient("Receive");
    const QByteArray call
        = "<Obj RefId=\"0\"><MS><I64 N=\"ci\">5</I64><Obj N=\"mi\" RefId=\"1\"><TN RefId=\"0\">"
          "<T>System.Management.Automation.Remoting.RemoteHostMethodId</T><T>System.Enum</T></TN>"
          "<ToString>PromptForChoice</ToString><I32>26</I32></Obj></MS></Obj>";
    cServer(Soap::received(wire->current(),
        {m_fixture->side.poolMessage(MessageType::RunspacePoolHostCall, call),
            m_fixture->side.poolMessage(MessageType::RunspaceAvailability,
                "<Obj RefId=\"0\"><MS><B N=\"SetMinMaxRunspacesResponse\">true</B><I64 "
                "N=\"ci\">1</I64></MS></Obj>")}));
    QVERIFY(set.wait());
    cClient("Send");
    QVERIFY(wire->current().body.contains("Name=\"pr\""));
    const auto messages = messagesIn(wire->current());
    QCOMPARE(messages.first().type, MessageType::RunspacePoolHostResponse);
    QVERIFY(messages.first().data.contains("<I64 N=\"ci\">5</I64>"));
    QVERIFY(messages.first().data.contains("N=\"me\""));
    cServer(Soap::done(wire->current()));
}

void TestPool::keyExchange()
{
    auto opened = runTask(pool->open({}));
    cClient("Create");
    cServer(Soap::created(wire->current(), "S"));
    cClient("Receive");
    cServer(Soap::received(wire->current(),
        {m_fixture->side.capability(), m_fixture->side.poolMessage(MessageType::PublicKeyRequest, {})}));
    auto* result = opened.wait();
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::Unsupported));
}

void TestPool::closeTwiceAndUnopened()
{
    auto closed = runTask(pool->close());
    QVERIFY(closed.wait());
    QCOMPARE(wire->sent(), 0);
    QCOMPARE(pool->state(), PoolState::Closed);
    auto again = runTask(pool->close());
    QVERIFY(again.wait());
    auto opened = runTask(pool->open({}));
    QVERIFY(opened.wait() && !*opened.wait());
}

QTEST_GUILESS_MAIN(TestPool)
#include "tst_psrp_pool.moc"

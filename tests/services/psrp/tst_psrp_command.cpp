// CREATE_PIPELINE as we write it against the same message as pypsrp sent it to a real server; typed
// parameters.
#include <QTest>

#include "services/psrp/HostInfo.h"
#include "services/psrp/PsCommand.h"
#include "services/psrp/clixml/Object.h"
#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/Writer.h"
#include "tests/support/FakeWire.h"
#include "tests/support/Soap.h"
#include "tests/support/WireRecording.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::psrp;
using namespace postern::test;
using clixml::Value;

namespace {

// The messages of one type that a recording's client sent.
QList<Value> sent(const QString& file, MessageType type)
{
    QList<Value> values;
    const auto recording
        = WireRecording::load(QStringLiteral(POSTERN_TEST_DATA "/vectors/pypsrp/responses/") + file);
    if (!recording)
        return values;
    FakeWire wire;
    for (const auto& round : recording->rounds()) {
        std::unique_ptr<QNetworkReply> reply(
            wire.post(QNetworkRequest(QUrl(u"https://r/"_s)), round.request));
        if (!wire.take(round.action, 0))
            continue;
        for (const Message& message : messagesIn(wire.current())) {
            const auto value = clixml::Reader().read(message.data);
            if (message.type == type && value)
                values.append(*value);
        }
    }
    return values;
}

QString lines(const Value& value)
{
    return QString::fromUtf8(clixml::Writer().write(value)).replace(u"><"_s, u">\n<"_s);
}

Value parameter(const PsCommand& command, int index)
{
    const Value message = createPipelineMessage(command, 3);
    const auto& steps = message.property(u"PowerShell").property(u"Cmds").object()->items;
    return steps.front().property(u"Args").object()->items.at(size_t(index)).property(u"V");
}

} // namespace

class TestCommand : public QObject
{
    Q_OBJECT
private slots:
    void openingIsAsRecorded();
    void statementsAreAsRecorded();
    void typesOfParameters();
    void pipes();
    void olderVersionsGetLess_data();
    void olderVersionsGetLess();
    void summaryHasNoValues();
};

void TestCommand::openingIsAsRecorded()
{
    const auto capability = sent(u"test_psrp_open_runspace.yml"_s, MessageType::SessionCapability);
    QCOMPARE(capability.size(), 1);
    QCOMPARE(lines(sessionCapability()), lines(capability.first()));
    const auto init = sent(u"test_psrp_open_runspace.yml"_s, MessageType::InitRunspacePool);
    QCOMPARE(init.size(), 1);
    QCOMPARE(lines(initRunspacePool(1, 1)), lines(init.first()));
}

void TestCommand::statementsAreAsRecorded()
{
    const auto recorded = sent(u"test_psrp_multiple_commands.yml"_s, MessageType::CreatePipeline);
    QCOMPARE(recorded.size(), 1);
    // Say the same again from the recording's own parts.
    PsCommand command;
    const auto& statements = recorded.first().property(u"PowerShell").property(u"ExtraCmds").object()->items;
    for (const Value& statement : statements) {
        PsCommand one;
        for (const Value& step : statement.property(u"Cmds").object()->items) {
            PsCommand next = *step.property(u"IsScript").toBoolean()
                ? PsCommand::script(step.property(u"Cmd").text())
                : PsCommand(step.property(u"Cmd").text());
            for (const Value& argument : step.property(u"Args").object()->items)
                next.with(argument.property(u"N").text(), argument.property(u"V"));
            if (one.isEmpty())
                one = next;
            else
                one.pipe(next);
        }
        command = command.isEmpty() ? one : command.then(one);
    }
    const Value ours = createPipelineMessage(command, 3);
    // AddInvocationInfo is the one thing we do not ask for.
    QCOMPARE(ours.property(u"RemoteStreamOptions").property(u"x").isNil(), true);
    QString left = lines(ours), right = lines(recorded.first());
    left.replace(u"<ToString>None</ToString>\n<I32>0</I32>\n</Obj>\n<B N=\"AddToHistory\">"_s,
        u"<ToString>AddInvocationInfo</ToString>\n<I32>15</I32>\n</Obj>\n<B N=\"AddToHistory\">"_s);
    QCOMPARE(left, right);
}

void TestCommand::typesOfParameters()
{
    PsCommand command(u"Set-CASMailbox"_s);
    command.with(u"Identity"_s, u"'; Remove-Mailbox x #"_s)
        .with(u"ActiveSyncAllowedDeviceIDs"_s, Value::addRemove({u"A1"_s}, {u"B2"_s}))
        .withSwitch(u"WhatIf"_s)
        .with(u"Confirm"_s, false)
        .with(u"ResultSize"_s, 10)
        .with(u"Policy"_s, Value());
    QCOMPARE(parameter(command, 0), Value::fromText(u"'; Remove-Mailbox x #"_s));
    QVERIFY(parameter(command, 1).hasType(u"System.Collections.Hashtable"));
    QCOMPARE(parameter(command, 2), Value::fromBoolean(true));
    QCOMPARE(parameter(command, 3), Value::fromBoolean(false));
    QCOMPARE(parameter(command, 4), Value::fromInt32(10));
    QVERIFY(parameter(command, 5).isNil());
    const Value message = createPipelineMessage(command, 3);
    const auto& steps = message.property(u"PowerShell").property(u"Cmds").object()->items;
    QCOMPARE(steps.front().property(u"IsScript"), Value::fromBoolean(false));
}

void TestCommand::pipes()
{
    PsCommand command(u"Get-CASMailbox"_s);
    command.with(u"Filter"_s, u"x"_s);
    PsCommand second(u"Get-MobileDeviceStatistics"_s);
    command.pipe(second);
    const Value message = createPipelineMessage(command, 3);
    QVERIFY(message.property(u"PowerShell").property(u"ExtraCmds").isNil());
    QCOMPARE(message.property(u"PowerShell").property(u"Cmds").object()->items.size(), size_t(2));
    PsCommand third(u"Get-X"_s);
    command.then(third);
    const Value two = createPipelineMessage(command, 3);
    QCOMPARE(two.property(u"PowerShell").property(u"ExtraCmds").object()->items.size(), size_t(2));
    QCOMPARE(two.property(u"PowerShell").property(u"Cmds").object()->items.size(), size_t(2));
}

void TestCommand::olderVersionsGetLess_data()
{
    QTest::addColumn<int>("minor");
    QTest::addColumn<bool>("debug");
    QTest::addColumn<bool>("information");
    QTest::newRow("2.1") << 1 << false << false;
    QTest::newRow("2.2") << 2 << true << false;
    QTest::newRow("2.3") << 3 << true << true;
}

void TestCommand::olderVersionsGetLess()
{
    QFETCH(int, minor);
    QFETCH(bool, debug);
    QFETCH(bool, information);
    const Value message = createPipelineMessage(PsCommand(u"Get-X"_s), minor);
    const Value& step = message.property(u"PowerShell").property(u"Cmds").object()->items.front();
    QCOMPARE(step.hasProperty(u"MergeDebug"), debug);
    QCOMPARE(step.hasProperty(u"MergeInformation"), information);
}

void TestCommand::summaryHasNoValues()
{
    PsCommand command(u"Set-X"_s);
    command.with(u"Identity"_s, u"secret"_s).pipe(PsCommand(u"Get-Y"_s)).then(PsCommand::script(u"secret"_s));
    QCOMPARE(command.summary(), u"Set-X -Identity | Get-Y; (script)"_s);
}

QTEST_GUILESS_MAIN(TestCommand)
#include "tst_psrp_command.moc"

// Error records, warnings and progress: from recordings of a real PowerShell, and what each error becomes for
// callers.
#include <QDirIterator>
#include <QTest>

#include "services/psrp/ErrorRecord.h"
#include "services/psrp/Fragment.h"
#include "services/psrp/PipelineDecoder.h"
#include "services/psrp/clixml/Base64.h"
#include "services/psrp/clixml/Reader.h"
#include "tests/support/Soap.h"
#include "tests/support/WireRecording.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::psrp;
using namespace postern::test;

class TestRecords : public QObject
{
    Q_OBJECT
private slots:
    void everyRecordedRecordReads();
    void meaning_data();
    void meaning();
    void exceptionNames();
    void missingParts();
    void ledger();

private:
    ErrorRecord made(
        const QByteArray& id, int category, const QByteArray& type, const QByteArray& message = "m");
};

ErrorRecord TestRecords::made(
    const QByteArray& id, int category, const QByteArray& type, const QByteArray& message)
{
    const auto value = clixml::Reader().read(PsrpSide::record(message, id, category, type, {}));
    return value ? readErrorRecord(*value) : ErrorRecord();
}

void TestRecords::everyRecordedRecordReads()
{
    int errors = 0, warnings = 0, progress = 0;
    QDirIterator files(QStringLiteral(POSTERN_TEST_DATA "/vectors/pypsrp/responses"),
        {u"test_psrp*.yml"_s, u"test_client*.yml"_s});
    while (files.hasNext()) {
        const auto recording = WireRecording::load(files.next());
        QVERIFY(recording);
        Defragmenter stream;
        for (const auto& round : recording->rounds()) {
            if (round.action == "Create")
                stream.reset();
            const auto answer = wsman::readAnswer(round.answer);
            if (!answer)
                continue;
            for (const auto& text : answer->streams) {
                const auto bytes = clixml::Base64::decode(text.base64);
                if (!bytes)
                    continue;
                const auto messages = stream.feed(*bytes);
                if (!messages)
                    break; // cmd.exe, whose streams are plain text
                for (const QByteArray& one : *messages) {
                    const auto message = decodeMessage(one);
                    QVERIFY(message);
                    const auto value = clixml::Reader().read(message->data);
                    if (message->type == MessageType::ErrorRecord) {
                        const ErrorRecord record = readErrorRecord(*value);
                        QVERIFY(!record.message.isEmpty());
                        QVERIFY(!record.fullyQualifiedErrorId.isEmpty());
                        QVERIFY(!record.category.isEmpty());
                        QVERIFY(record.exceptionIs(u"Exception"));
                        ++errors;
                    } else if (message->type == MessageType::WarningRecord) {
                        QVERIFY(!readInformationalText(*value).isEmpty());
                        ++warnings;
                    } else if (message->type == MessageType::ProgressRecord) {
                        QVERIFY(!readProgress(*value).activity.isEmpty());
                        ++progress;
                    }
                }
            }
        }
    }
    qInfo() << errors << "error records," << warnings << "warnings," << progress << "progress records";
    QVERIFY(errors >= 3);
    QVERIFY(warnings >= 2);
    QVERIFY(progress >= 5);
}

void TestRecords::meaning_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<int>("category");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<int>("expected");
    const auto row = [](const char* name, const char* id, int category, const char* type, ErrorCode code) {
        QTest::newRow(name) << QByteArray(id) << category << QByteArray(type) << int(code);
    };
    row("no such cmdlet", "CommandNotFoundException", 13,
        "System.Management.Automation.CommandNotFoundException", ErrorCode::CmdletMissing);
    row("no such parameter", "NamedParameterNotFound,Get-MobileDevice", 5,
        "System.Management.Automation.ParameterBindingException", ErrorCode::ParameterMissing);
    row("no language", "ScriptsNotAllowed", 0, "System.Management.Automation.PSInvalidOperationException",
        ErrorCode::AccessDenied);
    row("bad value", "ParameterArgumentTransformationError,Get-MobileDevice", 6, "System.Exception",
        ErrorCode::InvalidInput);
    row("no such mailbox",
        "[Server=EX1,RequestId=1,TimeStamp=2] [FailureCategory=Cmdlet-ManagementObjectNotFoundException] "
        "5F4D,Microsoft.Exchange.X",
        7, "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException", ErrorCode::NotFound);
    row("over budget", "1,Y", 0, "Microsoft.Exchange.Data.Storage.OverBudgetException",
        ErrorCode::ServerBusy);
    row("permission by category", "X,Y", 18, "System.Exception", ErrorCode::AccessDenied);
    row("not found by category", "X,Y", 13, "System.Exception", ErrorCode::NotFound);
    row("anything else", "X,Y", 7, "System.InvalidOperationException", ErrorCode::CmdletFailed);
    row("a category from the future", "X,Y", 4711, "System.Exception", ErrorCode::CmdletFailed);
}

void TestRecords::meaning()
{
    QFETCH(QByteArray, id);
    QFETCH(int, category);
    QFETCH(QByteArray, type);
    QFETCH(int, expected);
    const Error error = toError(made(id, category, type, "the server's words"), u"Get-X on ex1"_s);
    QCOMPARE(int(error.code), expected);
    QCOMPARE(error.detail, u"the server's words"_s);
    QCOMPARE(error.origin, u"Get-X on ex1"_s);
}

void TestRecords::exceptionNames()
{
    const ErrorRecord record = made("X", 0, "Deserialized.Microsoft.Exchange.FooException");
    QCOMPARE(record.exceptionType, u"Microsoft.Exchange.FooException"_s);
    QVERIFY(record.exceptionIs(u"FooException"));
    QVERIFY(record.exceptionIs(u"microsoft.exchange.fooexception"));
    QVERIFY(record.exceptionIs(u"System.Exception"));
    QVERIFY(!record.exceptionIs(u"oException"));
}

void TestRecords::missingParts()
{
    QCOMPARE(readErrorRecord(clixml::Value()).message, QString());
    QCOMPARE(readErrorRecord(clixml::Value::fromText(u"just text"_s)).message, u"just text"_s);
    QCOMPARE(int(toError(ErrorRecord(), {}).code), int(ErrorCode::CmdletFailed));
    QCOMPARE(readProgress(clixml::Value()).percentComplete, -1);
}

void TestRecords::ledger()
{
    ObjectLedger ledger;
    QVERIFY(!ledger.hasGap());
    for (const quint64 id : {1u, 2u, 5u, 4u, 2u})
        ledger.saw(id);
    QVERIFY(ledger.hasGap());
    ledger.saw(3);
    QVERIFY(!ledger.hasGap());
    ledger.note("too short");
    QVERIFY(!ledger.hasGap());
}

QTEST_GUILESS_MAIN(TestRecords)
#include "tst_psrp_records.moc"

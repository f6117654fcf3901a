// What consoles make of the journal, the log and the settings, without a window.
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/support/FakeSiteClient.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/DeleteConnectorDialog.h"
#include "ui/connectors/DeviceImpact.h"
#include "ui/connectors/LogTail.h"
#include "ui/connectors/SettingsFacts.h"
#include "ui/connectors/SettingsSchema.h"
#include "ui/connectors/ShrinkGuardBar.h"
#include "ui/connectors/WriteTexts.h"

using namespace postern;
using namespace postern::connectors;
using namespace Qt::StringLiterals;

namespace {

class TestConnectorTexts : public QObject
{
    Q_OBJECT
private slots:
    void logEntriesAreRead();
    void brokenLogEntriesAreLeftOut_data();
    void brokenLogEntriesAreLeftOut();
    void logTailIsOfOneConnectorNewestFirst();
    void longLogIsReadFromItsEnd();
    void missingLogIsAnError();
    void standingEntriesAreWhatWasNotTakenAway();
    void removalCommandsAreQuoted();
    void everySettingIsInTheSchema();
    void valuesSayWhatIsDefault();
    void driftIsWhatIsNotConfirmed();
    void guardAsksUntilANewFull();
    void guardNeedsItsNumbers();
    void nextRunFollowsTheSchedule();
    void suggestionsAreDifferentAndSorted();
};

QByteArray entry(const QByteArray& text, const QByteArray& context, const QByteArray& type = "1")
{
    return "<![LOG[" + text
        + "]LOG]!><time=\"14:05:09.123-60\" date=\"11-24-2026\" component=\"SMS_EXCHANGE_CONNECTOR\" "
          "context=\""
        + context + "\" type=\"" + type + "\" thread=\"7\" file=\"FullSync.cpp:1\">\r\n";
}

void TestConnectorTexts::logEntriesAreRead()
{
    const auto entries = parseLog(entry("Full sync\nsecond line", "Lab", "2") + entry("Done", "A > B", "3"));
    QCOMPARE(entries.size(), 2U);
    QCOMPARE(entries[0].text, u"Full sync\nsecond line"_s);
    QCOMPARE(
        entries[0].time, QDateTime(QDate(2026, 11, 24), QTime(13, 5, 9, 123), Qt::UTC)); // bias -60: Berlin
    QVERIFY(entries[0].severity == Severity::Warning);
    QCOMPARE(entries[1].context, u"A > B"_s);
    QVERIFY(entries[1].severity == Severity::Error);
}

void TestConnectorTexts::brokenLogEntriesAreLeftOut_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("count");
    const QByteArray good = entry("x", "Lab");
    QTest::newRow("nothing") << QByteArray() << 0;
    QTest::newRow("plain text") << QByteArray("hello\r\n") << 0;
    QTest::newRow("begins inside an entry") << good.mid(9) + good << 1;
    QTest::newRow("cut at the end") << good + good.left(20) << 1;
    QTest::newRow("end is missing") << QByteArray("<![LOG[a") + good << 1;
    QTest::newRow("attributes are missing") << QByteArray("<![LOG[a]LOG]!><") + good << 1;
    QTest::newRow("no date") << QByteArray("<![LOG[a]LOG]!><context=\"Lab\">\r\n") << 1;
    QTest::newRow("not UTF-8") << QByteArray("\xff\xfe") + good << 1;
}

void TestConnectorTexts::brokenLogEntriesAreLeftOut()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, count);
    QCOMPARE(int(parseLog(bytes).size()), count);
}

void TestConnectorTexts::logTailIsOfOneConnectorNewestFirst()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"EasDisc.log"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(entry("one", "Lab") + entry("other", "Branch") + entry("two", "Lab") + entry("three", "Lab")
        + entry("quotes", "The 'best'"));
    file.close();
    const auto tail = logTail(file.fileName(), u"Lab"_s, 2);
    QVERIFY(tail);
    QCOMPARE(tail->size(), 2U);
    QCOMPARE(tail->at(0).text, u"three"_s);
    QCOMPARE(tail->at(1).text, u"two"_s);
    QCOMPARE(logTail(file.fileName(), u"The \"best\""_s, 5)->size(), 1U); // as the writer writes it
}

void TestConnectorTexts::longLogIsReadFromItsEnd()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"EasDisc.log"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(entry("the first", "Lab"));
    for (int i = 0; i < 6000; ++i)
        file.write(entry("filler of some length, so that the file becomes long", "Branch"));
    file.write(entry("the last", "Lab"));
    file.close();
    QVERIFY(file.size() > 900'000);
    const auto tail = logTail(file.fileName(), u"Lab"_s, 100);
    QVERIFY(tail);
    QCOMPARE(tail->size(), 1U);
    QCOMPARE(tail->front().text, u"the last"_s);
}

void TestConnectorTexts::missingLogIsAnError()
{
    const auto tail = logTail(u"/nowhere/EasDisc.log"_s, u"Lab"_s, 10);
    QVERIFY(!tail);
    QVERIFY(tail.error().code == ErrorCode::NotFound);
    QCOMPARE(tail.error().origin, u"/nowhere/EasDisc.log"_s);
}

WriteRecord listWrite(
    qint64 id, WriteState state, const QStringList& addBlocked, const QStringList& removeBlocked)
{
    WriteRecord record = test::aBlockWrite(id, u"contoso.lab/Users/Anna"_s, {});
    auto& list = std::get<ListWrite>(record.write);
    list.addBlocked = addBlocked;
    list.removeBlocked = removeBlocked;
    record.state = state;
    return record;
}

void TestConnectorTexts::standingEntriesAreWhatWasNotTakenAway()
{
    // Newest first, as the journal comes.
    const std::vector<WriteRecord> writes{listWrite(6, WriteState::Planned, {u"planned"_s}, {}),
        listWrite(5, WriteState::Failed, {u"failed"_s}, {}),
        listWrite(4, WriteState::Confirmed, {u"again"_s}, {}),
        listWrite(3, WriteState::Confirmed, {}, {u"gone"_s, u"again"_s}),
        listWrite(2, WriteState::Sent, {u"perhaps"_s}, {}),
        listWrite(1, WriteState::Confirmed, {u"gone"_s, u"stays"_s, u"again"_s}, {})};
    const auto standing = standingEntries(writes);
    QCOMPARE(standing.size(), 1U);
    QStringList blocked = standing.front().blocked;
    blocked.sort();
    QCOMPARE(blocked, QStringList({u"again"_s, u"perhaps"_s, u"stays"_s}));
    QCOMPARE(countOf(standing), 3);
    QVERIFY(standingEntries({}).empty());
}

void TestConnectorTexts::removalCommandsAreQuoted()
{
    const auto commands = removalCommands(
        {{u"contoso.lab/Users/Pat O'Neil"_s, {u"A1"_s}, {u"B1"_s, u"B'2"_s}}, {u"x"_s, {}, {u"C"_s}}});
    QCOMPARE(commands.at(0),
        u"Set-CASMailbox -Identity 'contoso.lab/Users/Pat O''Neil' -ActiveSyncAllowedDeviceIDs "
        u"@{Remove='A1'} "
        "-ActiveSyncBlockedDeviceIDs @{Remove='B1','B''2'}"_s);
    QCOMPARE(commands.at(1), u"Set-CASMailbox -Identity 'x' -ActiveSyncBlockedDeviceIDs @{Remove='C'}"_s);
}

// A member that the schema forgets would never be shown nor stored: change every value through it, and
// compare with the names that the stored form has.
void TestConnectorTexts::everySettingIsInTheSchema()
{
    MailboxPolicySettings all;
    int count = 0;
    for (const SettingsGroup& group : settingsGroups()) {
        group.configure(all, true);
        QVERIFY(group.isConfigured(all));
        count += int(group.settings.size());
    }
    ConnectorSettings settings;
    settings.policy = all;
    QCOMPARE(count, 4 + 10 + 9 + 10 + 3);
    for (const SettingsGroup& group : settingsGroups()) {
        for (const Setting& setting : group.settings) {
            MailboxPolicySettings changed = all;
            QVariant other;
            switch (setting.kind) {
            case Setting::Kind::Flag:
                other = !setting.get(all).toBool();
                break;
            case Setting::Kind::Choice:
                other = setting.get(all).toInt() == 0 ? 1 : 0;
                break;
            case Setting::Kind::Texts:
                other = QStringList{u"game.exe"_s};
                break;
            default:
                other = setting.get(all).toInt() == setting.low ? setting.high : setting.low;
            }
            setting.set(changed, other);
            QVERIFY2(!(changed == all), qPrintable(setting.name()));
            QCOMPARE(setting.get(changed), other);
            settings.policy = changed;
            QVERIFY2(validate(settings).has_value(), qPrintable(setting.name())); // the ranges agree
        }
    }
}

void TestConnectorTexts::valuesSayWhatIsDefault()
{
    const auto groups = settingsGroups();
    MailboxPolicySettings settings;
    QVERIFY(valuesOf(groups[1], settings).isEmpty()); // not configured
    settings.password = PasswordPolicySettings();
    settings.password->expiryDays = 90;
    for (const SettingValue& value : valuesOf(groups[1], settings)) {
        QCOMPARE(value.isDefault, value.name != "Expires after"_L1);
        if (value.name == "Expires after"_L1)
            QCOMPARE(value.text, u"90 days"_s);
    }
}

void TestConnectorTexts::driftIsWhatIsNotConfirmed()
{
    QVERIFY(driftFacts({}).isEmpty()); // nothing is known
    WriteRecord write;
    write.id = {1};
    write.origin = WriteOrigin::Settings;
    write.write = OrganizationWrite{};
    write.state = WriteState::Confirmed;
    write.confirmedAt = QDateTime(QDate(2026, 11, 24), QTime(9, 0), Qt::UTC);
    QVERIFY(driftFacts({write}).front().tone == widgets::Tone::Good);
    WriteRecord failed = write;
    failed.state = WriteState::Failed;
    failed.problem = u"Access denied"_s;
    const auto facts = driftFacts({failed, write});
    QCOMPARE(facts.size(), 1);
    QVERIFY(facts.front().tone == widgets::Tone::Bad);
    QVERIFY(facts.front().value.contains(u"Access denied"_s));
    failed.origin = WriteOrigin::Policy; // not of the settings
    QVERIFY(driftFacts({failed}).isEmpty());
}

StatusMessage tripped(const QDateTime& at)
{
    StatusMessage message;
    message.messageId = 30015;
    message.connectorId = {4};
    message.time = at;
    message.arguments = {u"Lab"_s, u"partnerships"_s, u"700"_s, u"120"_s};
    return message;
}

void TestConnectorTexts::guardAsksUntilANewFull()
{
    const QDateTime at(QDate(2026, 11, 24), QTime(9, 0), Qt::UTC);
    const auto finding = shrinkFinding(tripped(at));
    QVERIFY(finding);
    QCOMPARE(finding->previous, 700);
    QCOMPARE(finding->now, 120);
    Connector connector;
    connector.id = {4};
    connector.lastFullStart = at.addSecs(-300);
    Job stopped;
    stopped.connectorId = {4};
    stopped.startedAt = at.addSecs(-300);
    stopped.state = JobState::Failed;
    QVERIFY(stillAsks(*finding, {stopped}, {connector}));
    QVERIFY(!stillAsks(*finding, {stopped}, {})); // the connector is gone
    Job newer = stopped;
    newer.startedAt = at.addSecs(60);
    newer.state = JobState::Running;
    QVERIFY(!stillAsks(*finding, {newer, stopped}, {connector}));
    newer.startedAt = {}; // waits for its turn
    QVERIFY(!stillAsks(*finding, {newer}, {connector}));
    newer.kind = RequestKind::SynchronizeDelta; // answers nothing
    QVERIFY(stillAsks(*finding, {newer}, {connector}));
    connector.lastFullStart = at.addSecs(60); // its job is no longer listed
    QVERIFY(!stillAsks(*finding, {}, {connector}));
}

void TestConnectorTexts::guardNeedsItsNumbers()
{
    StatusMessage message = tripped(QDateTime(QDate(2026, 11, 24), QTime(9, 0), Qt::UTC));
    message.arguments[3] = u"many"_s;
    QVERIFY(!shrinkFinding(message));
    message.arguments = {u"Lab"_s};
    QVERIFY(!shrinkFinding(message));
    message = tripped({});
    QVERIFY(!shrinkFinding(message));
    message = tripped(QDateTime::currentDateTimeUtc());
    message.messageId = 30004;
    QVERIFY(!shrinkFinding(message));
}

void TestConnectorTexts::nextRunFollowsTheSchedule()
{
    Connector connector = test::aConnector(u"Lab"_s);
    connector.fullSchedule = u"12h"_s;
    QVERIFY(!nextFull(connector)); // never ran
    const QDateTime start(QDate(2026, 11, 24), QTime(6, 0), Qt::UTC);
    connector.lastFullStart = start;
    QCOMPARE(nextFull(connector), start.addSecs(12 * 3600));
    QVERIFY(!nextDelta(connector)); // no watermark
    connector.watermark = start;
    connector.lastDeltaStart = start.addSecs(3600);
    connector.deltaMinutes = 60;
    QCOMPARE(nextDelta(connector), start.addSecs(2 * 3600));
    connector.deltaMinutes = 0;
    QVERIFY(!nextDelta(connector));
    connector.enabled = false;
    QVERIFY(!nextFull(connector));
    connector.enabled = true;
    connector.fullSchedule = u"every full moon"_s;
    QVERIFY(!nextFull(connector));
}

void TestConnectorTexts::suggestionsAreDifferentAndSorted()
{
    test::FakeSiteClient site;
    site.setDeviceList({{u"iPhone"_s, u"b"_s}, {u"Android"_s, u"a"_s}, {u"iPhone"_s, {}}});
    QCOMPARE(
        valuesIn(*site.devices(), frame::DeviceColumn::DeviceType), QStringList({u"Android"_s, u"iPhone"_s}));
    QCOMPARE(valuesIn(*site.devices(), frame::DeviceColumn::DeviceModel), QStringList({u"a"_s, u"b"_s}));
    QVERIFY(valuesIn(*frame::DeviceFrame::empty(), frame::DeviceColumn::DeviceType).isEmpty());
}

} // namespace

QTEST_GUILESS_MAIN(TestConnectorTexts)
#include "tst_ConnectorTexts.moc"

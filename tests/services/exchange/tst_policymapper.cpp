// Mailbox policies as they come: typed, deserialised to text, from servers of several cultures, from both
// families; and that what is written is what is read.
#include <QTest>

#include "services/exchange/MailboxMapper.h"
#include "services/exchange/PolicyMapper.h"
#include "services/exchange/QuantityText.h"
#include "services/exchange/WriteCommand.h"
#include "tests/services/exchange/ExchangeObjects.h"

using namespace postern;
using namespace postern::exchange;
using namespace postern::exchange::test;
using namespace Qt::StringLiterals;
using clixml::Value;

namespace {

MailboxPolicySettings sample()
{
    MailboxPolicySettings settings;
    settings.general.emplace().refreshHours = 24;
    settings.password.emplace() = {true, PasswordComplexity::Strong, 3, false, 8, 90, 5, true, 10, 15};
    EmailPolicySettings& email = settings.email.emplace();
    email.maxEmailAge = EmailAge::OneWeek;
    email.pushWhileRoaming = false;
    email.maxAttachmentKb = 500;
    email.maxTextBodyKb = 64;
    settings.security.emplace().bluetooth = BluetoothUse::HandsFreeOnly;
    settings.application.emplace().blockedApplications = {u"a.exe"_s, u"b, c"_s};
    return settings;
}

// The object that a server would give after the write: its parameters as properties.
Properties writtenAs(const MailboxPolicySettings& settings, const CommandSet& set)
{
    MailboxPolicyChange change;
    change.identity = u"Default"_s;
    change.settings = settings;
    Properties properties;
    const auto command = commandFor(change, set);
    if (!command)
        return properties;
    for (const psrp::PsArgument& argument : command->statements().front().front().arguments)
        properties.push_back({argument.name, argument.value});
    return properties;
}

MailboxPolicySettings mapped(const Properties& properties, std::vector<ObjectProblem>* problems = nullptr)
{
    const QByteArray bytes = document(properties);
    clixml::PropertyBag bag;
    std::vector<ObjectProblem> found;
    if (!bag.parse(bytes))
        return {};
    MailboxPolicySettings settings = mapPolicySettings(bag, problems ? *problems : found);
    return settings;
}

} // namespace

class TestPolicyMapper : public QObject
{
    Q_OBJECT
private slots:
    void comesBack();
    void cultures_data();
    void cultures();
    void typed();
    void unclearGroups_data();
    void unclearGroups();
    void spans_data();
    void spans();
    void sizes_data();
    void sizes();
    void lists();
};

void TestPolicyMapper::comesBack()
{
    CommandSet legacy;
    for (const QStringView name : modernCmdlets())
        legacy.learn(name, CommandSet::Presence::Missing);
    legacy.learn(u"Set-ActiveSyncMailboxPolicy", CommandSet::Presence::Present);
    MailboxPolicySettings defaults;
    defaults.general.emplace();
    defaults.password.emplace();
    defaults.email.emplace();
    defaults.security.emplace();
    defaults.application.emplace();
    for (const CommandSet& set : {CommandSet(), legacy}) {
        for (const MailboxPolicySettings& settings : {sample(), defaults}) {
            std::vector<ObjectProblem> problems;
            const MailboxPolicySettings read = mapped(writtenAs(settings, set), &problems);
            QVERIFY2(problems.empty(), problems.empty() ? "" : qPrintable(problems.front().reason));
            QVERIFY(read == settings);
        }
    }
}

void TestPolicyMapper::cultures_data()
{
    QTest::addColumn<QString>("size");
    QTest::newRow("en-US") << u"500 KB (512,000 bytes)"_s;
    QTest::newRow("de-DE") << u"500 KB (512.000 Bytes)"_s;
    QTest::newRow("fr-FR") << u"500 KB (512\u202F000 octets)"_s;
    QTest::newRow("de-CH") << u"500 KB (512’000 Bytes)"_s;
    QTest::newRow("hi-IN") << u"500 KB (5,12,000 bytes)"_s;
    QTest::newRow("tr-TR") << u"500 KB (512.000 bayt)"_s;
    QTest::newRow("ja-JP") << u"500 KB (512,000 バイト)"_s;
    QTest::newRow("ar-SA") << u"500 KB (٥١٢٬٠٠٠ بايت)"_s;
}

void TestPolicyMapper::cultures()
{
    QFETCH(QString, size);
    Properties properties = writtenAs(sample(), CommandSet());
    properties = with(properties, u"MaxAttachmentSize"_s, identity(size));
    properties = with(properties, u"PasswordEnabled"_s, text(u"True"_s));
    properties = with(properties, u"PasswordHistory"_s, text(u"5"_s));
    properties = with(properties, u"AllowBluetooth"_s, text(u"HandsfreeOnly"_s));
    QVERIFY(mapped(properties) == sample());
}

void TestPolicyMapper::typed()
{
    Properties properties = writtenAs(sample(), CommandSet());
    properties = with(properties, u"DevicePolicyRefreshInterval"_s,
        Value::fromTimeSpan(clixml::TimeSpan{qint64(24) * 3600 * 10'000'000}));
    properties = with(properties, u"MaxInactivityTimeLock"_s, identity(u"00:15:00"_s));
    properties = with(properties, u"MaxPasswordFailedAttempts"_s, Value::fromInt32(10));
    properties = with(properties, u"MaxEmailAgeFilter"_s, enumeration(u"OneWeek"_s));
    properties = with(properties, u"MaxAttachmentSize"_s, Value::fromUInt64(512'000));
    QVERIFY(mapped(properties) == sample());
}

void TestPolicyMapper::unclearGroups_data()
{
    QTest::addColumn<QString>("property");
    QTest::addColumn<QString>("value"); // null: the property is missing
    QTest::addColumn<int>("group");
    QTest::newRow("missing flag") << u"AllowDesktopSync"_s << QString() << 0;
    QTest::newRow("no whole hours") << u"DevicePolicyRefreshInterval"_s << u"01:30:00"_s << 0;
    QTest::newRow("no time") << u"DevicePolicyRefreshInterval"_s << u"soon"_s << 0;
    QTest::newRow("no truth value") << u"PasswordEnabled"_s << u"Wahr"_s << 1;
    QTest::newRow("no number") << u"PasswordHistory"_s << u"-1"_s << 1;
    QTest::newRow("missing length") << u"MinPasswordLength"_s << QString() << 1;
    QTest::newRow("odd bytes") << u"MaxAttachmentSize"_s << u"512001"_s << 2;
    QTest::newRow("culture unknown") << u"MaxAttachmentSize"_s << u"1,5 MB"_s << 2;
    QTest::newRow("unknown age") << u"MaxEmailAgeFilter"_s << u"TwoDays"_s << 2;
    QTest::newRow("unknown Bluetooth") << u"AllowBluetooth"_s << u"Sometimes"_s << 3;
    QTest::newRow("missing list") << u"UnapprovedInROMApplicationList"_s << QString() << 4;
}

void TestPolicyMapper::unclearGroups()
{
    QFETCH(QString, property);
    QFETCH(QString, value);
    QFETCH(int, group);
    Properties properties = without(writtenAs(sample(), CommandSet()), property);
    if (!value.isNull())
        properties.push_back({property, text(value)});
    std::vector<ObjectProblem> problems;
    const MailboxPolicySettings read = mapped(properties, &problems);
    QCOMPARE(int(problems.size()), 1);
    QVERIFY2(problems.front().reason.startsWith(property), qPrintable(problems.front().reason));
    QCOMPARE(problems.front().object, u"Default"_s);
    // That group is not known, the others are.
    QCOMPARE(read.general.has_value(), group != 0);
    QCOMPARE(read.password.has_value(), group != 1);
    QCOMPARE(read.email.has_value(), group != 2);
    QCOMPARE(read.security.has_value(), group != 3);
    QCOMPARE(read.application.has_value(), group != 4);
}

void TestPolicyMapper::spans_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("seconds"); // -1: not known
    QTest::newRow("minutes") << u"00:15:00"_s << qint64(900);
    QTest::newRow("days") << u"90.00:00:00"_s << qint64(90 * 86400);
    QTest::newRow("fraction") << u"1.02:03:04.5000000"_s << qint64(86400 + 7384);
    QTest::newRow("duration") << u"P1DT1H"_s << qint64(90000);
    QTest::newRow("negative") << u"-00:15:00"_s << qint64(-1);
    QTest::newRow("negative duration") << u"-P1D"_s << qint64(-1);
    QTest::newRow("hour 24") << u"24:00:00"_s << qint64(-1);
    QTest::newRow("minute 60") << u"00:60:00"_s << qint64(-1);
    QTest::newRow("too short") << u"1:2:3"_s << qint64(-1);
    QTest::newRow("centuries") << u"999999.00:00:00"_s << qint64(-1);
    QTest::newRow("number") << u"15"_s << qint64(-1);
    QTest::newRow("empty") << QString() << qint64(-1);
}

void TestPolicyMapper::spans()
{
    QFETCH(QString, text);
    QFETCH(qint64, seconds);
    QCOMPARE(secondsFromText(text).value_or(-1), seconds);
    if (seconds >= 0)
        QCOMPARE(secondsFromText(textOfSeconds(seconds)).value_or(-1), seconds);
}

void TestPolicyMapper::sizes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("bytes") << u"512000"_s << qint64(512000);
    QTest::newRow("with unit") << u"500KB"_s << qint64(512000);
    QTest::newRow("with blank and unit") << u"2 mb"_s << qint64(2097152);
    QTest::newRow("zero") << u"0 B (0 bytes)"_s << qint64(0);
    QTest::newRow("fraction") << u"1.5 MB (1,572,864 bytes)"_s << qint64(1572864);
    QTest::newRow("fraction alone") << u"1.5 MB"_s << qint64(-1);
    QTest::newRow("grouped alone") << u"512,000"_s << qint64(-1);
    QTest::newRow("open bracket") << u"1 KB (1024"_s << qint64(-1);
    QTest::newRow("empty brackets") << u"1 KB ()"_s << qint64(-1);
    QTest::newRow("overflow") << u"999999999999999999 TB"_s << qint64(-1);
    QTest::newRow("too many digits") << u"99999999999999999999"_s << qint64(-1);
    QTest::newRow("word") << u"Unlimited"_s << qint64(-1);
}

void TestPolicyMapper::sizes()
{
    QFETCH(QString, text);
    QFETCH(qint64, bytes);
    QCOMPARE(bytesFromText(text).value_or(-1), bytes);
}

// An account that does not see the lists does not read them as empty.
void TestPolicyMapper::lists()
{
    const Properties both = {{u"Identity"_s, identity(u"contoso.lab/Users/Anna"_s)},
        {u"ActiveSyncAllowedDeviceIDs"_s, Value::arrayList({u"Appl1"_s, u"b"_s})},
        {u"ActiveSyncBlockedDeviceIDs"_s, Value::arrayList(QStringList())}};
    const auto map = [](const Properties& properties) {
        const QByteArray bytes = document(properties);
        clixml::PropertyBag bag;
        return bag.parse(bytes) ? mapLists(bag) : Expected<MailboxLists>(fail(ErrorCode::Internal, {}));
    };
    const auto read = map(both);
    QVERIFY(read);
    QCOMPARE(read->allowedIds, QStringList({u"Appl1"_s, u"b"_s}));
    QVERIFY(read->blockedIds.isEmpty());
    QVERIFY(map(with(both, u"ActiveSyncAllowedDeviceIDs"_s, Value())));
    const auto hidden = map(without(both, u"ActiveSyncBlockedDeviceIDs"_s));
    QVERIFY(!hidden);
    QCOMPARE(hidden.error().code, ErrorCode::Malformed);
    QVERIFY(hidden.error().detail.contains(u"ActiveSyncBlockedDeviceIDs"_s));
}

QTEST_APPLESS_MAIN(TestPolicyMapper)
#include "tst_policymapper.moc"

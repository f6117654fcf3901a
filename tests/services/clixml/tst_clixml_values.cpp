// The text forms of primitives, and the conversions of Value.
#include <QtTest>

#include "services/psrp/clixml/Lexical.h"
#include "services/psrp/clixml/Object.h"
#include "services/psrp/clixml/Value.h"

using namespace postern::clixml;
using namespace Qt::StringLiterals;

class TestClixmlValues : public QObject
{
    Q_OBJECT

private slots:
    void dateTime_data();
    void dateTime();
    void everyDayHasItsTicks();
    void timeSpan_data();
    void timeSpan();
    void lexical();
    void conversions();
    void propertiesAndTypes();
    void lists();
};

void TestClixmlValues::dateTime_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("written"); // empty: refused
    QTest::addColumn<QByteArray>("utc");
    const auto row = [](const char* text, const char* written, const char* utc) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(written) << QByteArray(utc);
    };
    row("2021-10-06T19:24:05Z", "2021-10-06T19:24:05Z", "2021-10-06T19:24:05.000Z");
    row("2021-10-06T19:24:05.1234567-04:00", "2021-10-06T19:24:05.1234567-04:00", "2021-10-06T23:24:05.123Z");
    row(" 2021-10-06T19:24:05.1200000+05:30\n", "2021-10-06T19:24:05.12+05:30", "2021-10-06T13:54:05.120Z");
    row("2021-10-06T19:24:05", "2021-10-06T19:24:05", "2021-10-06T19:24:05.000Z");
    row("0001-01-01T00:00:00", "0001-01-01T00:00:00", "0001-01-01T00:00:00.000Z");
    row("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.999Z");
    row("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999Z");
    row("2020-02-29T00:00:00.123456789Z", "2020-02-29T00:00:00.1234567Z", "2020-02-29T00:00:00.123Z");
    for (const char* bad : {"", "2021", "2021-02-29T00:00:00", "2021-13-01T00:00:00", "2021-01-32T00:00:00",
             "2021-01-01T24:00:00", "2021-01-01T00:60:00", "2021-01-01T00:00:00.", "2021-01-01T00:00:00z",
             "2021-01-01T00:00:00+15:00", "2021-01-01T00:00:00+1:00", "2021-01-01 00:00:00",
             "0000-01-01T00:00:00", "12021-01-01T00:00:00", "2021-01-01T00:00:00Zx", "-021-01-01T00:00:00"})
        row(bad, "", "");
}

void TestClixmlValues::dateTime()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, written);
    QFETCH(QByteArray, utc);
    const auto value = DateTime::fromText(text);
    QCOMPARE(value.has_value(), !written.isEmpty());
    if (!value)
        return;
    QCOMPARE(value->toText(), written);
    QCOMPARE(value->toUtc().toString(Qt::ISODateWithMs).toLatin1(), utc);
    QVERIFY(DateTime::fromText(written) == value);
}

void TestClixmlValues::everyDayHasItsTicks()
{
    for (QDate day(1, 1, 1); day.year() < 10'000; day = day.addDays(17)) {
        const QDateTime when(day, QTime(12, 0), Qt::UTC);
        const auto read = DateTime::fromText(when.toString(Qt::ISODate).toLatin1());
        QVERIFY(read);
        QCOMPARE(read->toUtc(), when);
        QCOMPARE(DateTime::fromUtc(when), *read);
    }
}

void TestClixmlValues::timeSpan_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<qint64>("ticks");
    QTest::addColumn<QByteArray>("written");
    constexpr qint64 second = 10'000'000;
    const auto row = [](const char* text, qint64 ticks, const char* written) {
        QTest::newRow(text) << QByteArray(text) << true << ticks << QByteArray(written);
    };
    row("PT0S", 0, "PT0S");
    row("P1DT2H3M4.5S", (((24 + 2) * 60 + 3) * 60 + 4) * second + second / 2, "P1DT2H3M4.5S");
    row("-PT15M", -900 * second, "-PT15M");
    row("P1Y2M", (365 + 60) * 86'400 * second, "P425D");
    row("PT7200.000S", 7200 * second, "PT2H");
    row("-P10675199DT2H48M5.4775808S", std::numeric_limits<qint64>::min(), "-P10675199DT2H48M5.4775808S");
    row("P10675199DT2H48M5.4775807S", std::numeric_limits<qint64>::max(), "P10675199DT2H48M5.4775807S");
    for (const char* bad : {"", "P", "PT", "P1", "1D", "P1H", "PT1D", "PT1M1H", "PT1.S", "PT1.5M", "+PT1S",
             "P-1D", "PT1S ?", "P10675200D", "PT99999999999999999999S"})
        QTest::newRow(bad[0] == '\0' ? "empty" : bad)
            << QByteArray(bad) << false << qint64(0) << QByteArray();
}

void TestClixmlValues::timeSpan()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, valid);
    QFETCH(qint64, ticks);
    QFETCH(QByteArray, written);
    const auto span = TimeSpan::fromText(text);
    QCOMPARE(span.has_value(), valid);
    if (!valid)
        return;
    QCOMPARE(span->ticks, ticks);
    QCOMPARE(span->toText(), written);
}

void TestClixmlValues::lexical()
{
    QCOMPARE(Lexical::integer(" +12\n"), std::optional<qint64>(12));
    QVERIFY(!Lexical::integer("+-1") && !Lexical::integer("") && !Lexical::integer("1.0")
        && !Lexical::integer("0x1"));
    QVERIFY(!Lexical::integer("9223372036854775808"));
    QCOMPARE(Lexical::unsignedInteger("18446744073709551615"),
        std::optional<quint64>(std::numeric_limits<quint64>::max()));
    QVERIFY(!Lexical::unsignedInteger("-1"));
    QVERIFY(!Lexical::integer(Tag::By, "256") && !Lexical::integer(Tag::SB, "-129")
        && Lexical::integer(Tag::I16, "-32768"));
    QCOMPARE(Lexical::real("-1.5E+3"), std::optional<double>(-1500));
    QVERIFY(!Lexical::real("1e999") && !Lexical::real("nan") && !Lexical::real("inf") && !Lexical::real("1,5")
        && !Lexical::real("."));
    QVERIFY(Lexical::isVersion("15.2.1544.4") && Lexical::isVersion("2.0"));
    QVERIFY(!Lexical::isVersion("2") && !Lexical::isVersion("1.2.3.4.5") && !Lexical::isVersion("1..2")
        && !Lexical::isVersion("1.a"));
    QCOMPARE(Lexical::guid("{F249DBE7-0E83-4F39-AE4A-28324CF61227}"),
        Lexical::guid("f249dbe70e834f39ae4a28324cf61227"));
    QVERIFY(!Lexical::guid("f249dbe7-0e83-4f39-ae4a-28324cf6122")
        && !Lexical::guid("f249dbe7-0e83-4f39-ae4a+28324cf61227"));
    QCOMPARE(Lexical::fromReal(0.1), QByteArray("0.1"));
    QCOMPARE(Lexical::fromReal(-0.0), QByteArray("-0"));
}

void TestClixmlValues::conversions()
{
    const Value state
        = Value::enumeration(u"Microsoft.Exchange.Data.DeviceAccessState"_s, u"Quarantined"_s, 3);
    QVERIFY(state.isEnum());
    QCOMPARE(state.enumText(), u"Quarantined"_s);
    QCOMPARE(state.toInt64(), std::optional<qint64>(3));
    QCOMPARE(Value::fromText(u"True"_s).toBoolean(), std::optional(true));
    QCOMPARE(Value::fromText(u"12"_s).toInt64(), std::optional<qint64>(12));
    QVERIFY(!Value::fromText(u"Unlimited"_s).toInt64());
    QVERIFY(!Value().toBoolean() && !Value().toInt64() && !Value().toDateTimeUtc());
    QVERIFY(!Value::fromUInt64(std::numeric_limits<quint64>::max()).toInt64());
    QVERIFY(!Value::fromInt32(-1).toUInt64());
    QCOMPARE(Value::fromUInt32(7).toDouble(), std::optional(7.0));
    QCOMPARE(Value::fromText(u"2021-10-06T19:24:05+02:00"_s).toDateTimeUtc()->toString(Qt::ISODate),
        u"2021-10-06T17:24:05Z"_s);
    QCOMPARE(Value::fromBytes("abc"_ba).toText(), u"YWJj"_s);
    QCOMPARE(Value::fromBoolean(false).toText(), u"false"_s);
    QVERIFY(Value::fromDouble(std::numeric_limits<double>::quiet_NaN())
        == Value::fromDouble(std::numeric_limits<double>::quiet_NaN()));
    QVERIFY(!(Value::fromInt32(1) == Value::fromInt64(1)));
}

void TestClixmlValues::propertiesAndTypes()
{
    Object object;
    object.typeNames
        = {u"Deserialized.Microsoft.Exchange.Data.Directory.MobileDevice"_s, u"Deserialized.System.Object"_s};
    object.addAdapted(u"DeviceId"_s, Value::fromText(u"props"_s));
    object.addAdapted(u"deviceID"_s, Value::fromText(u"last of props"_s));
    object.addAdapted(u"Other"_s, Value::fromText(u"first"_s));
    object.addAdapted(u"OTHER"_s, Value::fromText(u"last"_s));
    object.addExtended(u"DEVICEID"_s, Value::fromText(u"ms"_s));
    const Value value = Value::fromObject(object);
    QCOMPARE(value.property(u"DeviceId").text(), u"ms"_s);
    QCOMPARE(value.property(u"other").text(), u"last"_s);
    QVERIFY(value.property(u"Absent").isNil() && !value.hasProperty(u"Absent"));
    QVERIFY(value.hasType(u"microsoft.exchange.data.directory.MobileDevice"));
    QVERIFY(value.hasType(u"Deserialized.System.Object") && !value.hasType(u"System.Enum"));
    QVERIFY(Value::fromText(u"x"_s).property(u"y").isNil());
}

void TestClixmlValues::lists()
{
    QCOMPARE(Value::arrayList(QStringList{u"a"_s, u"b"_s}).stringList(), (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(Value::fromText(u"a"_s).stringList(), QStringList{u"a"_s});
    QCOMPARE(Value().stringList(), QStringList());
    const Value table = Value::addRemove({u"x"_s}, {});
    QCOMPARE(table.object()->entries.size(), size_t(1));
    QVERIFY(table.object()->entry(u"add") != nullptr && table.object()->entry(u"Remove") == nullptr);
}

QTEST_APPLESS_MAIN(TestClixmlValues)
#include "tst_clixml_values.moc"

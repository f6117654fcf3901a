// Writer: what it writes is what Windows writes, and the Reader gives the same values back.
#include <QtTest>

#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/Writer.h"
#include "tests/services/clixml/RandomValues.h"

using namespace postern;
using namespace postern::clixml;
using namespace Qt::StringLiterals;

class TestClixmlRoundtrip : public QObject
{
    Q_OBJECT

private slots:
    void randomValues();
    void randomFiles();
    void writes_data();
    void writes();
    void sharedObjectIsWrittenOnce();
    void cycleIsARef();
    void tooDeepCollapsesToText();
    void fanOutIsLinear();
};

void TestClixmlRoundtrip::randomValues()
{
    testing::RandomValues random(11);
    for (int i = 0; i < 20'000; ++i) {
        const Value value = random.next();
        const QByteArray text = Writer().write(value);
        const auto read = Reader().read(text);
        QVERIFY2(read, text.constData());
        QVERIFY2(*read == value, text.constData());
        QCOMPARE(Writer().write(*read), text);
    }
}

void TestClixmlRoundtrip::randomFiles()
{
    testing::RandomValues random(12);
    for (int i = 0; i < 2'000; ++i) {
        const auto items = random.nextFile();
        const auto read = Reader().readFile(Writer().writeFile(items));
        QVERIFY(read);
        QVERIFY(*read == items);
    }
}

void TestClixmlRoundtrip::writes_data()
{
    QTest::addColumn<Value>("value");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const Value& value, const char* text) {
        QTest::newRow(name) << value << QByteArray(text);
    };
    row("nil", Value(), "<Nil />");
    row("text", Value::fromText(u"Anna & <Bob> \"x\""_s), "<S>Anna &amp; &lt;Bob&gt; \"x\"</S>");
    row("line end", Value::fromText(u"a\r\n"_s), "<S>a_x000D__x000A_</S>");
    row("astral", Value::fromText(u"\U0001F600"_s), "<S>_xD83D__xDE00_</S>");
    row("looks like an escape", Value::fromText(u"_x0041_ _X_ _"_s), "<S>_x005F_x0041_ _x005F_X_ _</S>");
    row("boolean", Value::fromBoolean(true), "<B>true</B>");
    row("char", Value::fromChar(u'A'), "<C>65</C>");
    row("double", Value::fromDouble(1e20), "<Db>1E+20</Db>");
    row("infinity", Value::fromSingle(-std::numeric_limits<float>::infinity()), "<Sg>-INF</Sg>");
    row("int64", Value::fromInt64(std::numeric_limits<qint64>::min()), "<I64>-9223372036854775808</I64>");
    row("bytes", Value::fromBytes("abcd"_ba), "<BA>YWJjZA==</BA>");
    row("guid", Value::fromGuid(QUuid(u"{F249DBE7-0E83-4F39-AE4A-28324CF61227}"_s)),
        "<G>f249dbe7-0e83-4f39-ae4a-28324cf61227</G>");
    row("version", Value::fromVersion(u"2.3"_s), "<Version>2.3</Version>");
    row("date", Value::fromDateTime(QDateTime(QDate(2021, 10, 6), QTime(19, 24, 5, 120), Qt::UTC)),
        "<DT>2021-10-06T19:24:05.12Z</DT>");
    row("span", Value::fromTimeSpan({-(qint64(36) * 3600 + 1) * 10'000'000}), "<TS>-P1DT12H1S</TS>");
    row("enum", Value::enumeration(u"System.Threading.ApartmentState"_s, u"UNKNOWN"_s, 2),
        "<Obj RefId=\"0\"><TN "
        "RefId=\"0\"><T>System.Threading.ApartmentState</T><T>System.Enum</T><T>System.ValueType</T>"
        "<T>System.Object</T></TN><ToString>UNKNOWN</ToString><I32>2</I32></Obj>");
    row("add and remove", Value::addRemove({u"ApplA"_s}, {u"ApplB"_s}),
        "<Obj RefId=\"0\"><TN RefId=\"0\"><T>System.Collections.Hashtable</T><T>System.Object</T></TN><DCT>"
        "<En><S N=\"Key\">Add</S><Obj N=\"Value\" RefId=\"1\"><TN "
        "RefId=\"1\"><T>System.Collections.ArrayList</T><T>System.Object</T></TN>"
        "<LST><S>ApplA</S></LST></Obj></En>"
        "<En><S N=\"Key\">Remove</S><Obj N=\"Value\" RefId=\"2\"><TNRef RefId=\"1\" "
        "/><LST><S>ApplB</S></LST></Obj></En></DCT></Obj>");
    row("empty list", Value::arrayList(QStringList()),
        "<Obj RefId=\"0\"><TN RefId=\"0\"><T>System.Collections.ArrayList</T><T>System.Object</T></TN><LST "
        "/></Obj>");
    Object named;
    named.addExtended(u"a\"b_x\n"_s, Value::fromInt32(1));
    row("name", Value::fromObject(named),
        "<Obj RefId=\"0\"><MS><I32 N=\"a&quot;b_x005F_x_x000A_\">1</I32></MS></Obj>");
}

void TestClixmlRoundtrip::writes()
{
    QFETCH(Value, value);
    QFETCH(QByteArray, text);
    QCOMPARE(Writer().write(value), text);
    const auto read = Reader().read(text);
    QVERIFY(read);
    QVERIFY(*read == value);
}

void TestClixmlRoundtrip::sharedObjectIsWrittenOnce()
{
    const Value id = Value::enumeration(u"ADObjectId"_s, u"contoso.lab/Users/Anna"_s, 0);
    Object object;
    object.addAdapted(u"Identity"_s, id);
    object.addAdapted(u"Id"_s, id);
    const QByteArray text = Writer().write(Value::fromObject(object));
    QVERIFY(text.contains("<Ref N=\"Id\" RefId=\"1\" />"));
    const auto read = Reader().read(text);
    QVERIFY(read);
    QVERIFY(read->property(u"id").sharedObject() == read->property(u"IDENTITY").sharedObject());
    QCOMPARE(read->property(u"Id").toText(), u"contoso.lab/Users/Anna"_s);
}

void TestClixmlRoundtrip::cycleIsARef()
{
    const QByteArray text
        = "<Obj RefId=\"7\"><Props><Obj N=\"Inner\" RefId=\"8\"><Props><Ref N=\"Outer\" RefId=\"7\" />"
          "<Ref N=\"Self\" RefId=\"8\" /></Props></Obj></Props></Obj>";
    const auto read = Reader().read(text);
    QVERIFY(read);
    const Value& inner = read->property(u"Inner");
    QCOMPARE(inner.property(u"Outer").levelsUp(), 2);
    QCOMPARE(inner.property(u"Self").levelsUp(), 1);
    const auto again = Reader().read(Writer().write(*read));
    QVERIFY(again);
    QVERIFY(*again == *read);
}

void TestClixmlRoundtrip::tooDeepCollapsesToText()
{
    Value value = Value::fromText(u"core"_s);
    for (int i = 0; i < 80; ++i) {
        Object object;
        object.toString = u"level %1"_s.arg(i);
        object.addExtended(u"Inner"_s, value);
        value = Value::fromObject(std::move(object));
    }
    const auto read = Reader().read(Writer().write(value));
    QVERIFY(read);
    Value at = *read;
    int depth = 0;
    for (; at.isObject(); ++depth)
        at = at.property(u"Inner");
    QCOMPARE(depth, 50);
    QCOMPARE(at.text(), u"level 29"_s);
}

// Each object holds the one before it twice: 2^40 paths, 41 objects.
void TestClixmlRoundtrip::fanOutIsLinear()
{
    const auto build = [] {
        Value value = Value::fromInt32(1);
        for (int i = 0; i < 40; ++i)
            value = Value::arrayList(std::vector<Value>{value, value});
        return value;
    };
    const Value value = build();
    const auto read = Reader().read(Writer().write(value));
    QVERIFY(read);
    QVERIFY(*read == value);
    QVERIFY(build() == *read);
}

QTEST_APPLESS_MAIN(TestClixmlRoundtrip)
#include "tst_clixml_roundtrip.moc"

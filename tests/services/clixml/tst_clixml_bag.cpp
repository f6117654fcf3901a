// PropertyBag: the same answers as Reader, its layout cache, defects, and no allocation after warm-up.
#include <QtTest>

#include <cstdlib>
#include <new>

#include "services/psrp/clixml/PropertyBag.h"
#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/Writer.h"
#include "tests/services/clixml/BagCheck.h"
#include "tests/services/clixml/MangledXml.h"

using namespace postern;
using namespace postern::clixml;
using namespace Qt::StringLiterals;

namespace {

std::atomic<qint64> allocations{0};

const PropertyName kDeviceId(u"DeviceId");
const PropertyName kState(u"DeviceAccessState");
const PropertyName kWhen(u"WhenChangedUTC");
const PropertyName kManaged(u"IsManaged");
const PropertyName kFolders(u"NumberOfFoldersSynced");
const PropertyName kGuid(u"Guid");
const PropertyName kId(u"Id");
const PropertyName kClass(u"ObjectClass");

QByteArray device(int number, const char* extra = "")
{
    return "<Obj RefId=\"0\"><TN "
           "RefId=\"0\"><T>Deserialized.Microsoft.Exchange.Data.Directory.SystemConfiguration.MobileDevice</"
           "T>"
           "<T>System.Object</T></TN><ToString>EAS\xC2\xA7"
        + QByteArray::number(number) + "</ToString><Props>" + extra + "<S N=\"DeviceId\">Appl"
        + QByteArray::number(number)
        + " &amp; _x0041_</S>"
          "<Obj N=\"DeviceAccessState\" RefId=\"1\"><TN "
          "RefId=\"1\"><T>DeviceAccessState</T><T>System.Enum</T></TN>"
          "<ToString>Quarantined</ToString><I32>3</I32></Obj>"
          "<DT N=\"WhenChangedUTC\">2026-03-01T10:20:30.1234567Z</DT><B N=\"IsManaged\">true</B><I32 "
          "N=\"NumberOfFoldersSynced\">"
        + QByteArray::number(number)
        + "</I32><G N=\"Guid\">f249dbe7-0e83-4f39-ae4a-28324cf61227</G>"
          "<Obj N=\"Identity\" RefId=\"2\"><ToString>contoso.lab/Anna</ToString><Props><S "
          "N=\"Name\">x</S></Props>"
          "<MS><BA N=\"SerializationData\">I3NpZyNoAQAAAAEAAAD/////</BA></MS></Obj><Ref N=\"Id\" RefId=\"2\" "
          "/>"
          "<Obj N=\"ObjectClass\" RefId=\"3\"><LST><S>top</S><Obj "
          "RefId=\"4\"><LST><S>inner</S></LST></Obj><S>ms_x0045_xch</S></LST></Obj>"
          "<Nil N=\"Empty\" /></Props></Obj>";
}

} // namespace

// Every operator new of this program counts (Qt's strings use malloc: the bag must not make any either, see
// below).
void* operator new(size_t size)
{
    ++allocations;
    void* memory = std::malloc(size);
    if (memory == nullptr)
        std::abort();
    return memory;
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, size_t) noexcept
{
    std::free(memory);
}

class TestClixmlBag : public QObject
{
    Q_OBJECT

private slots:
    void reads();
    void agreesWithReaderOnRandomObjects();
    void layoutChanges();
    void duplicatesAndCase();
    void defects();
    void reuseAfterError();
    void noAllocation();
};

void TestClixmlBag::reads()
{
    PropertyBag bag;
    const QByteArray document = device(7);
    QVERIFY(bag.parse(document));
    QVERIFY(bag.isObject() && !bag.isNil());
    QCOMPARE(bag.toText(), u"EAS\u00A77"_s);
    QCOMPARE(bag.typeName(), u"Microsoft.Exchange.Data.Directory.SystemConfiguration.MobileDevice"_s);
    QCOMPARE(bag.count(), 10);
    QCOMPARE(bag.text(kDeviceId), u"Appl7 & A"_s);
    QCOMPARE(bag.utf8(kDeviceId).toByteArray(), QByteArray("Appl7 & A"));
    QCOMPARE(bag.enumText(kState), u"Quarantined"_s);
    QCOMPARE(bag.integer(kState), std::optional<qint64>(3));
    QCOMPARE(bag.utcMilliseconds(kWhen), std::optional<qint64>(1'772'360'430'123));
    QCOMPARE(bag.boolean(kManaged), std::optional(true));
    QCOMPARE(bag.integer(kFolders), std::optional<qint64>(7));
    QCOMPARE(bag.guid(kGuid), std::optional(QUuid(u"{f249dbe7-0e83-4f39-ae4a-28324cf61227}"_s)));
    QCOMPARE(bag.text(kId), u"contoso.lab/Anna"_s);
    QCOMPARE(bag.tagAt(7), Tag::Ref);
    QVERIFY(bag.isList(kClass));
    QCOMPARE(bag.stringList(kClass), (QStringList{u"top"_s, QString(), u"msExch"_s}));
    QVERIFY(bag.has(PropertyName(u"EMPTY")) && bag.isNil(PropertyName(u"EMPTY")));
    QVERIFY(!bag.has(PropertyName(u"SerializationData")));
    QVERIFY(!bag.defect());
}

void TestClixmlBag::agreesWithReaderOnRandomObjects()
{
    testing::RandomValues random(21);
    PropertyBag bag; // one for all: its cache must never give another object's answer
    for (int i = 0; i < 20'000; ++i) {
        QByteArray document = Writer().write(random.chance(90) ? random.nextObject() : random.next());
        if (random.chance(30))
            document = testing::redressed(document, random);
        const auto value = Reader().read(document);
        QVERIFY(value);
        QVERIFY2(bag.parse(document), document.constData());
        const QString difference = testing::differenceOf(bag, *value);
        QVERIFY2(difference.isEmpty(), (difference.toUtf8() + '\n' + document).constData());
    }
}

void TestClixmlBag::layoutChanges()
{
    PropertyBag bag;
    for (int i = 0; i < 100; ++i) {
        const QByteArray document = device(i,
            i % 3 == 0       ? "<S N=\"FriendlyName\">f</S>"
                : i % 3 == 1 ? "<S N=\"FriendlyNames\">f</S>"
                             : "");
        QVERIFY(bag.parse(document));
        QCOMPARE(bag.text(kDeviceId), u"Appl%1 & A"_s.arg(i));
        QCOMPARE(bag.integer(kFolders), std::optional<qint64>(i));
        QCOMPARE(bag.has(PropertyName(u"friendlyname")), i % 3 == 0);
    }
}

void TestClixmlBag::duplicatesAndCase()
{
    PropertyBag bag;
    const PropertyName name(u"nAmE");
    const QByteArray both = "<Obj><MS><S N=\"NAME\">ms</S></MS><Props><S N=\"Name\">props</S><S "
                            "N=\"name\">later</S></Props></Obj>";
    QVERIFY(bag.parse(both));
    QCOMPARE(bag.text(name), u"ms"_s);
    const QByteArray props
        = "<Obj><Props><S N=\"NAME\">first</S><S N=\"Name\">props</S><S N=\"name\">later</S></Props></Obj>";
    QVERIFY(bag.parse(props));
    QCOMPARE(bag.text(name), u"later"_s);
}

void TestClixmlBag::defects()
{
    PropertyBag bag;
    const QByteArray document = "<Obj><MS><DT N=\"WhenChangedUTC\">soon</DT><S N=\"IsManaged\">maybe</S><Nil "
                                "N=\"Guid\"/></MS></Obj>";
    QVERIFY(bag.parse(document));
    QVERIFY(!bag.guid(kGuid) && !bag.integer(kFolders));
    QVERIFY(!bag.defect());
    QVERIFY(!bag.utcMilliseconds(kWhen) && !bag.boolean(kManaged));
    QVERIFY(bag.defect());
    QCOMPARE(bag.defect()->code, ErrorCode::Malformed);
    QCOMPARE(bag.defect()->detail,
        u"offset %1: WhenChangedUTC is not a date: soon"_s.arg(document.indexOf("soon")));
    const QByteArray good = device(1);
    QVERIFY(bag.parse(good));
    QVERIFY(!bag.defect());
}

void TestClixmlBag::reuseAfterError()
{
    PropertyBag bag;
    const QByteArray good = device(1);
    QVERIFY(bag.parse(good));
    QVERIFY(!bag.parse("<Obj><Props><S N=\"DeviceId\">x"));
    QCOMPARE(bag.count(), 0);
    QVERIFY(!bag.has(kDeviceId) && bag.isNil());
    QVERIFY(bag.parse(good));
    QCOMPARE(bag.text(kDeviceId), u"Appl1 & A"_s);
    QVERIFY(bag.parse(""));
    QVERIFY(bag.isNil() && !bag.has(kDeviceId));
}

void TestClixmlBag::noAllocation()
{
    PropertyBag bag;
    const QByteArray first = device(1);
    const QByteArray second = device(22);
    qint64 sum = 0;
    const auto read = [&](const QByteArray& document) {
        sum += bag.parse(document) ? bag.count() : 0;
        sum += bag.utf8(kDeviceId).size() + bag.utf8(kState).size() + bag.utcMilliseconds(kWhen).value_or(0)
            + bag.integer(kFolders).value_or(0);
    };
    read(first);
    read(second);
    const qint64 before = allocations;
    for (int i = 0; i < 1000; ++i) {
        read(first);
        read(second);
    }
    QCOMPARE(qint64(allocations), before);
    QVERIFY(sum > 0);
}

QTEST_APPLESS_MAIN(TestClixmlBag)
#include "tst_clixml_bag.moc"

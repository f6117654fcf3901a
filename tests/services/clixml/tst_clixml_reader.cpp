// Reader: what it accepts, what it refuses and where, and that hostile documents cost little.
#include <QtTest>

#include <malloc.h>
#include <sys/mman.h>

#include "services/psrp/clixml/Object.h"
#include "services/psrp/clixml/PropertyBag.h"
#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/XmlCharacters.h"

using namespace postern;
using namespace postern::clixml;
using namespace Qt::StringLiterals;

class TestClixmlReader : public QObject
{
    Q_OBJECT

private slots:
    void accepts_data();
    void accepts();
    void refuses_data();
    void refuses();
    void limits_data();
    void limits();
    void fileForms();
    void forbiddenCharacters();
    void bombs_data();
    void bombs();
    void hugeDocumentIsNotTouched();
    void memoryIsBounded_data();
    void memoryIsBounded();
    void refChainsAreBounded();
};

void TestClixmlReader::accepts_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QString>("text"); // Value::toText
    const auto row = [](const char* name, QByteArray document, const QString& text) {
        QTest::newRow(name) << document << text;
    };
    row("empty", "", {});
    row("byte order mark only", "\xEF\xBB\xBF", {});
    row("byte order mark", "\xEF\xBB\xBF<S>x</S>", u"x"_s);
    row("declaration", "<?xml version=\"1.0\" encoding='UTF-8' standalone=\"yes\"?>\n<S>x</S>\n", u"x"_s);
    row("comments", "<!-- a --><S>x<!-- b -->y</S><!-- c -->", u"xy"_s);
    row("CDATA", "<S><![CDATA[<&]]x>]]></S>", u"<&]]x>"_s);
    row("entities", "<S>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</S>", u"<>&\"'A\U0001F600"_s);
    row("escapes", "<S>_x0041__x0a3F__X0042_</S>", u"A\u0A3FB"_s);
    row("escape once", "<S>_x005F_x0041_</S>", u"_x0041_"_s);
    row("no overlap", "<S>_x005F__x0041_</S>", u"_A"_s);
    row("not an escape", "<S>_x004_ _xG041_ _x0041</S>", u"_x004_ _xG041_ _x0041"_s);
    row("escape through a reference", "<S>&#95;x0041_</S>", u"A"_s);
    row("surrogates", "<S>_xD83D__xDE00_</S>", u"\U0001F600"_s);
    row("lone surrogate", "<S>_xDE00_x</S>", QString(QChar(0xDE00)) + u'x');
    row("line ends", "<S>a\r\nb\rc</S>", u"a\nb\nc"_s);
    row("significant blanks", "<S> x </S>", u" x "_s);
    row("prefixes", "<p:Obj xmlns:p=\"x\" RefId=\"0\"><p:ToString>x</p:ToString></p:Obj>", u"x"_s);
    row("odd tags", "<S\n>x</S\t>", u"x"_s);
    row("children in any order",
        "<Obj RefId='3'><MS/><ToString>x</ToString><Props/><TN RefId='0'><T>a</T></TN></Obj>", u"x"_s);
    row("wrapped primitive", "<Obj RefId=\"0\"><I32>5</I32></Obj>", u"5"_s);
    row("wrapped object", "<Obj RefId=\"0\"><Obj RefId=\"1\"><ToString>in</ToString></Obj></Obj>", u"in"_s);
    row("value before key",
        "<Obj RefId=\"0\"><ToString>d</ToString><DCT><En><I32 N=\"Value\">1</I32><S "
        "N=\"key\">a</S></En></DCT></Obj>",
        u"d"_s);
    row("unknown attributes", "<S xml:lang=\"en\" foo='b\"ar'>x</S>", u"x"_s);
}

void TestClixmlReader::accepts()
{
    QFETCH(QByteArray, document);
    QFETCH(QString, text);
    const auto value = Reader().read(document);
    QVERIFY2(value, qPrintable(value ? QString() : value.error().detail));
    QCOMPARE(value->toText(), text);
    PropertyBag bag;
    QVERIFY(bag.parse(document));
    QCOMPARE(bag.toText(), text);
}

void TestClixmlReader::refuses_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<int>("offset");
    QTest::addColumn<bool>("bagToo");
    const auto row = [](const char* name, QByteArray document, int offset, bool bagToo = true) {
        QTest::newRow(name) << document << offset << bagToo;
    };
    row("no element", "<!-- -->", 8);
    row("text", "x", 0);
    row("DTD", "<!DOCTYPE S [<!ENTITY a \"b\">]><S>&a;</S>", 0);
    row("entity", "<S>x&a;</S>", 4);
    row("reference without end", "<S>&lt</S>", 3);
    row("reference to NUL", "<S>&#0;</S>", 3);
    row("reference to a surrogate", "<S>&#xD800;</S>", 3);
    row("reference beyond Unicode", "<S>&#x110000;</S>", 3);
    row("entity in attribute", "<Obj><MS><S N=\"&b;\">x</S></MS></Obj>", 15);
    row("processing instruction", "<?pi?><S>x</S>", 0);
    row("instruction inside", "<S>x<?pi?></S>", 4);
    row("declaration later", "<!-- --><?xml version='1.0'?><S/>", 8);
    row("version 1.1", "<?xml version='1.1'?><S/>", 19);
    row("UTF-7", "<?xml version='1.0' encoding='utf-7'?><S/>", 36);
    row("invalid UTF-8", "<S>ab\xC3(</S>", 5);
    row("overlong UTF-8", "<S>\xC0\xAF</S>", 3);
    row("surrogate in UTF-8", "<S>\xED\xA0\x80</S>", 3);
    row("cut UTF-8", "<S>x</S>\xE2\x82", 8);
    row("control character", QByteArray("<S>a\x02</S>"), 4);
    row("NUL", QByteArray("<S>\0</S>", 8), 3);
    row("U+FFFE", "<S>\xEF\xBF\xBE</S>", 3);
    row("not closed", "<S>x", 4);
    row("end inside a tag", "<Obj RefId=\"0\"", 14);
    row("end inside an attribute", "<Obj RefId=\"0", 13);
    row("wrong end tag", "<Obj><MS></Obj></MS>", 9);
    row("end tag alone", "</S>", 0);
    row("two at the top", "<S/><S/>", 4);
    row("text behind", "<S/>x", 4);
    row("element in text", "<S>a<B>true</B></S>", 4);
    row("text in an object", "<Obj>x</Obj>", 5);
    row("CDATA in an object", "<Obj><![CDATA[ ]]></Obj>", 5);
    row("unknown element", "<Obj><Foo/></Obj>", 5);
    row("element out of place", "<Obj><En/></Obj>", 5);
    row("container alone", "<LST/>", 0);
    row("< in attribute", "<Obj><MS><S N=\"a<b\"/></MS></Obj>", 16);
    row("attribute twice", "<Obj RefId=\"0\" RefId=\"1\"/>", 15);
    row("attribute without quotes", "<Obj RefId=0/>", 11);
    row("attributes glued", "<Obj RefId=\"0\"N=\"x\"/>", 14);
    row("]]> in text", "<S>a]]>b</S>", 4);
    row("-- in comment", "<!-- a -- b --><S/>", 0);
    row("RefId not a number", "<Obj RefId=\"x\"/>", 12);
    row("RefId twice", "<Obj RefId=\"0\"><MS><Obj N=\"a\" RefId=\"0\"/></MS></Obj>", 19);
    row("Ref to nothing", "<Obj RefId=\"0\"><MS><Ref N=\"a\" RefId=\"5\"/></MS></Obj>", 19);
    row("Ref forward", "<Obj><MS><Ref N=\"a\" RefId=\"5\"/><Obj N=\"b\" RefId=\"5\"/></MS></Obj>", 9);
    row("TNRef to nothing", "<Obj><TNRef RefId=\"0\"/></Obj>", 5);
    row("two values", "<Obj><I32>1</I32><LST/></Obj>", 17);
    row("two ToStrings", "<Obj><ToString/><ToString/></Obj>", 16);
    row("property without name", "<Obj><MS><S>x</S></MS></Obj>", 9);
    row("entry without value", "<Obj><DCT><En><S N=\"Key\">a</S></En></DCT></Obj>", 30);
    row("entry with two keys", "<Obj><DCT><En><S N=\"Key\">a</S><S N=\"Key\">a</S></En></DCT></Obj>", 30);
    row("content in Nil", "<Nil>x</Nil>", 5);
    row("a file", "<Objs><S>x</S></Objs>", 0);
    row("bad Boolean", "<Obj><MS><B N=\"a\">yes</B></MS></Obj>", 9, false);
    row("bad byte", "<By>256</By>", 0, false);
    row("bad integer", "<I32>2147483648</I32>", 0, false);
    row("bad char", "<C>65536</C>", 0, false);
    row("bad date", "<DT>yesterday</DT>", 0, false);
    row("bad span", "<TS>1h</TS>", 0, false);
    row("bad Guid", "<G>x</G>", 0, false);
    row("bad double", "<Db>1,5</Db>", 0, false);
    row("bad decimal", "<D>1.2.3</D>", 0, false);
    row("bad version", "<Version>1</Version>", 0, false);
    row("bad base64", "<BA>YWJ</BA>", 0, false);
}

void TestClixmlReader::refuses()
{
    QFETCH(QByteArray, document);
    QFETCH(int, offset);
    QFETCH(bool, bagToo);
    const auto value = Reader().read(document);
    QVERIFY(!value);
    QCOMPARE(value.error().code, ErrorCode::Malformed);
    const QString place = u"offset %1: "_s.arg(offset);
    QVERIFY2(value.error().detail.startsWith(place), qPrintable(value.error().detail));
    PropertyBag bag;
    const auto parsed = bag.parse(document);
    QCOMPARE(!parsed, bagToo);
    if (!parsed)
        QVERIFY2(parsed.error().detail.startsWith(place), qPrintable(parsed.error().detail));
    QVERIFY(parsed || bag.count() == 0);
}

void TestClixmlReader::limits_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<Limits>("limits");
    QTest::addColumn<bool>("fits");
    const auto nested = [](int depth) {
        QByteArray text;
        for (int i = 0; i < depth; ++i)
            text += "<Obj RefId=\"" + QByteArray::number(i) + "\"><DCT><En><S N=\"Key\">k</S>";
        text.replace("<S N=\"Key\">k</S><Obj ", "<S N=\"Key\">k</S><Obj N=\"Value\" ");
        text += "<S N=\"Value\">x</S>";
        for (int i = 0; i < depth; ++i)
            text += "</En></DCT></Obj>";
        return text;
    };
    QTest::newRow("50 deep") << nested(50) << Limits() << true;
    QTest::newRow("51 deep") << nested(51) << Limits() << false;
    Limits shallow;
    shallow.objectDepth = 2;
    QTest::newRow("2 of 2") << nested(2) << shallow << true;
    QTest::newRow("3 of 2") << nested(3) << shallow << false;
    Limits small;
    small.documentBytes = 8;
    QTest::newRow("8 bytes") << QByteArray("<S>x</S>") << small << true;
    QTest::newRow("9 bytes") << QByteArray("<S>xy</S>") << small << false;
    Limits few;
    few.elements = 3;
    QTest::newRow("3 elements") << QByteArray("<Obj><MS><S N=\"a\"/></MS></Obj>") << few << true;
    QTest::newRow("4 elements") << QByteArray("<Obj><MS><S N=\"a\"/><S N=\"b\"/></MS></Obj>") << few << false;
    Limits names;
    names.nameBytes = 5;
    QTest::newRow("name of 5") << QByteArray("<Obj><MS><S N=\"abcde\"/></MS></Obj>") << names << true;
    QTest::newRow("name of 6") << QByteArray("<Obj><MS><S N=\"abcdef\"/></MS></Obj>") << names << false;
    Limits attributes;
    attributes.attributes = 2;
    QTest::newRow("2 attributes") << QByteArray("<S a='1' b='2'/>") << attributes << true;
    QTest::newRow("3 attributes") << QByteArray("<S a='1' b='2' c='3'/>") << attributes << false;
    Limits references;
    references.references = 1;
    QTest::newRow("1 RefId") << QByteArray("<Obj RefId='4'/>") << references << true;
    QTest::newRow("2 RefIds") << QByteArray("<Obj RefId='4'><MS><Obj N='a' RefId='5'/></MS></Obj>")
                              << references << false;
}

void TestClixmlReader::limits()
{
    QFETCH(QByteArray, document);
    QFETCH(Limits, limits);
    QFETCH(bool, fits);
    const auto value = Reader(limits).read(document);
    QCOMPARE(value.has_value(), fits);
    PropertyBag bag(limits);
    const auto parsed = bag.parse(document);
    QCOMPARE(parsed.has_value(), fits);
    if (fits)
        return;
    QCOMPARE(value.error().code, ErrorCode::LimitExceeded);
    QCOMPARE(parsed.error().code, ErrorCode::LimitExceeded);
    QCOMPARE(parsed.error().detail.section(u':', 0, 0), value.error().detail.section(u':', 0, 0));
}

void TestClixmlReader::fileForms()
{
    const QByteArray body
        = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><S "
          "S=\"Error\">a</S>\n<I32>2</I32></Objs>";
    const auto check = [](const QByteArray& document) {
        const auto items = Reader().readFile(document);
        QVERIFY2(items, items ? "" : qPrintable(items.error().detail));
        QCOMPARE(items->size(), size_t(2));
        QCOMPARE(items->at(0).stream, u"Error"_s);
        QCOMPARE(items->at(1).value.toInt64(), std::optional<qint64>(2));
    };
    check(body);
    check("#< CLIXML\r\n" + body);
    QStringEncoder little(QStringEncoder::Utf16LE, QStringConverter::Flag::WriteBom);
    QStringEncoder big(QStringEncoder::Utf16BE, QStringConverter::Flag::WriteBom);
    check(little(QString::fromUtf8("<?xml version='1.0' encoding='UTF-16'?>" + body)));
    check(big(QString::fromUtf8(body)));
    QVERIFY(!Reader().readFile(QByteArray("\xFF\xFE<", 3)));
    QVERIFY(!Reader().readFile(QByteArray("\xFF\xFE<\0S\0/\0>\0\x3D\xD8", 12))); // half a surrogate pair
    QVERIFY(Reader().readFile(QByteArray("\xFF\xFE<\0S\0/\0>\0", 10)));
    QVERIFY(!Reader().readFile("#< CLIXML"));
    QCOMPARE(Reader().readFile("<Objs/>")->size(), size_t(0));
    QCOMPARE(Reader().readFile("<S>x</S>")->size(), size_t(1));
}

void TestClixmlReader::forbiddenCharacters()
{
    std::mt19937 random(5);
    for (int round = 0; round < 20'000; ++round) {
        QByteArray text(int(random() % 200), 'a');
        for (int i = int(random() % 4); i > 0 && !text.isEmpty(); --i)
            text.insert(int(random() % unsigned(text.size())),
                random() % 2 == 0 ? QByteArray(1, char(random() % 256))
                                  : QByteArray("\xF0\x9F\x98\x80\t\r\n\xE4\xB8\xAD"));
        QCOMPARE(firstForbiddenCharacter(text), firstForbiddenCharacterScalar(text));
        const bool valid = QString::fromUtf8(text).toUtf8() == text;
        QVERIFY(valid || firstForbiddenCharacter(text) >= 0);
    }
    for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x11000 ? 1 : 997) {
        const bool allowed = c == 9 || c == 10 || c == 13
            || (c >= 0x20 && (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF);
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        QCOMPARE(firstForbiddenCharacter(QString::fromUcs4(&c, 1).toUtf8()) < 0, allowed);
    }
}

void TestClixmlReader::bombs_data()
{
    QTest::addColumn<QByteArray>("document");
    constexpr qsizetype size = 9 * 1024 * 1024;
    QTest::newRow("deep") << QByteArray("<Obj><LST>").repeated(size / 10);
    QTest::newRow("deep member sets") << "<Obj><MS>" + QByteArray("<MS N=\"a\">").repeated(size / 10);
    QByteArray laughs = "<!DOCTYPE S [<!ENTITY a0 \"ha\">";
    for (int i = 1; i < 100; ++i)
        laughs += "<!ENTITY a" + QByteArray::number(i) + " \""
            + ("&a" + QByteArray::number(i - 1) + ";").repeated(10) + "\">";
    QTest::newRow("billion laughs") << laughs + "]><S>&a99;</S>";
    QTest::newRow("huge attribute") << "<Obj><MS><S N=\"" + QByteArray(size, 'a') + "\"/></MS></Obj>";
    QTest::newRow("huge element name") << "<" + QByteArray(size, 'a') + "/>";
    QTest::newRow("huge attribute name") << "<Obj " + QByteArray(size, 'a') + "=\"\"/>";
    QTest::newRow("many attributes") << "<Obj" + QByteArray(" a=\"\"").repeated(size / 5) + "/>";
    QTest::newRow("many elements") << "<Obj><LST>" + QByteArray("<Nil/>").repeated(size / 6) + "</LST></Obj>";
    QTest::newRow("many objects") << "<Obj><LST>" + QByteArray("<Obj/>").repeated(size / 6) + "</LST></Obj>";
    QTest::newRow("open comment") << "<!--" + QByteArray(size, ' ');
    QTest::newRow("many open brackets") << "<Obj>" + QByteArray("<![CDATA[").repeated(size / 9);
}

void TestClixmlReader::bombs()
{
    QFETCH(QByteArray, document);
    QElapsedTimer timer;
    timer.start();
    const auto value = Reader().read(document);
    PropertyBag bag;
    const auto parsed = bag.parse(document);
    QVERIFY2(timer.elapsed() < 2000, qPrintable(u"%1 ms"_s.arg(timer.elapsed())));
    QVERIFY(!value && !parsed);
}

// A gigabyte of address space that was never written: refused by its size, no page of it is looked at.
void TestClixmlReader::hugeDocumentIsNotTouched()
{
    constexpr size_t size = size_t(1) << 30;
    void* memory = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    QVERIFY(memory != MAP_FAILED);
    // The first page only: a byte order mark is looked for.
    QCOMPARE(mprotect(memory, 4096, PROT_READ | PROT_WRITE), 0);
    std::memcpy(memory, "<Obj>", 5);
    const QByteArrayView document(static_cast<const char*>(memory), qsizetype(size));
    const auto value = Reader().read(document);
    const auto items = Reader().readFile(document);
    PropertyBag bag;
    const auto parsed = bag.parse(document);
    munmap(memory, size);
    QVERIFY(!value && !items && !parsed);
    QCOMPARE(value.error().code, ErrorCode::LimitExceeded);
    QCOMPARE(items.error().code, ErrorCode::LimitExceeded);
    QCOMPARE(parsed.error().code, ErrorCode::LimitExceeded);
}

void TestClixmlReader::memoryIsBounded_data()
{
    QTest::addColumn<QByteArray>("document");
    const auto list = [](const char* item, int count) {
        return "<Obj RefId=\"1000000\"><LST>" + QByteArray(item).repeated(count) + "</LST></Obj>";
    };
    QTest::newRow("empty strings") << list("<S/>", 200'000);
    QTest::newRow("short strings") << list("<S>a</S>", 200'000);
    QTest::newRow("objects") << list("<Obj/>", 200'000);
    QTest::newRow("type names") << list("<Obj><TN><T/><T/><T/></TN></Obj>", 50'000);
    QTest::newRow("properties") << list("<Obj><MS><S N=\"\"/><S N=\"\"/></MS></Obj>", 50'000);
    QTest::newRow("entries") << list(
        "<Obj><DCT><En><Nil N=\"Key\"/><Nil N=\"Value\"/></En></DCT></Obj>", 30'000);
    QTest::newRow("bytes") << list("<BA>YWJj</BA>", 100'000);
    QTest::newRow("progress") << list("<PR></PR>", 100'000);
}

// Resident memory in bytes; "VmHWM:" is its peak.
qint64 memoryStatus(const char* field)
{
    QFile status(u"/proc/self/status"_s);
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = status.readAll();
    return text.mid(text.indexOf(field) + qsizetype(strlen(field))).trimmed().split(' ').first().toLongLong()
        * 1024;
}

// However a document is made, and even when it is refused: decoding takes at most 16 times its size and some
// MiB.
void TestClixmlReader::memoryIsBounded()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("a sanitizer's allocator takes more");
#endif
    QFETCH(QByteArray, document);
    malloc_trim(0);
    QFile reset(u"/proc/self/clear_refs"_s);
    if (!reset.open(QIODevice::WriteOnly) || reset.write("5") != 1 || !reset.flush())
        QSKIP("the peak of memory cannot be reset here");
    const qint64 before = memoryStatus("VmRSS:");
    const auto value = Reader().read(document);
    const qint64 used = memoryStatus("VmHWM:") - before;
    qInfo("peak of %.1f bytes for one%s", double(used) / double(document.size()), value ? "" : " (refused)");
    QVERIFY(used > 0 && used < 16 * document.size() + 4 * 1024 * 1024);
}

// A chain of objects each of which holds a Ref to the one before: shallow as text, deep when followed.
void TestClixmlReader::refChainsAreBounded()
{
    const auto chain = [](int length) {
        QByteArray text = "<Obj RefId=\"0\"><LST><Obj RefId=\"1\"/>";
        for (int i = 2; i <= length; ++i)
            text += "<Obj RefId=\"" + QByteArray::number(i) + "\"><LST><Ref RefId=\""
                + QByteArray::number(i - 1) + "\"/></LST></Obj>";
        return text + "</LST></Obj>";
    };
    PropertyBag bag;
    QVERIFY(Reader().read(chain(150)));
    const QByteArray fine = chain(150);
    QVERIFY(bag.parse(fine));
    const QByteArray tooLong = chain(50'000);
    const auto value = Reader().read(tooLong);
    const auto parsed = bag.parse(tooLong);
    QVERIFY(!value && !parsed);
    QCOMPARE(value.error().code, ErrorCode::LimitExceeded);
    QCOMPARE(parsed.error().detail.section(u':', 0, 0), value.error().detail.section(u':', 0, 0));
}

QTEST_APPLESS_MAIN(TestClixmlReader)
#include "tst_clixml_reader.moc"

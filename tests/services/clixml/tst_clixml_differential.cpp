// The fast Reader against QXmlStreamReader: on every document both give equal values, or both refuse.
#include <QtTest>

#include "services/psrp/clixml/PropertyBag.h"
#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/Writer.h"
#include "tests/services/clixml/MangledXml.h"
#include "tests/services/clixml/ReferenceReader.h"

using namespace postern;
using namespace postern::clixml;
using namespace postern::clixml::testing;

namespace {

struct Tally
{
    int accepted = 0;
    int refused = 0;
};

// An error must carry its place, inside the document.
bool namesOffset(const Error& error, qsizetype size)
{
    static const QRegularExpression place(QStringLiteral("^offset (\\d+): "));
    const auto match = place.match(error.detail);
    return match.hasMatch() && match.captured(1).toLongLong() <= size;
}

} // namespace

class TestClixmlDifferential : public QObject
{
    Q_OBJECT

private slots:
    void readersAgree_data();
    void readersAgree();
    void truncationAtEveryByte();

private:
    void compare(const QByteArray& document, Tally& tally);
};

void TestClixmlDifferential::compare(const QByteArray& document, Tally& tally)
{
    const auto fast = Reader().readFile(document);
    const auto reference = readByReference(document);
    const auto about = [&](const char* what, const Error* error) {
        return QByteArray(what) + ": " + (error != nullptr ? error->detail.toUtf8() + '\n' : QByteArray())
            + document.left(3000);
    };
    if (fast.has_value() != reference.has_value())
        QFAIL(fast ? about("only the fast reader accepts", nullptr).constData()
                   : about("only the fast reader refuses", &fast.error()).constData());
    if (fast) {
        ++tally.accepted;
        QVERIFY2(*fast == *reference, about("read differently", nullptr).constData());
    } else {
        ++tally.refused;
        QVERIFY2(namesOffset(fast.error(), document.size()), about("no offset", &fast.error()).constData());
    }
    // The bag accepts what the reader accepts; it looks at primitives only when asked.
    PropertyBag bag;
    const auto parsed = bag.parse(document);
    if (!parsed) {
        QVERIFY2(!Reader().read(document), about("only the bag refuses", &parsed.error()).constData());
        QVERIFY2(
            namesOffset(parsed.error(), document.size()), about("no offset", &parsed.error()).constData());
    }
}

void TestClixmlDifferential::readersAgree_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<int>("documents");
    QTest::addColumn<int>("damage"); // percent
    // POSTERN_DIFFERENTIAL_SCALE=20 makes a million documents.
    const int scale = qMax(1, qEnvironmentVariableIntValue("POSTERN_DIFFERENTIAL_SCALE"));
    QTest::newRow("written") << 1u << 5000 * scale << 0;
    QTest::newRow("damaged") << 2u << 30000 * scale << 100;
    QTest::newRow("mixed") << 3u << 15000 * scale << 50;
}

void TestClixmlDifferential::readersAgree()
{
    QFETCH(quint32, seed);
    QFETCH(int, documents);
    QFETCH(int, damage);
    RandomValues random(seed);
    Tally tally;
    for (int i = 0; i < documents; ++i) {
        QByteArray document
            = random.chance(20) ? Writer().writeFile(random.nextFile()) : Writer().write(random.next());
        if (random.chance(60))
            document = redressed(document, random);
        if (random.chance(damage))
            document = damaged(document, random);
        compare(document, tally);
        if (QTest::currentTestFailed())
            return;
    }
    qInfo("%d documents: %d read equally, %d refused by both", documents, tally.accepted, tally.refused);
    QVERIFY(tally.accepted > documents / 20);
    QVERIFY(damage == 0 || tally.refused > documents / 20);
}

void TestClixmlDifferential::truncationAtEveryByte()
{
    RandomValues random(7);
    Tally tally;
    for (int i = 0; i < 30; ++i) {
        const QByteArray document = Writer().write(random.nextObject());
        for (qsizetype size = 0; size < qMin<qsizetype>(document.size(), 1500); ++size) {
            const auto result = Reader().read(document.first(size));
            QVERIFY(size == 0 ? result.has_value() : !result.has_value());
            QVERIFY(size == 0 || namesOffset(result.error(), size));
            PropertyBag bag;
            QCOMPARE(bag.parse(QByteArrayView(document).first(size)).has_value(), result.has_value());
        }
    }
}

QTEST_APPLESS_MAIN(TestClixmlDifferential)
#include "tst_clixml_differential.moc"

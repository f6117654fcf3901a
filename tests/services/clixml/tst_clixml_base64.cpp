// Base64 against QByteArray's, in every length and alignment, and the offsets of its errors.
#include <QtTest>

#include <random>

#include "services/psrp/clixml/Base64.h"

using namespace postern;
using namespace postern::clixml;
using namespace Qt::StringLiterals;

class TestClixmlBase64 : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithQt();
    void badCharacterIsNamed();
    void truncation();
    void whiteSpace();
    void refuses_data();
    void refuses();
    void appendsAndRestores();
};

static QByteArray randomBytes(std::mt19937& random, int size)
{
    QByteArray bytes(size, '\0');
    for (char& c : bytes)
        c = char(random());
    return bytes;
}

void TestClixmlBase64::agreesWithQt()
{
    std::mt19937 random(1);
    for (int size = 0; size < 600; ++size) {
        const QByteArray bytes = randomBytes(random, size);
        const QByteArray text = bytes.toBase64();
        QCOMPARE(Base64::encode(bytes), text);
        for (const auto mode : {Base64::Mode::Strict, Base64::Mode::Lenient}) {
            const auto decoded = Base64::decode(text, mode);
            QVERIFY(decoded);
            QCOMPARE(*decoded, bytes);
        }
        const QByteArray shifted = "xyz" + text; // another alignment
        QCOMPARE(*Base64::decode(QByteArrayView(shifted).sliced(3)), bytes);
    }
}

void TestClixmlBase64::badCharacterIsNamed()
{
    std::mt19937 random(2);
    const QByteArray text = randomBytes(random, 201).toBase64();
    for (qsizetype at = 0; at < text.size(); ++at) {
        for (const char bad : {'-', '_', '\x80', '\xFF', '\0', '@', '[', '`', '{', ':', '.', ','}) {
            QByteArray damaged = text;
            damaged[at] = bad;
            const auto decoded = Base64::decode(damaged);
            QVERIFY(!decoded);
            QCOMPARE(decoded.error().code, ErrorCode::Malformed);
            QCOMPARE(decoded.error().detail, u"offset %1: not a base64 character"_s.arg(at));
        }
    }
}

void TestClixmlBase64::truncation()
{
    std::mt19937 random(3);
    const QByteArray text = randomBytes(random, 150).toBase64();
    for (qsizetype size = 0; size <= text.size(); ++size) {
        const auto decoded = Base64::decode(text.first(size));
        QCOMPARE(decoded.has_value(), size % 4 == 0);
        if (!decoded)
            QVERIFY(decoded.error().detail.startsWith(u"offset %1: "_s.arg(size)));
    }
}

void TestClixmlBase64::whiteSpace()
{
    std::mt19937 random(4);
    for (int round = 0; round < 500; ++round) {
        const QByteArray bytes = randomBytes(random, int(random() % 300));
        QByteArray text = bytes.toBase64();
        for (int i = int(random() % 6); i > 0; --i)
            text.insert(int(random() % unsigned(text.size() + 1)), " \t\r\n" + random() % 4, 1);
        const bool clean = text == bytes.toBase64();
        const auto decoded = Base64::decode(text, Base64::Mode::Lenient);
        QVERIFY2(decoded, decoded ? "" : qPrintable(decoded.error().detail));
        QCOMPARE(*decoded, bytes);
        QCOMPARE(Base64::decode(text, Base64::Mode::Strict).has_value(), clean);
    }
}

void TestClixmlBase64::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("strictOffset");
    QTest::addColumn<int>("lenientOffset"); // -1: accepted
    const auto row = [](const char* text, int strict, int lenient) {
        QTest::newRow(text) << QByteArray(text) << strict << lenient;
    };
    row("=", 0, 0);
    row("A===", 1, 1);
    row("AA=", 3, 3);
    row("AA=A", 3, 3);
    row("AA==A", 4, 4);
    row("AA==AAAA", 4, 4);
    row("AAA==", 4, 4);
    row("AB==", 1, -1);
    row("AAB=", 2, -1);
    row("AA= =", 3, -1);
    row("AA==\n", 4, -1);
    row(" AAAA", 0, -1);
}

void TestClixmlBase64::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(int, strictOffset);
    QFETCH(int, lenientOffset);
    const auto strict = Base64::decode(text, Base64::Mode::Strict);
    QVERIFY(!strict);
    QVERIFY2(strict.error().detail.startsWith(u"offset %1: "_s.arg(strictOffset)),
        qPrintable(strict.error().detail));
    const auto lenient = Base64::decode(text, Base64::Mode::Lenient);
    QCOMPARE(lenient.has_value(), lenientOffset < 0);
    if (!lenient)
        QVERIFY2(lenient.error().detail.startsWith(u"offset %1: "_s.arg(lenientOffset)),
            qPrintable(lenient.error().detail));
}

void TestClixmlBase64::appendsAndRestores()
{
    QByteArray out = "kept";
    QVERIFY(Base64::decodeInto("YWJj", out));
    QCOMPARE(out, QByteArray("keptabc"));
    QVERIFY(!Base64::decodeInto("YWJjYW", out));
    QCOMPARE(out, QByteArray("keptabc"));
}

QTEST_APPLESS_MAIN(TestClixmlBase64)
#include "tst_clixml_base64.moc"

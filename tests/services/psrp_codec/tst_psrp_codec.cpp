// Fragments and messages: bytes as in the specification, every way of cutting and mixing a stream, every
// refusal.
#include <QtTest>

#include <random>

#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"

using namespace postern;
using namespace postern::psrp;
using namespace Qt::StringLiterals;

class TestPsrpCodec : public QObject
{
    Q_OBJECT

private slots:
    void messageBytes();
    void messageRefusals();
    void messageTypes();
    void fragmentBytes();
    void splitSizes();
    void anyCutAnyMix();
    void refusals_data();
    void refusals();
    void caps();
    void endOfStream();
    void hugeLengthIsRefusedAtOnce();
    void damagedStreamsNeverCrash();
};

static QByteArray fragment(quint64 object, quint64 id, const char* flags, const QByteArray& blob)
{
    return encodeFragment({object, id, strchr(flags, 's') != nullptr, strchr(flags, 'e') != nullptr, blob});
}

void TestPsrpCodec::messageBytes()
{
    Message message;
    message.type = MessageType::SessionCapability;
    message.runspacePoolId = QUuid(u"{76056A84-51DC-4F24-9262-CA2A55464B2B}"_s);
    message.data = "<Obj/>";
    const QByteArray encoded = encodeMessage(message);
    QCOMPARE(encoded.toHex(),
        QByteArray("02000000"
                   "02000100"
                   "846a0576dc51244f9262ca2a55464b2b"
                   "00000000000000000000000000000000"
                   "3c4f626a2f3e"));
    const auto view = decodeMessage(encoded);
    QVERIFY(view);
    QCOMPARE(toMessage(*view), message);
    QByteArray marked = encoded;
    marked.insert(kMessageHeaderBytes, "\xEF\xBB\xBF");
    QCOMPARE(toMessage(*decodeMessage(marked)), message);
}

void TestPsrpCodec::messageRefusals()
{
    QByteArray bytes = encodeMessage({});
    for (qsizetype size = 0; size < kMessageHeaderBytes; ++size) {
        const auto view = decodeMessage(QByteArrayView(bytes).first(size));
        QVERIFY(!view);
        QCOMPARE(view.error().code, ErrorCode::Malformed);
        QVERIFY(view.error().detail.startsWith(u"offset %1: "_s.arg(size)));
    }
    bytes[0] = 3;
    QVERIFY(decodeMessage(bytes).error().detail.startsWith(u"offset 0: destination 3"));
}

void TestPsrpCodec::messageTypes()
{
    QCOMPARE(EnumTable<MessageType>::entries().size(), size_t(31));
    QCOMPARE(enumText(MessageType(0x00041004)).toString(), u"PIPELINE_OUTPUT"_s);
    QCOMPARE(enumText(MessageType(0x00021009)).toString(), u"APPLICATION_PRIVATE_DATA"_s);
    QVERIFY(isKnown(MessageType::InformationRecord));
    QVERIFY(!isKnown(MessageType(0x00041099)));
    Message odd;
    odd.type = MessageType(0x00041099);
    const QByteArray encoded = encodeMessage(odd);
    QVERIFY(decodeMessage(encoded)); // carried; the pool decides
}

void TestPsrpCodec::fragmentBytes()
{
    const QByteArray encoded = fragment(1, 2, "se", "abc");
    QCOMPARE(encoded.toHex(),
        QByteArray("0000000000000001"
                   "0000000000000002"
                   "03"
                   "00000003"
                   "616263"));
    const QByteArray stream = encoded + "rest";
    const auto view = decodeFragment(stream);
    QVERIFY(view);
    QCOMPARE(view->objectId, quint64(1));
    QCOMPARE(view->fragmentId, quint64(2));
    QVERIFY(view->start && view->end);
    QCOMPARE(view->blob.toByteArray(), QByteArray("abc"));
    for (qsizetype size = 0; size < encoded.size(); ++size)
        QCOMPARE(decodeFragment(QByteArrayView(encoded).first(size)).error().code, ErrorCode::Incomplete);
}

void TestPsrpCodec::splitSizes()
{
    Fragmenter fragmenter;
    for (const int size : {0, 1, 78, 79, 80, 158, 1000}) {
        const QByteArray message(size, 'x');
        const quint64 object = fragmenter.nextObjectId();
        const auto fragments = fragmenter.split(message, 60, 100);
        QCOMPARE(fragmenter.nextObjectId(), object + 1);
        QByteArray joined;
        for (qsizetype i = 0; i < fragments.size(); ++i) {
            QVERIFY(fragments[i].size() <= (i == 0 ? 60 : 100));
            const auto view = decodeFragment(fragments[i]);
            QVERIFY(view);
            QCOMPARE(view->objectId, object);
            QCOMPARE(view->fragmentId, quint64(i));
            QCOMPARE(view->start, i == 0);
            QCOMPARE(view->end, i == fragments.size() - 1);
            joined += view->blob;
        }
        QCOMPARE(joined, message);
    }
    QCOMPARE(fragmenter.split("ab", 1).size(), 2); // a limit below a header still moves a byte at a time
    QCOMPARE(fragmenter.split(QByteArray(40'000, 'x')).first().size(), kDefaultFragmentBytes);
}

void TestPsrpCodec::anyCutAnyMix()
{
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        Fragmenter fragmenter;
        QList<QByteArray> sent;
        QList<QList<QByteArray>> queues;
        for (int i = 0; i < 8; ++i) {
            QByteArray message(int(random() % 300), char('a' + i));
            queues.append(fragmenter.split(message, 22 + int(random() % 90)));
            sent.append(message);
        }
        QByteArray stream; // the fragments of all messages interleaved, each message's in order
        while (!queues.isEmpty()) {
            const int pick = int(random() % unsigned(queues.size()));
            stream += queues[pick].takeFirst();
            if (queues[pick].isEmpty())
                queues.removeAt(pick);
        }
        Defragmenter defragmenter;
        QList<QByteArray> received;
        for (qsizetype at = 0; at < stream.size();) {
            const qsizetype size = qMin<qsizetype>(stream.size() - at, 1 + random() % 80);
            const auto messages = defragmenter.feed(QByteArrayView(stream).sliced(at, size));
            QVERIFY(messages);
            received += *messages;
            at += size;
        }
        QVERIFY(defragmenter.finish());
        std::sort(received.begin(), received.end());
        std::sort(sent.begin(), sent.end());
        QCOMPARE(received, sent);
    }
}

void TestPsrpCodec::refusals_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("what");
    const QByteArray first = fragment(7, 0, "s", "abc"); // 24 bytes
    const auto row = [](const char* name, const QByteArray& stream, const char* place, const char* what) {
        QTest::newRow(name) << stream << QString::fromLatin1(place) << QString::fromLatin1(what);
    };
    row("gap", first + fragment(7, 2, "e", "x"), "object 7, fragment 2, offset 24", "fragment 1 is due");
    row("repeated", first + fragment(7, 1, "", "x") + fragment(7, 1, "e", "x"),
        "object 7, fragment 1, offset 46", "fragment 2 is due");
    row("second start", first + fragment(7, 0, "s", "x"), "object 7, fragment 0, offset 24",
        "a second start");
    row("no start", fragment(7, 1, "e", "x"), "object 7, fragment 1, offset 0",
        "a continuation without start");
    row("no start at 0", fragment(7, 0, "e", "x"), "object 7, fragment 0, offset 0",
        "a continuation without start");
    row("start not 0", fragment(7, 1, "se", "x"), "object 7, fragment 1, offset 0",
        "a start whose fragment id is not 0");
    row("object 0", fragment(0, 0, "se", "x"), "object 0, fragment 0, offset 0", "object ids start at 1");
    row("reused", fragment(7, 0, "se", "x") + fragment(7, 0, "se", "y"), "object 7, fragment 0, offset 22",
        "the object id was used before");
    QByteArray flags = fragment(9, 0, "se", "x");
    flags[16] = char(0x83);
    row("flags", first + flags, "object 9, fragment 0, offset 24", "flags 0x83");
}

void TestPsrpCodec::refusals()
{
    QFETCH(QByteArray, stream);
    QFETCH(QString, place);
    QFETCH(QString, what);
    for (const bool inOne : {true, false}) {
        Defragmenter defragmenter;
        Expected<QList<QByteArray>> result = QList<QByteArray>();
        for (qsizetype at = 0; result && at < stream.size(); at += inOne ? stream.size() : 1)
            result = defragmenter.feed(QByteArrayView(stream).sliced(at, inOne ? stream.size() : 1));
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Malformed);
        QVERIFY2(result.error().detail.startsWith(place + u": "_s + what), qPrintable(result.error().detail));
        QVERIFY(!defragmenter.feed(fragment(100, 0, "se", "x"))); // the stream stays failed
        defragmenter.reset();
        QVERIFY(defragmenter.feed(fragment(7, 0, "se", "x")));
    }
}

void TestPsrpCodec::caps()
{
    Defragmenter objects({.objectBytes = 10, .openBytes = 1000, .openObjects = 2});
    QVERIFY(objects.feed(fragment(1, 0, "s", QByteArray(6, 'x'))));
    const auto tooLong = objects.feed(fragment(1, 1, "e", QByteArray(5, 'x')));
    QVERIFY(!tooLong);
    QCOMPARE(tooLong.error().code, ErrorCode::LimitExceeded);
    QVERIFY(tooLong.error().detail.startsWith(u"object 1, fragment 1, offset 27: an object over 10 bytes"));
    Defragmenter many({.objectBytes = 10, .openBytes = 1000, .openObjects = 2});
    QVERIFY(many.feed(fragment(1, 0, "s", "x") + fragment(2, 0, "s", "x")));
    QCOMPARE(many.feed(fragment(3, 0, "s", "x")).error().code, ErrorCode::LimitExceeded);
    Defragmenter together({.objectBytes = 10, .openBytes = 15, .openObjects = 8});
    QVERIFY(together.feed(fragment(1, 0, "s", QByteArray(9, 'x'))));
    QCOMPARE(together.feed(fragment(2, 0, "s", QByteArray(9, 'x'))).error().code, ErrorCode::LimitExceeded);
}

void TestPsrpCodec::endOfStream()
{
    Defragmenter defragmenter;
    QVERIFY(defragmenter.finish());
    QVERIFY(defragmenter.feed(fragment(4, 0, "s", "abc")));
    QCOMPARE(defragmenter.finish().error().code, ErrorCode::Incomplete);
    QVERIFY(defragmenter.finish().error().detail.startsWith(u"object 4, fragment 1, offset 24: "));
    QVERIFY(defragmenter.feed(fragment(4, 1, "e", "d")));
    QVERIFY(defragmenter.finish());
    QVERIFY(defragmenter.feed(fragment(5, 0, "se", "d").chopped(1)));
    QVERIFY(defragmenter.finish().error().detail.contains(u"inside a fragment"));
}

void TestPsrpCodec::hugeLengthIsRefusedAtOnce()
{
    QByteArray header = fragment(3, 0, "s", "").first(17) + QByteArray::fromHex("fffffff0");
    Defragmenter defragmenter;
    const auto result = defragmenter.feed(header);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::LimitExceeded);
    QVERIFY(result.error().detail.startsWith(u"object 3, fragment 0, offset 0: "));
}

void TestPsrpCodec::damagedStreamsNeverCrash()
{
    std::mt19937 random(9);
    int refused = 0;
    for (int round = 0; round < 5000; ++round) {
        Fragmenter fragmenter;
        QByteArray stream;
        for (int i = 0; i < 4; ++i)
            stream += fragmenter.split(QByteArray(int(random() % 60), 'm'), 40).join();
        stream[int(random() % unsigned(stream.size()))] = char(random());
        Defragmenter defragmenter;
        const auto result = defragmenter.feed(stream);
        if (result)
            continue;
        ++refused;
        QVERIFY(result.error().detail.contains(u"offset "));
    }
    QVERIFY(refused > 500);
}

QTEST_APPLESS_MAIN(TestPsrpCodec)
#include "tst_psrp_codec.moc"

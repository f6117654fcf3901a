// Answers of real servers read by the strict and by the fast reader: the same result on every recording and
// on every damaged copy of one, or both refuse.
#include <QDirIterator>
#include <QRandomGenerator>
#include <QStringEncoder>
#include <QTest>

#include "services/wsman/Answer.h"
#include "tests/support/WireRecording.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::wsman;
using postern::test::WireRecording;

namespace {

QList<QByteArray> recordedAnswers()
{
    static QList<QByteArray> all;
    if (!all.isEmpty())
        return all;
    QDirIterator files(QStringLiteral(POSTERN_TEST_DATA "/vectors/pypsrp/responses"), {u"*.yml"_s});
    while (files.hasNext()) {
        const auto recording = WireRecording::load(files.next());
        if (!recording)
            continue;
        for (const auto& round : recording->rounds())
            all.append(round.answer);
    }
    return all;
}

bool isBase64(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+'
            || c == '/' || c == '=' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
    });
}

// What the fast reader leaves to the base64 decoder.
bool streamsAreBase64(const Answer& answer)
{
    return std::all_of(
        answer.streams.begin(), answer.streams.end(), [](const StreamText& s) { return isBase64(s.base64); });
}

QByteArray difference(const Answer& fast, const Answer& strict)
{
    if (fast.relatesTo != strict.relatesTo)
        return "relatesTo";
    if (fast.action != strict.action)
        return "action";
    if (fast.commandState != strict.commandState || fast.exitCode != strict.exitCode)
        return "state";
    if (strict.fault)
        return "fault";
    if (fast.streams.size() != strict.streams.size())
        return "number of streams";
    for (size_t i = 0; i < fast.streams.size(); ++i) {
        const StreamText &a = fast.streams[i], &b = strict.streams[i];
        if (a.name != b.name || a.commandId != b.commandId || a.end != b.end)
            return "attributes of a stream";
        // XML normalises line ends; base64 does not see them.
        if (a.base64.toByteArray().replace("\r\n", "\n").replace('\r', '\n') != b.base64.toByteArray())
            return "text of a stream";
    }
    return {};
}

} // namespace

class TestAnswer : public QObject
{
    Q_OBJECT
private slots:
    void everyRecordingReads();
    void fastReadsWhatIsPlain();
    void damagedCopies();
    void readsFaults();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void utf16();
    void soapOrNot_data();
    void soapOrNot();
};

void TestAnswer::everyRecordingReads()
{
    const QList<QByteArray> answers = recordedAnswers();
    QVERIFY2(answers.size() > 200, qPrintable(QString::number(answers.size())));
    for (const QByteArray& body : answers) {
        const auto answer = readAnswer(body);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().toLogText()));
        QVERIFY(answer->relatesTo.startsWith("uuid:"));
        QVERIFY(looksLikeSoap(body));
        QCOMPARE(answer->fault.has_value(), body.contains("<s:Fault>"));
        if (body.contains("CreateResponse<"))
            QCOMPARE(answer->shellId.size(), 36);
        if (body.contains("CommandResponse<"))
            QCOMPARE(answer->commandId.size(), 36);
    }
}

void TestAnswer::fastReadsWhatIsPlain()
{
    int fastCount = 0;
    int receives = 0;
    for (const QByteArray& body : recordedAnswers()) {
        const auto strict = readAnswer(body);
        QVERIFY(strict);
        const auto fast = scanReceive(body);
        const bool receive = body.contains("ReceiveResponse<") && !strict->fault;
        receives += receive ? 1 : 0;
        QCOMPARE(fast.has_value(), receive); // no real answer needs the slow path
        if (fast) {
            ++fastCount;
            QCOMPARE(difference(*fast, *strict), QByteArray());
        }
    }
    qInfo() << fastCount << "Receive answers of" << receives << "by the fast reader";
    QVERIFY(fastCount > 80);
}

void TestAnswer::damagedCopies()
{
    QRandomGenerator random(20240607);
    int accepted = 0;
    int both = 0;
    QList<QByteArray> plain;
    for (const QByteArray& body : recordedAnswers()) {
        if (body.size() < 6000 && scanReceive(body))
            plain.append(body);
    }
    QVERIFY(plain.size() > 20);
    static constexpr char kInteresting[] = "<>/=\"'&! ?:;-[]xs\n\0\x80\xC3";
    for (int round = 0; round < 60'000; ++round) {
        QByteArray body = plain.at(random.bounded(plain.size()));
        const int edits = 1 + random.bounded(3);
        for (int edit = 0; edit < edits; ++edit) {
            const int at = random.bounded(int(body.size()));
            switch (random.bounded(5)) {
            case 0:
                body[at] = kInteresting[random.bounded(int(sizeof kInteresting) - 1)];
                break;
            case 1:
                body.insert(at, kInteresting[random.bounded(int(sizeof kInteresting) - 1)]);
                break;
            case 2:
                body.remove(at, 1 + random.bounded(20));
                break;
            case 3:
                body.insert(at, body.mid(random.bounded(int(body.size())), random.bounded(60)));
                break;
            default:
                body.truncate(at);
            }
            if (body.isEmpty())
                body = "<";
        }
        const auto fast = scanReceive(body);
        if (!fast || !streamsAreBase64(*fast))
            continue;
        ++accepted;
        const auto strict = readAnswer(body);
        const QByteArray shown
            = (strict ? QByteArray() : strict.error().detail.toUtf8()) + " in " + body.left(3000);
        QVERIFY2(strict, shown.constData());
        const QByteArray what = difference(*fast, *strict);
        QVERIFY2(what.isEmpty(), (what + shown).constData());
        ++both;
    }
    qInfo() << accepted << "damaged answers were still taken," << both << "the same by both";
    QVERIFY(accepted > 1000);
}

void TestAnswer::readsFaults()
{
    int timeouts = 0;
    int selectors = 0;
    for (const QByteArray& body : recordedAnswers()) {
        if (!body.contains("<s:Fault>"))
            continue;
        const auto answer = readAnswer(body);
        QVERIFY(answer && answer->fault);
        const Fault& fault = *answer->fault;
        QVERIFY(fault.code != 0);
        QVERIFY(!fault.subcode.isEmpty() && !fault.subcode.contains(u':'));
        QVERIFY(!fault.reason.isEmpty());
        QVERIFY(!fault.message.isEmpty());
        timeouts += answer->timedOut ? 1 : 0;
        if (fault.code == FaultCode::UnexpectedSelectors) {
            ++selectors;
            QCOMPARE(int(toError(fault, {}).code), int(ErrorCode::SessionLost));
        }
    }
    QCOMPARE(timeouts, 2);
    QCOMPARE(selectors, 2);
}

void TestAnswer::reads_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected"); // the streams, joined by |
    const auto wrap = [](const QByteArray& inner) {
        return QByteArray("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
                          "xmlns:r=\"u\"><s:Body><r:ReceiveResponse>"
            + inner + "</r:ReceiveResponse></s:Body></s:Envelope>");
    };
    QTest::newRow("plain") << wrap("<r:Stream Name=\"stdout\">AAAA</r:Stream>") << QByteArray("AAAA");
    QTest::newRow("declaration and mark")
        << QByteArray("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
            + wrap("<r:Stream Name=\"stdout\">AAAA</r:Stream>")
        << QByteArray("AAAA");
    QTest::newRow("no stream") << wrap("") << QByteArray();
    QTest::newRow("empty stream") << wrap("<r:Stream Name=\"stdout\"/><r:Stream Name=\"stdout\"></r:Stream>")
                                  << QByteArray("|");
    QTest::newRow("CDATA") << wrap("<r:Stream Name=\"stdout\"><![CDATA[AA]]>AA</r:Stream>")
                           << QByteArray("AAAA");
    QTest::newRow("character reference")
        << wrap("<r:Stream Name=\"stdout\">A&#65;AA</r:Stream>") << QByteArray("AAAA");
    QTest::newRow("comment") << wrap(
        "<!-- <r:Stream>B</r:Stream> --><r:Stream Name=\"stdout\">AAAA</r:Stream>")
                             << QByteArray("AAAA");
    QTest::newRow("single quotes") << wrap("<r:Stream Name='stdout' End='true'>AAAA</r:Stream>")
                                   << QByteArray("AAAA");
    QTest::newRow("default namespace")
        << QByteArray("<Envelope xmlns=\"http://www.w3.org/2003/05/soap-envelope\"><Body><ReceiveResponse>"
                      "<Stream>AAAA</Stream></ReceiveResponse></Body></Envelope>")
        << QByteArray("AAAA");
}

void TestAnswer::reads()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, expected);
    const auto answer = readReceive(body);
    QVERIFY2(answer, answer ? "" : qPrintable(answer.error().toLogText()));
    QByteArrayList streams;
    for (const StreamText& stream : answer->streams)
        streams.append(stream.base64.toByteArray());
    QCOMPARE(streams.join('|'), expected);
}

void TestAnswer::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    const QByteArray open = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>";
    const QByteArray close = "</s:Body></s:Envelope>";
    const auto malformed = int(ErrorCode::Malformed);
    QTest::newRow("empty") << QByteArray() << malformed;
    QTest::newRow("text") << QByteArray("hello") << malformed;
    QTest::newRow("HTML") << QByteArray("<html><head><title>503</title></head></html>") << malformed;
    QTest::newRow("SOAP 1.1") << QByteArray(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"/>")
                              << malformed;
    QTest::newRow("cut") << open + "<x>" << malformed;
    QTest::newRow("DTD") << QByteArray("<!DOCTYPE s:Envelope [<!ENTITY a \"b\">]>" + open + "&a;" + close)
                         << malformed;
    QTest::newRow("entity bomb") << QByteArray(
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" + open + "&b;" + close)
                                 << malformed;
    QTest::newRow("unknown entity") << open + "&nbsp;" + close << malformed;
    QTest::newRow("two roots") << open + close + open + close << malformed;
    QTest::newRow("undeclared prefix") << open + "<q:x/>" + close << malformed;
    QTest::newRow("not UTF-8") << open + "\xC3\x28" + close << malformed;
    QTest::newRow("deep") << open + QByteArray("<a>").repeated(1000) + QByteArray("</a>").repeated(1000)
            + close << int(ErrorCode::LimitExceeded);
    QTest::newRow("many elements") << open + QByteArray("<a/>").repeated(200'000) + close
                                   << int(ErrorCode::LimitExceeded);
    QTest::newRow("large") << open + QByteArray(40 * 1024 * 1024, ' ') + close
                           << int(ErrorCode::LimitExceeded);
}

void TestAnswer::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(int, code);
    QVERIFY(!scanReceive(body));
    const auto answer = readReceive(body);
    QVERIFY(!answer);
    QCOMPARE(int(answer.error().code), code);
}

void TestAnswer::utf16()
{
    const QList<QByteArray> answers = recordedAnswers();
    const auto at = std::find_if(
        answers.begin(), answers.end(), [](const QByteArray& a) { return a.contains("CreateResponse<"); });
    QVERIFY(at != answers.end());
    for (const auto encoding : {QStringConverter::Utf16LE, QStringConverter::Utf16BE}) {
        QStringEncoder encoder(encoding, QStringConverter::Flag::WriteBom);
        const QByteArray body = encoder.encode(QString::fromUtf8(*at));
        QVERIFY(looksLikeSoap(body));
        QVERIFY(!scanReceive(body));
        const auto answer = readAnswer(body);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().toLogText()));
        QCOMPARE(answer->shellId, readAnswer(*at)->shellId);
    }
}

void TestAnswer::soapOrNot_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("soap");
    QTest::newRow("envelope") << QByteArray("  \r\n<?xml version=\"1.0\"?><s:Envelope>") << true;
    QTest::newRow("HTML") << QByteArray("<!DOCTYPE html><html><body>Envelope") << false;
    QTest::newRow("HTML without the word") << QByteArray("<html><body>no</body></html>") << false;
    QTest::newRow("JSON") << QByteArray("{\"Envelope\":1}") << false;
    QTest::newRow("empty") << QByteArray() << false;
}

void TestAnswer::soapOrNot()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, soap);
    QCOMPARE(looksLikeSoap(body), soap);
}

QTEST_GUILESS_MAIN(TestAnswer)
#include "tst_wsman_answer.moc"

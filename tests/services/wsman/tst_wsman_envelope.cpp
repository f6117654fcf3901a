// Requests as they leave us, against those that pypsrp sent to a real Windows, and the parts that depend on
// input.
#include <QDirIterator>
#include <QTest>
#include <QXmlStreamReader>

#include "services/wsman/Envelope.h"
#include "tests/support/WireRecording.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::wsman;
using postern::test::WireRecording;

namespace {

Conversation conversation()
{
    Conversation c;
    c.to = "https://ex1.contoso.lab/PowerShell/?a=1;b=2&c=<3>";
    c.resourceUri = u"http://schemas.microsoft.com/powershell/Microsoft.Exchange"_s;
    c.locale = u"en-US"_s;
    c.sessionId = "AECF49AF-7164-43E6-B10A-E38E8C4986AD";
    return c;
}

constexpr char kMessage[] = "F249DBE7-0E83-4F39-AE4A-28324CF61227";

} // namespace

class TestEnvelope : public QObject
{
    Q_OBJECT
private slots:
    void meansTheSameAsRecorded_data();
    void meansTheSameAsRecorded();
    void isWellFormedWithHostileText();
    void identifyHasAnEmptyHeader();
    void payloadsRoundTrip();
    void capacityKeepsTheEnvelopeSmall_data();
    void capacityKeepsTheEnvelopeSmall();
};

void TestEnvelope::meansTheSameAsRecorded_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<QByteArray>("ours");
    QTest::addColumn<QString>("file");
    const QByteArray shell = "76056A84-51DC-4F24-9262-CA2A55464B2B";
    const QByteArray command = "11111111-51DC-4F24-9262-CA2A55464B2B";
    std::vector<Option> options{Option{"protocolversion", "2.3", true}};
    const auto write
        = [](const Operation& operation) { return writeEnvelope(conversation(), operation, kMessage); };
    const QString file = u"test_client_execute_ps.yml"_s;
    QTest::newRow("Create")
        << QByteArray("Create")
        << write(Operations::create(shell, "stdin pr", "stdout",
               "<creationXml xmlns=\"http://schemas.microsoft.com/powershell\">AAAA</creationXml>", options))
        << file;
    QTest::newRow("Receive of the pool")
        << QByteArray("Receive") << write(Operations::receive(shell, {}, "stdout")) << file;
    QTest::newRow("Command") << QByteArray("Command") << write(Operations::command(shell, command, "x"))
                             << file;
    QTest::newRow("Delete") << QByteArray("Delete") << write(Operations::remove(shell)) << file;
    QTest::newRow("Send") << QByteArray("Send") << write(Operations::send(shell, {}, "stdin", "x"))
                          << u"test_psrp_set_runspaces.yml"_s;
    QTest::newRow("Signal") << QByteArray("Signal")
                            << write(Operations::signal(shell, command, "powershell/signal/ctrl_c"))
                            << u"test_psrp_nested_command.yml"_s;
}

void TestEnvelope::meansTheSameAsRecorded()
{
    QFETCH(QByteArray, action);
    QFETCH(QByteArray, ours);
    QFETCH(QString, file);
    const auto recording
        = WireRecording::load(QStringLiteral(POSTERN_TEST_DATA "/vectors/pypsrp/responses/") + file);
    QVERIFY2(recording, recording ? "" : qPrintable(recording.error().toLogText()));
    for (const auto& round : recording->rounds()) {
        if (round.action == action) {
            QCOMPARE(test::soapDifference(ours, round.request), QByteArray());
            return;
        }
    }
    QFAIL("the recording has no such request");
}

void TestEnvelope::isWellFormedWithHostileText()
{
    Conversation c = conversation();
    c.locale = u"x\"/><evil a=\""_s;
    c.resourceUri = u"</w:ResourceURI><evil/>"_s;
    const Operation operation = Operations::signal("a\"b<c>", "<&\"", "<code>&");
    QXmlStreamReader xml(writeEnvelope(c, operation, kMessage));
    QString to, code, selector;
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement())
            continue;
        QVERIFY(xml.name() != "evil"_L1);
        if (xml.name() == "To"_L1)
            to = xml.readElementText();
        else if (xml.name() == "Code"_L1)
            code = xml.readElementText();
        else if (xml.name() == "Selector"_L1)
            selector = xml.readElementText();
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QCOMPARE(to, QString::fromLatin1(c.to));
    QCOMPARE(code, u"<code>&"_s);
    QCOMPARE(selector, u"a\"b<c>"_s);
}

void TestEnvelope::identifyHasAnEmptyHeader()
{
    const QByteArray text = writeEnvelope(conversation(), Operations::identify(), kMessage);
    QVERIFY(text.contains("<s:Header></s:Header>"));
    QVERIFY(text.contains("wsmid:Identify"));
}

void TestEnvelope::payloadsRoundTrip()
{
    QByteArray bytes;
    for (int i = 0; i < 1000; ++i)
        bytes.append(char(i * 7));
    const QByteArray text = writeEnvelope(conversation(), Operations::command("S", "C", bytes), kMessage);
    const qsizetype from = text.indexOf("<rsp:Arguments>") + 15;
    const qsizetype to = text.indexOf("</rsp:Arguments>");
    QCOMPARE(QByteArray::fromBase64(text.mid(from, to - from)), bytes);
}

void TestEnvelope::capacityKeepsTheEnvelopeSmall_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("WinRM 2") << 153'600;
    QTest::newRow("WinRM 3") << 512'000;
}

void TestEnvelope::capacityKeepsTheEnvelopeSmall()
{
    QFETCH(int, size);
    const QByteArray payload(payloadCapacity(size), 'x');
    Conversation c = conversation();
    c.to += QByteArray(1000, 'q');
    const QByteArray id(36, 'A');
    QVERIFY(writeEnvelope(c, Operations::command(id, id, payload), kMessage).size() <= size);
    QVERIFY(payload.size() > size * 6 / 10);
}

QTEST_GUILESS_MAIN(TestEnvelope)
#include "tst_wsman_envelope.moc"

// Every recorded vector: decodes, re-encodes to an equal object, agrees with the reference reader and the
// bag. Prints how much was covered.
#include <QtTest>

#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"
#include "services/psrp/clixml/Base64.h"
#include "services/psrp/clixml/Object.h"
#include "services/psrp/clixml/PropertyBag.h"
#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/Writer.h"
#include "tests/services/clixml/BagCheck.h"
#include "tests/services/clixml/Recordings.h"
#include "tests/services/clixml/ReferenceReader.h"

using namespace postern;
using namespace postern::clixml;
using namespace postern::clixml::testing;
using namespace Qt::StringLiterals;

class TestClixmlVectors : public QObject
{
    Q_OBJECT

private slots:
    void exportedFiles();
    void standardError();
    void errorRecordTemplate();
    void corruptedCim();
    void recordings();
    void cmdRecordings();
    void envelopeSamples();
    void cleanupTestCase();

private:
    struct Counts
    {
        int files = 0;
        int documents = 0;
        int objects = 0;
        int fragments = 0;
        int messages = 0;
        int envelopes = 0;
    };
    void checkDocument(const QByteArray& document);
    void checkValue(const Value& value, const QByteArray& text);
    void checkMessage(QByteArrayView bytes);
    void checkStreams(const RecordedExchange& exchange);

    Counts m_counts;
    PropertyBag m_bag;
};

// Objects in it, shared ones once for each place.
static int countObjects(const Value& value)
{
    const Object* object = value.object();
    if (object == nullptr)
        return 0;
    int count = 1 + (object->value ? countObjects(*object->value) : 0);
    for (const Value& item : object->items)
        count += countObjects(item);
    for (const auto& [key, content] : object->entries)
        count += countObjects(key) + countObjects(content);
    for (const auto* properties : {&object->adapted, &object->extended}) {
        for (const Property& property : *properties)
            count += countObjects(property.value);
    }
    return count;
}

void TestClixmlVectors::checkValue(const Value& value, const QByteArray& text)
{
    const auto again = Reader().read(text);
    QVERIFY2(again, again ? "" : qPrintable(again.error().detail));
    QVERIFY(*again == value);
    QVERIFY(m_bag.parse(text));
    const QString difference = differenceOf(m_bag, value);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestClixmlVectors::checkDocument(const QByteArray& document)
{
    const auto items = Reader().readFile(document);
    QVERIFY2(items, items ? "" : qPrintable(items.error().detail));
    const auto again = Reader().readFile(Writer().writeFile(*items));
    QVERIFY2(again, again ? "" : qPrintable(again.error().detail));
    QVERIFY(*again == *items);
    if (!document.startsWith("#<")) {
        const auto reference
            = readByReference(document.startsWith("\xFF\xFE") ? Writer().writeFile(*items) : document);
        QVERIFY(reference && *reference == *items);
    }
    ++m_counts.documents;
    for (const FileItem& item : *items) {
        m_counts.objects += countObjects(item.value);
        checkValue(item.value, Writer().write(item.value));
    }
}

void TestClixmlVectors::exportedFiles()
{
    const QStringList files = vectorFiles(u"CSS-Exchange"_s, u".xml"_s);
    QCOMPARE(files.size(), 71);
    int plain = 0;
    for (const QString& path : files) {
        const QByteArray document = readVector(path);
        ++m_counts.files;
        if (!document.contains("<Objs") && !document.startsWith("\xFF\xFE")) {
            ++plain; // not CLIXML: refused, with the place
            const auto items = Reader().readFile(document);
            QVERIFY(!items);
            QVERIFY(items.error().detail.startsWith(u"offset "));
            continue;
        }
        checkDocument(document);
        if (QTest::currentTestFailed())
            QFAIL(qPrintable(path));
    }
    qInfo("%lld exported files, %d of them not CLIXML", qlonglong(files.size()), plain);
}

void TestClixmlVectors::standardError()
{
    const QByteArray document = readVector(vectorFiles(u"pypsrp/data"_s, u".xml"_s).value(0));
    ++m_counts.files;
    checkDocument(document);
    const auto items = Reader().readFile(document);
    QVERIFY(items);
    QCOMPARE(items->size(), size_t(10));
    QCOMPARE(items->front().stream, u"progress"_s);
    const Value& record = items->front().value.property(u"Record");
    QVERIFY(record.progress() != nullptr);
    QCOMPARE(record.progress()->activity, u"Preparing modules for first use."_s);
    QCOMPARE(record.progress()->type, u"Completed"_s);
    QVERIFY(items->back().value.text().endsWith(u"\r\n"_s));
}

void TestClixmlVectors::errorRecordTemplate()
{
    QByteArray document = readVector(vectorFiles(u"WinRb-WinRM"_s, u"error_record.xml.erb"_s).value(0));
    ++m_counts.files;
    QString filled = QString::fromUtf8(
        document.replace("<%= error_message %>", "A &lt;message&gt;").replace("<%= error_id %>", "Some,Id"));
    document = filled.replace(QRegularExpression(u"<%=[^%]*%>"_s), u"filled in"_s).toUtf8();
    checkDocument(document);
    const auto value = Reader().read(document);
    QVERIFY(value);
    QCOMPARE(value->toText(), u"A <message>"_s);
    QCOMPARE(value->property(u"FullyQualifiedErrorId").text(), u"Some,Id"_s);
    QCOMPARE(
        value->property(u"Exception").property(u"HResult").toInt64(), std::optional<qint64>(-2146233088));
}

// Its first object holds another directly (a base object); Windows reads that, and so do we.
void TestClixmlVectors::corruptedCim()
{
    const QByteArray document = readVector(vectorFiles(u"PowerShell"_s, u"corruptedcim.clixml"_s).value(0));
    ++m_counts.files;
    checkDocument(document);
    const auto items = Reader().readFile(document);
    QVERIFY(items);
    const Object* outer = items->front().value.object();
    QVERIFY(outer != nullptr && outer->value && outer->value->isObject());
    QCOMPARE(outer->value->object()->typeNames, outer->typeNames);
    QVERIFY(outer->value->property(u"Test1").stringList().value(0).contains(u"LaunchCalc"));
}

void TestClixmlVectors::checkMessage(QByteArrayView bytes)
{
    const auto view = psrp::decodeMessage(bytes);
    QVERIFY2(view, view ? "" : qPrintable(view.error().detail));
    QVERIFY(psrp::isKnown(view->type));
    ++m_counts.messages;
    const psrp::Message message = psrp::toMessage(*view);
    QByteArray encoded = psrp::encodeMessage(message);
    if (bytes.sliced(psrp::kMessageHeaderBytes).startsWith("\xEF\xBB\xBF"))
        encoded.insert(psrp::kMessageHeaderBytes, "\xEF\xBB\xBF");
    QCOMPARE(encoded, bytes.toByteArray());
    const auto value = Reader().read(message.data);
    QVERIFY2(value, value ? "" : qPrintable(value.error().detail));
    if (!message.data.isEmpty()) {
        ++m_counts.documents;
        const auto reference = readByReference(message.data);
        QVERIFY(reference && reference->front().value == *value);
    }
    m_counts.objects += countObjects(*value);
    checkValue(*value, Writer().write(*value));
    QVERIFY(m_bag.parse(message.data));
    const QString difference = differenceOf(m_bag, *value);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestClixmlVectors::checkStreams(const RecordedExchange& exchange)
{
    QHash<QString, psrp::Defragmenter> defragmenters;
    for (const RecordedStream& stream : exchange.streams) {
        const auto bytes = Base64::decode(stream.base64);
        QVERIFY2(bytes, bytes ? "" : qPrintable(bytes.error().detail));
        QCOMPARE(Base64::encode(*bytes), stream.base64);
        for (qsizetype at = 0; at < bytes->size();) {
            const auto fragment = psrp::decodeFragment(QByteArrayView(*bytes).sliced(at));
            QVERIFY(fragment);
            ++m_counts.fragments;
            const QByteArray encoded = psrp::encodeFragment(*fragment);
            QCOMPARE(encoded, bytes->mid(at, encoded.size()));
            at += encoded.size();
        }
        psrp::Defragmenter& defragmenter
            = defragmenters[(stream.fromServer ? u"server "_s : u"client "_s) + stream.channel];
        const auto messages = defragmenter.feed(*bytes);
        QVERIFY2(messages, messages ? "" : qPrintable(messages.error().detail));
        for (const QByteArray& message : *messages)
            checkMessage(message);
    }
    for (const psrp::Defragmenter& defragmenter : std::as_const(defragmenters))
        QVERIFY(defragmenter.finish());
}

void TestClixmlVectors::recordings()
{
    const QStringList files = vectorFiles(u"pypsrp/responses"_s, u".yml"_s);
    QCOMPARE(files.size(), 39);
    for (const QString& path : files) {
        const RecordedExchange exchange = readRecording(path);
        ++m_counts.files;
        m_counts.envelopes += exchange.envelopes;
        QVERIFY(exchange.envelopes > 0);
        checkStreams(exchange);
        if (QTest::currentTestFailed())
            QFAIL(qPrintable(path));
    }
}

// Command shells carry plain text in their streams: base64 only.
void TestClixmlVectors::cmdRecordings()
{
    int streams = 0;
    static const QRegularExpression stream(u"<rsp:Stream [^>]*>([A-Za-z0-9+/=]+)</rsp:Stream>"_s);
    for (const QString& path : vectorFiles(u"pypsrp/responses"_s, u".yml"_s)) {
        auto matches = stream.globalMatch(QString::fromUtf8(readVector(path)));
        for (; matches.hasNext(); ++streams) {
            const QByteArray text = matches.next().captured(1).toLatin1();
            const auto bytes = Base64::decode(text, Base64::Mode::Strict);
            QVERIFY(bytes);
            QCOMPARE(*bytes, QByteArray::fromBase64(text));
        }
    }
    qInfo("%d streams in all shells", streams);
    QVERIFY(streams > 300);
}

// SOAP is not CLIXML: these samples are refused by name, whatever follows.
void TestClixmlVectors::envelopeSamples()
{
    QStringList files = vectorFiles(u"WinRb-WinRM/responses"_s, QString());
    files += vectorFiles(u"masterzen-winrm"_s, u".txt"_s);
    QCOMPARE(files.size(), 11);
    for (const QString& path : files) {
        ++m_counts.files;
        const auto items = Reader().readFile(readVector(path));
        QVERIFY(!items);
        QVERIFY(items.error().detail.startsWith(u"offset "));
    }
}

void TestClixmlVectors::cleanupTestCase()
{
    qInfo("covered: %d files, %d envelopes, %d fragments, %d messages, %d CLIXML documents, %d objects",
        m_counts.files, m_counts.envelopes, m_counts.fragments, m_counts.messages, m_counts.documents,
        m_counts.objects);
    QCOMPARE(m_counts.files, 124);
}

QTEST_APPLESS_MAIN(TestClixmlVectors)
#include "tst_clixml_vectors.moc"

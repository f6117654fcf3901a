// CLIXML and base64 against their peers, in one run on the same bytes. Ratios are what counts.
//   bench_clixml [--objects N] [--json FILE]
#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QXmlStreamReader>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>

#if __has_include(<rapidxml/rapidxml.hpp>)
#include <rapidxml/rapidxml.hpp>
#define POSTERN_HAS_RAPIDXML 1
#endif

#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"
#include "services/psrp/clixml/Base64.h"
#include "services/psrp/clixml/PropertyBag.h"
#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/Scanner.h"
#include "services/psrp/clixml/Writer.h"
#include "tests/benchmarks/clixml/DeviceColumns.h"
#include "tests/benchmarks/clixml/DeviceObjects.h"

using namespace postern;
using namespace postern::clixml;
using namespace postern::benchmarks;

namespace {

constexpr int kObjectsPerPage = 180; // about 0.5 MB of base64, a Receive answer
constexpr int kRounds = 7;

volatile quint64 sink = 0; // nothing measured may be optimised away

void consume(quint64 value)
{
    sink = sink + value;
}

struct Data
{
    int objects = 0;
    qint64 bytes = 0; // CLIXML
    qint64 base64Bytes = 0;
    std::vector<QByteArray> documents; // one an object
    std::vector<QByteArray>
        pages; // the same in files of kObjectsPerPage, for parsers that like large documents
    std::vector<QByteArray> envelopes;
    std::vector<QByteArray> base64Pages; // one large base64 text a page
};

Data makeData(int objects)
{
    Data data;
    data.objects = objects;
    for (int first = 0; first < objects; first += kObjectsPerPage) {
        const int count = qMin(kObjectsPerPage, objects - first);
        QByteArray page = "<Objs>";
        for (int i = 0; i < count; ++i) {
            data.documents.push_back(deviceObject(first + i));
            data.bytes += data.documents.back().size();
            page += data.documents.back();
        }
        data.pages.push_back(page + "</Objs>");
        data.envelopes.push_back(receiveResponse(first, count));
        data.base64Pages.push_back(data.pages.back().toBase64());
        data.base64Bytes += data.base64Pages.back().size();
    }
    return data;
}

// The workloads. Each goes over all data once.

void scanOnly(const Data& data)
{
    Scanner scanner;
    quint64 tokens = 0;
    for (const QByteArray& document : data.documents) {
        scanner.reset(document, {});
        for (auto token = scanner.next(); token != Scanner::Token::Done; token = scanner.next()) {
            if (token == Scanner::Token::Failed)
                qFatal("the scanner failed");
            ++tokens;
        }
    }
    consume(tokens);
}

void parseOnly(const Data& data)
{
    PropertyBag bag;
    for (const QByteArray& document : data.documents) {
        if (!bag.parse(document))
            qFatal("the bag failed");
        consume(quint64(bag.count()));
    }
}

void toColumns(const Data& data)
{
    PropertyBag bag;
    static DeviceColumns columns;
    int rows = 0;
    for (const QByteArray& document : data.documents) {
        if (!bag.parse(document))
            qFatal("the bag failed");
        columns.add(bag);
        if (++rows % kObjectsPerPage == 0) {
            consume(columns.checksum());
            columns.clear();
        }
    }
    columns.clear();
}

quint64 tokenise(QXmlStreamReader& xml)
{
    quint64 tokens = 0;
    while (!xml.atEnd()) {
        xml.readNext();
        ++tokens;
    }
    if (xml.hasError())
        qFatal("QXmlStreamReader failed");
    return tokens;
}

void tokeniseByQt(const Data& data)
{
    for (const QByteArray& page : data.pages) {
        QXmlStreamReader xml(page);
        consume(tokenise(xml));
    }
}

#ifdef POSTERN_HAS_RAPIDXML
quint64 walk(const rapidxml::xml_node<>* node)
{
    quint64 sum = node->value_size();
    for (auto* attribute = node->first_attribute(); attribute != nullptr;
         attribute = attribute->next_attribute())
        sum += attribute->value_size();
    for (auto* child = node->first_node(); child != nullptr; child = child->next_sibling())
        sum += walk(child);
    return sum;
}

// In place, as a tree, every node visited; the copy that in-place parsing needs is not counted.
double rapidXmlSeconds(const Data& data)
{
    static rapidxml::xml_document<> document;
    static std::vector<char> copy;
    qint64 nanoseconds = 0;
    for (const QByteArray& page : data.pages) {
        copy.assign(page.begin(), page.end());
        copy.push_back('\0');
        QElapsedTimer timer;
        timer.start();
        document.clear();
        document.parse<rapidxml::parse_default>(copy.data());
        consume(walk(&document));
        nanoseconds += timer.nsecsElapsed();
    }
    return double(nanoseconds) / 1e9;
}
#endif

void readValues(const Data& data)
{
    const Reader reader;
    for (const QByteArray& document : data.documents) {
        const auto value = reader.read(document);
        consume(value ? 1 : 0);
    }
}

void decodeBase64(const Data& data)
{
    static QByteArray out;
    for (const QByteArray& text : data.base64Pages) {
        out.resize(0);
        if (!Base64::decodeInto(text, out))
            qFatal("base64 failed");
        consume(quint64(out.size()));
    }
}

void decodeBase64ByQt(const Data& data)
{
    for (const QByteArray& text : data.base64Pages)
        consume(quint64(QByteArray::fromBase64(text).size()));
}

void copyMemory(const Data& data)
{
    static QByteArray out(4 * 1024 * 1024, '\0');
    for (const QByteArray& text : data.base64Pages) {
        std::memcpy(out.data(), text.constData(), size_t(text.size()));
        consume(quint64(static_cast<unsigned char>(out[text.size() / 2])));
    }
}

// Envelope to columns. The envelope's own checks belong to wsman; here its streams are found by their tags.
void wholePath(const Data& data, size_t envelopes)
{
    static QByteArray bytes;
    static DeviceColumns columns;
    psrp::Defragmenter defragmenter;
    PropertyBag bag;
    const auto take = [&](QByteArrayView message) {
        const auto view = psrp::decodeMessage(message);
        if (!view || !bag.parse(view->data))
            qFatal("the whole path failed");
        columns.add(bag);
    };
    const psrp::Defragmenter::Sink sinkMessage = take;
    for (size_t i = 0; i < envelopes; ++i) {
        const QByteArrayView envelope = data.envelopes[i];
        qsizetype at = 0;
        while ((at = envelope.indexOf(QByteArrayView("<rsp:Stream "), at)) >= 0) {
            const qsizetype from = envelope.indexOf('>', at) + 1;
            at = envelope.indexOf('<', from);
            bytes.resize(0);
            if (!Base64::decodeInto(envelope.sliced(from, at - from), bytes)
                || !defragmenter.feed(bytes, sinkMessage))
                qFatal("the whole path failed");
        }
        consume(columns.checksum());
        columns.clear();
    }
}

void wholePathByQt(const Data& data)
{
    for (const QByteArray& envelope : data.envelopes) {
        QXmlStreamReader xml(envelope);
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement || xml.name() != QLatin1String("Stream"))
                continue;
            const QByteArray bytes = QByteArray::fromBase64(xml.readElementText().toLatin1());
            QXmlStreamReader object(bytes.mid(psrp::kFragmentHeaderBytes + psrp::kMessageHeaderBytes));
            consume(tokenise(object));
        }
    }
}

class Report
{
public:
    void time(const QString& name, const std::function<double()>& run)
    {
        auto& best = m_seconds[name];
        const double seconds = run();
        best = best == 0 ? seconds : qMin(best, seconds);
    }
    void time(const QString& name, const std::function<void()>& run)
    {
        time(name, std::function<double()>([&run] {
            QElapsedTimer timer;
            timer.start();
            run();
            return double(timer.nsecsElapsed()) / 1e9;
        }));
    }
    [[nodiscard]] double seconds(const QString& name) const { return m_seconds.at(name); }
    [[nodiscard]] bool has(const QString& name) const { return m_seconds.contains(name); }
    [[nodiscard]] double ratio(const QString& slow, const QString& fast) const
    {
        return seconds(slow) / seconds(fast);
    }

    void line(const QString& name, double value, const char* unit, double ratio = 0, double goal = 0,
        bool atMost = false)
    {
        QJsonObject entry{{QStringLiteral("name"), name}, {QStringLiteral("value"), value},
            {QStringLiteral("unit"), QLatin1String(unit)}};
        std::printf("%s: %.6g %s", qPrintable(name), value, unit);
        if (ratio > 0) {
            const bool met = atMost ? ratio <= goal : ratio >= goal;
            std::printf(
                ", ratio %.3g (goal %s %.3g)%s", ratio, atMost ? "<=" : ">=", goal, met ? "" : "  MISSED");
            entry.insert(QStringLiteral("ratio"), ratio);
            entry.insert(QStringLiteral("goal"), goal);
            entry.insert(QStringLiteral("met"), met);
            m_allMet = m_allMet && met;
        }
        std::printf("\n");
        m_entries.append(entry);
    }
    [[nodiscard]] bool write(const QString& path) const
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly)
            && file.write(QJsonDocument(QJsonObject{{QStringLiteral("benchmark"), QStringLiteral("clixml")},
                                            {QStringLiteral("results"), m_entries}})
                              .toJson())
            > 0;
    }

private:
    std::map<QString, double> m_seconds;
    QJsonArray m_entries;
    bool m_allMet = true;
};

void measure(const Data& data, Report& report)
{
    const auto timed = [&](const char* name, void (*run)(const Data&)) {
        report.time(QLatin1String(name), std::function<void()>([&data, run] { run(data); }));
    };
    for (int round = 0; round < kRounds; ++round) {
        timed("scan", scanOnly);
        timed("bag", parseOnly);
        timed("columns", toColumns);
        timed("qxsr", tokeniseByQt);
        timed("values", readValues);
        timed("base64", decodeBase64);
        timed("qbase64", decodeBase64ByQt);
        timed("memcpy", copyMemory);
        timed("qtpath", wholePathByQt);
        report.time(QStringLiteral("path"),
            std::function<void()>([&data] { wholePath(data, data.envelopes.size()); }));
        for (int i = 0; i < 5; ++i) { // short, so one disturbance would tell
            report.time(QStringLiteral("path10"), std::function<void()>([&data] {
                wholePath(data, qMax<size_t>(1, data.envelopes.size() / 10));
            }));
        }
#ifdef POSTERN_HAS_RAPIDXML
        report.time(
            QStringLiteral("rapidxml"), std::function<double()>([&data] { return rapidXmlSeconds(data); }));
#endif
    }
}

void print(const Data& data, Report& report)
{
    const auto name = [](const char* text) { return QString::fromLatin1(text); };
    const auto rate = [&](const char* key, qint64 bytes) {
        return double(bytes) / 1e6 / report.seconds(QLatin1String(key));
    };
    const auto ratio = [&](const char* slow, const char* fast) {
        return report.ratio(QLatin1String(slow), QLatin1String(fast));
    };
    report.line(name("QXmlStreamReader tokens"), rate("qxsr", data.bytes), "MB/s");
    report.line(name("Scanner tokens, against QXmlStreamReader"), rate("scan", data.bytes), "MB/s",
        ratio("qxsr", "scan"), 12);
    report.line(
        name("PropertyBag, against Scanner"), rate("bag", data.bytes), "MB/s", ratio("scan", "bag"), 0.5);
    report.line(
        name("PropertyBag objects"), data.objects / report.seconds(QStringLiteral("bag")), "objects/s");
    report.line(name("CLIXML to typed columns, against QXmlStreamReader tokens"), rate("columns", data.bytes),
        "MB/s", ratio("qxsr", "columns"), 12);
    if (report.has(QStringLiteral("rapidxml")))
        report.line(name("CLIXML to typed columns, against RapidXML tree and walk"),
            rate("rapidxml", data.bytes), "MB/s (RapidXML)", ratio("rapidxml", "columns"), 0.8);
    report.line(name("Reader to Values"), rate("values", data.bytes), "MB/s");
    report.line(name("Base64 decode, against QByteArray"), rate("base64", data.base64Bytes), "MB/s",
        ratio("qbase64", "base64"), 8);
    report.line(name("Base64 decode, against memcpy"), rate("memcpy", data.base64Bytes), "MB/s (memcpy)",
        ratio("memcpy", "base64"), 0.3);
    report.line(name("Envelope to columns, against the Qt path"), rate("path", data.base64Bytes),
        "MB/s of base64", ratio("qtpath", "path"), 15);
    report.line(name("Envelope to columns objects"), data.objects / report.seconds(QStringLiteral("path")),
        "objects/s");
    const double share = double(data.envelopes.size()) / double(qMax<size_t>(1, data.envelopes.size() / 10));
    report.line(name("Ten times the objects, time"), report.seconds(QStringLiteral("path")), "s",
        ratio("path", "path10") * 10 / share, 11, true);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption objects(QStringLiteral("objects"), QStringLiteral("How many device objects."),
        QStringLiteral("N"), QStringLiteral("18000"));
    const QCommandLineOption json(
        QStringLiteral("json"), QStringLiteral("Write the results there."), QStringLiteral("FILE"));
    parser.addHelpOption();
    parser.addOptions({objects, json});
    parser.process(application);

    const Data data = makeData(qMax(kObjectsPerPage, parser.value(objects).toInt()));
    std::printf("%d objects, %.1f MB of CLIXML, %.0f bytes each\n", data.objects, double(data.bytes) / 1e6,
        double(data.bytes) / data.objects);
    Report report;
    measure(data, report);
    print(data, report);
    if (parser.isSet(json) && !report.write(parser.value(json))) {
        std::fprintf(stderr, "cannot write %s\n", qPrintable(parser.value(json)));
        return 1;
    }
    return 0;
}

// A Receive answer from the first byte to parsed objects, as the pipeline does it with all its checks,
// against the same with Qt's XML reader and base64. One run, same bytes; the ratio is what counts.
//   bench_receive [--objects N] [--json FILE]
#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QXmlStreamReader>
#include <cstdio>

#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"
#include "services/psrp/PipelineDecoder.h"
#include "services/psrp/clixml/PropertyBag.h"
#include "services/wsman/Answer.h"
#include "tests/benchmarks/clixml/DeviceObjects.h"

using namespace postern;

namespace {

constexpr int kObjectsPerAnswer = 180; // half a megabyte
constexpr int kRounds = 5;

qint64 byUs(const std::vector<QByteArray>& answers)
{
    psrp::PipelineDecoder decoder(
        {}, QUuid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), std::make_shared<psrp::ObjectLedger>());
    clixml::PropertyBag bag;
    qint64 properties = 0;
    for (const QByteArray& body : answers) {
        const auto answer = wsman::readReceive(body);
        if (!answer)
            qFatal("the envelope was refused");
        const auto news = decoder.decode(*answer);
        if (!news)
            qFatal("the streams were refused");
        for (const QByteArrayView document : news->chunk.output) {
            if (!bag.parse(document))
                qFatal("an object was refused");
            properties += bag.count();
        }
    }
    return properties;
}

qint64 byQt(const std::vector<QByteArray>& answers)
{
    qint64 tokens = 0;
    for (const QByteArray& body : answers) {
        QXmlStreamReader xml(body);
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement || xml.name() != QLatin1String("Stream"))
                continue;
            const QByteArray bytes = QByteArray::fromBase64(xml.readElementText().toLatin1());
            QXmlStreamReader object(bytes.mid(psrp::kFragmentHeaderBytes + psrp::kMessageHeaderBytes));
            for (; !object.atEnd(); ++tokens)
                object.readNext();
        }
    }
    return tokens;
}

double bestOf(const std::function<qint64()>& run)
{
    double best = 1e9;
    for (int i = 0; i < kRounds; ++i) {
        QElapsedTimer timer;
        timer.start();
        if (run() == 0)
            qFatal("nothing was read");
        best = std::min(best, double(timer.nsecsElapsed()) / 1e9);
    }
    return best;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser options;
    options.addHelpOption();
    options.addOption({QStringLiteral("objects"), QStringLiteral("How many devices."), QStringLiteral("N"),
        QStringLiteral("18000")});
    options.addOption(
        {QStringLiteral("json"), QStringLiteral("Write the result here."), QStringLiteral("FILE")});
    options.process(application);
    const int objects = options.value(QStringLiteral("objects")).toInt();
    std::vector<QByteArray> answers;
    double megabytes = 0;
    for (int first = 0; first < objects; first += kObjectsPerAnswer) {
        answers.push_back(benchmarks::receiveResponse(first, std::min(kObjectsPerAnswer, objects - first)));
        megabytes += double(answers.back().size()) / 1e6;
    }
    const double ours = bestOf([&] { return byUs(answers); });
    const double theirs = bestOf([&] { return byQt(answers); });
    std::printf("%d objects, %.0f MB of SOAP: ours %.0f MB/s, Qt %.0f MB/s, ratio %.1f\n", objects, megabytes,
        megabytes / ours, megabytes / theirs, theirs / ours);
    if (options.isSet(QStringLiteral("json"))) {
        QFile file(options.value(QStringLiteral("json")));
        const QJsonObject result{{QStringLiteral("receiveOursMBs"), megabytes / ours},
            {QStringLiteral("receiveQtMBs"), megabytes / theirs},
            {QStringLiteral("receiveRatio"), theirs / ours}};
        if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(result).toJson()) < 0)
            return 1;
    }
    return 0;
}

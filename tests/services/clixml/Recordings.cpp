#include "tests/services/clixml/Recordings.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QXmlStreamReader>
#include <yaml-cpp/yaml.h>

using namespace Qt::StringLiterals;

namespace postern::clixml::testing {

namespace {

QString shellOf(const QByteArray& request)
{
    static const QRegularExpression id(u"(?:Name=\"ShellId\">|ShellId=\")([0-9A-Fa-f-]{36})"_s);
    return id.match(QString::fromUtf8(request)).captured(1).toUpper();
}

void readEnvelope(
    const QByteArray& envelope, const QString& channel, bool fromServer, RecordedExchange& exchange)
{
    QXmlStreamReader xml(envelope);
    QString command;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const QString name = xml.name().toString();
        if (name == u"CommandLine")
            command = xml.attributes().value(u"CommandId"_s).toString();
        if (name == u"Stream")
            command = xml.attributes().value(u"CommandId"_s).toString();
        if (name == u"creationXml" || name == u"connectXml" || name == u"connectResponseXml"
            || name == u"Arguments" || name == u"Stream")
            exchange.streams.push_back(
                {xml.readElementText().toLatin1(), channel + u' ' + command.toUpper(), fromServer});
    }
}

} // namespace

QStringList vectorFiles(const QString& folder, const QString& suffix)
{
    QStringList files;
    QDirIterator walk(
        QStringLiteral(POSTERN_TEST_DATA "/vectors/") + folder, QDir::Files, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        if (const QString path = walk.next(); path.endsWith(suffix))
            files.append(path);
    }
    files.sort();
    return files;
}

QByteArray readVector(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

RecordedExchange readRecording(const QString& path)
{
    RecordedExchange exchange;
    int connections = 0;
    const YAML::Node document = YAML::LoadFile(path.toStdString());
    for (const YAML::Node& message : document["messages"]) {
        const auto text = [&message](const char* key) {
            return message[key].IsScalar() ? QByteArray::fromStdString(message[key].Scalar()) : QByteArray();
        };
        const QByteArray request = text("request");
        exchange.envelopes += (request.isEmpty() ? 0 : 1) + (text("response").isEmpty() ? 0 : 1);
        if (!request.contains("schemas.microsoft.com/powershell/"))
            continue; // a cmd shell: plain text
        connections += request.contains("<connectXml") ? 1 : 0; // another client: its object ids start anew
        const QString channel = shellOf(request) + u'#' + QString::number(connections);
        readEnvelope(request, channel, false, exchange);
        readEnvelope(text("response"), channel, true, exchange);
    }
    return exchange;
}

} // namespace postern::clixml::testing

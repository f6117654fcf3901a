#include "tests/support/WireRecording.h"

#include <QMap>
#include <QXmlStreamReader>
#include <yaml-cpp/yaml.h>

#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"
#include "tests/support/Soap.h"

namespace postern::test {

using namespace Qt::StringLiterals;

namespace {

QByteArray textOf(const YAML::Node& node)
{
    return node.IsScalar() ? QByteArray::fromStdString(node.as<std::string>()) : QByteArray();
}

SeenRequest parse(const QByteArray& body)
{
    FakeWire wire;
    QNetworkReply* reply = wire.post(QNetworkRequest(QUrl(u"https://recording/"_s)), body);
    for (const char* action : {"Create", "Command", "Receive", "Send", "Signal", "Delete", "Get"}) {
        if (wire.waitingText().contains(action)) {
            wire.take(action);
            break;
        }
    }
    SeenRequest seen = wire.current();
    delete reply;
    return seen;
}

// From the headers of the messages' first fragments: the message itself may go on in a Send.
void noteIds(const SeenRequest& seen, QList<QUuid>& ids)
{
    for (QByteArrayView rest : seen.payloads) {
        while (const auto fragment = psrp::decodeFragment(rest)) {
            rest = rest.sliced(psrp::kFragmentHeaderBytes + fragment->blob.size());
            const auto message = psrp::decodeMessage(fragment->blob);
            if (!fragment->start || !message)
                continue;
            if (message->type == psrp::MessageType::SessionCapability)
                ids.append(message->runspacePoolId);
            else if (message->type == psrp::MessageType::CreatePipeline)
                ids.append(message->pipelineId);
        }
    }
}

// Values that two runs cannot share, or that are each client's own choice.
bool isOwn(const QString& name)
{
    static const QStringList own{u"MessageID"_s, u"To"_s, u"SessionId"_s, u"MaxEnvelopeSize"_s,
        u"OperationTimeout"_s, u"ResourceURI"_s, u"creationXml"_s, u"Arguments"_s, u"Stream"_s,
        u"Selector"_s};
    return own.contains(name);
}

QMap<QString, QString> flatten(const QByteArray& body)
{
    QMap<QString, QString> flat;
    QXmlStreamReader xml(body);
    QStringList path;
    while (!xml.atEnd()) {
        xml.readNext();
        if (xml.isStartElement()) {
            path.append(xml.name().toString());
            const QString key = xml.namespaceUri().toString() + u'|' + path.join(u'/');
            flat.insert(key, {});
            for (const auto& attribute : xml.attributes()) {
                const bool guid = attribute.name() == "ShellId"_L1 || attribute.name() == "CommandId"_L1;
                flat.insert(key + u'@' + attribute.name().toString(),
                    guid ? QString() : attribute.value().toString().toLower());
            }
        } else if (xml.isCharacters() && !path.isEmpty() && !isOwn(path.constLast())) {
            flat[u"#text "_s + path.join(u'/')] += xml.text().toString().toLower();
        } else if (xml.isEndElement()) {
            path.removeLast();
        }
    }
    return flat;
}

} // namespace

Expected<WireRecording> WireRecording::load(const QString& file)
{
    WireRecording recording;
    try {
        const YAML::Node root = YAML::LoadFile(file.toStdString());
        for (const auto& entry : root["messages"]) {
            RecordedRound round;
            round.request = textOf(entry["request"]);
            round.answer = textOf(entry["response"]);
            const SeenRequest seen = parse(round.request);
            round.action = seen.action;
            round.isFault = round.answer.contains("<s:Fault>");
            noteIds(seen, recording.m_ids);
            recording.m_rounds.append(std::move(round));
        }
    } catch (const YAML::Exception& exception) {
        return fail(ErrorCode::InvalidInput, QString::fromUtf8(exception.what()), file);
    }
    return recording;
}

std::function<QUuid()> WireRecording::idSource() const
{
    return [ids = m_ids, next = qsizetype(0)]() mutable {
        return next < ids.size() ? ids.at(next++) : QUuid::createUuid();
    };
}

FakeAnswer WireRecording::answerTo(const SeenRequest& request, const RecordedRound& round)
{
    QByteArray body = round.answer;
    const qsizetype from = body.indexOf("<a:RelatesTo>") + 13;
    const qsizetype to = body.indexOf("</a:RelatesTo>");
    if (from >= 13 && to > from)
        body.replace(from, to - from, request.messageId);
    return FakeAnswer(body, round.isFault ? 500 : 200);
}

QByteArray soapDifference(const QByteArray& ours, const QByteArray& theirs)
{
    const auto left = flatten(ours);
    const auto right = flatten(theirs);
    QByteArrayList differences;
    for (auto it = left.begin(); it != left.end(); ++it) {
        if (!right.contains(it.key()))
            differences.append("only ours: " + it.key().toUtf8());
        else if (right.value(it.key()) != it.value())
            differences.append("differs: " + it.key().toUtf8() + " ours \"" + it.value().toUtf8()
                + "\" theirs \"" + right.value(it.key()).toUtf8() + '"');
    }
    for (auto it = right.begin(); it != right.end(); ++it) {
        if (!left.contains(it.key()))
            differences.append("only theirs: " + it.key().toUtf8());
    }
    return differences.join("; ");
}

} // namespace postern::test

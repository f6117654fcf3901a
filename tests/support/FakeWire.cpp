#include "tests/support/FakeWire.h"

#include <QXmlStreamReader>

namespace postern::test {

using namespace Qt::StringLiterals;

namespace {

SeenRequest readRequest(const QByteArray& body)
{
    SeenRequest seen;
    seen.body = body;
    QXmlStreamReader xml(body);
    while (xml.readNextStartElement() || !xml.atEnd()) {
        if (!xml.isStartElement())
            continue;
        const auto name = xml.name();
        const auto attributes = xml.attributes();
        if (attributes.hasAttribute("CommandId"_L1))
            seen.commandId = attributes.value("CommandId"_L1).toUtf8();
        if (name == "Action"_L1)
            seen.action = xml.readElementText().section(u'/', -1).toUtf8();
        else if (name == "MessageID"_L1)
            seen.messageId = xml.readElementText().toUtf8();
        else if (name == "Selector"_L1)
            seen.shellId = xml.readElementText().toUtf8();
        else if (name == "Code"_L1)
            seen.signalCode = xml.readElementText().toUtf8();
        else if (name == "Identify"_L1)
            seen.action = "Identify";
        else if (name == "creationXml"_L1 || name == "Arguments"_L1 || name == "Stream"_L1)
            seen.payloads.append(QByteArray::fromBase64(xml.readElementText().toLatin1()));
    }
    return seen;
}

} // namespace

FakeReply::FakeReply(
    QNetworkAccessManager::Operation operation, const QNetworkRequest& request, QObject* parent)
    : QNetworkReply(parent)
{
    setOperation(operation);
    setRequest(request);
    setUrl(request.url());
    open(QIODevice::ReadOnly);
}

void FakeReply::end()
{
    setFinished(true);
    emit finished();
}

void FakeReply::abort()
{
    if (!isFinished())
        breakOff(OperationCanceledError);
}

void FakeReply::breakOff(NetworkError error)
{
    if (isFinished())
        return;
    setError(error, u"the line broke"_s);
    end();
}

void FakeReply::deliver(const FakeAnswer& answer)
{
    if (isFinished())
        return;
    m_body = answer.body;
    setAttribute(QNetworkRequest::HttpStatusCodeAttribute, answer.status);
    for (const auto& header : answer.headers)
        setRawHeader(header.first, header.second);
    if (answer.status >= 400) // as QNAM does
        setError(answer.status == 401 ? AuthenticationRequiredError : UnknownServerError, u"HTTP"_s);
    emit downloadProgress(m_body.size(), m_body.size());
    emit readyRead();
    if (!isFinished()) // the client may have had enough and aborted
        end();
}

qint64 FakeReply::readData(char* data, qint64 maxSize)
{
    const qint64 count = std::min<qint64>(maxSize, m_body.size() - m_read);
    std::memcpy(data, m_body.constData() + m_read, size_t(count));
    m_read += count;
    return count;
}

QNetworkReply* FakeWire::createRequest(
    Operation operation, const QNetworkRequest& request, QIODevice* outgoing)
{
    ++m_sent;
    auto* reply = new FakeReply(operation, request, this);
    SeenRequest seen = readRequest(outgoing ? outgoing->readAll() : QByteArray());
    seen.http = request;
    seen.reply = reply;
    m_waiting.push_back(std::move(seen));
    return reply;
}

bool FakeWire::take(QByteArrayView action, int milliseconds)
{
    const auto find = [this, action] {
        return std::find_if(m_waiting.begin(), m_waiting.end(), [action](const SeenRequest& request) {
            return request.action == action && request.reply && !request.reply->isFinished();
        });
    };
    if (!QTest::qWaitFor([&] { return find() != m_waiting.end(); }, milliseconds))
        return false;
    const auto at = find();
    m_current = std::move(*at);
    m_waiting.erase(at);
    return true;
}

void FakeWire::answer(const FakeAnswer& answer)
{
    if (m_current.reply)
        m_current.reply->deliver(answer);
}

void FakeWire::breakOff(QNetworkReply::NetworkError error)
{
    if (m_current.reply)
        m_current.reply->breakOff(error);
}

int FakeWire::waiting() const
{
    return int(std::count_if(m_waiting.begin(), m_waiting.end(),
        [](const SeenRequest& request) { return request.reply && !request.reply->isFinished(); }));
}

QByteArray FakeWire::waitingText() const
{
    QByteArrayList names;
    for (const SeenRequest& request : m_waiting) {
        if (request.reply && !request.reply->isFinished())
            names.append(request.action
                + (request.commandId.isEmpty() ? QByteArray() : "(" + request.commandId.left(8) + ')'));
    }
    return "[" + names.join(", ") + "]";
}

bool FakeWire::isQuiet()
{
    QCoreApplication::sendPostedEvents();
    return waiting() == 0;
}

} // namespace postern::test

#include "services/wsman/Answer.h"

#include <QXmlStreamReader>

namespace postern::wsman {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kSoap12 = "http://www.w3.org/2003/05/soap-envelope"_L1;
constexpr auto kStatePrefix = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/"_L1;

CommandState commandState(QStringView uri)
{
    if (!uri.startsWith(kStatePrefix))
        return CommandState::Unknown;
    const QStringView name = uri.mid(kStatePrefix.size());
    if (name == "Done"_L1)
        return CommandState::Done;
    if (name == "Running"_L1)
        return CommandState::Running;
    return name == "Pending"_L1 ? CommandState::Pending : CommandState::Unknown;
}

// One pass over the document. Elements are told apart by local name and by the name of the element around
// them.
class AnswerReader
{
public:
    AnswerReader(QByteArray body, AnswerLimits limits)
        : m_limits(limits)
        , m_size(body.size())
        , m_xml(body)
    {
    }

    Expected<Answer> read();

private:
    struct Place // of a stream's text in m_text
    {
        qsizetype from = 0;
        qsizetype length = 0;
    };

    [[nodiscard]] tl::unexpected<Error> reject(ErrorCode code, const QString& what) const
    {
        return fail(code, u"offset %1: %2"_s.arg(m_xml.characterOffset()).arg(what));
    }
    Expected<void> token();
    Expected<void> startElement();
    void openElement(const QString& name);
    void endElement();
    void closeInFault(const QString& name, const QString& text);
    void closeInBody(const QString& name, const QString& text);
    void closeStream();
    [[nodiscard]] QString parent(int up = 1) const
    {
        const qsizetype at = m_path.size() - 1 - up;
        return at >= 0 ? m_path.at(at) : QString();
    }
    Expected<Answer> finish();

    AnswerLimits m_limits;
    qsizetype m_size;
    QXmlStreamReader m_xml;
    QStringList m_path;
    QString m_content; // text of the innermost element
    QString m_selectorName;
    bool m_inFault = false;
    int m_faults = 0; // WSManFault elements around this place
    int m_elements = 0;
    QByteArray m_text;
    std::vector<Place> m_places;
    Answer m_answer;
};

Expected<Answer> AnswerReader::read()
{
    if (m_size > m_limits.bytes)
        return fail(ErrorCode::LimitExceeded, u"the answer has %1 bytes"_s.arg(m_size));
    while (!m_xml.atEnd()) {
        m_xml.readNext();
        if (const auto ok = token(); !ok)
            return fail(ok.error());
    }
    if (m_xml.hasError())
        return reject(ErrorCode::Malformed, m_xml.errorString());
    return finish();
}

Expected<void> AnswerReader::token()
{
    switch (m_xml.tokenType()) {
    case QXmlStreamReader::DTD:
    case QXmlStreamReader::EntityReference:
        return reject(ErrorCode::Malformed, u"a document type or an entity is not allowed"_s);
    case QXmlStreamReader::StartElement:
        return startElement();
    case QXmlStreamReader::Characters:
        m_content.append(m_xml.text());
        return {};
    case QXmlStreamReader::EndElement:
        endElement();
        return {};
    default:
        return {};
    }
}

Expected<void> AnswerReader::startElement()
{
    if (m_path.size() >= m_limits.depth)
        return reject(ErrorCode::LimitExceeded, u"elements nest too deep"_s);
    if (++m_elements > m_limits.elements)
        return reject(ErrorCode::LimitExceeded, u"too many elements"_s);
    const QString name = m_xml.name().toString();
    if (m_path.isEmpty()) {
        if (name != "Envelope"_L1)
            return reject(ErrorCode::Malformed, u"the root is %1, not a SOAP envelope"_s.arg(name.left(80)));
        if (m_xml.namespaceUri() != kSoap12)
            return reject(ErrorCode::Malformed, u"the envelope is not SOAP 1.2"_s);
    }
    m_path.append(name);
    openElement(name);
    m_content.clear();
    return {};
}

void AnswerReader::openElement(const QString& name)
{
    const QXmlStreamAttributes attributes = m_xml.attributes();
    if (m_inFault) {
        if (name == "WSManFault"_L1) {
            const quint32 code = quint32(attributes.value("Code"_L1).toLongLong());
            (m_faults++ == 0 ? m_answer.fault->code : m_answer.fault->nestedCode) = code;
        } else if (name == "ProviderFault"_L1 || name == "Message"_L1) {
            m_answer.fault->message += m_content.trimmed(); // text in front of the nested element
        }
        return;
    }
    if (name == "Fault"_L1 && parent() == "Body"_L1) {
        m_inFault = true;
        m_answer.fault.emplace();
    } else if (name == "Stream"_L1 && parent() == "ReceiveResponse"_L1) {
        StreamText stream;
        stream.name = attributes.value("Name"_L1).toUtf8();
        stream.commandId = attributes.value("CommandId"_L1).toUtf8();
        stream.end = attributes.value("End"_L1).compare("true"_L1, Qt::CaseInsensitive) == 0;
        m_answer.streams.push_back(std::move(stream));
    } else if (name == "CommandState"_L1 && parent() == "ReceiveResponse"_L1) {
        m_answer.commandState = commandState(attributes.value("State"_L1));
    } else if (name == "Selector"_L1) {
        m_selectorName = attributes.value("Name"_L1).toString();
    }
}

void AnswerReader::endElement()
{
    const QString name = m_path.constLast();
    if (m_inFault)
        closeInFault(name, m_content.trimmed());
    else if (name == "Stream"_L1 && parent() == "ReceiveResponse"_L1)
        closeStream();
    else
        closeInBody(name, m_content.trimmed());
    if (name == "Fault"_L1 && parent() == "Body"_L1)
        m_inFault = false;
    m_path.removeLast();
    m_content.clear();
}

void AnswerReader::closeStream()
{
    m_places.push_back(Place{m_text.size(), 0});
    m_text.append(m_content.toUtf8());
    m_places.back().length = m_text.size() - m_places.back().from;
}

void AnswerReader::closeInFault(const QString& name, const QString& text)
{
    Fault& fault = *m_answer.fault;
    if (text.isEmpty())
        return;
    if (name == "Value"_L1 && parent() == "Subcode"_L1 && fault.subcode.isEmpty())
        fault.subcode = text.mid(text.indexOf(u':') + 1);
    else if (name == "Text"_L1 && parent() == "Reason"_L1)
        fault.reason = text;
    else if (name == "FaultDetail"_L1)
        fault.detailUri = text;
    else if (name.contains("Redirect"_L1) || name.endsWith("Location"_L1))
        fault.redirect = text;
    else if (name == "Message"_L1 || name == "ProviderFault"_L1 || parent() == "Message"_L1
        || parent() == "ProviderFault"_L1)
        fault.message
            += (fault.message.isEmpty() || fault.message.endsWith(u' ') ? QString() : u" "_s) + text;
}

void AnswerReader::closeInBody(const QString& name, const QString& text)
{
    if (parent() == "Header"_L1) {
        if (name == "RelatesTo"_L1)
            m_answer.relatesTo = text.toUtf8();
        else if (name == "Action"_L1)
            m_answer.action = text;
    } else if (name == "ShellId"_L1 && parent() == "Shell"_L1) {
        m_answer.shellId = text.toUtf8();
    } else if (name == "Selector"_L1 && m_selectorName == "ShellId"_L1 && m_answer.shellId.isEmpty()) {
        m_answer.shellId = text.toUtf8();
    } else if (name == "CommandId"_L1 && parent() == "CommandResponse"_L1) {
        m_answer.commandId = text.toUtf8();
    } else if (name == "ExitCode"_L1) {
        bool isNumber = false;
        const qint64 code = text.toLongLong(&isNumber);
        if (isNumber)
            m_answer.exitCode = quint32(code);
    } else if (parent() == "IdentifyResponse"_L1) {
        if (name == "ProtocolVersion"_L1)
            m_answer.identity.protocolVersion = text;
        else if (name == "ProductVendor"_L1)
            m_answer.identity.vendor = text;
        else if (name == "ProductVersion"_L1)
            m_answer.identity.version = text;
    }
}

Expected<Answer> AnswerReader::finish()
{
    if (m_elements == 0)
        return reject(ErrorCode::Malformed, u"the answer is empty"_s);
    m_answer.storage = m_text;
    const QByteArrayView text(m_answer.storage);
    for (size_t i = 0; i < m_places.size(); ++i)
        m_answer.streams[i].base64 = text.sliced(m_places[i].from, m_places[i].length);
    m_answer.timedOut = m_answer.fault && m_answer.fault->isTimeout();
    return std::move(m_answer);
}

} // namespace

Expected<Answer> readAnswer(QByteArray body, AnswerLimits limits)
{
    return AnswerReader(std::move(body), limits).read();
}

Expected<Answer> readReceive(const QByteArray& body)
{
    if (auto answer = scanReceive(body))
        return std::move(*answer);
    return readAnswer(body);
}

bool looksLikeSoap(QByteArrayView body)
{
    if (body.startsWith("\xFF\xFE") || body.startsWith("\xFE\xFF"))
        return true; // UTF-16: the reader finds out
    if (body.startsWith("\xEF\xBB\xBF"))
        body = body.sliced(3);
    body = body.trimmed();
    if (body.startsWith("<?xml")) {
        const qsizetype end = body.indexOf("?>");
        if (end < 0)
            return false;
        body = body.sliced(end + 2).trimmed();
    }
    if (!body.startsWith('<'))
        return false;
    qsizetype end = 1;
    while (end < std::min<qsizetype>(body.size(), 80) && !QByteArrayView(" \t\r\n/>").contains(body[end]))
        ++end;
    const QByteArrayView name = body.sliced(1, end - 1);
    return name.sliced(name.lastIndexOf(':') + 1) == "Envelope";
}

} // namespace postern::wsman

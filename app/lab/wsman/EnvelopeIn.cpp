// The reading half of Envelope.h: namespace-aware, no DTD, every header checked.
#include <QByteArray>
#include <QXmlStreamReader>
#include <algorithm>

#include "app/lab/text/Text.h"
#include "app/lab/wsman/Envelope.h"
#include "app/lab/wsman/Faults.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr auto soap = "http://www.w3.org/2003/05/soap-envelope"_L1;
constexpr auto addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing"_L1;
constexpr auto wsman = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"_L1;
constexpr auto microsoft = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"_L1;
constexpr auto shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"_L1;
constexpr auto powershell = "http://schemas.microsoft.com/powershell"_L1;
constexpr auto identity = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"_L1;

class EnvelopeReader
{
public:
    explicit EnvelopeReader(std::string_view xml)
        : m_xml(QByteArray(xml.data(), qsizetype(xml.size())))
    {
    }
    tl::expected<SoapRequest, SoapFault> read();

private:
    using Failure = std::optional<SoapFault>;

    bool next()
    {
        while (!m_xml.atEnd()) {
            m_xml.readNext();
            if (m_xml.isStartElement())
                return true;
            if (m_xml.isEndElement())
                return false;
            if (m_xml.isDTD() || m_xml.isEntityReference())
                m_xml.raiseError(u"document type declarations are not allowed"_s);
        }
        return false;
    }
    bool is(QLatin1StringView ns, QLatin1StringView name) const
    {
        return m_xml.namespaceUri() == ns && m_xml.name() == name;
    }
    std::string text() { return trimmed(m_xml.readElementText().toStdString()); }
    std::string attribute(QLatin1StringView name) const
    {
        return m_xml.attributes().value(name).toString().toStdString();
    }

    Failure header();
    Failure headerElement();
    Failure known();
    Failure knownText(const QString& name, const std::string& value);
    Failure optionSet();
    void selectorSet();
    Failure body();
    void shellBody();
    void commandLine();
    Failure complete() const;

    QXmlStreamReader m_xml;
    SoapRequest m_request;
};

tl::expected<SoapRequest, SoapFault> EnvelopeReader::read()
{
    if (!next() || m_xml.name() != "Envelope"_L1)
        return tl::unexpected(faults::schemaViolation("The request is not a SOAP envelope."));
    if (m_xml.namespaceUri() != soap) {
        SoapFault fault = faults::schemaViolation("The SOAP version is not 1.2.");
        fault.sender = "s:VersionMismatch";
        fault.code = 2150858765U;
        return tl::unexpected(fault);
    }
    Failure failure;
    bool hasBody = false;
    while (!failure && next()) {
        if (is(soap, "Header"_L1) && !hasBody)
            failure = header();
        else if (is(soap, "Body"_L1) && !hasBody) {
            hasBody = true;
            failure = body();
        } else
            failure = faults::schemaViolation(
                "Unexpected element in the envelope: " + m_xml.name().toString().toStdString());
    }
    while (!failure && !m_xml.atEnd()) // what follows the envelope must be nothing
        m_xml.readNext();
    if (m_xml.hasError())
        failure = faults::schemaViolation("The XML is not well-formed at character "
            + std::to_string(m_xml.characterOffset()) + ": " + m_xml.errorString().toStdString());
    else if (!failure && !hasBody)
        failure = faults::invalidBody("The envelope has no body.");
    if (!failure && !m_request.identify)
        failure = complete();
    if (failure) {
        failure->relatesTo = m_request.messageId;
        return tl::unexpected(*failure);
    }
    return m_request;
}

EnvelopeReader::Failure EnvelopeReader::header()
{
    Failure first; // the rest is read all the same: the answer must relate to the MessageID
    while (next()) {
        if (Failure failure = headerElement(); failure && !first)
            first = failure;
    }
    return first;
}

EnvelopeReader::Failure EnvelopeReader::headerElement()
{
    const auto must = m_xml.attributes().value(soap, "mustUnderstand"_L1);
    const bool mustUnderstand = must == "true"_L1 || must == "1"_L1;
    const QString ns = m_xml.namespaceUri().toString(), name = m_xml.name().toString();
    if (ns == addressing || ns == wsman || ns == microsoft) {
        static const QStringList names{u"Action"_s, u"To"_s, u"ReplyTo"_s, u"MessageID"_s, u"ResourceURI"_s,
            u"MaxEnvelopeSize"_s, u"OperationTimeout"_s, u"Locale"_s, u"OptionSet"_s, u"SelectorSet"_s,
            u"SessionId"_s};
        if (names.contains(name))
            return known();
    }
    if (mustUnderstand)
        return faults::mustUnderstand(name.toStdString());
    m_xml.skipCurrentElement();
    return {};
}

EnvelopeReader::Failure EnvelopeReader::known()
{
    const QString name = m_xml.name().toString();
    if (name == "OptionSet"_L1)
        return optionSet();
    if (name == "SelectorSet"_L1) {
        selectorSet();
        return {};
    }
    if (name == "ReplyTo"_L1) {
        while (next())
            m_request.replyTo = text();
        return {};
    }
    if (name == "Locale"_L1) {
        m_request.locale = m_xml.attributes()
                               .value("http://www.w3.org/XML/1998/namespace"_L1, "lang"_L1)
                               .toString()
                               .toStdString();
        m_xml.skipCurrentElement();
        return {};
    }
    return knownText(name, text());
}

EnvelopeReader::Failure EnvelopeReader::knownText(const QString& name, const std::string& value)
{
    if (name == "Action"_L1)
        m_request.action = value;
    else if (name == "To"_L1)
        m_request.to = value;
    else if (name == "MessageID"_L1)
        m_request.messageId = value;
    else if (name == "ResourceURI"_L1)
        m_request.resourceUri = value;
    else if (name == "SessionId"_L1)
        m_request.sessionId = value;
    else if (name == "OperationTimeout"_L1) {
        m_request.operationTimeoutMs = durationMs(value);
        if (!m_request.operationTimeoutMs)
            return faults::invalidHeader(
                "The XML contains an invalid timeout field in the SOAP header: " + value + ".");
    } else if (name == "MaxEnvelopeSize"_L1) {
        bool ok = false;
        m_request.maxEnvelopeSize = QString::fromStdString(value).toUInt(&ok);
        if (!ok)
            return faults::invalidHeader("The XML contains an invalid MaxEnvelopeSize: " + value + ".");
    }
    return {};
}

EnvelopeReader::Failure EnvelopeReader::optionSet()
{
    Failure failure;
    while (next()) {
        if (!is(wsman, "Option"_L1))
            failure = faults::schemaViolation("Something else than Option in OptionSet.");
        const std::string name = attribute("Name"_L1);
        const bool mustComply = attribute("MustComply"_L1) == "true";
        static const std::vector<std::string> understood{"protocolversion", "WSMAN_CMDSHELL_OPTION_KEEPALIVE",
            "WINRS_SKIP_CMD_SHELL", "WINRS_NOPROFILE", "WINRS_CODEPAGE"};
        if (mustComply && std::find(understood.begin(), understood.end(), name) == understood.end())
            failure
                = faults::invalidOption("The option " + name + " must be complied with and is not known.");
        m_request.options[name] = text();
    }
    return failure;
}

void EnvelopeReader::selectorSet()
{
    while (next()) {
        const std::string name = attribute("Name"_L1);
        m_request.selectors[name] = text();
    }
}

void EnvelopeReader::shellBody()
{
    m_request.shellId = attribute("ShellId"_L1);
    while (next()) {
        if (is(shell, "InputStreams"_L1))
            m_request.inputStreams = text();
        else if (is(shell, "OutputStreams"_L1))
            m_request.outputStreams = text();
        else if (is(shell, "IdleTimeOut"_L1))
            m_request.idleTimeOut = text();
        else if (is(powershell, "creationXml"_L1))
            m_request.creationXml = text();
        else
            m_xml.skipCurrentElement();
    }
}

void EnvelopeReader::commandLine()
{
    m_request.commandId = attribute("CommandId"_L1);
    while (next()) {
        if (is(shell, "Arguments"_L1))
            m_request.arguments.push_back(text());
        else
            m_xml.skipCurrentElement();
    }
}

EnvelopeReader::Failure EnvelopeReader::body()
{
    while (next()) {
        if (!m_request.bodyElement.empty() || m_request.identify)
            return faults::invalidBody("More than one element in the body.");
        if (is(identity, "Identify"_L1)) {
            m_request.identify = true;
            m_xml.skipCurrentElement();
            continue;
        }
        m_request.bodyElement = m_xml.name().toString().toStdString();
        if (m_xml.namespaceUri() != shell) {
            m_xml.skipCurrentElement();
        } else if (m_xml.name() == "Shell"_L1) {
            shellBody();
        } else if (m_xml.name() == "CommandLine"_L1) {
            commandLine();
        } else if (m_xml.name() == "Receive"_L1 || m_xml.name() == "Send"_L1) {
            while (next()) {
                SoapStream stream{attribute("Name"_L1), attribute("CommandId"_L1), {}};
                const bool desired = is(shell, "DesiredStream"_L1);
                stream.base64 = text();
                if (desired)
                    m_request.desiredStream = stream.base64;
                m_request.commandId = stream.commandId;
                if (!desired)
                    m_request.streams.push_back(std::move(stream));
            }
        } else if (m_xml.name() == "Signal"_L1) {
            m_request.commandId = attribute("CommandId"_L1);
            while (next())
                m_request.code = text();
        } else {
            m_xml.skipCurrentElement();
        }
    }
    return {};
}

EnvelopeReader::Failure EnvelopeReader::complete() const
{
    if (m_request.action.empty())
        return faults::headerRequired("wsa:Action");
    if (m_request.to.empty())
        return faults::headerRequired("wsa:To");
    if (m_request.messageId.empty())
        return faults::headerRequired("wsa:MessageID");
    if (!startsWithIgnoreCase(m_request.messageId, "uuid:")
        && !startsWithIgnoreCase(m_request.messageId, "urn:uuid:"))
        return faults::invalidHeader("The MessageID is not a uuid: " + m_request.messageId + ".");
    if (m_request.replyTo != "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous")
        return faults::headerRequired("wsa:ReplyTo");
    if (m_request.resourceUri.empty())
        return faults::headerRequired("wsman:ResourceURI");
    if (m_request.maxEnvelopeSize && *m_request.maxEnvelopeSize < 8192)
        return faults::envelopeTooSmall();
    return {};
}

} // namespace

std::optional<int> durationMs(std::string_view text)
{
    if (!text.starts_with("PT") && !text.starts_with("P"))
        return std::nullopt;
    double total = 0, number = 0;
    bool any = false, time = false;
    std::string digits;
    for (const char c : text.substr(1)) {
        if (c == 'T' && digits.empty()) {
            time = true;
        } else if ((c >= '0' && c <= '9') || c == '.') {
            digits += c;
        } else {
            bool ok = false;
            number = QByteArray::fromStdString(digits).toDouble(&ok);
            const double unit = c == 'D' && !time ? 86400
                : c == 'H' && time                ? 3600
                : c == 'M' && time                ? 60
                : c == 'S' && time                ? 1
                                                  : 0;
            if (!ok || unit == 0)
                return std::nullopt;
            total += number * unit;
            digits.clear();
            any = true;
        }
    }
    if (!any || !digits.empty() || total > 2147483.0)
        return std::nullopt;
    return int(total * 1000);
}

tl::expected<SoapRequest, SoapFault> readEnvelope(std::string_view xml)
{
    return EnvelopeReader(xml).read();
}

} // namespace postern::lab

#include "services/wsman/Envelope.h"

namespace postern::wsman {

namespace {

constexpr QByteArrayView kEnvelopeOpen
    = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
      " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\""
      " xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\""
      " xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\""
      " xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\">"
      "<s:Header>";
constexpr QByteArrayView kAnonymous = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";

// Header, footers and attributes of the largest request; measured 2.3 KiB, with room for long URLs.
constexpr qsizetype kEnvelopeOverhead = 6 * 1024;

void appendElement(QByteArray& out, QByteArrayView name, QByteArrayView attributes, QByteArrayView content)
{
    out.append('<')
        .append(name)
        .append(attributes)
        .append('>')
        .append(content)
        .append("</")
        .append(name)
        .append('>');
}

// xs:duration with milliseconds, as Windows clients write it: "PT20.000S".
QByteArray duration(std::chrono::milliseconds time)
{
    return "PT" + QByteArray::number(double(time.count()) / 1000.0, 'f', 3) + 'S';
}

void appendOptions(QByteArray& out, const std::vector<Option>& options)
{
    if (options.empty())
        return;
    out.append("<w:OptionSet s:mustUnderstand=\"true\">");
    for (const Option& option : options) {
        out.append("<w:Option Name=\"").append(escapeXml(option.name)).append('"');
        if (option.mustComply)
            out.append(" MustComply=\"true\"");
        out.append('>').append(escapeXml(option.value)).append("</w:Option>");
    }
    out.append("</w:OptionSet>");
}

void appendLocale(QByteArray& out, QByteArrayView name, const QByteArray& locale)
{
    out.append('<')
        .append(name)
        .append(" xml:lang=\"")
        .append(locale)
        .append("\" s:mustUnderstand=\"false\"/>");
}

void appendHeader(QByteArray& out, const Conversation& conversation, const Operation& operation,
    const QByteArray& messageId)
{
    constexpr QByteArrayView must = " s:mustUnderstand=\"true\"";
    appendElement(out, "a:Action", must, actionName(operation.action));
    appendElement(out, "a:To", {}, escapeXml(conversation.to));
    out.append("<a:ReplyTo>");
    appendElement(out, "a:Address", must, kAnonymous);
    out.append("</a:ReplyTo>");
    appendElement(out, "a:MessageID", {}, "uuid:" + messageId);
    appendElement(out, "w:ResourceURI", must, escapeXml(conversation.resourceUri.toUtf8()));
    appendElement(out, "w:MaxEnvelopeSize", must, QByteArray::number(conversation.maxEnvelopeSize));
    appendElement(out, "w:OperationTimeout", {}, duration(conversation.operationTimeout));
    const QByteArray locale = escapeXml(conversation.locale.toUtf8());
    appendLocale(out, "w:Locale", locale);
    appendLocale(out, "p:DataLocale", locale);
    appendElement(out, "p:SessionId", " s:mustUnderstand=\"false\"", "uuid:" + conversation.sessionId);
    appendOptions(out, operation.options);
    if (!operation.shellId.isEmpty()) {
        out.append("<w:SelectorSet>");
        appendElement(out, "w:Selector", " Name=\"ShellId\"", escapeXml(operation.shellId));
        out.append("</w:SelectorSet>");
    }
}

Operation toShell(Action action, const QByteArray& shellId)
{
    Operation operation(action);
    operation.shellId = shellId;
    return operation;
}

QByteArray commandAttribute(const QByteArray& commandId)
{
    return commandId.isEmpty() ? QByteArray() : " CommandId=\"" + escapeXml(commandId) + '"';
}

} // namespace

QByteArrayView actionName(Action action)
{
    switch (action) {
    case Action::Create:
        return "http://schemas.xmlsoap.org/ws/2004/09/transfer/Create";
    case Action::Delete:
        return "http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete";
    case Action::Command:
        return "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command";
    case Action::Send:
        return "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Send";
    case Action::Receive:
        return "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Receive";
    case Action::Signal:
        return "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Signal";
    case Action::Identify:
        return "http://schemas.dmtf.org/wbem/wsman/identify/1/wsmanidentity.xsd/Identify";
    }
    return {};
}

namespace Operations {

Operation create(const QByteArray& proposedShellId, QByteArrayView inputStreams, QByteArrayView outputStreams,
    const QByteArray& creationElement, std::vector<Option> options)
{
    Operation operation(Action::Create);
    operation.options = std::move(options);
    QByteArray& body = operation.body;
    body = "<rsp:Shell";
    if (!proposedShellId.isEmpty())
        body.append(" ShellId=\"").append(escapeXml(proposedShellId)).append('"');
    body.append('>');
    appendElement(body, "rsp:InputStreams", {}, escapeXml(inputStreams));
    appendElement(body, "rsp:OutputStreams", {}, escapeXml(outputStreams));
    body.append(creationElement).append("</rsp:Shell>");
    return operation;
}

Operation command(const QByteArray& shellId, const QByteArray& commandId, QByteArrayView arguments)
{
    Operation operation = toShell(Action::Command, shellId);
    operation.options.push_back(Option{"WINRS_SKIP_CMD_SHELL", "FALSE", false});
    QByteArray& body = operation.body;
    body = "<rsp:CommandLine" + commandAttribute(commandId) + "><rsp:Command></rsp:Command>";
    appendElement(body, "rsp:Arguments", {}, arguments.toByteArray().toBase64());
    body.append("</rsp:CommandLine>");
    return operation;
}

Operation send(
    const QByteArray& shellId, const QByteArray& commandId, QByteArrayView stream, QByteArrayView bytes)
{
    Operation operation = toShell(Action::Send, shellId);
    operation.body = "<rsp:Send>";
    appendElement(operation.body, "rsp:Stream",
        " Name=\"" + escapeXml(stream) + '"' + commandAttribute(commandId), bytes.toByteArray().toBase64());
    operation.body.append("</rsp:Send>");
    return operation;
}

Operation receive(const QByteArray& shellId, const QByteArray& commandId, QByteArrayView streams)
{
    Operation operation = toShell(Action::Receive, shellId);
    operation.options.push_back(Option{"WSMAN_CMDSHELL_OPTION_KEEPALIVE", "TRUE", false});
    operation.body = "<rsp:Receive>";
    appendElement(operation.body, "rsp:DesiredStream", commandAttribute(commandId), escapeXml(streams));
    operation.body.append("</rsp:Receive>");
    return operation;
}

Operation signal(const QByteArray& shellId, const QByteArray& commandId, QByteArrayView code)
{
    Operation operation = toShell(Action::Signal, shellId);
    operation.body = "<rsp:Signal" + commandAttribute(commandId) + '>';
    appendElement(operation.body, "rsp:Code", {}, escapeXml(code));
    operation.body.append("</rsp:Signal>");
    return operation;
}

Operation remove(const QByteArray& shellId)
{
    return toShell(Action::Delete, shellId);
}

Operation identify()
{
    Operation operation(Action::Identify);
    operation.body
        = "<wsmid:Identify xmlns:wsmid=\"http://schemas.dmtf.org/wbem/wsman/identify/1/wsmanidentity.xsd\"/>";
    return operation;
}

} // namespace Operations

QByteArray upperGuid(const QUuid& id)
{
    return id.toByteArray(QUuid::WithoutBraces).toUpper();
}

QByteArray escapeXml(QByteArrayView text)
{
    QByteArray out;
    out.reserve(text.size() + 16);
    for (const char c : text) {
        switch (c) {
        case '&':
            out.append("&amp;");
            break;
        case '<':
            out.append("&lt;");
            break;
        case '>':
            out.append("&gt;");
            break;
        case '"':
            out.append("&quot;");
            break;
        default:
            out.append(c);
        }
    }
    return out;
}

QByteArray writeEnvelope(
    const Conversation& conversation, const Operation& operation, const QByteArray& messageId)
{
    QByteArray out;
    out.reserve(kEnvelopeOverhead + operation.body.size());
    out.append(kEnvelopeOpen);
    // Identify has an almost empty header (a.5).
    if (operation.action != Action::Identify)
        appendHeader(out, conversation, operation, messageId);
    out.append("</s:Header><s:Body>").append(operation.body).append("</s:Body></s:Envelope>");
    return out;
}

qsizetype payloadCapacity(int maxEnvelopeSize)
{
    return std::max<qsizetype>(1024, (maxEnvelopeSize - kEnvelopeOverhead) / 4 * 3);
}

} // namespace postern::wsman

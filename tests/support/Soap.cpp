#include "tests/support/Soap.h"

#include "services/psrp/Fragment.h"

namespace postern::test {

namespace Soap {

QByteArray envelope(QByteArrayView action, const QByteArray& relatesTo, const QByteArray& body)
{
    return "<s:Envelope xml:lang=\"en-US\" xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
           "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
           "xmlns:x=\"http://schemas.xmlsoap.org/ws/2004/09/transfer\" "
           "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" "
           "xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\" "
           "xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\"><s:Header><a:Action>"
        + action.toByteArray()
        + "</a:Action><a:MessageID>uuid:B33F9E2C-03F6-4852-8C42-DF9F010F9C5F</a:MessageID><a:RelatesTo>"
        + relatesTo + "</a:RelatesTo></s:Header><s:Body>" + body + "</s:Body></s:Envelope>";
}

FakeAnswer created(const SeenRequest& request, const QByteArray& shellId)
{
    return FakeAnswer(envelope("http://schemas.xmlsoap.org/ws/2004/09/transfer/CreateResponse",
        request.messageId,
        "<rsp:Shell><rsp:ShellId>" + shellId + "</rsp:ShellId><rsp:State>Connected</rsp:State></rsp:Shell>"));
}

FakeAnswer commanded(const SeenRequest& request)
{
    return FakeAnswer(
        envelope("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandResponse", request.messageId,
            "<rsp:CommandResponse><rsp:CommandId>" + request.commandId
                + "</rsp:CommandId></rsp:CommandResponse>"));
}

FakeAnswer done(const SeenRequest& request)
{
    return FakeAnswer(
        envelope("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/" + request.action + "Response",
            request.messageId, {}));
}

FakeAnswer received(const SeenRequest& request, const QList<QByteArray>& streams, QByteArrayView state)
{
    QByteArray body = "<rsp:ReceiveResponse>";
    const QByteArray command
        = request.commandId.isEmpty() ? QByteArray() : " CommandId=\"" + request.commandId + '"';
    for (const QByteArray& stream : streams)
        body += "<rsp:Stream Name=\"stdout\"" + command + '>' + stream.toBase64() + "</rsp:Stream>";
    if (!state.isEmpty())
        body += "<rsp:CommandState" + command
            + " State=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/"
            + state.toByteArray() + "\"></rsp:CommandState>";
    return FakeAnswer(envelope("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/ReceiveResponse",
        request.messageId, body + "</rsp:ReceiveResponse>"));
}

FakeAnswer fault(const SeenRequest& request, quint32 code, QByteArrayView subcode, const QByteArray& text)
{
    return FakeAnswer(
        envelope("http://schemas.dmtf.org/wbem/wsman/1/wsman/fault", request.messageId,
            "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:" + subcode.toByteArray()
                + "</s:Value></s:Subcode></s:Code><s:Reason><s:Text "
                  "xml:lang=\"en-US\">reason</s:Text></s:Reason><s:Detail>"
                  "<f:WSManFault xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\" Code=\""
                + QByteArray::number(code) + "\" Machine=\"ex1\"><f:Message>" + text
                + "</f:Message></f:WSManFault></s:Detail></s:Fault>"),
        500);
}

FakeAnswer timedOut(const SeenRequest& request)
{
    return fault(request, 2150858793, "TimedOut",
        "The WS-Management service cannot complete the operation within the time.");
}

} // namespace Soap

QByteArray PsrpSide::message(
    psrp::MessageType type, const QUuid& pool, const QUuid& pipeline, const QByteArray& clixml) const
{
    psrp::Message message;
    message.destination = psrp::Destination::Client;
    message.type = type;
    message.runspacePoolId = pool;
    message.pipelineId = pipeline;
    message.data = "\xEF\xBB\xBF" + clixml;
    return psrp::encodeMessage(message);
}

QList<QByteArray> PsrpSide::fragments(psrp::MessageType type, bool ofPipeline, const QByteArray& clixml)
{
    const QByteArray whole = message(type, poolId, ofPipeline ? pipelineId : QUuid(), clixml);
    const qsizetype step = fragmentBytes > 0 ? fragmentBytes : whole.size();
    QList<QByteArray> out;
    for (qsizetype at = 0; at < whole.size(); at += step) {
        psrp::FragmentView view;
        view.objectId = m_nextObject;
        view.fragmentId = quint64(at / step);
        view.start = at == 0;
        view.end = at + step >= whole.size();
        view.blob = QByteArrayView(whole).sliced(at, std::min(step, whole.size() - at));
        out.append(psrp::encodeFragment(view));
    }
    ++m_nextObject;
    return out;
}

QByteArray PsrpSide::pipelineMessage(psrp::MessageType type, const QByteArray& clixml)
{
    return fragments(type, true, clixml).join();
}

QByteArray PsrpSide::poolMessage(psrp::MessageType type, const QByteArray& clixml)
{
    return fragments(type, false, clixml).join();
}

QByteArray PsrpSide::capability(const QByteArray& protocolVersion)
{
    return poolMessage(psrp::MessageType::SessionCapability,
        "<Obj RefId=\"0\"><MS><Version N=\"protocolversion\">" + protocolVersion
            + "</Version><Version N=\"PSVersion\">2.0</Version><Version "
              "N=\"SerializationVersion\">1.1.0.1</Version></MS></Obj>");
}

QByteArray PsrpSide::privateData()
{
    return poolMessage(psrp::MessageType::ApplicationPrivateData,
        "<Obj RefId=\"0\"><MS><Nil N=\"ApplicationPrivateData\" /></MS></Obj>");
}

QByteArray PsrpSide::poolState(int state, const QByteArray& record)
{
    return poolMessage(psrp::MessageType::RunspacePoolState,
        "<Obj RefId=\"0\"><MS><I32 N=\"RunspaceState\">" + QByteArray::number(state) + "</I32>" + record
            + "</MS></Obj>");
}

QByteArray PsrpSide::output(const QByteArray& clixml)
{
    return pipelineMessage(psrp::MessageType::PipelineOutput, clixml);
}

QByteArray PsrpSide::record(const QByteArray& message, const QByteArray& id, int category,
    const QByteArray& exceptionType, const QByteArray& name)
{
    return "<Obj" + (name.isEmpty() ? QByteArray() : " N=\"" + name + '"')
        + " RefId=\"1\"><TN "
          "RefId=\"0\"><T>System.Management.Automation.ErrorRecord</T><T>System.Object</T></TN><ToString>"
        + message + "</ToString><MS><Obj N=\"Exception\" RefId=\"2\"><TN RefId=\"1\"><T>" + exceptionType
        + "</T><T>System.Exception</T><T>System.Object</T></TN><Props><S N=\"Message\">" + message
        + "</S></Props></Obj><Nil N=\"TargetObject\" /><S N=\"FullyQualifiedErrorId\">" + id
        + "</S><I32 N=\"ErrorCategory_Category\">" + QByteArray::number(category) + "</I32></MS></Obj>";
}

QByteArray PsrpSide::error(
    const QByteArray& message, const QByteArray& id, int category, const QByteArray& exceptionType)
{
    return pipelineMessage(psrp::MessageType::ErrorRecord, record(message, id, category, exceptionType, {}));
}

QByteArray PsrpSide::warning(const QByteArray& text)
{
    return pipelineMessage(psrp::MessageType::WarningRecord,
        "<Obj RefId=\"0\"><ToString>" + text + "</ToString><MS><S N=\"InformationalRecord_Message\">" + text
            + "</S></MS></Obj>");
}

QByteArray PsrpSide::pipelineState(int state, const QByteArray& record)
{
    return pipelineMessage(psrp::MessageType::PipelineState,
        "<Obj RefId=\"0\"><MS><I32 N=\"PipelineState\">" + QByteArray::number(state) + "</I32>" + record
            + "</MS></Obj>");
}

QList<psrp::Message> messagesIn(const SeenRequest& request)
{
    psrp::Defragmenter stream;
    QList<psrp::Message> messages;
    const auto fed = stream.feed(request.payloads.join());
    if (!fed)
        return {};
    for (const QByteArray& bytes : *fed) {
        const auto view = psrp::decodeMessage(bytes);
        if (!view)
            return {};
        messages.append(psrp::toMessage(*view));
    }
    return messages;
}

} // namespace postern::test

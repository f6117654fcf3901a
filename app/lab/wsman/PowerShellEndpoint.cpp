#include "app/lab/wsman/PowerShellEndpoint.h"

#include "app/lab/http/Counters.h"
#include "app/lab/text/Text.h"
#include "app/lab/wsman/Faults.h"

namespace postern::lab {

namespace {

constexpr std::string_view resource = "http://schemas.microsoft.com/powershell/Microsoft.Exchange";
constexpr std::string_view doneState
    = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done";
constexpr std::uint32_t defaultEnvelope = 153600, maximumEnvelope = 4194304;
constexpr int defaultTimeoutMs = 60000;
constexpr size_t headerRoom = 1700;

Serialization serializationOf(const std::string& query)
{
    for (const std::string& pair : split(query, ';')) {
        for (const std::string& part : split(pair, '&')) {
            if (equalsIgnoreCase(part, "serializationLevel=Full"))
                return Serialization::Full;
            if (equalsIgnoreCase(part, "serializationLevel=None"))
                return Serialization::None;
        }
    }
    return Serialization::Partial;
}

std::string element(const char* name, const std::string& text)
{
    return std::string("<rsp:") + name + ">" + xmlEscaped(text) + "</rsp:" + name + ">";
}

std::string shellAnswer(const Shell& shell, const PowerShellCall& call, const SoapRequest& request)
{
    const std::string id = shell.options().id.upper();
    std::string body = "<x:ResourceCreated><a:Address>" + xmlEscaped(call.url)
        + "</a:Address><a:ReferenceParameters><w:ResourceURI>" + xmlEscaped(request.resourceUri)
        + "</w:ResourceURI><w:SelectorSet><w:Selector Name=\"ShellId\">" + id
        + "</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
        + "<rsp:Shell xmlns:rsp=\"" + std::string(shellNamespace) + "\">";
    const std::string locale = request.locale.empty() ? "en-US" : request.locale;
    body += element("ShellId", id) + element("ResourceUri", request.resourceUri)
        + element("Owner", shell.options().owner) + element("ClientIP", call.clientAddress)
        + element("ProcessId", "4242")
        + element("IdleTimeOut", "PT" + std::to_string(shell.options().idleTimeoutMs / 1000) + ".000S")
        + element("InputStreams", "stdin pr") + element("OutputStreams", "stdout")
        + element("MaxIdleTimeOut", "PT2147483.647S") + element("Locale", locale)
        + element("DataLocale", locale) + element("CompressionMode", "NoCompression")
        + element("ProfileLoaded", "Yes") + element("Encoding", "UTF8") + element("BufferMode", "Block")
        + element("State", "Connected") + element("ShellRunTime", "P0DT0H0M0S")
        + element("ShellInactivity", "P0DT0H0M0S");
    return body + "</rsp:Shell>";
}

std::optional<SoapFault> mayNotOpen(const Principal& principal)
{
    if (!principal.account)
        return faults::accessDenied("The user isn't assigned to any management roles. ");
    if (!principal.account->remotePowerShell)
        return faults::accessDenied(
            "The user \"" + principal.account->upn + "\" isn't allowed to use remote Windows PowerShell. ");
    return {};
}

} // namespace

HttpAnswer PowerShellEndpoint::post(const PowerShellCall& call)
{
    HttpAnswer answer;
    Answering to;
    const auto request = readEnvelope(call.body);
    if (!request) {
        to.relatesTo = request.error().relatesTo;
        m_counters.fault(std::to_string(request.error().code));
        answer.status = 500;
        answer.body = faultEnvelope(request.error(), to);
        return answer;
    }
    if (request->identify) {
        answer.body = identifyEnvelope();
        return answer;
    }
    to.relatesTo = request->messageId;
    const Result result = dispatch(call, *request, to);
    if (result) {
        answer.body = *result;
        return answer;
    }
    m_counters.fault(std::to_string(result.error().code));
    answer.status = 500;
    answer.body = faultEnvelope(result.error(), to);
    return answer;
}

PowerShellEndpoint::Result PowerShellEndpoint::dispatch(
    const PowerShellCall& call, const SoapRequest& request, const Answering& to)
{
    if (request.maxEnvelopeSize && *request.maxEnvelopeSize > maximumEnvelope)
        return tl::unexpected(faults::envelopeTooLarge());
    const bool shellAction = request.action.starts_with(actions::shell);
    const std::string operation = request.action.substr(request.action.find_last_of('/') + 1);
    static const std::vector<std::string> known{"Command", "Receive", "Send", "Signal"};
    const bool ours = shellAction ? std::find(known.begin(), known.end(), operation) != known.end()
                                  : request.action == actions::create || request.action == actions::remove;
    if (!ours)
        return tl::unexpected(faults::actionNotSupported(request.action));
    m_counters.operation(operation);
    if (!equalsIgnoreCase(request.resourceUri, resource))
        return tl::unexpected(faults::invalidResourceUri(request.resourceUri));
    if (const auto quota = m_faults.forRequest({"loadQuota"}, "/PowerShell/", call.principal->name())) {
        m_counters.violation("loadQuota");
        return tl::unexpected(faults::loadQuota(50, 10, quota->ms));
    }
    if (request.action == actions::create)
        return create(call, request, to);
    const auto selector = request.selectors.find("ShellId");
    const std::shared_ptr<Shell> shell
        = selector == request.selectors.end() ? nullptr : m_registry.find(selector->second);
    if (!shell)
        return tl::unexpected(faults::unknownShell());
    if (shell->options().owner != call.principal->name())
        return tl::unexpected(faults::accessDenied());
    if (m_faults.forRequest({"shellLost"}, "/PowerShell/", call.principal->name())) {
        m_registry.remove(selector->second);
        return tl::unexpected(faults::unknownShell());
    }
    shell->touch();
    return onShell(shell, request, to, operation);
}

std::optional<SoapFault> PowerShellEndpoint::noMoreRunspaces(const std::string& account)
{
    const auto refused = m_faults.budgets().openRunspace(account, ThrottleBudgets::Clock::now());
    if (!refused)
        return {};
    m_counters.violation(refused->what);
    return faults::loadQuota(refused->limit, refused->seconds, refused->waitMs);
}

PowerShellEndpoint::Result PowerShellEndpoint::create(
    const PowerShellCall& call, const SoapRequest& request, const Answering& to)
{
    if (const auto refused = mayNotOpen(*call.principal))
        return tl::unexpected(*refused);
    const auto version = request.options.find("protocolversion");
    if (version == request.options.end() || !version->second.starts_with("2."))
        return tl::unexpected(faults::invalidOption(
            "The option protocolversion is missing or names a version that is not supported here."));
    if (request.bodyElement != "Shell" || request.creationXml.empty())
        return tl::unexpected(faults::invalidBody("The body must be a Shell with creationXml."));
    const auto bytes = fromBase64(request.creationXml);
    if (!bytes)
        return tl::unexpected(faults::invalidBody("creationXml is not base64."));
    const auto id = Guid::parse(request.shellId);
    if (!request.shellId.empty() && !id)
        return tl::unexpected(faults::invalidBody("The ShellId is not a GUID."));
    if (const auto refused = noMoreRunspaces(call.principal->name()))
        return tl::unexpected(*refused);
    ShellOptions options;
    options.id = id.value_or(Guid::random());
    options.owner = call.principal->name();
    options.maxEnvelope = request.maxEnvelopeSize.value_or(defaultEnvelope);
    if (!request.idleTimeOut.empty()) {
        const auto idle = durationMs(request.idleTimeOut);
        if (!idle)
            return tl::unexpected(faults::invalidBody("IdleTimeOut is not a duration."));
        options.idleTimeoutMs = std::clamp(*idle, 60000, 43200000);
    }
    const LabLanguage language{
        m_settings.culture, request.locale.empty() ? m_settings.culture : request.locale};
    std::unique_ptr<LabSession> session(new LabSession{m_estate, m_faults, *call.principal->account, language,
        m_settings.servers, serializationOf(call.query), false});
    const auto shell = std::make_shared<Shell>(options, std::move(session), m_counters);
    if (const auto failure = shell->poolData(*bytes))
        return tl::unexpected(*failure);
    if (const auto failure = m_registry.add(shell, m_faults.budgets().policy().maxConcurrency))
        return tl::unexpected(*failure);
    return answerEnvelope(actions::create, shellAnswer(*shell, call, request), to, true);
}

PowerShellEndpoint::Result PowerShellEndpoint::onShell(const std::shared_ptr<Shell>& shell,
    const SoapRequest& request, const Answering& to, std::string_view operation)
{
    if (operation == "Delete") {
        m_registry.remove(shell->options().id.upper());
        return answerEnvelope(actions::remove, {}, to);
    }
    if (operation == "Command")
        return command(*shell, request, to);
    if (operation == "Send")
        return send(*shell, request, to);
    if (operation == "Signal") {
        if (const auto failure = shell->signal(request.commandId, request.code))
            return tl::unexpected(*failure);
        return answerEnvelope(request.action, "<rsp:SignalResponse/>", to, true);
    }
    return receive(*shell, request, to);
}

PowerShellEndpoint::Result PowerShellEndpoint::command(
    Shell& shell, const SoapRequest& request, const Answering& to)
{
    if (request.bodyElement != "CommandLine" || request.arguments.empty())
        return tl::unexpected(faults::invalidBody("The body must be a CommandLine with Arguments."));
    std::string bytes;
    for (const std::string& argument : request.arguments) {
        const auto part = fromBase64(argument);
        if (!part)
            return tl::unexpected(faults::invalidBody("Arguments is not base64."));
        bytes += *part;
    }
    const auto id = shell.command(request.commandId, bytes);
    if (!id)
        return tl::unexpected(id.error());
    return answerEnvelope(request.action,
        "<rsp:CommandResponse><rsp:CommandId>" + id->upper() + "</rsp:CommandId></rsp:CommandResponse>", to,
        true);
}

PowerShellEndpoint::Result PowerShellEndpoint::send(
    Shell& shell, const SoapRequest& request, const Answering& to)
{
    if (request.bodyElement != "Send" || request.streams.empty())
        return tl::unexpected(faults::invalidBody("The body must be a Send with a Stream."));
    for (const SoapStream& stream : request.streams) {
        if (stream.name != "stdin" && stream.name != "pr")
            return tl::unexpected(
                faults::invalidStream("The stream " + stream.name + " is not one of stdin and pr."));
        const auto bytes = fromBase64(stream.base64);
        if (!bytes)
            return tl::unexpected(faults::invalidBody("A Stream is not base64."));
        const auto failure
            = stream.commandId.empty() ? shell.poolData(*bytes) : shell.commandData(stream.commandId, *bytes);
        if (failure)
            return tl::unexpected(*failure);
    }
    return answerEnvelope(request.action, "<rsp:SendResponse/>", to, true);
}

std::string PowerShellEndpoint::receiveBody(
    const OutputQueue::Taken& taken, const std::string& commandId, std::string_view account)
{
    const std::string attribute = commandId.empty() ? std::string{} : " CommandId=\"" + commandId + "\"";
    std::string body;
    size_t total = 256;
    for (const std::string& fragment : taken.fragments)
        total += fragment.size() / 3 * 4 + 120;
    body.reserve(total);
    body += "<rsp:ReceiveResponse>";
    for (const std::string& fragment : taken.fragments) {
        body += "<rsp:Stream Name=\"stdout\"" + attribute + ">";
        std::string bytes = fragment;
        if (m_faults.any() && m_faults.forRequest({"malformedFragment"}, "/PowerShell/", account))
            bytes.resize(bytes.size() / 2);
        body += base64(bytes);
        body += "</rsp:Stream>";
    }
    if (taken.done && !commandId.empty())
        body += "<rsp:CommandState" + attribute + " State=\"" + std::string(doneState)
            + "\"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState>";
    body += "</rsp:ReceiveResponse>";
    return body;
}

PowerShellEndpoint::Result PowerShellEndpoint::receive(
    Shell& shell, const SoapRequest& request, const Answering& to)
{
    if (request.bodyElement != "Receive" || request.desiredStream.find("stdout") == std::string::npos)
        return tl::unexpected(faults::invalidBody("The body must be a Receive with DesiredStream stdout."));
    std::shared_ptr<Pipeline> pipeline;
    if (!request.commandId.empty()) {
        pipeline = shell.pipeline(request.commandId);
        if (!pipeline)
            return tl::unexpected(faults::unknownCommand());
    }
    const std::string commandId = pipeline ? pipeline->commandId().upper() : std::string{};
    const size_t envelope = request.maxEnvelopeSize.value_or(defaultEnvelope);
    shell.hold();
    const OutputQueue::Taken taken = (pipeline ? pipeline->output() : shell.poolOutput())
                                         .take(envelope - headerRoom, commandId.empty() ? 50 : 100,
                                             request.operationTimeoutMs.value_or(defaultTimeoutMs));
    shell.release();
    switch (taken.outcome) {
    case OutputQueue::Outcome::TimedOut:
        return tl::unexpected(faults::timedOut());
    case OutputQueue::Outcome::Superseded:
        m_counters.violation("concurrentReceives");
        [[fallthrough]];
    case OutputQueue::Outcome::Aborted:
        return tl::unexpected(faults::operationAborted());
    case OutputQueue::Outcome::TooSmall: {
        SoapFault fault = faults::envelopeTooLarge();
        fault.code = 2150858824U;
        fault.reason = "The response that the WS-Management service computed exceeds the maximum envelope "
                       "size in the request. ";
        return tl::unexpected(fault);
    }
    case OutputQueue::Outcome::Data:
        break;
    }
    return answerEnvelope(request.action, receiveBody(taken, commandId, shell.options().owner), to);
}

} // namespace postern::lab

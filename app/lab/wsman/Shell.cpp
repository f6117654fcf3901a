#include "app/lab/wsman/Shell.h"

#include <chrono>

#include "app/lab/http/Counters.h"
#include "app/lab/psrp/ClixmlIn.h"
#include "app/lab/psrp/Records.h"
#include "app/lab/text/Text.h"
#include "app/lab/wsman/Faults.h"

namespace postern::lab {

namespace {

std::int64_t steadyMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

Shell::Failure malformed(const Error& error)
{
    return faults::invalidStream(error.detail.toStdString());
}

std::int64_t callId(const Object& object)
{
    const Value* id = object.find("CI");
    if (const auto* number = id ? std::get_if<std::int64_t>(id) : nullptr)
        return *number;
    return 0;
}

} // namespace

Shell::Shell(ShellOptions options, std::unique_ptr<LabSession> session, Counters& counters)
    : m_options(std::move(options))
    , m_session(std::move(session))
    , m_counters(counters)
    , m_poolId(m_options.id)
    , m_createdMs(steadyMs())
{
    touch();
}

Shell::~Shell()
{
    close();
    if (m_worker.joinable())
        m_worker.join();
}

void Shell::touch()
{
    m_lastUseMs.store(steadyMs());
}
bool Shell::isIdle() const
{
    return m_held.load() == 0 && steadyMs() - m_lastUseMs.load() > m_options.idleTimeoutMs;
}

int Shell::maximumFragment() const
{
    const int room = (int(m_options.maxEnvelope) - 2200) / 4 * 3;
    return std::min(32768, room);
}

std::shared_ptr<Pipeline> Shell::pipeline(std::string_view commandId)
{
    const auto id = Guid::parse(commandId);
    const std::scoped_lock lock(m_mutex);
    const auto at = id ? m_pipelines.find(*id) : m_pipelines.end();
    return at == m_pipelines.end() ? nullptr : at->second;
}

bool Shell::send(
    OutputQueue& queue, MessageType type, const Guid& pipeline, const std::string& data, bool urgent)
{
    // The server's SESSION_CAPABILITY carries a null pool id, as recorded from Windows.
    const Guid pool = type == MessageType::SessionCapability ? Guid{} : m_poolId;
    return queue.push(fragments(serverMessage(type, pool, pipeline, data), m_nextObject.fetch_add(1),
                          size_t(maximumFragment())),
        urgent);
}

Shell::Failure Shell::poolData(std::string_view bytes)
{
    const std::scoped_lock lock(m_mutex);
    const auto messages = m_poolReader.feed(bytes);
    if (!messages)
        return malformed(messages.error());
    for (const std::string& raw : *messages) {
        const auto message = parseMessage(raw);
        if (!message)
            return malformed(message.error());
        if (Failure failure = poolMessage(*message))
            return failure;
    }
    return {};
}

Shell::Failure Shell::poolMessage(const Message& message)
{
    if (message.type == MessageType::SessionCapability) {
        if (m_capability)
            return faults::invalidStream("SESSION_CAPABILITY was sent twice.");
        const auto value = readClixml(message.data);
        const auto* object = value ? std::get_if<ObjectPtr>(&*value) : nullptr;
        const Value* version = object ? (*object)->find("protocolversion") : nullptr;
        if (!version || !toText(*version).starts_with("2."))
            return faults::invalidStream("SESSION_CAPABILITY without a protocolversion that is known here.");
        m_capability = true;
        m_poolId = message.pool;
        return {};
    }
    if (!m_capability)
        return faults::invalidStream("The first message of a runspace pool must be SESSION_CAPABILITY.");
    if (message.pool != m_poolId)
        return faults::invalidStream("The message carries another runspace pool's id.");
    if (message.type == MessageType::InitRunspacePool)
        return initialise(message);
    if (!m_opened)
        return faults::invalidStream("The runspace pool is not opened.");
    return answerPool(message);
}

Shell::Failure Shell::initialise(const Message& message)
{
    if (m_opened)
        return faults::invalidStream("INIT_RUNSPACEPOOL was sent twice.");
    const auto value = readClixml(message.data);
    if (!value)
        return malformed(value.error());
    const auto* object = std::get_if<ObjectPtr>(&*value);
    const Value* minimum = object ? (*object)->find("MinRunspaces") : nullptr;
    const Value* maximum = object ? (*object)->find("MaxRunspaces") : nullptr;
    const auto* low = minimum ? std::get_if<std::int32_t>(minimum) : nullptr;
    const auto* high = maximum ? std::get_if<std::int32_t>(maximum) : nullptr;
    if (!low || !high || *low < 1 || *high < *low)
        return faults::invalidStream("INIT_RUNSPACEPOOL without a valid MinRunspaces and MaxRunspaces.");
    m_maxRunspaces = *high;
    m_opened = true;
    send(m_poolOutput, MessageType::SessionCapability, {}, records::sessionCapability(), true);
    send(m_poolOutput, MessageType::ApplicationPrivateData, {}, records::applicationPrivateData(), true);
    send(m_poolOutput, MessageType::RunspacePoolState, {}, records::runspacePoolState(2), true);
    return {};
}

Shell::Failure Shell::answerPool(const Message& message)
{
    const auto value = readClixml(message.data);
    if (!value)
        return malformed(value.error());
    const auto* object = std::get_if<ObjectPtr>(&*value);
    const auto answer = [&](const Value& response) {
        send(m_poolOutput, MessageType::RunspaceAvailability, {},
            records::availability(response, object ? callId(**object) : 0), true);
        return Failure{};
    };
    const auto number = [&](const char* name) {
        const Value* given = object ? (*object)->find(name) : nullptr;
        const auto* n = given ? std::get_if<std::int32_t>(given) : nullptr;
        return n ? *n : 0;
    };
    switch (message.type) {
    case MessageType::SetMaxRunspaces:
        if (number("MaxRunspaces") < 1)
            return answer(false);
        m_maxRunspaces = number("MaxRunspaces");
        return answer(true);
    case MessageType::SetMinRunspaces:
        return answer(number("MinRunspaces") >= 1 && number("MinRunspaces") <= m_maxRunspaces);
    case MessageType::GetAvailableRunspaces:
        return answer(std::int32_t(m_current ? m_maxRunspaces - 1 : m_maxRunspaces));
    case MessageType::ResetRunspaceState:
        return answer(true);
    case MessageType::RunspacePoolHostResponse:
        return {};
    default:
        return faults::invalidStream("A runspace pool does not take this message.");
    }
}

tl::expected<Guid, SoapFault> Shell::command(std::string_view commandId, std::string_view bytes)
{
    Guid id = Guid::random();
    if (!commandId.empty()) {
        const auto given = Guid::parse(commandId);
        if (!given)
            return tl::unexpected(faults::invalidStream("The CommandId is not a GUID."));
        id = *given;
    }
    std::shared_ptr<Pipeline> made;
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_opened)
            return tl::unexpected(faults::invalidStream("The runspace pool is not opened."));
        if (m_pipelines.contains(id))
            return tl::unexpected(faults::alreadyExists());
        if (m_pipelines.size() >= 1000)
            return tl::unexpected(faults::tooManyOperations(1000));
        made = std::make_shared<Pipeline>(id, id);
        m_pipelines[id] = made;
    }
    if (const Failure failure = commandData(id.upper(), bytes)) {
        const std::scoped_lock lock(m_mutex);
        m_pipelines.erase(id);
        return tl::unexpected(*failure);
    }
    return id;
}

Shell::Failure Shell::commandData(std::string_view commandId, std::string_view bytes)
{
    const std::shared_ptr<Pipeline> target = pipeline(commandId);
    if (!target)
        return faults::unknownCommand();
    const std::scoped_lock lock(m_mutex);
    const auto messages = target->reader().feed(bytes);
    if (!messages)
        return malformed(messages.error());
    for (const std::string& raw : *messages) {
        const auto message = parseMessage(raw);
        if (!message)
            return malformed(message.error());
        if (Failure failure = pipelineMessage(target, *message))
            return failure;
    }
    return {};
}

Shell::Failure Shell::pipelineMessage(const std::shared_ptr<Pipeline>& target, const Message& message)
{
    if (message.pool != m_poolId)
        return faults::invalidStream("The message carries another runspace pool's id.");
    const bool creates
        = message.type == MessageType::CreatePipeline || message.type == MessageType::GetCommandMetadata;
    if (creates == target->started)
        return faults::invalidStream(creates ? "CREATE_PIPELINE was sent twice."
                                             : "The first message of a command must be CREATE_PIPELINE.");
    if (creates) {
        auto request = readPipelineRequest(message);
        if (!request)
            return malformed(request.error());
        if (Failure over = overBudget(*request))
            return over;
        target->setPipelineId(message.pipeline);
        target->setRequest(std::move(*request));
        target->started = true;
        if (target->request().noInput)
            schedule(target);
        return {};
    }
    if (message.pipeline != target->pipelineId())
        return faults::invalidStream("The message carries another pipeline's id.");
    if (message.type == MessageType::PipelineInput) {
        auto value = readClixml(message.data);
        if (!value)
            return malformed(value.error());
        target->addInput(std::move(*value));
    } else if (message.type == MessageType::EndOfPipelineInput) {
        schedule(target);
    } else if (message.type == MessageType::PipelineHostResponse) {
        const auto value = readClixml(message.data);
        if (!value)
            return malformed(value.error());
        if (!target->answerHostCall(*value))
            m_counters.violation("hostResponse"); // nobody asked, or a void call was answered
    } else {
        return faults::invalidStream("A pipeline does not take this message.");
    }
    return {};
}

// A command that comes when the period's cmdlets are used up is refused before anything of it is done.
Shell::Failure Shell::overBudget(const PipelineRequest& request)
{
    std::vector<std::string> cmdlets;
    for (const Statement& statement : request.statements)
        for (const Command& command : statement)
            cmdlets.push_back(command.name);
    const auto refused
        = m_session->faults.budgets().send(m_options.owner, cmdlets, ThrottleBudgets::Clock::now());
    if (!refused)
        return {};
    m_counters.violation(refused->what);
    return faults::loadQuota(refused->limit, refused->seconds, refused->waitMs);
}

void Shell::schedule(const std::shared_ptr<Pipeline>& target)
{
    m_queue.push_back(target);
    if (!m_worker.joinable())
        m_worker = std::thread([this] { work(); });
    m_workChanged.notify_all();
}

void Shell::work()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_workChanged.wait(lock, [this] { return m_closing || !m_queue.empty(); });
        if (m_closing)
            return;
        m_current = m_queue.front();
        m_queue.pop_front();
        const std::shared_ptr<Pipeline> running = m_current;
        lock.unlock();
        if (running->claim()) {
            runPipeline(*running, *m_session, m_counters,
                [this, &running](MessageType type, const std::string& data, bool urgent) {
                    return send(running->output(), type, running->pipelineId(), data, urgent);
                });
        }
        touch();
        lock.lock();
        m_current.reset();
    }
}

// Stopped before its turn came: its end is told at once.
void Shell::endUnrun(Pipeline& target)
{
    if (!target.claim())
        return;
    const ErrorRecord record = pipelineStopped();
    send(target.output(), MessageType::PipelineState, target.pipelineId(), records::pipelineState(3, &record),
        true);
    target.output().finish();
}

Shell::Failure Shell::signal(std::string_view commandId, std::string_view code)
{
    const std::shared_ptr<Pipeline> target = pipeline(commandId);
    if (!target)
        return faults::unknownCommand();
    if (equalsIgnoreCase(code, "powershell/signal/ctrl_c")
        || equalsIgnoreCase(code, "powershell/signal/crtl_c")) {
        target->stop();
        endUnrun(*target);
        return {};
    }
    if (code.ends_with("/signal/terminate") || code.ends_with("/signal/Terminate")) {
        target->abort();
        target->claim();
        const std::scoped_lock lock(m_mutex);
        m_pipelines.erase(target->commandId());
        return {};
    }
    return faults::invalidStream("The signal code is not known.");
}

void Shell::close()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_closing = true;
        for (auto& [id, open] : m_pipelines)
            open->abort();
        if (m_current)
            m_current->abort();
    }
    m_poolOutput.abort();
    m_workChanged.notify_all();
}

} // namespace postern::lab

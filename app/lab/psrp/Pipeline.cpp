#include "app/lab/psrp/Pipeline.h"

#include <thread>

#include "app/lab/cmdlets/GetCommand.h"
#include "app/lab/cmdlets/TextValues.h"
#include "app/lab/http/Counters.h"
#include "app/lab/psrp/Records.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

void Pipeline::expectHost(std::int64_t callId)
{
    const std::scoped_lock lock(m_hostMutex);
    m_hostCall = callId;
    m_hostResponse.reset();
}

bool Pipeline::answerHostCall(const Value& response)
{
    const auto* object = std::get_if<ObjectPtr>(&response);
    const Value* id = object && *object ? (*object)->find("ci") : nullptr;
    const auto* number = id ? std::get_if<std::int64_t>(id) : nullptr;
    const std::scoped_lock lock(m_hostMutex);
    if (!number || m_hostCall != *number)
        return false;
    m_hostResponse = response;
    m_hostCall.reset();
    m_hostAnswered.notify_all();
    return true;
}

std::optional<Value> Pipeline::waitForHost(std::int64_t callId)
{
    std::unique_lock lock(m_hostMutex);
    // A stop sets its flag without this mutex: looked at now and then.
    while (!m_hostResponse && !isStopped() && m_hostCall == callId)
        m_hostAnswered.wait_for(lock, std::chrono::milliseconds(100));
    return std::exchange(m_hostResponse, std::nullopt);
}

namespace {

enum State { Stopped = 3, Completed = 4, Failed = 5 };

std::string preference(const Arguments& arguments, const char* name)
{
    const auto at = arguments.find(name);
    if (at == arguments.end())
        return "Continue";
    const std::string text = toText(at->second);
    return text == "0" ? "SilentlyContinue" : text == "1" ? "Stop" : text == "4" ? "Ignore" : text;
}

class Runner
{
public:
    Runner(Pipeline& pipeline, LabSession& session, Counters& counters, const Pipeline::Sender& send)
        : m_pipeline(pipeline)
        , m_session(session)
        , m_counters(counters)
        , m_send(send)
    {
    }
    void run();

    // Where the output of command `at` goes: the client, or the next command of the pipe.
    class Sink : public CmdletSink
    {
    public:
        Sink(Runner& runner, const Statement& statement, size_t at, const Arguments& arguments)
            : m_runner(runner)
            , m_statement(statement)
            , m_at(at)
            , m_errors(preference(arguments, "ErrorAction"))
            , m_warnings(preference(arguments, "WarningAction"))
            , m_verbose(arguments.contains("Verbose"))
        {
        }
        void output(const ObjectPtr& object) override
        {
            if (m_failure)
                return;
            if (m_at + 1 < m_statement.size()) {
                const Value value = object;
                m_failure = m_runner.command(m_statement, m_at + 1, &value);
            } else {
                m_runner.write(object, m_statement[m_at].name);
            }
        }
        void error(const ErrorRecord& record) override
        {
            if (equalsIgnoreCase(m_errors, "Stop"))
                m_failure = record;
            else if (equalsIgnoreCase(m_errors, "Continue") || equalsIgnoreCase(m_errors, "Inquire"))
                m_runner.m_send(MessageType::ErrorRecord, records::errorRecord(record), false);
        }
        void warning(const std::string& text) override
        {
            if (!equalsIgnoreCase(m_warnings, "SilentlyContinue") && !equalsIgnoreCase(m_warnings, "Ignore"))
                m_runner.m_send(
                    MessageType::WarningRecord, records::informational("WarningRecord", text), false);
        }
        void verbose(const std::string& text) override
        {
            if (m_verbose)
                m_runner.m_send(
                    MessageType::VerboseRecord, records::informational("VerboseRecord", text), false);
        }
        void progress(const Progress& progress) override
        {
            m_runner.m_send(MessageType::ProgressRecord, records::progress(progress), false);
        }
        [[nodiscard]] bool stopped() const override
        {
            return m_runner.m_pipeline.isStopped() || m_failure.has_value();
        }
        [[nodiscard]] const Ended& failure() const { return m_failure; }

    private:
        Runner& m_runner;
        const Statement& m_statement;
        size_t m_at;
        std::string m_errors, m_warnings;
        bool m_verbose;
        Ended m_failure;
    };

private:
    Ended statement(const Statement& statement);
    Ended command(const Statement& statement, size_t at, const Value* fromPipeline);
    Ended call(const CmdletSpec& spec, Arguments arguments, Sink& sink);
    void write(const ObjectPtr& object, const std::string& cmdlet);
    void slowDown(int ms, Sink& sink);
    void metadata();
    [[nodiscard]] static bool mustConfirm(const CmdletSpec& spec, const Arguments& arguments);
    [[nodiscard]] tl::expected<bool, ErrorRecord> confirm(const std::string& action);

    std::int64_t m_hostCalls = 0;
    Pipeline& m_pipeline;
    LabSession& m_session;
    Counters& m_counters;
    const Pipeline::Sender& m_send;
};

Ended Runner::command(const Statement& statement, size_t at, const Value* fromPipeline)
{
    Command given = statement[at];
    if (given.isScript) {
        const auto plain = plainCommand(given.name);
        if (!plain)
            return scriptsNotAllowed(given.name);
        given = *plain;
    }
    const CmdletSpec* spec = findCmdlet(given.name);
    if (!spec || !m_session.account.sees(spec->name)
        || m_session.faults.forCmdlet("missingCmdlet", spec->name, m_session.account.user))
        return commandNotFound(given.name);
    auto bound = bindArguments(*spec, m_session.account, given.arguments, fromPipeline);
    if (!bound)
        return bound.error();
    Sink sink(*this, statement, at, *bound);
    if (const auto ended = call(*spec, std::move(*bound), sink))
        return ended;
    return sink.failure();
}

Ended Runner::call(const CmdletSpec& spec, Arguments arguments, Sink& sink)
{
    m_counters.command(spec.name);
    m_session.faults.noteCmdlet(spec.name);
    const std::string& who = m_session.account.user;
    if (m_session.faults.forCmdlet("denied", spec.name, who))
        return exchangeError(spec.name, "ManagementAccessDeniedException",
            "You don't have sufficient permissions. This operation can only be performed by a manager of the "
            "organization.",
            PermissionDenied);
    if (const int ms = m_session.faults.budgets().begin(who, ThrottleBudgets::Clock::now()))
        slowDown(ms, sink);
    if (const auto delay = m_session.faults.forCmdlet("microDelay", spec.name, who))
        slowDown(delay->ms, sink);
    if (m_session.faults.forCmdlet("hostWrite", spec.name, who))
        m_send(MessageType::PipelineHostCall,
            records::hostCall(-100, "WriteLine2", 16, {std::string("A line nobody asked for.")}), false);
    const bool unasked = m_session.faults.forCmdlet("hostCall", spec.name, who).has_value();
    if (unasked || mustConfirm(spec, arguments)) {
        if (m_pipeline.request().hostNull && !unasked)
            return promptImpossible(spec.name);
        const auto confirmed = confirm(spec.name);
        if (!confirmed)
            return confirmed.error();
        if (!*confirmed)
            return std::nullopt;
    }
    CmdletCall call(m_session, spec, std::move(arguments), sink);
    sink.verbose("Executing " + spec.name + ".");
    return spec.body(call);
}

void Runner::write(const ObjectPtr& object, const std::string& cmdlet)
{
    const bool texts = m_session.faults.forCmdlet("textValues", cmdlet, m_session.account.user).has_value();
    const ObjectPtr sent = texts ? deserialised(*object, m_session.language.server) : object;
    if (m_send(MessageType::PipelineOutput, clixml(sent, m_session.serialization), false))
        m_counters.sentObject();
}

// In Exchange's words (CON-46); until then the cmdlet does nothing.
void Runner::slowDown(int ms, Sink& sink)
{
    const std::string text = std::to_string(ms);
    m_counters.fault("microDelay");
    sink.warning("Micro delay applied. Actual delayed: " + text + " msecs, Enforced: True, Capped delay: "
        + text + " msecs, Required: False, Additional info: .; PolicyDN: ; Snapshot: Owner: Sid~"
        + m_session.account.user + "~PowerShell~false.");
    for (int waited = 0; waited < ms && !sink.stopped(); waited += 10)
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min(10, ms - waited)));
}

bool Runner::mustConfirm(const CmdletSpec& spec, const Arguments& arguments)
{
    const auto flag = [&](const char* name) -> std::optional<bool> {
        const auto at = arguments.find(name);
        const bool* set = at == arguments.end() ? nullptr : std::get_if<bool>(&at->second);
        return set ? std::optional<bool>(*set) : std::nullopt;
    };
    if (flag("WhatIf").value_or(false))
        return false;
    if (flag("Confirm"))
        return *flag("Confirm");
    return spec.confirms && !flag("Force").value_or(false);
}

tl::expected<bool, ErrorRecord> Runner::confirm(const std::string& action)
{
    const std::int64_t callId = ++m_hostCalls;
    m_pipeline.expectHost(callId);
    m_send(MessageType::PipelineHostCall,
        records::hostCall(callId, "PromptForChoice", 26, records::confirmation(action)), false);
    const auto response = m_pipeline.waitForHost(callId);
    if (!response)
        return false; // stopped
    const ObjectPtr& object = std::get<ObjectPtr>(*response);
    const Value* result = object->find("mr");
    const auto* choice = result ? std::get_if<std::int32_t>(result) : nullptr;
    if (choice)
        return *choice == 0 || *choice == 1;
    ErrorRecord record = promptImpossible(action);
    if (const Value* refusal = object->find("me"))
        record.message = toText(*refusal);
    return tl::unexpected(record);
}

Ended Runner::statement(const Statement& statement)
{
    if (m_pipeline.request().noInput)
        return command(statement, 0, nullptr);
    for (const Value& value : m_pipeline.input()) {
        if (m_pipeline.isStopped())
            break;
        if (auto ended = command(statement, 0, &value))
            return ended;
    }
    return std::nullopt;
}

void Runner::metadata()
{
    for (const ObjectPtr& object :
        commandMetadata(m_session.account, m_session.faults, m_pipeline.request().metadataNames)) {
        if (!m_send(MessageType::PipelineOutput, clixml(object), false))
            break;
    }
}

void Runner::run()
{
    const Counters::Running running(m_counters);
    Ended ended;
    if (m_pipeline.request().metadata) {
        metadata();
    } else {
        for (const Statement& s : m_pipeline.request().statements) {
            if (m_pipeline.isStopped())
                break;
            ended = statement(s);
            if (ended)
                break;
        }
    }
    if (m_pipeline.isStopped()) {
        const ErrorRecord record = pipelineStopped();
        m_send(MessageType::PipelineState, records::pipelineState(Stopped, &record), true);
    } else if (ended) {
        m_send(MessageType::PipelineState, records::pipelineState(Failed, &*ended), true);
    } else {
        m_send(MessageType::PipelineState, records::pipelineState(Completed), true);
    }
    m_pipeline.output().finish();
}

} // namespace

void runPipeline(Pipeline& pipeline, LabSession& session, Counters& counters, const Pipeline::Sender& send)
{
    Runner(pipeline, session, counters, send).run();
}

} // namespace postern::lab

#include "app/lab/psrp/Pipeline.h"

#include <thread>

#include "app/lab/cmdlets/GetCommand.h"
#include "app/lab/http/Counters.h"
#include "app/lab/psrp/Records.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

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
            } else if (m_runner.m_send(MessageType::PipelineOutput,
                           clixml(object, m_runner.m_session.serialization), false))
                m_runner.m_counters.sentObject();
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
    void metadata();

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
    const std::string& who = m_session.account.user;
    if (m_session.faults.forCmdlet("denied", spec.name, who))
        return exchangeError(spec.name, "ManagementAccessDeniedException",
            "You don't have sufficient permissions. This operation can only be performed by a manager of the "
            "organization.",
            PermissionDenied);
    if (const auto delay = m_session.faults.forCmdlet("microDelay", spec.name, who)) {
        const std::string ms = std::to_string(delay->ms);
        sink.warning("Micro delay applied. Actual delayed: " + ms + " msecs, Enforced: True, Capped delay: "
            + ms + " msecs, Required: False, Additional info: .; PolicyDN: ; Snapshot: Owner: Sid~CONTOSO\\"
            + who + "~PowerShell~false.");
        for (int waited = 0; waited < delay->ms && !sink.stopped(); waited += 10)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    const auto asked = arguments.find("Confirm");
    const auto forced = arguments.find("Force");
    const bool silenced = (asked != arguments.end() && std::holds_alternative<bool>(asked->second)
                              && !std::get<bool>(asked->second))
        || (forced != arguments.end() && std::holds_alternative<bool>(forced->second)
            && std::get<bool>(forced->second));
    const bool insists = asked != arguments.end() && std::holds_alternative<bool>(asked->second)
        && std::get<bool>(asked->second);
    const auto whatIf = arguments.find("WhatIf");
    const bool tryOut = whatIf != arguments.end() && std::get<bool>(whatIf->second);
    if (!tryOut && ((spec.confirms && !silenced) || insists))
        return promptImpossible(spec.name);
    CmdletCall call(m_session, spec, std::move(arguments), sink);
    sink.verbose("Executing " + spec.name + ".");
    return spec.body(call);
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

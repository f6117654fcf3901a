// One WSMan shell with its PSRP runspace pool: handshake, pool messages, and the worker that runs pipelines
// one after the other (Exchange's end point has one runspace a shell). Any thread; the worker is the shell's
// own.
#pragma once

#include <map>
#include <thread>

#include "app/lab/psrp/Pipeline.h"
#include "app/lab/wsman/Envelope.h"

namespace postern::lab {

struct ShellOptions
{
    Guid id;
    std::string owner; // account
    std::uint32_t maxEnvelope = 153600;
    int idleTimeoutMs = 900000;
};

class Shell
{
public:
    Shell(ShellOptions options, std::unique_ptr<LabSession> session, Counters& counters);
    ~Shell();
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    using Failure = std::optional<SoapFault>;
    [[nodiscard]] const ShellOptions& options() const { return m_options; }
    [[nodiscard]] OutputQueue& poolOutput() { return m_poolOutput; }
    [[nodiscard]] std::shared_ptr<Pipeline> pipeline(std::string_view commandId);

    [[nodiscard]] Failure poolData(std::string_view bytes); // creationXml, Send without CommandId
    [[nodiscard]] tl::expected<Guid, SoapFault> command(std::string_view commandId, std::string_view bytes);
    [[nodiscard]] Failure commandData(std::string_view commandId, std::string_view bytes);
    [[nodiscard]] Failure signal(std::string_view commandId, std::string_view code);
    void close(); // Delete: everything pending ends

    void touch();
    void hold() { m_held.fetch_add(1); } // a Receive is open: not idle
    void release()
    {
        m_held.fetch_sub(1);
        touch();
    }
    [[nodiscard]] bool isIdle() const;
    [[nodiscard]] int maximumFragment() const;
    [[nodiscard]] std::int64_t createdMs() const { return m_createdMs; }

private:
    Failure poolMessage(const Message& message);
    Failure initialise(const Message& message);
    Failure answerPool(const Message& message);
    Failure pipelineMessage(const std::shared_ptr<Pipeline>& pipeline, const Message& message);
    [[nodiscard]] Failure overBudget(const PipelineRequest& request);
    void schedule(const std::shared_ptr<Pipeline>& pipeline);
    void endUnrun(Pipeline& pipeline);
    void work();
    bool send(
        OutputQueue& queue, MessageType type, const Guid& pipeline, const std::string& data, bool urgent);

    ShellOptions m_options;
    std::unique_ptr<LabSession> m_session;
    Counters& m_counters;
    Guid m_poolId;
    bool m_capability = false, m_opened = false;
    OutputQueue m_poolOutput;
    FragmentReader m_poolReader;
    std::atomic<std::uint64_t> m_nextObject{1};
    std::int32_t m_maxRunspaces = 1;

    std::mutex m_mutex; // readers, commands, work list
    std::condition_variable m_workChanged;
    std::map<Guid, std::shared_ptr<Pipeline>> m_pipelines;
    std::deque<std::shared_ptr<Pipeline>> m_queue;
    std::shared_ptr<Pipeline> m_current;
    bool m_closing = false;
    std::thread m_worker;
    std::atomic<std::int64_t> m_lastUseMs{0};
    std::atomic<int> m_held{0};
    std::int64_t m_createdMs = 0;
};

} // namespace postern::lab

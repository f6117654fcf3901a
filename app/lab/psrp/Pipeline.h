// One command of a shell: bound, run by the shell's worker, its records pushed as fragments. Lives until the
// client signals terminate. Any thread; run() only on the worker.
#pragma once

#include <atomic>
#include <functional>

#include "app/lab/psrp/Fragments.h"
#include "app/lab/psrp/OutputQueue.h"
#include "app/lab/psrp/PipelineRequest.h"

namespace postern::lab {

class Counters;

class Pipeline
{
public:
    using Sender = std::function<bool(MessageType, const std::string& data, bool urgent)>;

    Pipeline(Guid commandId, Guid pipelineId)
        : m_commandId(commandId)
        , m_pipelineId(pipelineId)
    {
    }
    [[nodiscard]] const Guid& commandId() const { return m_commandId; }
    [[nodiscard]] const Guid& pipelineId() const { return m_pipelineId; }
    void setPipelineId(Guid id) { m_pipelineId = id; }
    [[nodiscard]] OutputQueue& output() { return m_output; }
    [[nodiscard]] FragmentReader& reader() { return m_reader; }

    void setRequest(PipelineRequest request) { m_request = std::move(request); }
    [[nodiscard]] const PipelineRequest& request() const { return m_request; }
    void addInput(Value value) { m_input.push_back(std::move(value)); }
    [[nodiscard]] const std::vector<Value>& input() const { return m_input; }

    // PIPELINE_HOST_RESPONSE arrived; false: no call of this number waits.
    bool answerHostCall(const Value& response);
    // Waits for the answer to a call that was sent; nullopt: the pipeline was stopped meanwhile.
    [[nodiscard]] std::optional<Value> waitForHost(std::int64_t callId);
    void expectHost(std::int64_t callId);

    void stop()
    {
        m_stopped.store(true);
        m_output.drop();
        m_hostAnswered.notify_all();
    }
    [[nodiscard]] bool isStopped() const { return m_stopped.load(); }
    void abort()
    {
        m_stopped.store(true);
        m_output.abort();
        m_hostAnswered.notify_all();
    }
    bool claim() { return !m_claimed.exchange(true); } // the worker, or whoever ends it before it ran
    bool started = false; // CREATE_PIPELINE has arrived; under the shell's lock

private:
    Guid m_commandId, m_pipelineId;
    OutputQueue m_output;
    FragmentReader m_reader;
    PipelineRequest m_request;
    std::vector<Value> m_input;
    std::atomic<bool> m_stopped{false}, m_claimed{false};
    std::mutex m_hostMutex;
    std::condition_variable m_hostAnswered;
    std::optional<std::int64_t> m_hostCall;
    std::optional<Value> m_hostResponse;
};

// Runs all statements of the pipeline and sends its final state.
void runPipeline(Pipeline& pipeline, LabSession& session, Counters& counters, const Pipeline::Sender& send);

} // namespace postern::lab

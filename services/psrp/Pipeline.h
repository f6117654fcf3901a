// One command running in a RunspacePool, pulled chunk by chunk so that memory does not grow with its output.
// While the caller works on a chunk the next Receive is already under way (one ahead, no more). Pool's thread
// only; the pool must not be closed before the last chunk has been taken or the pipeline was destroyed.
// exchange-protocols b.6 to b.8.
#pragma once

#include <QByteArrayView>
#include <QCoroTask>
#include <memory>
#include <stop_token>
#include <vector>

#include "models/base/Error.h"
#include "services/psrp/ErrorRecord.h"
#include "services/psrp/PsCommand.h"
#include "services/psrp/clixml/Value.h"

namespace postern::psrp {

// [MS-PSRP] 2.2.3.5. The numbers are the wire's.
enum class PipelineState {
    NotStarted = 0,
    Running = 1,
    Stopping = 2,
    Stopped = 3,
    Completed = 4,
    Failed = 5,
    Disconnected = 6
};

class PipelineCore;
struct ChunkStorage;

// What one Receive brought.
struct PipelineChunk
{
    // CLIXML of each PIPELINE_OUTPUT, without byte order mark, for clixml::Reader or PropertyBag; a view may
    // be empty
    // ($null). The views live as long as this chunk or a copy of it.
    std::vector<QByteArrayView> output;
    std::vector<ErrorRecord> errors;
    QStringList warnings;
    std::vector<ProgressUpdate> progress;
    // Completed in the last chunk, else Running. Failed and Stopped arrive as errors of next().
    PipelineState state = PipelineState::Running;

    [[nodiscard]] bool last() const { return state == PipelineState::Completed; }

    std::shared_ptr<const ChunkStorage> storage;
};

struct PipelineResult
{
    std::vector<clixml::Value> output;
    std::vector<ErrorRecord>
        errors; // not terminating: the command went on. Success is Completed and none of these.
    QStringList warnings;
};

class Pipeline
{
public:
    // Use RunspacePool::pipeline().
    explicit Pipeline(std::shared_ptr<PipelineCore> core);
    // An unfinished command is stopped and released on the server in the background, before the pool's
    // Delete.
    ~Pipeline();
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    // The first call starts the command. After a chunk that is last(), or an error, do not call again.
    // Stop: ctrl_c is signalled, the command's end awaited (stopPatience at most), then Cancelled is
    // returned. Errors: the terminating error record as toError(), Cancelled, SessionLost, Malformed,
    // Incomplete (the stream ended without a state, or output may be missing after a broken connection), and
    // those of wsman::Client.
    QCoro::Task<Expected<PipelineChunk>> next(std::stop_token token);
    // The connection is gone, or nobody cares any more: next() in flight returns Cancelled at once, nothing
    // more is sent.
    void abandon();

    [[nodiscard]] PipelineState state() const;
    // Of the terminating error, for those who want more than the Error says.
    [[nodiscard]] const std::optional<ErrorRecord>& failure() const;
    [[nodiscard]] QUuid id() const;

    static constexpr std::chrono::seconds stopPatience{30};

private:
    std::shared_ptr<PipelineCore> m_core;
};

} // namespace postern::psrp

// From a Receive answer to what it says: streams -> fragments -> messages -> chunk. The pure part of
// Pipeline: no network, no coroutine. One a pipeline, on its thread. Errors: Malformed, LimitExceeded (from
// base64, fragments, messages, CLIXML), Unsupported (key exchange). exchange-protocols b.2, b.7, b.8.
#pragma once

#include <QUuid>
#include <array>
#include <memory>
#include <set>
#include <vector>

#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"
#include "services/psrp/Pipeline.h"
#include "services/wsman/Answer.h"

namespace postern::psrp {

// The object ids that a pool's server used, to find out whether one is missing after a connection broke.
class ObjectLedger
{
public:
    void saw(quint64 objectId);
    // All objects that end in these fragments; fragments that are cut or broken are the stream's to report.
    void note(QByteArrayView fragments);
    [[nodiscard]] bool hasGap() const { return !m_ahead.empty(); }

private:
    quint64 m_contiguous = 0; // all ids up to this one were seen
    std::set<quint64> m_ahead;
};

// What the views of a chunk point into.
struct ChunkStorage
{
    QByteArray decoded; // the fragments of one answer
    std::vector<QByteArray> assembled; // messages that came in more than one fragment
};

struct HostCall
{
    qint64 id = 0;
    clixml::Value method;
};

struct PipelineNews
{
    PipelineChunk chunk; // its state stays Running
    std::vector<HostCall> hostCalls; // that want an answer
    std::optional<PipelineState> end; // Stopped, Completed, Failed
    std::optional<ErrorRecord> failure;
    bool commandDone = false;
};

class PipelineDecoder
{
public:
    PipelineDecoder(QUuid poolId, QUuid pipelineId, std::shared_ptr<ObjectLedger> ledger);

    [[nodiscard]] Expected<PipelineNews> decode(const wsman::Answer& answer);
    // Incomplete when an unfinished message is left.
    [[nodiscard]] Expected<void> finish() const { return m_stream.finish(); }

private:
    [[nodiscard]] std::shared_ptr<ChunkStorage> freshStorage();
    [[nodiscard]] Expected<void> decodeStreams(const wsman::Answer& answer, QByteArray& out) const;
    [[nodiscard]] Expected<void> take(QByteArrayView bytes, ChunkStorage& storage, PipelineNews& news);
    [[nodiscard]] Expected<void> takeMessage(const MessageView& message, PipelineNews& news);
    [[nodiscard]] Expected<void> takeRecord(const MessageView& message, PipelineNews& news);
    [[nodiscard]] Expected<void> takeState(const clixml::Value& value, PipelineNews& news);
    void takeHostCall(const clixml::Value& value, PipelineNews& news);

    QUuid m_poolId, m_pipelineId;
    std::shared_ptr<ObjectLedger> m_ledger;
    Defragmenter m_stream;
    // Reused when the caller has let go of a chunk: touching fresh memory costs more than decoding into it.
    std::array<std::shared_ptr<ChunkStorage>, 3> m_storages;
};

} // namespace postern::psrp

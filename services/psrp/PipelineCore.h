// The working part of a Pipeline, kept alive by the coroutines that run for it. Pool's thread only. Not for
// use outside of this folder.
#pragma once

#include <memory>
#include <optional>

#include "services/psrp/PipelineDecoder.h"
#include "services/wsman/Shell.h"

namespace postern::psrp {

class PoolCore;

class PipelineCore : public std::enable_shared_from_this<PipelineCore>
{
public:
    PipelineCore(std::shared_ptr<PoolCore> pool, PsCommand command);

    // `self` keeps the object until the coroutine ends.
    static QCoro::Task<Expected<PipelineChunk>> next(
        std::shared_ptr<PipelineCore> self, std::stop_token token);
    void abandon();
    // The Pipeline was destroyed: what still runs on the server is stopped and released in the background.
    void orphan();

    [[nodiscard]] PipelineState state() const { return m_state; }
    [[nodiscard]] const std::optional<ErrorRecord>& failure() const { return m_failure; }
    [[nodiscard]] const QUuid& id() const { return m_id; }

private:
    using Received = wsman::Shell::Received;

    QCoro::Task<Expected<void>> start(std::stop_token token);
    QCoro::Task<Expected<void>> sendCommand(std::stop_token token);
    QCoro::Task<Expected<PipelineChunk>> pull(std::stop_token token);
    static QCoro::Task<Expected<void>> stopOnServer(std::shared_ptr<PipelineCore> self);
    static QCoro::Task<Expected<void>> losePatience(std::shared_ptr<PipelineCore> self);
    static QCoro::Task<Expected<void>> drain(std::shared_ptr<PipelineCore> self);
    static QCoro::Task<Expected<void>> release(std::shared_ptr<PoolCore> pool, QByteArray commandId);
    static QCoro::Task<Expected<void>> letGo(
        std::shared_ptr<PipelineCore> self, QCoro::Task<Expected<Received>> ahead);
    static QCoro::Task<Expected<void>> refuse(std::shared_ptr<PipelineCore> self, QByteArray payload);

    void readAhead();
    void beginStop();
    [[nodiscard]] Expected<PipelineNews> take(const Received& received);
    void answerHostCalls(const std::vector<HostCall>& calls);
    [[nodiscard]] std::optional<Expected<PipelineChunk>> settle(PipelineNews& news, bool stopped);
    [[nodiscard]] std::optional<Error> verdict(const PipelineNews& news);
    void finish(bool tellServer);
    [[nodiscard]] Error cancelled() const;
    [[nodiscard]] Error ended(Error error);

    std::shared_ptr<PoolCore> m_pool;
    PsCommand m_command;
    QUuid m_id;
    QByteArray m_commandId; // as the server calls it; empty before the command was sent
    PipelineDecoder m_decoder;
    PipelineState m_state = PipelineState::NotStarted;
    std::optional<ErrorRecord> m_failure;
    std::optional<QCoro::Task<Expected<Received>>> m_ahead; // the Receive under way
    std::optional<Error> m_pending; // the end was bad, but the chunk before it goes out first
    std::stop_source m_abandon; // ends the Receives
    std::stop_source m_ended; // ends what only makes sense while the command runs
    bool m_holdsSlot = false;
    bool m_started = false;
    bool m_finished = false;
    bool m_stopping = false;
    bool m_pulling = false;
    bool m_lineBroke = false;
};

} // namespace postern::psrp

#include "services/psrp/PipelineCore.h"

#include <QTimer>

#include "services/core/Await.h"
#include "services/core/Logging.h"
#include "services/psrp/HostInfo.h"
#include "services/psrp/PoolCore.h"
#include "services/psrp/clixml/Writer.h"

namespace postern::psrp {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kSignalDeadline{10};

// A signal that never holds up closing for longer than the deadline.
QCoro::Task<Expected<void>> signalWithin(
    std::shared_ptr<PoolCore> pool, QByteArray commandId, QByteArray code)
{
    std::stop_source late;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, [&late] { late.request_stop(); });
    timer.start(kSignalDeadline);
    Expected<void> signalled
        = co_await pool->shell.signal(std::move(commandId), std::move(code), late.get_token());
    // The command may have ended meanwhile, or the shell: then there is nothing to signal.
    if (!signalled
        && (signalled.error().code == ErrorCode::SessionLost
            || signalled.error().code == ErrorCode::Cancelled))
        co_return Expected<void>();
    co_return signalled;
}

bool mayHaveRun(ErrorCode code)
{
    return code == ErrorCode::Cancelled || code == ErrorCode::Timeout || code == ErrorCode::ConnectionLost;
}

} // namespace

PipelineCore::PipelineCore(std::shared_ptr<PoolCore> pool, PsCommand command)
    : m_pool(std::move(pool))
    , m_command(std::move(command))
    , m_id(m_pool->options.newId())
    , m_decoder(m_pool->id, m_id, m_pool->ledger)
{
}

Error PipelineCore::cancelled() const
{
    return Error{ErrorCode::Cancelled, {}, m_pool->origin(m_command.summary()), std::nullopt};
}

// Every error leaves with what was run where.
Error PipelineCore::ended(Error error)
{
    error.origin = m_pool->origin(m_command.summary());
    m_pool->note(error);
    if (m_stopping)
        return cancelled();
    return error;
}

QCoro::Task<Expected<PipelineChunk>> PipelineCore::next(
    std::shared_ptr<PipelineCore> self, std::stop_token token)
{
    if (self->m_pending) {
        Error error = *std::exchange(self->m_pending, std::nullopt);
        co_return fail(std::move(error));
    }
    if (self->m_finished || self->m_pulling)
        co_return fail(ErrorCode::Internal, u"the pipeline has ended, or is being read already"_s,
            self->m_pool->origin(self->m_command.summary()));
    self->m_pulling = true;
    if (!self->m_started) {
        const Expected<void> started = co_await self->start(token);
        if (!started) {
            self->m_pulling = false;
            self->finish(mayHaveRun(started.error().code));
            co_return fail(self->ended(started.error()));
        }
    }
    Expected<PipelineChunk> chunk = co_await self->pull(token);
    self->m_pulling = false;
    co_return chunk;
}

QCoro::Task<Expected<void>> PipelineCore::start(std::stop_token token)
{
    m_started = true;
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {});
    if (!m_pool->isUsable())
        co_return fail(ErrorCode::SessionLost, u"the session is not open"_s);
    if (m_command.isEmpty())
        co_return fail(ErrorCode::InvalidInput, u"there is no command"_s);
    m_holdsSlot = co_await m_pool->places.acquire(token);
    if (!m_holdsSlot)
        co_return fail(ErrorCode::Cancelled, {});
    if (!m_pool->isUsable())
        co_return fail(ErrorCode::SessionLost, u"the session was closed"_s);
    m_state = PipelineState::Running;
    Expected<void> sent = co_await sendCommand(std::move(token));
    if (sent && !m_finished)
        readAhead();
    co_return sent;
}

QCoro::Task<Expected<void>> PipelineCore::sendCommand(std::stop_token token)
{
    const clixml::Value create = createPipelineMessage(m_command, m_pool->protocolMinor);
    const QByteArray message = m_pool->message(MessageType::CreatePipeline, m_id, create);
    QList<QByteArray> payloads = m_pool->payloads(message);
    const QByteArray first = payloads.takeFirst();
    m_commandId = wsman::upperGuid(m_id);
    const Expected<QByteArray> accepted = co_await m_pool->shell.command(m_commandId, first, token);
    if (!accepted)
        co_return fail(accepted.error());
    m_commandId = *accepted;
    for (const QByteArray& payload : payloads) {
        Expected<void> sent = co_await m_pool->shell.send(m_commandId, "stdin", payload, token);
        if (!sent)
            co_return sent;
    }
    co_return Expected<void>();
}

void PipelineCore::readAhead()
{
    m_ahead.emplace(m_pool->shell.receive(m_commandId, m_abandon.get_token()));
}

// One chunk: what the Receive under way brings. After a stop, what comes is thrown away until the command has
// ended.
QCoro::Task<Expected<PipelineChunk>> PipelineCore::pull(std::stop_token token)
{
    std::stop_callback onStop(token, [self = shared_from_this()] {
        QMetaObject::invokeMethod(
            &self->m_pool->scope, [self] { self->beginStop(); }, Qt::QueuedConnection);
    });
    for (;;) {
        if (m_finished || !m_ahead)
            co_return fail(cancelled());
        auto ahead = std::move(*m_ahead);
        m_ahead.reset();
        const Expected<Received> received = co_await std::move(ahead);
        if (m_finished)
            co_return fail(cancelled());
        Expected<PipelineNews> news = received ? take(*received) : fail(received.error());
        if (!news) {
            const bool gone = news.error().code == ErrorCode::SessionLost;
            const Error error = ended(news.error());
            finish(!gone);
            co_return fail(error);
        }
        if (std::optional<Expected<PipelineChunk>> settled = settle(*news, token.stop_requested()))
            co_return std::move(*settled);
    }
}

// What the caller of next() gets for these news; nullopt: nothing yet, go on receiving.
std::optional<Expected<PipelineChunk>> PipelineCore::settle(PipelineNews& news, bool stopped)
{
    const bool over = news.end || news.commandDone;
    if (!over)
        readAhead(); // before the caller works on this chunk
    answerHostCalls(news.hostCalls);
    const std::optional<Error> bad = over ? verdict(news) : std::nullopt;
    if (over)
        finish(true);
    if (stopped || m_stopping)
        return over ? std::optional<Expected<PipelineChunk>>(fail(cancelled())) : std::nullopt;
    PipelineChunk& chunk = news.chunk;
    const bool empty
        = chunk.output.empty() && chunk.errors.empty() && chunk.warnings.isEmpty() && chunk.progress.empty();
    if (bad && empty)
        return fail(*bad);
    m_pending = bad;
    if (over && !bad)
        chunk.state = PipelineState::Completed;
    if (!over && empty)
        return std::nullopt;
    return std::move(chunk);
}

Expected<PipelineNews> PipelineCore::take(const Received& received)
{
    m_lineBroke |= received.resent > 0;
    return m_decoder.decode(received.answer);
}

// How the command ended; nullopt: well.
std::optional<Error> PipelineCore::verdict(const PipelineNews& news)
{
    const QString origin = m_pool->origin(m_command.summary());
    m_failure = news.failure;
    if (!news.end) {
        m_state = PipelineState::Failed;
        return Error{ErrorCode::Incomplete, u"the command is done, but its state was never sent"_s, origin,
            std::nullopt};
    }
    m_state = *news.end;
    if (m_state == PipelineState::Stopped)
        return m_stopping
            ? cancelled()
            : Error{ErrorCode::SessionLost,
                m_failure ? m_failure->message : u"the server stopped the command"_s, origin, std::nullopt};
    if (m_state == PipelineState::Failed) {
        if (m_failure)
            return toError(*m_failure, origin);
        return Error{
            ErrorCode::CmdletFailed, u"the command failed without saying why"_s, origin, std::nullopt};
    }
    if (const auto whole = m_decoder.finish(); !whole) {
        Error error = whole.error();
        error.origin = origin;
        return error;
    }
    // The server may have sent an answer into a broken connection and believe that we have it.
    if (m_lineBroke && m_pool->ledger->hasGap())
        return Error{ErrorCode::Incomplete, u"the connection broke, and part of the output was lost"_s,
            origin, std::nullopt};
    return std::nullopt;
}

void PipelineCore::answerHostCalls(const std::vector<HostCall>& calls)
{
    for (const HostCall& call : calls) {
        const QByteArray refusal
            = m_pool->message(MessageType::PipelineHostResponse, m_id, hostCallRefusal(call.id, call.method));
        for (const QByteArray& payload : m_pool->payloads(refusal))
            m_pool->scope.start(refuse(shared_from_this(), payload), u"refusal of a host call"_s);
    }
}

QCoro::Task<Expected<void>> PipelineCore::refuse(std::shared_ptr<PipelineCore> self, QByteArray payload)
{
    Expected<void> sent
        = co_await self->m_pool->shell.send(self->m_commandId, "pr", payload, self->m_ended.get_token());
    co_return sent;
}

void PipelineCore::beginStop()
{
    if (m_stopping || m_finished || m_commandId.isEmpty() || !m_pool->isUsable())
        return;
    m_stopping = true;
    m_state = PipelineState::Stopping;
    m_pool->scope.start(stopOnServer(shared_from_this()), u"stop of a command"_s);
    m_pool->scope.start(losePatience(shared_from_this()), u"stop of a command"_s);
}

QCoro::Task<Expected<void>> PipelineCore::stopOnServer(std::shared_ptr<PipelineCore> self)
{
    Expected<void> signalled
        = co_await signalWithin(self->m_pool, self->m_commandId, kStopSignal.toByteArray());
    co_return signalled;
}

QCoro::Task<Expected<void>> PipelineCore::losePatience(std::shared_ptr<PipelineCore> self)
{
    const bool passed = co_await core::delay(Pipeline::stopPatience, self->m_ended.get_token());
    if (passed)
        self->m_abandon.request_stop();
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> PipelineCore::release(std::shared_ptr<PoolCore> pool, QByteArray commandId)
{
    Expected<void> signalled
        = co_await signalWithin(pool, std::move(commandId), kTerminateSignal.toByteArray());
    co_return signalled;
}

QCoro::Task<Expected<void>> PipelineCore::letGo(
    std::shared_ptr<PipelineCore> self, QCoro::Task<Expected<Received>> ahead)
{
    const Expected<Received> ignored = co_await std::move(ahead);
    Q_UNUSED(ignored)
    Q_UNUSED(self)
    co_return Expected<void>();
}

// The command is over for us. tellServer: its place on the server is freed, without making anybody wait.
void PipelineCore::finish(bool tellServer)
{
    if (m_finished)
        return;
    m_finished = true;
    m_ended.request_stop();
    if (m_holdsSlot)
        m_pool->places.release();
    if (m_ahead) {
        m_abandon.request_stop();
        auto ahead = std::move(*m_ahead);
        m_ahead.reset();
        m_pool->scope.start(letGo(shared_from_this(), std::move(ahead)), u"end of a command"_s);
    }
    if (tellServer && !m_commandId.isEmpty() && m_pool->isUsable())
        m_pool->scope.start(release(m_pool, m_commandId), u"release of a command"_s);
}

void PipelineCore::abandon()
{
    m_abandon.request_stop();
    finish(false);
}

void PipelineCore::orphan()
{
    if (m_finished || !m_started)
        return;
    beginStop();
    if (!m_pulling)
        m_pool->scope.start(drain(shared_from_this()), u"end of a command"_s);
}

QCoro::Task<Expected<void>> PipelineCore::drain(std::shared_ptr<PipelineCore> self)
{
    const Expected<PipelineChunk> ignored = co_await self->pull(std::stop_token());
    Q_UNUSED(ignored)
    co_return Expected<void>();
}

} // namespace postern::psrp

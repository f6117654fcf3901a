#include "services/exchange/Listing.h"

#include <QRegularExpression>

#include "services/core/Logging.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 defaultResultSize = 1000;

} // namespace

bool saysTruncated(const QString& warning)
{
    return warning.contains("ResultSize"_L1, Qt::CaseInsensitive)
        || warning.contains("first 1000"_L1, Qt::CaseInsensitive);
}

bool saysMicroDelay(const QString& warning)
{
    return warning.contains("micro delay"_L1, Qt::CaseInsensitive);
}

Error microDelayError(const QString& warning, const QString& origin)
{
    const auto milliseconds = [&warning](const QString& word) -> std::optional<qint64> {
        const QRegularExpression pattern(
            word + u":\\s*([0-9]{1,8})\\s*msec"_s, QRegularExpression::CaseInsensitiveOption);
        const auto match = pattern.match(warning);
        return match.hasMatch() ? std::optional(match.captured(1).toLongLong()) : std::nullopt;
    };
    const qint64 slept = milliseconds(u"Actual delayed"_s).value_or(0);
    const qint64 required = milliseconds(u"Required"_s).value_or(slept);
    Error error{ErrorCode::ServerBusy, warning, origin, std::nullopt};
    if (required > slept)
        error.retryAfter = std::chrono::milliseconds(required - slept);
    return error;
}

bool refusesFilter(ErrorCode code)
{
    return code == ErrorCode::InvalidInput || code == ErrorCode::ParameterMissing
        || code == ErrorCode::CmdletFailed || code == ErrorCode::Unsupported;
}

ListingStream::ListingStream(SessionPool& pool, CommandSet& commands, tracelog::TraceLogWriter& log,
    std::vector<Alternative> alternatives, QString address)
    : m_pool(pool)
    , m_commands(commands)
    , m_log(log)
    , m_alternatives(std::move(alternatives))
    , m_address(std::move(address))
{
}

std::unique_ptr<ListingStream> ListingStream::again() const
{
    return std::make_unique<ListingStream>(m_pool, m_commands, m_log, m_alternatives, m_address);
}

QString ListingStream::origin() const
{
    return u"%1 on %2"_s.arg(cmdlet(), m_address);
}

Error ListingStream::withOrigin(Error error) const
{
    error.origin = origin();
    return error;
}

QCoro::Task<Expected<psrp::PipelineChunk>> ListingStream::next(std::stop_token token)
{
    if (m_endError)
        co_return fail(*m_endError);
    Expected<psrp::PipelineChunk> chunk = fail(ErrorCode::Internal, {}, {});
    if (!m_pipeline)
        chunk = co_await firstChunk(token);
    else
        chunk = co_await m_pipeline->next(token);
    if (!chunk) {
        m_lease.report(chunk.error());
        release();
        m_endError = withOrigin(chunk.error());
        co_return fail(*m_endError);
    }
    m_lease.reportSuccess();
    co_return account(std::move(*chunk));
}

QCoro::Task<Expected<psrp::PipelineChunk>> ListingStream::firstChunk(std::stop_token token)
{
    skipWhatIsMissing();
    bool replayed = false;
    for (;;) {
        Expected<SessionLease> lease = co_await m_pool.take(SessionUse::Alone, token);
        if (!lease)
            co_return fail(lease.error());
        m_lease = std::move(*lease);
        m_pipeline = m_lease.session().pipeline(m_alternatives.front().command);
        Expected<psrp::PipelineChunk> chunk = co_await m_pipeline->next(token);
        const bool other = moveOn(chunk);
        const bool again = !chunk && chunk.error().code == ErrorCode::SessionLost && !replayed;
        if (!other && !again)
            co_return chunk;
        replayed = replayed || again;
        if (!chunk)
            m_lease.report(chunk.error());
        release();
    }
}

// False, and nothing is dropped, when none would be left.
template <class Unfit> bool ListingStream::dropWhile(Unfit unfit)
{
    const auto other = std::find_if_not(m_alternatives.begin(), m_alternatives.end(), unfit);
    if (other == m_alternatives.end())
        return false;
    m_alternatives.erase(m_alternatives.begin(), other);
    return true;
}

// What another listing has learnt since this one was made.
void ListingStream::skipWhatIsMissing()
{
    const Alternative& first = m_alternatives.front();
    if (!first.mayLackParameter.isEmpty()
        && m_commands.hasParameter(first.cmdlet, first.mayLackParameter) == CommandSet::Presence::Missing)
        static_cast<void>(
            dropWhile([](const Alternative& next) { return !next.mayLackParameter.isEmpty(); }));
}

// True when the next alternative is to be tried instead of what `chunk` says.
bool ListingStream::moveOn(const Expected<psrp::PipelineChunk>& chunk)
{
    const Alternative& asked = m_alternatives.front();
    if (!chunk && chunk.error().code == ErrorCode::CmdletMissing) {
        // It was there when the session began: another cmdlet would list less (SYN-08), and what it lacks
        // would count as gone.
        if (m_commands.has(cmdlet()) == CommandSet::Presence::Present)
            return false;
        m_commands.learn(cmdlet(), CommandSet::Presence::Missing);
        return dropWhile([name = asked.cmdlet](const Alternative& next) { return next.cmdlet == name; });
    }
    if (!chunk && chunk.error().code == ErrorCode::ParameterMissing && !asked.mayLackParameter.isEmpty()
        && chunk.error().detail.contains(asked.mayLackParameter, Qt::CaseInsensitive)) {
        m_commands.learnParameter(cmdlet(), asked.mayLackParameter, CommandSet::Presence::Missing);
        return dropWhile([name = asked.cmdlet](const Alternative& next) {
            return next.cmdlet == name && !next.mayLackParameter.isEmpty();
        });
    }
    if (!asked.mayBeRefused || m_alternatives.size() < 2)
        return false;
    // Some cmdlets end with the refusal, some only record it and list nothing.
    const bool recorded = chunk && chunk->last() && chunk->output.empty() && !chunk->errors.empty();
    const bool ended = !chunk && refusesFilter(chunk.error().code);
    if (!recorded && !ended)
        return false;
    m_log.write(tracelog::lines::filterRefused(
        cmdlet(), recorded ? chunk->errors.front().message : chunk.error().detail));
    m_alternatives.erase(m_alternatives.begin());
    return true;
}

// Counts, and decides at the end whether the list is whole.
Expected<psrp::PipelineChunk> ListingStream::account(psrp::PipelineChunk chunk)
{
    m_objects += qint64(chunk.output.size());
    qCDebug(core::logExchange) << cmdlet() << "objects:" << m_objects << (chunk.last() ? "end" : "");
    for (const QString& warning : chunk.warnings)
        noteWarning(warning);
    for (const psrp::ErrorRecord& record : chunk.errors) {
        m_log.write(tracelog::lines::cmdletFailed(cmdlet(), record.message));
        if (m_errorText.isEmpty()) {
            m_errorText = record.message;
            m_errorCode = psrp::toError(record, {}).code;
        }
    }
    if (!chunk.last())
        return chunk;
    release();
    if (m_objects == defaultResultSize && m_warned)
        m_truncated = true;
    if (!m_truncated && m_errorText.isEmpty())
        return chunk;
    // What came is handed over; that it is not all, with the next call.
    const QString why
        = m_truncated ? u"the server cut the list after %1 objects"_s.arg(m_objects) : m_errorText;
    // One object that was asked for by name is not there; otherwise the list lacks something.
    const bool notFound = !m_truncated && m_objects == 0 && m_errorCode == ErrorCode::NotFound;
    m_endError = Error{notFound ? ErrorCode::NotFound : ErrorCode::Incomplete, why, origin(), std::nullopt};
    chunk.state = psrp::PipelineState::Running;
    return chunk;
}

void ListingStream::noteWarning(const QString& text)
{
    if (saysMicroDelay(text)) {
        m_pool.throttle(origin(), microDelayError(text, origin()));
        return;
    }
    m_truncated = m_truncated || saysTruncated(text);
    if (!m_warned)
        m_log.write(tracelog::lines::serverWarning(text));
    m_warned = true;
}

void ListingStream::release()
{
    m_pipeline.reset();
    m_lease.giveBack();
}

} // namespace postern::exchange

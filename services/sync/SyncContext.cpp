#include "services/sync/SyncContext.h"

#include "services/core/Logging.h"
#include "services/store/StatusMessageRepository.h"

namespace postern::sync {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr size_t problemsKept = 1000;
constexpr qint64 reportIntervalMs = 100;
constexpr int busyTries = 100; // a server that is busy for ever is a failure in the end
constexpr auto busyWait = 5s; // when it does not say how long

// Faults of an answer, not of the connection: another try may get a good one, a third will not.
bool isGarbled(ErrorCode code)
{
    return code == ErrorCode::Malformed || code == ErrorCode::Incomplete;
}

} // namespace

SyncContext::SyncContext(Connector theConnector, FullSync::Dependencies theDependencies,
    SyncOptions theOptions, std::function<void(const SyncProgress&)> report)
    : connector(std::move(theConnector))
    , with(theDependencies)
    , options(std::move(theOptions))
    , scope(exchange::ContainerScope::of(connector.adContainers))
    , m_report(std::move(report))
{
}

void SyncContext::step(const QString& name)
{
    m_step = name;
    progress.step = m_throttled > 0 ? u"throttled"_s : m_reconnecting > 0 ? u"reconnecting"_s : m_step;
    report(true);
}

void SyncContext::report(bool now)
{
    if (!m_report || (!now && m_sinceReport.isValid() && m_sinceReport.elapsed() < reportIntervalMs))
        return;
    m_sinceReport.start();
    m_report(progress);
}

void SyncContext::problem(const ObjectProblem& problem)
{
    ++problemCount;
    if (problems.size() >= problemsKept)
        return;
    problems.push_back(problem);
    trace(tracelog::lines::objectProblem(problem.object, problem.reason));
}

void SyncContext::trace(tracelog::TraceLine line) const
{
    line.context = connector.name;
    with.log.write(line);
}

messages::Source SyncContext::source() const
{
    return {connector.id, connector.name, connector.siteCode, options.machine, with.clock.now()};
}

QCoro::Task<bool> SyncContext::waitOut(
    Attempts* attempts, QString operation, Error error, std::stop_token token)
{
    if (token.stop_requested())
        co_return false;
    const bool busy = error.code == ErrorCode::ServerBusy || error.retryAfter.has_value();
    std::chrono::milliseconds wait = 0ms;
    if (busy) {
        if (attempts->busy++ >= busyTries)
            co_return false;
        wait = error.retryAfter.value_or(options.backOff.empty()
                ? busyWait
                : std::min<std::chrono::milliseconds>(busyWait, options.backOff.front()));
    } else {
        const size_t allowed
            = isGarbled(error.code) ? std::min<size_t>(1, options.backOff.size()) : options.backOff.size();
        if ((!isTransient(error.code) && !isGarbled(error.code)) || attempts->failures >= allowed)
            co_return false;
        wait = options.backOff.at(attempts->failures++);
    }
    if (busy) {
        trace(tracelog::lines::throttled(operation, wait, with.organization.parallelism()));
        if (!std::exchange(m_throttleAnnounced, true)) {
            StatusMessage slowedDown = messages::slowedDown(source(), operation, wait);
            co_await announce(std::move(slowedDown));
        }
        ++m_throttled;
    } else {
        trace(tracelog::lines::retrying(operation, int(attempts->failures), error));
        ++m_reconnecting;
    }
    step(m_step);
    const bool passed = co_await core::delay(wait, token);
    --(busy ? m_throttled : m_reconnecting);
    step(m_step);
    co_return passed;
}

QCoro::Task<void> SyncContext::announce(StatusMessage message)
{
    auto work = [message = std::move(message)](store::Session& session) {
        return store::StatusMessageRepository(session).append(message);
    };
    auto future = with.store.write(std::move(work));
    const auto appended = co_await future;
    if (!appended)
        qCWarning(core::logSync).noquote() << "status message lost:" << appended.error().toLogText();
}

} // namespace postern::sync

#include "services/exchange/SessionPool.h"

#include <QCoroFuture>
#include <algorithm>
#include <atomic>

#include "services/core/Logging.h"
#include "services/wsman/Client.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int successesToGrow = 20;
// One answer carries so much more than Windows' default of 500 KiB; a server that refuses gets the default.
constexpr int largeEnvelope = 2 * 1024 * 1024;
constexpr int defaultEnvelope = 512'000;
constexpr qint64 throttleOnceMs = 10'000; // several commands meet the same wave: it counts once

} // namespace

// Somebody who waits for a free session. Woken by the pool or by a stop token, which may fire on another
// thread.
struct SessionPool::Waiter
{
    QPromise<bool> promise;
    std::atomic_flag over;
    bool wake()
    {
        if (over.test_and_set())
            return false;
        promise.addResult(true);
        promise.finish();
        return true;
    }
};

bool endsSession(ErrorCode code)
{
    switch (code) {
    case ErrorCode::SessionLost:
    case ErrorCode::ConnectionLost:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::HostNotFound:
    case ErrorCode::Timeout:
    case ErrorCode::AuthenticationFailed:
    case ErrorCode::Malformed:
    case ErrorCode::LimitExceeded:
    case ErrorCode::Incomplete:
    case ErrorCode::CertificateUntrusted:
    case ErrorCode::CertificateWrongHost:
    case ErrorCode::CertificateExpired:
    case ErrorCode::TlsFailed:
        return true;
    default:
        return false;
    }
}

SessionLease::SessionLease(SessionPool* pool, std::shared_ptr<PooledSession> session)
    : m_pool(pool)
    , m_session(std::move(session))
{
}

SessionLease::~SessionLease()
{
    giveBack();
}

SessionLease::SessionLease(SessionLease&& other) noexcept
    : m_pool(other.m_pool)
    , m_session(std::move(other.m_session))
{
}

SessionLease& SessionLease::operator=(SessionLease&& other) noexcept
{
    if (this != &other) {
        giveBack();
        m_pool = other.m_pool;
        m_session = std::move(other.m_session);
    }
    return *this;
}

void SessionLease::report(const Error& error)
{
    if (!m_session)
        return;
    m_session->lost = m_session->lost || endsSession(error.code);
    if (error.code == ErrorCode::ServerBusy || error.code == ErrorCode::TooManySessions)
        m_pool->throttle(error.origin, error);
}

void SessionLease::reportSuccess()
{
    if (m_session)
        m_pool->succeeded();
}

void SessionLease::giveBack()
{
    if (m_session)
        m_pool->takeBack(std::exchange(m_session, nullptr));
}

SessionPool::SessionPool(Plan plan, tracelog::TraceLogWriter& log, const core::Clock& clock)
    : m_plan(std::move(plan))
    , m_log(log)
    , m_clock(clock)
    , m_limit(std::clamp(m_plan.maximum, 1, 8))
    , m_closing(std::make_unique<core::Scope>())
{
    m_plan.endpoint.maxEnvelopeSize = largeEnvelope;
}

SessionPool::~SessionPool()
{
    Q_ASSERT_X(m_sessions.empty(), "SessionPool", "destroyed before close() has ended");
}

SessionPool::Shell SessionPool::newShell() const
{
    return std::make_unique<psrp::RunspacePool>(
        std::make_unique<wsman::Client>(m_plan.endpoint, nullptr, &m_clock));
}

int SessionPool::inUse() const
{
    return m_opening + int(std::count_if(m_sessions.begin(), m_sessions.end(), [](const auto& s) {
        return s->users > 0;
    }));
}

// One that nobody uses; else, for those who share, the one with the fewest users once no more may be opened.
std::shared_ptr<PooledSession> SessionPool::freeSession(SessionUse use)
{
    const bool mayUseAnother = inUse() < m_limit;
    std::shared_ptr<PooledSession> best;
    for (const auto& session : m_sessions) {
        if (session->lost || session->alone)
            continue;
        if (session->users == 0) {
            if (mayUseAnother)
                return session;
        } else if (use == SessionUse::Shared && !mayUseAnother && session->users < m_usersASession) {
            if (!best || session->users < best->users)
                best = session;
        }
    }
    return best;
}

QCoro::Task<Expected<SessionLease>> SessionPool::take(SessionUse use, std::stop_token token)
{
    while (!token.stop_requested()) {
        std::shared_ptr<PooledSession> session = freeSession(use);
        if (!session && inUse() >= m_limit) {
            co_await waitForFree(token);
            continue;
        }
        if (!session) {
            ++m_opening;
            auto opened = co_await openSession(token);
            --m_opening;
            if (!opened && opened.error().code == ErrorCode::TooManySessions && inUse() > 0) {
                // The account has no more to give than what is open: go on with that.
                m_limit = inUse();
                m_successes = 0;
                m_log.write(tracelog::lines::throttled(opened.error().origin, 0ms, m_limit));
                continue;
            }
            wakeAll(); // it may be shared now, or somebody else may try
            if (!opened)
                co_return fail(opened.error());
            session = std::make_shared<PooledSession>();
            session->shell = std::move(*opened);
            m_sessions.push_back(session);
        }
        ++session->users;
        session->alone = use == SessionUse::Alone;
        co_return SessionLease(this, std::move(session));
    }
    co_return fail(ErrorCode::Cancelled, {}, m_plan.endpoint.displayName());
}

QCoro::Task<Expected<SessionPool::Shell>> SessionPool::openSession(std::stop_token token)
{
    Shell session;
    const Expected<void> opened = co_await openShell(&session, token);
    if (!opened) {
        if (opened.error().code != ErrorCode::Cancelled)
            m_log.write(tracelog::lines::runspaceFailed(m_plan.siteName, opened.error().toLogText()));
        co_return fail(opened.error());
    }
    if (!m_greeting.isEmpty())
        co_await greet(session.get(), token);
    co_return session;
}

QCoro::Task<void> SessionPool::greet(psrp::RunspacePool* session, std::stop_token token)
{
    psrp::PsCommand greeting = m_greeting;
    const auto greeted = co_await session->invoke(std::move(greeting), token);
    if (!greeted && greeted.error().code != ErrorCode::Cancelled && !std::exchange(m_greetingFailed, true))
        m_log.write(tracelog::lines::cmdletFailed(
            m_greeting.summary().section(u' ', 0, 0), greeted.error().toLogText()));
}

void SessionPool::warmUp()
{
    while (int(m_sessions.size()) + m_opening < m_limit) {
        ++m_opening; // before it runs, or this would not end
        m_closing->start(openSpare(m_closing->token()), u"opening a session"_s);
    }
}

// What a spare session could not be opened for is said to whoever needs one; here it only lowers the
// expectations.
QCoro::Task<Expected<void>> SessionPool::openSpare(std::stop_token token)
{
    auto opened = co_await openSession(token);
    --m_opening;
    if (opened) {
        auto session = std::make_shared<PooledSession>();
        session->shell = std::move(*opened);
        m_sessions.push_back(std::move(session));
    } else if (opened.error().code == ErrorCode::TooManySessions) {
        m_limit = std::clamp(int(m_sessions.size()) + m_opening, 1, m_limit);
        m_log.write(tracelog::lines::throttled(opened.error().origin, 0ms, m_limit));
    }
    wakeAll();
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> SessionPool::openShell(Shell* shell, std::stop_token token)
{
    for (;;) {
        const int envelope = m_plan.endpoint.maxEnvelopeSize;
        *shell = newShell();
        Expected<void> opened = co_await (*shell)->open(token);
        if (opened)
            co_return opened;
        co_await (*shell)->close();
        if (opened.error().code != ErrorCode::LimitExceeded || envelope == defaultEnvelope)
            co_return opened;
        m_plan.endpoint.maxEnvelopeSize = defaultEnvelope; // remembered for the sessions to come
    }
}

QCoro::Task<void> SessionPool::waitForFree(std::stop_token token)
{
    auto waiter = std::make_shared<Waiter>();
    waiter->promise.start();
    m_waiters.push_back(waiter);
    std::stop_callback onStop(token, [waiter] { waiter->wake(); });
    QFuture<bool> future = waiter->promise.future();
    co_await future;
}

// They are few, and each looks for itself whether there is something for it.
void SessionPool::wakeAll()
{
    const auto waiters = std::exchange(m_waiters, {});
    for (const auto& waiter : waiters)
        waiter->wake();
}

void SessionPool::takeBack(std::shared_ptr<PooledSession> session)
{
    --session->users;
    session->alone = false;
    if (session->shell->state() != psrp::PoolState::Opened)
        session->lost = true;
    if (session->users == 0 && (session->lost || int(m_sessions.size()) > m_limit))
        retire(session);
    wakeAll();
}

void SessionPool::retire(const std::shared_ptr<PooledSession>& session)
{
    std::erase(m_sessions, session);
    m_closing->start(closeSession(std::move(session->shell)), u"closing a session"_s);
}

QCoro::Task<Expected<void>> SessionPool::closeSession(Shell session)
{
    co_await session->close();
    co_return Expected<void>();
}

QCoro::Task<void> SessionPool::close()
{
    auto sessions = m_sessions;
    for (const auto& session : sessions)
        retire(session);
    co_await m_closing->stop();
    // Spare ones whose opening ended just now.
    sessions = m_sessions;
    m_closing = std::make_unique<core::Scope>();
    for (const auto& session : sessions)
        retire(session);
    co_await m_closing->stop();
    m_closing = std::make_unique<core::Scope>();
}

void SessionPool::throttle(const QString& operation, const Error& error)
{
    const QDateTime now = m_clock.now();
    m_successes = 0;
    if (m_throttledAt.isValid() && m_throttledAt.msecsTo(now) < throttleOnceMs)
        return;
    m_throttledAt = now;
    m_usersASession = 1; // perhaps it counts what waits in its queue
    m_limit = std::max(1, m_limit / 2);
    m_log.write(tracelog::lines::throttled(operation, error.retryAfter.value_or(0ms), m_limit));
}

void SessionPool::succeeded()
{
    if (m_limit >= std::clamp(m_plan.maximum, 1, 8) || ++m_successes < successesToGrow)
        return;
    m_successes = 0;
    ++m_limit;
    wakeAll();
}

} // namespace postern::exchange

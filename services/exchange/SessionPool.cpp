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

SessionLease::SessionLease(SessionPool* pool, std::unique_ptr<psrp::RunspacePool> session)
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
    , m_lost(other.m_lost)
{
}

SessionLease& SessionLease::operator=(SessionLease&& other) noexcept
{
    if (this != &other) {
        giveBack();
        m_pool = other.m_pool;
        m_session = std::move(other.m_session);
        m_lost = other.m_lost;
    }
    return *this;
}

void SessionLease::report(const Error& error)
{
    m_lost = m_lost || endsSession(error.code);
    if (m_pool && (error.code == ErrorCode::ServerBusy || error.code == ErrorCode::TooManySessions))
        m_pool->throttle(error.origin, error);
}

void SessionLease::reportSuccess()
{
    if (m_pool)
        m_pool->succeeded();
}

void SessionLease::giveBack()
{
    if (m_session)
        m_pool->takeBack(std::move(m_session), m_lost);
}

SessionPool::SessionPool(Plan plan, tracelog::TraceLogWriter& log, const core::Clock& clock)
    : m_plan(std::move(plan))
    , m_log(log)
    , m_clock(clock)
    , m_limit(std::clamp(m_plan.maximum, 1, 8))
    , m_closing(std::make_unique<core::Scope>())
{
}

SessionPool::~SessionPool()
{
    Q_ASSERT_X(m_leased == 0 && m_idle.empty(), "SessionPool", "destroyed before close() has ended");
}

std::unique_ptr<psrp::RunspacePool> SessionPool::newSession() const
{
    return std::make_unique<psrp::RunspacePool>(
        std::make_unique<wsman::Client>(m_plan.endpoint, nullptr, &m_clock));
}

QCoro::Task<Expected<SessionLease>> SessionPool::take(std::stop_token token)
{
    while (!token.stop_requested()) {
        if (m_leased >= m_limit) {
            co_await waitForFree(token);
            continue;
        }
        ++m_leased;
        if (!m_idle.empty()) {
            auto idle = std::move(m_idle.back());
            m_idle.pop_back();
            co_return SessionLease(this, std::move(idle));
        }
        auto opened = co_await openSession(token);
        if (opened)
            co_return SessionLease(this, std::move(*opened));
        --m_leased;
        if (opened.error().code == ErrorCode::TooManySessions && m_leased > 0) {
            // The account has no more to give than what is open: go on with that.
            m_limit = m_leased;
            m_successes = 0;
            m_log.write(tracelog::lines::throttled(opened.error().origin, 0ms, m_limit));
            continue;
        }
        wakeOne();
        co_return fail(opened.error());
    }
    wakeOne(); // the wake-up, if it was one, is for somebody else
    co_return fail(ErrorCode::Cancelled, {}, m_plan.endpoint.displayName());
}

QCoro::Task<Expected<std::unique_ptr<psrp::RunspacePool>>> SessionPool::openSession(std::stop_token token)
{
    auto session = newSession();
    Expected<void> opened = co_await session->open(token);
    if (!opened) {
        if (opened.error().code != ErrorCode::Cancelled)
            m_log.write(tracelog::lines::runspaceFailed(m_plan.siteName, opened.error().toLogText()));
        co_await session->close();
        co_return fail(opened.error());
    }
    if (!m_greeting.isEmpty()) {
        psrp::PsCommand greeting = m_greeting;
        const auto greeted = co_await session->invoke(std::move(greeting), token);
        if (!greeted && greeted.error().code != ErrorCode::Cancelled)
            m_log.write(tracelog::lines::cmdletFailed(m_greeting.summary(), greeted.error().toLogText()));
    }
    co_return session;
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

void SessionPool::wakeOne()
{
    while (!m_waiters.empty()) {
        const auto waiter = std::move(m_waiters.front());
        m_waiters.pop_front();
        if (waiter->wake())
            return;
    }
}

void SessionPool::takeBack(std::unique_ptr<psrp::RunspacePool> session, bool lost)
{
    --m_leased;
    const bool usable = !lost && session->state() == psrp::PoolState::Opened;
    if (usable && m_leased + int(m_idle.size()) < m_limit)
        m_idle.push_back(std::move(session));
    else
        m_closing->start(closeSession(std::move(session)), u"closing a session"_s);
    wakeOne();
}

QCoro::Task<Expected<void>> SessionPool::closeSession(std::unique_ptr<psrp::RunspacePool> session)
{
    co_await session->close();
    co_return Expected<void>();
}

QCoro::Task<void> SessionPool::close()
{
    while (!m_idle.empty()) {
        m_closing->start(closeSession(std::move(m_idle.back())), u"closing a session"_s);
        m_idle.pop_back();
    }
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
    m_limit = std::max(1, m_limit / 2);
    m_log.write(tracelog::lines::throttled(operation, error.retryAfter.value_or(0ms), m_limit));
}

void SessionPool::succeeded()
{
    if (m_limit >= std::clamp(m_plan.maximum, 1, 8) || ++m_successes < successesToGrow)
        return;
    m_successes = 0;
    ++m_limit;
    wakeOne();
}

} // namespace postern::exchange

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
constexpr int usersASessionAtMost = 2;
// One answer carries so much more than Windows' default of 500 KiB; a server that refuses gets the default.
constexpr auto longestSitOut = 15min; // whatever the server says
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

bool suggestsAnotherServer(ErrorCode code)
{
    switch (code) {
    case ErrorCode::HostNotFound:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::ConnectionLost:
    case ErrorCode::Timeout:
    case ErrorCode::SessionLost:
    case ErrorCode::NotFound: // no PowerShell there
    case ErrorCode::Malformed:
    case ErrorCode::Internal: // an error page instead of an answer
    case ErrorCode::CertificateUntrusted:
    case ErrorCode::CertificateWrongHost:
    case ErrorCode::CertificateExpired:
    case ErrorCode::TlsFailed:
    case ErrorCode::Conflict: // another organisation's
        return true;
    default:
        return false;
    }
}

std::unique_ptr<wsman::Client> realClient(const wsman::Endpoint& endpoint, const core::Clock& clock)
{
    return std::make_unique<wsman::Client>(endpoint, nullptr, &clock);
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
    Q_ASSERT(!m_plan.endpoints.empty());
    for (wsman::Endpoint& endpoint : m_plan.endpoints)
        endpoint.maxEnvelopeSize = largeEnvelope;
}

void SessionPool::addEndpoints(std::vector<wsman::Endpoint> endpoints)
{
    for (wsman::Endpoint& endpoint : endpoints) {
        const bool isKnown = std::any_of(m_plan.endpoints.begin(), m_plan.endpoints.end(),
            [&endpoint](const wsman::Endpoint& known) { return known.url == endpoint.url; });
        endpoint.maxEnvelopeSize = largeEnvelope;
        if (!isKnown)
            m_plan.endpoints.push_back(std::move(endpoint));
    }
}

SessionPool::~SessionPool()
{
    Q_ASSERT_X(m_sessions.empty(), "SessionPool", "destroyed before close() has ended");
}

SessionPool::Shell SessionPool::newShell(size_t rung) const
{
    return std::make_unique<psrp::RunspacePool>(m_plan.newClient(m_plan.endpoints.at(rung), m_clock));
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
        if (m_busyUntil.isValid()) {
            co_await sitOut(token);
            continue;
        }
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
            if (!opened) {
                noteOpenFailure(opened.error());
                co_return fail(opened.error());
            }
            session = std::make_shared<PooledSession>();
            session->shell = std::move(*opened);
            m_sessions.push_back(session);
        }
        ++session->users;
        session->alone = use == SessionUse::Alone;
        co_return SessionLease(this, std::move(session));
    }
    co_return fail(ErrorCode::Cancelled, {}, endpoint().displayName());
}

// Waits as long as the server said, once: what the clock says afterwards does not matter.
QCoro::Task<void> SessionPool::sitOut(std::stop_token token)
{
    const QDateTime until = m_busyUntil;
    const std::chrono::milliseconds left(m_clock.now().msecsTo(until));
    if (left > 0ms)
        co_await m_plan.wait(std::min<std::chrono::milliseconds>(left, longestSitOut), token);
    if (m_busyUntil == until && !token.stop_requested())
        m_busyUntil = QDateTime();
}

void SessionPool::noteOpenFailure(const Error& error)
{
    if (error.code == ErrorCode::ServerBusy)
        throttle(error.origin, error);
}

// Up the ladder from the server that answered last, each rung once (CON-45).
QCoro::Task<Expected<SessionPool::Shell>> SessionPool::openSession(std::stop_token token)
{
    std::optional<Error> first;
    const size_t start = m_current;
    for (size_t step = 0; step < m_plan.endpoints.size(); ++step) {
        const size_t rung = (start + step) % m_plan.endpoints.size();
        Expected<Shell> opened = co_await openOn(rung, token);
        if (opened) {
            m_current = rung;
            co_return std::move(*opened);
        }
        const Error error = opened.error();
        if (error.code == ErrorCode::Cancelled)
            co_return fail(error);
        m_log.write(tracelog::lines::runspaceFailed(m_plan.siteName, error.toLogText()));
        if (!suggestsAnotherServer(error.code))
            co_return fail(error);
        if (!first)
            first = error;
    }
    co_return fail(*first);
}

QCoro::Task<Expected<SessionPool::Shell>> SessionPool::openOn(size_t rung, std::stop_token token)
{
    Shell session;
    const Expected<void> opened = co_await openShell(&session, rung, token);
    if (!opened)
        co_return fail(opened.error());
    if (!m_greeting.isEmpty())
        co_await greet(session.get(), token);
    if (rung > 0 && m_plan.guard) {
        const QString host = m_plan.endpoints.at(rung).url.host();
        const Expected<void> admitted = co_await m_plan.guard->admit(session.get(), host, token);
        if (!admitted) {
            co_await session->close();
            co_return fail(admitted.error());
        }
    }
    co_return std::move(session);
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
    } else {
        noteOpenFailure(opened.error());
    }
    wakeAll();
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> SessionPool::openShell(Shell* shell, size_t rung, std::stop_token token)
{
    for (;;) {
        const int envelope = m_plan.endpoints.at(rung).maxEnvelopeSize;
        *shell = newShell(rung);
        Expected<void> opened = co_await (*shell)->open(token);
        if (opened)
            co_return opened;
        co_await (*shell)->close();
        if (opened.error().code != ErrorCode::LimitExceeded || envelope == defaultEnvelope)
            co_return opened;
        m_plan.endpoints.at(rung).maxEnvelopeSize = defaultEnvelope; // remembered for the sessions to come
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
    const auto stated = error.retryAfter.value_or(0ms);
    if (stated > 0ms) {
        const QDateTime until = now.addMSecs(stated.count());
        m_busyUntil = m_busyUntil.isValid() ? std::max(m_busyUntil, until) : until;
    }
    if (m_throttledAt.isValid() && m_throttledAt.msecsTo(now) < throttleOnceMs)
        return;
    m_throttledAt = now;
    m_usersASession = 1; // perhaps it counts what waits in its queue
    m_limit = std::max(1, m_limit / 2);
    m_log.write(tracelog::lines::throttled(operation, stated, m_limit));
}

// One session more after each stretch of good answers; at last two users a session again.
void SessionPool::succeeded()
{
    const bool isWhole = m_limit >= std::clamp(m_plan.maximum, 1, 8);
    if ((isWhole && m_usersASession == usersASessionAtMost) || ++m_successes < successesToGrow)
        return;
    m_successes = 0;
    if (isWhole)
        m_usersASession = usersASessionAtMost;
    else
        ++m_limit;
    wakeAll();
}

} // namespace postern::exchange

// The PowerShell sessions of one connector: opened when first needed, up to connector.parallelSessions, each
// a shell with its own wsman::Client. Fewer run while the server says it is busy (CON-46): halved at each
// such answer, one more after a stretch of answers without. A session that is lost is thrown away and the
// next one opened in its place; whether a command is repeated is the caller's business (reads yes, writes
// never). Service thread. close() always ends before the destruction; leases and readers are gone by then.
#pragma once

#include <QCoroTask>
#include <QPromise>
#include <deque>
#include <memory>
#include <stop_token>
#include <vector>

#include "models/base/Error.h"
#include "services/core/Clock.h"
#include "services/core/Scope.h"
#include "services/psrp/RunspacePool.h"
#include "services/tracelog/TraceLogWriter.h"
#include "services/wsman/Endpoint.h"

namespace postern::exchange {

class SessionPool;

// A session while somebody uses it; goes back by itself.
class SessionLease
{
public:
    SessionLease() = default;
    SessionLease(SessionPool* pool, std::unique_ptr<psrp::RunspacePool> session);
    ~SessionLease();
    SessionLease(SessionLease&& other) noexcept;
    SessionLease& operator=(SessionLease&& other) noexcept;

    [[nodiscard]] bool isValid() const { return m_session != nullptr; }
    [[nodiscard]] psrp::RunspacePool& session() const { return *m_session; }
    // Tells the pool how the command went: a lost session is not given to anybody else.
    void report(const Error& error);
    void reportSuccess();
    void giveBack();

private:
    SessionPool* m_pool = nullptr;
    std::unique_ptr<psrp::RunspacePool> m_session;
    bool m_lost = false;
};

class SessionPool
{
public:
    struct Plan
    {
        wsman::Endpoint endpoint;
        int maximum = 1;
        QString siteName;
    };
    SessionPool(Plan plan, tracelog::TraceLogWriter& log, const core::Clock& clock);
    ~SessionPool();

    // Waits for a free session, or opens one. Errors: those of RunspacePool::open(); Cancelled.
    QCoro::Task<Expected<SessionLease>> take(std::stop_token token);
    // Runs in each session right after it is opened; its errors are logged only.
    void setGreeting(psrp::PsCommand command) { m_greeting = std::move(command); }
    // Ends every session and waits for it. Afterwards take() opens new ones.
    QCoro::Task<void> close();

    [[nodiscard]] int limit() const { return m_limit; }
    // The server slows us down (a "micro delay"): fewer sessions from now on.
    void throttle(const QString& operation, const Error& error);

private:
    friend class SessionLease;
    QCoro::Task<Expected<std::unique_ptr<psrp::RunspacePool>>> openSession(std::stop_token token);
    QCoro::Task<void> waitForFree(std::stop_token token);
    QCoro::Task<Expected<void>> closeSession(std::unique_ptr<psrp::RunspacePool> session);
    void takeBack(std::unique_ptr<psrp::RunspacePool> session, bool lost);
    void succeeded();
    void wakeOne();
    [[nodiscard]] std::unique_ptr<psrp::RunspacePool> newSession() const;

    struct Waiter;

    const Plan m_plan;
    tracelog::TraceLogWriter& m_log;
    const core::Clock& m_clock;
    psrp::PsCommand m_greeting;
    std::vector<std::unique_ptr<psrp::RunspacePool>> m_idle;
    std::deque<std::shared_ptr<Waiter>> m_waiters;
    int m_leased = 0; // with those that are being opened
    int m_limit;
    int m_successes = 0; // since the limit last changed
    QDateTime m_throttledAt;
    std::unique_ptr<core::Scope> m_closing;
};

// The session cannot be used any more after such an error.
[[nodiscard]] bool endsSession(ErrorCode code);

} // namespace postern::exchange

// The PowerShell sessions of one connector: opened when first needed, up to connector.parallelSessions, each
// a shell with its own wsman::Client. Fewer run while the server says it is busy (CON-46): halved at each
// such answer, one more after a stretch of answers without; when it says for how many milliseconds, nothing
// is begun until then. Short commands may share a session: the second one waits in the server's queue, so
// that the way to the server and back costs no time (b.8); a listing has its session for itself. A session
// that is lost is thrown away and the next one opened in its place, on the next server of the ladder when the
// one before cannot be reached (CON-45); whether a command is repeated is the caller's business (reads yes,
// writes never). Service thread. close() always ends before the destruction; leases and readers are gone by
// then.
#pragma once

#include <QCoroTask>
#include <QPromise>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "models/base/Error.h"
#include "services/core/Await.h"
#include "services/core/Clock.h"
#include "services/core/Scope.h"
#include "services/psrp/RunspacePool.h"
#include "services/tracelog/TraceLogWriter.h"
#include "services/wsman/Client.h"

namespace postern::exchange {

class SessionPool;

enum class SessionUse { Alone, Shared };

// One session and who uses it. Its pool's business.
struct PooledSession
{
    std::unique_ptr<psrp::RunspacePool> shell;
    int users = 0;
    bool alone = false; // its user does not share
    bool lost = false;
};

// A session while somebody uses it; goes back by itself.
class SessionLease
{
public:
    SessionLease() = default;
    SessionLease(SessionPool* pool, std::shared_ptr<PooledSession> session);
    ~SessionLease();
    SessionLease(SessionLease&& other) noexcept;
    SessionLease& operator=(SessionLease&& other) noexcept;

    [[nodiscard]] bool isValid() const { return m_session != nullptr; }
    [[nodiscard]] psrp::RunspacePool& session() const { return *m_session->shell; }
    // Tells the pool how the command went: a lost session is not given to anybody else.
    void report(const Error& error);
    void reportSuccess();
    void giveBack();

private:
    SessionPool* m_pool = nullptr;
    std::shared_ptr<PooledSession> m_session;
};

// Looks at a session on another server than the first of the ladder before anybody gets it. An error: that
// server is not ours, and the next one is tried.
class SessionGuard
{
public:
    virtual ~SessionGuard() = default;
    virtual QCoro::Task<Expected<void>> admit(
        psrp::RunspacePool* session, QString host, std::stop_token token)
        = 0;
};

// The client of a session; tests have their own.
[[nodiscard]] std::unique_ptr<wsman::Client> realClient(
    const wsman::Endpoint& endpoint, const core::Clock& clock);

class SessionPool
{
public:
    struct Plan
    {
        std::vector<wsman::Endpoint> endpoints; // the ladder, best first; at least one
        int maximum = 1;
        QString siteName;
        SessionGuard* guard = nullptr; // outlives the pool
        std::function<std::unique_ptr<wsman::Client>(const wsman::Endpoint&, const core::Clock&)> newClient
            = realClient;
        QCoro::Task<bool> (*wait)(std::chrono::milliseconds, std::stop_token) = core::delay;
    };
    SessionPool(Plan plan, tracelog::TraceLogWriter& log, const core::Clock& clock);
    ~SessionPool();

    // Waits for a free session, or opens one. Errors: those of RunspacePool::open(), of the first server when
    // none can be reached; Cancelled. "Failed to open runspace for site <site_name>" is logged a step.
    QCoro::Task<Expected<SessionLease>> take(SessionUse use, std::stop_token token);
    // Runs in each session right after it is opened; its errors are logged only.
    void setGreeting(psrp::PsCommand command) { m_greeting = std::move(command); }
    // Opens the other sessions in the background, so that who needs one does not wait for its handshake.
    // After the first one has been opened: a refused password is not tried several times at once.
    void warmUp();
    // Runs the greeting in a session that was opened before it was set.
    QCoro::Task<void> greet(psrp::RunspacePool* session, std::stop_token token);
    // Ends every session and waits for it. Afterwards take() opens new ones.
    QCoro::Task<void> close();

    // Further servers for the end of the ladder.
    void addEndpoints(std::vector<wsman::Endpoint> endpoints);
    // Where the session that was opened last is.
    [[nodiscard]] const wsman::Endpoint& endpoint() const { return m_plan.endpoints.at(m_current); }

    [[nodiscard]] int limit() const { return m_limit; }
    [[nodiscard]] int usersASession() const { return m_usersASession; }
    // The server slows us down (a "micro delay"): fewer sessions from now on.
    void throttle(const QString& operation, const Error& error);

private:
    friend class SessionLease;
    using Shell = std::unique_ptr<psrp::RunspacePool>;
    QCoro::Task<Expected<Shell>> openSession(std::stop_token token);
    QCoro::Task<Expected<void>> openSpare(std::stop_token token);
    QCoro::Task<Expected<Shell>> openOn(size_t rung, std::stop_token token);
    QCoro::Task<Expected<void>> openShell(Shell* shell, size_t rung, std::stop_token token);
    QCoro::Task<void> sitOut(std::stop_token token);
    void noteOpenFailure(const Error& error);
    QCoro::Task<void> waitForFree(std::stop_token token);
    QCoro::Task<Expected<void>> closeSession(Shell session);
    [[nodiscard]] std::shared_ptr<PooledSession> freeSession(SessionUse use);
    [[nodiscard]] int inUse() const;
    void takeBack(std::shared_ptr<PooledSession> session);
    void retire(const std::shared_ptr<PooledSession>& session);
    void succeeded();
    void wakeAll();
    [[nodiscard]] Shell newShell(size_t rung) const;

    struct Waiter;

    Plan m_plan;
    tracelog::TraceLogWriter& m_log;
    const core::Clock& m_clock;
    psrp::PsCommand m_greeting;
    std::vector<std::shared_ptr<PooledSession>> m_sessions;
    std::vector<std::shared_ptr<Waiter>> m_waiters;
    int m_opening = 0;
    int m_limit;
    int m_usersASession = 2;
    bool m_greetingFailed = false; // said once
    int m_successes = 0; // since the limit last changed
    QDateTime m_throttledAt;
    QDateTime m_busyUntil; // the server's own number; invalid: it gave none
    size_t m_current = 0; // of the ladder
    std::unique_ptr<core::Scope> m_closing;
};

// A server that could not be reached, or not talked to, says nothing about the others; one that knows us and
// refuses does: a wrong password is not carried from server to server until the account locks.
[[nodiscard]] bool suggestsAnotherServer(ErrorCode code);
// The session cannot be used any more after such an error.
[[nodiscard]] bool endsSession(ErrorCode code);

} // namespace postern::exchange

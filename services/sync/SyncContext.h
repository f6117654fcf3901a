// What the passes of one full synchronisation share: who is read, where it is stored, how far it came, and
// how a fault is waited out (CON-45, CON-46). Service thread. Outlives the passes' coroutines.
#pragma once

#include <QCoroFuture>
#include <QElapsedTimer>

#include "services/core/Await.h"
#include "services/exchange/ContainerScope.h"
#include "services/store/MailboxKeyMap.h"
#include "services/store/Store.h"
#include "services/store/SyncRun.h"
#include "services/sync/FullSync.h"
#include "services/sync/SyncMessages.h"

namespace postern::sync {

// How often one piece of work has been tried.
struct Attempts
{
    size_t failures = 0; // that used up a rung of the ladder
    int busy = 0; // that the server excused itself for
};

class SyncContext
{
public:
    SyncContext(Connector theConnector, FullSync::Dependencies theDependencies, SyncOptions theOptions,
        std::function<void(const SyncProgress&)> report);

    const Connector connector;
    FullSync::Dependencies with;
    const SyncOptions options;
    // CON-16: what is outside is neither listed nor asked for, and never gone. A fault fails the run.
    const Expected<exchange::ContainerScope> scope;

    store::SyncRun run;
    store::MailboxKeyMap mailboxes; // identity -> id, of this run's listing
    SyncProgress progress;
    std::vector<ObjectProblem> problems; // the first 1,000
    qint64 problemCount = 0;
    qint64 unusable = 0; // objects that gave no row: what they would have been must not count as gone
    bool partnershipsListed = false; // the listing has ended: what statistics do not find now is not there

    void step(const QString& name);
    void report(bool now = false);
    void problem(const ObjectProblem& problem);
    void trace(tracelog::TraceLine line) const;
    [[nodiscard]] messages::Source source() const;

    // After a fault of `operation`: waits as long as the server asked or the ladder says, and is true when it
    // is worth another try. False: it is not, or cancelled meanwhile.
    QCoro::Task<bool> waitOut(Attempts* attempts, QString operation, Error error, std::stop_token token);

    // One transaction, repeated while the store is merely busy or its connection was lost: all our writes may
    // be.
    template <class F>
    QCoro::Task<std::invoke_result_t<F, store::Session&>> write(F work, std::stop_token token)
    {
        Attempts attempts;
        for (;;) {
            auto future = with.store.write(work);
            auto result = co_await future;
            if (result)
                co_return result;
            const Error error = result.error();
            const bool again
                = co_await waitOut(&attempts, QStringLiteral("writing to the site database"), error, token);
            if (!again)
                co_return tl::unexpected(error);
        }
    }
    // Appends a status message; that it cannot is logged, not an error.
    QCoro::Task<void> announce(StatusMessage message);

private:
    std::function<void(const SyncProgress&)> m_report;
    QElapsedTimer m_sinceReport;
    QString m_step;
    int m_throttled = 0; // pieces of work that wait because the server asked
    int m_reconnecting = 0; // that wait for the next try after a fault
    bool m_throttleAnnounced = false;
};

} // namespace postern::sync

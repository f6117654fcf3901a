// A site's database. Owns one writer thread with one connection and a few reader threads with read-only
// connections. Any thread may call write() and read(); callers co_await the future (`auto future =
// store.write(...)` first, style.md 3.5). The future always finishes with an Expected: the work's own,
// StoreFailed/ConnectionLost/ServerBusy (locked) when the database fails, Cancelled when the store closes
// first. Work runs on a store thread: capture by value only.
#pragma once

#include <QDateTime>
#include <QFuture>
#include <QObject>
#include <QPromise>
#include <chrono>
#include <memory>
#include <mutex>

#include "services/store/ChangeSet.h"
#include "services/store/Session.h"
#include "services/store/SiteAddress.h"
#include "services/store/WorkQueue.h"

namespace postern::store {

struct OpenOptions
{
    bool create = false; // make the file and the schema when there is none; otherwise NotFound
    bool readOnly = false; // no writer: write() answers StoreUnavailable (SYN-25)
    int readers = 2;
    std::chrono::milliseconds busyTimeout{10'000}; // how long to wait for another process' lock
    std::chrono::seconds connectTimeout{10};
    QString password; // PostgreSQL, from the secret store; empty: pgpass or the server's trust
    int schemaVersion = 0; // tests: stop migrating there; 0: the newest
    std::function<bool()> faultHook; // tests: true fails the statement that is about to run
};

struct SiteInfo
{
    QString siteCode;
    int schemaVersion = 0;
    QDateTime createdAt;
    bool operator==(const SiteInfo&) const = default;
};

template <class T> struct IsExpected : std::false_type
{
};
template <class T> struct IsExpected<Expected<T>> : std::true_type
{
};

class Store : public QObject
{
    Q_OBJECT
public:
    // Opens, migrates to the newest schema, and starts the threads. Blocks meanwhile (another process' lock,
    // a distant server). StoreUnavailable, NotFound, StoreNewer, StoreFailed (not a Postern site, or
    // damaged).
    [[nodiscard]] static Expected<std::unique_ptr<Store>> open(
        const SiteAddress& address, OpenOptions options = {});
    // Refuses what is waiting, ends what is running, joins the threads.
    ~Store() override;

    [[nodiscard]] const SiteAddress& address() const { return m_address; }

    // `postern-agent site init`: Conflict when the site has another code already; the same code again is no
    // error.
    [[nodiscard]] QFuture<Expected<SiteInfo>> initialise(QString siteCode, QDateTime now);
    [[nodiscard]] QFuture<Expected<SiteInfo>> site(); // NotFound: not initialised

    // One transaction on the writer thread, in the order of the calls.
    template <class F> [[nodiscard]] auto write(F work) -> QFuture<std::invoke_result_t<F, Session&>>
    {
        return submit(m_writer, Access::Write, std::move(work));
    }
    // One read transaction (a snapshot) on a reader thread.
    template <class F> [[nodiscard]] auto read(F work) -> QFuture<std::invoke_result_t<F, Session&>>
    {
        return submit(m_readers, Access::Read, std::move(work));
    }

signals:
    // After a commit of this Store, on its own thread; commits that come faster than the event loop are
    // merged. What other processes commit is found by polling changesSince().
    void changed(const postern::store::ChangeSet& changes);

private:
    Store(SiteAddress address, OpenOptions options);
    void announce(const ChangeSet& changes);
    void emitPending();

    template <class F>
    auto submit(WorkQueue& queue, Access access, F work) -> QFuture<std::invoke_result_t<F, Session&>>
    {
        using Result = std::invoke_result_t<F, Session&>;
        static_assert(IsExpected<Result>::value, "work returns an Expected");
        auto promise = std::make_shared<QPromise<Result>>();
        promise->start();
        auto future = promise->future();
        auto shared = std::make_shared<F>(std::move(work));
        queue.post([this, access, promise, shared](Expected<Connection*> connection) {
            promise->addResult(connection ? transact<Result>(**connection, access, *shared)
                                          : Result(tl::unexpected(connection.error())));
            promise->finish();
        });
        return future;
    }

    template <class Result, class F> Result transact(Connection& connection, Access access, F& work)
    {
        Session session(connection, access);
        if (auto begun = Session::begin(session); !begun)
            return tl::unexpected(begun.error());
        Result result = guarded<Result>(session, work);
        if (!result)
            return result;
        if (auto committed = session.commit(); !committed)
            return tl::unexpected(committed.error());
        if (!session.changes().isEmpty())
            announce(session.changes());
        return result;
    }

    template <class Result, class F> static Result guarded(Session& session, F& work)
    {
        try {
            return work(session);
        } catch (const std::exception& exception) { // bad_alloc; ours never throw
            return tl::unexpected(Error{
                ErrorCode::Internal, QString::fromLocal8Bit(exception.what()), QStringLiteral("store"), {}});
        }
    }

    SiteAddress m_address;
    OpenOptions m_options;
    std::mutex m_pendingMutex;
    ChangeSet m_pending;
    WorkQueue m_writer;
    WorkQueue m_readers;
};

// What any process committed after revision `since`: which tables, and the newest revision. For feeds of
// other processes.
[[nodiscard]] Expected<ChangeSet> changesSince(Session& session, qint64 since);
[[nodiscard]] Expected<qint64> currentRevision(Session& session);
// Whole-file check: StoreFailed with the first finding. Slow on large sites.
[[nodiscard]] Expected<void> checkIntegrity(Session& session);

} // namespace postern::store

// The service of a site: holds the connectors' leases, takes requests from the queue and works them off as
// jobs, one a connector at a time (SYN-24, CON-43): a full that is asked for during a delta waits for its
// end. With `schedules` it also asks by itself, see Scheduler. Level-triggered: a lost doorbell, a crash or a
// second start changes nothing but the time it takes. Service thread; never destroy it before stop() has
// finished.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <map>
#include <memory>

#include "models/domain/Work.h"
#include "services/core/Clock.h"
#include "services/core/Scope.h"
#include "services/exchange/ExchangeOrganization.h"
#include "services/identity/SecretStore.h"
#include "services/site/Scheduler.h"
#include "services/site/WriteJobs.h"
#include "services/store/Store.h"
#include "services/sync/FullSync.h"
#include "services/tracelog/TraceLogWriter.h"

namespace postern::site {

class SiteService : public QObject
{
    Q_OBJECT
public:
    // All outlive the service.
    struct Dependencies
    {
        store::Store& store;
        identity::SecretStore& secrets;
        tracelog::TraceLogWriter& log;
        const core::Clock& clock;
        ConnectFunction connect;
        bool schedules = false; // synchronise when it is due, not only when somebody asks
        QTimeZone zone = QTimeZone::systemTimeZone(); // of the schedules
    };

    explicit SiteService(Dependencies dependencies, QObject* parent = nullptr);
    ~SiteService() override;

    // Begins to take requests. What a dead service left taken is queued again once its lease has expired.
    void start();
    // Looks for requests and cancellations now; called on a doorbell, a commit, and by itself every
    // pollInterval.
    void wake();
    // Cancels what runs, gives the leases back, and resumes when nothing runs any more.
    QCoro::Task<void> stop();

    [[nodiscard]] const QString& owner() const { return m_owner; }
    // Whether it synchronises; writes are beside that.
    [[nodiscard]] bool isBusy(ConnectorId connector) const { return m_running.contains(connector); }

    static constexpr std::chrono::milliseconds pollInterval{2'000};

signals:
    // A synchronisation of a connector has ended and brought or took partnerships.
    void partnershipsChanged();

private:
    struct Running
    {
        Job job;
        std::stop_source stop;
        bool cancelled = false; // by a person, not because the program ends
        bool shrinkConfirmed = false; // SYN-06
        sync::SyncProgress progress;
        bool progressPending = false;
        QElapsedTimer sinceWrite;
        std::vector<std::shared_ptr<QPromise<bool>>> waiters; // for its end
    };

    void look(); // wake() without a reason: nothing has changed that we know of
    QCoro::Task<Expected<void>> pump();
    QCoro::Task<Expected<void>> holdLeases();
    QCoro::Task<Expected<void>> runSchedules();
    QCoro::Task<Expected<void>> takeRequests();
    QCoro::Task<Expected<void>> watchCancellations();
    QCoro::Task<Expected<void>> runRequest(Request request);
    QCoro::Task<Expected<void>> whileBusy(Request request, Connector connector);
    void logSkippedDelta(const Connector& connector);
    void startWaiting(ConnectorId connector);
    QCoro::Task<Expected<void>> runSync(Request request, Connector connector);
    void forgetRun(ConnectorId connector);
    // Ends a synchronisation as if a person had cancelled it, and resumes when it has ended.
    QCoro::Task<void> quiesce(ConnectorId connector);
    QCoro::Task<Expected<void>> askForWrites(std::vector<ConnectorId> connectors);
    QCoro::Task<Expected<void>> keepHouse();
    [[nodiscard]] WriteJobs::Dependencies writeDependencies();
    QCoro::Task<Expected<void>> cancelJob(Request request);
    QCoro::Task<Expected<void>> finishRequest(Request request, RequestState state, QString sentence);
    QCoro::Task<Expected<void>> finishSync(Connector connector, Job job, sync::SyncOutcome outcome);
    QCoro::Task<sync::SyncOutcome> synchronise(Connector connector, std::shared_ptr<Running> running);
    QCoro::Task<Expected<void>> writeProgress(ConnectorId connector);
    QCoro::Task<sync::SyncOutcome> synchroniseWith(
        exchange::ExchangeOrganization* organization, Connector connector, std::shared_ptr<Running> running);
    void onProgress(ConnectorId connector, const sync::SyncProgress& progress);

    Dependencies m_with;
    const QString m_owner;
    core::Scope m_scope;
    QTimer m_poll;
    bool m_pumping = false;
    bool m_pumpAgain = false;
    bool m_stopping = false;
    std::map<ConnectorId, std::shared_ptr<Running>> m_running;
    std::map<ConnectorId, Request> m_waiting; // fulls, for the end of a delta; taken, so that they outlive us
    std::set<ConnectorId> m_held; // whose lease we have
    Scheduler m_scheduler;
    WriteJobs m_writes;
    QDateTime m_houseKept;
};

} // namespace postern::site

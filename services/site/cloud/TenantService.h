// The cloud half of a site's service: reads each tenant when it is due, one run at a time for each, and only
// while it holds the tenant (SYN-24). Level-triggered like SiteService: a lost wake, a crash or a second
// start changes nothing but the time it takes. Service thread; never destroy it before stop() has finished.
#pragma once

#include <QObject>
#include <QSet>
#include <QTimer>
#include <functional>
#include <map>

#include "services/core/Scope.h"
#include "services/site/cloud/TenantConnection.h"
#include "services/site/cloud/TenantSchedule.h"
#include "services/store/Store.h"
#include "services/sync/cloud/TenantSync.h"
#include "services/tracelog/TraceLogWriter.h"

namespace postern::site {

using ConnectTenant = std::function<Expected<std::unique_ptr<TenantLink>>(const Tenant&)>;

class TenantService : public QObject
{
    Q_OBJECT
public:
    // All outlive the service.
    struct Dependencies
    {
        store::Store& store;
        tracelog::TraceLogWriter& log;
        const core::Clock& clock;
        ConnectTenant connect;
        bool schedules = false; // read when it is due, not only when somebody asks
        QTimeZone zone = QTimeZone::systemTimeZone();
    };

    explicit TenantService(Dependencies dependencies, QObject* parent = nullptr);
    ~TenantService() override;

    void start();
    // Looks now: a tenant was saved, somebody signed in or asked.
    void wake();
    // A new sign-in: what was refused before is tried again at once.
    void retry(TenantId tenant);
    // What changed since the last run, now and once; a tenant that was never read is read whole. Answers by
    // ended.
    void pollNow(TenantId tenant);
    // Matches again soon: partnerships came or went, which a tenant's own runs know nothing of. Nothing
    // happens on a site without tenants.
    void rematch();
    // Ends what runs, gives the tenants back, closes the connections.
    QCoro::Task<void> stop();

    [[nodiscard]] bool isBusy(TenantId tenant) const;

    static constexpr std::chrono::milliseconds lookInterval{5'000};
    static constexpr std::chrono::milliseconds leaseTime{60'000}; // prolonged while it is ours; after a crash
                                                                  // somebody else has it soon

signals:
    void rematched();
    void looked(); // a look has ended: what is due has begun
    void progressed(postern::TenantId tenant, const QString& step, qint64 count); // of a full run
    // A run has ended and everything of it is stored. LeaseHeld: another service has this tenant.
    void ended(postern::TenantId tenant, const std::optional<postern::Error>& error, const QString& sentence);

private:
    struct Entry
    {
        Tenant tenant; // as last read
        TenantPace pace;
        std::unique_ptr<TenantLink> link;
        qint64 linkRevision = -1; // of the row that the link was made from
        QDateTime heldUntil;
        bool running = false;
        std::stop_source stopRun;
    };
    using Shared = std::shared_ptr<Entry>;

    QCoro::Task<Expected<void>> look();
    QCoro::Task<Expected<void>> matchAgain();
    QCoro::Task<Expected<void>> run(Shared entry, TenantRun kind);
    QCoro::Task<Expected<void>> runHeld(Shared entry, TenantRun kind);
    QCoro::Task<Expected<void>> connect(Shared entry);
    QCoro::Task<Expected<void>> hold(Shared entry);
    QCoro::Task<Expected<void>> keep(Shared entry);
    QCoro::Task<void> recordUnreachable(Shared entry, QDateTime begun, QString sentence);
    [[nodiscard]] TenantRun runOf(const Entry& entry) const;
    QCoro::Task<Expected<void>> disconnect(Shared entry);
    QCoro::Task<Expected<void>> setState(Shared entry, TenantState state, QString detail);
    void conclude(
        const Shared& entry, TenantRun kind, const sync::TenantOutcome& outcome, const QDateTime& begun);
    void adopt(const std::vector<std::pair<Tenant, bool>>& rows);

    Dependencies m_with;
    const QString m_owner;
    core::Scope m_scope;
    QTimer m_timer;
    std::map<TenantId, Shared> m_entries;
    QSet<TenantId> m_polls; // asked for before their tenant was read
    bool m_looking = false;
    bool m_lookAgain = false;
    bool m_matching = false;
    bool m_matchAgain = false;
    bool m_stopping = false;
};

} // namespace postern::site

// The requests that change Exchange: settings (SYN-02), removal of a connector (CON-48), wipes and removals
// of phones (SYN-20). Each is a job, one at a time for a connector, beside its synchronisations: nobody waits
// hours for a wipe. Whatever a stop or a crash leaves is in the write journal, and the next run goes on with
// it. Service thread; never destroy it before stop() has finished.
#pragma once

#include <QElapsedTimer>
#include <map>
#include <memory>
#include <set>

#include "models/domain/Work.h"
#include "services/core/Clock.h"
#include "services/core/Scope.h"
#include "services/enforce/Apply.h"
#include "services/exchange/ExchangeOrganization.h"
#include "services/identity/SecretStore.h"
#include "services/site/WriteLane.h"
#include "services/store/Store.h"
#include "services/tracelog/TraceLogWriter.h"

namespace postern::site {

using ConnectFunction = std::function<std::unique_ptr<exchange::ExchangeOrganization>(
    const Connector&, const QString& password)>;

class WriteJobs
{
public:
    // All outlive it.
    struct Dependencies
    {
        store::Store& store;
        identity::SecretStore& secrets;
        tracelog::TraceLogWriter& log;
        const core::Clock& clock;
        ConnectFunction connect;
        QString owner; // of the leases and jobs
        // Ends what reads from a connector, and resumes when it has ended.
        std::function<QCoro::Task<void>(ConnectorId)> quiesce;
    };

    explicit WriteJobs(Dependencies dependencies);
    ~WriteJobs();

    [[nodiscard]] static bool handles(RequestKind kind);
    void start(const Request& request, const Connector& connector);
    [[nodiscard]] std::vector<JobId> running() const;
    void cancel(const std::vector<JobId>& jobs); // by a person
    void stopExcept(const std::set<ConnectorId>& held); // leases were lost
    QCoro::Task<void> stop();

    // Inside a full synchronisation, over its own sessions: what is configured, and what is open in the
    // journal. A sentence, or nothing.
    QCoro::Task<Expected<QString>> push(
        exchange::ExchangeOrganization* organization, Connector connector, std::stop_token token);

    // Connectors whose journal has something to look at again by now: read back later, sent again after
    // drift.
    [[nodiscard]] std::vector<ConnectorId> takeDue(const QDateTime& now);

    static constexpr std::chrono::seconds lookAgainAfter{60};

private:
    struct Running
    {
        Job job;
        std::stop_source stop;
        bool cancelled = false; // by a person, not because the program ends
        bool pending = false; // a progress row is being written
        QElapsedTimer sinceWrite;
    };
    using RunningPointer = std::shared_ptr<Running>;

    struct Outcome
    {
        JobState state = JobState::Succeeded;
        QString sentence;
    };

    QCoro::Task<Expected<void>> run(Request request, Connector connector);
    QCoro::Task<Expected<void>> begin(RunningPointer running);
    QCoro::Task<Expected<void>> finish(Request request, RunningPointer running, Outcome outcome);
    QCoro::Task<Outcome> work(Request request, Connector connector, RunningPointer running);
    QCoro::Task<Outcome> applySettings(Request request, Connector connector, RunningPointer running);
    QCoro::Task<Outcome> deviceAction(Request request, Connector connector, RunningPointer running);
    QCoro::Task<Outcome> remove(Request request, Connector connector, RunningPointer running);
    QCoro::Task<Outcome> cleanUpFirst(Request request, Connector connector, RunningPointer running);
    QCoro::Task<Outcome> retire(Request request, Connector connector, qint64 removed, qint64 left);
    QCoro::Task<Outcome> removalFailed(Connector connector, QString why, bool cancelled);
    QCoro::Task<Outcome> deviceOutcome(WriteId id, Request request);

    using Organization = std::unique_ptr<exchange::ExchangeOrganization>;
    // Open, and the connector's own organisation: nothing is ever written to another one (CON-06).
    QCoro::Task<Expected<Organization>> openOrganization(Connector connector, std::stop_token token);
    [[nodiscard]] enforce::Apply::Dependencies with(exchange::ExchangeOrganization& organization) const;
    [[nodiscard]] static enforce::ApplyOptions options();
    [[nodiscard]] std::function<void(const enforce::ApplyProgress&)> reporter(RunningPointer running);
    QCoro::Task<Expected<void>> writeProgress(RunningPointer running);
    void noteOpen(ConnectorId connector, const enforce::ApplyOutcome& applied);
    [[nodiscard]] WriteLane& lane(ConnectorId connector);
    [[nodiscard]] Outcome failure(const Error& error, const RunningPointer& running) const;

    Dependencies m_with;
    core::Scope m_scope;
    std::map<RequestId, RunningPointer> m_running;
    std::map<ConnectorId, std::unique_ptr<WriteLane>> m_lanes;
    std::map<ConnectorId, QDateTime> m_lookAgain;
    bool m_stopping = false;
};

} // namespace postern::site

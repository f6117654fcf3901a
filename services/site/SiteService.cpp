#include "services/site/SiteService.h"

#include <QCoroFuture>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QSysInfo>

#include "models/base/ErrorText.h"
#include "services/core/Logging.h"
#include "services/site/Housekeeping.h"
#include "services/site/Leases.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/LeaseRepository.h"
#include "services/store/RequestRepository.h"
#include "services/sync/DeltaSync.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

// A progress row twice a second is what a person can follow; each is a transaction.
constexpr qint64 progressIntervalMs = 400;

// A delta that cannot begin, because there has been no full, says nothing about the server.
bool neverBegan(const Connector& before, const Job& job, const sync::SyncOutcome& outcome)
{
    return job.kind == RequestKind::SynchronizeDelta && !before.watermark && outcome.state == JobState::Failed
        && before.state != ConnectorState::Synchronizing;
}

// CON-40 after a run. A connector that never worked is Disconnected; one that worked before is Degraded and
// retried.
ConnectorState stateAfter(const Connector& before, const sync::SyncOutcome& outcome)
{
    if (outcome.state == JobState::Succeeded)
        return ConnectorState::Connected;
    if (outcome.state == JobState::Cancelled)
        return before.organizationId.isEmpty() ? ConnectorState::Installing : ConnectorState::Connected;
    const bool reachable = outcome.error && !isTransient(outcome.error->code) && outcome.mailboxes > 0;
    return before.lastFullEnd || reachable ? ConnectorState::Degraded : ConnectorState::Disconnected;
}

void copyProgress(Job& job, const sync::SyncProgress& progress)
{
    job.step = progress.step;
    job.done = progress.done;
    job.total = progress.total;
    job.devicesRead = progress.counts.devicesRead;
    job.added = progress.counts.added;
    job.changed = progress.counts.changed;
    job.removed = progress.counts.removed;
    job.notRead = progress.counts.notRead;
}

} // namespace

SiteService::SiteService(Dependencies dependencies, QObject* parent)
    : QObject(parent)
    , m_with(std::move(dependencies))
    , m_owner(newOwner())
    , m_scheduler(m_with.zone)
    , m_writes(writeDependencies())
{
    m_poll.setInterval(pollInterval);
    connect(&m_poll, &QTimer::timeout, this, &SiteService::look);
    connect(&m_with.store, &store::Store::changed, this, [this](const store::ChangeSet& changes) {
        if (changes.contains(store::Table::Request) || changes.contains(store::Table::Connector))
            wake();
        else if (changes.contains(store::Table::Job))
            look(); // progress, or a cancel; the end of a run changes its connector too
    });
}

SiteService::~SiteService() = default;

WriteJobs::Dependencies SiteService::writeDependencies()
{
    return {m_with.store, m_with.secrets, m_with.log, m_with.clock, m_with.connect, m_owner,
        [this](ConnectorId connector) { return quiesce(connector); }};
}

void SiteService::start()
{
    m_poll.start();
    wake();
}

void SiteService::wake()
{
    m_scheduler.invalidate();
    look();
}

void SiteService::look()
{
    if (m_stopping)
        return;
    m_pumpAgain = true;
    if (!m_pumping)
        m_scope.start(pump(), u"site service"_s);
}

QCoro::Task<void> SiteService::stop()
{
    m_stopping = true;
    m_poll.stop();
    for (auto& [connector, running] : m_running)
        running->stop.request_stop();
    co_await m_writes.stop();
    co_await m_scope.stop();
    const QString owner = m_owner;
    auto released = m_with.store.write([owner](store::Session& session) -> Expected<void> {
        const auto connectors = store::ConnectorRepository(session).list();
        if (!connectors)
            return fail(connectors.error());
        for (const Connector& connector : *connectors) {
            if (auto done = store::LeaseRepository(session).release(connector.id, owner); !done)
                return done;
        }
        return {};
    });
    const Expected<void> result = co_await released;
    if (!result)
        qCWarning(core::logSite).noquote()
            << "leases not released, they expire by themselves:" << result.error().toLogText();
}

QCoro::Task<Expected<void>> SiteService::pump()
{
    m_pumping = true;
    Expected<void> result;
    while (m_pumpAgain && !m_stopping) {
        m_pumpAgain = false;
        result = co_await holdLeases();
        if (result)
            result = co_await watchCancellations();
        if (result && m_with.schedules)
            result = co_await runSchedules();
        if (result)
            result = co_await askForWrites(m_writes.takeDue(m_with.clock.now()));
        if (result && m_with.schedules)
            result = co_await keepHouse();
        if (result)
            result = co_await takeRequests();
        if (!result)
            break; // the poll timer tries again
    }
    m_pumping = false;
    co_return result;
}

QCoro::Task<Expected<void>> SiteService::holdLeases()
{
    auto work = m_with.store.write([owner = m_owner, now = m_with.clock.now()](
                                       store::Session& session) { return takeLeases(session, owner, now); });
    const Expected<std::vector<ConnectorId>> held = co_await work;
    if (!held)
        co_return fail(held.error());
    m_held = std::set<ConnectorId>(held->begin(), held->end());
    std::erase_if(m_waiting, [this](const auto& waiting) { return !m_held.contains(waiting.first); });
    // A lease lost meanwhile (a suspended machine): another service may be writing; stop at once.
    for (auto& [connector, running] : m_running) {
        if (std::find(held->begin(), held->end(), connector) == held->end())
            running->stop.request_stop();
    }
    m_writes.stopExcept(m_held);
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> SiteService::watchCancellations()
{
    std::vector<JobId> jobs = m_writes.running();
    for (const auto& [connector, running] : m_running)
        jobs.push_back(running->job.id);
    if (jobs.empty())
        co_return Expected<void>{};
    auto work = m_with.store.read([jobs](store::Session& session) -> Expected<std::vector<JobId>> {
        std::vector<JobId> cancelling;
        for (const JobId id : jobs) {
            const auto job = store::JobRepository(session).find(id);
            if (!job)
                return fail(job.error());
            if (*job && (*job)->state == JobState::Cancelling)
                cancelling.push_back(id);
        }
        return cancelling;
    });
    const Expected<std::vector<JobId>> cancelling = co_await work;
    if (!cancelling)
        co_return fail(cancelling.error());
    for (auto& [connector, running] : m_running) {
        if (std::find(cancelling->begin(), cancelling->end(), running->job.id) != cancelling->end()) {
            running->cancelled = true;
            running->stop.request_stop();
        }
    }
    m_writes.cancel(*cancelling);
    co_return Expected<void>{};
}

// What was written and not seen in Exchange yet is looked at again.
QCoro::Task<Expected<void>> SiteService::askForWrites(std::vector<ConnectorId> connectors)
{
    if (connectors.empty())
        co_return Expected<void>{};
    auto work = m_with.store.write(
        [connectors, now = m_with.clock.now()](store::Session& session) -> Expected<void> {
            for (const ConnectorId connector : connectors) {
                if (auto asked = askForOpenWrites(session, connector, now); !asked)
                    return asked;
            }
            return {};
        });
    const Expected<void> asked = co_await work;
    co_return asked;
}

QCoro::Task<Expected<void>> SiteService::keepHouse()
{
    const QDateTime now = m_with.clock.now();
    if (m_houseKept.isValid() && m_houseKept <= now && m_houseKept.addDuration(houseKeepingInterval) > now)
        co_return Expected<void>{};
    m_houseKept = now;
    auto reading = m_with.store.read([now](store::Session& session) { return houseworkDue(session, now); });
    const Expected<bool> due = co_await reading;
    if (!due)
        co_return fail(due.error());
    if (!*due)
        co_return Expected<void>{};
    auto writing = m_with.store.write([now](store::Session& session) { return doHousework(session, now); });
    const Expected<void> done = co_await writing;
    co_return done;
}

// Most looks find nothing due and write nothing.
QCoro::Task<Expected<void>> SiteService::runSchedules()
{
    const QDateTime now = m_with.clock.now();
    if (!m_scheduler.isDue(now))
        co_return Expected<void>{};
    const Scheduler::Look view = m_scheduler.look(m_held, now);
    auto reading
        = m_with.store.read([view](store::Session& session) { return Scheduler::plan(session, view); });
    Expected<Scheduler::Plan> plan = co_await reading;
    if (!plan)
        co_return fail(plan.error());
    const bool writes = std::any_of(plan->items.begin(), plan->items.end(),
        [](const Scheduler::Item& item) { return item.decision.due || item.decision.overdue; });
    if (writes) {
        auto writing = m_with.store.write(
            [view](store::Session& session) { return Scheduler::carryOut(session, view); });
        plan = co_await writing;
        if (!plan)
            co_return fail(plan.error());
    }
    m_scheduler.done(*plan, view, writes);
    for (const Scheduler::Item& item : plan->items) {
        if (item.decision.deltaSkipped && m_scheduler.isNews(item))
            logSkippedDelta(item.connector);
    }
    co_return Expected<void>{};
}

void SiteService::logSkippedDelta(const Connector& connector)
{
    tracelog::TraceLine line = tracelog::lines::deltaSyncSkipped();
    line.context = connector.name;
    m_with.log.write(line);
}

QCoro::Task<Expected<void>> SiteService::takeRequests()
{
    while (!m_stopping) {
        auto work = m_with.store.write([owner = m_owner, now = m_with.clock.now()](store::Session& session) {
            return store::RequestRepository(session).takeNext(owner, now);
        });
        Expected<std::optional<Request>> request = co_await work;
        if (!request)
            co_return fail(request.error());
        if (!*request)
            co_return Expected<void>{};
        m_scope.start(runRequest(**request), u"request %1"_s.arg((*request)->id.value));
    }
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> SiteService::runRequest(Request request)
{
    auto work = m_with.store.read([id = request.connectorId](store::Session& session) {
        return store::ConnectorRepository(session).find(id);
    });
    const Expected<std::optional<Connector>> connector = co_await work;
    if (!connector)
        co_return fail(connector.error());
    if (request.kind == RequestKind::CancelJob)
        co_return co_await cancelJob(request);
    if (!*connector) {
        co_return co_await finishRequest(request, RequestState::Failed, u"The connector was removed."_s);
    }
    if (WriteJobs::handles(request.kind)) {
        m_writes.start(request, **connector);
        co_return Expected<void>{};
    }
    if ((*connector)->state == ConnectorState::Removing) {
        co_return co_await finishRequest(request, RequestState::Failed, u"The connector is being removed."_s);
    }
    if (request.kind != RequestKind::SynchronizeFull && request.kind != RequestKind::SynchronizeDelta) {
        const Error unsupported{ErrorCode::Unsupported, {}, enumText(request.kind).toString(), {}};
        co_return co_await finishRequest(request, RequestState::Failed, ErrorText::sentence(unsupported));
    }
    if (isBusy(request.connectorId))
        co_return co_await whileBusy(request, **connector);
    const Expected<void> ran = co_await runSync(request, **connector);
    startWaiting(request.connectorId);
    co_return ran;
}

// CON-43.
QCoro::Task<Expected<void>> SiteService::whileBusy(Request request, Connector connector)
{
    const RequestKind running = m_running.at(connector.id)->job.kind;
    if (request.kind == RequestKind::SynchronizeFull && running == RequestKind::SynchronizeDelta) {
        m_waiting.insert_or_assign(connector.id, request);
        co_return Expected<void>{};
    }
    if (request.kind == RequestKind::SynchronizeDelta && running == RequestKind::SynchronizeFull)
        logSkippedDelta(connector);
    const Error busy{ErrorCode::AlreadyRunning, {}, connector.name, {}};
    co_return co_await finishRequest(request, RequestState::Failed, ErrorText::sentence(busy));
}

void SiteService::startWaiting(ConnectorId connector)
{
    const auto waiting = m_waiting.find(connector);
    if (waiting == m_waiting.end() || m_stopping || isBusy(connector))
        return;
    const Request request = waiting->second;
    m_waiting.erase(waiting);
    m_scope.start(runRequest(request), u"request %1"_s.arg(request.id.value));
}

QCoro::Task<Expected<void>> SiteService::cancelJob(Request request)
{
    auto work = m_with.store.write([job = request.jobId](store::Session& session) {
        return store::JobRepository(session).requestCancel(job);
    });
    const Expected<void> asked = co_await work;
    wake();
    const QString sentence = asked ? QString() : ErrorText::sentence(asked.error());
    co_return co_await finishRequest(request, asked ? RequestState::Done : RequestState::Failed, sentence);
}

QCoro::Task<Expected<void>> SiteService::finishRequest(Request request, RequestState state, QString sentence)
{
    auto work = m_with.store.write([id = request.id, state, sentence](store::Session& session) {
        return store::RequestRepository(session).finish(id, state, sentence);
    });
    const Expected<void> result = co_await work;
    co_return result;
}

QCoro::Task<Expected<void>> SiteService::runSync(Request request, Connector connector)
{
    auto running = std::make_shared<Running>();
    running->shrinkConfirmed = QJsonDocument::fromJson(request.parameters)[u"shrinkConfirmed"_s].toBool();
    m_running.emplace(connector.id, running); // before the first await: isBusy() must not lie
    Job job;
    job.requestId = request.id;
    job.kind = request.kind;
    job.connectorId = connector.id;
    job.state = JobState::Running;
    job.step = u"connecting"_s;
    job.startedAt = m_with.clock.now();
    running->job = job;
    auto work = m_with.store.write([job, owner = m_owner, id = connector.id](
                                       store::Session& session) -> Expected<Job> {
        if (auto set = store::ConnectorRepository(session).setState(id, ConnectorState::Synchronizing, {});
            !set)
            return fail(set.error());
        return store::JobRepository(session).insert(job, owner);
    });
    const Expected<Job> inserted = co_await work;
    if (!inserted) {
        forgetRun(connector.id);
        const Expected<void> finished
            = co_await finishRequest(request, RequestState::Failed, ErrorText::sentence(inserted.error()));
        co_return finished ? Expected<void>(fail(inserted.error())) : finished;
    }
    running->job = *inserted;
    running->sinceWrite.start();
    const sync::SyncOutcome outcome = co_await synchronise(connector, running);
    const Job last = running->job;
    const Expected<void> stored = co_await finishSync(connector, last, outcome);
    forgetRun(connector.id);
    if (!stored)
        co_return stored;
    if (outcome.counts.added + outcome.counts.changed + outcome.counts.removed > 0)
        emit partnershipsChanged();
    // Not by a person: the program ends. The request stays taken, and whoever has the lease next goes on with
    // it.
    if (outcome.state == JobState::Cancelled && !running->cancelled)
        co_return Expected<void>{};
    const RequestState state = outcome.state == JobState::Succeeded ? RequestState::Done
        : outcome.state == JobState::Cancelled                      ? RequestState::Cancelled
                                                                    : RequestState::Failed;
    co_return co_await finishRequest(request, state, outcome.sentence);
}

void SiteService::forgetRun(ConnectorId connector)
{
    const auto found = m_running.find(connector);
    if (found == m_running.end())
        return;
    const std::shared_ptr<Running> running = found->second;
    m_running.erase(found);
    for (const auto& waiter : running->waiters) {
        waiter->addResult(true);
        waiter->finish();
    }
}

QCoro::Task<void> SiteService::quiesce(ConnectorId connector)
{
    m_waiting.erase(connector);
    const auto found = m_running.find(connector);
    if (found == m_running.end())
        co_return;
    auto ended = std::make_shared<QPromise<bool>>();
    ended->start();
    found->second->cancelled = true;
    found->second->waiters.push_back(ended);
    found->second->stop.request_stop();
    auto future = ended->future();
    co_await future;
}

QCoro::Task<sync::SyncOutcome> SiteService::synchronise(Connector connector, std::shared_ptr<Running> running)
{
    Expected<QString> password = QString();
    if (!connector.user.isEmpty())
        password = co_await m_with.secrets.read(connector.secretKey());
    if (!password) {
        sync::SyncOutcome outcome;
        outcome.error = password.error();
        outcome.sentence = ErrorText::sentence(password.error());
        co_return outcome;
    }
    m_with.log.addSecret(*password);
    const std::unique_ptr<exchange::ExchangeOrganization> organization = m_with.connect(connector, *password);
    sync::SyncOutcome outcome = co_await synchroniseWith(organization.get(), connector, running);
    co_await organization->close();
    co_return outcome;
}

QCoro::Task<sync::SyncOutcome> SiteService::synchroniseWith(
    exchange::ExchangeOrganization* organization, Connector connector, std::shared_ptr<Running> running)
{
    sync::SyncOptions options;
    options.machine = QSysInfo::machineHostName();
    const sync::FullSync::Dependencies with{*organization, m_with.store, m_with.log, m_with.clock};
    auto report = [this, id = connector.id](const sync::SyncProgress& progress) { onProgress(id, progress); };
    if (running->job.kind == RequestKind::SynchronizeDelta) {
        sync::DeltaSync delta(connector, with, options);
        sync::SyncOutcome outcome = co_await delta.run(std::move(report), running->stop.get_token());
        co_return outcome;
    }
    options.shrinkConfirmed = running->shrinkConfirmed;
    options.writes = [this, organization, connector](std::stop_token token) {
        return m_writes.push(organization, connector, std::move(token));
    };
    sync::FullSync full(connector, with, options);
    sync::SyncOutcome outcome = co_await full.run(std::move(report), running->stop.get_token());
    co_return outcome;
}

void SiteService::onProgress(ConnectorId connector, const sync::SyncProgress& progress)
{
    const auto found = m_running.find(connector);
    if (found == m_running.end())
        return;
    Running& running = *found->second;
    const bool newStep = running.progress.step != progress.step;
    running.progress = progress;
    if (running.progressPending || (!newStep && running.sinceWrite.elapsed() < progressIntervalMs))
        return;
    running.progressPending = true;
    running.sinceWrite.restart();
    m_scope.start(writeProgress(connector), u"progress"_s);
}

QCoro::Task<Expected<void>> SiteService::writeProgress(ConnectorId connector)
{
    const std::shared_ptr<Running> running = m_running.at(connector);
    copyProgress(running->job, running->progress);
    auto work = m_with.store.write(
        [job = running->job](store::Session& session) { return store::JobRepository(session).update(job); });
    const Expected<JobState> state = co_await work;
    running->progressPending = false;
    if (!state)
        co_return fail(state.error());
    if (*state == JobState::Cancelling) {
        running->cancelled = true;
        running->stop.request_stop();
    }
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> SiteService::finishSync(Connector connector, Job job, sync::SyncOutcome outcome)
{
    job.state = outcome.state;
    job.endedAt = m_with.clock.now();
    job.result = outcome.sentence;
    job.done = outcome.mailboxesDone;
    job.total = outcome.mailboxes;
    job.devicesRead = outcome.counts.devicesRead;
    job.added = outcome.counts.added;
    job.changed = outcome.counts.changed;
    job.removed = outcome.counts.removed;
    job.notRead = outcome.counts.notRead;
    job.needsConfirmation = outcome.needsConfirmation;
    const bool asBefore = neverBegan(connector, job, outcome);
    const ConnectorState state = asBefore ? connector.state : stateAfter(connector, outcome);
    const bool tellNextTry = m_with.schedules && outcome.state == JobState::Failed && !asBefore;
    const QString detail = asBefore         ? connector.stateDetail
        : outcome.state == JobState::Failed ? outcome.sentence
                                            : QString();
    auto work = m_with.store.write([=, zone = m_with.zone](store::Session& session) -> Expected<void> {
        if (auto finished = store::JobRepository(session).finish(job); !finished)
            return finished;
        QString said = detail;
        if (tellNextTry) {
            const auto next = nextTryText(session, job.connectorId, job.kind, zone);
            if (!next)
                return fail(next.error());
            said += next->isEmpty() ? QString() : u' ' + *next;
        }
        store::ConnectorRepository connectors(session);
        const auto now = connectors.find(job.connectorId);
        if (!now)
            return fail(now.error());
        if (!*now || (*now)->state == ConnectorState::Removing) // somebody removes it meanwhile
            return {};
        return connectors.setState(job.connectorId, state, said);
    });
    const Expected<void> result = co_await work;
    co_return result;
}

} // namespace postern::site

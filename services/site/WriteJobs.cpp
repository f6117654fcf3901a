#include "services/site/WriteJobs.h"

#include <QCoroFuture>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSysInfo>

#include "models/base/ErrorText.h"
#include "services/core/Logging.h"
#include "services/enforce/SettingsPush.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/RequestRepository.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

constexpr qint64 progressIntervalMs = 400;

} // namespace

WriteJobs::WriteJobs(Dependencies dependencies)
    : m_with(std::move(dependencies))
{
}

WriteJobs::~WriteJobs() = default;

bool WriteJobs::handles(RequestKind kind)
{
    return kind == RequestKind::ApplySettings || kind == RequestKind::RemoveConnector
        || kind == RequestKind::ClearDevice || kind == RequestKind::RemoveDevice;
}

void WriteJobs::start(const Request& request, const Connector& connector)
{
    m_scope.start(run(request, connector), u"request %1"_s.arg(request.id.value));
}

std::vector<JobId> WriteJobs::running() const
{
    std::vector<JobId> jobs;
    for (const auto& [request, running] : m_running)
        jobs.push_back(running->job.id);
    return jobs;
}

void WriteJobs::cancel(const std::vector<JobId>& jobs)
{
    for (const auto& [request, running] : m_running) {
        if (std::find(jobs.begin(), jobs.end(), running->job.id) != jobs.end()) {
            running->cancelled = true;
            running->stop.request_stop();
        }
    }
}

void WriteJobs::stopExcept(const std::set<ConnectorId>& held)
{
    for (const auto& [request, running] : m_running) {
        if (!held.contains(running->job.connectorId))
            running->stop.request_stop();
    }
}

QCoro::Task<void> WriteJobs::stop()
{
    m_stopping = true;
    for (const auto& [request, running] : m_running)
        running->stop.request_stop();
    co_await m_scope.stop();
}

WriteLane& WriteJobs::lane(ConnectorId connector)
{
    auto& lane = m_lanes[connector];
    if (!lane)
        lane = std::make_unique<WriteLane>();
    return *lane;
}

QCoro::Task<Expected<void>> WriteJobs::run(Request request, Connector connector)
{
    auto running = std::make_shared<Running>();
    running->job.requestId = request.id;
    running->job.kind = request.kind;
    running->job.connectorId = connector.id;
    running->job.state = JobState::Running;
    running->job.step = u"waiting"_s;
    running->job.startedAt = m_with.clock.now();
    running->sinceWrite.start();
    m_running.emplace(request.id, running);
    const Expected<void> begun = co_await begin(running);
    if (!begun) {
        m_running.erase(request.id);
        auto work = m_with.store.write(
            [id = request.id, sentence = ErrorText::sentence(begun.error())](store::Session& session) {
                return store::RequestRepository(session).finish(id, RequestState::Failed, sentence);
            });
        co_await work;
        co_return begun;
    }
    // What reads is ended before the lane is waited for: it may wait for the lane itself.
    if (request.kind == RequestKind::RemoveConnector)
        co_await m_with.quiesce(connector.id);
    WriteLane& mine = lane(connector.id);
    co_await mine.enter();
    const Outcome outcome = co_await work(request, connector, running);
    mine.leave();
    m_running.erase(request.id);
    const Expected<void> finished = co_await finish(request, running, outcome);
    co_return finished;
}

// The job's row, and for a removal the state that everybody sees and schedules obey.
QCoro::Task<Expected<void>> WriteJobs::begin(RunningPointer running)
{
    auto work = m_with.store.write(
        [job = running->job, owner = m_with.owner](store::Session& session) -> Expected<Job> {
            if (job.kind == RequestKind::RemoveConnector) {
                auto set = store::ConnectorRepository(session).setState(
                    job.connectorId, ConnectorState::Removing, {});
                if (!set)
                    return fail(set.error());
            }
            return store::JobRepository(session).insert(job, owner);
        });
    const Expected<Job> inserted = co_await work;
    if (!inserted)
        co_return fail(inserted.error());
    running->job = *inserted;
    co_return Expected<void>();
}

// Anew: somebody may have changed or removed the connector while this waited.
QCoro::Task<WriteJobs::Outcome> WriteJobs::work(Request request, Connector connector, RunningPointer running)
{
    auto look = m_with.store.read([id = connector.id](store::Session& session) {
        return store::ConnectorRepository(session).find(id);
    });
    const Expected<std::optional<Connector>> found = co_await look;
    Outcome outcome;
    if (!found)
        co_return failure(found.error(), running);
    if (!*found) {
        outcome.state = JobState::Failed;
        outcome.sentence = u"The connector was removed."_s;
        co_return outcome;
    }
    connector = **found;
    if (request.kind == RequestKind::RemoveConnector)
        outcome = co_await remove(request, connector, running);
    else if (connector.state == ConnectorState::Removing)
        outcome = failure(
            {ErrorCode::Conflict, u"the connector is being removed"_s, connector.name, {}}, running);
    else if (request.kind == RequestKind::ApplySettings)
        outcome = co_await applySettings(request, connector, running);
    else
        outcome = co_await deviceAction(request, connector, running);
    co_return outcome;
}

QCoro::Task<Expected<void>> WriteJobs::finish(Request request, RunningPointer running, Outcome outcome)
{
    // Not by a person: the program ends. The request stays taken, and whoever has the lease next goes on.
    const bool goesOn = outcome.state == JobState::Cancelled && !running->cancelled;
    Job job = running->job;
    job.state = outcome.state;
    job.endedAt = m_with.clock.now();
    job.result = outcome.sentence;
    auto work = m_with.store.write([=](store::Session& session) -> Expected<void> {
        if (auto finished = store::JobRepository(session).finish(job); !finished)
            return finished;
        if (goesOn)
            return {};
        const RequestState state = job.state == JobState::Succeeded ? RequestState::Done
            : job.state == JobState::Cancelled                      ? RequestState::Cancelled
                                                                    : RequestState::Failed;
        auto over = store::RequestRepository(session).finish(request.id, state, job.result);
        if (!over && over.error().code == ErrorCode::Conflict)
            return {}; // the removal of the connector, which it waited for, ended it
        return over;
    });
    const Expected<void> finished = co_await work;
    co_return finished;
}

WriteJobs::Outcome WriteJobs::failure(const Error& error, const RunningPointer& running) const
{
    Outcome outcome;
    const bool stopped = running && running->stop.stop_requested() && error.code == ErrorCode::Cancelled;
    outcome.state = stopped ? JobState::Cancelled : JobState::Failed;
    outcome.sentence = ErrorText::sentence(error);
    return outcome;
}

QCoro::Task<Expected<WriteJobs::Organization>> WriteJobs::openOrganization(
    Connector connector, std::stop_token token)
{
    Expected<QString> password = QString();
    if (!connector.user.isEmpty())
        password = co_await m_with.secrets.read(connector.secretKey());
    if (!password)
        co_return fail(password.error());
    m_with.log.addSecret(*password);
    Organization organization = m_with.connect(connector, *password);
    const Expected<OrganizationInfo> info = co_await organization->open(token);
    Expected<void> usable;
    if (!info)
        usable = fail(info.error());
    else if (info->id != connector.organizationId && !connector.organizationId.isEmpty())
        usable = fail(ErrorCode::Conflict,
            u"the server now belongs to organization %1, the connector to %2"_s.arg(
                info->name, connector.organizationName),
            organization->address());
    if (!usable) {
        co_await organization->close();
        co_return fail(usable.error());
    }
    co_return std::move(organization);
}

enforce::Apply::Dependencies WriteJobs::with(exchange::ExchangeOrganization& organization) const
{
    return {organization, m_with.store, m_with.log, m_with.clock};
}

enforce::ApplyOptions WriteJobs::options()
{
    enforce::ApplyOptions options;
    options.machine = QSysInfo::machineHostName();
    return options;
}

std::function<void(const enforce::ApplyProgress&)> WriteJobs::reporter(RunningPointer running)
{
    return [this, running](const enforce::ApplyProgress& progress) {
        running->job.step = progress.step;
        running->job.done = progress.done;
        running->job.total = progress.total;
        if (running->pending || running->sinceWrite.elapsed() < progressIntervalMs)
            return;
        running->pending = true;
        running->sinceWrite.restart();
        m_scope.start(writeProgress(running), u"progress"_s);
    };
}

QCoro::Task<Expected<void>> WriteJobs::writeProgress(RunningPointer running)
{
    auto work = m_with.store.write(
        [job = running->job](store::Session& session) { return store::JobRepository(session).update(job); });
    const Expected<JobState> state = co_await work;
    running->pending = false;
    if (!state && state.error().code == ErrorCode::Conflict)
        co_return Expected<void>(); // it ended meanwhile
    if (!state)
        co_return fail(state.error());
    if (*state == JobState::Cancelling) {
        running->cancelled = true;
        running->stop.request_stop();
    }
    co_return Expected<void>();
}

void WriteJobs::noteOpen(ConnectorId connector, const enforce::ApplyOutcome& applied)
{
    if (applied.open > 0)
        m_lookAgain[connector] = m_with.clock.now().addDuration(lookAgainAfter);
    else
        m_lookAgain.erase(connector);
}

std::vector<ConnectorId> WriteJobs::takeDue(const QDateTime& now)
{
    std::vector<ConnectorId> due;
    for (const auto& [connector, at] : m_lookAgain) {
        if (at <= now)
            due.push_back(connector);
    }
    for (const ConnectorId connector : due)
        m_lookAgain.erase(connector);
    return due;
}

QCoro::Task<WriteJobs::Outcome> WriteJobs::applySettings(
    Request request, Connector connector, RunningPointer running)
{
    const std::stop_token token = running->stop.get_token();
    const Expected<Organization> organization = co_await openOrganization(connector, token);
    if (!organization)
        co_return failure(organization.error(), running);
    enforce::PushOptions push;
    push.expected = request.requestedBy != "schedule"_L1;
    push.cause = u"settings of connector %1, asked for by %2"_s.arg(connector.name, request.requestedBy);
    push.apply = options();
    enforce::SettingsPush settings(connector, with(**organization), push);
    const Expected<enforce::PushOutcome> pushed = co_await settings.run(reporter(running), token);
    co_await (*organization)->close();
    if (!pushed)
        co_return failure(pushed.error(), running);
    noteOpen(connector.id, pushed->applied);
    if (pushed->applied.error)
        co_return failure(*pushed->applied.error, running);
    Outcome outcome;
    outcome.state = pushed->applied.failed > 0 ? JobState::Failed : JobState::Succeeded;
    outcome.sentence = pushed->sentence;
    co_return outcome;
}

QCoro::Task<Expected<QString>> WriteJobs::push(
    exchange::ExchangeOrganization* organization, Connector connector, std::stop_token token)
{
    auto look = m_with.store.read([id = connector.id](store::Session& session) -> Expected<qint64> {
        return store::WriteRepository(session).openCount(id);
    });
    const Expected<qint64> open = co_await look;
    if (!open)
        co_return fail(open.error());
    if (*open == 0 && !enforce::configuresAnything(connector.settings))
        co_return QString();
    WriteLane& mine = lane(connector.id);
    co_await mine.enter();
    enforce::PushOptions push;
    push.cause = u"settings of connector %1, full synchronization"_s.arg(connector.name);
    push.apply = options();
    enforce::SettingsPush settings(connector, with(*organization), push);
    const Expected<enforce::PushOutcome> pushed = co_await settings.run(nullptr, token);
    mine.leave();
    if (!pushed)
        co_return fail(pushed.error());
    noteOpen(connector.id, pushed->applied);
    if (pushed->applied.error)
        co_return fail(*pushed->applied.error);
    if (pushed->differences.isEmpty() && pushed->applied.confirmed == 0)
        co_return QString();
    co_return pushed->sentence;
}

} // namespace postern::site

#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonObject>

#include "app/agent/Command.h"
#include "models/base/EnumText.h"
#include "services/core/Await.h"
#include "services/store/JobRepository.h"
#include "services/store/LeaseRepository.h"
#include "services/store/RequestRepository.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

// How often the store is asked; the work may be done by another process.
constexpr std::chrono::milliseconds pollInterval{200};

struct Progress
{
    Request request;
    std::optional<Job> job;
};

Expected<Progress> readProgress(store::Session& session, RequestId id)
{
    const auto request = store::RequestRepository(session).find(id);
    if (!request)
        return fail(request.error());
    if (!*request)
        return fail(ErrorCode::NotFound, u"it was removed"_s, u"request %1"_s.arg(id.value));
    Progress progress{**request, std::nullopt};
    const auto jobs = store::JobRepository(session).list(20);
    if (!jobs)
        return fail(jobs.error());
    for (const Job& job : *jobs) {
        if (job.requestId == id)
            progress.job = job;
    }
    return progress;
}

bool isOver(RequestState state)
{
    return state == RequestState::Done || state == RequestState::Failed || state == RequestState::Cancelled;
}

QString progressLine(const QString& name, const Job& job)
{
    if (job.total < 0)
        return u"%1: %2"_s.arg(name, job.step);
    return u"%1: %2 of %3 mailboxes (%4)"_s.arg(name).arg(job.done).arg(job.total).arg(job.step);
}

// Follows a request to its end, whoever works it off. A stop cancels the job and still waits for its end.
QCoro::Task<Expected<Progress>> follow(
    site::SiteSession* session, RequestId id, QString name, Terminal* terminal, std::stop_token stop)
{
    QString last;
    bool cancelled = false;
    while (true) {
        auto work = session->store().read([id](store::Session& s) { return readProgress(s, id); });
        Expected<Progress> progress = co_await work;
        if (!progress)
            co_return progress;
        if (progress->job) {
            const QString line = progressLine(name, *progress->job);
            if (line != last)
                terminal->note(line);
            last = line;
        }
        if (isOver(progress->request.state))
            co_return progress;
        if (progress->job && stop.stop_requested() && !cancelled) {
            cancelled = true;
            co_await session->cancelJob(progress->job->id, site::SiteSession::accountName());
        }
        const std::stop_token none;
        co_await core::delay(pollInterval, none);
    }
}

QCoro::Task<void> noteForeignService(site::SiteSession* session, Connector connector, Terminal* terminal)
{
    auto work = session->store().read([id = connector.id](store::Session& s) {
        return store::LeaseRepository(s).holder(id, QDateTime::currentDateTimeUtc());
    });
    const Expected<std::optional<store::Lease>> holder = co_await work;
    if (holder && *holder && !session->owns((*holder)->owner))
        terminal->note(u"%1: the service %2 works on this connector; the request waits there."_s.arg(
            connector.name, (*holder)->owner));
}

QJsonObject toJson(const QString& name, const Progress& progress)
{
    QJsonObject json{{u"connector"_s, name}, {u"state"_s, enumText(progress.request.state).toString()},
        {u"result"_s, progress.request.result}};
    if (const auto& job = progress.job) {
        json[u"mailboxes"_s] = job->total;
        json[u"mailboxesDone"_s] = job->done;
        json[u"devices"_s] = job->devicesRead;
        json[u"added"_s] = job->added;
        json[u"changed"_s] = job->changed;
        json[u"removed"_s] = job->removed;
        json[u"notRead"_s] = job->notRead;
        json[u"startedAt"_s] = job->startedAt.toString(Qt::ISODateWithMs);
        json[u"endedAt"_s]
            = job->endedAt ? QJsonValue(job->endedAt->toString(Qt::ISODateWithMs)) : QJsonValue();
    }
    return json;
}

QCoro::Task<Expected<QJsonObject>> syncOne(site::SiteSession* session, Connector connector, RequestKind kind,
    Terminal* terminal, std::stop_token stop)
{
    Request request;
    request.kind = kind;
    request.connectorId = connector.id;
    const Expected<site::Submission> submitted = co_await session->submit(request);
    if (!submitted)
        co_return fail(submitted.error());
    if (submitted->existed)
        terminal->note(u"%1: already asked for by %2; following that one."_s.arg(
            connector.name, submitted->request.requestedBy));
    co_await noteForeignService(session, connector, terminal);
    const Expected<Progress> end
        = co_await follow(session, submitted->request.id, connector.name, terminal, stop);
    if (!end)
        co_return fail(end.error());
    if (end->request.state == RequestState::Done)
        terminal->print(u"%1: %2"_s.arg(connector.name, end->request.result));
    else
        terminal->note(u"%1: %2"_s.arg(connector.name, end->request.result));
    co_return toJson(connector.name, *end);
}

QCoro::Task<Expected<void>> syncAll(
    site::SiteSession* session, CommandLine line, RequestKind kind, Terminal* terminal, std::stop_token stop)
{
    const QString name = line.value(u"connector"_s);
    const Expected<std::vector<Connector>> connectors = co_await connectorsOf(session, name);
    if (!connectors)
        co_return fail(connectors.error());
    if (connectors->empty())
        co_return fail(ErrorCode::NotFound, u"add one with: connector add"_s, u"a connector"_s);
    QJsonArray results;
    bool failed = false;
    for (size_t i = 0; i < connectors->size(); ++i) {
        const Connector connector = connectors->at(i);
        const Expected<QJsonObject> result = co_await syncOne(session, connector, kind, terminal, stop);
        if (!result)
            co_return fail(result.error());
        failed = failed || result->value(u"state"_s).toString() != enumText(RequestState::Done);
        results.append(*result);
    }
    terminal->printJson(QJsonDocument(results));
    // The sentences have been said already, one a connector.
    if (failed)
        co_return fail(ErrorCode::Cancelled, {}, {});
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> synchronise(
    CommandLine line, RequestKind kind, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::Yes);
    if (!session)
        co_return fail(session.error());
    Expected<void> result = co_await syncAll(session->get(), line, kind, terminal, stop);
    co_await (*session)->close();
    co_return result;
}

} // namespace

QCoro::Task<Expected<void>> syncFull(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<void> result = co_await synchronise(line, RequestKind::SynchronizeFull, terminal, stop);
    co_return result;
}

QCoro::Task<Expected<void>> syncDelta(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<void> result = co_await synchronise(line, RequestKind::SynchronizeDelta, terminal, stop);
    co_return result;
}

QCoro::Task<Expected<void>> runService(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session
        = co_await openSite(line, Serve::WithSchedules);
    if (!session)
        co_return fail(session.error());
    terminal->note(u"Site %1 is served; stop with SIGINT or SIGTERM."_s.arg(line.site));
    while (co_await core::delay(std::chrono::hours(24), stop)) { }
    co_await (*session)->close();
    co_return Expected<void>{};
}

} // namespace postern::agent

#include "app/agent/commands/Follow.h"

#include <QCoroFuture>

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

Expected<Followed> readProgress(store::Session& session, RequestId id)
{
    const auto request = store::RequestRepository(session).find(id);
    if (!request)
        return fail(request.error());
    if (!*request)
        return fail(ErrorCode::NotFound, u"it was removed"_s, u"request %1"_s.arg(id.value));
    Followed progress{{}, **request, std::nullopt};
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

bool isSynchronization(RequestKind kind)
{
    return kind == RequestKind::SynchronizeFull || kind == RequestKind::SynchronizeDelta;
}

QString progressLine(const QString& name, const Job& job)
{
    if (job.total < 0)
        return u"%1: %2"_s.arg(name, job.step);
    return u"%1: %2 of %3 %5 (%4)"_s.arg(name).arg(job.done).arg(job.total).arg(
        job.step, isSynchronization(job.kind) ? u"mailboxes"_s : u"changes"_s);
}

QCoro::Task<Expected<Followed>> follow(
    site::SiteSession* session, RequestId id, QString name, Terminal* terminal, std::stop_token stop)
{
    QString last;
    bool cancelled = false;
    while (true) {
        auto work = session->store().read([id](store::Session& s) { return readProgress(s, id); });
        Expected<Followed> progress = co_await work;
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

} // namespace

QCoro::Task<Expected<Followed>> askAndFollow(site::SiteSession* session, Connector connector, Request request,
    Terminal* terminal, std::stop_token stop)
{
    request.connectorId = connector.id;
    const Expected<site::Submission> submitted = co_await session->submit(request);
    if (!submitted)
        co_return fail(submitted.error());
    if (submitted->existed)
        terminal->note(u"%1: already asked for by %2; following that one."_s.arg(
            connector.name, submitted->request.requestedBy));
    co_await noteForeignService(session, connector, terminal);
    Expected<Followed> end = co_await follow(session, submitted->request.id, connector.name, terminal, stop);
    if (!end)
        co_return end;
    end->connector = connector.name;
    const QString sentence = u"%1: %2"_s.arg(connector.name, end->request.result);
    if (end->isDone())
        terminal->print(sentence);
    else
        terminal->note(sentence);
    co_return end;
}

QJsonObject toJson(const Followed& followed)
{
    QJsonObject json{{u"connector"_s, followed.connector},
        {u"state"_s, enumText(followed.request.state).toString()}, {u"result"_s, followed.request.result}};
    const auto& job = followed.job;
    if (!job)
        return json;
    const bool sync = isSynchronization(job->kind);
    json[sync ? u"mailboxes"_s : u"writes"_s] = job->total;
    json[sync ? u"mailboxesDone"_s : u"writesDone"_s] = job->done;
    if (sync) {
        json[u"devices"_s] = job->devicesRead;
        json[u"added"_s] = job->added;
        json[u"changed"_s] = job->changed;
        json[u"removed"_s] = job->removed;
        json[u"notRead"_s] = job->notRead;
        json[u"needsConfirmation"_s] = job->needsConfirmation;
    }
    json[u"startedAt"_s] = job->startedAt.toString(Qt::ISODateWithMs);
    json[u"endedAt"_s] = job->endedAt ? QJsonValue(job->endedAt->toString(Qt::ISODateWithMs)) : QJsonValue();
    return json;
}

} // namespace postern::agent

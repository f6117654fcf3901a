#include "services/store/JobRepository.h"

#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

const std::string& selectJobs()
{
    static const std::string sql = "SELECT id, request_id, kind, connector_id, state, step, done, total, "
                                   "started_at, ended_at, devices_read,"
                                   " added, changed, removed, not_read, result, needs_confirmation FROM job ";
    return sql;
}

Job jobOf(const Query& row)
{
    Job job;
    job.id = row.id<JobTag>(0);
    job.requestId = row.id<RequestTag>(1);
    job.kind = row.enumeration(2, RequestKind::SynchronizeFull);
    job.connectorId = row.id<ConnectorTag>(3);
    job.state = row.enumeration(4, JobState::Failed);
    job.step = row.text(5);
    job.done = row.integer(6);
    job.total = row.integer(7);
    job.startedAt = row.time(8).value_or(QDateTime());
    job.endedAt = row.time(9);
    job.devicesRead = row.integer(10);
    job.added = row.integer(11);
    job.changed = row.integer(12);
    job.removed = row.integer(13);
    job.notRead = row.integer(14);
    job.result = row.text(15);
    job.needsConfirmation = row.flag(16);
    return job;
}

void bindProgress(Query& query, const Job& job)
{
    query.bind(":state", job.state).bind(":step", job.step).bind(":done", job.done).bind(":total", job.total);
    query.bind(":devices_read", job.devicesRead).bind(":added", job.added).bind(":changed", job.changed);
    query.bind(":removed", job.removed).bind(":not_read", job.notRead);
}

Expected<void> collect(Query& query, std::vector<Job>& jobs)
{
    while (query.next())
        jobs.push_back(jobOf(query));
    return query.result();
}

} // namespace

Expected<Job> JobRepository::insert(Job job, const QString& owner)
{
    if (auto revision = m_session.touch(Table::Job); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "INSERT INTO job (request_id, kind, connector_id, owner, state, step, done, total, started_at, "
        "devices_read,"
        " added, changed, removed, not_read, result) VALUES (:request, :kind, :connector, :owner, :state, "
        ":step, :done,"
        " :total, :started_at, :devices_read, :added, :changed, :removed, :not_read, '') RETURNING id");
    bindProgress(query, job);
    query.bind(":request", job.requestId).bind(":kind", job.kind).bind(":connector", job.connectorId);
    query.bind(":owner", owner).bind(":started_at", job.startedAt);
    if (query.next())
        job.id = query.id<JobTag>(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return job;
}

Expected<JobState> JobRepository::update(const Job& job)
{
    if (auto revision = m_session.touch(Table::Job); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE job SET state = CASE WHEN state = 'Cancelling' THEN state ELSE :state END, step = :step, "
        "done = :done,"
        " total = :total, devices_read = :devices_read, added = :added, changed = :changed, removed = "
        ":removed,"
        " not_read = :not_read WHERE id = :id AND ended_at IS NULL RETURNING state");
    bindProgress(query, job);
    query.bind(":id", job.id.value);
    const bool row = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    if (!row)
        return fail(ErrorCode::Conflict, u"the job is over already"_s);
    return query.enumeration(0, JobState::Running);
}

Expected<void> JobRepository::requestCancel(JobId id)
{
    if (auto revision = m_session.touch(Table::Job); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "UPDATE job SET state = 'Cancelling' WHERE id = :id AND ended_at IS NULL");
    if (auto done = query.bind(":id", id.value).run(); !done || query.affected() == 1)
        return done;
    return fail(ErrorCode::Conflict, u"the job is over already"_s);
}

Expected<void> JobRepository::finish(const Job& job)
{
    if (!job.isOver() || !job.endedAt)
        return fail(ErrorCode::InvalidInput, u"a finished job has an end state and an end time"_s);
    if (auto revision = m_session.touch(Table::Job); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE job SET state = :state, step = :step, done = :done, total = :total, devices_read = "
        ":devices_read,"
        " added = :added, changed = :changed, removed = :removed, not_read = :not_read, ended_at = :ended_at,"
        " result = :result, needs_confirmation = :needs_confirmation WHERE id = :id AND ended_at IS NULL");
    query.bind(":needs_confirmation", job.needsConfirmation);
    bindProgress(query, job);
    query.bind(":ended_at", job.endedAt).bind(":result", job.result).bind(":id", job.id.value);
    if (auto done = query.run(); !done || query.affected() == 1)
        return done;
    return fail(ErrorCode::Conflict, u"the job is over already"_s);
}

Expected<int> JobRepository::failAbandoned(ConnectorId connector, const QString& owner, const QDateTime& now)
{
    if (auto revision = m_session.touch(Table::Job); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE job SET state = 'Failed', ended_at = :now, result = 'The service that ran it stopped before "
        "its end.'"
        " WHERE connector_id = :connector AND owner <> :owner AND ended_at IS NULL");
    query.bind(":now", now).bind(":connector", connector.value).bind(":owner", owner);
    if (auto done = query.run(); !done)
        return tl::unexpected(done.error());
    return int(query.affected());
}

Expected<std::vector<Job>> JobRepository::list(int finishedLimit)
{
    static const std::string open = selectJobs() + "WHERE ended_at IS NULL ORDER BY id DESC";
    static const std::string ended
        = selectJobs() + "WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT :limit";
    std::vector<Job> jobs;
    Query running(m_session, Sql::constant(open));
    if (auto done = collect(running, jobs); !done)
        return tl::unexpected(done.error());
    Query finished(m_session, Sql::constant(ended));
    finished.bind(":limit", finishedLimit);
    if (auto done = collect(finished, jobs); !done)
        return tl::unexpected(done.error());
    return jobs;
}

Expected<std::optional<Job>> JobRepository::find(JobId id)
{
    static const std::string sql = selectJobs() + "WHERE id = :id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", id.value);
    std::optional<Job> found;
    if (query.next())
        found = jobOf(query);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<std::vector<Job>> JobRepository::latest(ConnectorId connector, RequestKind kind, int limit)
{
    static const std::string sql
        = selectJobs() + "WHERE connector_id = :connector AND kind = :kind ORDER BY id DESC LIMIT :limit";
    Query query(m_session, Sql::constant(sql));
    query.bind(":connector", connector.value).bind(":kind", kind).bind(":limit", limit);
    std::vector<Job> jobs;
    if (auto done = collect(query, jobs); !done)
        return tl::unexpected(done.error());
    return jobs;
}

Expected<std::optional<Job>> JobRepository::latestSucceeded(ConnectorId connector, RequestKind kind)
{
    static const std::string sql = selectJobs()
        + "WHERE connector_id = :connector AND kind = :kind AND state = 'Succeeded' ORDER BY id DESC LIMIT 1";
    Query query(m_session, Sql::constant(sql));
    query.bind(":connector", connector.value).bind(":kind", kind);
    std::vector<Job> jobs;
    if (auto done = collect(query, jobs); !done)
        return tl::unexpected(done.error());
    return jobs.empty() ? std::nullopt : std::optional<Job>(std::move(jobs.front()));
}

Expected<int> JobRepository::prune(const QDateTime& endedBefore)
{
    if (auto revision = m_session.touch(Table::Job); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "DELETE FROM job WHERE ended_at < :before");
    if (auto done = query.bind(":before", endedBefore).run(); !done)
        return tl::unexpected(done.error());
    return int(query.affected());
}

} // namespace postern::store

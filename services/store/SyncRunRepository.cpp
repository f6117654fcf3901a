#include "services/store/SyncRunRepository.h"

#include "services/store/Query.h"
#include "services/store/SyncRunIds.h"

using namespace Qt::StringLiterals;

namespace postern::store {

Expected<void> addRunIds(Session& session, SyncRunId run, SeenKind kind, std::vector<qint64> ids)
{
    if (ids.empty())
        return {};
    Query query(session, "INSERT INTO sync_run_ids (run_id, kind, ids) VALUES (:run, :kind, :ids)");
    return query.bind(":run", run.value).bind(":kind", int(kind)).bind(":ids", packIds(std::move(ids))).run();
}

Expected<void> eachRunId(
    Session& session, SyncRunId run, SeenKind kind, const std::function<void(qint64)>& each)
{
    Query query(session, "SELECT ids FROM sync_run_ids WHERE run_id = :run AND kind = :kind");
    query.bind(":run", run.value).bind(":kind", int(kind)).stream();
    while (query.next()) {
        if (auto unpacked = unpackIds(query.bytes(0), each); !unpacked)
            return unpacked;
    }
    return query.result();
}

Expected<void> forgetRunIds(Session& session, SyncRunId run, SeenKind kind)
{
    Query query(session, "DELETE FROM sync_run_ids WHERE run_id = :run AND kind = :kind");
    return query.bind(":run", run.value).bind(":kind", int(kind)).run();
}

Expected<SyncRun> SyncRunRepository::begin(SyncRun run)
{
    if (auto revision = m_session.touch(Table::SyncRun); !revision)
        return tl::unexpected(revision.error());
    auto present = unfinished(run.connectorId);
    if (!present)
        return tl::unexpected(present.error());
    if (*present)
        return fail(ErrorCode::Conflict,
            u"the connector has an unfinished run, started %1"_s.arg(
                (*present)->startedAt.toString(Qt::ISODate)));
    Query query(m_session,
        "INSERT INTO sync_run (connector_id, job_id, kind, step, started_at, mailboxes_complete, "
        "partnerships_complete)"
        " VALUES (:connector, :job, :kind, :step, :started_at, :mailboxes, :partnerships) RETURNING id");
    query.bind(":connector", run.connectorId.value).bind(":job", run.jobId).bind(":kind", run.kind);
    query.bind(":step", run.step).bind(":started_at", run.startedAt);
    query.bind(":mailboxes", run.mailboxesComplete).bind(":partnerships", run.partnershipsComplete);
    if (query.next())
        run.id = query.id<SyncRunTag>(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return run;
}

Expected<std::optional<SyncRun>> SyncRunRepository::unfinished(ConnectorId connector)
{
    Query query(m_session,
        "SELECT id, job_id, kind, step, started_at, mailboxes_complete, partnerships_complete FROM sync_run"
        " WHERE connector_id = :connector");
    query.bind(":connector", connector.value);
    std::optional<SyncRun> found;
    if (query.next())
        found = SyncRun{query.id<SyncRunTag>(0), connector, query.id<JobTag>(1),
            query.enumeration(2, SyncKind::Full), query.text(3), query.time(4).value_or(QDateTime()),
            query.flag(5), query.flag(6)};
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<void> SyncRunRepository::update(const SyncRun& run)
{
    if (auto revision = m_session.touch(Table::SyncRun); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE sync_run SET job_id = :job, step = :step, mailboxes_complete = :mailboxes,"
        " partnerships_complete = :partnerships WHERE id = :id");
    query.bind(":job", run.jobId).bind(":step", run.step).bind(":id", run.id.value);
    query.bind(":mailboxes", run.mailboxesComplete).bind(":partnerships", run.partnershipsComplete);
    if (auto done = query.run(); !done || query.affected() == 1)
        return done;
    return fail(ErrorCode::NotFound, u"the run was finished or abandoned"_s);
}

Expected<void> SyncRunRepository::restartMailboxes(SyncRunId run)
{
    Query query(m_session, "UPDATE sync_run SET mailboxes_complete = 0 WHERE id = :id");
    if (auto done = query.bind(":id", run.value).run(); !done)
        return done;
    return forgetRunIds(m_session, run, SeenKind::Mailboxes);
}

Expected<void> SyncRunRepository::restartPartnerships(SyncRunId run)
{
    Query query(m_session, "UPDATE sync_run SET partnerships_complete = 0 WHERE id = :id");
    if (auto done = query.bind(":id", run.value).run(); !done)
        return done;
    return forgetRunIds(m_session, run, SeenKind::Partnerships);
}

Expected<void> SyncRunRepository::finish(SyncRunId run)
{
    return remove(run);
}

Expected<void> SyncRunRepository::abandon(SyncRunId run)
{
    return remove(run);
}

Expected<void> SyncRunRepository::remove(SyncRunId run)
{
    if (auto revision = m_session.touch(Table::SyncRun); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "DELETE FROM sync_run WHERE id = :id");
    return query.bind(":id", run.value).run();
}

Expected<void> SyncRunRepository::markMailboxesDone(SyncRunId run, std::span<const MailboxId> mailboxes)
{
    std::vector<qint64> ids;
    ids.reserve(mailboxes.size());
    for (const MailboxId id : mailboxes)
        ids.push_back(id.value);
    return addRunIds(m_session, run, SeenKind::StatisticsDone, std::move(ids));
}

Expected<std::vector<MailboxId>> SyncRunRepository::doneMailboxes(SyncRunId run)
{
    std::vector<MailboxId> done;
    const auto each = [&done](qint64 id) { done.push_back({id}); };
    if (auto read = eachRunId(m_session, run, SeenKind::StatisticsDone, each); !read)
        return tl::unexpected(read.error());
    std::sort(done.begin(), done.end());
    done.erase(std::unique(done.begin(), done.end()), done.end());
    return done;
}

} // namespace postern::store

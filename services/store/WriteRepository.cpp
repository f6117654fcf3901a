#include "services/store/WriteRepository.h"

#include <set>

#include "services/store/ListEntryRepository.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

const std::string& selectWrites()
{
    static const std::string sql
        = "SELECT id, connector_id, mailbox_id, request_id, origin, cause, stage, content, command, state,"
          " attempts, planned_at, sent_at, applied_at, confirmed_at, expires_at, problem"
          " FROM exchange_write ";
    return sql;
}

// An entry whose content is not understood (a newer Postern wrote it) cannot be applied, and says so.
JournalEntry entryOf(const Query& row)
{
    JournalEntry entry;
    WriteRecord& record = entry.record;
    record.id = row.id<WriteTag>(0);
    record.connectorId = row.id<ConnectorTag>(1);
    record.mailboxId = row.id<MailboxTag>(2);
    entry.requestId = row.id<RequestTag>(3);
    record.origin = row.enumeration(4, WriteOrigin::Settings);
    record.cause = row.text(5);
    entry.stage = row.number(6);
    record.commandText = row.text(8);
    record.state = row.enumeration(9, WriteState::Failed);
    record.attempts = row.number(10);
    record.plannedAt = row.time(11).value_or(QDateTime());
    record.sentAt = row.time(12);
    record.appliedAt = row.time(13);
    record.confirmedAt = row.time(14);
    entry.expiresAt = row.time(15);
    record.problem = row.text(16);
    if (auto write = exchangeWriteFromJson(row.text(7).toUtf8()))
        record.write = std::move(*write);
    else
        record.problem = write.error().toLogText();
    return entry;
}

Expected<std::vector<JournalEntry>> collect(Query& query)
{
    std::vector<JournalEntry> entries;
    while (query.next())
        entries.push_back(entryOf(query));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return entries;
}

Expected<std::vector<WriteRecord>> recordsOf(Expected<std::vector<JournalEntry>> entries)
{
    if (!entries)
        return tl::unexpected(entries.error());
    std::vector<WriteRecord> records;
    for (JournalEntry& entry : *entries)
        records.push_back(std::move(entry.record));
    return records;
}

// A step of an entry that is open; Conflict when it is over, so that nothing is ever sent for it.
Expected<void> step(Query& query, WriteId id)
{
    if (auto done = query.bind(":id", id.value).run(); !done)
        return done;
    if (query.affected() != 1)
        return fail(ErrorCode::Conflict, u"it is over already"_s, u"write %1"_s.arg(id.value));
    return {};
}

} // namespace

Expected<std::vector<WriteId>> WriteRepository::plan(
    ConnectorId connector, const std::vector<PlannedWrite>& writes, const QDateTime& now)
{
    std::vector<WriteId> ids;
    if (writes.empty())
        return ids;
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    ListEntryRepository entries(m_session);
    for (PlannedWrite planned : writes) {
        if (auto* list = std::get_if<ListWrite>(&planned.write)) {
            if (!planned.mailboxId.isValid())
                return fail(ErrorCode::InvalidInput, u"a list write names its mailbox"_s);
            if (planned.origin != WriteOrigin::Operator) {
                const auto spared = entries.spareForeign(planned.mailboxId, *list);
                if (!spared)
                    return tl::unexpected(spared.error());
            }
            if (list->isEmpty())
                continue;
        }
        const auto id = planOne(connector, planned, now);
        if (!id)
            return tl::unexpected(id.error());
        ids.push_back(*id);
    }
    return ids;
}

Expected<WriteId> WriteRepository::planOne(
    ConnectorId connector, const PlannedWrite& planned, const QDateTime& now)
{
    const QString content = QString::fromUtf8(toJson(planned.write));
    std::vector<WriteId> older;
    {
        Query query(m_session,
            "SELECT id, state, content FROM exchange_write WHERE connector_id = :connector AND"
            " ended_at IS NULL AND kind = :kind AND target = :target AND origin = :origin ORDER BY id");
        query.bind(":connector", connector.value).bind(":kind", kindOf(planned.write));
        query.bind(":target", targetOf(planned.write)).bind(":origin", planned.origin);
        WriteId same;
        while (query.next()) {
            if (query.text(2) == content)
                same = query.id<WriteTag>(0);
            else if (query.enumeration(1, WriteState::Sent) == WriteState::Planned)
                older.push_back(query.id<WriteTag>(0));
        }
        if (auto result = query.result(); !result)
            return tl::unexpected(result.error());
        if (same.isValid())
            return same;
    }
    if (planned.origin != WriteOrigin::Operator) {
        for (const WriteId id : older) {
            Query query(
                m_session, "UPDATE exchange_write SET state = 'Superseded', ended_at = :now WHERE id = :id");
            if (auto done = query.bind(":now", now).bind(":id", id.value).run(); !done)
                return tl::unexpected(done.error());
        }
    }
    return insert(connector, planned, now);
}

Expected<WriteId> WriteRepository::insert(
    ConnectorId connector, const PlannedWrite& planned, const QDateTime& now)
{
    Query query(m_session,
        "INSERT INTO exchange_write (connector_id, mailbox_id, request_id, origin, cause, kind, target,"
        " stage, content, state, planned_at, expires_at) VALUES (:connector, :mailbox, :request, :origin,"
        " :cause, :kind, :target, :stage, :content, 'Planned', :now, :expires) RETURNING id");
    query.bind(":connector", connector).bind(":mailbox", planned.mailboxId);
    query.bind(":request", planned.requestId).bind(":origin", planned.origin);
    query.bind(":cause", planned.cause).bind(":kind", kindOf(planned.write));
    query.bind(":target", targetOf(planned.write)).bind(":stage", planned.stage);
    query.bind(":content", QString::fromUtf8(toJson(planned.write))).bind(":now", now);
    query.bind(":expires", planned.expiresAt);
    WriteId id;
    if (query.next())
        id = query.id<WriteTag>(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return id;
}

Expected<std::vector<JournalEntry>> WriteRepository::open(ConnectorId connector)
{
    static const std::string sql
        = selectWrites() + "WHERE connector_id = :connector AND ended_at IS NULL ORDER BY stage, id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":connector", connector.value);
    return collect(query);
}

Expected<qint64> WriteRepository::openCount(ConnectorId connector)
{
    Query query(m_session,
        "SELECT count(*) FROM exchange_write WHERE connector_id = :connector AND ended_at IS NULL");
    query.bind(":connector", connector.value);
    qint64 count = 0;
    if (query.next())
        count = query.integer(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return count;
}

Expected<std::optional<JournalEntry>> WriteRepository::find(WriteId id)
{
    static const std::string sql = selectWrites() + "WHERE id = :id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", id.value);
    auto found = collect(query);
    if (!found)
        return tl::unexpected(found.error());
    return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Expected<std::vector<WriteRecord>> WriteRepository::list(ConnectorId connector, int limit)
{
    static const std::string sql
        = selectWrites() + "WHERE connector_id = :connector ORDER BY id DESC LIMIT :limit";
    Query query(m_session, Sql::constant(sql));
    query.bind(":connector", connector.value).bind(":limit", limit);
    return recordsOf(collect(query));
}

Expected<std::vector<WriteRecord>> WriteRepository::confirmedOnes(
    ConnectorId connector, const QString& kind, const QString& target, int limit)
{
    static const std::string sql = selectWrites()
        + "WHERE connector_id = :connector AND kind = :kind AND target = :target AND state = 'Confirmed'"
          " ORDER BY id DESC LIMIT :limit";
    Query query(m_session, Sql::constant(sql));
    query.bind(":connector", connector.value).bind(":kind", kind).bind(":target", target);
    query.bind(":limit", limit);
    return recordsOf(collect(query));
}

Expected<void> WriteRepository::sent(
    WriteId id, const ExchangeWrite& write, const QString& command, const QDateTime& at)
{
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE exchange_write SET state = 'Sent', attempts = attempts + 1, content = :content,"
        " command = :command, sent_at = :at, applied_at = NULL WHERE id = :id AND ended_at IS NULL");
    query.bind(":content", QString::fromUtf8(toJson(write))).bind(":command", command).bind(":at", at);
    return step(query, id);
}

Expected<void> WriteRepository::applied(WriteId id, const QDateTime& at)
{
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE exchange_write SET state = 'Applied', applied_at = :at, problem = ''"
        " WHERE id = :id AND ended_at IS NULL");
    query.bind(":at", at);
    return step(query, id);
}

Expected<void> WriteRepository::confirmed(WriteId id, const Confirmation& seen)
{
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    const auto entry = find(id);
    if (!entry)
        return tl::unexpected(entry.error());
    if (!*entry)
        return fail(ErrorCode::NotFound, {}, u"write %1"_s.arg(id.value));
    Query query(m_session,
        "UPDATE exchange_write SET state = 'Confirmed', applied_at = coalesce(applied_at, :at),"
        " confirmed_at = :at, ended_at = :at, problem = '' WHERE id = :id AND ended_at IS NULL");
    query.bind(":at", seen.at);
    if (auto done = step(query, id); !done)
        return done;
    const WriteRecord& record = (*entry)->record;
    if (!seen.phones.empty() && record.mailboxId.isValid()) {
        std::vector<StatisticsRow> rows;
        for (const PartnershipStatistics& phone : seen.phones)
            rows.push_back({record.mailboxId, phone});
        const auto applied
            = PartnershipRepository(m_session).applyStatistics(record.connectorId, rows, seen.at);
        if (!applied)
            return tl::unexpected(applied.error());
    }
    if (auto done = ListEntryRepository(m_session).record(record, (*entry)->expiresAt); !done)
        return done;
    if (auto done = recordRules(record, seen); !done)
        return done;
    return seen.lists ? recordLists(record.mailboxId, *seen.lists) : Expected<void>();
}

Expected<void> WriteRepository::recordRules(const WriteRecord& record, const Confirmation& seen)
{
    if (const auto* create = std::get_if<AccessRuleCreate>(&record.write)) {
        Query query(m_session,
            "INSERT INTO written_rule (connector_id, characteristic, query_key, identity, write_id)"
            " VALUES (:connector, :characteristic, :key, :identity, :write)"
            " ON CONFLICT (connector_id, characteristic, query_key) DO UPDATE SET"
            " identity = excluded.identity, write_id = excluded.write_id");
        query.bind(":connector", record.connectorId.value);
        query.bind(":characteristic", create->rule.characteristic);
        query.bind(":key", create->rule.query.trimmed().toCaseFolded()).bind(":identity", seen.ruleIdentity);
        return query.bind(":write", record.id.value).run();
    }
    if (const auto* remove = std::get_if<AccessRuleRemove>(&record.write)) {
        Query query(
            m_session, "DELETE FROM written_rule WHERE connector_id = :connector AND identity = :identity");
        query.bind(":connector", record.connectorId.value).bind(":identity", remove->identity);
        return query.run();
    }
    return {};
}

// The next listing compares with this row; its hash is not that of any row, so it is written then.
Expected<void> WriteRepository::recordLists(MailboxId mailbox, const MailboxLists& lists)
{
    const auto revision = m_session.touch(Table::Mailbox);
    if (!revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE mailbox SET allowed_ids = :allowed, blocked_ids = :blocked, content_hash = 0,"
        " revision = :revision WHERE id = :id");
    query.bind(":allowed", lists.allowedIds).bind(":blocked", lists.blockedIds);
    return query.bind(":revision", *revision).bind(":id", mailbox.value).run();
}

Expected<void> WriteRepository::plannedAgain(WriteId id, const QString& problem)
{
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE exchange_write SET state = 'Planned', applied_at = NULL, problem = :problem"
        " WHERE id = :id AND ended_at IS NULL");
    query.bind(":problem", problem);
    return step(query, id);
}

Expected<void> WriteRepository::problem(WriteId id, const QString& problem)
{
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    Query query(
        m_session, "UPDATE exchange_write SET problem = :problem WHERE id = :id AND ended_at IS NULL");
    query.bind(":problem", problem);
    return step(query, id);
}

Expected<void> WriteRepository::failed(WriteId id, const QString& problem, const QDateTime& at)
{
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE exchange_write SET state = 'Failed', problem = :problem, ended_at = :at"
        " WHERE id = :id AND ended_at IS NULL");
    query.bind(":problem", problem).bind(":at", at);
    return step(query, id);
}

Expected<int> WriteRepository::supersede(
    ConnectorId connector, WriteOrigin except, const QString& why, const QDateTime& at)
{
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE exchange_write SET state = 'Superseded', problem = :why, ended_at = :at"
        " WHERE connector_id = :connector AND state = 'Planned' AND origin <> :except");
    query.bind(":why", why).bind(":at", at).bind(":connector", connector.value).bind(":except", except);
    if (auto done = query.run(); !done)
        return tl::unexpected(done.error());
    return int(query.affected());
}

Expected<int> WriteRepository::supersedeOthers(
    ConnectorId connector, WriteOrigin origin, const std::vector<WriteId>& keep, const QDateTime& at)
{
    const auto entries = open(connector);
    if (!entries)
        return tl::unexpected(entries.error());
    int count = 0;
    const std::set<WriteId> kept(keep.begin(), keep.end());
    for (const JournalEntry& entry : *entries) {
        const WriteRecord& record = entry.record;
        if (record.origin != origin || record.state != WriteState::Planned || kept.contains(record.id))
            continue;
        if (auto revision = m_session.touch(Table::Write); !revision)
            return tl::unexpected(revision.error());
        Query query(
            m_session, "UPDATE exchange_write SET state = 'Superseded', ended_at = :at WHERE id = :id");
        if (auto done = query.bind(":at", at).bind(":id", record.id.value).run(); !done)
            return tl::unexpected(done.error());
        ++count;
    }
    return count;
}

Expected<int> WriteRepository::abandon(ConnectorId connector, const QDateTime& at)
{
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE exchange_write SET ended_at = :at,"
        " state = CASE WHEN state = 'Planned' THEN 'Superseded' ELSE 'Failed' END,"
        " problem = 'The connector was removed.' WHERE connector_id = :connector AND ended_at IS NULL");
    query.bind(":at", at).bind(":connector", connector.value);
    if (auto done = query.run(); !done)
        return tl::unexpected(done.error());
    return int(query.affected());
}

Expected<int> WriteRepository::prune(const QDateTime& endedBefore)
{
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    // What an entry of a list is there for stays known as long as the entry.
    Query query(m_session,
        "DELETE FROM exchange_write WHERE ended_at < :before AND id NOT IN (SELECT write_id FROM list_entry)"
        " AND id NOT IN (SELECT write_id FROM written_rule)");
    if (auto done = query.bind(":before", endedBefore).run(); !done)
        return tl::unexpected(done.error());
    return int(query.affected());
}

Expected<std::vector<WriteRepository::RuleKey>> WriteRepository::writtenRules(ConnectorId connector)
{
    Query query(m_session,
        "SELECT characteristic, query_key FROM written_rule WHERE connector_id = :connector"
        " ORDER BY characteristic, query_key");
    query.bind(":connector", connector.value);
    std::vector<RuleKey> keys;
    while (query.next())
        keys.emplace_back(query.enumeration(0, AccessRuleCharacteristic::DeviceType), query.text(1));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return keys;
}

} // namespace postern::store

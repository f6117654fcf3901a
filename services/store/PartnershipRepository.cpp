#include "services/store/PartnershipRepository.h"

#include "services/store/IdList.h"
#include "services/store/PartnershipIndex.h"
#include "services/store/PartnershipPage.h"
#include "services/store/PartnershipStatisticsUpdate.h"
#include "services/store/SyncRunIds.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

// Keep a small index for the next run; a large one costs more memory than the quarter second of loading it.
constexpr std::size_t keptIndexBytes = 16 * 1024 * 1024;

const std::string& selectStored()
{
    static const std::string sql
        = "SELECT p.id, p.connector_id, p.mailbox_id, p.eas_device_id, p.device_identity, m.identity, p.guid,"
          " p.device_type, p.device_model, p.friendly_name, p.device_os, p.user_agent, p.client_type,"
          " p.client_type_text, p.client_version, p.imei, p.phone_number, p.mobile_operator, p.first_sync,"
          " p.access_state, p.access_reason, p.access_reason_text, p.access_control_rule, p.when_changed,"
          " p.last_policy_update, p.last_sync_attempt, p.last_success_sync, p.policy_applied, "
          "p.policy_status,"
          " p.wipe_status, p.wipe_requested_by, p.remote_wipe_supported, p.status_note, p.folders_synced, "
          "p.as_of,"
          " p.gone_since, p.stale, p.revision FROM partnership p JOIN mailbox m ON m.id = p.mailbox_id ";
    return sql;
}

void readListing(const Query& row, Partnership& p)
{
    p.easDeviceId = EasDeviceId(row.text(3));
    p.deviceIdentity = row.text(4);
    p.ownerIdentity = row.text(5);
    p.guid = row.uuid(6);
    p.deviceType = row.text(7);
    p.deviceModel = row.text(8);
    p.friendlyName = row.text(9);
    p.deviceOS = row.text(10);
    p.userAgent = row.text(11);
    p.clientType = ClientType(row.number(12));
    p.clientTypeText = row.text(13);
    p.clientVersion = row.text(14);
    p.imei = row.text(15);
    p.phoneNumber = row.text(16);
    p.mobileOperator = row.text(17);
    p.firstSyncTime = row.time(18);
    p.accessState = AccessState(row.number(19));
    p.accessStateReason = AccessStateReason(row.number(20));
    p.accessStateReasonText = row.text(21);
    p.accessControlRule = row.text(22);
    p.whenChanged = row.time(23);
}

void readStatistics(const Query& row, const Partnership& p, PartnershipStatistics& s)
{
    s.easDeviceId = p.easDeviceId;
    s.deviceIdentity = p.deviceIdentity;
    s.ownerIdentity = p.ownerIdentity;
    s.firstSyncTime = p.firstSyncTime;
    s.lastPolicyUpdate = row.time(24);
    s.lastSyncAttempt = row.time(25);
    s.lastSuccessSync = row.time(26);
    s.policyApplied = row.text(27);
    s.policyApplicationStatus = row.text(28);
    s.wipeStatus = WipeStatus(row.number(29));
    s.wipeRequestedBy = row.text(30);
    s.isRemoteWipeSupported = row.flag(31);
    s.statusNote = row.text(32);
    s.foldersSynced = row.number(33);
    s.accessState = p.accessState;
    s.accessStateReason = p.accessStateReason;
    s.accessStateReasonText = p.accessStateReasonText;
}

Expected<std::optional<StoredPartnership>> oneOf(Query& query)
{
    std::optional<StoredPartnership> found;
    if (query.next()) {
        found.emplace();
        found->id = query.id<PartnershipTag>(0);
        found->connectorId = query.id<ConnectorTag>(1);
        found->mailboxId = query.id<MailboxTag>(2);
        readListing(query, found->partnership);
        readStatistics(query, found->partnership, found->statistics);
        found->asOf = query.time(34);
        found->goneSince = query.time(35);
        found->stale = query.flag(36);
        found->revision = query.integer(37);
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

// content_hash 0 marks gone ones, so that the digest index answers alone.
Expected<std::vector<qint64>> unseen(Session& session, ConnectorId connector, SyncRunId run)
{
    if (!run.isValid())
        return fail(ErrorCode::InvalidInput, u"only a full sync may say what is gone"_s);
    IdBitmap seen;
    if (auto read = eachRunId(session, run, SeenKind::Partnerships, [&seen](qint64 id) { seen.add(id); });
        !read)
        return tl::unexpected(read.error());
    std::vector<qint64> ids;
    Query query(session,
        "SELECT id FROM partnership WHERE connector_id = :connector AND content_hash <> 0 ORDER BY id");
    query.bind(":connector", connector.value).stream();
    while (query.next()) {
        if (!seen.contains(query.integer(0)))
            ids.push_back(query.integer(0));
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return ids;
}

// History and mark of rows that are not there any more.
Expected<int> markIdsGone(Session& session, const std::vector<qint64>& gone, const QDateTime& now)
{
    if (gone.empty())
        return 0;
    auto revision = session.touch(Table::Partnership); // loaded indexes are no longer true
    if (!revision)
        return tl::unexpected(revision.error());
    static const std::string remember = "INSERT INTO access_history (partnership_id, changed_at, from_state, "
                                        "from_reason, to_state, to_reason,"
                                        " to_reason_text) SELECT id, :now, access_state, access_reason, 0, "
                                        "0, '' FROM partnership WHERE id ";
    static const std::string mark
        = "UPDATE partnership SET gone_since = :now, content_hash = 0, revision = :revision WHERE id ";
    static const std::string rememberSql[]
        = {remember + idList(Dialect::Sqlite), remember + idList(Dialect::Postgres)};
    static const std::string markSql[] = {mark + idList(Dialect::Sqlite), mark + idList(Dialect::Postgres)};
    const int dialect = int(session.dialect());
    auto remembered = runForIds(session, Sql::constant(rememberSql[dialect]), gone,
        [&now](Query& query) { query.bind(":now", now); });
    if (!remembered)
        return remembered;
    return runForIds(session, Sql::constant(markSql[dialect]), gone,
        [&now, &revision](Query& query) { query.bind(":now", now).bind(":revision", *revision); });
}

} // namespace

QString storedKey(const EasDeviceId& device)
{
    const QString& key = device.normalised();
    if (key.isValidUtf16() && !key.contains(QChar(u'\0')))
        return key;
    return QString::fromUtf8(storedText(key));
}

Expected<PageCounts> PartnershipRepository::upsertPage(
    ConnectorId connector, SyncRunId run, const std::vector<PartnershipRow>& rows, const QDateTime& now)
{
    PartnershipPage page(m_session, connector, rows, now);
    auto counts = page.upsert(run.isValid());
    if (!counts || !run.isValid())
        return counts;
    if (auto noted = addRunIds(m_session, run, SeenKind::Partnerships, page.takeSeen()); !noted)
        return tl::unexpected(noted.error());
    return counts;
}

Expected<StatisticsCounts> PartnershipRepository::applyStatistics(
    ConnectorId connector, const std::vector<StatisticsRow>& rows, const QDateTime& now)
{
    return updateStatistics(m_session, connector, rows, now);
}

Expected<int> PartnershipRepository::markNotRead(std::span<const MailboxId> mailboxes)
{
    if (mailboxes.empty())
        return 0;
    if (auto kept = PartnershipIndex::carryOver(m_session); !kept)
        return tl::unexpected(kept.error());
    auto revision = m_session.touch(Table::Partnership);
    if (!revision)
        return tl::unexpected(revision.error());
    std::vector<qint64> ids;
    for (const MailboxId id : mailboxes)
        ids.push_back(id.value);
    static const std::string update = "UPDATE partnership SET stale = 1, revision = :revision"
                                      " WHERE stale = 0 AND gone_since IS NULL AND mailbox_id ";
    static const std::string sql[] = {update + idList(Dialect::Sqlite), update + idList(Dialect::Postgres)};
    return runForIds(m_session, Sql::constant(sql[int(m_session.dialect())]), ids,
        [&revision](Query& query) { query.bind(":revision", *revision); });
}

Expected<int> PartnershipRepository::markGone(ConnectorId connector, SyncRunId run, const QDateTime& now)
{
    auto gone = unseen(m_session, connector, run);
    if (!gone)
        return tl::unexpected(gone.error());
    if (auto index = PartnershipIndex::current(m_session, connector);
        index && *index && (*index)->bytes() > keptIndexBytes)
        PartnershipIndex::release(m_session, connector);
    return markIdsGone(m_session, *gone, now);
}

Expected<int> PartnershipRepository::markAllGone(ConnectorId connector, const QDateTime& now)
{
    std::vector<qint64> ids;
    {
        Query query(m_session,
            "SELECT id FROM partnership WHERE connector_id = :connector AND gone_since IS NULL ORDER BY id");
        query.bind(":connector", connector.value);
        while (query.next())
            ids.push_back(query.integer(0));
        if (auto result = query.result(); !result)
            return tl::unexpected(result.error());
    }
    PartnershipIndex::release(m_session, connector);
    return markIdsGone(m_session, ids, now);
}

Expected<int> PartnershipRepository::markGone(PartnershipId id, const QDateTime& now)
{
    std::vector<qint64> present;
    {
        Query query(m_session, "SELECT id FROM partnership WHERE id = :id AND gone_since IS NULL");
        query.bind(":id", id.value);
        while (query.next())
            present.push_back(query.integer(0));
        if (auto result = query.result(); !result)
            return tl::unexpected(result.error());
    }
    return markIdsGone(m_session, present, now);
}

Expected<void> PartnershipRepository::eachPresent(
    ConnectorId connector, const std::function<void(PartnershipId, MailboxId)>& each)
{
    Query query(m_session,
        "SELECT id, mailbox_id FROM partnership WHERE connector_id = :connector AND gone_since IS NULL");
    query.bind(":connector", connector.value).stream();
    while (query.next())
        each(query.id<PartnershipTag>(0), query.id<MailboxTag>(1));
    return query.result();
}

Expected<std::vector<PartnershipId>> PartnershipRepository::presentOfOtherClients(ConnectorId connector)
{
    Query query(m_session,
        "SELECT id FROM partnership WHERE connector_id = :connector AND gone_since IS NULL"
        " AND client_type <> :eas");
    query.bind(":connector", connector.value).bind(":eas", qint64(ClientType::Eas)).stream();
    std::vector<PartnershipId> found;
    while (query.next())
        found.push_back(query.id<PartnershipTag>(0));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<qint64> PartnershipRepository::countUnseen(ConnectorId connector, SyncRunId run)
{
    auto ids = unseen(m_session, connector, run);
    if (!ids)
        return tl::unexpected(ids.error());
    return qint64(ids->size());
}

Expected<void> PartnershipRepository::eachInactive(ConnectorId connector, const QDateTime& before,
    const std::function<void(MailboxId, const QString& device, bool gone)>& each)
{
    Query query(m_session,
        "SELECT mailbox_id, eas_key, content_hash FROM partnership WHERE connector_id = :connector"
        " AND last_success_sync < :before");
    query.bind(":connector", connector.value).bind(":before", before).stream();
    while (query.next())
        each(query.id<MailboxTag>(0), query.text(1), query.integer(2) == 0);
    return query.result();
}

Expected<InactiveCounts> PartnershipRepository::markInactive(
    ConnectorId connector, const QDateTime& before, PartnershipId sinceId, const QDateTime& now)
{
    std::vector<qint64> ids;
    InactiveCounts counts;
    {
        Query query(m_session,
            "SELECT id FROM partnership WHERE connector_id = :connector AND content_hash <> 0 AND stale = 0"
            " AND last_success_sync < :before ORDER BY id");
        query.bind(":connector", connector.value).bind(":before", before);
        while (query.next())
            ids.push_back(query.integer(0));
        if (auto result = query.result(); !result)
            return tl::unexpected(result.error());
    }
    counts.ofNewOnes = int(ids.end() - std::upper_bound(ids.begin(), ids.end(), sinceId.value));
    auto marked = markIdsGone(m_session, ids, now);
    if (!marked)
        return tl::unexpected(marked.error());
    counts.marked = *marked;
    return counts;
}

Expected<PartnershipId> PartnershipRepository::newestId()
{
    Query query(m_session, "SELECT coalesce(max(id), 0) FROM partnership");
    PartnershipId newest;
    if (query.next())
        newest = query.id<PartnershipTag>(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return newest;
}

Expected<qint64> PartnershipRepository::changedAfter(ConnectorId connector, qint64 revision)
{
    Query query(m_session,
        "SELECT count(*) FROM partnership WHERE +connector_id = :connector AND revision > :revision"
        " AND gone_since IS NULL");
    query.bind(":connector", connector.value).bind(":revision", revision);
    qint64 count = 0;
    if (query.next())
        count = query.integer(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return count;
}

Expected<int> PartnershipRepository::purgeGone(const QDateTime& before)
{
    qint64 newest = 0;
    {
        Query query(m_session, "SELECT max(revision) FROM partnership WHERE gone_since < :before");
        query.bind(":before", before);
        if (query.next())
            newest = query.integer(0);
        if (auto result = query.result(); !result)
            return tl::unexpected(result.error());
    }
    if (newest == 0)
        return 0;
    // Who has read up to `newest` knows that they are gone.
    if (auto forgotten = m_session.forgetBefore(Table::Partnership, newest); !forgotten)
        return tl::unexpected(forgotten.error());
    Query query(m_session, "DELETE FROM partnership WHERE gone_since < :before");
    if (auto done = query.bind(":before", before).run(); !done)
        return tl::unexpected(done.error());
    return int(query.affected());
}

Expected<PartnershipCounts> PartnershipRepository::counts(ConnectorId connector)
{
    Query query(m_session,
        "SELECT count(*), sum(CASE WHEN gone_since IS NULL THEN 0 ELSE 1 END),"
        " sum(CASE WHEN gone_since IS NULL THEN stale ELSE 0 END) FROM partnership WHERE connector_id = "
        ":connector");
    query.bind(":connector", connector.value);
    PartnershipCounts counts;
    if (query.next())
        counts = {query.integer(0) - query.integer(1), query.integer(1), query.integer(2)};
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return counts;
}

Expected<std::optional<StoredPartnership>> PartnershipRepository::find(PartnershipId id)
{
    static const std::string sql = selectStored() + "WHERE p.id = :id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", id.value);
    return oneOf(query);
}

Expected<std::optional<StoredPartnership>> PartnershipRepository::find(
    MailboxId mailbox, const EasDeviceId& device)
{
    static const std::string sql = selectStored() + "WHERE p.mailbox_id = :mailbox AND p.eas_key = :key";
    Query query(m_session, Sql::constant(sql));
    query.bind(":mailbox", mailbox.value).bind(":key", device.normalised());
    return oneOf(query);
}

Expected<std::vector<AccessChange>> PartnershipRepository::history(PartnershipId id)
{
    Query query(m_session,
        "SELECT changed_at, from_state, to_state, from_reason, to_reason, to_reason_text FROM access_history"
        " WHERE partnership_id = :id ORDER BY id");
    query.bind(":id", id.value);
    std::vector<AccessChange> changes;
    while (query.next())
        changes.push_back(
            {query.time(0).value_or(QDateTime()), AccessState(query.number(1)), AccessState(query.number(2)),
                AccessStateReason(query.number(3)), AccessStateReason(query.number(4)), query.text(5)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return changes;
}

} // namespace postern::store

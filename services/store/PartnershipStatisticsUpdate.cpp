#include "services/store/PartnershipStatisticsUpdate.h"

#include "services/store/BulkWriter.h"
#include "services/store/ContentHash.h"
#include "services/store/IdList.h"
#include "services/store/PartnershipIndex.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

struct Known
{
    qint64 id = 0;
    qint64 hash = 0;
    bool stale = false;
    qint64 state = 0, reason = 0;
    QString reasonText;
};

struct Key
{
    qint64 mailbox = 0;
    QString device;
    friend bool operator==(const Key&, const Key&) = default;
    friend size_t qHash(const Key& key, size_t seed = 0) { return qHashMulti(seed, key.mailbox, key.device); }
};

const std::string columns
    = "id, statistics_hash, revision, as_of, access_state, access_reason, access_reason_text, first_sync,"
      " last_policy_update, last_sync_attempt, last_success_sync, policy_applied, policy_status, wipe_status,"
      " wipe_requested_by, remote_wipe_supported, status_note, folders_synced";

const BulkShape& updateShape()
{
    static const BulkShape shape{18,
        {"INSERT INTO access_history (partnership_id, changed_at, from_state, from_reason, to_state, "
         "to_reason,"
         " to_reason_text) SELECT id, ?4, access_state, access_reason, ?5, ?6, ?7 FROM partnership WHERE id "
         "= ?1"
         " AND (access_state <> ?5 OR access_reason <> ?6)",
            "UPDATE partnership SET statistics_hash = ?2, revision = ?3, as_of = ?4, stale = 0, access_state "
            "= ?5,"
            " access_reason = ?6, access_reason_text = ?7, first_sync = coalesce(?8, first_sync),"
            " last_policy_update = ?9, last_sync_attempt = ?10, last_success_sync = ?11, policy_applied = "
            "?12,"
            " policy_status = ?13, wipe_status = ?14, wipe_requested_by = ?15, remote_wipe_supported = ?16,"
            " status_note = ?17, folders_synced = ?18 WHERE id = ?1"},
        "CREATE TEMP TABLE IF NOT EXISTS statistics_stage ON COMMIT DELETE ROWS AS SELECT " + columns
            + " FROM partnership WITH NO DATA; TRUNCATE statistics_stage",
        "COPY statistics_stage (" + columns + ") FROM STDIN (FORMAT binary)",
        {"INSERT INTO access_history (partnership_id, changed_at, from_state, from_reason, to_state, "
         "to_reason,"
         " to_reason_text) SELECT p.id, s.as_of, p.access_state, p.access_reason, s.access_state, "
         "s.access_reason,"
         " s.access_reason_text FROM statistics_stage s JOIN partnership p ON p.id = s.id"
         " WHERE p.access_state <> s.access_state OR p.access_reason <> s.access_reason ORDER BY p.id",
            "UPDATE partnership p SET statistics_hash = s.statistics_hash, revision = s.revision, as_of = "
            "s.as_of,"
            " stale = 0, access_state = s.access_state, access_reason = s.access_reason,"
            " access_reason_text = s.access_reason_text, first_sync = coalesce(s.first_sync, p.first_sync),"
            " last_policy_update = s.last_policy_update, last_sync_attempt = s.last_sync_attempt,"
            " last_success_sync = s.last_success_sync, policy_applied = s.policy_applied,"
            " policy_status = s.policy_status, wipe_status = s.wipe_status, wipe_requested_by = "
            "s.wipe_requested_by,"
            " remote_wipe_supported = s.remote_wipe_supported, status_note = s.status_note,"
            " folders_synced = s.folders_synced FROM statistics_stage s WHERE p.id = s.id"}};
    return shape;
}

qint64 contentHash(quint64 seed, const PartnershipStatistics& s)
{
    ContentHash hash(seed);
    for (const auto* time : {&s.firstSyncTime, &s.lastPolicyUpdate, &s.lastSyncAttempt, &s.lastSuccessSync})
        hash.add(*time);
    for (const QString* text : {&s.policyApplied, &s.policyApplicationStatus, &s.wipeRequestedBy,
             &s.statusNote, &s.accessStateReasonText})
        hash.add(*text);
    hash.add(int(s.wipeStatus) + 256 * int(s.accessState) + 65536 * int(s.accessStateReason));
    hash.add(s.isRemoteWipeSupported);
    hash.add(s.foldersSynced);
    return hash.stored();
}

// Of all partnerships of the mailboxes in the batch, in one statement.
Expected<QHash<Key, Known>> loadKnown(
    Session& session, ConnectorId connector, const std::vector<StatisticsRow>& rows)
{
    std::vector<qint64> mailboxes;
    for (const StatisticsRow& row : rows)
        mailboxes.push_back(row.mailboxId.value);
    std::sort(mailboxes.begin(), mailboxes.end());
    mailboxes.erase(std::unique(mailboxes.begin(), mailboxes.end()), mailboxes.end());
    // The plus keeps SQLite from choosing an index of the whole connector for a hundred mailboxes.
    static const std::string select
        = "SELECT id, mailbox_id, eas_key, statistics_hash, stale, access_state, access_reason, "
          "access_reason_text"
          " FROM partnership WHERE +connector_id = :connector AND gone_since IS NULL AND mailbox_id ";
    static const std::string sql[] = {select + idList(Dialect::Sqlite), select + idList(Dialect::Postgres)};
    Query query(session, Sql::constant(sql[int(session.dialect())]));
    query.bind(":connector", connector.value).bind(":list", jsonIds(mailboxes.data(), mailboxes.size()));
    QHash<Key, Known> known;
    while (query.next())
        known.insert({query.integer(1), query.text(2)},
            {query.integer(0), query.integer(3), query.flag(4), query.integer(5), query.integer(6),
                query.text(7)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return known;
}

struct Change
{
    const PartnershipStatistics* statistics = nullptr;
    const Known* known = nullptr;
    qint64 hash = 0;
};

void writeRow(BulkWriter& writer, const Change& change, qint64 revision, qint64 now)
{
    const PartnershipStatistics& s = *change.statistics;
    // Statistics that say nothing of the state leave the listing's.
    const bool silent = s.accessState == AccessState::NotSeen
        || (s.accessState == AccessState::Unknown && s.accessStateReason == AccessStateReason::None);
    writer.beginRow();
    for (const qint64 value :
        {change.known->id, change.hash, revision, now, silent ? change.known->state : qint64(s.accessState),
            silent ? change.known->reason : qint64(s.accessStateReason)})
        writer.integer(value);
    writer.text(silent ? change.known->reasonText : s.accessStateReasonText);
    for (const auto* time : {&s.firstSyncTime, &s.lastPolicyUpdate, &s.lastSyncAttempt, &s.lastSuccessSync})
        writer.time(*time);
    writer.text(s.policyApplied);
    writer.text(s.policyApplicationStatus);
    writer.integer(int(s.wipeStatus));
    writer.text(s.wipeRequestedBy);
    writer.integer(s.isRemoteWipeSupported ? 1 : 0);
    writer.text(s.statusNote);
    writer.integer(s.foldersSynced);
}

Expected<void> writeChanges(Session& session, const std::vector<Change>& changes, const QDateTime& now)
{
    if (changes.empty())
        return {};
    if (auto kept = PartnershipIndex::carryOver(session); !kept)
        return kept;
    auto revision = session.touch(Table::Partnership);
    if (!revision)
        return tl::unexpected(revision.error());
    BulkWriter writer(session, updateShape());
    for (const Change& change : changes) {
        writeRow(writer, change, *revision, now.toMSecsSinceEpoch());
        if (auto done = writer.endRow(); !done)
            return done;
    }
    return writer.finish();
}

} // namespace

Expected<StatisticsCounts> updateStatistics(
    Session& session, ConnectorId connector, const std::vector<StatisticsRow>& rows, const QDateTime& now)
{
    auto seed = session.hashSeed();
    auto known = loadKnown(session, connector, rows);
    if (!seed || !known)
        return tl::unexpected(seed ? known.error() : seed.error());
    QHash<Key, std::size_t> last; // one row a partnership: its last
    for (std::size_t i = 0; i < rows.size(); ++i)
        last.insert({rows[i].mailboxId.value, storedKey(rows[i].statistics.easDeviceId)}, i);
    StatisticsCounts counts;
    std::vector<Change> changes;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Key key{rows[i].mailboxId.value, storedKey(rows[i].statistics.easDeviceId)};
        if (last.value(key) != i)
            continue;
        const auto found = known->constFind(key);
        if (found == known->cend()) {
            ++counts.unknown;
            continue;
        }
        const qint64 hash = contentHash(*seed, rows[i].statistics);
        if (found->hash == hash && !found->stale) {
            ++counts.unchanged;
            continue;
        }
        ++counts.changed;
        changes.push_back({&rows[i].statistics, &*found, hash});
    }
    if (auto done = writeChanges(session, changes, now); !done)
        return tl::unexpected(done.error());
    return counts;
}

} // namespace postern::store

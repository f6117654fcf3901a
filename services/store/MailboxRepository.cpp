#include "services/store/MailboxRepository.h"

#include <QJsonArray>
#include <QJsonDocument>

#include "services/store/BulkWriter.h"
#include "services/store/ContentHash.h"
#include "services/store/IdList.h"
#include "services/store/SyncRunIds.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

const std::string columns
    = "id, connector_id, guid, content_hash, revision, identity, upn, sam_account_name, domain,"
      " display_name, primary_smtp, proxy_addresses, organizational_unit, department, server_name,"
      " eas_mailbox_policy, eas_enabled, allowed_ids, blocked_ids";

const BulkShape& insertShape()
{
    static const BulkShape shape{19,
        {"INSERT INTO mailbox (" + columns
            + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
              " ?16, ?17, ?18, ?19)"},
        {}, "COPY mailbox (" + columns + ") FROM STDIN (FORMAT binary)", {}};
    return shape;
}

const BulkShape& updateShape()
{
    static const BulkShape shape{19,
        {"UPDATE mailbox SET content_hash = ?4, revision = ?5, gone_since = NULL, identity = ?6, upn = ?7,"
         " sam_account_name = ?8, domain = ?9, display_name = ?10, primary_smtp = ?11, proxy_addresses = ?12,"
         " organizational_unit = ?13, department = ?14, server_name = ?15, eas_mailbox_policy = ?16, "
         "eas_enabled = ?17,"
         " allowed_ids = ?18, blocked_ids = ?19 WHERE id = ?1 AND connector_id = ?2 AND guid = ?3"},
        "CREATE TEMP TABLE IF NOT EXISTS mailbox_stage ON COMMIT DELETE ROWS AS SELECT " + columns
            + " FROM mailbox WITH NO DATA; TRUNCATE mailbox_stage",
        "COPY mailbox_stage (" + columns + ") FROM STDIN (FORMAT binary)",
        {"UPDATE mailbox m SET content_hash = s.content_hash, revision = s.revision, gone_since = NULL,"
         " identity = s.identity, upn = s.upn, sam_account_name = s.sam_account_name, domain = s.domain,"
         " display_name = s.display_name, primary_smtp = s.primary_smtp, proxy_addresses = s.proxy_addresses,"
         " organizational_unit = s.organizational_unit, department = s.department, server_name = "
         "s.server_name,"
         " eas_mailbox_policy = s.eas_mailbox_policy, eas_enabled = s.eas_enabled, allowed_ids = "
         "s.allowed_ids,"
         " blocked_ids = s.blocked_ids FROM mailbox_stage s WHERE m.id = s.id"}};
    return shape;
}

QString jsonOf(const QStringList& list)
{
    if (list.isEmpty())
        return u"[]"_s;
    return QString::fromUtf8(QJsonDocument(QJsonArray::fromStringList(list)).toJson(QJsonDocument::Compact));
}

qint64 contentHash(quint64 seed, const Mailbox& mailbox)
{
    ContentHash hash(seed);
    for (const QString* text : {&mailbox.identity, &mailbox.upn, &mailbox.samAccountName, &mailbox.domain,
             &mailbox.displayName, &mailbox.primarySmtp, &mailbox.organizationalUnit, &mailbox.department,
             &mailbox.serverName, &mailbox.easMailboxPolicy})
        hash.add(*text);
    hash.add(mailbox.guid);
    hash.add(mailbox.easEnabled);
    hash.add(mailbox.proxyAddresses);
    hash.add(mailbox.allowedIds);
    hash.add(mailbox.blockedIds);
    return hash.stored();
}

struct Known
{
    MailboxId id;
    qint64 hash = 0;
    bool gone = false;
};

Expected<QHash<QUuid, Known>> loadKnown(
    Session& session, ConnectorId connector, const std::vector<Mailbox>& rows)
{
    QStringList guids;
    for (const Mailbox& mailbox : rows)
        guids.append(mailbox.guid.toString(QUuid::WithoutBraces));
    static const std::string select = "SELECT guid, id, content_hash, gone_since FROM mailbox"
                                      " WHERE connector_id = :connector AND guid ";
    static const std::string sql[]
        = {select + textList(Dialect::Sqlite), select + textList(Dialect::Postgres)};
    Query query(session, Sql::constant(sql[int(session.dialect())]));
    query.bind(":connector", connector.value).bind(":list", guids);
    QHash<QUuid, Known> known;
    while (query.next())
        known.insert(query.uuid(0), {query.id<MailboxTag>(1), query.integer(2), !query.isNull(3)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return known;
}

// One page on its way into the table.
class PageUpsert
{
public:
    PageUpsert(Session& session, ConnectorId connector, const std::vector<Mailbox>& rows)
        : m_session(session)
        , m_connector(connector)
        , m_rows(rows)
    {
    }

    [[nodiscard]] Expected<MailboxPage> run();

private:
    [[nodiscard]] Expected<void> classify();
    [[nodiscard]] Expected<void> write(const BulkShape& shape, const std::vector<std::size_t>& rows);

    Session& m_session;
    ConnectorId m_connector;
    const std::vector<Mailbox>& m_rows;
    MailboxPage m_page;
    std::vector<qint64> m_hashes;
    std::vector<std::size_t> m_added, m_changed;
    int m_restored = 0;
};

Expected<void> PageUpsert::classify()
{
    auto seed = m_session.hashSeed();
    auto known = loadKnown(m_session, m_connector, m_rows);
    if (!seed || !known)
        return tl::unexpected(seed ? known.error() : seed.error());
    QHash<QUuid, std::size_t> last; // a mailbox twice in a page: its last row counts
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].guid.isNull())
            return fail(ErrorCode::InvalidInput, u"a mailbox has no GUID"_s, m_rows[i].identity);
        last.insert(m_rows[i].guid, i);
    }
    m_hashes.resize(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (last.value(m_rows[i].guid) != i)
            continue;
        m_hashes[i] = contentHash(*seed, m_rows[i]);
        const auto found = known->constFind(m_rows[i].guid);
        if (found == known->cend()) {
            m_added.push_back(i);
            continue;
        }
        m_page.ids[i] = found->id;
        if (found->hash == m_hashes[i] && !found->gone) {
            ++m_page.counts.unchanged;
            continue;
        }
        m_changed.push_back(i);
        m_restored += found->gone ? 1 : 0;
    }
    if (!m_added.empty()) {
        auto first = m_session.allocateIds(Table::Mailbox, qint64(m_added.size()));
        if (!first)
            return tl::unexpected(first.error());
        for (std::size_t n = 0; n < m_added.size(); ++n)
            m_page.ids[m_added[n]] = {*first + qint64(n)};
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_page.ids[i] = m_page.ids[last.value(m_rows[i].guid)];
    return {};
}

Expected<void> PageUpsert::write(const BulkShape& shape, const std::vector<std::size_t>& rows)
{
    if (rows.empty())
        return {};
    auto revision = m_session.touch(Table::Mailbox);
    if (!revision)
        return tl::unexpected(revision.error());
    BulkWriter writer(m_session, shape);
    for (const std::size_t i : rows) {
        const Mailbox& mailbox = m_rows[i];
        writer.beginRow();
        writer.integer(m_page.ids[i].value);
        writer.integer(m_connector.value);
        writer.uuid(mailbox.guid);
        writer.integer(m_hashes[i]);
        writer.integer(*revision);
        for (const QString* text : {&mailbox.identity, &mailbox.upn, &mailbox.samAccountName, &mailbox.domain,
                 &mailbox.displayName, &mailbox.primarySmtp})
            writer.text(*text);
        writer.text(jsonOf(mailbox.proxyAddresses));
        for (const QString* text : {&mailbox.organizationalUnit, &mailbox.department, &mailbox.serverName,
                 &mailbox.easMailboxPolicy})
            writer.text(*text);
        writer.integer(mailbox.easEnabled ? 1 : 0);
        writer.text(jsonOf(mailbox.allowedIds));
        writer.text(jsonOf(mailbox.blockedIds));
        if (auto done = writer.endRow(); !done)
            return done;
    }
    return writer.finish();
}

Expected<MailboxPage> PageUpsert::run()
{
    m_page.ids.resize(m_rows.size());
    if (auto done = classify(); !done)
        return tl::unexpected(done.error());
    if (auto done = write(insertShape(), m_added); !done)
        return tl::unexpected(done.error());
    if (auto done = write(updateShape(), m_changed); !done)
        return tl::unexpected(done.error());
    m_page.counts.added = int(m_added.size()) + m_restored;
    m_page.counts.changed = int(m_changed.size()) - m_restored;
    return std::move(m_page);
}

} // namespace

Expected<MailboxPage> MailboxRepository::upsertPage(
    ConnectorId connector, SyncRunId run, const std::vector<Mailbox>& rows)
{
    auto page = PageUpsert(m_session, connector, rows).run();
    if (!page || !run.isValid())
        return page;
    std::vector<qint64> seen;
    for (const MailboxId id : page->ids)
        seen.push_back(id.value);
    if (auto noted = addRunIds(m_session, run, SeenKind::Mailboxes, std::move(seen)); !noted)
        return tl::unexpected(noted.error());
    return page;
}

Expected<MailboxKeyMap> MailboxRepository::loadKeyMap(ConnectorId connector)
{
    auto known = count(connector);
    if (!known)
        return tl::unexpected(known.error());
    MailboxKeyMap map;
    map.reserve(std::size_t(*known));
    // The plus: most rows are the connector's, and seeking each through the index takes three times the scan.
    Query query(m_session,
        "SELECT identity, id FROM mailbox WHERE +connector_id = :connector AND gone_since IS NULL");
    query.bind(":connector", connector.value).stream();
    while (query.next())
        map.add(query.text(0), query.id<MailboxTag>(1));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    map.sort();
    return map;
}

Expected<qint64> MailboxRepository::count(ConnectorId connector)
{
    Query query(
        m_session, "SELECT count(*) FROM mailbox WHERE +connector_id = :connector AND gone_since IS NULL");
    query.bind(":connector", connector.value);
    const bool row = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return row ? query.integer(0) : 0;
}

Expected<std::optional<Mailbox>> MailboxRepository::find(MailboxId id)
{
    Query query(m_session,
        "SELECT guid, identity, upn, sam_account_name, domain, display_name, primary_smtp, proxy_addresses,"
        " organizational_unit, department, server_name, eas_mailbox_policy, eas_enabled, allowed_ids, "
        "blocked_ids"
        " FROM mailbox WHERE id = :id");
    query.bind(":id", id.value);
    std::optional<Mailbox> found;
    if (query.next()) {
        found = Mailbox{query.uuid(0), query.text(1), query.text(2), query.text(3), query.text(4),
            query.text(5), query.text(6), query.list(7), query.text(8), query.text(9), query.text(10),
            query.text(11), query.flag(12), query.list(13), query.list(14)};
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<void> MailboxRepository::eachPresent(
    ConnectorId connector, const std::function<void(MailboxId, const QString& identity)>& each)
{
    Query query(
        m_session, "SELECT id, identity FROM mailbox WHERE connector_id = :connector AND gone_since IS NULL");
    query.bind(":connector", connector.value).stream();
    while (query.next())
        each(query.id<MailboxTag>(0), query.text(1));
    return query.result();
}

Expected<std::vector<MailboxRef>> MailboxRepository::withPartnerships(
    ConnectorId connector, MailboxId after, int limit)
{
    // The plus makes SQLite walk the ids from `after` on instead of sorting all of the connector's for each
    // page.
    Query query(m_session,
        "SELECT m.id, m.guid, m.identity FROM mailbox m WHERE +m.connector_id = :connector AND m.id > :after"
        " AND EXISTS (SELECT 1 FROM partnership p WHERE p.mailbox_id = m.id AND p.gone_since IS NULL)"
        " ORDER BY m.id LIMIT :limit");
    query.bind(":connector", connector.value).bind(":after", after.value).bind(":limit", limit);
    std::vector<MailboxRef> mailboxes;
    while (query.next())
        mailboxes.push_back({query.id<MailboxTag>(0), query.uuid(1), query.text(2)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return mailboxes;
}

Expected<int> MailboxRepository::markGone(ConnectorId connector, SyncRunId run, const QDateTime& now)
{
    IdBitmap seen;
    if (auto read = eachRunId(m_session, run, SeenKind::Mailboxes, [&seen](qint64 id) { seen.add(id); });
        !read)
        return tl::unexpected(read.error());
    std::vector<qint64> gone;
    {
        Query query(
            m_session, "SELECT id FROM mailbox WHERE connector_id = :connector AND gone_since IS NULL");
        query.bind(":connector", connector.value).stream();
        while (query.next()) {
            if (!seen.contains(query.integer(0)))
                gone.push_back(query.integer(0));
        }
        if (auto result = query.result(); !result)
            return tl::unexpected(result.error());
    }
    if (gone.empty())
        return 0;
    auto revision = m_session.touch(Table::Mailbox);
    if (!revision)
        return tl::unexpected(revision.error());
    static const std::string update = "UPDATE mailbox SET gone_since = :now, revision = :revision WHERE id ";
    static const std::string sql[] = {update + idList(Dialect::Sqlite), update + idList(Dialect::Postgres)};
    return runForIds(m_session, Sql::constant(sql[int(m_session.dialect())]), gone,
        [&now, &revision](Query& query) { query.bind(":now", now).bind(":revision", *revision); });
}

Expected<int> MailboxRepository::purgeGone(const QDateTime& before)
{
    if (auto revision = m_session.touch(Table::Mailbox); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "DELETE FROM mailbox WHERE gone_since < :before"
        " AND NOT EXISTS (SELECT 1 FROM partnership p WHERE p.mailbox_id = mailbox.id)");
    if (auto done = query.bind(":before", before).run(); !done)
        return tl::unexpected(done.error());
    return int(query.affected());
}

} // namespace postern::store

// A table of objects that a tenant lists, known by (tenant, object id): pages go in, and a row whose content
// hash is the stored one is not written. What a complete listing did not have gets gone_since; nothing is
// deleted but by purging. One class for managed devices, users and groups. Store thread, inside a Session.
#pragma once

#include <QHash>

#include "services/store/IdList.h"
#include "services/store/IdSet.h"
#include "services/store/MailboxRepository.h"
#include "services/store/cloud/Columns.h"

namespace postern::store {

// Text that is the same for the same object, however Graph spells its GUID.
[[nodiscard]] inline QString objectKey(const QString& id)
{
    return id.toLower();
}

struct ObjectPage
{
    std::vector<qint64> ids; // parallel to the rows given; 0 for those without an object id
    PageCounts counts;
};

// The parts that do not depend on the type of the rows.
class ObjectTableBase
{
public:
    ObjectTableBase(Session& session, Table table, std::string name)
        : m_session(session)
        , m_table(table)
        , m_name(std::move(name))
    {
    }

    [[nodiscard]] Expected<qint64> count(TenantId tenant); // without gone ones
    // Those of a listing that is complete and whole: the others of the tenant are gone (SYN-05).
    [[nodiscard]] Expected<int> markGone(TenantId tenant, const IdBitmap& seen, const QDateTime& now);
    // Graph said so itself, by id.
    [[nodiscard]] Expected<int> markRemoved(
        TenantId tenant, const QStringList& objectIds, const QDateTime& now);
    [[nodiscard]] Expected<int> purgeGone(const QDateTime& before);
    [[nodiscard]] Expected<std::optional<TenantId>> tenantOf(qint64 id); // nullopt: no such row, or gone
    // Object id -> row id, without gone ones.
    [[nodiscard]] Expected<QHash<QString, qint64>> ids(TenantId tenant);

protected:
    struct Known
    {
        qint64 id = 0;
        qint64 hash = 0;
        bool gone = false;
    };
    [[nodiscard]] Expected<QHash<QString, Known>> known(TenantId tenant, const QStringList& keys);
    [[nodiscard]] Expected<int> setGone(const std::vector<qint64>& ids, const QDateTime& now);

    Session& m_session;
    Table m_table;
    std::string m_name;
};

template <class T> class ObjectTable : public ObjectTableBase
{
public:
    using ObjectTableBase::ObjectTableBase;

    // `now`: as of when. Rows twice in a page: the last one counts. Gone ones come back.
    [[nodiscard]] Expected<ObjectPage> upsertPage(
        TenantId tenant, const std::vector<T>& rows, const QDateTime& now);
    // Streams them by id; `each` false stops.
    [[nodiscard]] Expected<void> each(
        TenantId tenant, const std::function<bool(qint64 id, const QDateTime& asOf, T&& object)>& each);
    [[nodiscard]] Expected<std::optional<T>> find(qint64 id);

private:
    [[nodiscard]] Expected<void> write(const BulkShape& shape, const std::vector<std::size_t>& rows,
        const std::vector<T>& objects, const ObjectPage& page, const std::vector<qint64>& hashes,
        TenantId tenant, const QDateTime& now);
    [[nodiscard]] BulkShape insertShape() const;
    [[nodiscard]] BulkShape updateShape() const;
    [[nodiscard]] T read(const Query& row, int first) const;
};

template <class T>
Expected<ObjectPage> ObjectTable<T>::upsertPage(
    TenantId tenant, const std::vector<T>& rows, const QDateTime& now)
{
    ObjectPage page;
    page.ids.resize(rows.size());
    QHash<QString, std::size_t> last;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i].id.isEmpty())
            last.insert(objectKey(rows[i].id), i);
    }
    auto seed = m_session.hashSeed();
    auto present = known(tenant, last.keys());
    if (!seed || !present)
        return tl::unexpected(seed ? present.error() : seed.error());
    std::vector<qint64> hashes(rows.size());
    std::vector<std::size_t> added, changed;
    int restored = 0;
    for (const std::size_t i : std::as_const(last)) {
        ContentHash hash(*seed);
        ColumnHash visitor{hash};
        columns(visitor, rows[i]);
        hashes[i] = hash.stored();
        const auto at = present->constFind(objectKey(rows[i].id));
        if (at == present->constEnd()) {
            added.push_back(i);
            continue;
        }
        page.ids[i] = at->id;
        if (at->hash == hashes[i] && !at->gone) {
            ++page.counts.unchanged;
            continue;
        }
        changed.push_back(i);
        restored += at->gone ? 1 : 0;
    }
    std::sort(added.begin(), added.end()); // ids in the order of the listing
    if (!added.empty()) {
        auto first = m_session.allocateIds(m_table, qint64(added.size()));
        if (!first)
            return tl::unexpected(first.error());
        for (std::size_t n = 0; n < added.size(); ++n)
            page.ids[added[n]] = *first + qint64(n);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i].id.isEmpty())
            page.ids[i] = page.ids[last.value(objectKey(rows[i].id))];
    }
    if (auto done = write(insertShape(), added, rows, page, hashes, tenant, now); !done)
        return tl::unexpected(done.error());
    if (auto done = write(updateShape(), changed, rows, page, hashes, tenant, now); !done)
        return tl::unexpected(done.error());
    page.counts.added = int(added.size()) + restored;
    page.counts.changed = int(changed.size()) - restored;
    return page;
}

template <class T>
Expected<void> ObjectTable<T>::write(const BulkShape& shape, const std::vector<std::size_t>& rows,
    const std::vector<T>& objects, const ObjectPage& page, const std::vector<qint64>& hashes, TenantId tenant,
    const QDateTime& now)
{
    if (rows.empty())
        return {};
    auto revision = m_session.touch(m_table);
    if (!revision)
        return tl::unexpected(revision.error());
    BulkWriter writer(m_session, shape);
    for (const std::size_t i : rows) {
        writer.beginRow();
        writer.integer(page.ids[i]);
        writer.integer(tenant.value);
        writer.text(objectKey(objects[i].id));
        writer.integer(hashes[i]);
        writer.integer(*revision);
        writer.time(now);
        ColumnWriter visitor{writer};
        columns(visitor, objects[i]);
        if (auto done = writer.endRow(); !done)
            return done;
    }
    return writer.finish();
}

template <class T> BulkShape ObjectTable<T>::insertShape() const
{
    const std::string all
        = "id, tenant_id, object_id, content_hash, revision, as_of, " + joined(columnNamesOf<T>());
    const int count = int(columnNamesOf<T>().size()) + 6;
    std::string values;
    for (int i = 1; i <= count; ++i)
        values += (i > 1 ? ", ?" : "?") + std::to_string(i);
    return BulkShape{count, {"INSERT INTO " + m_name + " (" + all + ") VALUES (" + values + ")"}, {},
        "COPY " + m_name + " (" + all + ") FROM STDIN (FORMAT binary)", {}};
}

template <class T> BulkShape ObjectTable<T>::updateShape() const
{
    const std::vector<std::string>& own = columnNamesOf<T>();
    const std::string all = "id, tenant_id, object_id, content_hash, revision, as_of, " + joined(own);
    std::string sqlite
        = "UPDATE " + m_name + " SET content_hash = ?4, revision = ?5, as_of = ?6, gone_since = NULL";
    std::string postgres = "UPDATE " + m_name
        + " t SET content_hash = s.content_hash, revision = s.revision,"
          " as_of = s.as_of, gone_since = NULL";
    for (std::size_t i = 0; i < own.size(); ++i) {
        sqlite += ", " + own[i] + " = ?" + std::to_string(i + 7);
        postgres += ", " + own[i] + " = s." + own[i];
    }
    sqlite += " WHERE id = ?1 AND tenant_id = ?2 AND object_id = ?3";
    const std::string stage = m_name + "_stage";
    postgres += " FROM " + stage + " s WHERE t.id = s.id";
    return BulkShape{int(own.size()) + 6, {sqlite},
        "CREATE TEMP TABLE IF NOT EXISTS " + stage + " ON COMMIT DELETE ROWS AS SELECT " + all + " FROM "
            + m_name + " WITH NO DATA; TRUNCATE " + stage,
        "COPY " + stage + " (" + all + ") FROM STDIN (FORMAT binary)", {postgres}};
}

template <class T> T ObjectTable<T>::read(const Query& row, int first) const
{
    T object;
    object.id = row.text(first);
    ColumnReader visitor{row, first + 1};
    columns(visitor, object);
    return object;
}

template <class T>
Expected<void> ObjectTable<T>::each(
    TenantId tenant, const std::function<bool(qint64 id, const QDateTime& asOf, T&& object)>& each)
{
    static const std::string sql = "SELECT id, as_of, object_id, " + joined(columnNamesOf<T>()) + " FROM "
        + m_name + " WHERE tenant_id = :tenant AND gone_since IS NULL ORDER BY id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":tenant", tenant.value).stream();
    while (query.next()) {
        if (!each(query.integer(0), query.time(1).value_or(QDateTime()), read(query, 2)))
            break;
    }
    return query.result();
}

template <class T> Expected<std::optional<T>> ObjectTable<T>::find(qint64 id)
{
    static const std::string sql
        = "SELECT object_id, " + joined(columnNamesOf<T>()) + " FROM " + m_name + " WHERE id = :id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", id);
    std::optional<T> found;
    if (query.next())
        found = read(query, 0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

} // namespace postern::store

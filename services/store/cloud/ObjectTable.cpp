#include "services/store/cloud/ObjectTable.h"

namespace postern::store {

std::string joined(const std::vector<std::string>& names, const std::string& prefix)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + prefix + name;
    return text;
}

Expected<qint64> ObjectTableBase::count(TenantId tenant)
{
    const std::string sql
        = "SELECT count(*) FROM " + m_name + " WHERE tenant_id = :tenant AND gone_since IS NULL";
    Query query(m_session, Sql::constant(sql));
    query.bind(":tenant", tenant.value);
    const bool row = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return row ? query.integer(0) : 0;
}

Expected<QHash<QString, ObjectTableBase::Known>> ObjectTableBase::known(
    TenantId tenant, const QStringList& keys)
{
    const std::string sql = "SELECT object_id, id, content_hash, gone_since FROM " + m_name
        + " WHERE tenant_id = :tenant AND object_id " + textList(m_session.dialect());
    Query query(m_session, Sql::constant(sql));
    query.bind(":tenant", tenant.value).bind(":list", keys);
    QHash<QString, Known> found;
    while (query.next())
        found.insert(query.text(0), Known{query.integer(1), query.integer(2), !query.isNull(3)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<std::optional<TenantId>> ObjectTableBase::tenantOf(qint64 id)
{
    const std::string sql = "SELECT tenant_id FROM " + m_name + " WHERE id = :id AND gone_since IS NULL";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", id);
    std::optional<TenantId> found;
    if (query.next())
        found = query.id<TenantTag>(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<QHash<QString, qint64>> ObjectTableBase::ids(TenantId tenant)
{
    const std::string sql
        = "SELECT object_id, id FROM " + m_name + " WHERE tenant_id = :tenant AND gone_since IS NULL";
    Query query(m_session, Sql::constant(sql));
    query.bind(":tenant", tenant.value).stream();
    QHash<QString, qint64> found;
    while (query.next())
        found.insert(query.text(0), query.integer(1));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<int> ObjectTableBase::setGone(const std::vector<qint64>& ids, const QDateTime& now)
{
    if (ids.empty())
        return 0;
    auto revision = m_session.touch(m_table);
    if (!revision)
        return tl::unexpected(revision.error());
    const std::string sql = "UPDATE " + m_name + " SET gone_since = :now, revision = :revision WHERE id "
        + idList(m_session.dialect());
    return runForIds(m_session, Sql::constant(sql), ids,
        [&now, &revision](Query& query) { query.bind(":now", now).bind(":revision", *revision); });
}

Expected<int> ObjectTableBase::markGone(TenantId tenant, const IdBitmap& seen, const QDateTime& now)
{
    std::vector<qint64> gone;
    {
        const std::string sql
            = "SELECT id FROM " + m_name + " WHERE tenant_id = :tenant AND gone_since IS NULL";
        Query query(m_session, Sql::constant(sql));
        query.bind(":tenant", tenant.value).stream();
        while (query.next()) {
            if (!seen.contains(query.integer(0)))
                gone.push_back(query.integer(0));
        }
        if (auto result = query.result(); !result)
            return tl::unexpected(result.error());
    }
    return setGone(gone, now);
}

Expected<int> ObjectTableBase::markRemoved(
    TenantId tenant, const QStringList& objectIds, const QDateTime& now)
{
    QStringList keys;
    for (const QString& id : objectIds)
        keys.append(objectKey(id));
    auto present = known(tenant, keys);
    if (!present)
        return tl::unexpected(present.error());
    std::vector<qint64> gone;
    for (const Known& row : std::as_const(*present)) {
        if (!row.gone)
            gone.push_back(row.id);
    }
    return setGone(gone, now);
}

Expected<int> ObjectTableBase::purgeGone(const QDateTime& before)
{
    auto revision = m_session.touch(m_table);
    if (!revision)
        return tl::unexpected(revision.error());
    const std::string sql = "DELETE FROM " + m_name + " WHERE gone_since < :before";
    Query query(m_session, Sql::constant(sql));
    if (auto done = query.bind(":before", before).run(); !done)
        return tl::unexpected(done.error());
    const int purged = int(query.affected());
    if (purged > 0) {
        if (auto forgotten = m_session.forgetBefore(m_table, *revision); !forgotten)
            return tl::unexpected(forgotten.error());
    }
    return purged;
}

} // namespace postern::store

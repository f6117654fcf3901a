#include "services/store/cloud/CloudObjects.h"

namespace postern::store {

Expected<std::vector<qint64>> GroupTable::members(qint64 group)
{
    Query query(m_session, "SELECT user_id FROM group_member WHERE group_id = :group ORDER BY user_id");
    query.bind(":group", group).stream();
    std::vector<qint64> users;
    while (query.next())
        users.push_back(query.integer(0));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return users;
}

Expected<int> GroupTable::replaceMembers(qint64 group, std::vector<qint64> users)
{
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    auto present = members(group);
    if (!present)
        return tl::unexpected(present.error());
    std::vector<qint64> came, went;
    std::set_difference(
        users.begin(), users.end(), present->begin(), present->end(), std::back_inserter(came));
    std::set_difference(
        present->begin(), present->end(), users.begin(), users.end(), std::back_inserter(went));
    if (came.empty() && went.empty())
        return 0;
    if (auto revision = m_session.touch(Table::DirectoryGroup); !revision)
        return tl::unexpected(revision.error());
    static const BulkShape shape{2, {"INSERT INTO group_member (group_id, user_id) VALUES (?1, ?2)"}, {},
        "COPY group_member (group_id, user_id) FROM STDIN (FORMAT binary)", {}};
    BulkWriter writer(m_session, shape);
    for (const qint64 user : came) {
        writer.beginRow();
        writer.integer(group);
        writer.integer(user);
        if (auto done = writer.endRow(); !done)
            return tl::unexpected(done.error());
    }
    if (auto done = came.empty() ? Expected<void>() : writer.finish(); !done)
        return tl::unexpected(done.error());
    const std::string sql = std::string("DELETE FROM group_member WHERE group_id = :group AND user_id ")
        + idList(m_session.dialect());
    auto removed = runForIds(
        m_session, Sql::constant(sql), went, [group](Query& query) { query.bind(":group", group); });
    if (!removed)
        return removed;
    return int(came.size() + went.size());
}

Expected<void> GroupTable::eachMembership(
    TenantId tenant, const std::function<void(qint64 user, qint64 group)>& each)
{
    Query query(m_session,
        "SELECT m.user_id, m.group_id FROM group_member m JOIN directory_group g ON g.id = m.group_id"
        " WHERE g.tenant_id = :tenant AND g.gone_since IS NULL ORDER BY m.user_id, m.group_id");
    query.bind(":tenant", tenant.value).stream();
    while (query.next())
        each(query.integer(0), query.integer(1));
    return query.result();
}

Expected<void> SubscriptionRepository::replace(
    TenantId tenant, const std::vector<Subscription>& subscriptions)
{
    auto present = list(tenant);
    if (!present)
        return tl::unexpected(present.error());
    const auto bySku = [](const Subscription& a, const Subscription& b) { return a.skuId < b.skuId; };
    std::vector<Subscription> wanted = subscriptions;
    std::sort(wanted.begin(), wanted.end(), bySku);
    std::sort(present->begin(), present->end(), bySku);
    if (*present == wanted)
        return {};
    if (auto revision = m_session.touch(Table::Tenant); !revision)
        return tl::unexpected(revision.error());
    Query clear(m_session, "DELETE FROM subscription WHERE tenant_id = :tenant");
    if (auto done = clear.bind(":tenant", tenant.value).run(); !done)
        return done;
    for (const Subscription& subscription : wanted) {
        Query query(m_session,
            "INSERT INTO subscription (tenant_id, sku_id, part_number, capability_status, enabled_units,"
            " consumed_units, includes_intune, includes_exchange_online) VALUES (:tenant, :sku, :part,"
            " :status, :enabled, :consumed, :intune, :exchange)");
        query.bind(":tenant", tenant.value)
            .bind(":sku", subscription.skuId)
            .bind(":part", subscription.skuPartNumber)
            .bind(":status", subscription.capabilityStatus)
            .bind(":enabled", subscription.enabledUnits)
            .bind(":consumed", subscription.consumedUnits)
            .bind(":intune", subscription.includesIntune)
            .bind(":exchange", subscription.includesExchangeOnline);
        if (auto done = query.run(); !done)
            return done;
    }
    return {};
}

Expected<std::vector<Subscription>> SubscriptionRepository::list(TenantId tenant)
{
    Query query(m_session,
        "SELECT sku_id, part_number, capability_status, enabled_units, consumed_units, includes_intune,"
        " includes_exchange_online FROM subscription WHERE tenant_id = :tenant ORDER BY sku_id");
    query.bind(":tenant", tenant.value);
    std::vector<Subscription> found;
    while (query.next())
        found.push_back({query.uuid(0), query.text(1), query.text(2), query.number(3), query.number(4),
            query.flag(5), query.flag(6)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

} // namespace postern::store

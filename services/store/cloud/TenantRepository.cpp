#include "services/store/cloud/TenantRepository.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

QString permissionsText(const std::vector<TenantPermission>& permissions)
{
    QJsonArray array;
    for (const TenantPermission& permission : permissions)
        array.append(QJsonObject{{u"name"_s, permission.name}, {u"granted"_s, permission.granted},
            {u"essential"_s, permission.essential}, {u"lost"_s, permission.lost}});
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

std::vector<TenantPermission> permissionsOf(const QString& text)
{
    std::vector<TenantPermission> permissions;
    const QJsonArray array = QJsonDocument::fromJson(text.toUtf8()).array();
    for (const QJsonValue value : array)
        permissions.push_back({value[u"name"_s].toString(), value[u"granted"_s].toBool(),
            value[u"essential"_s].toBool(), value[u"lost"_s].toString()});
    return permissions;
}

Tenant tenantOf(const Query& row)
{
    Tenant tenant;
    tenant.id = row.id<TenantTag>(0);
    tenant.name = row.text(1);
    tenant.cloud = row.enumeration(2, NationalCloud::Global);
    tenant.tenantId = row.text(3);
    tenant.clientId = row.text(4);
    tenant.authority = row.text(5);
    tenant.graphUrl = row.text(6);
    tenant.caFile = row.text(7);
    tenant.signIn = row.enumeration(8, TenantSignIn::Browser);
    tenant.siteCode = row.text(9);
    tenant.fullSchedule = row.text(10);
    tenant.pollSeconds = row.number(11);
    tenant.enabled = row.flag(12);
    tenant.revision = row.integer(13);
    tenant.state = row.enumeration(14, TenantState::New);
    tenant.stateDetail = row.text(15);
    tenant.organizationName = row.text(16);
    tenant.account = row.text(17);
    tenant.permissions = permissionsOf(row.text(18));
    tenant.permissionsAt = row.time(19);
    tenant.credentialExpires = row.time(20);
    tenant.lastSyncStart = row.time(21);
    tenant.lastSyncEnd = row.time(22);
    tenant.lastPoll = row.time(23);
    tenant.lastSyncResult = row.text(24);
    tenant.deviceCount = row.number(25);
    tenant.userCount = row.number(26);
    tenant.groupCount = row.number(27);
    tenant.matchedCount = row.number(28);
    tenant.suggestionCount = row.number(29);
    return tenant;
}

const std::string& select()
{
    static const std::string sql
        = "SELECT id, name, cloud, tenant_id, client_id, authority, graph_url, ca_file, sign_in, site_code,"
          " full_schedule, poll_seconds, enabled, lock_revision, state, state_detail, organization_name,"
          " account, permissions, permissions_at, credential_expires, last_sync_start, last_sync_end,"
          " last_poll, last_sync_result, device_count, user_count, group_count, matched_count,"
          " suggestion_count FROM tenant ";
    return sql;
}

void bindConfiguration(Query& query, const Tenant& tenant)
{
    query.bind(":name", tenant.name)
        .bind(":name_key", tenant.name.toCaseFolded())
        .bind(":cloud", tenant.cloud)
        .bind(":tenant_id", tenant.tenantId)
        .bind(":tenant_key", tenant.tenantId.toLower())
        .bind(":client_id", tenant.clientId)
        .bind(":authority", tenant.authority)
        .bind(":graph_url", tenant.graphUrl)
        .bind(":ca_file", tenant.caFile)
        .bind(":sign_in", tenant.signIn)
        .bind(":site_code", tenant.siteCode)
        .bind(":full_schedule", tenant.fullSchedule)
        .bind(":poll_seconds", tenant.pollSeconds)
        .bind(":enabled", tenant.enabled);
}

Expected<std::vector<Tenant>> all(Query& query)
{
    std::vector<Tenant> tenants;
    while (query.next())
        tenants.push_back(tenantOf(query));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return tenants;
}

Expected<std::optional<Tenant>> one(Query& query)
{
    auto tenants = all(query);
    if (!tenants)
        return tl::unexpected(tenants.error());
    return tenants->empty() ? std::nullopt : std::optional(tenants->front());
}

QString listName(DeltaList list)
{
    switch (list) {
    case DeltaList::Users:
        return u"users"_s;
    case DeltaList::Groups:
        return u"groups"_s;
    case DeltaList::DirectoryDevices:
        break;
    }
    return u"devices"_s;
}

} // namespace

Expected<void> TenantRepository::refuseTaken(const Tenant& tenant)
{
    auto others = list();
    if (!others)
        return tl::unexpected(others.error());
    for (const Tenant& other : *others) {
        if (other.id == tenant.id)
            continue;
        if (other.tenantId.compare(tenant.tenantId, Qt::CaseInsensitive) == 0)
            return fail(
                ErrorCode::AlreadyRunning, u"the tenant is connected already"_s, u"\"%1\""_s.arg(other.name));
        if (other.name.toCaseFolded() == tenant.name.toCaseFolded())
            return fail(ErrorCode::Conflict, u"there is a tenant named \"%1\" already"_s.arg(other.name));
    }
    return {};
}

Expected<Tenant> TenantRepository::stored(TenantId id)
{
    auto tenant = find(id);
    if (!tenant)
        return tl::unexpected(tenant.error());
    if (!*tenant)
        return fail(ErrorCode::NotFound, u"the tenant was removed meanwhile"_s);
    return **tenant;
}

Expected<Tenant> TenantRepository::insert(Tenant tenant)
{
    if (tenant.name.trimmed().isEmpty() || tenant.name.size() > 128)
        return fail(ErrorCode::InvalidInput, u"a tenant's name has 1 to 128 characters"_s);
    tenant.id = {};
    if (auto revision = m_session.touch(Table::Tenant); !revision)
        return tl::unexpected(revision.error());
    if (auto free = refuseTaken(tenant); !free)
        return tl::unexpected(free.error());
    Query query(m_session,
        "INSERT INTO tenant (name, name_key, cloud, tenant_id, tenant_key, client_id, authority, graph_url,"
        " ca_file, sign_in, site_code, full_schedule, poll_seconds, enabled, lock_revision, state) VALUES"
        " (:name, :name_key, :cloud, :tenant_id, :tenant_key, :client_id, :authority, :graph_url, :ca_file,"
        " :sign_in, :site_code, :full_schedule, :poll_seconds, :enabled, 1, :state) RETURNING id");
    bindConfiguration(query, tenant);
    query.bind(":state", tenant.state);
    const bool row = query.next();
    if (auto result = query.result(); !result || !row)
        return tl::unexpected(result ? Error{} : result.error());
    return stored(query.id<TenantTag>(0));
}

Expected<Tenant> TenantRepository::update(Tenant tenant)
{
    if (auto revision = m_session.touch(Table::Tenant); !revision)
        return tl::unexpected(revision.error());
    auto present = stored(tenant.id);
    if (!present)
        return present;
    if (present->revision != tenant.revision)
        return fail(ErrorCode::Conflict, u"somebody changed tenant \"%1\" meanwhile"_s.arg(present->name));
    if (auto free = refuseTaken(tenant); !free)
        return tl::unexpected(free.error());
    Query query(m_session,
        "UPDATE tenant SET name = :name, name_key = :name_key, cloud = :cloud, tenant_id = :tenant_id,"
        " tenant_key = :tenant_key, client_id = :client_id, authority = :authority, graph_url = :graph_url,"
        " ca_file = :ca_file, sign_in = :sign_in, site_code = :site_code, full_schedule = :full_schedule,"
        " poll_seconds = :poll_seconds, enabled = :enabled, lock_revision = lock_revision + 1 WHERE id = "
        ":id");
    bindConfiguration(query, tenant);
    if (auto done = query.bind(":id", tenant.id).run(); !done)
        return tl::unexpected(done.error());
    return stored(tenant.id);
}

Expected<std::vector<Tenant>> TenantRepository::list()
{
    static const std::string sql = select() + "ORDER BY id";
    Query query(m_session, Sql::constant(sql));
    return all(query);
}

Expected<std::optional<Tenant>> TenantRepository::find(TenantId id)
{
    static const std::string sql = select() + "WHERE id = :id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", id.value);
    return one(query);
}

Expected<std::optional<Tenant>> TenantRepository::byName(const QString& name)
{
    static const std::string sql = select() + "WHERE name_key = :key";
    Query query(m_session, Sql::constant(sql));
    query.bind(":key", name.toCaseFolded());
    return one(query);
}

Expected<void> TenantRepository::remove(TenantId id)
{
    for (const Table table :
        {Table::Tenant, Table::ManagedDevice, Table::DirectoryUser, Table::DirectoryGroup, Table::Match}) {
        auto revision = m_session.touch(table);
        auto forgotten = revision ? m_session.forgetBefore(table, *revision) : Expected<void>();
        if (!revision || !forgotten)
            return tl::unexpected(revision ? forgotten.error() : revision.error());
    }
    Query query(m_session, "DELETE FROM tenant WHERE id = :id");
    if (auto done = query.bind(":id", id).run(); !done)
        return done;
    if (query.affected() == 0)
        return fail(ErrorCode::NotFound, u"the tenant was removed meanwhile"_s);
    return {};
}

Expected<void> TenantRepository::setState(TenantId id, TenantState state, const QString& detail)
{
    if (auto revision = m_session.touch(Table::Tenant); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "UPDATE tenant SET state = :state, state_detail = :detail WHERE id = :id");
    return query.bind(":state", state).bind(":detail", detail).bind(":id", id).run();
}

Expected<void> TenantRepository::record(const Tenant& tenant)
{
    if (auto revision = m_session.touch(Table::Tenant); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE tenant SET state = :state, state_detail = :detail, organization_name = :organization,"
        " account = :account, permissions = :permissions, permissions_at = :permissions_at,"
        " credential_expires = :expires, last_sync_start = :start, last_sync_end = :end, last_poll = :poll,"
        " last_sync_result = :result, device_count = :devices, user_count = :users, group_count = :groups,"
        " matched_count = :matched, suggestion_count = :suggestions WHERE id = :id");
    return query.bind(":state", tenant.state)
        .bind(":detail", tenant.stateDetail)
        .bind(":organization", tenant.organizationName)
        .bind(":account", tenant.account)
        .bind(":permissions", permissionsText(tenant.permissions))
        .bind(":permissions_at", tenant.permissionsAt)
        .bind(":expires", tenant.credentialExpires)
        .bind(":start", tenant.lastSyncStart)
        .bind(":end", tenant.lastSyncEnd)
        .bind(":poll", tenant.lastPoll)
        .bind(":result", tenant.lastSyncResult)
        .bind(":devices", tenant.deviceCount)
        .bind(":users", tenant.userCount)
        .bind(":groups", tenant.groupCount)
        .bind(":matched", tenant.matchedCount)
        .bind(":suggestions", tenant.suggestionCount)
        .bind(":id", tenant.id)
        .run();
}

Expected<void> TenantRepository::recordMatches(qint64 matched, qint64 suggestions)
{
    if (auto revision = m_session.touch(Table::Tenant); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "UPDATE tenant SET matched_count = :matched, suggestion_count = :suggestions");
    return query.bind(":matched", matched).bind(":suggestions", suggestions).run();
}

Expected<void> TenantRepository::recordDevicesRead(TenantId id, const QDateTime& begun)
{
    Query query(m_session, "UPDATE tenant SET devices_as_of = :begun WHERE id = :id");
    return query.bind(":begun", begun).bind(":id", id).run();
}

Expected<void> TenantRepository::requestSync(TenantId id, const QDateTime& now)
{
    if (auto revision = m_session.touch(Table::Tenant); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "UPDATE tenant SET sync_requested_at = :now WHERE id = :id");
    if (auto done = query.bind(":now", now).bind(":id", id).run(); !done)
        return done;
    if (query.affected() == 0)
        return fail(ErrorCode::NotFound, u"the tenant was removed meanwhile"_s);
    return {};
}

Expected<bool> TenantRepository::isSyncRequested(TenantId id)
{
    Query query(m_session,
        "SELECT 1 FROM tenant WHERE id = :id AND sync_requested_at IS NOT NULL"
        " AND (last_sync_start IS NULL OR sync_requested_at > last_sync_start)");
    query.bind(":id", id);
    const bool row = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return row;
}

Expected<void> TenantRepository::hold(
    TenantId id, const QString& owner, const QDateTime& now, std::chrono::milliseconds ttl)
{
    Query query(m_session,
        "UPDATE tenant SET lease_owner = :owner, lease_expires_at = :expires WHERE id = :id"
        " AND (lease_owner = :mine OR lease_expires_at IS NULL OR lease_expires_at <= :now)");
    query.bind(":owner", owner)
        .bind(":expires", now.addMSecs(ttl.count()))
        .bind(":id", id)
        .bind(":mine", owner)
        .bind(":now", now);
    if (auto done = query.run(); !done)
        return done;
    if (query.affected() == 1)
        return {};
    Query holder(m_session, "SELECT lease_owner FROM tenant WHERE id = :id");
    holder.bind(":id", id);
    const bool row = holder.next();
    if (auto result = holder.result(); !result)
        return result;
    return fail(row ? ErrorCode::LeaseHeld : ErrorCode::NotFound, row ? holder.text(0) : QString());
}

Expected<void> TenantRepository::release(TenantId id, const QString& owner)
{
    Query query(m_session,
        "UPDATE tenant SET lease_owner = '', lease_expires_at = NULL WHERE id = :id AND lease_owner = "
        ":owner");
    return query.bind(":id", id).bind(":owner", owner).run();
}

Expected<QString> TenantRepository::deltaLink(TenantId id, DeltaList list)
{
    Query query(m_session, "SELECT link FROM tenant_delta WHERE tenant_id = :id AND list = :list");
    query.bind(":id", id).bind(":list", listName(list));
    QString link;
    if (query.next())
        link = query.text(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return link;
}

Expected<void> TenantRepository::setDeltaLink(TenantId id, DeltaList list, const QString& link)
{
    Query query(m_session,
        "INSERT INTO tenant_delta (tenant_id, list, link) VALUES (:id, :list, :link)"
        " ON CONFLICT (tenant_id, list) DO UPDATE SET link = excluded.link");
    return query.bind(":id", id).bind(":list", listName(list)).bind(":link", link).run();
}

} // namespace postern::store

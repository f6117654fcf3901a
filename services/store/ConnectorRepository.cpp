#include "services/store/ConnectorRepository.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "services/core/Logging.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

const std::string& selectConnectors()
{
    static const std::string sql
        = "SELECT id, name, kind, server_address, authentication, user_name, ca_file, notification_account, "
          "site_code,"
          " full_schedule, delta_minutes, max_inactive_days, parallel_sessions, ad_containers, enabled, "
          "state,"
          " state_detail, coalesce(organization_id, ''), organization_name, exchange_version, device_count,"
          " mailbox_count, last_full_start, last_full_end, last_delta_start, last_delta_end, watermark,"
          " last_full_result, last_delta_result, lock_revision, ews_url, client_access_servers,"
          " discover_servers, settings FROM connector ";
    return sql;
}

QString serversText(const std::vector<ClientAccessServer>& servers)
{
    QJsonArray array;
    for (const ClientAccessServer& server : servers)
        array.append(QJsonObject{{u"adSite"_s, server.adSite}, {u"server"_s, server.server}});
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

std::vector<ClientAccessServer> serversOf(const QString& text)
{
    std::vector<ClientAccessServer> servers;
    for (const QJsonValue value : QJsonDocument::fromJson(text.toUtf8()).array())
        servers.push_back({value[u"adSite"_s].toString(), value[u"server"_s].toString()});
    return servers;
}

QString settingsText(const ConnectorSettings& settings)
{
    return settings == ConnectorSettings() ? QString() : QString::fromUtf8(toJson(settings));
}

// Settings that cannot be read configure nothing: nothing of them is written to Exchange.
ConnectorSettings settingsOf(const QString& text, const QString& connector)
{
    if (text.isEmpty())
        return {};
    auto settings = connectorSettingsFromJson(text.toUtf8());
    if (settings)
        return *settings;
    qCWarning(core::logStore).noquote()
        << "settings of connector" << connector << "are not understood:" << settings.error().toLogText();
    return {};
}

Connector connectorOf(const Query& row)
{
    Connector connector;
    connector.id = row.id<ConnectorTag>(0);
    connector.name = row.text(1);
    connector.kind = row.enumeration(2, ConnectorKind::OnPremises);
    connector.serverAddress = row.text(3);
    connector.authentication = row.enumeration(4, Authentication::Negotiate);
    connector.user = row.text(5);
    connector.caFile = row.text(6);
    connector.notificationAccount = row.text(7);
    connector.siteCode = row.text(8);
    connector.fullSchedule = row.text(9);
    connector.deltaMinutes = row.number(10);
    connector.maxInactiveDays = row.number(11);
    connector.parallelSessions = row.number(12);
    connector.adContainers = row.list(13);
    connector.enabled = row.flag(14);
    connector.state = row.enumeration(15, ConnectorState::Installing);
    connector.stateDetail = row.text(16);
    connector.organizationId = row.text(17);
    connector.organizationName = row.text(18);
    connector.exchangeVersion = row.text(19);
    connector.deviceCount = row.number(20);
    connector.mailboxCount = row.number(21);
    connector.lastFullStart = row.time(22);
    connector.lastFullEnd = row.time(23);
    connector.lastDeltaStart = row.time(24);
    connector.lastDeltaEnd = row.time(25);
    connector.watermark = row.time(26);
    connector.lastFullResult = row.text(27);
    connector.lastDeltaResult = row.text(28);
    connector.revision = row.integer(29);
    connector.ewsUrl = row.text(30);
    connector.clientAccessServers = serversOf(row.text(31));
    connector.discoverServers = row.flag(32);
    connector.settings = settingsOf(row.text(33), connector.name);
    return connector;
}

Expected<std::optional<Connector>> oneOf(Query& query)
{
    std::optional<Connector> found;
    if (query.next())
        found = connectorOf(query);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

void bindConfiguration(Query& query, const Connector& connector)
{
    query.bind(":name", connector.name)
        .bind(":name_key", connector.name.toCaseFolded())
        .bind(":kind", connector.kind)
        .bind(":server_address", connector.serverAddress)
        .bind(":authentication", connector.authentication)
        .bind(":user_name", connector.user)
        .bind(":ca_file", connector.caFile)
        .bind(":notification_account", connector.notificationAccount)
        .bind(":site_code", connector.siteCode)
        .bind(":full_schedule", connector.fullSchedule)
        .bind(":delta_minutes", connector.deltaMinutes)
        .bind(":max_inactive_days", connector.maxInactiveDays)
        .bind(":parallel_sessions", connector.parallelSessions)
        .bind(":ad_containers", connector.adContainers)
        .bind(":enabled", connector.enabled)
        .bind(":ews_url", connector.ewsUrl)
        .bind(":client_access_servers", serversText(connector.clientAccessServers))
        .bind(":discover_servers", connector.discoverServers)
        .bind(":settings", settingsText(connector.settings));
}

} // namespace

Expected<void> ConnectorRepository::refuseTakenName(const Connector& connector)
{
    auto other = byName(connector.name);
    if (!other)
        return tl::unexpected(other.error());
    if (*other && (*other)->id != connector.id)
        return fail(ErrorCode::Conflict, u"there is a connector named \"%1\" already"_s.arg((*other)->name));
    return {};
}

Expected<Connector> ConnectorRepository::insert(Connector connector)
{
    if (connector.name.trimmed().isEmpty() || connector.name.size() > 128)
        return fail(ErrorCode::InvalidInput, u"a connector's name has 1 to 128 characters"_s);
    connector.id = {};
    if (auto revision = m_session.touch(Table::Connector); !revision)
        return tl::unexpected(revision.error());
    if (auto free = refuseTakenName(connector); !free)
        return tl::unexpected(free.error());
    Query query(m_session,
        "INSERT INTO connector (name, name_key, kind, server_address, authentication, user_name, ca_file,"
        " notification_account, site_code, full_schedule, delta_minutes, max_inactive_days, "
        "parallel_sessions,"
        " ad_containers, enabled, ews_url, client_access_servers, discover_servers, settings, lock_revision,"
        " state) VALUES (:name, :name_key, :kind, :server_address,"
        " :authentication, :user_name, :ca_file, :notification_account, :site_code, :full_schedule, "
        ":delta_minutes,"
        " :max_inactive_days, :parallel_sessions, :ad_containers, :enabled, :ews_url,"
        " :client_access_servers, :discover_servers, :settings, 1, :state) RETURNING id");
    bindConfiguration(query, connector);
    query.bind(":state", connector.state);
    const bool row = query.next();
    if (auto result = query.result(); !result || !row)
        return tl::unexpected(result ? Error{} : result.error());
    auto stored = find(query.id<ConnectorTag>(0));
    if (!stored || !*stored)
        return tl::unexpected(stored ? Error{} : stored.error());
    return **stored;
}

Expected<Connector> ConnectorRepository::update(Connector connector)
{
    auto revision = m_session.touch(Table::Connector);
    if (!revision)
        return tl::unexpected(revision.error());
    auto present = find(connector.id);
    if (!present)
        return tl::unexpected(present.error());
    if (!*present)
        return fail(ErrorCode::NotFound, u"connector \"%1\" was removed meanwhile"_s.arg(connector.name));
    if ((*present)->revision != connector.revision)
        return fail(
            ErrorCode::Conflict, u"somebody changed connector \"%1\" meanwhile"_s.arg((*present)->name));
    if (auto free = refuseTakenName(connector); !free)
        return tl::unexpected(free.error());
    Query query(m_session,
        "UPDATE connector SET name = :name, name_key = :name_key, kind = :kind, server_address = "
        ":server_address,"
        " authentication = :authentication, user_name = :user_name, ca_file = :ca_file,"
        " notification_account = :notification_account, site_code = :site_code, full_schedule = "
        ":full_schedule,"
        " delta_minutes = :delta_minutes, max_inactive_days = :max_inactive_days,"
        " parallel_sessions = :parallel_sessions, ad_containers = :ad_containers, enabled = :enabled,"
        " ews_url = :ews_url, client_access_servers = :client_access_servers,"
        " discover_servers = :discover_servers, settings = :settings,"
        " lock_revision = lock_revision + 1 WHERE id = :id");
    bindConfiguration(query, connector);
    if (auto done = query.bind(":id", connector.id).run(); !done)
        return tl::unexpected(done.error());
    // Every device row shows its connector's name and site: readers start again.
    if ((*present)->name != connector.name || (*present)->siteCode != connector.siteCode) {
        if (auto done = m_session.forgetBefore(Table::Partnership, *revision); !done)
            return tl::unexpected(done.error());
    }
    auto stored = find(connector.id);
    if (!stored || !*stored)
        return tl::unexpected(stored ? Error{} : stored.error());
    return **stored;
}

Expected<std::vector<Connector>> ConnectorRepository::list()
{
    static const std::string sql = selectConnectors() + "WHERE removed_at IS NULL ORDER BY id";
    Query query(m_session, Sql::constant(sql));
    std::vector<Connector> connectors;
    while (query.next())
        connectors.push_back(connectorOf(query));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return connectors;
}

Expected<std::optional<Connector>> ConnectorRepository::find(ConnectorId id)
{
    static const std::string sql = selectConnectors() + "WHERE removed_at IS NULL AND id = :id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", id.value);
    return oneOf(query);
}

Expected<std::optional<Connector>> ConnectorRepository::byName(const QString& name)
{
    static const std::string sql = selectConnectors() + "WHERE removed_at IS NULL AND name_key = :key";
    Query query(m_session, Sql::constant(sql));
    query.bind(":key", name.toCaseFolded());
    return oneOf(query);
}

Expected<std::optional<Connector>> ConnectorRepository::byOrganizationId(const QString& organizationId)
{
    static const std::string sql
        = selectConnectors() + "WHERE removed_at IS NULL AND organization_id = :organization";
    Query query(m_session, Sql::constant(sql));
    query.bind(":organization", organizationId);
    return oneOf(query);
}

Expected<void> ConnectorRepository::remove(ConnectorId id)
{
    for (const Table table :
        {Table::Connector, Table::Organization, Table::Mailbox, Table::Request, Table::Job}) {
        if (auto revision = m_session.touch(table); !revision)
            return tl::unexpected(revision.error());
    }
    if (auto done = m_session.forgetBefore(Table::Partnership, m_session.changes().revision()); !done)
        return done;
    Query query(m_session, "DELETE FROM connector WHERE id = :id");
    return query.bind(":id", id.value).run();
}

Expected<void> ConnectorRepository::retire(ConnectorId id, const QDateTime& now)
{
    for (const Table table : {Table::Connector, Table::Organization, Table::Mailbox}) {
        if (auto revision = m_session.touch(table); !revision)
            return tl::unexpected(revision.error());
    }
    if (auto gone = PartnershipRepository(m_session).markAllGone(id, now); !gone)
        return tl::unexpected(gone.error());
    Query mailboxes(
        m_session, "UPDATE mailbox SET gone_since = :now WHERE connector_id = :id AND gone_since IS NULL");
    if (auto done = mailboxes.bind(":now", now).bind(":id", id.value).run(); !done)
        return done;
    if (auto revision = m_session.touch(Table::Request); !revision)
        return tl::unexpected(revision.error());
    Query requests(m_session,
        "UPDATE request SET state = 'Failed', result = 'The connector was removed.' WHERE connector_id = :id"
        " AND state IN ('Queued', 'Taken') AND kind <> 'RemoveConnector'");
    if (auto done = requests.bind(":id", id.value).run(); !done)
        return done;
    Query runs(m_session, "DELETE FROM sync_run WHERE connector_id = :id");
    if (auto done = runs.bind(":id", id.value).run(); !done)
        return done;
    Query leases(m_session, "DELETE FROM lease WHERE connector_id = :id");
    if (auto done = leases.bind(":id", id.value).run(); !done)
        return done;
    // Name and organisation are free for another; no name that is entered has such a key.
    Query query(m_session,
        "UPDATE connector SET removed_at = :now, enabled = 0, state = :state, state_detail = '',"
        " organization_id = NULL, name_key = :key WHERE id = :id AND removed_at IS NULL");
    query.bind(":now", now).bind(":state", ConnectorState::Removing).bind(":id", id.value);
    return query.bind(":key", u"\u001f%1"_s.arg(id.value)).run();
}

Expected<int> ConnectorRepository::purgeRemoved(const QDateTime& before)
{
    std::vector<ConnectorId> old;
    {
        Query query(m_session, "SELECT id FROM connector WHERE removed_at < :before ORDER BY id");
        query.bind(":before", before);
        while (query.next())
            old.push_back(query.id<ConnectorTag>(0));
        if (auto result = query.result(); !result)
            return tl::unexpected(result.error());
    }
    for (const ConnectorId id : old) {
        if (auto revision = m_session.touch(Table::StatusMessage); !revision)
            return tl::unexpected(revision.error());
        Query messages(m_session, "DELETE FROM status_message WHERE connector_id = :id");
        if (auto done = messages.bind(":id", id.value).run(); !done)
            return tl::unexpected(done.error());
        if (auto removed = remove(id); !removed)
            return tl::unexpected(removed.error());
    }
    return int(old.size());
}

Expected<void> ConnectorRepository::setState(ConnectorId id, ConnectorState state, const QString& detail)
{
    if (auto revision = m_session.touch(Table::Connector); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "UPDATE connector SET state = :state, state_detail = :detail WHERE id = :id");
    return query.bind(":state", state).bind(":detail", detail).bind(":id", id.value).run();
}

Expected<void> ConnectorRepository::recordOrganization(ConnectorId id, const OrganizationInfo& organization)
{
    if (organization.id.isEmpty())
        return fail(ErrorCode::InvalidInput, u"the organisation has no id"_s);
    if (auto revision = m_session.touch(Table::Connector); !revision)
        return tl::unexpected(revision.error());
    auto other = byOrganizationId(organization.id);
    if (!other)
        return tl::unexpected(other.error());
    if (*other && (*other)->id != id)
        return fail(ErrorCode::Conflict,
            u"organisation \"%1\" is already served by connector \"%2\""_s.arg(
                organization.name, (*other)->name));
    const bool renamed = !*other || (*other)->organizationName != organization.name;
    if (renamed) { // shown in every device row
        if (auto done = m_session.forgetBefore(Table::Partnership, m_session.changes().revision()); !done)
            return done;
    }
    Query query(m_session,
        "UPDATE connector SET organization_id = :organization, organization_name = :name, exchange_version = "
        ":version"
        " WHERE id = :id");
    return query.bind(":organization", organization.id)
        .bind(":name", organization.name)
        .bind(":version", organization.version)
        .bind(":id", id.value)
        .run();
}

Expected<void> ConnectorRepository::recordSync(ConnectorId id, const SyncOutcome& outcome)
{
    if (auto revision = m_session.touch(Table::Connector); !revision)
        return tl::unexpected(revision.error());
    const bool full = outcome.kind == SyncKind::Full;
    Query query(m_session,
        full ? Sql(
            "UPDATE connector SET last_full_start = coalesce(:start, last_full_start), last_full_end = :end,"
            " last_full_result = :result, watermark = coalesce(:watermark, watermark),"
            " device_count = coalesce(:devices, device_count),"
            " mailbox_count = coalesce(:mailboxes, mailbox_count) WHERE id = :id")
             : Sql("UPDATE connector SET last_delta_start = coalesce(:start, last_delta_start), "
                   "last_delta_end = :end,"
                   " last_delta_result = :result, watermark = coalesce(:watermark, watermark),"
                   " device_count = coalesce(:devices, device_count),"
                   " mailbox_count = coalesce(:mailboxes, mailbox_count) WHERE id = :id"));
    query.bind(":start", outcome.start).bind(":end", outcome.end).bind(":result", outcome.result);
    query.bind(":watermark", outcome.watermark).bind(":id", id.value);
    if (outcome.deviceCount)
        query.bind(":devices", *outcome.deviceCount);
    else
        query.bindNull(":devices");
    if (outcome.mailboxCount)
        query.bind(":mailboxes", *outcome.mailboxCount);
    else
        query.bindNull(":mailboxes");
    return query.run();
}

} // namespace postern::store

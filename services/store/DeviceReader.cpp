#include "services/store/DeviceReader.h"

#include <string>
#include <unordered_map>

#include "services/store/Query.h"
#include "services/store/Store.h"

namespace postern::store {

namespace {

using frame::DeviceColumn;

// From column 6 on: the text columns of DeviceColumn from UserName to DeviceIdentity but for the connector's
// own, then the numbers. mailbox comes second in both plans, one look-up by its integer key a row.
const char* const selectRows
    = "SELECT p.id, p.connector_id, p.gone_since, p.stale, p.as_of, m.sam_account_name,"
      " m.display_name, m.upn, m.primary_smtp, m.department, p.device_type, p.device_model, p.friendly_name,"
      " p.device_os, p.eas_device_id, p.client_version, p.imei, p.phone_number, p.mobile_operator, "
      "p.user_agent,"
      " m.server_name, p.access_control_rule, p.access_reason_text, p.policy_applied, p.policy_status,"
      " p.device_identity, p.access_state, p.access_reason, p.client_type, p.wipe_status, p.first_sync,"
      " p.last_success_sync, p.last_sync_attempt, p.last_policy_update, p.folders_synced, "
      "p.remote_wipe_supported,"
      " m.eas_enabled FROM partnership p CROSS JOIN mailbox m WHERE m.id = p.mailbox_id AND ";

constexpr DeviceColumn textColumns[] = {DeviceColumn::UserName, DeviceColumn::UserPrincipalName,
    DeviceColumn::EmailAddress, DeviceColumn::Department, DeviceColumn::DeviceType, DeviceColumn::DeviceModel,
    DeviceColumn::FriendlyName, DeviceColumn::DeviceOS, DeviceColumn::EasDeviceId,
    DeviceColumn::ClientVersion, DeviceColumn::Imei, DeviceColumn::PhoneNumber, DeviceColumn::MobileOperator,
    DeviceColumn::UserAgent, DeviceColumn::ExchangeServer, DeviceColumn::AccessControlRule,
    DeviceColumn::AccessStateReasonText, DeviceColumn::PolicyApplied, DeviceColumn::PolicyApplicationStatus,
    DeviceColumn::DeviceIdentity};
constexpr DeviceColumn numberColumns[] = {DeviceColumn::AccessState, DeviceColumn::AccessStateReason,
    DeviceColumn::ClientType, DeviceColumn::WipeStatus, DeviceColumn::FirstSyncTime,
    DeviceColumn::LastSuccessSync, DeviceColumn::LastSyncAttempt, DeviceColumn::LastPolicyUpdate,
    DeviceColumn::FoldersSynced, DeviceColumn::RemoteWipeSupported, DeviceColumn::EasEnabled};
constexpr int firstText = 6;
constexpr int firstNumber = firstText + int(std::size(textColumns));

struct ConnectorTexts
{
    std::string name, organization, siteCode;
    qint64 watermark = frame::noValue;
};
using Connectors = std::unordered_map<qint64, ConnectorTexts>;

Expected<Connectors> loadConnectors(Session& session)
{
    Query query(session, "SELECT id, name, organization_name, site_code, watermark FROM connector");
    Connectors connectors;
    while (query.next()) {
        connectors[query.integer(0)] = {std::string(query.utf8(1)), std::string(query.utf8(2)),
            std::string(query.utf8(3)), query.isNull(4) ? frame::noValue : query.integer(4)};
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return connectors;
}

Expected<bool> forgotten(Session& session, qint64 since)
{
    Query query(
        session, "SELECT 1 FROM change_state WHERE table_number = :table AND forgotten_before > :since");
    query.bind(":table", int(Table::Partnership)).bind(":since", since);
    const bool found = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

class RowBuilder
{
public:
    explicit RowBuilder(const Connectors& connectors)
        : m_connectors(connectors)
    {
        m_row.number.fill(frame::noValue);
    }

    const frame::DeviceRow& build(const Query& query)
    {
        m_row.id = query.id<PartnershipTag>(0);
        m_row.gone = !query.isNull(2);
        for (std::size_t i = 0; i < std::size(textColumns); ++i)
            text(textColumns[i]) = query.utf8(firstText + int(i));
        for (std::size_t i = 0; i < std::size(numberColumns); ++i) {
            const int column = firstNumber + int(i);
            number(numberColumns[i]) = query.isNull(column) ? frame::noValue : query.integer(column);
        }
        const bool stale = query.flag(3);
        const qint64 asOf = query.isNull(4) ? frame::noValue : query.integer(4);
        number(DeviceColumn::Stale) = stale ? 1 : 0;
        number(DeviceColumn::ExchangeDataAsOf) = asOf;
        const auto connector = m_connectors.find(query.integer(1));
        if (connector != m_connectors.end()) {
            text(DeviceColumn::ExchangeOrganization) = connector->second.organization;
            text(DeviceColumn::ConnectorName) = connector->second.name;
            text(DeviceColumn::SiteCode) = connector->second.siteCode;
            // An unchanged row is not written; that it was read again is the connector's knowledge (SYN-18).
            if (!stale)
                number(DeviceColumn::ExchangeDataAsOf) = std::max(asOf, connector->second.watermark);
        }
        const auto user = text(DeviceColumn::UserName);
        m_name.assign(user.empty() ? query.utf8(5) : user);
        m_name += '_';
        m_name += text(DeviceColumn::DeviceType);
        text(DeviceColumn::Name) = m_name;
        return m_row;
    }

private:
    std::string_view& text(DeviceColumn column) { return m_row.text[std::size_t(column)]; }
    qint64& number(DeviceColumn column) { return m_row.number[std::size_t(column)]; }

    const Connectors& m_connectors;
    frame::DeviceRow m_row;
    std::string m_name;
};

std::string sqlWith(const char* condition)
{
    std::string sql = selectRows;
    sql.append(condition);
    return sql;
}

const std::string& sqlFor(qint64 since)
{
    static const std::string all = sqlWith("p.gone_since IS NULL AND :since = 0");
    static const std::string changed = sqlWith(
        "p.id IN (SELECT id FROM partnership WHERE revision > :since UNION"
        " SELECT q.id FROM mailbox n JOIN partnership q ON q.mailbox_id = n.id WHERE n.revision > :since)");
    return since == 0 ? all : changed;
}

} // namespace

Expected<DeviceRead> readDevices(
    Session& session, qint64 sinceRevision, const std::function<void(const frame::DeviceRow&)>& callback)
{
    auto revision = currentRevision(session);
    auto lost = forgotten(session, sinceRevision);
    auto connectors = loadConnectors(session);
    if (!revision || !lost || !connectors)
        return tl::unexpected(!revision ? revision.error() : !lost ? lost.error() : connectors.error());
    DeviceRead read{*revision, 0, sinceRevision > 0 && *lost};
    if (read.restartNeeded)
        return read;
    RowBuilder builder(*connectors);
    Query query(session, Sql::constant(sqlFor(sinceRevision)));
    query.bind(":since", sinceRevision).stream();
    while (query.next()) {
        callback(builder.build(query));
        ++read.rows;
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return read;
}

} // namespace postern::store

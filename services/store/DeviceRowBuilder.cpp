#include "services/store/DeviceRowBuilder.h"

namespace postern::store {

namespace {

using frame::DeviceColumn;

// From column 6 on: the text columns of DeviceColumn from UserName to DeviceIdentity but for the connector's
// own, then the numbers.
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

} // namespace

const std::string& DeviceRowBuilder::columns()
{
    static const std::string list
        = "p.id, p.connector_id, p.gone_since, p.stale, p.as_of, m.sam_account_name,"
          " m.display_name, m.upn, m.primary_smtp, m.department, p.device_type, p.device_model,"
          " p.friendly_name, p.device_os, p.eas_device_id, p.client_version, p.imei, p.phone_number,"
          " p.mobile_operator, p.user_agent, m.server_name, p.access_control_rule, p.access_reason_text,"
          " p.policy_applied, p.policy_status, p.device_identity, p.access_state, p.access_reason,"
          " p.client_type, p.wipe_status, p.first_sync, p.last_success_sync, p.last_sync_attempt,"
          " p.last_policy_update, p.folders_synced, p.remote_wipe_supported, m.eas_enabled";
    return list;
}

int DeviceRowBuilder::columnCount()
{
    return firstNumber + int(std::size(numberColumns));
}

DeviceRowBuilder::DeviceRowBuilder(const Connectors& connectors, int offset)
    : m_connectors(connectors)
    , m_offset(offset)
{
    m_row.number.fill(frame::noValue);
}

frame::DeviceRow& DeviceRowBuilder::build(const Query& query)
{
    m_row.id = query.id<PartnershipTag>(m_offset);
    m_row.gone = !query.isNull(m_offset + 2);
    for (std::size_t i = 0; i < std::size(textColumns); ++i)
        text(textColumns[i]) = query.utf8(m_offset + firstText + int(i));
    for (std::size_t i = 0; i < std::size(numberColumns); ++i) {
        const int column = m_offset + firstNumber + int(i);
        number(numberColumns[i]) = query.isNull(column) ? frame::noValue : query.integer(column);
    }
    const bool stale = query.flag(m_offset + 3);
    const qint64 asOf = query.isNull(m_offset + 4) ? frame::noValue : query.integer(m_offset + 4);
    number(DeviceColumn::Stale) = stale ? 1 : 0;
    number(DeviceColumn::ExchangeDataAsOf) = asOf;
    const auto connector = m_connectors.find(query.integer(m_offset + 1));
    if (connector != m_connectors.end()) {
        text(DeviceColumn::ExchangeOrganization) = connector->second.organization;
        text(DeviceColumn::ConnectorName) = connector->second.name;
        text(DeviceColumn::SiteCode) = connector->second.siteCode;
        // An unchanged row is not written; that it was read again is the connector's knowledge (SYN-18).
        if (!stale)
            number(DeviceColumn::ExchangeDataAsOf) = std::max(asOf, connector->second.watermark);
    }
    const auto user = text(DeviceColumn::UserName);
    m_name.assign(user.empty() ? query.utf8(m_offset + 5) : user);
    m_name += '_';
    m_name += text(DeviceColumn::DeviceType);
    text(DeviceColumn::Name) = m_name;
    return m_row;
}

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

} // namespace postern::store

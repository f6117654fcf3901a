#include "services/store/OrganizationRepository.h"

#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

Expected<bool> OrganizationRepository::replaceSettings(
    ConnectorId connector, const OrganizationSettings& settings_)
{
    auto present = settings(connector);
    if (!present)
        return tl::unexpected(present.error());
    if (*present == settings_)
        return false;
    if (auto revision = m_session.touch(Table::Organization); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "INSERT INTO organization_setting (connector_id, default_access_level, user_mail_insert, "
        "admin_mail_recipients)"
        " VALUES (:connector, :level, :insert, :recipients) ON CONFLICT (connector_id) DO UPDATE SET"
        " default_access_level = excluded.default_access_level, user_mail_insert = excluded.user_mail_insert,"
        " admin_mail_recipients = excluded.admin_mail_recipients");
    query.bind(":connector", connector.value).bind(":level", settings_.defaultAccessLevel);
    query.bind(":insert", settings_.userMailInsert).bind(":recipients", settings_.adminMailRecipients);
    if (auto done = query.run(); !done)
        return tl::unexpected(done.error());
    return true;
}

Expected<std::optional<OrganizationSettings>> OrganizationRepository::settings(ConnectorId connector)
{
    Query query(m_session,
        "SELECT default_access_level, user_mail_insert, admin_mail_recipients FROM organization_setting"
        " WHERE connector_id = :connector");
    query.bind(":connector", connector.value);
    std::optional<OrganizationSettings> found;
    if (query.next())
        found = OrganizationSettings{query.enumeration(0, AccessLevel::Allow), query.text(1), query.list(2)};
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<bool> OrganizationRepository::replaceAccessRules(
    ConnectorId connector, const std::vector<AccessRule>& rules)
{
    auto present = accessRules(connector);
    if (!present)
        return tl::unexpected(present.error());
    if (*present == rules)
        return false;
    if (auto revision = m_session.touch(Table::Organization); !revision)
        return tl::unexpected(revision.error());
    Query clear(m_session, "DELETE FROM access_rule WHERE connector_id = :connector");
    if (auto done = clear.bind(":connector", connector.value).run(); !done)
        return tl::unexpected(done.error());
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const AccessRule& rule = rules[i];
        Query query(m_session,
            "INSERT INTO access_rule (connector_id, position, name, characteristic, query, level, identity)"
            " VALUES (:connector, :position, :name, :characteristic, :query, :level, :identity)");
        query.bind(":connector", connector.value).bind(":position", qint64(i)).bind(":name", rule.name);
        query.bind(":characteristic", rule.characteristic).bind(":query", rule.query);
        if (auto done = query.bind(":level", rule.level).bind(":identity", rule.identity).run(); !done)
            return tl::unexpected(done.error());
    }
    return true;
}

Expected<std::vector<AccessRule>> OrganizationRepository::accessRules(ConnectorId connector)
{
    Query query(m_session,
        "SELECT name, characteristic, query, level, identity FROM access_rule WHERE connector_id = :connector"
        " ORDER BY position");
    query.bind(":connector", connector.value);
    std::vector<AccessRule> rules;
    while (query.next())
        rules.push_back({query.text(0), query.enumeration(1, AccessRuleCharacteristic::DeviceType),
            query.text(2), query.enumeration(3, AccessLevel::Allow), query.text(4)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return rules;
}

Expected<bool> OrganizationRepository::replaceMailboxPolicies(
    ConnectorId connector, const std::vector<MailboxPolicy>& policies)
{
    auto present = mailboxPolicies(connector);
    if (!present)
        return tl::unexpected(present.error());
    if (*present == policies)
        return false;
    if (auto revision = m_session.touch(Table::Organization); !revision)
        return tl::unexpected(revision.error());
    Query clear(m_session, "DELETE FROM mailbox_policy WHERE connector_id = :connector");
    if (auto done = clear.bind(":connector", connector.value).run(); !done)
        return tl::unexpected(done.error());
    for (std::size_t i = 0; i < policies.size(); ++i) {
        const MailboxPolicy& policy = policies[i];
        Query query(m_session,
            "INSERT INTO mailbox_policy (connector_id, position, name, identity, is_default, "
            "allow_non_provisionable,"
            " password_enabled) VALUES (:connector, :position, :name, :identity, :default, "
            ":non_provisionable,"
            " :password)");
        query.bind(":connector", connector.value).bind(":position", qint64(i)).bind(":name", policy.name);
        query.bind(":identity", policy.identity).bind(":default", policy.isDefault);
        query.bind(":non_provisionable", policy.allowNonProvisionableDevices);
        if (auto done = query.bind(":password", policy.passwordEnabled).run(); !done)
            return tl::unexpected(done.error());
    }
    return true;
}

Expected<bool> OrganizationRepository::replacePolicySettings(ConnectorId connector, const QString& identity,
    const MailboxPolicySettings& settings, const QDateTime& readAt)
{
    auto present = policySettings(connector, identity);
    if (!present)
        return tl::unexpected(present.error());
    if (*present == settings)
        return false;
    if (auto revision = m_session.touch(Table::Organization); !revision)
        return tl::unexpected(revision.error());
    ConnectorSettings whole;
    whole.policy = settings;
    Query query(m_session,
        "INSERT INTO mailbox_policy_settings (connector_id, identity, settings, read_at)"
        " VALUES (:connector, :identity, :settings, :at) ON CONFLICT (connector_id, identity) DO UPDATE SET"
        " settings = excluded.settings, read_at = excluded.read_at");
    query.bind(":connector", connector.value).bind(":identity", identity).bind(":at", readAt);
    if (auto done = query.bind(":settings", QString::fromUtf8(toJson(whole))).run(); !done)
        return tl::unexpected(done.error());
    return true;
}

Expected<std::optional<MailboxPolicySettings>> OrganizationRepository::policySettings(
    ConnectorId connector, const QString& identity)
{
    Query query(m_session,
        "SELECT settings FROM mailbox_policy_settings WHERE connector_id = :connector"
        " AND identity = :identity");
    query.bind(":connector", connector.value).bind(":identity", identity);
    std::optional<MailboxPolicySettings> found;
    if (query.next()) {
        // Values out of Postern's range may stand in Exchange: then it is as if it had not been read.
        if (auto whole = connectorSettingsFromJson(query.text(0).toUtf8()))
            found = whole->policy;
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<std::vector<MailboxPolicy>> OrganizationRepository::mailboxPolicies(ConnectorId connector)
{
    Query query(m_session,
        "SELECT name, identity, is_default, allow_non_provisionable, password_enabled FROM mailbox_policy"
        " WHERE connector_id = :connector ORDER BY position");
    query.bind(":connector", connector.value);
    std::vector<MailboxPolicy> policies;
    while (query.next())
        policies.push_back({query.text(0), query.text(1), query.flag(2), query.flag(3), query.flag(4)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return policies;
}

} // namespace postern::store

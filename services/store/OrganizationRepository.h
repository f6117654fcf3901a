// What an organisation is set to (OBJ-02 and policies), replaced as a whole by each sync; nothing is written
// when it is what is stored already. Store thread, inside a Session.
#pragma once

#include <vector>

#include "models/domain/ConnectorSettings.h"
#include "models/domain/Exchange.h"
#include "services/store/Session.h"

namespace postern::store {

class OrganizationRepository
{
public:
    explicit OrganizationRepository(Session& session)
        : m_session(session)
    {
    }
    // true: something changed.
    [[nodiscard]] Expected<bool> replaceSettings(ConnectorId connector, const OrganizationSettings& settings);
    [[nodiscard]] Expected<bool> replaceAccessRules(
        ConnectorId connector, const std::vector<AccessRule>& rules);
    [[nodiscard]] Expected<bool> replaceMailboxPolicies(
        ConnectorId connector, const std::vector<MailboxPolicy>& policies);

    // What a policy contains, as it was last read (SYN-02).
    [[nodiscard]] Expected<bool> replacePolicySettings(ConnectorId connector, const QString& identity,
        const MailboxPolicySettings& settings, const QDateTime& readAt);
    [[nodiscard]] Expected<std::optional<MailboxPolicySettings>> policySettings(
        ConnectorId connector, const QString& identity);

    [[nodiscard]] Expected<std::optional<OrganizationSettings>> settings(ConnectorId connector);
    [[nodiscard]] Expected<std::vector<AccessRule>> accessRules(ConnectorId connector); // in Exchange's order
    [[nodiscard]] Expected<std::vector<MailboxPolicy>> mailboxPolicies(ConnectorId connector);

private:
    Session& m_session;
};

} // namespace postern::store

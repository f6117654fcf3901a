// The small lists of an organisation: settings, device access rules, mailbox policies of both cmdlet
// families, and who the organisation is (from its servers). Pure, any thread. A rule whose level or
// characteristic is not understood is a problem and left out; settings whose default level is not understood
// are an error, since decisions rest on it.
#pragma once

#include <optional>
#include <vector>

#include "models/base/Error.h"
#include "models/domain/Exchange.h"
#include "services/psrp/clixml/PropertyBag.h"

namespace postern::exchange {

[[nodiscard]] Expected<OrganizationSettings> mapOrganizationSettings(const clixml::PropertyBag& bag);
[[nodiscard]] std::optional<AccessRule> mapAccessRule(
    const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems);
[[nodiscard]] std::optional<MailboxPolicy> mapMailboxPolicy(
    const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems);

struct ExchangeServer
{
    QString name;
    QString fqdn;
    QString version;
    QString site; // of Active Directory: its name
    bool isClientAccess = false;
    bool isMailbox = false;
    bool isEdge = false;
    OrganizationInfo organization; // id and name only, cut from the server's place in the configuration
};
[[nodiscard]] std::optional<ExchangeServer> mapExchangeServer(
    const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems);

// The organisation as seen through `host`: that server's version, or the first one's when `host` names an
// array.
[[nodiscard]] OrganizationInfo organizationOf(
    const std::vector<ExchangeServer>& servers, const QString& host);

} // namespace postern::exchange

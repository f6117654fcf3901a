// Which servers answer for a connector, and in which order they are tried (CON-03, CON-17, CON-45): those
// that the administrator named, then the Client Access servers of the organisation, then its other mailbox
// servers. Pure, any thread. A server that was not named is reached as the named one is: https, same port and
// path, its certificate verified against the same authorities; nobody gets there when discovery is off.
// Errors: those of an address that cannot be used.
#pragma once

#include <vector>

#include "models/domain/Connector.h"
#include "services/exchange/OrganizationMapper.h"
#include "services/wsman/Endpoint.h"

namespace postern::exchange {

// What an earlier open() learnt of the organisation, kept by whoever connects again and again: without it a
// service that starts while the named servers are down knows no others. Service thread.
struct KnownServers
{
    QString organizationId; // whose they are
    QString answering; // host
    std::vector<ExchangeServer> servers;
};

// The address a person may type (CON-02) as the one that is used: a host name becomes
// https://host/PowerShell/.
[[nodiscard]] Expected<wsman::Endpoint> endpointOf(const Connector& connector, const QString& password);

// Never empty: the Client Access servers in their order, then the server address; each host once.
[[nodiscard]] Expected<std::vector<wsman::Endpoint>> configuredEndpoints(
    const Connector& connector, const QString& password);

// The servers of the organisation that are not among `configured`, best first: Client Access servers of the
// AD site of `answering`, then of others, newer versions first; then servers that only hold mailboxes. No
// Edge servers, no names that are no host names. Empty when the connector is pinned.
[[nodiscard]] std::vector<wsman::Endpoint> discoveredEndpoints(const Connector& connector,
    const std::vector<ExchangeServer>& servers, const std::vector<wsman::Endpoint>& configured,
    const QString& answering);

} // namespace postern::exchange

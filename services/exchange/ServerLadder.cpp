#include "services/exchange/ServerLadder.h"

#include <QRegularExpression>
#include <QVersionNumber>
#include <algorithm>

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

Expected<wsman::Endpoint> endpointAt(
    const QString& address, const Connector& connector, const QString& password)
{
    if (connector.kind != ConnectorKind::OnPremises)
        return fail(
            ErrorCode::Unsupported, u"hosted Exchange is not served by this version"_s, connector.name);
    wsman::Endpoint endpoint;
    const QString typed = address.trimmed();
    endpoint.url
        = QUrl(typed.contains(u"://"_s) ? typed : u"https://%1/PowerShell/"_s.arg(typed), QUrl::StrictMode);
    // Nobody here reads .NET blobs: without them an object is half as long (exchange-protocols d.4).
    if (!endpoint.url.hasQuery())
        endpoint.url.setQuery(u"serializationLevel=None"_s);
    switch (connector.authentication) {
    case Authentication::Basic:
        endpoint.signIn = wsman::SignIn::Basic;
        break;
    case Authentication::Negotiate:
        endpoint.signIn = wsman::SignIn::Negotiate;
        break;
    case Authentication::Certificate:
    case Authentication::Secret:
        return fail(ErrorCode::Unsupported, u"an Exchange Server takes Basic or Negotiate"_s, connector.name);
    }
    endpoint.user = connector.user;
    endpoint.password = password;
    if (!connector.caFile.isEmpty()) {
        auto authorities = wsman::readAuthorities(connector.caFile);
        if (!authorities)
            return fail(authorities.error());
        endpoint.authorities = std::move(*authorities);
    }
    if (const auto valid = endpoint.validate(); !valid)
        return fail(valid.error());
    return endpoint;
}

bool isSameServer(const QUrl& a, const QUrl& b)
{
    return a.host().compare(b.host(), Qt::CaseInsensitive) == 0 && a.port(443) == b.port(443);
}

bool isListed(const std::vector<wsman::Endpoint>& list, const QUrl& url)
{
    return std::any_of(list.begin(), list.end(),
        [&url](const wsman::Endpoint& known) { return isSameServer(known.url, url); });
}

// A server's answer becomes part of an address only when it is nothing but a host name.
bool isHostName(const QString& name)
{
    static const QRegularExpression pattern(
        u"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"_s,
        QRegularExpression::CaseInsensitiveOption);
    return name.size() <= 253 && pattern.match(name).hasMatch();
}

QString hostOf(const ExchangeServer& server)
{
    return server.fqdn.isEmpty() ? server.name : server.fqdn;
}

bool answersAs(const ExchangeServer& server, const QString& host)
{
    return server.fqdn.compare(host, Qt::CaseInsensitive) == 0
        || server.name.compare(host, Qt::CaseInsensitive) == 0;
}

// Since Exchange 2016 every mailbox server is a Client Access server, whatever its flags say.
bool isClientAccess(const ExchangeServer& server)
{
    const QVersionNumber version = QVersionNumber::fromString(server.version);
    return server.isClientAccess || (server.isMailbox && version >= QVersionNumber(15, 1));
}

// Smaller comes first.
auto rank(const ExchangeServer& server, const QString& site)
{
    const bool isNear = !site.isEmpty() && server.site.compare(site, Qt::CaseInsensitive) == 0;
    return std::tuple(isClientAccess(server) ? 0 : 1, isNear ? 0 : 1);
}

} // namespace

Expected<wsman::Endpoint> endpointOf(const Connector& connector, const QString& password)
{
    return endpointAt(connector.serverAddress, connector, password);
}

Expected<std::vector<wsman::Endpoint>> configuredEndpoints(
    const Connector& connector, const QString& password)
{
    QStringList addresses;
    for (const ClientAccessServer& row : connector.clientAccessServers)
        addresses.append(row.server);
    if (addresses.isEmpty() || !connector.serverAddress.trimmed().isEmpty())
        addresses.append(connector.serverAddress);
    std::vector<wsman::Endpoint> endpoints;
    for (const QString& address : addresses) {
        auto endpoint = endpointAt(address, connector, password);
        if (!endpoint)
            return fail(endpoint.error());
        if (!isListed(endpoints, endpoint->url))
            endpoints.push_back(std::move(*endpoint));
    }
    return endpoints;
}

std::vector<wsman::Endpoint> discoveredEndpoints(const Connector& connector,
    const std::vector<ExchangeServer>& servers, const std::vector<wsman::Endpoint>& configured,
    const QString& answering)
{
    std::vector<wsman::Endpoint> found;
    if (!connector.discoverServers || configured.empty())
        return found;
    QString site;
    std::vector<const ExchangeServer*> order;
    for (const ExchangeServer& server : servers) {
        if (answersAs(server, answering))
            site = server.site;
        if (!server.isEdge && (server.isMailbox || server.isClientAccess))
            order.push_back(&server);
    }
    std::stable_sort(order.begin(), order.end(), [&site](const ExchangeServer* a, const ExchangeServer* b) {
        if (rank(*a, site) != rank(*b, site))
            return rank(*a, site) < rank(*b, site);
        return QVersionNumber::fromString(a->version) > QVersionNumber::fromString(b->version);
    });
    for (const ExchangeServer* server : order) {
        wsman::Endpoint endpoint = configured.back(); // the server address, when there is one
        endpoint.url.setHost(hostOf(*server));
        if (isHostName(hostOf(*server)) && endpoint.validate() && !isListed(configured, endpoint.url)
            && !isListed(found, endpoint.url))
            found.push_back(std::move(endpoint));
    }
    return found;
}

} // namespace postern::exchange

#include <QUrl>

#include "services/site/SiteSession.h"
#include "services/sync/Schedule.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

Expected<void> validateAddress(const Connector& connector)
{
    const QUrl url(connector.serverAddress, QUrl::StrictMode);
    const bool https = url.scheme() == "https"_L1;
    if (!url.isValid() || url.host().isEmpty() || !(https || url.scheme() == "http"_L1))
        return fail(ErrorCode::InvalidAddress, {}, connector.serverAddress);
    if (!url.userInfo().isEmpty())
        return fail(
            ErrorCode::InvalidInput, u"leave user name and password out of it"_s, u"the server address"_s);
    if (connector.authentication == Authentication::Basic && !https)
        return fail(ErrorCode::InvalidInput,
            u"Basic authentication needs https, or the password could be read on the way"_s,
            u"the server address"_s);
    return {};
}

// CON-03 and CON-11.
Expected<void> validateServers(const Connector& connector)
{
    if (!connector.ewsUrl.isEmpty()) {
        const QUrl url(connector.ewsUrl, QUrl::StrictMode);
        if (!url.isValid() || url.host().isEmpty() || url.scheme() != "https"_L1)
            return fail(ErrorCode::InvalidInput, u"https://server/EWS/Exchange.asmx, or nothing"_s,
                u"the EWS address \"%1\""_s.arg(connector.ewsUrl));
    }
    QSet<QString> sites;
    for (const ClientAccessServer& entry : connector.clientAccessServers) {
        if (entry.adSite.trimmed().isEmpty() || entry.server.trimmed().isEmpty())
            return fail(ErrorCode::InvalidInput, u"an Active Directory site and its server"_s,
                u"the list of Client Access servers"_s);
        if (sites.contains(entry.adSite.trimmed().toCaseFolded()))
            return fail(ErrorCode::InvalidInput, u"one server for each Active Directory site"_s,
                u"site \"%1\" of the list of Client Access servers"_s.arg(entry.adSite));
        sites.insert(entry.adSite.trimmed().toCaseFolded());
    }
    return {};
}

} // namespace

Expected<void> validateConnector(const Connector& connector)
{
    if (connector.name.trimmed().isEmpty() || connector.name.size() > 128)
        return fail(ErrorCode::InvalidInput, u"1 to 128 characters"_s, u"the connector's name"_s);
    if (connector.kind == ConnectorKind::Hosted)
        return fail(ErrorCode::Unsupported, {}, u"connectors to Exchange Online"_s);
    if (auto address = validateAddress(connector); !address)
        return address;
    if (connector.authentication == Authentication::Certificate
        || connector.authentication == Authentication::Secret)
        return fail(
            ErrorCode::InvalidInput, u"Exchange Server takes basic or negotiate"_s, u"the authentication"_s);
    if (connector.user.isEmpty() && connector.authentication == Authentication::Basic)
        return fail(ErrorCode::InvalidInput, u"enter DOMAIN\\user or user@domain"_s, u"the user name"_s);
    if (connector.deltaMinutes != 0 && (connector.deltaMinutes < 15 || connector.deltaMinutes > 1439))
        return fail(
            ErrorCode::InvalidInput, u"15 to 1439, or 0 for none"_s, u"the delta interval in minutes"_s);
    if (connector.maxInactiveDays < 0 || connector.maxInactiveDays > 9999)
        return fail(ErrorCode::InvalidInput, u"1 to 9999, or 0 for all"_s, u"the number of inactive days"_s);
    if (connector.parallelSessions < 1 || connector.parallelSessions > 8)
        return fail(ErrorCode::InvalidInput, u"1 to 8"_s, u"the number of parallel sessions"_s);
    if (!connector.fullSchedule.isEmpty()) {
        if (const auto schedule = sync::Schedule::parse(connector.fullSchedule); !schedule)
            return fail(schedule.error());
    }
    if (auto servers = validateServers(connector); !servers)
        return servers;
    return validate(connector.settings);
}

} // namespace postern::site

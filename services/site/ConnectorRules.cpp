#include <QRegularExpression>
#include <QUrl>

#include "services/site/SiteSession.h"

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
    static const QRegularExpression schedule(u"^([1-9]\\d{0,2})(h|d(@([01]\\d|2[0-3]):[0-5]\\d)?)$"_s);
    if (!connector.fullSchedule.isEmpty() && !schedule.match(connector.fullSchedule).hasMatch())
        return fail(
            ErrorCode::InvalidInput, u"such as 1d@00:00 or 12h"_s, u"the full synchronization schedule"_s);
    return {};
}

} // namespace postern::site

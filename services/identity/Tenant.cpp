#include "services/identity/Tenant.h"

#include <QRegularExpression>

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

Expected<void> checkAddress(const QUrl& url, const QString& what)
{
    const QString shown = url.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment);
    if (!url.isValid() || url.host().isEmpty())
        return fail(ErrorCode::InvalidAddress, u"the %1 address is no URL"_s.arg(what), shown);
    if (url.scheme() != "https"_L1)
        return fail(ErrorCode::InvalidAddress,
            u"the %1 address must begin with https://: over %2 tokens could be read"_s.arg(
                what, url.scheme()),
            shown);
    if (!url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment())
        return fail(
            ErrorCode::InvalidAddress, u"the %1 address must hold a host and a path only"_s.arg(what), shown);
    return {};
}

// Both end up in URLs: a slash, a dot-dot or a percent sign would lead elsewhere.
bool isPlainName(const QString& text)
{
    static const QRegularExpression plain(
        u"^[A-Za-z0-9](?:[A-Za-z0-9_-]|\\.(?!\\.)){0,252}$"_s, QRegularExpression::DontCaptureOption);
    return plain.match(text).hasMatch() && !text.endsWith(u'\n');
}

QUrl under(const QUrl& authority, const QString& tenant, const QString& endPoint)
{
    QUrl url = authority;
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path + u'/' + tenant + u"/oauth2/v2.0/"_s + endPoint, QUrl::StrictMode);
    return url;
}

} // namespace

Expected<void> Tenant::validate() const
{
    if (const auto valid = checkAddress(cloud.authority, u"sign-in"_s); !valid)
        return valid;
    if (const auto valid = checkAddress(cloud.graph, u"Graph"_s); !valid)
        return valid;
    if (!isPlainName(id))
        return fail(ErrorCode::InvalidInput,
            u"the tenant must be its id (a GUID) or a domain of it, such as contoso.onmicrosoft.com"_s,
            displayName());
    if (!isPlainName(clientId))
        return fail(ErrorCode::InvalidInput,
            u"the client id must be the application (client) id of the app registration, a GUID"_s,
            displayName());
    return {};
}

bool Tenant::isOne() const
{
    for (const auto several : {"organizations"_L1, "common"_L1, "consumers"_L1}) {
        if (id.compare(several, Qt::CaseInsensitive) == 0)
            return false;
    }
    return true;
}

QUrl Tenant::authorizeUrl() const
{
    return under(cloud.authority, id, u"authorize"_s);
}

QUrl Tenant::tokenUrl() const
{
    return under(cloud.authority, id, u"token"_s);
}

QUrl Tenant::deviceCodeUrl() const
{
    return under(cloud.authority, id, u"devicecode"_s);
}

QString Tenant::scope(const QString& permission) const
{
    return cloud.graphResource + u'/' + permission;
}

QString Tenant::defaultScope() const
{
    return scope(u".default"_s);
}

QString Tenant::delegatedScopes(const QStringList& permissions) const
{
    QStringList scopes{u"openid"_s, u"profile"_s, u"offline_access"_s};
    for (const QString& permission : permissions)
        scopes.append(scope(permission));
    if (permissions.isEmpty())
        scopes.append(defaultScope());
    return scopes.join(u' ');
}

QString Tenant::displayName() const
{
    const QString place = cloud.authority.port() > 0
        ? cloud.authority.host() + u':' + QString::number(cloud.authority.port())
        : cloud.authority.host();
    return u"%1 at %2"_s.arg(id.left(253).simplified(), place);
}

QSslConfiguration Tenant::tls() const
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!authorities.isEmpty())
        tls.setCaCertificates(authorities);
    return tls;
}

QString tenantSecretKey(const QString& siteCode, const QString& tenantId)
{
    return u"tenant/%1/%2"_s.arg(siteCode, tenantId.toLower());
}

} // namespace postern::identity

#include "services/store/SiteAddress.h"

#include <QDir>
#include <QFileInfo>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

tl::unexpected<Error> refuse(const QString& why, const QString& shown)
{
    return fail(ErrorCode::InvalidInput, why, u"site address \"%1\""_s.arg(shown));
}

// For messages: whatever stands between "//" and the last "@" may be a secret.
QString withoutUserInfo(const QString& text)
{
    const auto start = text.indexOf("//"_L1);
    const auto at = text.lastIndexOf(u'@');
    if (start < 0 || at < start)
        return text.section(u'?', 0, 0);
    return (text.left(start + 2) + u"…"_s + text.mid(at)).section(u'?', 0, 0);
}

// libpq parameters that make sense for a site; the others either hold secrets or change what statements mean.
constexpr QStringView allowedParameters[] = {u"sslmode", u"sslrootcert", u"sslcert", u"sslkey", u"host",
    u"port", u"connect_timeout", u"application_name", u"target_session_attrs", u"krbsrvname", u"gssencmode"};

} // namespace

Expected<SiteAddress> SiteAddress::parse(const QString& text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return refuse(u"it is empty; give a file path or a postgresql:// URL"_s, {});
    if (trimmed.startsWith("postgresql://"_L1) || trimmed.startsWith("postgres://"_L1))
        return parseUrl(trimmed);
    if (trimmed.contains("://"_L1))
        return refuse(u"only file paths and postgresql:// URLs are supported"_s, withoutUserInfo(trimmed));
    if (trimmed.contains(QChar(u'\0')))
        return refuse(
            u"a path cannot contain a NUL character"_s, QString(trimmed).replace(QChar(u'\0'), u'?'));
    SiteAddress address;
    address.m_filePath = QDir::cleanPath(QFileInfo(trimmed).absoluteFilePath());
    if (QFileInfo(address.m_filePath).isDir())
        return refuse(u"it is a folder; give the path of the database file in it"_s, trimmed);
    return address;
}

Expected<SiteAddress> SiteAddress::parseUrl(const QString& text)
{
    const QString shown = withoutUserInfo(text);
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid())
        return refuse(u"it is not a valid URL"_s, shown);
    if (!url.password().isEmpty() || url.userInfo().contains(u':'))
        return refuse(
            u"it contains a password; leave it out and give it when asked, or in a pgpass file"_s, shown);
    if (url.path().mid(1).isEmpty() || url.path().mid(1).contains(u'/'))
        return refuse(
            u"the name of the database must follow the host, as in postgresql://host/name"_s, shown);
    if (url.hasFragment())
        return refuse(u"it has a fragment (#…)"_s, shown);
    for (const auto& item : QUrlQuery(url).queryItems()) {
        const auto known = std::any_of(std::begin(allowedParameters), std::end(allowedParameters),
            [&item](QStringView name) { return name == item.first; });
        if (!known)
            return refuse(u"the parameter \"%1\" is not supported"_s.arg(item.first), shown);
    }
    SiteAddress address;
    address.m_dialect = Dialect::Postgres;
    address.m_url = url;
    address.m_url.setScheme(u"postgresql"_s);
    return address;
}

QString SiteAddress::toString() const
{
    return m_dialect == Dialect::Sqlite ? m_filePath
                                        : m_url.toString(QUrl::FullyEncoded | QUrl::RemovePassword);
}

} // namespace postern::store

#include "services/exchange/ContainerScope.h"

#include <algorithm>

#include "services/exchange/ExchangeText.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

// "DC=contoso,DC=lab" has no container: the domain is one.
QString domainOfDistinguishedName(const QString& dn)
{
    QStringList labels;
    QStringView rest = dn;
    while (!rest.isEmpty()) {
        const QStringView name = takeRelativeName(rest);
        if (!name.startsWith(u"DC=", Qt::CaseInsensitive) || name.size() == 3)
            return {};
        labels.append(name.mid(3).toString());
    }
    return labels.join(u'.');
}

// Empty: not understood.
QString canonicalName(const QString& typed)
{
    QString text = typed.trimmed();
    if (text.contains(u'=')) {
        const QString domain = domainOfDistinguishedName(text);
        return domain.isEmpty() ? canonicalFromDistinguishedName(text) : domain;
    }
    while (text.endsWith(u'/') && !text.endsWith("\\/"_L1))
        text.chop(1);
    const QString domain = text.section(u'/', 0, 0);
    return domain.contains(u'.') && !domain.contains(u' ') ? text : QString();
}

bool isBelow(const QString& inner, const QString& outer)
{
    return inner.size() > outer.size() && inner.at(outer.size()) == u'/'
        && inner.startsWith(outer, Qt::CaseInsensitive);
}

} // namespace

Expected<ContainerScope> ContainerScope::of(const QStringList& containers)
{
    QStringList names;
    for (const QString& typed : containers) {
        const QString name = canonicalName(typed);
        if (name.isEmpty())
            return fail(ErrorCode::InvalidInput,
                u"\"%1\" is no distinguished name such as OU=Staff,DC=contoso,DC=com"_s.arg(typed),
                u"Active Directory container"_s);
        names.append(name);
    }
    ContainerScope scope;
    for (const QString& name : names) {
        const bool isCovered = scope.m_containers.contains(name, Qt::CaseInsensitive)
            || std::any_of(
                names.begin(), names.end(), [&name](const QString& other) { return isBelow(name, other); });
        if (!isCovered)
            scope.m_containers.append(name);
    }
    return scope;
}

bool ContainerScope::isInside(const QString& identity, const QString& container)
{
    return isBelow(identity, container);
}

bool ContainerScope::contains(const QString& identity) const
{
    return isWhole()
        || std::any_of(m_containers.begin(), m_containers.end(),
            [&identity](const QString& container) { return isBelow(identity, container); });
}

} // namespace postern::exchange

#include "services/exchange/DeviceIdentity.h"

#include "services/exchange/ExchangeText.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView container = u"ExchangeActiveSyncDevices";
constexpr QChar sectionSign(u'\u00a7');

// Whether the character at `at` is escaped: preceded by an odd number of backslashes.
bool isEscaped(QStringView text, qsizetype at)
{
    int backslashes = 0;
    while (at - 1 - backslashes >= 0 && text.at(at - 1 - backslashes) == u'\\')
        ++backslashes;
    return backslashes % 2 == 1;
}

// The container between two separators, searched from the end: an organisational unit may bear the same name.
DeviceIdentity cutAt(QStringView identity, QChar separator)
{
    qsizetype at = identity.size();
    while (at > 0) {
        at = identity.lastIndexOf(container, at - 1, Qt::CaseInsensitive);
        if (at <= 0)
            break;
        const qsizetype end = at + container.size();
        const bool stands = identity.at(at - 1) == separator && end < identity.size()
            && identity.at(end) == separator && (separator == u'\\' || !isEscaped(identity, at - 1));
        if (stands)
            return {identity.first(at - 1).toString(), identity.mid(end + 1).toString()};
    }
    return {};
}

DeviceIdentity cutDistinguishedName(QStringView dn)
{
    const QStringView device = takeRelativeName(dn);
    const QStringView folder = takeRelativeName(dn);
    if (folder.mid(folder.indexOf(u'=') + 1).compare(container, Qt::CaseInsensitive) != 0)
        return {};
    // The name alone, unescaped, by way of the same reader.
    const QString whole = canonicalFromDistinguishedName(device.toString() + u",DC=x"_s);
    return {canonicalFromDistinguishedName(dn), whole.mid(2)};
}

} // namespace

DeviceIdentity cutDeviceIdentity(QStringView identity)
{
    DeviceIdentity cut = cutAt(identity, u'/');
    if (!cut.isValid() && identity.startsWith(u"CN=", Qt::CaseInsensitive))
        cut = cutDistinguishedName(identity);
    if (!cut.isValid())
        cut = cutAt(identity, u'\\');
    return cut.isValid() ? cut : DeviceIdentity();
}

QStringView deviceIdOfName(QStringView name)
{
    const qsizetype at = name.lastIndexOf(sectionSign);
    return at < 0 ? QStringView() : name.mid(at + 1);
}

} // namespace postern::exchange

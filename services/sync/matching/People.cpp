#include "services/sync/matching/People.h"

using namespace Qt::StringLiterals;

namespace postern::matching {

QString addressKey(const QString& address)
{
    const QString trimmed = address.trimmed();
    const qsizetype colon = trimmed.indexOf(u':');
    if (colon < 0)
        return trimmed.toLower();
    if (QStringView(trimmed).left(colon).compare("smtp"_L1, Qt::CaseInsensitive) != 0)
        return {};
    return QStringView(trimmed).mid(colon + 1).trimmed().toString().toLower();
}

void People::reserve(qsizetype people)
{
    m_objectIds.reserve(people);
    m_addresses.reserve(people * 2);
    m_signInNames.reserve(people);
}

void People::claim(Keys& keys, const QString& key, PersonId person)
{
    if (key.isEmpty())
        return;
    const auto [at, isNew] = [&] {
        const qsizetype before = keys.size();
        auto found = keys.find(key);
        if (found == keys.end())
            found = keys.insert(key, person);
        return std::pair(found, keys.size() != before);
    }();
    if (!isNew && at.value() != person)
        at.value() = PersonId();
}

PersonId People::add(const Identity& identity)
{
    const PersonId person{m_size++};
    claim(m_objectIds, identity.objectId.toLower(), person);
    claim(m_securityIds, identity.securityId.toLower(), person);
    for (const QString& address : identity.addresses)
        claim(m_addresses, addressKey(address), person);
    claim(m_signInNames, identity.signInName.trimmed().toLower(), person);
    return person;
}

People::Found People::findByAddress(const QStringList& addresses) const
{
    Found found;
    for (const QString& address : addresses) {
        const auto at = m_addresses.constFind(addressKey(address));
        if (at == m_addresses.constEnd())
            continue;
        if (!at->isValid() || (found.person.isValid() && found.person != *at))
            return Found{{}, Evidence::Ambiguous};
        found = Found{*at, Evidence::Address};
    }
    return found;
}

People::Found People::find(const Identity& identity) const
{
    const auto lookUp = [](const Keys& keys, const QString& key, Evidence evidence) {
        const auto at = key.isEmpty() ? keys.constEnd() : keys.constFind(key);
        if (at == keys.constEnd())
            return Found();
        return at->isValid() ? Found{*at, evidence} : Found{{}, Evidence::Ambiguous};
    };
    Found found = lookUp(m_objectIds, identity.objectId.toLower(), Evidence::ObjectId);
    if (found.evidence == Evidence::None)
        found = lookUp(m_securityIds, identity.securityId.toLower(), Evidence::SecurityId);
    if (found.evidence == Evidence::None)
        found = findByAddress(identity.addresses);
    if (found.evidence == Evidence::None)
        found = lookUp(m_signInNames, identity.signInName.trimmed().toLower(), Evidence::SignInName);
    return found;
}

People::Found People::findOrAdd(const Identity& identity)
{
    Found found = find(identity);
    if (found.evidence == Evidence::None)
        found.person = add(identity);
    return found;
}

} // namespace postern::matching

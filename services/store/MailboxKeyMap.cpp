#include "services/store/MailboxKeyMap.h"

#include <algorithm>

#include "services/store/ContentHash.h"

namespace postern::store {

MailboxKeyMap::Key MailboxKeyMap::keyOf(QStringView identity)
{
    const QString folded = identity.trimmed().toString().toCaseFolded();
    ContentHash high(1), low(2);
    high.add(folded);
    low.add(folded);
    return {high.value(), low.value()};
}

void MailboxKeyMap::add(QStringView identity, MailboxId id)
{
    m_entries.push_back({keyOf(identity), id});
}

void MailboxKeyMap::sort()
{
    std::sort(
        m_entries.begin(), m_entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
}

void MailboxKeyMap::insert(QStringView identity, MailboxId id)
{
    const Key key = keyOf(identity);
    const auto place = std::lower_bound(m_entries.begin(), m_entries.end(), key,
        [](const Entry& entry, const Key& k) { return entry.key < k; });
    if (place != m_entries.end() && place->key == key)
        place->id = id;
    else
        m_entries.insert(place, {key, id});
}

MailboxId MailboxKeyMap::find(QStringView identity) const
{
    const Key key = keyOf(identity);
    const auto place = std::lower_bound(m_entries.begin(), m_entries.end(), key,
        [](const Entry& entry, const Key& k) { return entry.key < k; });
    return place != m_entries.end() && place->key == key ? place->id : MailboxId{};
}

} // namespace postern::store

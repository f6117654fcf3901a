#include "services/store/PartnershipIndex.h"

#include <bit>
#include <map>

#include "services/store/Query.h"

namespace postern::store {

namespace {

struct Indexes
{
    std::map<qint64, PartnershipIndex> byConnector;
};

// What an index took from this transaction, or read in it, is void when it is rolled back: even its revision
// may be given out again.
void dropOnRollback(Session& session)
{
    auto& indexes = session.connection().attachment<Indexes>();
    session.onRollback([&indexes] { indexes.byConnector.clear(); });
}

} // namespace

Expected<PartnershipIndex*> PartnershipIndex::current(Session& session, ConnectorId connector)
{
    auto& indexes = session.connection().attachment<Indexes>().byConnector;
    const auto found = indexes.find(connector.value);
    if (found == indexes.end())
        return nullptr;
    auto revision = session.tableRevision(Table::Partnership);
    if (!revision)
        return tl::unexpected(revision.error());
    return found->second.m_revision == *revision ? &found->second : nullptr;
}

Expected<PartnershipIndex*> PartnershipIndex::ready(Session& session, ConnectorId connector)
{
    auto known = current(session, connector);
    if (!known || *known)
        return known;
    auto revision = session.tableRevision(Table::Partnership);
    if (!revision)
        return tl::unexpected(revision.error());
    auto& index = session.connection().attachment<Indexes>().byConnector[connector.value];
    if (auto loaded = index.load(session, connector, *revision); !loaded) {
        index.clear();
        return tl::unexpected(loaded.error());
    }
    return &index;
}

Expected<void> PartnershipIndex::carryOver(Session& session)
{
    auto& indexes = session.connection().attachment<Indexes>().byConnector;
    if (indexes.empty() || session.changes().contains(Table::Partnership))
        return {}; // touched before in this transaction: whoever did has followed, or has not, for all of it
    auto before = session.tableRevision(Table::Partnership);
    auto after = session.touch(Table::Partnership);
    if (!before || !after)
        return tl::unexpected(before ? after.error() : before.error());
    for (auto& entry : indexes) {
        if (entry.second.m_revision == *before)
            entry.second.follow(session, *after);
    }
    return {};
}

void PartnershipIndex::release(Session& session, ConnectorId connector)
{
    session.connection().attachment<Indexes>().byConnector.erase(connector.value);
}

void PartnershipIndex::follow(Session& session, qint64 revision)
{
    if (m_revision == revision)
        return;
    m_revision = revision;
    dropOnRollback(session);
}

PartnershipIndex::Found PartnershipIndex::find(quint64 key) const
{
    if (m_slots.empty())
        return {};
    const auto mask = m_slots.size() - 1;
    for (auto at = slotOf(key); m_slots[at].key != 0; at = (at + 1) & mask) {
        if (m_slots[at].key == key)
            return {m_slots[at].id, m_slots[at].hash};
    }
    return {};
}

void PartnershipIndex::put(quint64 key, qint64 id, quint64 contentHash)
{
    if (m_slots.empty() || (m_size + 1) * 4 > m_slots.size() * 3)
        resize(std::max<std::size_t>(m_size * 2, 1024));
    const auto mask = m_slots.size() - 1;
    auto at = slotOf(key);
    while (m_slots[at].key != 0 && m_slots[at].key != key)
        at = (at + 1) & mask;
    m_size += m_slots[at].key == 0 ? 1 : 0;
    m_slots[at] = {key, contentHash, id};
}

void PartnershipIndex::resize(std::size_t entries)
{
    const auto capacity = std::bit_ceil(std::max<std::size_t>(entries + entries / 3 + 1, 1024));
    const auto old = std::exchange(m_slots, std::vector<Slot>(capacity));
    m_shift = 64 - std::countr_zero(capacity);
    m_size = 0;
    for (const Slot& slot : old) {
        if (slot.key != 0)
            put(slot.key, slot.id, slot.hash);
    }
}

void PartnershipIndex::clear()
{
    m_slots = {};
    m_size = 0;
    m_revision = -1;
}

Expected<void> PartnershipIndex::load(Session& session, ConnectorId connector, qint64 revision)
{
    clear();
    dropOnRollback(session);
    {
        Query count(session, "SELECT count(*) FROM partnership WHERE connector_id = :connector");
        count.bind(":connector", connector.value);
        if (count.next())
            resize(std::size_t(count.integer(0)));
        if (auto result = count.result(); !result)
            return result;
    }
    struct Row
    {
        quint64 key, hash;
        qint64 id;
    };
    std::vector<Row> batch; // a cache miss an entry, unless they are asked for together
    batch.reserve(64);
    const auto flush = [this, &batch] {
        for (const Row& row : batch)
            prefetch(row.key);
        for (const Row& row : batch)
            put(row.key, row.id, row.hash);
        batch.clear();
    };
    Query query(session,
        "SELECT id, key_hash, content_hash FROM partnership WHERE connector_id = :connector ORDER BY id");
    query.bind(":connector", connector.value).stream();
    while (query.next()) {
        batch.push_back({quint64(query.integer(1)), quint64(query.integer(2)), query.integer(0)});
        if (batch.size() == batch.capacity())
            flush();
    }
    flush();
    m_revision = revision;
    return query.result();
}

} // namespace postern::store

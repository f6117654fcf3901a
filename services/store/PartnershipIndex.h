// What a full sync must know of every stored row to leave unchanged ones alone: key hash -> (id, content
// hash), 24 bytes an entry at load 3/4. Loading it and asking it measured 15 to 20 times a look-up in the
// unique index for each row. Kept with the writer's connection and trusted only while the table's revision is
// the one it was read at. Store thread, inside a Session.
#pragma once

#include <span>
#include <vector>

#include "models/base/Ids.h"
#include "services/store/Session.h"

namespace postern::store {

class PartnershipIndex
{
public:
    struct Found
    {
        qint64 id = 0; // 0: not stored
        quint64 contentHash = 0;
    };

    // The connector's index, loaded anew unless it is still true. Valid for this transaction.
    [[nodiscard]] static Expected<PartnershipIndex*> ready(Session& session, ConnectorId connector);
    // The one that is loaded and true, or nullptr: a delta of a few rows is not worth loading one.
    [[nodiscard]] static Expected<PartnershipIndex*> current(Session& session, ConnectorId connector);
    // This transaction changed the table at `revision`, in ways that leave loaded indexes true.
    [[nodiscard]] static Expected<void> carryOver(Session& session);
    static void release(Session& session, ConnectorId connector);

    void prefetch(quint64 key) const
    {
        if (!m_slots.empty())
            __builtin_prefetch(&m_slots[slotOf(key)]);
    }
    [[nodiscard]] Found find(quint64 key) const;
    void put(quint64 key, qint64 id, quint64 contentHash);
    // The transaction's changes are in the index as well; a rollback empties it.
    void follow(Session& session, qint64 revision);
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::size_t bytes() const { return m_slots.capacity() * sizeof(Slot); }

private:
    [[nodiscard]] Expected<void> load(Session& session, ConnectorId connector, qint64 revision);
    [[nodiscard]] std::size_t slotOf(quint64 key) const { return std::size_t(key >> m_shift); }
    void resize(std::size_t entries);
    void clear();

    struct Slot
    {
        quint64 key = 0; // 0: free
        quint64 hash = 0;
        qint64 id = 0;
    };
    std::vector<Slot> m_slots; // one cache line a question, not three
    std::size_t m_size = 0;
    int m_shift = 63;
    qint64 m_revision = -1; // of the table, when this was true
};

} // namespace postern::store

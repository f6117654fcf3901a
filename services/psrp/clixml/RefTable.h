// RefId to position, for the objects or the type name lists of one document. Windows counts RefIds up from 0,
// so a plain table serves; scattered ones go to a hash, which bounds the memory by the number of references,
// not by their values. Reusable without allocation. Not thread-safe.
#pragma once

#include <QHash>
#include <vector>

namespace postern::clixml {

class RefTable
{
public:
    void clear()
    {
        ++m_generation;
        m_count = 0;
        if (!m_scattered.isEmpty())
            m_scattered.clear();
    }
    // False: the id is there already.
    [[nodiscard]] bool insert(quint32 id, int position)
    {
        if (find(id) >= 0)
            return false;
        ++m_count;
        if (id >= m_dense.size() && id < 4 * m_count + 256)
            m_dense.resize(size_t(id) + id / 2 + 256);
        if (id < m_dense.size())
            m_dense[id] = {m_generation, position};
        else
            m_scattered.insert(id, position);
        return true;
    }
    // -1: unknown.
    [[nodiscard]] int find(quint32 id) const
    {
        if (id < m_dense.size() && m_dense[id].generation == m_generation)
            return m_dense[id].position;
        return m_scattered.isEmpty() ? -1 : m_scattered.value(id, -1);
    }
    [[nodiscard]] qint64 count() const { return m_count; }

private:
    struct Slot
    {
        quint64 generation = 0;
        int position = 0;
    };
    std::vector<Slot> m_dense;
    QHash<quint32, int> m_scattered;
    quint64 m_generation = 1;
    qint64 m_count = 0;
};

} // namespace postern::clixml

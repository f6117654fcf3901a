// Row ids packed for storage: sorted, differences, 7 bits a byte: two bytes an id in a page of neighbours.
// And a bitmap to collect many of them. Any thread.
#pragma once

#include <QByteArray>
#include <functional>
#include <vector>

#include "models/base/Error.h"

namespace postern::store {

[[nodiscard]] QByteArray packIds(std::vector<qint64> ids);
// Malformed when the bytes do not end with an id.
[[nodiscard]] Expected<void> unpackIds(const QByteArray& packed, const std::function<void(qint64)>& each);

// Ids are dense (a sequence), so that a bit each is small: 125 KB for a million.
class IdBitmap
{
public:
    void add(qint64 id)
    {
        const auto word = std::size_t(id) / 64;
        if (word >= m_words.size())
            m_words.resize(word + word / 2 + 16);
        m_words[word] |= quint64(1) << (std::size_t(id) % 64);
    }
    [[nodiscard]] bool contains(qint64 id) const
    {
        const auto word = std::size_t(id) / 64;
        return word < m_words.size() && ((m_words[word] >> (std::size_t(id) % 64)) & 1) != 0;
    }

private:
    std::vector<quint64> m_words;
};

} // namespace postern::store

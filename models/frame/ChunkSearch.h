// One search text against the text columns of one chunk. Dictionaries are searched once an entry, templates
// through the columns they refer to, so that the cost is that of the bytes the chunk really holds. Internal
// to models/frame; one object a thread.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "models/frame/Chunk.h"
#include "models/frame/Needle.h"

namespace postern::frame {

// One bit a row of a chunk.
class RowBits
{
public:
    explicit RowBits(std::size_t rows)
        : m_words((rows + 63) / 64)
        , m_rows(rows)
    {
    }
    void set(std::size_t row) { m_words[row / 64] |= std::uint64_t(1) << (row % 64); }
    [[nodiscard]] bool test(std::size_t row) const { return (m_words[row / 64] >> (row % 64) & 1) != 0; }
    // Sets exactly the rows that test(row) says, a word at a time.
    template <class Test> void fill(Test test)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            std::uint64_t word = 0;
            const std::size_t end = std::min<std::size_t>(64, m_rows - i * 64);
            for (std::size_t bit = 0; bit < end; ++bit)
                word |= std::uint64_t(test(i * 64 + bit)) << bit;
            m_words[i] = word;
        }
    }
    [[nodiscard]] bool all() const { return count() == m_rows; }
    [[nodiscard]] bool none() const;
    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] std::size_t rows() const { return m_rows; }
    void invert();
    RowBits& operator|=(const RowBits& other);
    RowBits& operator&=(const RowBits& other);
    // Calls use(row) for each set row, ascending.
    template <class Use> void each(Use use) const
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            for (std::uint64_t word = m_words[i]; word != 0; word &= word - 1)
                use(i * 64 + std::size_t(__builtin_ctzll(word)));
        }
    }

private:
    std::vector<std::uint64_t> m_words;
    std::size_t m_rows;
};

class ChunkSearch
{
public:
    ChunkSearch(const Chunk& chunk, const Needle& needle)
        : m_chunk(chunk)
        , m_needle(needle)
        , m_hits(chunk.rows())
    {
    }
    // Rows with the needle in one of the columns.
    [[nodiscard]] const RowBits& search(std::span<const DeviceColumn> columns);

private:
    const RowBits& found(DeviceColumn column); // of a column that is not kept as templates
    void searchTemplates(DeviceColumn column);

    const Chunk& m_chunk;
    const Needle& m_needle;
    RowBits m_hits;
    std::array<std::optional<RowBits>, textColumnCount> m_found;
};

} // namespace postern::frame

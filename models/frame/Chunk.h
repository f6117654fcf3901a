// Some two thousand consecutive rows of a frame, column by column. Frames share chunks, and chunks share
// columns, that did not change. Immutable after build; any thread. Internal to models/frame.
#pragma once

#include <array>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/frame/DeviceColumns.h"
#include "models/frame/TextColumn.h"

namespace postern::frame {

inline constexpr int textColumnCount = deviceTextColumnCount;
inline constexpr int numberColumnCount = deviceColumnCount - textColumnCount;
using ColumnSet = std::uint64_t; // bit n: DeviceColumn(n)
inline constexpr ColumnSet allColumns = ~ColumnSet(0);
static_assert(deviceColumnCount <= 64);

[[nodiscard]] constexpr ColumnSet columnBit(DeviceColumn column)
{
    return ColumnSet(1) << int(column);
}
[[nodiscard]] constexpr bool isText(DeviceColumn column)
{
    return int(column) < textColumnCount;
}

class Chunk;

// Rows taken apart, on their way into chunks. Text that lives nowhere else is copied into `store`.
struct CellBlock
{
    std::vector<qint64> ids;
    std::vector<std::uint64_t> hashes; // of all cells of a row: rows with equal ones are equal
    std::array<std::vector<std::string_view>, textColumnCount> text;
    std::array<std::vector<qint64>, numberColumnCount> numbers;
    std::pmr::monotonic_buffer_resource store;

    [[nodiscard]] std::size_t rows() const { return ids.size(); }
    [[nodiscard]] std::string_view keep(std::string_view text);
    void append(const Chunk& chunk, std::size_t row, ColumnSet columns); // leaves the other columns out
};

class Chunk
{
public:
    static constexpr std::size_t targetRows = 2048;

    // Rows [first, first + count) of the block.
    [[nodiscard]] static std::shared_ptr<const Chunk> build(
        const CellBlock& block, std::size_t first, std::size_t count);
    // What has to be encoded anew, and so has to be in the block, when `changed` changed.
    [[nodiscard]] static ColumnSet affected(ColumnSet changed);
    // The same rows (same ids) again, with `columns` (see affected) taken from the block.
    [[nodiscard]] static std::shared_ptr<const Chunk> rebuild(
        const Chunk& old, const CellBlock& block, ColumnSet columns);

    [[nodiscard]] std::size_t rows() const { return m_ids->size(); }
    [[nodiscard]] qint64 id(std::size_t row) const { return m_ids->at(row); }
    [[nodiscard]] std::uint64_t hash(std::size_t row) const { return m_hashes[row]; }
    [[nodiscard]] qint64 lastId() const { return id(rows() - 1); }
    [[nodiscard]] std::optional<std::size_t> rowOf(qint64 id) const;

    [[nodiscard]] std::string_view text(std::size_t row, DeviceColumn column, std::string& scratch) const;
    [[nodiscard]] qint64 number(std::size_t row, DeviceColumn column) const
    {
        return numbers(column).at(row);
    }
    [[nodiscard]] const TextColumn& textColumn(DeviceColumn column) const
    {
        return *m_text[std::size_t(column)];
    }
    [[nodiscard]] const PackedInts& numbers(DeviceColumn column) const
    {
        return *m_numbers[std::size_t(column) - textColumnCount];
    }
    [[nodiscard]] std::string_view reference(std::size_t row, Reference reference) const;
    [[nodiscard]] bool sharesIds(const Chunk& other) const { return m_ids == other.m_ids; }
    [[nodiscard]] ColumnSet unsharedColumns(const Chunk& other) const;
    [[nodiscard]] qint64 memoryBytes() const;

private:
    void encode(const CellBlock& block, std::size_t first, std::size_t count, ColumnSet columns);

    std::shared_ptr<const PackedInts> m_ids;
    std::vector<std::uint64_t>
        m_hashes; // eight bytes a row, for which unchanged rows cost nothing to compare
    std::array<std::shared_ptr<const TextColumn>, textColumnCount> m_text;
    std::array<std::shared_ptr<const PackedInts>, numberColumnCount> m_numbers;
};

} // namespace postern::frame

// How a list of rows becomes another one, in the fewest signals: a few ranges removed and inserted, or one
// layout change when rows moved or the ranges would be many. Worked out off the GUI thread when rows are
// many. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace postern::items {

struct RowRange
{
    int first = 0;
    int count = 0;
    bool operator==(const RowRange&) const = default;
};

struct CellRange
{
    int firstRow = 0;
    int lastRow = 0;
    int firstColumn = 0;
    int lastColumn = 0;
    bool operator==(const CellRange&) const = default;
};

struct RowChange
{
    static constexpr std::size_t mostRanges = 16; // each range costs views a pass over their sections
    static constexpr std::size_t mostRectangles = 64;

    std::vector<RowRange> removed; // in the old numbering, ascending
    std::vector<RowRange> inserted; // in the new numbering, ascending
    bool relaid = false; // rows change places, or there are too many ranges
    std::vector<int> newPosition; // of each old row; -1: gone. Kept when relaid only
    std::vector<CellRange> changed; // in the new numbering

    // newPosition: for each old row its place among newCount rows, or -1.
    [[nodiscard]] static RowChange of(std::vector<int> newPosition, int newCount);

    struct CellChange
    {
        int row;
        std::uint64_t columns; // bit n: column n
    };
    // Makes `changed` of cells in ascending row order.
    void setChanged(std::span<const CellChange> cells);
};

} // namespace postern::items

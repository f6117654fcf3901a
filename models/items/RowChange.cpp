#include "models/items/RowChange.h"

#include <algorithm>
#include <bit>

namespace postern::items {

namespace {

void extend(std::vector<RowRange>& ranges, int row)
{
    if (!ranges.empty() && ranges.back().first + ranges.back().count == row)
        ++ranges.back().count;
    else
        ranges.push_back({row, 1});
}

CellRange bounds(const std::vector<CellRange>& ranges)
{
    CellRange all = ranges.front();
    for (const CellRange& range : ranges) {
        all.lastRow = std::max(all.lastRow, range.lastRow);
        all.firstColumn = std::min(all.firstColumn, range.firstColumn);
        all.lastColumn = std::max(all.lastColumn, range.lastColumn);
    }
    return all;
}

} // namespace

RowChange RowChange::of(std::vector<int> newPosition, int newCount)
{
    RowChange change;
    std::vector<bool> isOld(std::size_t(newCount), false);
    int last = -1;
    for (std::size_t i = 0; i < newPosition.size(); ++i) {
        const int to = newPosition[i];
        if (to < 0) {
            extend(change.removed, int(i));
            continue;
        }
        change.relaid = change.relaid || to < last;
        last = to;
        isOld[std::size_t(to)] = true;
    }
    for (int row = 0; row < newCount; ++row) {
        if (!isOld[std::size_t(row)])
            extend(change.inserted, row);
    }
    change.relaid = change.relaid || change.removed.size() + change.inserted.size() > mostRanges;
    if (change.relaid)
        change.newPosition = std::move(newPosition);
    return change;
}

void RowChange::setChanged(std::span<const CellChange> cells)
{
    changed.clear();
    for (const CellChange& cell : cells) {
        const int first = std::countr_zero(cell.columns);
        const int last = 63 - std::countl_zero(cell.columns);
        if (!changed.empty() && changed.back().lastRow + 1 == cell.row) {
            changed.back().lastRow = cell.row;
            changed.back().firstColumn = std::min(changed.back().firstColumn, first);
            changed.back().lastColumn = std::max(changed.back().lastColumn, last);
        } else {
            changed.push_back({cell.row, cell.row, first, last});
        }
    }
    if (changed.size() > mostRectangles)
        changed = {bounds(changed)};
}

} // namespace postern::items

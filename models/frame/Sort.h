// Sorting over a frame: hands back an index vector, changes nothing. Text sorts case-insensitively, accents
// after their base letter and, in columns people read, digits by value ("iOS 9" before "iOS 10"); its rank is
// cached in the frame. Empty cells sort first ascending. Ties keep DeviceKey order. Any thread but the
// GUI's; cancellable.
#pragma once

#include <qnamespace.h>
#include <span>
#include <stop_token>
#include <vector>

#include "models/frame/DeviceFrame.h"

namespace postern::frame {

struct SortKey
{
    DeviceColumn column = DeviceColumn::Name;
    Qt::SortOrder order = Qt::AscendingOrder;
    bool operator==(const SortKey&) const = default;
};

[[nodiscard]] RowVector allRows(const DeviceFrame& frame);

// `rows` sorted by keys[0], then keys[1] …; without keys, in DeviceKey order. When stopped, the answer is
// empty.
[[nodiscard]] RowVector sortRows(
    const DeviceFrame& frame, RowVector rows, const std::vector<SortKey>& keys, std::stop_token stop = {});

struct Group
{
    std::size_t first = 0; // position in GroupedRows::rows
    std::size_t count = 0;
    int age = 0; // of groupRowsByAge: which stretch of time; ageUnknown for empty cells
};
inline constexpr int ageUnknown = -1;
struct GroupedRows
{
    RowVector rows;
    std::vector<Group> groups; // in the order of the column; a group's title is the cell of its first row
};
// `rows` brought together by equal cells of `column` (text: equal but for case); inside a group their order
// is kept.
[[nodiscard]] GroupedRows groupRows(
    const DeviceFrame& frame, RowVector rows, DeviceColumn column, std::stop_token stop = {});

// The same for a Time column, whose cells are hardly ever equal: by how long ago they are. Stretch n is
// younger than bounds[n] (milliseconds, ascending), the last one older than all; empty cells come last.
[[nodiscard]] GroupedRows groupRowsByAge(const DeviceFrame& frame, RowVector rows, DeviceColumn column,
    std::span<const qint64> bounds, qint64 nowMs, std::stop_token stop = {});

} // namespace postern::frame

#include "models/frame/Sort.h"

#include <algorithm>
#include <numeric>

#include "models/frame/Chunk.h"
#include "models/frame/Radix.h"
#include "models/frame/RankCell.h"

namespace postern::frame {

namespace {

// The order of each row of the whole frame in one column, as a number.
struct Order
{
    std::shared_ptr<const RankCell::Ranks> ranks; // text
    std::vector<qint64> values; // all others
    qint64 lowest = 0;
    qint64 highest = 0;

    [[nodiscard]] std::uint64_t key(RowIndex row) const
    {
        if (ranks)
            return (*ranks)[row];
        return values[row] == noValue ? 0 : quint64(values[row]) - quint64(lowest) + 1;
    }
    [[nodiscard]] std::uint64_t highestKey() const
    {
        if (ranks)
            return ranks->size();
        return lowest > highest ? 0 : quint64(highest) - quint64(lowest) + 1;
    }
};

Order orderOf(const DeviceFrame& frame, DeviceColumn column, const std::stop_token& stop)
{
    Order order;
    if (isText(column)) {
        order.ranks = frame.rankCell(column).ranks(frame, column, stop);
        return order;
    }
    order.values.resize(frame.rowCount());
    for (std::size_t i = 0; i < frame.chunks().size(); ++i)
        frame.chunks()[i]->numbers(column).decode(order.values.data() + frame.chunkStart(i));
    order.lowest = INT64_MAX;
    order.highest = INT64_MIN;
    for (const qint64 value : order.values) {
        if (value != noValue) {
            order.lowest = std::min(order.lowest, value);
            order.highest = std::max(order.highest, value);
        }
    }
    return order;
}

template <class Key>
void sortByKey(RowVector& rows, const Order& order, bool descending, const std::stop_token& stop)
{
    const std::uint64_t highest = order.highestKey();
    std::vector<KeyedRow<Key>> keyed;
    keyed.reserve(rows.size());
    for (const RowIndex row : rows)
        keyed.push_back({Key(descending ? highest - order.key(row) : order.key(row)), row});
    radixSort(keyed, stop);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = keyed[i].row;
}

// Stable: rows with equal keys keep their order.
bool sortByColumn(
    const DeviceFrame& frame, RowVector& rows, const SortKey& sortKey, const std::stop_token& stop)
{
    const Order order = orderOf(frame, sortKey.column, stop);
    if (stop.stop_requested())
        return false;
    const bool descending = sortKey.order == Qt::DescendingOrder;
    if (order.highestKey() <= UINT32_MAX)
        sortByKey<std::uint32_t>(rows, order, descending, stop);
    else
        sortByKey<std::uint64_t>(rows, order, descending, stop);
    return !stop.stop_requested();
}

} // namespace

RowVector allRows(const DeviceFrame& frame)
{
    RowVector rows(frame.rowCount());
    std::iota(rows.begin(), rows.end(), RowIndex(0));
    return rows;
}

RowVector sortRows(
    const DeviceFrame& frame, RowVector rows, const std::vector<SortKey>& keys, std::stop_token stop)
{
    if (!std::ranges::is_sorted(rows))
        std::ranges::sort(rows);
    if (keys.empty() || rows.empty())
        return rows;
    // Each pass is stable, so the least important column goes first.
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        if (!sortByColumn(frame, rows, *key, stop))
            return {};
    }
    return rows;
}

namespace {

// Rows in the order of their keys; a group begins where the key changes.
GroupedRows grouped(std::vector<KeyedRow<std::uint64_t>> keyed, const std::stop_token& stop)
{
    GroupedRows result;
    radixSort(keyed, stop);
    if (stop.stop_requested())
        return result;
    result.rows.reserve(keyed.size());
    for (std::size_t i = 0; i < keyed.size(); ++i) {
        result.rows.push_back(keyed[i].row);
        if (i == 0 || keyed[i].key != keyed[i - 1].key)
            result.groups.push_back({i, 0, 0});
        ++result.groups.back().count;
    }
    return result;
}

} // namespace

GroupedRows groupRows(const DeviceFrame& frame, RowVector rows, DeviceColumn column, std::stop_token stop)
{
    const Order order = orderOf(frame, column, stop);
    if (stop.stop_requested())
        return {};
    std::vector<KeyedRow<std::uint64_t>> keyed(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        keyed[i] = {order.key(rows[i]), rows[i]};
    return grouped(std::move(keyed), stop);
}

GroupedRows groupRowsByAge(const DeviceFrame& frame, RowVector rows, DeviceColumn column,
    std::span<const qint64> bounds, qint64 nowMs, std::stop_token stop)
{
    const Order order = orderOf(frame, column, stop);
    if (stop.stop_requested())
        return {};
    std::vector<KeyedRow<std::uint64_t>> keyed(rows.size());
    const auto stretch = [&](RowIndex row) {
        const qint64 time = order.values[row];
        if (time == noValue)
            return std::uint64_t(bounds.size()) + 1;
        const auto older = std::ranges::upper_bound(bounds, nowMs - time);
        return std::uint64_t(older - bounds.begin());
    };
    for (std::size_t i = 0; i < rows.size(); ++i)
        keyed[i] = {stretch(rows[i]), rows[i]};
    GroupedRows result = grouped(std::move(keyed), stop);
    for (Group& group : result.groups) {
        const std::uint64_t age = stretch(result.rows[group.first]);
        group.age = age > bounds.size() ? ageUnknown : int(age);
    }
    return result;
}

} // namespace postern::frame

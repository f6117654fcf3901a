#include "models/items/DeviceView.h"

#include <algorithm>

#include "models/frame/CellText.h"
#include "models/frame/Filter.h"
#include "models/frame/FrameDifference.h"
#include "models/items/IndexedTableModel.h"

namespace postern::items {

namespace {

using Model = IndexedTableModel;

frame::GroupedRows groupsOf(const frame::DeviceFrame& frame, frame::RowVector rows, const DeviceQuery& query,
    qint64 nowMs, const std::stop_token& stop)
{
    const frame::DeviceColumn column = *query.groupBy;
    if (frame::deviceColumnInfo(column).kind != frame::ColumnKind::Time)
        return frame::groupRows(frame, std::move(rows), column, stop);
    const std::vector<qint64> bounds = ageBounds(column, query.freshness);
    return frame::groupRowsByAge(frame, std::move(rows), column, bounds, nowMs, stop);
}

QString groupKey(const frame::DeviceFrame& frame, frame::RowIndex row, frame::DeviceColumn column, int age)
{
    const QString cell = frame::deviceColumnInfo(column).kind == frame::ColumnKind::Time
        ? QString::number(age)
        : frame::cellText(frame, row, column).toCaseFolded();
    return frame::deviceColumnInfo(column).key.toString() + u'/' + cell;
}

// Heads with their rows below, up to the query's limit of rows.
void layOut(DeviceView& view, frame::GroupedRows grouped, const DeviceQuery& query)
{
    const bool downwards = !query.sort.empty() && query.sort.front().column == *query.groupBy
        && query.sort.front().order == Qt::DescendingOrder;
    if (downwards)
        std::ranges::reverse(grouped.groups);
    view.groupBy = query.groupBy;
    view.rows.clear();
    std::size_t left = std::size_t(query.limit);
    for (const frame::Group& group : grouped.groups) {
        const frame::RowIndex sample = grouped.rows[group.first];
        DeviceGroup head{groupKey(*view.frame, sample, *query.groupBy, group.age), sample, group.age,
            int(group.count), false};
        head.collapsed = query.collapsed.contains(head.key);
        view.rows.push_back(Model::groupBit | std::uint32_t(view.groups.size()));
        const std::size_t shown = head.collapsed ? 0 : std::min(left, group.count);
        const auto first = grouped.rows.begin() + qsizetype(group.first);
        view.rows.insert(view.rows.end(), first, first + qsizetype(shown));
        left -= shown;
        view.groups.push_back(std::move(head));
        if (left == 0)
            break;
    }
}

// Where each head stands, by its group's key.
QHash<QString, int> headPositions(const DeviceView& view)
{
    QHash<QString, int> positions;
    if (view.groups.empty())
        return positions;
    for (std::size_t i = 0; i < view.rows.size(); ++i) {
        if (Model::isGroup(view.rows[i]))
            positions.insert(view.groups[view.rows[i] & ~Model::groupBit].key, int(i));
    }
    return positions;
}

bool saysTheSame(const DeviceGroup& a, const DeviceGroup& b)
{
    return a.count == b.count && a.collapsed == b.collapsed;
}

// Heads that stay, but count another number of rows.
void addChangedHeads(const DeviceView& before, const DeviceView& after, const QHash<QString, int>& positions,
    std::vector<RowChange::CellChange>& cells)
{
    for (const DeviceGroup& old : before.groups) {
        const int now = positions.value(old.key, -1);
        if (now >= 0 && !saysTheSame(old, after.groups[after.rows[std::size_t(now)] & ~Model::groupBit]))
            cells.push_back({now, (std::uint64_t(1) << frame::deviceColumnCount) - 1});
    }
}

} // namespace

DeviceView deviceView(std::shared_ptr<const frame::DeviceFrame> frame, const DeviceQuery& query, qint64 nowMs,
    const std::stop_token& stop)
{
    DeviceView view;
    view.rows = frame::filterRows(*frame, query.text, frame::quickSearchColumns(), stop);
    if (!query.criteria.isEmpty())
        view.rows = frame::intersectRows(view.rows, frame::filterRows(*frame, query.criteria, nowMs, stop));
    view.matching = int(view.rows.size());
    view.rows = frame::sortRows(*frame, std::move(view.rows), query.sort, stop);
    view.frame = frame;
    if (query.groupBy) {
        layOut(view, groupsOf(*frame, std::move(view.rows), query, nowMs, stop), query);
        return view;
    }
    if (view.rows.size() > std::size_t(query.limit)) {
        view.rows.resize(std::size_t(query.limit));
        view.rows.shrink_to_fit();
    }
    return view;
}

DeviceViewChange deviceViewChange(const DeviceView& before, DeviceView after)
{
    std::vector<int> positionOf(after.frame->rowCount(), -1);
    for (std::size_t i = 0; i < after.rows.size(); ++i) {
        if (!Model::isGroup(after.rows[i]))
            positionOf[after.rows[i]] = int(i);
    }
    const QHash<QString, int> headAt = headPositions(after);
    const bool sameFrame = before.frame == after.frame;
    const auto difference
        = sameFrame ? frame::FrameDifference{} : frame::FrameDifference::between(*before.frame, *after.frame);
    std::vector<int> newPosition;
    newPosition.reserve(before.rows.size());
    for (const frame::RowIndex row : before.rows) {
        if (Model::isGroup(row)) {
            newPosition.push_back(headAt.value(before.groups[row & ~Model::groupBit].key, -1));
            continue;
        }
        const frame::RowIndex now = sameFrame ? row : difference.newRowOf[row];
        newPosition.push_back(now == frame::noRow ? -1 : positionOf[now]);
    }
    std::vector<RowChange::CellChange> cells;
    for (const auto& change : difference.changes) {
        if (positionOf[change.row] >= 0)
            cells.push_back({positionOf[change.row], change.columns});
    }
    addChangedHeads(before, after, headAt, cells);
    std::ranges::sort(cells, {}, &RowChange::CellChange::row);
    DeviceViewChange result;
    result.rows = RowChange::of(std::move(newPosition), int(after.rows.size()));
    result.rows.setChanged(cells);
    result.view = std::move(after);
    return result;
}

} // namespace postern::items

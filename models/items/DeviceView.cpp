#include "models/items/DeviceView.h"

#include <algorithm>

#include "models/frame/Filter.h"
#include "models/frame/FrameDifference.h"

namespace postern::items {

DeviceView deviceView(std::shared_ptr<const frame::DeviceFrame> frame, const DeviceQuery& query, qint64 nowMs,
    const std::stop_token& stop)
{
    DeviceView view;
    view.rows = frame::filterRows(*frame, query.text, frame::quickSearchColumns(), stop);
    if (!query.criteria.isEmpty())
        view.rows = frame::intersectRows(view.rows, frame::filterRows(*frame, query.criteria, nowMs, stop));
    view.matching = int(view.rows.size());
    view.rows = frame::sortRows(*frame, std::move(view.rows), query.sort, stop);
    if (view.rows.size() > std::size_t(query.limit)) {
        view.rows.resize(std::size_t(query.limit));
        view.rows.shrink_to_fit();
    }
    view.frame = std::move(frame);
    return view;
}

DeviceViewChange deviceViewChange(const DeviceView& before, DeviceView after)
{
    std::vector<int> positionOf(after.frame->rowCount(), -1);
    for (std::size_t i = 0; i < after.rows.size(); ++i)
        positionOf[after.rows[i]] = int(i);
    const bool sameFrame = before.frame == after.frame;
    const auto difference
        = sameFrame ? frame::FrameDifference{} : frame::FrameDifference::between(*before.frame, *after.frame);
    std::vector<int> newPosition;
    newPosition.reserve(before.rows.size());
    for (const frame::RowIndex row : before.rows) {
        const frame::RowIndex now = sameFrame ? row : difference.newRowOf[row];
        newPosition.push_back(now == frame::noRow ? -1 : positionOf[now]);
    }
    std::vector<RowChange::CellChange> cells;
    for (const auto& change : difference.changes) {
        if (positionOf[change.row] >= 0)
            cells.push_back({positionOf[change.row], change.columns});
    }
    std::ranges::sort(cells, {}, &RowChange::CellChange::row);
    DeviceViewChange result;
    result.rows = RowChange::of(std::move(newPosition), int(after.rows.size()));
    result.rows.setChanged(cells);
    result.view = std::move(after);
    return result;
}

} // namespace postern::items

// What a device grid shows: a frame and the rows of it, in order; and how one such view becomes the next.
// Built off the GUI thread by DeviceViewWorker, installed by DeviceTableModel.
#pragma once

#include <QSet>
#include <memory>
#include <stop_token>

#include "models/frame/Criteria.h"
#include "models/frame/DeviceFrame.h"
#include "models/frame/Sort.h"
#include "models/items/Freshness.h"
#include "models/items/RowChange.h"

namespace postern::items {

// What somebody wants to see.
struct DeviceQuery
{
    QString text{}; // quick search
    frame::Criteria criteria{};
    std::vector<frame::SortKey> sort{};
    int limit = INT_MAX; // show no more rows than this (SHL-08)
    std::optional<frame::DeviceColumn> groupBy{};
    QSet<QString> collapsed{}; // DeviceGroup::key of groups whose rows are hidden
    FreshnessLimits freshness{}; // how "as of" columns are grouped
    bool operator==(const DeviceQuery&) const = default;
};

struct DeviceGroup
{
    QString key; // the same for the same group of every frame
    frame::RowIndex sample = 0; // one of its rows: all have the same cell
    int age = 0; // of a time column: which stretch of time
    int count = 0;
    bool collapsed = false;
};

struct DeviceView
{
    std::shared_ptr<const frame::DeviceFrame> frame = frame::DeviceFrame::empty();
    frame::RowVector rows; // and, when grouped, heads: IndexedTableModel::groupBit | number of the group
    int matching = 0; // rows that meet the query, shown or not
    std::optional<frame::DeviceColumn> groupBy{};
    std::vector<DeviceGroup> groups{};
};

struct DeviceViewChange
{
    DeviceView view;
    RowChange rows;
};

// Pure; the answer of a stopped call is not to be used.
[[nodiscard]] DeviceView deviceView(std::shared_ptr<const frame::DeviceFrame> frame, const DeviceQuery& query,
    qint64 nowMs, const std::stop_token& stop = {});
[[nodiscard]] DeviceViewChange deviceViewChange(const DeviceView& before, DeviceView after);

} // namespace postern::items

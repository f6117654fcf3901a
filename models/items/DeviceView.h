// What a device grid shows: a frame and the rows of it, in order; and how one such view becomes the next.
// Built off the GUI thread by DeviceViewWorker, installed by DeviceTableModel.
#pragma once

#include <memory>
#include <stop_token>

#include "models/frame/Criteria.h"
#include "models/frame/DeviceFrame.h"
#include "models/frame/Sort.h"
#include "models/items/RowChange.h"

namespace postern::items {

// What somebody wants to see.
struct DeviceQuery
{
    QString text{}; // quick search
    frame::Criteria criteria{};
    std::vector<frame::SortKey> sort{};
    int limit = INT_MAX; // show no more rows than this (SHL-08)
    bool operator==(const DeviceQuery&) const = default;
};

struct DeviceView
{
    std::shared_ptr<const frame::DeviceFrame> frame = frame::DeviceFrame::empty();
    frame::RowVector rows;
    int matching = 0; // rows that meet the query, shown or not
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

// Filtering over a frame: hands back the matching rows in DeviceKey order. Any thread but the GUI's;
// cancellable (the answer of a stopped call is empty).
#pragma once

#include <QString>
#include <span>
#include <stop_token>

#include "models/frame/Criteria.h"
#include "models/frame/DeviceFrame.h"

namespace postern::frame {

// SHL-11: the columns that quick search looks into.
[[nodiscard]] std::span<const DeviceColumn> quickSearchColumns();
[[nodiscard]] std::span<const DeviceColumn> textColumns();

// Rows with `text` in one of `columns`, compared by full Unicode case folding. An empty text matches every
// row.
[[nodiscard]] RowVector filterRows(const DeviceFrame& frame, QStringView text,
    std::span<const DeviceColumn> columns, std::stop_token stop = {});

// Rows that meet the criteria. nowMs (UTC, since the epoch) is what "in the last n days" counts from.
[[nodiscard]] RowVector filterRows(
    const DeviceFrame& frame, const Criteria& criteria, qint64 nowMs, std::stop_token stop = {});

// Rows that are in both; both ascending.
[[nodiscard]] RowVector intersectRows(const RowVector& a, const RowVector& b);

} // namespace postern::frame

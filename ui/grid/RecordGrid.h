// A GridView over a short list of records (connectors, messages, tenants): sorted here, since tens of rows
// need no thread pool, and what the page keeps of it for Back and for the next session. GUI thread.
#pragma once

#include <QVariantMap>
#include <algorithm>
#include <optional>
#include <vector>

#include "models/items/RecordTableModel.h"
#include "ui/grid/ColumnLayout.h"

class QSettings;

namespace postern::grid {

class GridView;

// By value, text by the locale; empty cells last in both directions (as the device grid does).
[[nodiscard]] bool sortsBefore(const QVariant& left, const QVariant& right, Qt::SortOrder order);

// `scratch` is a model of the same kind that nobody sees: it says what the cells of these records are.
template <class Record>
[[nodiscard]] std::vector<Record> sortedRecords(std::vector<Record> records,
    items::RecordTableModel<Record>& scratch, const std::optional<GridSort>& sort)
{
    if (!sort)
        return records;
    scratch.setRecords(records);
    const auto value = [&scratch, &sort](const Record& record) {
        return scratch.index(scratch.rowOfKey(record.id.value), sort->column).data(items::SortRole);
    };
    std::stable_sort(
        records.begin(), records.end(), [&value, &sort](const Record& left, const Record& right) {
            return sortsBefore(value(left), value(right), sort->order);
        });
    return records;
}

[[nodiscard]] QVariantMap saveGrid(const GridView& view);
void restoreGrid(GridView& view, const QVariantMap& state);
void saveGridSettings(const GridView& view, QSettings& settings);
void restoreGridSettings(GridView& view, QSettings& settings);

} // namespace postern::grid

// Which columns a grid shows, in what order and how wide, and what it is sorted by: kept per user and node
// (SHL-06) as readable settings that survive columns coming and going. GUI thread.
#pragma once

#include <QString>
#include <QVariantMap>
#include <optional>
#include <vector>

class QAbstractItemModel;

namespace postern::grid {

struct GridSort
{
    int column = 0;
    Qt::SortOrder order = Qt::AscendingOrder;
    bool operator==(const GridSort&) const = default;
};

struct ColumnState
{
    int column = 0; // of the model
    int width = 0;
    bool visible = true;
    bool operator==(const ColumnState&) const = default;
};

struct ColumnLayout
{
    std::vector<ColumnState> columns; // every column of the model, in the order shown
    std::optional<GridSort> sort;
    std::optional<int> groupBy; // a column
    bool operator==(const ColumnLayout&) const = default;

    // What the model recommends (VisibleByDefaultRole, WidthHintRole), for a font whose characters are so
    // wide.
    [[nodiscard]] static ColumnLayout defaults(const QAbstractItemModel& model, int characterWidth);
    // Reads what toSettings wrote, perhaps by another version or by hand: what is unknown or absurd is
    // ignored, columns that are not named keep their defaults.
    [[nodiscard]] static ColumnLayout fromSettings(
        const QVariantMap& settings, const QAbstractItemModel& model, int characterWidth);
    [[nodiscard]] QVariantMap toSettings(const QAbstractItemModel& model) const;
};

} // namespace postern::grid

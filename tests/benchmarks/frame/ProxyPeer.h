// The peer of the grid: the same rows in a plain QAbstractTableModel under a QSortFilterProxyModel, with the
// columns that quick search looks into and one integer column.
#pragma once

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include "models/frame/DeviceFrame.h"

namespace postern::bench {

class PlainModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit PlainModel(const frame::DeviceFrame& frame);
    [[nodiscard]] int timeColumn() const;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<std::vector<QString>> m_texts; // a row each
    std::vector<qint64> m_times;
};

// Milliseconds of a fresh proxy, from source order.
[[nodiscard]] double proxyFilter(PlainModel& model, const QString& text, int* matches);
[[nodiscard]] double proxySort(PlainModel& model, int column);

} // namespace postern::bench

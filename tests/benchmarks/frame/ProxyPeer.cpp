#include "tests/benchmarks/frame/ProxyPeer.h"

#include "models/frame/Filter.h"
#include "tests/benchmarks/Report.h"

namespace postern::bench {

PlainModel::PlainModel(const frame::DeviceFrame& frame)
    : m_texts(frame.rowCount())
    , m_times(frame.rowCount())
{
    for (frame::RowIndex row = 0; row < frame.rowCount(); ++row) {
        for (const frame::DeviceColumn column : frame::quickSearchColumns())
            m_texts[row].push_back(frame.text(row, column));
        m_times[row] = frame.number(row, frame::DeviceColumn::LastSyncAttempt);
    }
}

int PlainModel::timeColumn() const
{
    return int(frame::quickSearchColumns().size());
}

int PlainModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_texts.size());
}

int PlainModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : timeColumn() + 1;
}

QVariant PlainModel::data(const QModelIndex& index, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    const auto row = std::size_t(index.row());
    return index.column() == timeColumn() ? QVariant(m_times[row])
                                          : QVariant(m_texts[row][std::size_t(index.column())]);
}

double proxyFilter(PlainModel& model, const QString& text, int* matches)
{
    QSortFilterProxyModel proxy;
    proxy.setFilterKeyColumn(-1);
    proxy.setFilterCaseSensitivity(Qt::CaseInsensitive);
    proxy.setSourceModel(&model);
    *matches = proxy.rowCount(); // maps all rows before the clock runs
    return fastest(1, [&] {
        proxy.setFilterFixedString(text);
        *matches = proxy.rowCount();
    });
}

double proxySort(PlainModel& model, int column)
{
    QSortFilterProxyModel proxy;
    proxy.setSortCaseSensitivity(Qt::CaseInsensitive);
    proxy.setSourceModel(&model);
    if (proxy.rowCount() == 0)
        return 0;
    return fastest(1, [&] { proxy.sort(column); });
}

} // namespace postern::bench

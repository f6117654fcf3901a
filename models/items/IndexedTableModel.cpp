#include "models/items/IndexedTableModel.h"

#include <algorithm>

namespace postern::items {

int IndexedTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int IndexedTableModel::rowOfKey(qint64 key) const
{
    for (int row = 0; row < int(m_rows.size()); ++row) {
        if (keyAt(row) == key)
            return row;
    }
    return -1;
}

bool IndexedTableModel::canGroupBy(int) const
{
    return false;
}

std::optional<IndexedTableModel::GroupHead> IndexedTableModel::groupHead(int) const
{
    return std::nullopt;
}

Qt::ItemFlags IndexedTableModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags all = QAbstractTableModel::flags(index);
    return isGroupRow(index.row()) ? all & ~Qt::ItemIsSelectable : all;
}

void IndexedTableModel::change(const RowChange& change, Rows rows, const std::function<void()>& takeSource)
{
    emit changeStarting();
    if (change.relaid) {
        relay(change, rows, takeSource);
    } else {
        removeRanges(change);
        // What is left is the new list without what is still to be inserted.
        Rows kept;
        kept.reserve(rows.size());
        std::size_t next = 0;
        for (const RowRange& range : change.inserted) {
            kept.insert(kept.end(), rows.begin() + qsizetype(next), rows.begin() + range.first);
            next = std::size_t(range.first + range.count);
        }
        kept.insert(kept.end(), rows.begin() + qsizetype(next), rows.end());
        takeSource();
        m_rows = std::move(kept);
        insertRanges(change, rows);
    }
    for (const CellRange& cells : change.changed)
        emit dataChanged(index(cells.firstRow, cells.firstColumn), index(cells.lastRow, cells.lastColumn));
    emit changeFinished();
}

void IndexedTableModel::removeRanges(const RowChange& change)
{
    for (auto range = change.removed.rbegin(); range != change.removed.rend(); ++range) {
        beginRemoveRows({}, range->first, range->first + range->count - 1);
        m_rows.erase(m_rows.begin() + range->first, m_rows.begin() + range->first + range->count);
        endRemoveRows();
    }
}

void IndexedTableModel::insertRanges(const RowChange& change, const Rows& rows)
{
    for (const RowRange& range : change.inserted) {
        beginInsertRows({}, range.first, range.first + range.count - 1);
        m_rows.insert(m_rows.begin() + range.first, rows.begin() + range.first,
            rows.begin() + range.first + range.count);
        endInsertRows();
    }
}

void IndexedTableModel::relay(
    const RowChange& change, const Rows& rows, const std::function<void()>& takeSource)
{
    const auto countOf = [](const std::vector<RowRange>& ranges) {
        std::size_t count = 0;
        for (const RowRange& range : ranges)
            count += std::size_t(range.count);
        return count;
    };
    const std::size_t added = countOf(change.inserted);
    const std::size_t gone = countOf(change.removed);

    // The new source first, outside of any bracket: rows keep their places, and those that are gone become
    // ghosts.
    std::vector<int> place = change.newPosition;
    takeSource();
    for (std::size_t i = 0; i < place.size(); ++i)
        m_rows[i] = place[i] >= 0 ? rows[std::size_t(place[i])] : ghost;
    if (added > 0) {
        beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + added) - 1);
        for (const RowRange& range : change.inserted) {
            for (int i = range.first; i < range.first + range.count; ++i) {
                m_rows.push_back(rows[std::size_t(i)]);
                place.push_back(i);
            }
        }
        endInsertRows();
    }
    permute(change, rows, place);
    if (gone > 0) {
        beginRemoveRows({}, int(rows.size()), int(m_rows.size()) - 1);
        m_rows.resize(rows.size());
        endRemoveRows();
    }
}

void IndexedTableModel::permute(const RowChange& change, const Rows& rows, const std::vector<int>& place)
{
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    std::vector<int> to = place;
    int nextGhost = int(rows.size());
    for (const RowRange& range : change.removed) {
        for (int row = range.first; row < range.first + range.count; ++row)
            to[std::size_t(row)] = nextGhost++;
    }
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    after.reserve(before.size());
    for (const QModelIndex& one : before)
        after.append(createIndex(to[std::size_t(one.row())], one.column()));
    m_rows.assign(std::size_t(nextGhost), ghost);
    std::ranges::copy(rows, m_rows.begin());
    changePersistentIndexList(before, after);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

} // namespace postern::items

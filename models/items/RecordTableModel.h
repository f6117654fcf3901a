// A table over a short list of records (jobs, connectors): a new list is compared with the shown one by key,
// and only what differs is signalled. Subclasses say what a cell is; bounds are checked here once. GUI
// thread.
#pragma once

#include <QHash>
#include <numeric>

#include "models/items/IndexedTableModel.h"
#include "models/items/Roles.h"

namespace postern::items {

template <class Record> class RecordTableModel : public IndexedTableModel
{
public:
    using IndexedTableModel::IndexedTableModel;

    void setRecords(std::vector<Record> records)
    {
        RowChange difference = differenceTo(records);
        Rows all(records.size());
        std::iota(all.begin(), all.end(), 0U);
        change(difference, std::move(all), [this, &records] { m_records = std::move(records); });
    }
    [[nodiscard]] const Record* recordAt(int row) const
    {
        if (row < 0 || row >= rowCount() || rows()[std::size_t(row)] == ghost)
            return nullptr;
        return &m_records[rows()[std::size_t(row)]];
    }
    [[nodiscard]] qint64 keyAt(int row) const final
    {
        const Record* record = recordAt(row);
        return record ? record->id.value : 0;
    }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final
    {
        const Record* record
            = checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)
            ? recordAt(index.row())
            : nullptr;
        if (!record)
            return {};
        if (role == KeyRole)
            return record->id.value;
        return cell(*record, index.column(), role);
    }

protected:
    [[nodiscard]] virtual QVariant cell(const Record& record, int column, int role) const = 0;

private:
    [[nodiscard]] RowChange differenceTo(const std::vector<Record>& next) const
    {
        QHash<qint64, int> placeOf;
        for (std::size_t i = 0; i < next.size(); ++i)
            placeOf.insert(next[i].id.value, int(i));
        std::vector<int> newPosition;
        std::vector<RowChange::CellChange> cells;
        for (int row = 0; row < rowCount(); ++row) {
            const int to = placeOf.value(keyAt(row), -1);
            newPosition.push_back(to);
            if (to >= 0 && !(next[std::size_t(to)] == *recordAt(row)))
                cells.push_back({to, (std::uint64_t(1) << columnCount()) - 1});
        }
        std::ranges::sort(cells, {}, &RowChange::CellChange::row);
        RowChange result = RowChange::of(std::move(newPosition), int(next.size()));
        result.setChanged(cells);
        return result;
    }

    std::vector<Record> m_records;
};

} // namespace postern::items

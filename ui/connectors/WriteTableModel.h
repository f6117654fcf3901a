// The journal of writes to Exchange as a table (SHL-46). GUI thread.
#pragma once

#include "models/domain/WriteRecord.h"
#include "models/items/RecordTableModel.h"

namespace postern::connectors {

class WriteTableModel final : public items::RecordTableModel<WriteRecord>
{
    Q_OBJECT
public:
    enum Column { Planned, State, What, Target, Origin, Command, Problem, ColumnCount };

    using RecordTableModel::RecordTableModel;
    [[nodiscard]] const WriteRecord* writeAt(int row) const { return recordAt(row); }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    [[nodiscard]] QVariant cell(const WriteRecord& write, int column, int role) const override;

private:
    [[nodiscard]] static QString text(const WriteRecord& write, int column);
};

} // namespace postern::connectors

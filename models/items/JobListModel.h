// Running and finished jobs as a table: what, how far, since when, with what result. Progress comes as
// numbers in DoneRole and TotalRole for a bar. GUI thread.
#pragma once

#include <QLocale>
#include <functional>

#include "models/domain/Work.h"
#include "models/items/RecordTableModel.h"

namespace postern::items {

class JobListModel : public RecordTableModel<Job>
{
    Q_OBJECT
public:
    enum Column { Task, Connector, State, Progress, Started, Ended, Result, ColumnCount };
    enum { DoneRole = KeyRole + 100, TotalRole };

    using RecordTableModel::RecordTableModel;
    void setJobs(const std::vector<Job>& jobs) { setRecords(jobs); }
    void setConnectorNames(std::function<QString(ConnectorId)> nameOf) { m_nameOf = std::move(nameOf); }
    [[nodiscard]] const Job* jobAt(int row) const { return recordAt(row); }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] static QString taskTitle(RequestKind kind);
    [[nodiscard]] static QString stateTitle(JobState state);
    [[nodiscard]] static QString progressText(const Job& job); // "1,200 of 7,000 mailboxes"

protected:
    [[nodiscard]] QVariant cell(const Job& job, int column, int role) const override;

private:
    [[nodiscard]] QString text(const Job& job, int column) const;

    std::function<QString(ConnectorId)> m_nameOf;
};

} // namespace postern::items

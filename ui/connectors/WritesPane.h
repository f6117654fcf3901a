// The details tab Writes of a connector (SHL-46): the journal of what was written to Exchange, the command of
// the selected entry, copyable. GUI thread.
#pragma once

#include <QWidget>

#include "models/domain/Connector.h"
#include "ui/connectors/WriteTableModel.h"

class QPushButton;

namespace postern::grid {
class GridView;
}
namespace postern::widgets {
class PlainLabel;
}

namespace postern::connectors {

class WritesPane final : public QWidget
{
    Q_OBJECT
public:
    explicit WritesPane(QWidget* parent = nullptr);
    void setWrites(const std::vector<WriteRecord>& writes);
    [[nodiscard]] int rowCount() const { return m_model.rowCount(); }

private:
    void sort();
    void copyCommands() const;
    void showSelected();
    WriteTableModel m_model, m_sorting;
    std::vector<WriteRecord> m_writes;
    grid::GridView* m_grid;
    widgets::PlainLabel* m_text;
    QPushButton* m_copy;
};

} // namespace postern::connectors

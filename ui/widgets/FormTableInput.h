// A short table of records as one field, with Add, Edit and Remove. Cells are texts; a subclass opens the
// dialog that asks for a row and hands the row back by setRow(). GUI thread.
#pragma once

#include <QStringList>

#include "ui/widgets/FormField.h"

class QPushButton;
class QTableWidget;

namespace postern::widgets {

class FormTableInput : public FormField
{
    Q_OBJECT
public:
    using Rows = QList<QStringList>;
    FormTableInput(const FieldText& text, const QStringList& columns, QWidget* parent = nullptr);
    [[nodiscard]] const Rows& rows() const { return m_rows; }
    void setRows(const Rows& rows);

protected:
    // row -1: a new one.
    virtual void openEditor(int row) = 0;
    // For a subclass that keeps more than the cells.
    virtual void rowRemoved(int row) { Q_UNUSED(row) }
    void setRow(int row, const QStringList& cells);
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildRow(const FieldText& text, const QStringList& columns);
    void fill(int current);
    void editSelected();
    void removeSelected();
    void selectionMoved();

    QTableWidget* m_table;
    QPushButton* m_add;
    QPushButton* m_edit;
    QPushButton* m_remove;
    Rows m_rows;
};

} // namespace postern::widgets

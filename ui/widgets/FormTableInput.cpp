#include "ui/widgets/FormTableInput.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/widgets/Theme.h"

namespace postern::widgets {

FormTableInput::FormTableInput(const FieldText& text, const QStringList& columns, QWidget* parent)
    : FormField(parent)
    , m_table(new QTableWidget(0, int(columns.size()), this))
    , m_add(new QPushButton(tr("Add...", "a row of a table"), this))
    , m_edit(new QPushButton(tr("Edit...", "a row of a table"), this))
    , m_remove(new QPushButton(tr("Remove", "a row of a table"), this))
{
    buildRow(text, columns);
    connect(m_add, &QPushButton::clicked, this, [this] { openEditor(-1); });
    connect(m_edit, &QPushButton::clicked, this, &FormTableInput::editSelected);
    connect(m_remove, &QPushButton::clicked, this, &FormTableInput::removeSelected);
    connect(m_table, &QTableWidget::cellDoubleClicked, this, &FormTableInput::editSelected);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &FormTableInput::selectionMoved);
    selectionMoved();
}

void FormTableInput::buildRow(const FieldText& text, const QStringList& columns)
{
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(spacing::tight);
    m_table->setHorizontalHeaderLabels(columns);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setMinimumHeight(fontMetrics().height() * 6);
    m_table->setMaximumHeight(fontMetrics().height() * 9);
    auto* buttons = new QVBoxLayout;
    for (auto* button : {m_add, m_edit, m_remove}) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    line->addWidget(m_table, 1);
    line->addLayout(buttons);
    build(text, m_table, row);
    const QString name = m_table->accessibleName();
    //: %1 is the name of a table
    m_add->setAccessibleName(tr("Add to %1").arg(name));
    m_edit->setAccessibleName(tr("Edit the selected row of %1").arg(name));
    m_remove->setAccessibleName(tr("Remove from %1").arg(name));
}

void FormTableInput::setRows(const Rows& rows)
{
    m_rows = rows;
    fill(-1);
}

void FormTableInput::setRow(int row, const QStringList& cells)
{
    if (row >= 0 && row < m_rows.size()) {
        m_rows[row] = cells;
    } else {
        m_rows.append(cells);
        row = int(m_rows.size()) - 1;
    }
    fill(row);
}

bool FormTableInput::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isReturn = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (key->key() == Qt::Key_Delete || (isReturn && m_edit->isEnabled())) {
            isReturn ? editSelected() : removeSelected();
            return true;
        }
    }
    return FormField::eventFilter(watched, event);
}

void FormTableInput::fill(int current)
{
    m_table->setRowCount(int(m_rows.size()));
    for (int row = 0; row < m_rows.size(); ++row) {
        for (int column = 0; column < m_table->columnCount(); ++column) {
            auto* item = new QTableWidgetItem(m_rows[row].value(column));
            item->setToolTip(m_rows[row].value(column));
            m_table->setItem(row, column, item);
        }
    }
    if (current >= 0)
        m_table->selectRow(std::min(current, m_table->rowCount() - 1));
    selectionMoved();
    if (!error().isEmpty())
        validate();
    emit edited();
}

void FormTableInput::editSelected()
{
    if (!m_table->selectedItems().isEmpty())
        openEditor(m_table->currentRow());
}

void FormTableInput::removeSelected()
{
    if (m_table->selectedItems().isEmpty())
        return;
    const int row = m_table->currentRow();
    m_rows.removeAt(row);
    rowRemoved(row);
    fill(m_rows.isEmpty() ? -1 : row);
    m_table->setFocus(Qt::OtherFocusReason);
}

void FormTableInput::selectionMoved()
{
    const bool chosen = !m_table->selectedItems().isEmpty();
    m_edit->setEnabled(chosen);
    m_remove->setEnabled(chosen);
}

} // namespace postern::widgets

#include "ui/connectors/WritesPane.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/grid/GridView.h"
#include "ui/grid/RecordGrid.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using widgets::PlainLabel;

WritesPane::WritesPane(QWidget* parent)
    : QWidget(parent)
    , m_grid(new grid::GridView(tr("Writes to Exchange"), this))
    , m_text(new PlainLabel({}, PlainLabel::Look::Body, this))
    , m_copy(new QPushButton(widgets::icon(u"copy"_s), tr("Copy Commands"), this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(widgets::spacing::tight);
    m_grid->setObjectName(u"writeList"_s);
    m_grid->setTable(&m_model);
    m_grid->setSort(grid::GridSort{WriteTableModel::Planned, Qt::DescendingOrder});
    m_text->setMessage();
    m_copy->setToolTip(tr("Copy the commands of the selected writes, or of all"));
    column->addWidget(m_grid, 1);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 0, 12, widgets::spacing::normal);
    row->setSpacing(widgets::spacing::normal);
    row->addWidget(m_text, 1);
    row->addWidget(m_copy, 0, Qt::AlignTop);
    column->addLayout(row);
    connect(m_grid, &grid::GridView::sortChanged, this, &WritesPane::sort);
    connect(m_grid, &grid::GridView::selectionChangedByKey, this, &WritesPane::showSelected);
    connect(m_copy, &QPushButton::clicked, this, &WritesPane::copyCommands);
    setWrites({});
}

void WritesPane::setWrites(const std::vector<WriteRecord>& writes)
{
    m_writes = writes;
    sort();
}

void WritesPane::sort()
{
    m_model.setRecords(grid::sortedRecords(m_writes, m_sorting, m_grid->sort()));
    m_copy->setEnabled(!m_writes.empty());
    showSelected();
}

void WritesPane::copyCommands() const
{
    const auto keys = m_grid->selectedKeys();
    QStringList commands;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const WriteRecord* write = m_model.writeAt(row);
        if (write != nullptr && (keys.empty() || std::ranges::find(keys, write->id.value) != keys.end()))
            commands.append(write->commandText);
    }
    QGuiApplication::clipboard()->setText(commands.join(u'\n') + u'\n');
}

void WritesPane::showSelected()
{
    const auto keys = m_grid->selectedKeys();
    const WriteRecord* write = keys.size() == 1 ? m_model.writeAt(m_model.rowOfKey(keys.front())) : nullptr;
    if (write == nullptr) {
        m_text->setText(m_writes.empty() ? tr("Nothing has been written to Exchange for this connector.")
                                         : tr("Select a write to read its command."));
        return;
    }
    QStringList lines{write->commandText};
    if (!write->cause.isEmpty())
        lines.append(write->cause);
    if (!write->problem.isEmpty())
        lines.append(write->problem);
    m_text->setText(lines.join(u'\n'));
}

} // namespace postern::connectors

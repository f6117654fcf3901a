#include "ui/connectors/RecordPage.h"

#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/grid/GridView.h"
#include "ui/grid/RecordGrid.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;

QWidget* scrolled(QWidget* content, QWidget* parent)
{
    auto* area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    content->setContentsMargins(12, 12, 12, 12);
    area->setWidget(content);
    return area;
}

QVariantMap RecordPage::saveState() const
{
    return grid::saveGrid(*m_list);
}

void RecordPage::restoreState(const QVariantMap& state)
{
    grid::restoreGrid(*m_list, state);
}

void RecordPage::saveSettings(QSettings& settings) const
{
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    grid::saveGridSettings(*m_list, settings);
}

void RecordPage::restoreSettings(QSettings& settings)
{
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    grid::restoreGridSettings(*m_list, settings);
}

void RecordPage::focusMain()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
    m_list->selectSomething();
}

bool RecordPage::copySelection()
{
    return m_list->copySelection();
}

void RecordPage::selectAll()
{
    m_list->selectAll();
}

void RecordPage::buildList(const ListText& text, items::IndexedTableModel& model, grid::GridSort sort)
{
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    m_splitter = new QSplitter(Qt::Vertical, m_stack);
    m_splitter->setChildrenCollapsible(false);
    m_list = new grid::GridView(text.accessibleName, m_splitter);
    m_list->setObjectName(text.objectName);
    m_list->setTable(&model);
    m_list->setSort(sort);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_splitter->addWidget(m_list);
    connect(m_list, &grid::GridView::sortChanged, this, &RecordPage::refresh);
    connect(m_list, &grid::GridView::selectionChangedByKey, this, &RecordPage::selectionMoved);
    connect(m_list, &grid::GridView::rowActivated, this, &NodePage::activated);
    connect(m_list, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { emit contextMenuRequested(m_list->viewport()->mapToGlobal(at)); });
}

void RecordPage::buildFrame(QWidget* details, QWidget* empty, const QList<int>& heights)
{
    details->setMinimumHeight(120);
    m_splitter->addWidget(details);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes(heights);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(empty);
    m_column->addWidget(m_stack, 1);
}

void RecordPage::addAbove(QWidget* bar)
{
    m_column->insertWidget(0, bar);
}

void RecordPage::showEmpty(bool empty)
{
    m_stack->setCurrentIndex(empty ? 1 : 0);
}

std::vector<qint64> RecordPage::selectedKeys() const
{
    return m_list->selectedKeys();
}

void RecordPage::selectionMoved()
{
    fillDetails();
    emit selectionChanged();
    emit statusTextChanged();
}

} // namespace postern::connectors

#include "ui/monitoring/StatusMessagesPage.h"

#include <QLineEdit>
#include <QVBoxLayout>

#include "ui/grid/GridView.h"
#include "ui/monitoring/StatusMessagesView.h"

namespace postern::monitoring {

StatusMessagesPage::StatusMessagesPage(site::SiteClient& site, QWidget* parent)
    : NodePage(parent)
    , m_view(new StatusMessagesView(site, this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    grid::GridView& grid = m_view->grid();
    grid.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&grid, &QWidget::customContextMenuRequested, this,
        [this, &grid](const QPoint& at) { emit contextMenuRequested(grid.viewport()->mapToGlobal(at)); });
    connect(m_view, &StatusMessagesView::changed, this, &NodePage::selectionChanged);
    connect(m_view, &StatusMessagesView::changed, this, &NodePage::statusTextChanged);
    connect(m_view, &StatusMessagesView::periodChanged, this, &NodePage::selectionChanged);
}

ViewingPeriod StatusMessagesPage::viewingPeriod() const
{
    return m_view->period();
}

void StatusMessagesPage::setViewingPeriod(ViewingPeriod period)
{
    m_view->setPeriod(period);
}

widgets::Selection StatusMessagesPage::selection() const
{
    widgets::Selection chosen;
    chosen.rows = m_view->grid().selectedRowCount();
    return chosen;
}

QVariantMap StatusMessagesPage::saveState() const
{
    return m_view->saveState();
}

void StatusMessagesPage::restoreState(const QVariantMap& state)
{
    m_view->restoreState(state);
}

void StatusMessagesPage::saveSettings(QSettings& settings) const
{
    m_view->saveSettings(settings);
}

void StatusMessagesPage::restoreSettings(QSettings& settings)
{
    m_view->restoreSettings(settings);
}

void StatusMessagesPage::focusMain()
{
    m_view->grid().setFocus(Qt::ShortcutFocusReason);
    m_view->grid().selectSomething();
}

bool StatusMessagesPage::focusSearch()
{
    m_view->searchBox().setFocus(Qt::ShortcutFocusReason);
    m_view->searchBox().selectAll();
    return true;
}

void StatusMessagesPage::refresh()
{
    m_view->refresh();
}

bool StatusMessagesPage::copySelection()
{
    return m_view->grid().copySelection();
}

void StatusMessagesPage::selectAll()
{
    m_view->grid().selectAll();
}

QString StatusMessagesPage::statusText() const
{
    return m_view->statusText();
}

} // namespace postern::monitoring

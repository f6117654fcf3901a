#include "ui/grid/ColumnMenu.h"

#include <QActionGroup>
#include <QCollator>
#include <QKeyEvent>
#include <QMouseEvent>

#include "ui/grid/GridView.h"

namespace postern::grid {

ColumnMenu::ColumnMenu(GridView& grid)
    : QMenu(&grid)
    , m_grid(grid)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Columns"));
    setToolTipsVisible(true);
    addColumns();
    addSeparator();
    addSortMenu();
    addGroupMenu();
    QAction* reset = addAction(tr("Reset Columns"));
    connect(reset, &QAction::triggered, &grid, &GridView::resetColumns);
    updateTicks();
}

void ColumnMenu::addColumns()
{
    for (int column = 0; column < m_grid.model()->columnCount(); ++column) {
        auto* action = new QAction(m_grid.columnTitle(column).replace(u'&', QStringLiteral("&&")), this);
        action->setCheckable(true);
        action->setData(column);
        connect(action, &QAction::triggered, &m_grid,
            [this, column](bool checked) { m_grid.setColumnVisible(column, checked); });
        m_ticks.append(action);
    }
    const QCollator collator;
    std::ranges::sort(
        m_ticks, [&collator](QAction* a, QAction* b) { return collator.compare(a->text(), b->text()) < 0; });
    addActions(m_ticks);
}

void ColumnMenu::addSortMenu()
{
    QMenu* menu = addMenu(tr("Sort By"));
    auto* columns = new QActionGroup(menu);
    const auto sort = m_grid.sort();
    for (const int column : m_grid.visibleColumns()) {
        QAction* action = menu->addAction(m_grid.columnTitle(column).replace(u'&', QStringLiteral("&&")));
        action->setCheckable(true);
        action->setChecked(sort && sort->column == column);
        columns->addAction(action);
        const Qt::SortOrder order = sort ? sort->order : Qt::AscendingOrder;
        connect(action, &QAction::triggered, &m_grid, [this, column, order] {
            m_grid.setSort(GridSort{column, order});
        });
    }
    menu->addSeparator();
    auto* orders = new QActionGroup(menu);
    for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        QAction* action = menu->addAction(order == Qt::AscendingOrder ? tr("Ascending") : tr("Descending"));
        action->setCheckable(true);
        action->setChecked(sort && sort->order == order);
        action->setEnabled(sort.has_value());
        orders->addAction(action);
        connect(action, &QAction::triggered, &m_grid, [this, sort, order] {
            m_grid.setSort(GridSort{sort->column, order});
        });
    }
}

// None first; then the visible columns by which rows can be grouped, and the one that they are grouped by.
void ColumnMenu::addGroupMenu()
{
    std::vector<int> columns;
    for (const int column : m_grid.visibleColumns()) {
        if (m_grid.table()->canGroupBy(column))
            columns.push_back(column);
    }
    const auto groupBy = m_grid.groupBy();
    if (groupBy && std::ranges::find(columns, *groupBy) == columns.end())
        columns.push_back(*groupBy);
    if (columns.empty())
        return;
    QMenu* menu = addMenu(tr("Group By"));
    auto* choices = new QActionGroup(menu);
    const auto add = [&](const QString& title, std::optional<int> column) {
        QAction* action = menu->addAction(title);
        action->setCheckable(true);
        action->setChecked(column == groupBy);
        choices->addAction(action);
        connect(action, &QAction::triggered, &m_grid, [this, column] { m_grid.setGroupBy(column); });
    };
    //: do not group the rows of a list
    add(tr("None"), std::nullopt);
    menu->addSeparator();
    for (const int column : columns)
        add(m_grid.columnTitle(column).replace(u'&', QStringLiteral("&&")), column);
}

// The last visible column cannot be taken away: a grid without columns has no header to bring them back.
void ColumnMenu::updateTicks()
{
    const auto visible = m_grid.visibleColumns();
    for (QAction* action : std::as_const(m_ticks)) {
        const bool shown = std::ranges::find(visible, action->data().toInt()) != visible.end();
        action->setChecked(shown);
        action->setEnabled(!shown || visible.size() > 1);
    }
}

bool ColumnMenu::tick(QAction* action)
{
    if (!action || !m_ticks.contains(action))
        return false;
    if (action->isEnabled())
        action->trigger();
    updateTicks();
    return true;
}

void ColumnMenu::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && tick(actionAt(event->position().toPoint())))
        return;
    QMenu::mouseReleaseEvent(event);
}

void ColumnMenu::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && tick(activeAction()))
        return;
    QMenu::keyPressEvent(event);
}

} // namespace postern::grid

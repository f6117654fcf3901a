// The menu of a grid's header (SHL-06): a tick for every column, then Sort by, Group by and Reset columns.
// Ticking a column leaves the menu open, for adding several. GUI thread; shown and deleted by GridView.
#pragma once

#include <QMenu>

namespace postern::grid {

class GridView;

class ColumnMenu : public QMenu
{
    Q_OBJECT
public:
    explicit ColumnMenu(GridView& grid);

protected:
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void addColumns();
    void addSortMenu();
    void addGroupMenu();
    void updateTicks();
    bool tick(QAction* action); // false: not one of the column ticks

    GridView& m_grid;
    QList<QAction*> m_ticks;
};

} // namespace postern::grid

// The one list view of the console: virtual rows over an items::IndexedTableModel, column chooser in the
// header's menu, sorting by its header (the page sorts, sortChanged asks it to), copy as tab-separated text,
// type-ahead. Selection, current row and scroll position follow the records through every change of the
// model. GUI thread.
#pragma once

#include <QElapsedTimer>
#include <QHash>
#include <QPersistentModelIndex>
#include <QTableView>
#include <set>

#include "models/items/IndexedTableModel.h"
#include "ui/grid/ColumnLayout.h"

namespace postern::grid {

class GridView : public QTableView
{
    Q_OBJECT
public:
    explicit GridView(const QString& accessibleName, QWidget* parent = nullptr);
    void setTable(items::IndexedTableModel* table); // must outlive this
    [[nodiscard]] items::IndexedTableModel* table() const { return m_table; }

    [[nodiscard]] QString columnTitle(int column) const;
    [[nodiscard]] std::vector<int> visibleColumns() const; // in the order shown
    void setColumnVisible(int column, bool visible);
    void resetColumns();
    [[nodiscard]] std::optional<GridSort> sort() const { return m_sort; }
    void setSort(std::optional<GridSort> sort);
    // SHL-06; like sorting, the page does it. Columns the table cannot group by are ignored.
    [[nodiscard]] std::optional<int> groupBy() const { return m_groupBy; }
    void setGroupBy(std::optional<int> column);

    [[nodiscard]] ColumnLayout columnLayout() const;
    void setColumnLayout(const ColumnLayout& layout);
    [[nodiscard]] QVariantMap saveColumns() const;
    void restoreColumns(const QVariantMap& settings);

    [[nodiscard]] qint64 currentKey() const; // 0: none
    [[nodiscard]] std::vector<qint64> selectedKeys() const;
    void selectKeys(const std::vector<qint64>& keys, qint64 current);
    [[nodiscard]] int selectedRowCount() const;

    // Selected rows and visible columns as tab-separated text with a header line.
    [[nodiscard]] QString selectionAsText() const;
    bool copySelection(); // false: nothing is selected
    // For somebody who came by the keyboard: what the next command acts on is selected and can be seen.
    void selectSomething();

    // Shown in place of rows while there are none; becomes a child. nullptr: nothing.
    void setPlaceholder(QWidget* placeholder);
    void showColumnMenu(const QPoint& globalPosition);
    void keyboardSearch(const QString& text) override;
    // Rows are what is looked for here: columns stay where they are, unless an arrow key walks over them.
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    void setTypeAheadPause(int msecs) { m_typeAheadPause = msecs; } // after which a new word begins

signals:
    void sortChanged();
    void groupingChanged();
    void groupToggled(int row); // a group's head was clicked: shut or open it
    void columnsChanged(); // shown, hidden, moved or resized
    void selectionChangedByKey();
    void rowActivated();

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void setUpHeaders();
    void updateRowHeight();
    void paintGroupHead(QPainter& painter, int row);
    [[nodiscard]] bool toggleByKey(QKeyEvent* event);
    [[nodiscard]] std::set<int> selectedRows() const; // without heads of groups
    void sortByHeader(int column);
    void rememberPlace();
    void takePlaceAgain();
    void updatePlaceholder();
    [[nodiscard]] int searchColumn() const;
    [[nodiscard]] int characterWidth() const;

    // Where the view stood before a change of the model.
    struct Anchor
    {
        QPersistentModelIndex row; // keeps its place on the screen
        int offset = 0;
        QPersistentModelIndex current;
        int currentRow = -1;
        int currentColumn = 0;
    };

    items::IndexedTableModel* m_table = nullptr;
    std::optional<GridSort> m_sort;
    std::optional<int> m_groupBy;
    Anchor m_anchor;
    bool m_sortedByUser
        = false; // the next change is the answer to a click: show the current row, not the old place
    QHash<int, int> m_hiddenWidths; // a hidden section reports none
    bool m_walkingColumns = false; // the current cell was moved sideways by a key
    QWidget* m_placeholder = nullptr;
    QString m_typed;
    int m_typeAheadPause = 1000;
    QElapsedTimer m_sinceTyped;
};

} // namespace postern::grid

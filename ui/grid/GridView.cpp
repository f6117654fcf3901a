#include "ui/grid/GridView.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QScopeGuard>
#include <QScrollBar>

#include "ui/grid/ColumnMenu.h"
#include "ui/grid/GridDelegate.h"
#include "ui/widgets/Theme.h"

namespace postern::grid {

GridView::GridView(const QString& accessibleName, QWidget* parent)
    : QTableView(parent)
{
    setAccessibleName(accessibleName);
    setItemDelegate(new GridDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setEditTriggers(NoEditTriggers);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false); // Tab leaves the grid (SHL-17)
    setFrameShape(NoFrame);
    setUpHeaders();
    connect(this, &QAbstractItemView::activated, this, &GridView::rowActivated);
}

void GridView::setUpHeaders()
{
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    updateRowHeight();
    QHeaderView* header = horizontalHeader();
    header->setAccessibleName(tr("Column headers"));
    header->setSectionsMovable(true);
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(false);
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setTextElideMode(Qt::ElideRight);
    header->setResizeContentsPrecision(
        0); // fitting a column looks at the rows on the screen, not at a million
    header->setMinimumSectionSize(24);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::customContextMenuRequested, this,
        [this, header](const QPoint& at) { showColumnMenu(header->viewport()->mapToGlobal(at)); });
    connect(header, &QHeaderView::sectionClicked, this, &GridView::sortByHeader);
    connect(header, &QHeaderView::sectionMoved, this, &GridView::columnsChanged);
    connect(header, &QHeaderView::sectionResized, this, &GridView::columnsChanged);
}

void GridView::updateRowHeight()
{
    constexpr int padding = 10;
    verticalHeader()->setMinimumSectionSize(0);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + padding);
}

void GridView::setTable(items::IndexedTableModel* table)
{
    m_table = table;
    setModel(table);
    connect(table, &items::IndexedTableModel::changeStarting, this, &GridView::rememberPlace);
    connect(table, &items::IndexedTableModel::changeFinished, this, &GridView::takePlaceAgain);
    setColumnLayout(ColumnLayout::defaults(*table, characterWidth()));
    updatePlaceholder();
}

int GridView::characterWidth() const
{
    return fontMetrics().averageCharWidth();
}

QString GridView::columnTitle(int column) const
{
    return model()->headerData(column, Qt::Horizontal).toString();
}

std::vector<int> GridView::visibleColumns() const
{
    std::vector<int> columns;
    for (const ColumnState& state : columnLayout().columns) {
        if (state.visible)
            columns.push_back(state.column);
    }
    return columns;
}

void GridView::setColumnVisible(int column, bool visible)
{
    if (isColumnHidden(column) != visible)
        return;
    if (!visible)
        m_hiddenWidths.insert(column, columnWidth(column));
    setColumnHidden(column, !visible);
    if (visible) { // an added column is seen at once
        updateGeometries();
        const int left = horizontalHeader()->sectionPosition(column);
        const int right = left + columnWidth(column);
        QScrollBar* bar = horizontalScrollBar();
        bar->setValue(std::clamp(
            bar->value(), right - viewport()->width(), std::max(left, right - viewport()->width())));
    }
    emit columnsChanged();
}

void GridView::resetColumns()
{
    setColumnLayout(ColumnLayout::defaults(*model(), characterWidth()));
    emit columnsChanged();
}

ColumnLayout GridView::columnLayout() const
{
    ColumnLayout layout;
    const QHeaderView* header = horizontalHeader();
    for (int place = 0; place < header->count(); ++place) {
        const int column = header->logicalIndex(place);
        const bool hidden = header->isSectionHidden(column);
        // A hidden section has no size; its real one comes back when it is shown.
        const int width = hidden ? m_hiddenWidths.value(column, header->defaultSectionSize())
                                 : header->sectionSize(column);
        layout.columns.push_back({column, width, !hidden});
    }
    layout.sort = m_sort;
    layout.groupBy = m_groupBy;
    return layout;
}

void GridView::setColumnLayout(const ColumnLayout& layout)
{
    QHeaderView* header = horizontalHeader();
    blockSignals(true); // one columnsChanged at the end is for the caller to say
    int place = 0;
    for (const ColumnState& state : layout.columns) {
        header->moveSection(header->visualIndex(state.column), place++);
        header->setSectionHidden(state.column, false);
        header->resizeSection(state.column, state.width);
        m_hiddenWidths.insert(state.column, state.width);
        header->setSectionHidden(state.column, !state.visible);
    }
    blockSignals(false);
    setSort(layout.sort);
    setGroupBy(layout.groupBy);
}

QVariantMap GridView::saveColumns() const
{
    return columnLayout().toSettings(*model());
}

void GridView::restoreColumns(const QVariantMap& settings)
{
    setColumnLayout(ColumnLayout::fromSettings(settings, *model(), characterWidth()));
}

void GridView::sortByHeader(int column)
{
    const bool again = m_sort && m_sort->column == column && m_sort->order == Qt::AscendingOrder;
    setSort(GridSort{column, again ? Qt::DescendingOrder : Qt::AscendingOrder});
}

void GridView::setSort(std::optional<GridSort> sort)
{
    horizontalHeader()->setSortIndicatorShown(sort.has_value());
    if (sort)
        horizontalHeader()->setSortIndicator(sort->column, sort->order);
    if (sort == m_sort)
        return;
    m_sort = sort;
    m_sortedByUser = true;
    emit sortChanged();
}

void GridView::rememberPlace()
{
    m_anchor = {};
    m_anchor.current = currentIndex();
    m_anchor.currentRow = currentIndex().row();
    m_anchor.currentColumn = currentIndex().column();
    // At the very top new rows are wanted to show; elsewhere what is read must not move.
    if (verticalScrollBar()->value() > 0) {
        const QModelIndex top = indexAt({0, 0});
        const bool currentShown = viewport()->rect().intersects(visualRect(currentIndex()));
        m_anchor.row = currentShown ? currentIndex() : top;
        m_anchor.offset = m_anchor.row.isValid() ? rowViewportPosition(m_anchor.row.row()) : 0;
    }
    setAutoScroll(false); // the selection model moves the current row of removed ones about
}

void GridView::takePlaceAgain()
{
    const int rows = model()->rowCount();
    if (m_anchor.currentRow >= 0 && !m_anchor.current.isValid()) {
        const QModelIndex near = rows == 0
            ? QModelIndex()
            : model()->index(std::min(m_anchor.currentRow, rows - 1), m_anchor.currentColumn);
        selectionModel()->setCurrentIndex(near, QItemSelectionModel::NoUpdate);
    }
    executeDelayedItemsLayout();
    updateGeometries();
    setAutoScroll(true);
    if (std::exchange(m_sortedByUser, false)) {
        if (currentIndex().isValid() && !selectionModel()->selectedIndexes().isEmpty())
            scrollTo(currentIndex(), PositionAtCenter);
        else
            scrollToTop();
    } else if (m_anchor.row.isValid()) {
        verticalScrollBar()->setValue(
            verticalHeader()->sectionPosition(m_anchor.row.row()) - m_anchor.offset);
    }
    m_anchor = {};
    updatePlaceholder();
}

void GridView::setPlaceholder(QWidget* placeholder)
{
    if (m_placeholder == placeholder)
        return;
    if (m_placeholder)
        m_placeholder->hide();
    m_placeholder = placeholder;
    if (placeholder)
        placeholder->setParent(viewport());
    updatePlaceholder();
}

void GridView::updatePlaceholder()
{
    if (!m_placeholder)
        return;
    m_placeholder->setGeometry(viewport()->rect());
    m_placeholder->setVisible(!model() || model()->rowCount() == 0);
}

void GridView::showColumnMenu(const QPoint& globalPosition)
{
    (new ColumnMenu(*this))->popup(globalPosition);
}

void GridView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    updatePlaceholder();
}

void GridView::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateRowHeight();
}

void GridView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTableView::selectionChanged(selected, deselected);
    emit selectionChangedByKey();
}

void GridView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (current.row() != previous.row())
        emit selectionChangedByKey();
}

void GridView::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    const int left = horizontalScrollBar()->value();
    QTableView::scrollTo(index, hint);
    if (!m_walkingColumns)
        horizontalScrollBar()->setValue(left);
}

QModelIndex GridView::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    const int rows = model() ? model()->rowCount() : 0;
    if ((action == MoveHome || action == MoveEnd) && rows > 0) // of the list, not of the row
        return model()->index(action == MoveHome ? 0 : rows - 1, std::max(0, currentIndex().column()));
    return QTableView::moveCursor(action, modifiers);
}

void GridView::focusInEvent(QFocusEvent* event)
{
    QTableView::focusInEvent(event);
    switch (event->reason()) {
    case Qt::TabFocusReason:
    case Qt::BacktabFocusReason:
    case Qt::ShortcutFocusReason:
        selectSomething();
        break;
    default:
        break;
    }
}

void GridView::keyPressEvent(QKeyEvent* event)
{
    m_walkingColumns = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
    const auto walked = qScopeGuard([this] { m_walkingColumns = false; });
    if (toggleByKey(event))
        return;
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        event->accept();
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace postern::grid

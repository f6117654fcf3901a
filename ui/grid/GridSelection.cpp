// The part of GridView that speaks of records: keys instead of rows, copying, type-ahead.
#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QRegularExpression>

#include "models/items/Roles.h"
#include "ui/grid/GridView.h"

using namespace Qt::StringLiterals;

namespace postern::grid {

namespace {

// A cell that a spreadsheet would run as a formula gets an apostrophe: device names are chosen by strangers.
// Numbers and telephone numbers stay as they are.
QString safeForSheet(const QString& text)
{
    static const QRegularExpression number(u"^[+-]?[\\d .,()/-]*$"_s);
    const bool formula
        = !text.isEmpty() && u"=+-@"_s.contains(text.front()) && !number.match(text).hasMatch();
    return formula ? u'\'' + text : text;
}

} // namespace

qint64 GridView::currentKey() const
{
    return m_table && currentIndex().isValid() ? m_table->keyAt(currentIndex().row()) : 0;
}

std::vector<qint64> GridView::selectedKeys() const
{
    std::vector<qint64> keys;
    for (const int row : selectedRows())
        keys.push_back(m_table->keyAt(row));
    return keys;
}

int GridView::selectedRowCount() const
{
    if (m_groupBy)
        return int(selectedRows().size());
    // Whole rows are selected, so ranges do not overlap.
    int count = 0;
    for (const QItemSelectionRange& range : selectionModel()->selection())
        count += range.height();
    return count;
}

void GridView::selectKeys(const std::vector<qint64>& keys, qint64 current)
{
    const int last = model()->columnCount() - 1;
    QItemSelection selection;
    for (const qint64 key : keys) {
        const int row = m_table->rowOfKey(key);
        if (row >= 0)
            selection.select(model()->index(row, 0), model()->index(row, last));
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    const int row = m_table->rowOfKey(current);
    const auto columns = visibleColumns();
    if (row >= 0)
        selectionModel()->setCurrentIndex(
            model()->index(row, columns.empty() ? 0 : columns.front()), QItemSelectionModel::NoUpdate);
}

QString GridView::selectionAsText() const
{
    const std::vector<int> columns = visibleColumns();
    QStringList header;
    for (const int column : columns)
        header.append(columnTitle(column));
    QString text = header.join(u'\t') + u'\n';
    for (const int row : selectedRows()) {
        QStringList cells;
        for (const int column : columns)
            cells.append(
                safeForSheet(model()->index(row, column).data().toString())); // holds no tab: visibleText
        text += cells.join(u'\t') + u'\n';
    }
    return text;
}

bool GridView::copySelection()
{
    if (!selectionModel() || !selectionModel()->hasSelection())
        return false;
    QGuiApplication::clipboard()->setText(selectionAsText());
    return true;
}

void GridView::selectSomething()
{
    if (!model() || model()->rowCount() == 0 || selectionModel()->hasSelection())
        return;
    const std::vector<int> columns = visibleColumns();
    int first = currentIndex().isValid() ? currentIndex().row() : 0;
    while (m_table && m_table->isGroupRow(first)) // a group's head stands before its rows
        ++first;
    const QModelIndex row = currentIndex().isValid() && currentIndex().row() == first
        ? currentIndex()
        : model()->index(first, columns.empty() ? 0 : columns.front());
    if (!row.isValid())
        return; // every group is shut
    selectionModel()->setCurrentIndex(row, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

int GridView::searchColumn() const
{
    const std::vector<int> columns = visibleColumns();
    if (m_sort && std::ranges::find(columns, m_sort->column) != columns.end())
        return m_sort->column; // where rows that begin alike stand together
    return columns.empty() ? 0 : columns.front();
}

void GridView::keyboardSearch(const QString& text)
{
    constexpr int budget = 40; // msecs; in a huge list a miss must not hold up typing
    const bool again = m_sinceTyped.isValid() && m_sinceTyped.elapsed() < m_typeAheadPause;
    m_sinceTyped.start();
    m_typed = again ? m_typed + text : text;
    // The same letter again and again steps through the rows that begin with it.
    const bool stepping = m_typed.count(m_typed.front()) == m_typed.size();
    const QString wanted = stepping ? QString(m_typed.front()) : m_typed;
    const int rows = model()->rowCount();
    const int column = searchColumn();
    const int from = std::max(0, currentIndex().row()) + (stepping || !again ? 1 : 0);
    QElapsedTimer spent;
    spent.start();
    for (int i = 0; i < rows && (i % 256 != 0 || spent.elapsed() < budget); ++i) {
        const QModelIndex index = model()->index((from + i) % rows, column);
        if (index.data().toString().startsWith(wanted, Qt::CaseInsensitive)) {
            setCurrentIndex(index);
            return;
        }
    }
}

} // namespace postern::grid

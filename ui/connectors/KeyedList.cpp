#include "ui/connectors/KeyedList.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>

#include "ui/widgets/IconSet.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;

namespace {

constexpr int keyRole = Qt::UserRole;
constexpr int sortRole = Qt::UserRole + 1;

class Item final : public QTreeWidgetItem
{
public:
    using QTreeWidgetItem::QTreeWidgetItem;
    bool operator<(const QTreeWidgetItem& other) const override
    {
        const int column = treeWidget()->sortColumn();
        const QVariant mine = data(column, sortRole);
        const QVariant theirs = other.data(column, sortRole);
        if (mine.isValid() && theirs.isValid()) {
            const auto order = QVariant::compare(mine, theirs);
            if (order != QPartialOrdering::Equivalent)
                return order == QPartialOrdering::Less;
        } else if (const int order = QString::localeAwareCompare(text(column), other.text(column));
                   order != 0) {
            return order < 0;
        }
        return data(0, keyRole).toLongLong() < other.data(0, keyRole).toLongLong();
    }
};

void fill(QTreeWidgetItem* item, const ListRow& row)
{
    item->setData(0, keyRole, row.key);
    for (int column = 0; column < row.cells.size(); ++column) {
        const ListCell& cell = row.cells[column];
        if (item->text(column) != cell.text)
            item->setText(column, cell.text);
        item->setData(column, sortRole, cell.sortValue);
        if (!cell.iconName.isEmpty())
            item->setIcon(column, widgets::icon(cell.iconName, cell.tone));
    }
}

} // namespace

KeyedList::KeyedList(const QString& accessibleName, const QStringList& headers, QWidget* parent)
    : QTreeWidget(parent)
{
    setAccessibleName(accessibleName);
    setHeaderLabels(headers);
    setRootIsDecorated(false);
    setAllColumnsShowFocus(true);
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    setSelectionMode(ExtendedSelection);
    setTabKeyNavigation(false);
    setFrameShape(QFrame::NoFrame);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setSortingEnabled(true);
    sortByColumn(0, Qt::AscendingOrder);
    header()->setSectionsMovable(true);
    header()->setFirstSectionMovable(true);
    header()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header(), &QWidget::customContextMenuRequested, this, &KeyedList::showColumnMenu);
    connect(this, &QTreeWidget::itemSelectionChanged, this, &KeyedList::keysSelected);
    connect(this, &QTreeWidget::itemActivated, this, &KeyedList::rowActivated);
}

void KeyedList::setRows(const QList<ListRow>& rows)
{
    setSortingEnabled(false);
    QSet<qint64> keys;
    for (const ListRow& row : rows) {
        keys.insert(row.key);
        QTreeWidgetItem* item = itemOf(row.key);
        fill(item != nullptr ? item : new Item(this), row);
    }
    for (int i = topLevelItemCount() - 1; i >= 0; --i) {
        if (!keys.contains(topLevelItem(i)->data(0, keyRole).toLongLong()))
            delete takeTopLevelItem(i);
    }
    setSortingEnabled(true);
}

std::vector<qint64> KeyedList::selectedKeys() const
{
    std::vector<qint64> keys;
    for (const QTreeWidgetItem* item : selectedItems())
        keys.push_back(item->data(0, keyRole).toLongLong());
    return keys;
}

void KeyedList::selectKeys(const std::vector<qint64>& keys)
{
    {
        const QSignalBlocker blocker(this); // one signal for all rows
        clearSelection();
        for (const qint64 key : keys) {
            QTreeWidgetItem* item = itemOf(key);
            if (item == nullptr)
                continue;
            setCurrentItem(item, 0, QItemSelectionModel::NoUpdate);
            item->setSelected(true);
        }
    }
    emit keysSelected();
}

QTreeWidgetItem* KeyedList::itemOf(qint64 key) const
{
    for (int i = 0; i < topLevelItemCount(); ++i) {
        if (topLevelItem(i)->data(0, keyRole).toLongLong() == key)
            return topLevelItem(i);
    }
    return nullptr;
}

void KeyedList::copySelection() const
{
    QStringList columns;
    QList<int> shown;
    for (int visual = 0; visual < header()->count(); ++visual) {
        const int column = header()->logicalIndex(visual);
        if (isColumnHidden(column))
            continue;
        shown.append(column);
        columns.append(headerItem()->text(column));
    }
    QString text = columns.join(u'\t') + u'\n';
    for (const QTreeWidgetItem* item : selectedItems()) {
        QStringList cells;
        for (const int column : shown)
            cells.append(item->text(column).replace(u'\t', u' ').replace(u'\n', u' '));
        text += cells.join(u'\t') + u'\n';
    }
    QGuiApplication::clipboard()->setText(text);
}

QVariantMap KeyedList::saveState() const
{
    QVariantList keys;
    for (const qint64 key : selectedKeys())
        keys.append(key);
    return {{u"selected"_s, keys}, {u"scroll"_s, verticalScrollBar()->value()},
        {u"sortColumn"_s, sortColumn()}, {u"sortOrder"_s, int(header()->sortIndicatorOrder())}};
}

void KeyedList::restoreState(const QVariantMap& state)
{
    if (state.isEmpty())
        return;
    sortByColumn(state.value(u"sortColumn"_s).toInt(), Qt::SortOrder(state.value(u"sortOrder"_s).toInt()));
    std::vector<qint64> keys;
    for (const QVariant& key : state.value(u"selected"_s).toList())
        keys.push_back(key.toLongLong());
    selectKeys(keys);
    verticalScrollBar()->setValue(state.value(u"scroll"_s).toInt());
}

void KeyedList::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copySelection();
    else
        QTreeWidget::keyPressEvent(event);
}

void KeyedList::showColumnMenu(const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = 0; column < columnCount(); ++column) {
        QAction* action = menu->addAction(headerItem()->text(column));
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(column != 0); // the name stays
        connect(action, &QAction::toggled, this, [this, column](bool on) { setColumnHidden(column, !on); });
    }
    menu->popup(header()->viewport()->mapToGlobal(at));
}

} // namespace postern::connectors

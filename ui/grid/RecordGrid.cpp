#include "ui/grid/RecordGrid.h"

#include <QScrollBar>
#include <QSettings>

#include "ui/grid/GridView.h"

namespace postern::grid {

using namespace Qt::StringLiterals;

namespace {

bool isEmpty(const QVariant& value)
{
    return !value.isValid() || (value.typeId() == QMetaType::QString && value.toString().isEmpty());
}

int compare(const QVariant& left, const QVariant& right)
{
    if (left.typeId() == QMetaType::QString)
        return QString::localeAwareCompare(left.toString(), right.toString());
    const auto order = QVariant::compare(left, right);
    return order == QPartialOrdering::Less ? -1 : order == QPartialOrdering::Greater ? 1 : 0;
}

} // namespace

bool sortsBefore(const QVariant& left, const QVariant& right, Qt::SortOrder order)
{
    if (isEmpty(left) || isEmpty(right))
        return !isEmpty(left) && isEmpty(right);
    const int result = compare(left, right);
    return order == Qt::AscendingOrder ? result < 0 : result > 0;
}

QVariantMap saveGrid(const GridView& view)
{
    QVariantList keys;
    for (const qint64 key : view.selectedKeys())
        keys.append(key);
    return {{u"selected"_s, keys}, {u"current"_s, view.currentKey()},
        {u"scroll"_s, view.verticalScrollBar()->value()}, {u"columns"_s, view.saveColumns()}};
}

void restoreGrid(GridView& view, const QVariantMap& state)
{
    if (state.isEmpty())
        return;
    view.restoreColumns(state.value(u"columns"_s).toMap());
    std::vector<qint64> keys;
    for (const QVariant& key : state.value(u"selected"_s).toList())
        keys.push_back(key.toLongLong());
    view.selectKeys(keys, state.value(u"current"_s).toLongLong());
    view.verticalScrollBar()->setValue(state.value(u"scroll"_s).toInt());
}

void saveGridSettings(const GridView& view, QSettings& settings)
{
    const QVariantMap columns = view.saveColumns();
    settings.beginGroup(u"grid"_s);
    settings.remove(QString());
    for (auto entry = columns.begin(); entry != columns.end(); ++entry)
        settings.setValue(entry.key(), entry.value());
    settings.endGroup();
}

void restoreGridSettings(GridView& view, QSettings& settings)
{
    QVariantMap columns;
    settings.beginGroup(u"grid"_s);
    for (const QString& key : settings.childKeys())
        columns.insert(key, settings.value(key));
    settings.endGroup();
    if (!columns.isEmpty())
        view.restoreColumns(columns);
}

} // namespace postern::grid

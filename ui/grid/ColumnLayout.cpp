#include "ui/grid/ColumnLayout.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QStringList>

#include "models/items/Roles.h"

using namespace Qt::StringLiterals;

namespace postern::grid {

namespace {

constexpr int version = 1;
constexpr int narrowest = 24;
constexpr int widest = 4000;

QVariant header(const QAbstractItemModel& model, int column, int role)
{
    return model.headerData(column, Qt::Horizontal, role);
}

QString keyOf(const QAbstractItemModel& model, int column)
{
    return header(model, column, items::ColumnKeyRole).toString();
}

QHash<QString, int> columnsByKey(const QAbstractItemModel& model)
{
    QHash<QString, int> columns;
    for (int i = 0; i < model.columnCount(); ++i)
        columns.insert(keyOf(model, i), i);
    return columns;
}

std::optional<GridSort> sortFrom(const QString& text, const QHash<QString, int>& columns)
{
    const auto column = columns.constFind(text.section(u':', 0, 0));
    if (column == columns.constEnd())
        return std::nullopt;
    const bool descending = text.section(u':', 1, 1) == "descending"_L1;
    return GridSort{*column, descending ? Qt::DescendingOrder : Qt::AscendingOrder};
}

} // namespace

ColumnLayout ColumnLayout::defaults(const QAbstractItemModel& model, int characterWidth)
{
    constexpr int padding = 20; // cell margins, and the sort arrow of a header
    ColumnLayout layout;
    for (int i = 0; i < model.columnCount(); ++i) {
        const int characters = std::max(6, header(model, i, items::WidthHintRole).toInt());
        const QVariant visible = header(model, i, items::VisibleByDefaultRole);
        layout.columns.push_back(
            {i, characters * characterWidth + padding, !visible.isValid() || visible.toBool()});
    }
    return layout;
}

ColumnLayout ColumnLayout::fromSettings(
    const QVariantMap& settings, const QAbstractItemModel& model, int characterWidth)
{
    const ColumnLayout normal = defaults(model, characterWidth);
    if (settings.value(u"version"_s).toInt() != version)
        return normal;
    const QHash<QString, int> columns = columnsByKey(model);
    ColumnLayout layout;
    std::vector<bool> named(normal.columns.size());
    bool anyVisible = false;
    for (const QString& entry : settings.value(u"columns"_s).toStringList()) {
        const auto column = columns.constFind(entry.section(u':', 0, 0));
        bool ok = false;
        const int width = entry.section(u':', 1, 1).toInt(&ok);
        if (column == columns.constEnd() || named[std::size_t(*column)] || !ok || width < narrowest
            || width > widest)
            continue;
        const bool visible = entry.section(u':', 2, 2) == "shown"_L1;
        anyVisible = anyVisible || visible;
        named[std::size_t(*column)] = true;
        layout.columns.push_back({*column, width, visible});
    }
    if (!anyVisible)
        return normal;
    for (const ColumnState& state : normal.columns) {
        if (!named[std::size_t(state.column)])
            layout.columns.push_back(
                {state.column, state.width, false}); // new since: there to be added, not in the way
    }
    layout.sort = sortFrom(settings.value(u"sort"_s).toString(), columns);
    if (const auto group = columns.constFind(settings.value(u"group"_s).toString());
        group != columns.constEnd())
        layout.groupBy = *group;
    return layout;
}

QVariantMap ColumnLayout::toSettings(const QAbstractItemModel& model) const
{
    QStringList list;
    for (const ColumnState& state : columns) {
        list.append(u"%1:%2:%3"_s.arg(keyOf(model, state.column))
                        .arg(state.width)
                        .arg(state.visible ? u"shown"_s : u"hidden"_s));
    }
    QVariantMap settings{{u"version"_s, version}, {u"columns"_s, list}};
    if (sort) {
        settings.insert(u"sort"_s,
            u"%1:%2"_s.arg(keyOf(model, sort->column),
                sort->order == Qt::DescendingOrder ? u"descending"_s : u"ascending"_s));
    }
    if (groupBy)
        settings.insert(u"group"_s, keyOf(model, *groupBy));
    return settings;
}

} // namespace postern::grid

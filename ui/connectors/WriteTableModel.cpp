#include "ui/connectors/WriteTableModel.h"

#include "models/items/VisibleText.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/WriteTexts.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/Toast.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;

int WriteTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString WriteTableModel::text(const WriteRecord& write, int column)
{
    switch (column) {
    case Planned:
        return timeText(write.plannedAt);
    case State:
        return writeStateText(write.state);
    case What:
        return writeKindText(write.write);
    case Target:
        return items::visibleText(targetOf(write.write));
    case Origin:
        return writeOriginText(write.origin);
    case Command:
        return items::visibleText(write.commandText);
    case Problem:
        return items::visibleText(write.problem);
    default:
        return {};
    }
}

QVariant WriteTableModel::cell(const WriteRecord& write, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(write, column);
    case Qt::AccessibleTextRole: {
        const QString shown = text(write, column);
        return shown.isEmpty() ? tr("Empty", "said of a cell") : shown;
    }
    case Qt::ToolTipRole:
        return column == Command || column == Problem ? QVariant(text(write, column)) : QVariant();
    case Qt::DecorationRole: {
        const widgets::Tone tone = writeTone(write.state);
        if (column != State || tone == widgets::Tone::Neutral)
            return {};
        return widgets::icon(
            tone == widgets::Tone::Accent ? u"waiting"_s : widgets::toneIconName(tone), tone);
    }
    case items::SortRole:
        return column == Planned ? QVariant(write.plannedAt)
            : column == State    ? QVariant(int(write.state))
                                 : QVariant(text(write, column));
    default:
        return {};
    }
}

QVariant WriteTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr QStringView keys[]
        = {u"planned", u"state", u"what", u"target", u"origin", u"command", u"problem"};
    static constexpr int widths[] = {18, 22, 22, 30, 24, 60, 30};
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    switch (role) {
    case Qt::DisplayRole: {
        const QString titles[] = {tr("Planned"), tr("State"), tr("What"), tr("Target"), tr("Wanted By"),
            tr("Command"), tr("Problem")};
        return titles[section];
    }
    case items::ColumnKeyRole:
        return keys[section].toString();
    case items::VisibleByDefaultRole:
        return true;
    case items::WidthHintRole:
        return widths[section];
    default:
        return {};
    }
}

} // namespace postern::connectors

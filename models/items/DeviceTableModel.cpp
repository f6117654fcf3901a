#include "models/items/DeviceTableModel.h"

#include <QDateTime>

#include "models/items/DeviceColumnText.h"
#include "models/items/VisibleText.h"

namespace postern::items {

using frame::ColumnKind;
using frame::DeviceColumn;
using frame::RowIndex;

namespace {

ColumnKind kindOf(DeviceColumn column)
{
    return frame::deviceColumnInfo(column).kind;
}

QVariant codeKind(DeviceColumn column)
{
    switch (column) {
    case DeviceColumn::AccessState:
        return int(CodeKind::AccessState);
    case DeviceColumn::AccessStateReason:
        return int(CodeKind::AccessStateReason);
    case DeviceColumn::ClientType:
        return int(CodeKind::ClientType);
    case DeviceColumn::WipeStatus:
        return int(CodeKind::WipeStatus);
    case DeviceColumn::ComplianceState:
        return int(CodeKind::ComplianceState);
    case DeviceColumn::JailBroken:
        return int(CodeKind::JailBroken);
    case DeviceColumn::MatchKind:
        return int(CodeKind::MatchKind);
    default:
        return {};
    }
}

} // namespace

DeviceTableModel::DeviceTableModel(QObject* parent)
    : IndexedTableModel(parent)
    , m_now([] { return QDateTime::currentMSecsSinceEpoch(); })
{
}

DeviceView DeviceTableModel::view() const
{
    return {m_frame, rows(), m_matching, m_groupBy, m_groups};
}

DeviceKey DeviceTableModel::idAt(int row) const
{
    if (row < 0 || row >= int(rows().size()) || rows()[std::size_t(row)] >= groupBit)
        return {};
    return m_frame->id(rows()[std::size_t(row)]);
}

int DeviceTableModel::rowOf(DeviceKey id) const
{
    const auto row = m_frame->rowOf(id);
    if (!row)
        return -1;
    const auto at = std::ranges::find(rows(), *row); // a million rows take half a millisecond
    return at == rows().end() ? -1 : int(at - rows().begin());
}

void DeviceTableModel::install(DeviceViewChange next)
{
    m_matching = next.view.matching;
    change(next.rows, std::move(next.view.rows), [this, &next] {
        m_frame = std::move(next.view.frame);
        m_groupBy = next.view.groupBy;
        m_groups = std::move(next.view.groups);
    });
}

bool DeviceTableModel::canGroupBy(int column) const
{
    // A group a row helps nobody.
    switch (DeviceColumn(column)) {
    case DeviceColumn::EasDeviceId:
    case DeviceColumn::DeviceIdentity:
    case DeviceColumn::IntuneDeviceId:
    case DeviceColumn::EntraDeviceId:
    case DeviceColumn::Imei:
    case DeviceColumn::SerialNumber:
        return false;
    default:
        return column >= 0 && column < frame::deviceColumnCount;
    }
}

const DeviceGroup* DeviceTableModel::groupAt(int row) const
{
    return isGroupRow(row) ? &m_groups[rows()[std::size_t(row)] & ~groupBit] : nullptr;
}

std::optional<IndexedTableModel::GroupHead> DeviceTableModel::groupHead(int row) const
{
    const DeviceGroup* group = groupAt(row);
    if (!group)
        return std::nullopt;
    QString cell = kindOf(*m_groupBy) == ColumnKind::Time ? ageTitle(*m_groupBy, group->age)
                                                          : displayText(group->sample, *m_groupBy);
    if (cell.isEmpty())
        //: group of devices whose cell is empty
        cell = tr("Empty");
    //: head of a group: %1 a column, %2 what it says in all rows of the group
    return GroupHead{tr("%1: %2").arg(columnTitle(*m_groupBy), cell), group->count, group->collapsed};
}

void DeviceTableModel::setFreshness(const FreshnessLimits& limits, std::function<qint64()> now)
{
    m_freshness = limits;
    m_now = std::move(now);
}

Freshness DeviceTableModel::freshness(RowIndex row, DeviceColumn column) const
{
    return freshnessOf(column, m_frame->number(row, column), m_now(), m_freshness);
}

int DeviceTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : frame::deviceColumnCount;
}

QVariant DeviceTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RowIndex row = rows()[std::size_t(index.row())];
    if (row == ghost)
        return {};
    if (isGroup(row)) {
        // One title over all columns; the view paints it.
        const GroupHead head = *groupHead(index.row());
        if (role == Qt::AccessibleTextRole)
            return tr("Group %1, %n device(s)", nullptr, head.count).arg(head.title);
        return {};
    }
    return cell(row, DeviceColumn(index.column()), role);
}

QVariant DeviceTableModel::toolTip(RowIndex row, DeviceColumn column) const
{
    if (kindOf(column) != ColumnKind::Time || m_frame->number(row, column) == frame::noValue)
        return {};
    const QString utc = tr("%1 UTC").arg(QDateTime::fromMSecsSinceEpoch(m_frame->number(row, column), Qt::UTC)
                                             .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")));
    //: %1 a time, %2 "Out of date"
    return isDataAge(column) ? tr("%1, %2").arg(utc, freshnessTitle(freshness(row, column))) : utc;
}

QVariant DeviceTableModel::cell(RowIndex row, DeviceColumn column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return displayText(row, column);
    case Qt::AccessibleTextRole: {
        const QString text = displayText(row, column);
        return text.isEmpty() ? tr("Empty", "said of a cell") : text;
    }
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::TextAlignmentRole:
        if (kindOf(column) == ColumnKind::Number)
            return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        return {};
    case SortRole:
        return sortValue(row, column);
    case CodeRole:
    case CodeKindRole:
        return codeValue(row, column, role);
    case KeyRole:
        return m_frame->id(row).value;
    default:
        return {};
    }
}

QVariant DeviceTableModel::codeValue(RowIndex row, DeviceColumn column, int role) const
{
    if (isDataAge(column)) {
        const bool isKnown = m_frame->number(row, column) != frame::noValue;
        if (role == CodeKindRole)
            return int(CodeKind::Freshness);
        return isKnown ? QVariant(int(freshness(row, column))) : QVariant();
    }
    if (kindOf(column) != ColumnKind::Code)
        return {};
    if (role == CodeKindRole)
        return codeKind(column);
    const qint64 code = m_frame->number(row, column);
    return code == frame::noValue ? QVariant() : QVariant(int(code));
}

QVariant DeviceTableModel::sortValue(RowIndex row, DeviceColumn column) const
{
    if (kindOf(column) == ColumnKind::Text)
        return m_frame->text(row, column);
    const qint64 value = m_frame->number(row, column);
    return value == frame::noValue ? QVariant() : QVariant(value);
}

QString DeviceTableModel::displayText(RowIndex row, DeviceColumn column) const
{
    if (kindOf(column) == ColumnKind::Text)
        return visibleText(m_frame->text(row, column));
    const qint64 value = m_frame->number(row, column);
    if (value == frame::noValue)
        return {};
    switch (kindOf(column)) {
    case ColumnKind::Time: {
        const Freshness state = isDataAge(column) ? freshness(row, column) : Freshness::Fresh;
        if (state == Freshness::Fresh)
            return timeText(value);
        //: %1 a time, %2 "Out of date"
        return tr("%1 (%2)", "age of data").arg(timeText(value), freshnessTitle(state));
    }
    case ColumnKind::Code:
        return codeTitle(column, value);
    case ColumnKind::Flag:
        //: said of a property of a device
        return value != 0 ? tr("Yes") : tr("No");
    case ColumnKind::Number:
    case ColumnKind::Text:
        break;
    }
    return m_locale.toString(value);
}

QString DeviceTableModel::timeText(qint64 msecs) const
{
    constexpr qsizetype most = 20'000; // a few screens; beyond that memory would be better spent
    const auto known = m_timeTexts.constFind(msecs);
    if (known != m_timeTexts.constEnd())
        return *known;
    if (m_timeTexts.size() >= most)
        m_timeTexts.clear();
    const QString text = m_locale.toString(QDateTime::fromMSecsSinceEpoch(msecs), QLocale::ShortFormat);
    m_timeTexts.insert(msecs, text);
    return text;
}

QVariant DeviceTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= frame::deviceColumnCount)
        return {};
    const auto column = DeviceColumn(section);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: // a narrow column still says its name
        return columnTitle(column);
    case ColumnKeyRole:
        return frame::deviceColumnInfo(column).key.toString();
    case VisibleByDefaultRole:
        return frame::deviceColumnInfo(column).visibleByDefault;
    case WidthHintRole:
        return widthHint(column);
    case Qt::TextAlignmentRole: // as the numbers below
        return kindOf(column) == ColumnKind::Number
            ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    default:
        return {};
    }
}

} // namespace postern::items

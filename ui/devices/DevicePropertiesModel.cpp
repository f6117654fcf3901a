#include "ui/devices/DevicePropertiesModel.h"

#include "models/frame/CellText.h"
#include "models/items/DeviceColumnText.h"
#include "models/items/VisibleText.h"

namespace postern::devices {

void DevicePropertiesModel::setDevice(const frame::DeviceFrame& frame, std::optional<frame::RowIndex> row)
{
    for (int i = 0; i < frame::deviceColumnCount; ++i) {
        const QString value
            = row ? items::visibleText(frame::cellText(frame, *row, frame::DeviceColumn(i))) : QString();
        if (m_values[std::size_t(i)] == value)
            continue;
        m_values[std::size_t(i)] = value;
        emit dataChanged(index(i, Value), index(i, Value));
    }
}

int DevicePropertiesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : frame::deviceColumnCount;
}

int DevicePropertiesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DevicePropertiesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    const auto column = frame::DeviceColumn(index.row());
    switch (index.column()) {
    case Property:
        return items::columnTitle(column);
    case Value: {
        const QString& value = m_values[std::size_t(index.row())];
        return value.isEmpty() && role == Qt::AccessibleTextRole ? tr("Empty", "said of a cell") : value;
    }
    case Key:
        return frame::deviceColumnInfo(column).key.toString();
    default:
        return {};
    }
}

QVariant DevicePropertiesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Property:
        return tr("Property");
    case Value:
        return tr("Value");
    case Key:
        return tr("Name in Searches and Exports");
    default:
        return {};
    }
}

} // namespace postern::devices

// Every column of one device as lines "property, value": the Raw properties tab (SHL-45). Values are the
// invariant text that the command line prints, so that what one sees here can be searched for there. GUI
// thread.
#pragma once

#include <QAbstractTableModel>

#include "models/frame/DeviceFrame.h"

namespace postern::devices {

class DevicePropertiesModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Property, Value, Key, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setDevice(const frame::DeviceFrame& frame, std::optional<frame::RowIndex> row);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::array<QString, frame::deviceColumnCount> m_values;
};

} // namespace postern::devices

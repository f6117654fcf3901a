// The partnerships beneath a device (SYN-14), each with the state that Exchange gives it (OBJ-23). GUI
// thread.
#pragma once

#include "models/domain/DeviceMatch.h"
#include "models/items/RecordTableModel.h"

namespace postern::items {

class PartnershipModel : public RecordTableModel<DevicePartnership>
{
    Q_OBJECT
public:
    enum Column {
        Mailbox,
        AccessStateColumn,
        Reason,
        Client,
        DeviceType,
        EasId,
        LastSuccessSync,
        WipeStatusColumn,
        PolicyStatus,
        Match,
        ConnectorName,
        ColumnCount
    };

    using RecordTableModel::RecordTableModel;
    void setPartnerships(std::vector<DevicePartnership> partnerships) { setRecords(std::move(partnerships)); }
    [[nodiscard]] const DevicePartnership* partnershipAt(int row) const { return recordAt(row); }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    [[nodiscard]] QVariant cell(const DevicePartnership& partnership, int column, int role) const override;

private:
    [[nodiscard]] static QString text(const DevicePartnership& partnership, int column);
};

} // namespace postern::items

// The Exchange Server connectors of a site as a table. GUI thread.
#pragma once

#include "models/domain/Connector.h"
#include "models/items/RecordTableModel.h"

namespace postern::items {

class ConnectorTableModel : public RecordTableModel<Connector>
{
    Q_OBJECT
public:
    enum Column {
        Name,
        ServerAddress,
        Organization,
        State,
        StateDetail,
        Devices,
        Mailboxes,
        LastFullSync,
        LastFullResult,
        LastDeltaSync,
        User,
        ExchangeVersion,
        SiteCode,
        ColumnCount
    };

    using RecordTableModel::RecordTableModel;
    void setConnectors(const std::vector<Connector>& connectors) { setRecords(connectors); }
    [[nodiscard]] const Connector* connectorAt(int row) const { return recordAt(row); }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] static QString stateTitle(ConnectorState state);

protected:
    [[nodiscard]] QVariant cell(const Connector& connector, int column, int role) const override;

private:
    [[nodiscard]] static QVariant raw(const Connector& connector, int column);
    [[nodiscard]] static QString text(const Connector& connector, int column);
};

} // namespace postern::items

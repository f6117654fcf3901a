// The Microsoft Entra tenants of a site as a table. GUI thread.
#pragma once

#include "models/domain/Tenant.h"
#include "models/items/RecordTableModel.h"

namespace postern::items {

class TenantTableModel : public RecordTableModel<Tenant>
{
    Q_OBJECT
public:
    enum Column {
        Name,
        Organization,
        State,
        StateDetail,
        Account,
        Devices,
        Matched,
        Suggestions,
        Users,
        LastSync,
        LastResult,
        LastPoll,
        TenantIdColumn,
        ColumnCount
    };

    using RecordTableModel::RecordTableModel;
    void setTenants(std::vector<Tenant> tenants) { setRecords(std::move(tenants)); }
    [[nodiscard]] const Tenant* tenantAt(int row) const { return recordAt(row); }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] static QString stateTitle(TenantState state);

protected:
    [[nodiscard]] QVariant cell(const Tenant& tenant, int column, int role) const override;

private:
    [[nodiscard]] static QVariant raw(const Tenant& tenant, int column);
    [[nodiscard]] static QString text(const Tenant& tenant, int column);
};

} // namespace postern::items

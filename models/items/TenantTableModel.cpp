#include "models/items/TenantTableModel.h"

#include <QLocale>

#include "models/items/VisibleText.h"

namespace postern::items {

namespace {

bool isCount(int column)
{
    return column >= TenantTableModel::Devices && column <= TenantTableModel::Users;
}

bool isTime(int column)
{
    return column == TenantTableModel::LastSync || column == TenantTableModel::LastPoll;
}

QVariant alignment(int column)
{
    return isCount(column) ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
                           : QVariant();
}

} // namespace

int TenantTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString TenantTableModel::stateTitle(TenantState state)
{
    switch (state) {
    case TenantState::New:
        //: state of a tenant that was saved and not tried yet
        return tr("New");
    case TenantState::Connected:
        return tr("Connected");
    case TenantState::Synchronizing:
        return tr("Synchronizing");
    case TenantState::SignInRequired:
        return tr("Sign-in required");
    case TenantState::ConsentRequired:
        return tr("Permission missing");
    case TenantState::Degraded:
        return tr("Degraded");
    case TenantState::Disconnected:
        return tr("Disconnected");
    case TenantState::Disabled:
        return tr("Disabled");
    case TenantState::Removing:
        return tr("Removing");
    }
    return {};
}

QVariant TenantTableModel::raw(const Tenant& tenant, int column)
{
    const auto time
        = [](const std::optional<QDateTime>& value) { return value ? QVariant(*value) : QVariant(); };
    switch (column) {
    case Name:
        return tenant.name;
    case Organization:
        return tenant.organizationName;
    case State:
        return stateTitle(tenant.state);
    case StateDetail:
        return tenant.stateDetail;
    case Account:
        return tenant.account;
    case Devices:
        return tenant.deviceCount;
    case Matched:
        return tenant.matchedCount;
    case Suggestions:
        return tenant.suggestionCount;
    case Users:
        return tenant.userCount;
    case LastSync:
        return time(tenant.lastSyncEnd);
    case LastResult:
        return tenant.lastSyncResult;
    case LastPoll:
        return time(tenant.lastPoll);
    case TenantIdColumn:
        return tenant.tenantId;
    default:
        return {};
    }
}

QString TenantTableModel::text(const Tenant& tenant, int column)
{
    const QVariant value = raw(tenant, column);
    if (isTime(column))
        return value.isValid() ? QLocale().toString(value.toDateTime().toLocalTime(), QLocale::ShortFormat)
                               : tr("Never");
    return isCount(column) ? QLocale().toString(value.toInt()) : visibleText(value.toString());
}

QVariant TenantTableModel::cell(const Tenant& tenant, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(tenant, column);
    case Qt::AccessibleTextRole: {
        const QString shown = text(tenant, column);
        return shown.isEmpty() ? tr("Empty", "said of a cell") : shown;
    }
    case Qt::ToolTipRole:
        return column == State && !tenant.stateDetail.isEmpty() ? visibleText(tenant.stateDetail)
                                                                : QVariant();
    case Qt::TextAlignmentRole:
        return alignment(column);
    case SortRole:
        return raw(tenant, column);
    case CodeRole:
        return column == State ? QVariant(int(tenant.state)) : QVariant();
    case CodeKindRole:
        return column == State ? QVariant(int(CodeKind::TenantState)) : QVariant();
    default:
        return {};
    }
}

QVariant TenantTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr QStringView keys[]
        = {u"name", u"organization", u"state", u"stateDetail", u"account", u"devices", u"matched",
            u"suggestions", u"users", u"lastSync", u"lastResult", u"lastPoll", u"tenantId"};
    static constexpr int widths[] = {24, 22, 18, 40, 26, 9, 12, 12, 9, 20, 30, 20, 38};
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[] = {tr("Name"), tr("Organization"), tr("State"), tr("State Detail"),
        tr("Signed In As"), tr("Devices"), tr("Matched"), tr("Suggestions"), tr("Users"),
        tr("Last Synchronization"), tr("Last Result"), tr("Last Look for Changes"), tr("Tenant ID")};
    switch (role) {
    case Qt::DisplayRole:
        return titles[section];
    case ColumnKeyRole:
        return keys[section].toString();
    case VisibleByDefaultRole:
        return section != StateDetail && section != LastResult && section != TenantIdColumn;
    case WidthHintRole:
        return widths[section];
    case Qt::TextAlignmentRole:
        return alignment(section);
    default:
        return {};
    }
}

} // namespace postern::items

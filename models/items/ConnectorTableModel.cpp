#include "models/items/ConnectorTableModel.h"

#include <QLocale>

#include "models/items/VisibleText.h"

namespace postern::items {

int ConnectorTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ConnectorTableModel::stateTitle(ConnectorState state)
{
    switch (state) {
    case ConnectorState::Installing:
        return tr("Installing");
    case ConnectorState::InstallRetrying:
        return tr("Retrying installation");
    case ConnectorState::Connected:
        return tr("Connected");
    case ConnectorState::Synchronizing:
        return tr("Synchronizing");
    case ConnectorState::Degraded:
        return tr("Degraded");
    case ConnectorState::Disconnected:
        return tr("Disconnected");
    case ConnectorState::Disabled:
        return tr("Disabled");
    case ConnectorState::Removing:
        return tr("Removing");
    }
    return {};
}

QVariant ConnectorTableModel::raw(const Connector& connector, int column)
{
    const auto time
        = [](const std::optional<QDateTime>& value) { return value ? QVariant(*value) : QVariant(); };
    switch (column) {
    case Name:
        return connector.name;
    case ServerAddress:
        return connector.serverAddress;
    case Organization:
        return connector.organizationName;
    case State:
        return stateTitle(connector.state);
    case StateDetail:
        return connector.stateDetail;
    case Devices:
        return connector.deviceCount;
    case Mailboxes:
        return connector.mailboxCount;
    case LastFullSync:
        return time(connector.lastFullEnd);
    case LastFullResult:
        return connector.lastFullResult;
    case LastDeltaSync:
        return time(connector.lastDeltaEnd);
    case User:
        return connector.user;
    case ExchangeVersion:
        return connector.exchangeVersion;
    case SiteCode:
        return connector.siteCode;
    default:
        return {};
    }
}

QString ConnectorTableModel::text(const Connector& connector, int column)
{
    const QVariant value = raw(connector, column);
    if (value.typeId() == QMetaType::QDateTime)
        return QLocale().toString(value.toDateTime().toLocalTime(), QLocale::ShortFormat);
    if (value.typeId() == QMetaType::Int)
        return QLocale().toString(value.toInt());
    if (!value.isValid() && (column == LastFullSync || column == LastDeltaSync))
        return tr("Never");
    return visibleText(value.toString());
}

QVariant ConnectorTableModel::cell(const Connector& connector, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(connector, column);
    case Qt::AccessibleTextRole: {
        const QString shown = text(connector, column);
        return shown.isEmpty() ? tr("Empty", "said of a cell") : shown;
    }
    case Qt::ToolTipRole:
        return column == State && !connector.stateDetail.isEmpty() ? visibleText(connector.stateDetail)
                                                                   : QVariant();
    case Qt::TextAlignmentRole:
        if (column == Devices || column == Mailboxes)
            return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        return {};
    case SortRole:
        return raw(connector, column);
    case CodeRole:
        return column == State ? QVariant(int(connector.state)) : QVariant();
    case CodeKindRole:
        return column == State ? QVariant(int(CodeKind::ConnectorState)) : QVariant();
    default:
        return {};
    }
}

QVariant ConnectorTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr QStringView keys[]
        = {u"name", u"serverAddress", u"organization", u"state", u"stateDetail", u"devices", u"mailboxes",
            u"lastFullSync", u"lastFullResult", u"lastDeltaSync", u"user", u"exchangeVersion", u"siteCode"};
    static constexpr int widths[] = {26, 40, 20, 16, 40, 9, 11, 20, 30, 20, 20, 18, 10};
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[]
        = {tr("Name"), tr("Server Address"), tr("Exchange Organization"), tr("State"), tr("State Detail"),
            tr("Devices"), tr("Mailboxes"), tr("Last Full Synchronization"), tr("Last Full Result"),
            tr("Last Delta Synchronization"), tr("User"), tr("Exchange Version"), tr("Site Code")};
    switch (role) {
    case Qt::DisplayRole:
        return titles[section];
    case ColumnKeyRole:
        return keys[section].toString();
    case VisibleByDefaultRole:
        return section != StateDetail && section != LastFullResult && section < User;
    case WidthHintRole:
        return widths[section];
    case Qt::TextAlignmentRole: // as the numbers below
        return section == Devices || section == Mailboxes
            ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    default:
        return {};
    }
}

} // namespace postern::items

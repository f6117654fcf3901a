#include "models/items/PartnershipModel.h"

#include <QLocale>

#include "models/items/DeviceColumnText.h"
#include "models/items/VisibleText.h"

using namespace Qt::StringLiterals;

namespace postern::items {

namespace {

using C = frame::DeviceColumn;

QString who(const DevicePartnership& partnership)
{
    if (partnership.mailboxAddress.isEmpty())
        return visibleText(partnership.mailboxName);
    return u"%1 <%2>"_s.arg(visibleText(partnership.mailboxName), visibleText(partnership.mailboxAddress));
}

} // namespace

int PartnershipModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString PartnershipModel::text(const DevicePartnership& partnership, int column)
{
    switch (column) {
    case Mailbox:
        return who(partnership);
    case AccessStateColumn:
        return codeTitle(C::AccessState, qint64(partnership.accessState));
    case Reason:
        return codeTitle(C::AccessStateReason, qint64(partnership.accessStateReason));
    case Client:
        return codeTitle(C::ClientType, qint64(partnership.clientType));
    case DeviceType:
        return visibleText(partnership.deviceType);
    case EasId:
        return visibleText(partnership.easDeviceId.raw());
    case LastSuccessSync:
        return partnership.lastSuccessSync
            ? QLocale().toString(partnership.lastSuccessSync->toLocalTime(), QLocale::ShortFormat)
            : tr("Never");
    case WipeStatusColumn:
        return codeTitle(C::WipeStatus, qint64(partnership.wipeStatus));
    case PolicyStatus:
        return visibleText(partnership.policyApplicationStatus);
    case Match:
        return partnership.probablyReset ? tr("Probably left by a reset")
                                         : codeTitle(C::MatchKind, qint64(partnership.match));
    case ConnectorName:
        return visibleText(partnership.connectorName);
    default:
        return {};
    }
}

QVariant PartnershipModel::cell(const DevicePartnership& partnership, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(partnership, column);
    case Qt::AccessibleTextRole: {
        const QString shown = text(partnership, column);
        return shown.isEmpty() ? tr("Empty", "said of a cell") : shown;
    }
    case Qt::ToolTipRole:
        if (column != LastSuccessSync || !partnership.lastSuccessSync)
            return {};
        return tr("%1 UTC").arg(partnership.lastSuccessSync->toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s));
    case SortRole:
        if (column == LastSuccessSync)
            return partnership.lastSuccessSync ? QVariant(*partnership.lastSuccessSync) : QVariant();
        return text(partnership, column);
    case CodeRole:
        if (column == WipeStatusColumn)
            return int(partnership.wipeStatus);
        return column == AccessStateColumn ? QVariant(int(partnership.accessState)) : QVariant();
    case CodeKindRole:
        if (column == WipeStatusColumn)
            return int(CodeKind::WipeStatus);
        return column == AccessStateColumn ? QVariant(int(CodeKind::AccessState)) : QVariant();
    default:
        return {};
    }
}

QVariant PartnershipModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr QStringView keys[] = {u"mailbox", u"accessState", u"reason", u"client", u"deviceType",
        u"easDeviceId", u"lastSuccessSync", u"wipeStatus", u"policyStatus", u"match", u"connector"};
    static constexpr int widths[] = {38, 16, 22, 20, 14, 34, 20, 14, 18, 24, 20};
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[] = {tr("Mailbox"), tr("Exchange Access State"), tr("Reason"), tr("Client"),
        tr("Device Type"), tr("Exchange ActiveSync Device ID"), tr("Last Success Sync Time"),
        tr("Wipe Status"), tr("Policy Application Status"), tr("Matched By"), tr("Connector")};
    switch (role) {
    case Qt::DisplayRole:
        return titles[section];
    case ColumnKeyRole:
        return keys[section].toString();
    case VisibleByDefaultRole:
        return section != PolicyStatus && section != ConnectorName;
    case WidthHintRole:
        return widths[section];
    default:
        return {};
    }
}

} // namespace postern::items

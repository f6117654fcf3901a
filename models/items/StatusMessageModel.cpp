#include "models/items/StatusMessageModel.h"

#include <QLocale>
#include <algorithm>

#include "models/items/VisibleText.h"

using namespace Qt::StringLiterals;

namespace postern::items {

namespace {

using M = StatusMessageModel;

QVariant sortValue(const StatusMessage& message, int column)
{
    switch (column) {
    case M::SeverityColumn:
        return int(message.severity);
    case M::Time:
        return message.time;
    case M::MessageNumber:
        return message.messageId;
    default:
        return M::cellText(message, column);
    }
}

int compare(const StatusMessage& left, const StatusMessage& right, int column)
{
    const auto order = [](const auto& a, const auto& b) { return a < b ? -1 : b < a ? 1 : 0; };
    switch (column) {
    case M::SeverityColumn:
        return order(int(left.severity), int(right.severity));
    case M::Type:
        return order(int(messageType(left.messageId)), int(messageType(right.messageId)));
    case M::Time:
        return order(left.time, right.time);
    case M::MessageNumber:
        return order(left.messageId, right.messageId);
    case M::SiteCode:
        return left.siteCode.compare(right.siteCode, Qt::CaseInsensitive);
    case M::System:
        return left.machine.compare(right.machine, Qt::CaseInsensitive);
    case M::Component:
        return left.component.compare(right.component, Qt::CaseInsensitive);
    default:
        return left.text.compare(right.text, Qt::CaseInsensitive);
    }
}

} // namespace

MessageType messageType(int messageId)
{
    switch (messageId) {
    case 1014: // CON-60, 61: installation
    case 1015:
    case 1016:
    case 30001: // CON-62: a synchronization began, ended, failed
    case 30002:
    case 30003:
    case 30004:
    case 30008:
        return MessageType::Milestone;
    case 30011: // access was given or taken
    case 30012:
        return MessageType::Audit;
    default:
        return MessageType::Detail;
    }
}

int StatusMessageModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString StatusMessageModel::severityTitle(Severity severity)
{
    switch (severity) {
    case Severity::Information:
        return tr("Information");
    case Severity::Warning:
        return tr("Warning");
    case Severity::Error:
        return tr("Error");
    }
    return {};
}

QString StatusMessageModel::typeTitle(MessageType type)
{
    switch (type) {
    case MessageType::Milestone:
        //: kind of status message
        return tr("Milestone");
    case MessageType::Detail:
        //: kind of status message
        return tr("Detail");
    case MessageType::Audit:
        //: kind of status message
        return tr("Audit");
    }
    return {};
}

QString StatusMessageModel::utcText(const QDateTime& time)
{
    return tr("%1 UTC").arg(time.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s));
}

QString StatusMessageModel::cellText(const StatusMessage& message, int column)
{
    switch (column) {
    case SeverityColumn:
        return severityTitle(message.severity);
    case Type:
        return typeTitle(messageType(message.messageId));
    case SiteCode:
        return visibleText(message.siteCode);
    case Time:
        return QLocale().toString(message.time.toLocalTime(), QLocale::ShortFormat);
    case System:
        return visibleText(message.machine);
    case Component:
        return visibleText(message.component);
    case MessageNumber:
        return QString::number(message.messageId); // a name, not a quantity: no separators
    case Description:
        return visibleText(message.text);
    default:
        return {};
    }
}

QVariant StatusMessageModel::cell(const StatusMessage& message, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return cellText(message, column);
    case Qt::AccessibleTextRole: {
        const QString shown = cellText(message, column);
        return shown.isEmpty() ? tr("Empty", "said of a cell") : shown;
    }
    case Qt::ToolTipRole:
        return column == Time ? QVariant(utcText(message.time)) : QVariant();
    case Qt::TextAlignmentRole:
        return column == MessageNumber ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
                                       : QVariant();
    case SortRole:
        return sortValue(message, column);
    case CodeRole:
        return column == SeverityColumn ? QVariant(int(message.severity)) : QVariant();
    case CodeKindRole:
        return column == SeverityColumn ? QVariant(int(CodeKind::Severity)) : QVariant();
    default:
        return {};
    }
}

QVariant StatusMessageModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr QStringView keys[]
        = {u"severity", u"type", u"siteCode", u"time", u"system", u"component", u"messageId", u"description"};
    static constexpr int widths[] = {12, 9, 8, 18, 14, 24, 10, 90};
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[] = {tr("Severity"), tr("Type"), tr("Site Code"), tr("Date/Time"), tr("System"),
        tr("Component"), tr("Message ID"), tr("Description")};
    switch (role) {
    case Qt::DisplayRole:
        return titles[section];
    case ColumnKeyRole:
        return keys[section].toString();
    case VisibleByDefaultRole:
        return true;
    case WidthHintRole:
        return widths[section];
    case Qt::TextAlignmentRole:
        return section == MessageNumber
            ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    default:
        return {};
    }
}

bool matches(const StatusMessage& message, const MessageFilter& filter)
{
    if (filter.since.isValid() && message.time < filter.since)
        return false;
    if (filter.severity && message.severity != *filter.severity)
        return false;
    if (!filter.component.isEmpty() && message.component != filter.component)
        return false;
    if (filter.text.isEmpty())
        return true;
    for (int column = 0; column < M::ColumnCount; ++column) {
        if (M::cellText(message, column).contains(filter.text, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

std::vector<StatusMessage> sortedMessages(
    std::vector<StatusMessage> messages, int column, Qt::SortOrder order)
{
    std::ranges::sort(messages, [column, order](const StatusMessage& left, const StatusMessage& right) {
        const int result = compare(left, right, column);
        if (result != 0)
            return order == Qt::AscendingOrder ? result < 0 : result > 0;
        return left.id > right.id;
    });
    return messages;
}

} // namespace postern::items

#include "models/items/ComponentStatusModel.h"

#include <QLocale>
#include <algorithm>

#include "models/items/StatusMessageModel.h"
#include "models/items/VisibleText.h"

using namespace Qt::StringLiterals;

namespace postern::items {

ComponentState componentState(int warnings, int errors)
{
    if (errors >= 5 || warnings >= 50)
        return ComponentState::Critical;
    return errors >= 1 || warnings >= 10 ? ComponentState::Warning : ComponentState::Ok;
}

std::vector<ComponentStatus> componentStatus(
    const std::vector<StatusMessage>& messages, const QStringList& known)
{
    QHash<QString, int> placeOf;
    std::vector<ComponentStatus> all;
    const auto place = [&placeOf, &all](const QString& component) {
        const auto found = placeOf.constFind(component);
        if (found != placeOf.constEnd())
            return std::size_t(*found);
        placeOf.insert(component, int(all.size()));
        ComponentStatus status;
        status.id = {qint64(all.size()) + 1};
        status.component = component;
        all.push_back(status);
        return all.size() - 1;
    };
    for (const QString& component : known)
        place(component);
    for (const StatusMessage& message : messages) {
        ComponentStatus& status = all[place(message.component)];
        int& count = message.severity == Severity::Error ? status.errors
            : message.severity == Severity::Warning      ? status.warnings
                                                         : status.information;
        ++count;
        if (!status.last || status.last->time < message.time
            || (status.last->time == message.time && status.last->id < message.id))
            status.last = message;
    }
    for (ComponentStatus& status : all)
        status.state = componentState(status.warnings, status.errors);
    return all;
}

int ComponentStatusModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ComponentStatusModel::stateTitle(ComponentState state)
{
    switch (state) {
    case ComponentState::Ok:
        //: state of a component
        return tr("OK");
    case ComponentState::Warning:
        //: state of a component
        return tr("Warning");
    case ComponentState::Critical:
        //: state of a component
        return tr("Critical");
    }
    return {};
}

QString ComponentStatusModel::purpose(const QString& component)
{
    if (component == "SMS_EXCHANGE_CONNECTOR"_L1)
        return tr("Reads phones and their access state from Exchange, and writes allow and block");
    return {};
}

QString ComponentStatusModel::text(const ComponentStatus& status, int column)
{
    const QLocale locale;
    switch (column) {
    case State:
        return stateTitle(status.state);
    case Component:
        return visibleText(status.component);
    case Information:
        return locale.toString(status.information);
    case Warnings:
        return locale.toString(status.warnings);
    case Errors:
        return locale.toString(status.errors);
    case LastTime:
        return status.last ? StatusMessageModel::cellText(*status.last, StatusMessageModel::Time) : QString();
    case LastMessage:
        return status.last ? visibleText(status.last->text) : tr("No message in this period");
    default:
        return {};
    }
}

QVariant ComponentStatusModel::cell(const ComponentStatus& status, int column, int role) const
{
    const bool isCount = column >= Information && column <= Errors;
    switch (role) {
    case Qt::DisplayRole:
        return text(status, column);
    case Qt::AccessibleTextRole: {
        const QString shown = text(status, column);
        return shown.isEmpty() ? tr("Empty", "said of a cell") : shown;
    }
    case Qt::ToolTipRole:
        if (column == LastTime && status.last)
            return StatusMessageModel::utcText(status.last->time);
        return column == Component && !purpose(status.component).isEmpty() ? purpose(status.component)
                                                                           : QVariant();
    case Qt::TextAlignmentRole:
        return isCount ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case SortRole:
        if (column == State)
            return int(status.state);
        if (column == LastTime)
            return status.last ? QVariant(status.last->time) : QVariant();
        if (isCount) {
            return column == Information ? status.information
                : column == Warnings     ? status.warnings
                                         : status.errors;
        }
        return text(status, column);
    case CodeRole:
        return column == State ? QVariant(int(status.state)) : QVariant();
    case CodeKindRole:
        return column == State ? QVariant(int(CodeKind::ComponentState)) : QVariant();
    default:
        return {};
    }
}

QVariant ComponentStatusModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr QStringView keys[]
        = {u"state", u"component", u"information", u"warnings", u"errors", u"lastTime", u"lastMessage"};
    static constexpr int widths[] = {12, 28, 12, 10, 8, 20, 80};
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[] = {tr("Status"), tr("Component"), tr("Information"), tr("Warnings"), tr("Errors"),
        tr("Last Message At"), tr("Last Message")};
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
        return section >= Information && section <= Errors
            ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    default:
        return {};
    }
}

} // namespace postern::items

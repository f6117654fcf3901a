#include "ui/commands/DeviceCommands.h"

#include <QApplication>
#include <QMenu>

#include "services/site/SiteClient.h"
#include "ui/devices/RemoteActionDialog.h"

namespace postern::commands {

using namespace Qt::StringLiterals;
using Kind = RemoteAction::Kind;

namespace {

QString groupId()
{
    return QString::fromUtf16(RemoteActionsCommand::commandId);
}

CommandText textFor(Kind kind)
{
    const QString id = remoteActionId(kind);
    switch (kind) {
    case Kind::SyncDevice:
        return {id, RemoteActionCommand::tr("S&ync Device"),
            RemoteActionCommand::tr("Ask the selected devices to check in with Intune"), u"synchronize"_s,
            QKeySequence(), groupId()};
    case Kind::RemoteLock:
        return {id, RemoteActionCommand::tr("Remote &Lock"),
            RemoteActionCommand::tr("Lock the selected devices"), u"sign-in"_s, QKeySequence(), groupId()};
    case Kind::ResetPasscode:
        return {id, RemoteActionCommand::tr("Reset &Passcode"),
            RemoteActionCommand::tr("Remove or replace the passcode of the selected devices"), u"refresh"_s,
            QKeySequence(), groupId()};
    case Kind::Retire:
        return {id, RemoteActionCommand::tr("&Retire"),
            RemoteActionCommand::tr("Remove company data from the selected devices"), u"cancel"_s,
            QKeySequence(), groupId()};
    case Kind::Wipe:
        break;
    }
    return {id, RemoteActionCommand::tr("&Wipe"),
        RemoteActionCommand::tr("Erase the selected device completely"), u"delete"_s, QKeySequence(),
        groupId()};
}

} // namespace

const std::vector<Kind>& remoteActionKinds()
{
    static const std::vector<Kind> kinds{
        Kind::SyncDevice, Kind::RemoteLock, Kind::ResetPasscode, Kind::Retire, Kind::Wipe};
    return kinds;
}

QString remoteActionId(Kind kind)
{
    switch (kind) {
    case Kind::SyncDevice:
        return u"remote-sync"_s;
    case Kind::RemoteLock:
        return u"remote-lock"_s;
    case Kind::ResetPasscode:
        return u"remote-reset-passcode"_s;
    case Kind::Retire:
        return u"remote-retire"_s;
    case Kind::Wipe:
        return u"remote-wipe"_s;
    }
    return {};
}

RemoteActionsCommand::RemoteActionsCommand(CommandContext& context)
    : Command(context,
        {groupId(), tr("Remote Device &Actions"), tr("Sync, lock, reset the passcode, retire or wipe"),
            u"devices"_s},
        Restriction::NeedsDevices)
{
}

void RemoteActionsCommand::execute(const widgets::Selection&)
{
    auto* menu = new QMenu(context().window);
    menu->setObjectName(u"remoteActions"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const Kind kind : remoteActionKinds()) {
        for (QAction* action : context().window->actions()) {
            if (action->objectName() == remoteActionId(kind))
                menu->addAction(action);
        }
    }
    const QWidget* button = QApplication::focusWidget();
    menu->popup(button != nullptr ? button->mapToGlobal(QPoint(0, button->height())) : QCursor::pos());
}

RemoteActionCommand::RemoteActionCommand(CommandContext& context, Kind kind)
    : Command(context, textFor(kind), Restriction::NeedsDevices)
    , m_kind(kind)
{
}

void RemoteActionCommand::execute(const widgets::Selection& selection)
{
    if (m_dialog) {
        m_dialog->raise();
        return;
    }
    const auto frame = context().site.devices();
    std::vector<devices::ActionTarget> targets;
    for (const DeviceKey key : selection.devices) {
        if (auto target = devices::actionTarget(*frame, key))
            targets.push_back(*std::move(target));
    }
    if (targets.empty())
        return;
    m_dialog = new devices::RemoteActionDialog(context().site, m_kind, std::move(targets), context().window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog->open();
}

} // namespace postern::commands

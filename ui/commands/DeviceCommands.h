// Remote Device Actions (SHL-31): what Intune is asked to do with the selected devices. GUI thread.
#pragma once

#include <QPointer>

#include "models/domain/Intune.h"
#include "ui/commands/Command.h"

class QDialog;

namespace postern::commands {

// The button; its drop-down has the actions.
class RemoteActionsCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"remote-actions";
    explicit RemoteActionsCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

class RemoteActionCommand final : public Command
{
    Q_OBJECT
public:
    RemoteActionCommand(CommandContext& context, RemoteAction::Kind kind);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    RemoteAction::Kind m_kind;
    QPointer<QDialog> m_dialog;
};

// In the order of the menu, the harmless ones first.
[[nodiscard]] const std::vector<RemoteAction::Kind>& remoteActionKinds();
[[nodiscard]] QString remoteActionId(RemoteAction::Kind kind); // "remote-wipe"

} // namespace postern::commands

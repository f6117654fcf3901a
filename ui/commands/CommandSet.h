// All commands of a window, by id: what the node table, ribbon and menus name. Keeps them enabled rightly as
// the selection, jobs and connectors change. GUI thread.
#pragma once

#include <memory>
#include <vector>

#include "ui/commands/Command.h"

namespace postern::commands {

class CommandSet final : public QObject
{
    Q_OBJECT
public:
    explicit CommandSet(CommandContext& context, QObject* parent = nullptr);

    [[nodiscard]] Command* find(const QString& id) const; // null: no such command
    [[nodiscard]] const std::vector<std::unique_ptr<Command>>& all() const { return m_commands; }
    void setSelection(const widgets::Selection& selection);

private:
    void addMonitoring(CommandContext& context);
    void addCloud(CommandContext& context);
    void update();
    std::vector<std::unique_ptr<Command>> m_commands;
    widgets::Selection m_selection;
};

} // namespace postern::commands

#include "ui/commands/CommandSet.h"

#include "services/site/SiteClient.h"
#include "ui/commands/ConnectorCommands.h"
#include "ui/commands/GeneralCommands.h"

namespace postern::commands {

CommandSet::CommandSet(CommandContext& context, QObject* parent)
    : QObject(parent)
{
    m_commands.push_back(std::make_unique<AddConnectorCommand>(context));
    m_commands.push_back(std::make_unique<SynchronizeNowCommand>(context));
    m_commands.push_back(std::make_unique<SynchronizeDeltaCommand>(context));
    m_commands.push_back(std::make_unique<CheckConnectorCommand>(context));
    m_commands.push_back(std::make_unique<ShowPropertiesCommand>(context));
    m_commands.push_back(std::make_unique<DeleteConnectorCommand>(context));
    m_commands.push_back(std::make_unique<RefreshCommand>(context));
    m_commands.push_back(std::make_unique<CancelJobCommand>(context));
    connect(&context.site, &site::SiteClient::jobsChanged, this, &CommandSet::update);
    connect(&context.site, &site::SiteClient::connectorsChanged, this, &CommandSet::update);
    update();
}

Command* CommandSet::find(const QString& id) const
{
    for (const auto& command : m_commands) {
        if (command->id() == id)
            return command.get();
    }
    return nullptr;
}

void CommandSet::setSelection(const widgets::Selection& selection)
{
    m_selection = selection;
    update();
}

void CommandSet::update()
{
    for (const auto& command : m_commands)
        command->update(m_selection);
}

} // namespace postern::commands

#include "ui/commands/CommandSet.h"

#include "services/site/SiteClient.h"
#include "ui/commands/ConnectorCommands.h"
#include "ui/commands/DeviceCommands.h"
#include "ui/commands/GeneralCommands.h"
#include "ui/commands/MonitoringCommands.h"
#include "ui/commands/TenantCommands.h"

namespace postern::commands {

CommandSet::CommandSet(CommandContext& context, QObject* parent)
    : QObject(parent)
{
    m_commands.push_back(std::make_unique<AddConnectorCommand>(context));
    m_commands.push_back(std::make_unique<SynchronizeNowCommand>(context));
    m_commands.push_back(std::make_unique<SynchronizeDeltaCommand>(context));
    m_commands.push_back(std::make_unique<CheckConnectorCommand>(context));
    m_commands.push_back(std::make_unique<EnableConnectorCommand>(context, true));
    m_commands.push_back(std::make_unique<EnableConnectorCommand>(context, false));
    m_commands.push_back(std::make_unique<ShowLogCommand>(context));
    m_commands.push_back(std::make_unique<ShowPropertiesCommand>(context));
    m_commands.push_back(std::make_unique<DeleteConnectorCommand>(context));
    m_commands.push_back(std::make_unique<RefreshCommand>(context));
    m_commands.push_back(std::make_unique<CancelJobCommand>(context));
    addMonitoring(context);
    addCloud(context);
    connect(&context.site, &site::SiteClient::jobsChanged, this, &CommandSet::update);
    connect(&context.site, &site::SiteClient::connectorsChanged, this, &CommandSet::update);
    update();
}

void CommandSet::addMonitoring(CommandContext& context)
{
    m_commands.push_back(std::make_unique<ShowMessagesCommand>(context, std::nullopt));
    for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Information})
        m_commands.push_back(std::make_unique<ShowMessagesCommand>(context, severity));
    m_commands.push_back(std::make_unique<ViewingPeriodCommand>(context));
    for (const auto period : monitoring::allPeriods)
        m_commands.push_back(std::make_unique<SetPeriodCommand>(context, period));
    m_commands.push_back(std::make_unique<ExportMessagesCommand>(context));
}

void CommandSet::addCloud(CommandContext& context)
{
    m_commands.push_back(std::make_unique<ConnectTenantCommand>(context));
    m_commands.push_back(std::make_unique<SignInAgainCommand>(context));
    m_commands.push_back(std::make_unique<SynchronizeTenantCommand>(context));
    m_commands.push_back(std::make_unique<CheckTenantCommand>(context));
    m_commands.push_back(std::make_unique<TenantPropertiesCommand>(context));
    m_commands.push_back(std::make_unique<DeleteTenantCommand>(context));
    m_commands.push_back(std::make_unique<ShowDevicesCommand>(context));
    m_commands.push_back(std::make_unique<RemoteActionsCommand>(context));
    for (const auto kind : remoteActionKinds())
        m_commands.push_back(std::make_unique<RemoteActionCommand>(context, kind));
    connect(&context.site, &site::SiteClient::tenantsChanged, this, &CommandSet::update);
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

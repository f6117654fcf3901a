// The actions on Exchange Server connectors (SHL-30): add, synchronize, test, properties, delete. GUI thread.
#pragma once

#include <QPointer>
#include <QSet>

#include "models/base/Error.h"
#include "ui/commands/Command.h"

class QDialog;

namespace postern::commands {

class AddConnectorCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"add-connector";
    explicit AddConnectorCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    QPointer<QDialog> m_wizard;
};

// CON-41. Asks, then requests a full synchronisation of each selected connector that has none running.
class SynchronizeNowCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"synchronize-now";
    explicit SynchronizeNowCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    [[nodiscard]] bool confirmed(const std::vector<Connector>& connectors);
    void refused(const postern::Request& request, const postern::Error& error);
};

// In the drop-down of Synchronize Now. Does not ask: it is short and removes nothing.
class SynchronizeDeltaCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"synchronize-delta";
    explicit SynchronizeDeltaCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    void refused(const postern::Request& request, const postern::Error& error);
};

class CheckConnectorCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"check-connector";
    explicit CheckConnectorCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

class ShowPropertiesCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"properties";
    explicit ShowPropertiesCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    QHash<ConnectorId, QPointer<QDialog>> m_open; // a second call raises the first
};

class DeleteConnectorCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"delete-connector";
    explicit DeleteConnectorCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    void refused(const postern::Connector& connector, const postern::Error& error);
    QSet<ConnectorId> m_asked;
};

} // namespace postern::commands

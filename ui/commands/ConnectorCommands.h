// The actions on Exchange Server connectors (SHL-30): add, synchronize, test, enable, disable, show log,
// properties, delete. GUI thread.
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

// Enable and Disable: a connector that is disabled keeps its devices and is not synchronized (CON-40).
class EnableConnectorCommand final : public Command
{
    Q_OBJECT
public:
    EnableConnectorCommand(CommandContext& context, bool enable);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    [[nodiscard]] bool confirmed(const QStringList& names);
    void refused(const postern::Connector& connector, const postern::Error& error);
    void saved(const postern::Connector& connector);
    bool m_enable;
    QSet<ConnectorId> m_asked;
};

class ShowLogCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"show-log";
    explicit ShowLogCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

// CON-48. Asks in a dialog of its own what becomes of the entries in Exchange.
class DeleteConnectorCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"delete-connector";
    explicit DeleteConnectorCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    void remove(const QList<qint64>& connectorIds, bool keepEntries);
    void refused(const postern::Connector& connector, const postern::Error& error);
    QPointer<QDialog> m_dialog;
    QSet<ConnectorId> m_asked;
};

} // namespace postern::commands

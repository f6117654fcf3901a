// The actions on status messages (CON-63): show those of a component, set the viewing period, export. GUI
// thread.
#pragma once

#include <QPointer>

#include "ui/commands/Command.h"
#include "ui/monitoring/ViewingPeriod.h"

class QDialog;

namespace postern::commands {

// "show-messages" and, in its drop-down, one command a severity.
class ShowMessagesCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"show-messages";
    ShowMessagesCommand(CommandContext& context, std::optional<Severity> severity);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    static CommandText textFor(std::optional<Severity> severity);
    std::optional<Severity> m_severity;
    QHash<QString, QPointer<QDialog>> m_open; // by component; a second call raises the first
};

// The button opens the choice that its drop-down has.
class ViewingPeriodCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"viewing-period";
    explicit ViewingPeriodCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

// "viewing-period-day": ticked when the page in front shows it.
class SetPeriodCommand final : public Command
{
    Q_OBJECT
public:
    SetPeriodCommand(CommandContext& context, monitoring::ViewingPeriod period);

protected:
    void execute(const widgets::Selection& selection) override;
    void updated() override;

private:
    monitoring::ViewingPeriod m_period;
};

class ExportMessagesCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"export-messages";
    explicit ExportMessagesCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

} // namespace postern::commands

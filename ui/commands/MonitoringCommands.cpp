#include "ui/commands/MonitoringCommands.h"

#include <QApplication>
#include <QMenu>

#include "services/site/SiteClient.h"
#include "ui/monitoring/ComponentStatusPage.h"
#include "ui/monitoring/StatusMessagesPage.h"
#include "ui/monitoring/StatusMessagesView.h"
#include "ui/monitoring/StatusMessagesWindow.h"
#include "ui/widgets/Prompter.h"

namespace postern::commands {

using namespace Qt::StringLiterals;
using monitoring::PeriodHost;
using monitoring::ViewingPeriod;

namespace {

QString idText(const char16_t* id)
{
    return QString::fromUtf16(id);
}

QString periodAction(ViewingPeriod period)
{
    switch (period) {
    case ViewingPeriod::Hour:
        return SetPeriodCommand::tr("Last &Hour");
    case ViewingPeriod::Day:
        return SetPeriodCommand::tr("Last &Day");
    case ViewingPeriod::Week:
        return SetPeriodCommand::tr("Last &Week");
    case ViewingPeriod::Month:
        return SetPeriodCommand::tr("Last &Month");
    case ViewingPeriod::All:
        //: of a period of time
        return SetPeriodCommand::tr("&All");
    }
    return {};
}

PeriodHost* periodHost(const CommandContext& context)
{
    return dynamic_cast<PeriodHost*>(context.page());
}

} // namespace

ShowMessagesCommand::ShowMessagesCommand(CommandContext& context, std::optional<Severity> severity)
    : Command(context, textFor(severity), Restriction::NeedsSelection)
    , m_severity(severity)
{
}

CommandText ShowMessagesCommand::textFor(std::optional<Severity> severity)
{
    const QString all = idText(commandId);
    if (!severity)
        return {all, tr("&Show Messages"), tr("Show all messages of the selected component"), u"info"_s,
            QKeySequence(), {}};
    switch (*severity) {
    case Severity::Error:
        return {all + u"-error"_s, tr("&Errors"), tr("Show the errors of the selected component"), u"error"_s,
            QKeySequence(), all};
    case Severity::Warning:
        return {all + u"-warning"_s, tr("&Warnings"), tr("Show the warnings of the selected component"),
            u"warning"_s, QKeySequence(), all};
    case Severity::Information:
        break;
    }
    return {all + u"-information"_s, tr("&Information"),
        tr("Show the informational messages of the selected component"), u"info"_s, QKeySequence(), all};
}

void ShowMessagesCommand::execute(const widgets::Selection&)
{
    const auto* page = qobject_cast<monitoring::ComponentStatusPage*>(context().page());
    if (page == nullptr)
        return;
    for (const QString& component : page->selectedComponents()) {
        QPointer<QDialog>& open = m_open[component];
        if (!open) {
            open = new monitoring::StatusMessagesWindow(context().site, context().files,
                {component, m_severity, page->viewingPeriod()}, context().window);
            open->show();
        }
        open->raise();
        open->activateWindow();
    }
}

ViewingPeriodCommand::ViewingPeriodCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("Viewing &Period"), tr("Choose how far back messages are shown and counted"),
            u"history"_s},
        {})
{
}

void ViewingPeriodCommand::execute(const widgets::Selection&)
{
    PeriodHost* host = periodHost(context());
    if (host == nullptr)
        return;
    auto* menu = new QMenu(context().window);
    menu->setObjectName(u"viewingPeriods"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const ViewingPeriod period : monitoring::allPeriods) {
        QAction* choice = menu->addAction(periodAction(period));
        choice->setCheckable(true);
        choice->setChecked(host->viewingPeriod() == period);
        connect(choice, &QAction::triggered, this, [this, period] {
            if (PeriodHost* now = periodHost(context()))
                now->setViewingPeriod(period);
        });
    }
    const QWidget* button = QApplication::focusWidget();
    menu->popup(button != nullptr ? button->mapToGlobal(QPoint(0, button->height())) : QCursor::pos());
}

SetPeriodCommand::SetPeriodCommand(CommandContext& context, ViewingPeriod period)
    : Command(context,
        {idText(ViewingPeriodCommand::commandId) + u'-' + monitoring::periodKey(period), periodAction(period),
            tr("Show and count messages of this period"), u"history"_s, QKeySequence(),
            idText(ViewingPeriodCommand::commandId)},
        {})
    , m_period(period)
{
    action()->setCheckable(true);
}

void SetPeriodCommand::execute(const widgets::Selection&)
{
    if (PeriodHost* host = periodHost(context()))
        host->setViewingPeriod(m_period);
    updated(); // a click on the chosen one takes its tick away
}

void SetPeriodCommand::updated()
{
    const PeriodHost* host = periodHost(context());
    action()->setChecked(host != nullptr && host->viewingPeriod() == m_period);
}

ExportMessagesCommand::ExportMessagesCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("E&xport"), tr("Save the messages that are shown as a CSV file"), u"export"_s},
        {})
{
}

void ExportMessagesCommand::execute(const widgets::Selection&)
{
    const auto* page = qobject_cast<monitoring::StatusMessagesPage*>(context().page());
    if (page == nullptr)
        return;
    const QString path = context().files.saveFile(context().window, tr("Export"), u"status-messages.csv"_s,
        tr("Comma-separated values (*.csv);;All files (*)"));
    if (path.isEmpty())
        return;
    const auto written = page->view().exportCsv(path);
    if (written)
        context().announce(widgets::Tone::Good, tr("Exported"),
            tr("%n message(s) saved to %1", nullptr, *written).arg(path));
    else
        context().announce(widgets::Tone::Bad, tr("The export failed"),
            tr("%1 could not be written: %2").arg(path, written.error().detail));
}

} // namespace postern::commands

#include "ui/commands/GeneralCommands.h"

#include "services/site/SiteClient.h"

namespace postern::commands {

using namespace Qt::StringLiterals;

RefreshCommand::RefreshCommand(CommandContext& context)
    : Command(context,
        {QString::fromUtf16(commandId), tr("Re&fresh"), tr("Show the newest data"), u"refresh"_s,
            QKeySequence(Qt::Key_F5)},
        {})
{
}

void RefreshCommand::execute(const widgets::Selection&)
{
    if (auto* page = context().page())
        page->refresh();
}

CancelJobCommand::CancelJobCommand(CommandContext& context)
    : Command(context,
        {QString::fromUtf16(commandId), tr("&Cancel Job"),
            tr("Stop the selected jobs; what they already read is kept"), u"cancel"_s},
        Restriction::NeedsRunningJob)
{
}

void CancelJobCommand::execute(const widgets::Selection& selection)
{
    for (const Job& job : context().site.jobs()) {
        const bool chosen
            = std::find(selection.jobs.begin(), selection.jobs.end(), job.id) != selection.jobs.end();
        if (chosen && !job.isOver())
            context().site.cancelJob(job.id);
    }
}

} // namespace postern::commands

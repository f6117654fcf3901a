#include "ui/commands/Command.h"

#include <QCoreApplication>
#include <QLocale>

#include "services/site/SiteClient.h"
#include "ui/connectors/ConnectorRules.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/widgets/IconSet.h"

namespace postern::commands {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Command)
};

// CON-41: "Started 14:05, 120 of 500 mailboxes".
QString runningText(const Job& job)
{
    const QString started = QLocale().toString(job.startedAt.toLocalTime().time(), connectors::clockFormat());
    const QString progress = connectors::progressText(job);
    if (!job.startedAt.isValid())
        return Texts::tr("A synchronization waits for its turn");
    return progress.isEmpty() ? Texts::tr("Started %1").arg(started)
                              : Texts::tr("Started %1, %2").arg(started, progress);
}

QString syncingReason(const widgets::Selection& selection, const site::SiteClient& site)
{
    std::optional<Job> last;
    for (const ConnectorId id : selection.connectors) {
        auto job = runningSync(site, id);
        if (!job)
            return {};
        last = std::move(job);
    }
    return last ? runningText(*last) : QString();
}

template <class Condition>
bool hasConnector(const widgets::Selection& selection, const site::SiteClient& site, Condition condition)
{
    const auto connectors = site.connectors();
    return std::any_of(connectors.begin(), connectors.end(), [&](const Connector& connector) {
        const auto& chosen = selection.connectors;
        return std::find(chosen.begin(), chosen.end(), connector.id) != chosen.end() && condition(connector);
    });
}

bool hasRunningJob(const widgets::Selection& selection, const site::SiteClient& site)
{
    const auto jobs = site.jobs();
    return std::any_of(jobs.begin(), jobs.end(), [&selection](const Job& job) {
        const auto& chosen = selection.jobs;
        return !job.isOver() && std::find(chosen.begin(), chosen.end(), job.id) != chosen.end();
    });
}

QString cloudReason(Restrictions restrictions, const widgets::Selection& selection)
{
    const auto tenants = selection.tenants.size();
    if (restrictions.testFlag(Restriction::NeedsTenant) && tenants == 0)
        return Texts::tr("Select a tenant first");
    if (restrictions.testFlag(Restriction::SingleTenant) && tenants != 1)
        return tenants == 0 ? Texts::tr("Select a tenant first") : Texts::tr("Select one tenant only");
    if (restrictions.testFlag(Restriction::NeedsDevices)) {
        if (selection.devices.empty())
            return selection.rows > 0 ? Texts::tr("Select at most 500 devices")
                                      : Texts::tr("Select a device first");
        if (std::ranges::none_of(selection.devices, &DeviceKey::isManaged))
            return Texts::tr("None of the selected devices is enrolled in Intune");
    }
    if (restrictions.testFlag(Restriction::SingleUser) && selection.users.size() != 1)
        return selection.users.empty() ? Texts::tr("Select a user first") : Texts::tr("Select one user only");
    return {};
}

} // namespace

std::optional<Job> runningSync(const site::SiteClient& site, ConnectorId connector)
{
    for (const Job& job : site.jobs()) {
        const bool isSync
            = job.kind == RequestKind::SynchronizeFull || job.kind == RequestKind::SynchronizeDelta;
        if (isSync && job.connectorId == connector && !job.isOver())
            return job;
    }
    return std::nullopt;
}

QString restrictionReason(
    Restrictions restrictions, const widgets::Selection& selection, const site::SiteClient& site)
{
    const auto connectors = selection.connectors.size();
    if (restrictions.testFlag(Restriction::NeedsSelection) && selection.rows == 0)
        return Texts::tr("Select a row first");
    if (restrictions.testFlag(Restriction::NeedsConnector) && connectors == 0)
        return Texts::tr("Select a connector first");
    if (restrictions.testFlag(Restriction::SingleConnector) && connectors != 1)
        return connectors == 0 ? Texts::tr("Select a connector first")
                               : Texts::tr("Select one connector only");
    if (restrictions.testFlag(Restriction::NotRemoving)
        && hasConnector(
            selection, site, [](const Connector& c) { return c.state == ConnectorState::Removing; }))
        return Texts::tr("The connector is being removed");
    if (restrictions.testFlag(Restriction::NeedsEnabled)
        && !hasConnector(selection, site, [](const Connector& c) { return c.enabled; }))
        return Texts::tr("It is disabled already");
    if (restrictions.testFlag(Restriction::NeedsDisabled)
        && !hasConnector(selection, site, [](const Connector& c) { return !c.enabled; }))
        return Texts::tr("It is enabled already");
    if (const QString reason = cloudReason(restrictions, selection); !reason.isEmpty())
        return reason;
    if (restrictions.testFlag(Restriction::NeedsRunningJob) && !hasRunningJob(selection, site))
        return Texts::tr("Select a job that is running");
    if (restrictions.testFlag(Restriction::NotWhileSyncing))
        return syncingReason(selection, site);
    return {};
}

Command::Command(CommandContext& context, const CommandText& text, Restrictions restrictions)
    : m_context(context)
    , m_id(text.id)
    , m_tip(text.tip)
    , m_restrictions(restrictions)
{
    m_action.setObjectName(text.id);
    m_action.setText(text.text);
    m_action.setIcon(widgets::icon(text.iconName));
    m_action.setShortcut(text.shortcut);
    m_action.setProperty("variantOf", text.variantOf);
    m_action.setToolTip(m_tip);
    connect(&m_action, &QAction::triggered, this, &Command::run);
}

void Command::update(const widgets::Selection& selection)
{
    m_selection = selection;
    const QString reason = restrictionReason(m_restrictions, selection, m_context.site);
    m_action.setEnabled(reason.isEmpty());
    m_action.setToolTip(reason.isEmpty() ? m_tip : reason);
    updated();
}

void Command::run()
{
    // The key may arrive before the news that disabled the action.
    if (restrictionReason(m_restrictions, m_selection, m_context.site).isEmpty())
        execute(m_selection);
}

std::optional<Connector> Command::connector(ConnectorId id) const
{
    for (const Connector& candidate : m_context.site.connectors()) {
        if (candidate.id == id)
            return candidate;
    }
    return std::nullopt;
}

} // namespace postern::commands

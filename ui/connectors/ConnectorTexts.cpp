#include "ui/connectors/ConnectorTexts.h"

#include <QCoreApplication>
#include <QLocale>

#include "models/items/ConnectorTableModel.h"
#include "models/items/JobListModel.h"
#include "ui/connectors/ConnectorRules.h"
#include "ui/connectors/SettingsFacts.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using items::JobListModel;
using widgets::Fact;
using widgets::Tone;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(ConnectorTexts)
};

QString dueText(const QDateTime& due)
{
    return due <= QDateTime::currentDateTimeUtc() ? Texts::tr("Due now") : timeText(due);
}

} // namespace

QString kindText(ConnectorKind kind)
{
    return kind == ConnectorKind::OnPremises ? Texts::tr("On-premises Exchange Server")
                                             : Texts::tr("Hosted Exchange Server");
}

QString authenticationText(Authentication authentication)
{
    switch (authentication) {
    case Authentication::Basic:
        return Texts::tr("Basic (user name and password over TLS)");
    case Authentication::Negotiate:
        return Texts::tr("Negotiate (Kerberos)");
    case Authentication::Certificate:
        return Texts::tr("Certificate");
    case Authentication::Secret:
        return Texts::tr("Client secret");
    }
    return {};
}

Tone stateTone(ConnectorState state)
{
    switch (state) {
    case ConnectorState::Connected:
        return Tone::Good;
    case ConnectorState::Synchronizing:
        return Tone::Accent;
    case ConnectorState::InstallRetrying:
    case ConnectorState::Degraded:
        return Tone::Warning;
    case ConnectorState::Disconnected:
        return Tone::Bad;
    case ConnectorState::Installing:
    case ConnectorState::Disabled:
    case ConnectorState::Removing:
        break;
    }
    return Tone::Neutral;
}

QString timeText(const std::optional<QDateTime>& time)
{
    if (!time)
        return Texts::tr("Never");
    const QDateTime local = time->toLocalTime();
    const QLocale locale;
    return locale.toString(local.date(), QLocale::ShortFormat) + u' '
        + locale.toString(local.time(), clockFormat());
}

QString stepText(const QString& step)
{
    static const struct
    {
        const char16_t* key;
        const char* text;
    } table[] = {
        {u"mailboxes", QT_TRANSLATE_NOOP("ConnectorTexts", "Reading mailboxes")},
        {u"partnerships", QT_TRANSLATE_NOOP("ConnectorTexts", "Reading devices")},
        {u"statistics", QT_TRANSLATE_NOOP("ConnectorTexts", "Reading device statistics")},
        {u"throttled", QT_TRANSLATE_NOOP("ConnectorTexts", "Waiting: Exchange is busy")},
        {u"reconnecting",
            QT_TRANSLATE_NOOP("ConnectorTexts", "Waiting to try again: Exchange does not answer")},
        {u"", QT_TRANSLATE_NOOP("ConnectorTexts", "Starting")},
        {u"connecting", QT_TRANSLATE_NOOP("ConnectorTexts", "Connecting")},
        {u"organization", QT_TRANSLATE_NOOP("ConnectorTexts", "Reading organization settings")},
        {u"policies", QT_TRANSLATE_NOOP("ConnectorTexts", "Reading mailbox policies")},
        {u"rules", QT_TRANSLATE_NOOP("ConnectorTexts", "Reading access rules")},
        {u"deletions", QT_TRANSLATE_NOOP("ConnectorTexts", "Removing devices that are gone")},
    };
    for (const auto& entry : table) {
        if (step == QStringView(entry.key))
            return QCoreApplication::translate("ConnectorTexts", entry.text);
    }
    return step;
}

QString progressText(const Job& job)
{
    const QLocale locale;
    if (job.step == "deletions"_L1) // every mailbox was read by then
        return {};
    if (job.total < 0)
        return job.done > 0 ? locale.toString(job.done) : QString();
    // Devices are read mailbox by mailbox: that is what a synchronization counts (CON-41).
    if (job.step == "mailboxes"_L1 || job.step == "statistics"_L1 || job.step == "partnerships"_L1)
        return Texts::tr("%1 of %2 mailboxes").arg(locale.toString(job.done), locale.toString(job.total));
    return Texts::tr("%1 of %2").arg(locale.toString(job.done), locale.toString(job.total));
}

QString activityText(const Job& job)
{
    if (job.state == JobState::Cancelling)
        return Texts::tr("Canceling");
    if (job.state == JobState::Waiting)
        return Texts::tr("Waiting for its turn");
    const QString progress = progressText(job);
    //: %1 what a job does now, %2 how far it is
    return progress.isEmpty() ? stepText(job.step) : Texts::tr("%1, %2").arg(stepText(job.step), progress);
}

Tone jobTone(JobState state)
{
    switch (state) {
    case JobState::Succeeded:
        return Tone::Good;
    case JobState::Failed:
        return Tone::Bad;
    case JobState::Running:
    case JobState::Cancelling:
        return Tone::Accent;
    case JobState::Waiting:
    case JobState::Cancelled:
        break;
    }
    return Tone::Neutral;
}

QList<Fact> jobFacts(const Job& job, const QString& connectorName)
{
    const QLocale locale;
    QList<Fact> facts{{Texts::tr("Task"), JobListModel::taskTitle(job.kind)},
        {Texts::tr("Connector"), connectorName},
        {Texts::tr("State"), JobListModel::stateTitle(job.state), jobTone(job.state)}};
    if (!job.isOver())
        facts.append({Texts::tr("Progress"), activityText(job)});
    if (job.startedAt.isValid())
        facts.append({Texts::tr("Started"), timeText(job.startedAt)});
    if (job.endedAt)
        facts.append({Texts::tr("Ended"), timeText(job.endedAt)});
    if (!job.result.isEmpty())
        facts.append({Texts::tr("Result"), job.result});
    facts.append({Texts::tr("Devices read"), locale.toString(job.devicesRead)});
    facts.append({Texts::tr("Added"), locale.toString(job.added)});
    facts.append({Texts::tr("Changed"), locale.toString(job.changed)});
    facts.append({Texts::tr("Removed"), locale.toString(job.removed)});
    const Tone tone = job.notRead > 0 ? Tone::Warning : Tone::Neutral;
    facts.append({Texts::tr("Not read"), locale.toString(job.notRead), tone});
    return facts;
}

QList<Fact> summaryFacts(const Connector& connector)
{
    const QLocale locale;
    QList<Fact> facts{{Texts::tr("State"), items::ConnectorTableModel::stateTitle(connector.state),
        stateTone(connector.state)}};
    if (!connector.stateDetail.isEmpty())
        facts.append({Texts::tr("Detail"), connector.stateDetail});
    const QString organization = connector.organizationName;
    facts.append({Texts::tr("Exchange organization"),
        organization.isEmpty() ? Texts::tr("Not read yet") : organization});
    if (!connector.exchangeVersion.isEmpty())
        facts.append({Texts::tr("Exchange version"), connector.exchangeVersion});
    facts.append({Texts::tr("Server address"), connector.serverAddress});
    facts.append({Texts::tr("Devices"), locale.toString(connector.deviceCount)});
    facts.append({Texts::tr("Mailboxes"), locale.toString(connector.mailboxCount)});
    facts.append({Texts::tr("Last full synchronization"), timeText(connector.lastFullEnd)});
    if (!connector.lastFullResult.isEmpty())
        facts.append({Texts::tr("Result"), connector.lastFullResult});
    if (connector.lastDeltaEnd)
        facts.append({Texts::tr("Last delta synchronization"), timeText(connector.lastDeltaEnd)});
    if (!connector.enabled)
        facts.append({Texts::tr("Next synchronization"), Texts::tr("None: the connector is disabled")});
    if (const auto full = nextFull(connector))
        facts.append({Texts::tr("Next full synchronization"), dueText(*full)});
    if (const auto delta = nextDelta(connector))
        facts.append({Texts::tr("Next delta synchronization"), dueText(*delta)});
    return facts;
}

QList<Fact> discoveryFacts(const Connector& connector)
{
    const QString delta = Texts::tr("Every %n minute(s)", nullptr, connector.deltaMinutes);
    const QString inactive
        = Texts::tr("Not synchronized for more than %n day(s)", nullptr, connector.maxInactiveDays);
    return {{Texts::tr("Full synchronization"), scheduleSentence(connector.fullSchedule)},
        {Texts::tr("Delta synchronization"), connector.deltaMinutes == 0 ? Texts::tr("Off") : delta},
        {Texts::tr("Ignored devices"), connector.maxInactiveDays == 0 ? Texts::tr("None") : inactive},
        {Texts::tr("Find devices"),
            connector.adContainers.isEmpty() ? Texts::tr("In the whole organization")
                                             : connector.adContainers.join(u'\n')},
        {Texts::tr("Parallel sessions"), QLocale().toString(connector.parallelSessions)}};
}

QList<Fact> serverFacts(const Connector& connector)
{
    QStringList servers;
    for (const ClientAccessServer& server : connector.clientAccessServers)
        //: %1 an Active Directory site, %2 its server
        servers.append(Texts::tr("%1: %2").arg(server.adSite, server.server));
    return {
        {Texts::tr("Discover other servers"), connector.discoverServers ? Texts::tr("Yes") : Texts::tr("No")},
        {Texts::tr("Client Access servers"),
            servers.isEmpty() ? Texts::tr("None listed") : servers.join(u'\n')}};
}

QList<Fact> notificationFacts(const Connector& connector)
{
    QList<Fact> facts;
    if (connector.notificationAccount.isEmpty())
        facts.append({Texts::tr("Notification account"),
            Texts::tr("None: conditional access for on-premises Exchange cannot be configured"),
            Tone::Warning});
    else
        facts.append({Texts::tr("Notification account"), connector.notificationAccount});
    facts.append({Texts::tr("Exchange Web Services"),
        connector.ewsUrl.isEmpty() ? Texts::tr("Found by Autodiscover") : connector.ewsUrl});
    return facts;
}

QString userText(const Connector& connector)
{
    return connector.user.isEmpty() ? Texts::tr("The site server's own account") : connector.user;
}

QString authorityText(const Connector& connector)
{
    return connector.caFile.isEmpty() ? Texts::tr("The authorities of this computer") : connector.caFile;
}

std::optional<QDateTime> nextFull(const Connector& connector)
{
    const auto schedule = ScheduleText::parse(connector.fullSchedule);
    if (!connector.enabled || !schedule || !connector.lastFullStart)
        return std::nullopt;
    return schedule->nextAfter(*connector.lastFullStart, QTimeZone::systemTimeZone());
}

// A full synchronization counts as a delta: the next one is counted from whichever began last.
std::optional<QDateTime> nextDelta(const Connector& connector)
{
    if (!connector.enabled || connector.deltaMinutes == 0 || !connector.watermark)
        return std::nullopt;
    QDateTime last = *connector.watermark;
    for (const auto& start : {connector.lastFullStart, connector.lastDeltaStart}) {
        if (start && *start > last)
            last = *start;
    }
    return last.addSecs(qint64(connector.deltaMinutes) * 60);
}

QList<Fact> settingsFacts(const Connector& connector)
{
    QList<Fact> facts{{Texts::tr("Connection"), {}, Tone::Neutral, true},
        {Texts::tr("Environment"), kindText(connector.kind)},
        {Texts::tr("Authentication"), authenticationText(connector.authentication)},
        {Texts::tr("User name"), userText(connector)},
        {Texts::tr("Certificate authority"), authorityText(connector)}};
    facts += serverFacts(connector) + notificationFacts(connector);
    facts.append({Texts::tr("Discovery"), {}, Tone::Neutral, true});
    facts += discoveryFacts(connector);
    facts.append({Texts::tr("Access rules"), {}, Tone::Neutral, true});
    facts += accessFacts(connector.settings.access);
    facts.append({Texts::tr("Mailbox policy"), {}, Tone::Neutral, true});
    return facts + policyFacts(connector.settings);
}

} // namespace postern::connectors

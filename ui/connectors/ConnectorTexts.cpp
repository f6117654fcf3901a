#include "ui/connectors/ConnectorTexts.h"

#include <QCoreApplication>
#include <QLocale>

#include "ui/connectors/ConnectorRules.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using widgets::Fact;
using widgets::Tone;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(ConnectorTexts)
};

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

QString stateText(ConnectorState state)
{
    switch (state) {
    case ConnectorState::Installing:
        return Texts::tr("Installing");
    case ConnectorState::InstallRetrying:
        return Texts::tr("Installing (retrying)");
    case ConnectorState::Connected:
        return Texts::tr("Connected");
    case ConnectorState::Synchronizing:
        return Texts::tr("Synchronizing");
    case ConnectorState::Degraded:
        return Texts::tr("Degraded");
    case ConnectorState::Disconnected:
        return Texts::tr("Disconnected");
    case ConnectorState::Disabled:
        return Texts::tr("Disabled");
    case ConnectorState::Removing:
        return Texts::tr("Removing");
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

QString jobKindText(RequestKind kind)
{
    switch (kind) {
    case RequestKind::SynchronizeFull:
        return Texts::tr("Full synchronization");
    case RequestKind::SynchronizeDelta:
        return Texts::tr("Delta synchronization");
    case RequestKind::CheckConnector:
        return Texts::tr("Connection test");
    case RequestKind::CancelJob:
        return Texts::tr("Cancel");
    }
    return {};
}

QString jobStateText(JobState state)
{
    switch (state) {
    case JobState::Waiting:
        return Texts::tr("Waiting");
    case JobState::Running:
        return Texts::tr("Running");
    case JobState::Cancelling:
        return Texts::tr("Cancelling");
    case JobState::Succeeded:
        return Texts::tr("Completed");
    case JobState::Failed:
        return Texts::tr("Failed");
    case JobState::Cancelled:
        return Texts::tr("Cancelled");
    }
    return {};
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
    if (job.total < 0)
        return job.done > 0 ? locale.toString(job.done) : QString();
    if (job.step == "mailboxes"_L1 || job.step == "statistics"_L1)
        return Texts::tr("%1 of %2 mailboxes").arg(locale.toString(job.done), locale.toString(job.total));
    if (job.step == "partnerships"_L1)
        return Texts::tr("%1 of %2 devices").arg(locale.toString(job.done), locale.toString(job.total));
    return Texts::tr("%1 of %2").arg(locale.toString(job.done), locale.toString(job.total));
}

QList<Fact> summaryFacts(const Connector& connector)
{
    const QLocale locale;
    QList<Fact> facts{{Texts::tr("State"), stateText(connector.state), stateTone(connector.state)}};
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
    return facts;
}

QList<Fact> discoveryFacts(const Connector& connector)
{
    const auto schedule = parseSchedule(connector.fullSchedule);
    const QString delta = Texts::tr("Every %n minute(s)", nullptr, connector.deltaMinutes);
    const QString inactive
        = Texts::tr("Not synchronized for more than %n day(s)", nullptr, connector.maxInactiveDays);
    return {{Texts::tr("Full synchronization"), schedule ? schedule->toSentence() : connector.fullSchedule},
        {Texts::tr("Delta synchronization"), connector.deltaMinutes == 0 ? Texts::tr("Off") : delta},
        {Texts::tr("Ignored devices"), connector.maxInactiveDays == 0 ? Texts::tr("None") : inactive},
        {Texts::tr("Parallel sessions"), QLocale().toString(connector.parallelSessions)}};
}

QList<Fact> settingsFacts(const Connector& connector)
{
    QList<Fact> facts{{Texts::tr("Environment"), kindText(connector.kind)},
        {Texts::tr("Authentication"), authenticationText(connector.authentication)},
        {Texts::tr("User name"),
            connector.user.isEmpty() ? Texts::tr("The account that runs Postern") : connector.user},
        {Texts::tr("Certificate authority"),
            connector.caFile.isEmpty() ? Texts::tr("The authorities of this computer") : connector.caFile}};
    return facts + discoveryFacts(connector);
}

} // namespace postern::connectors

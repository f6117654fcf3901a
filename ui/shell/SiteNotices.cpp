#include "ui/shell/SiteNotices.h"

#include <QCoreApplication>
#include <QLocale>

#include "models/base/ErrorText.h"
#include "models/items/JobListModel.h"

namespace postern::shell {

using namespace Qt::StringLiterals;
using namespace widgets;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(SiteNotices)
};

const QString connectorsNode = u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s;

QString withDetail(const QString& sentence, const QString& detail)
{
    return detail.isEmpty() ? sentence : sentence + u' ' + detail;
}

} // namespace

QList<Notice> siteNotices(const std::vector<Connector>& connectors, const std::optional<Error>& siteFailure)
{
    QList<Notice> notices;
    if (siteFailure) {
        notices.append({u"site"_s, Tone::Bad,
            withDetail(ErrorText::sentence(*siteFailure), Texts::tr("It is tried again by itself.")), {}, {},
            false});
    }
    for (const Connector& connector : connectors) {
        const QString key = u"connector/%1"_s.arg(connector.id.value);
        const QString action = Texts::tr("Show Connectors");
        if (connector.state == ConnectorState::Disconnected) {
            const QString text = Texts::tr(
                "The connector \"%1\" is disconnected: devices and access states are not current.");
            notices.append({key, Tone::Bad, withDetail(text.arg(connector.name), connector.stateDetail),
                action, connectorsNode, false});
        } else if (connector.state == ConnectorState::Degraded) {
            const QString text
                = Texts::tr("The last synchronization of \"%1\" failed; it will be tried again.");
            notices.append({key, Tone::Warning, withDetail(text.arg(connector.name), connector.stateDetail),
                action, connectorsNode, true});
        } else if (connector.state == ConnectorState::InstallRetrying) {
            const QString text = Texts::tr(
                "The connector \"%1\" could not be installed; it is tried again every 60 minutes.");
            notices.append({key, Tone::Warning, withDetail(text.arg(connector.name), connector.stateDetail),
                action, connectorsNode, true});
        }
    }
    return notices;
}

Announcement jobAnnouncement(const Job& job, const std::vector<Connector>& connectors)
{
    QString name;
    for (const Connector& connector : connectors) {
        if (connector.id == job.connectorId)
            name = connector.name;
    }
    const QLocale locale;
    //: %1 kind of job, %2 connector
    QString title = Texts::tr("%1 of %2 completed");
    Tone tone = job.notRead > 0 ? Tone::Warning : Tone::Good;
    QString text = Texts::tr("%1 devices read; %2 added, %3 changed, %4 removed.")
                       .arg(locale.toString(job.devicesRead), locale.toString(job.added),
                           locale.toString(job.changed), locale.toString(job.removed));
    if (job.notRead > 0)
        text += u' ' + Texts::tr("%n object(s) could not be read.", nullptr, int(job.notRead));
    if (job.state == JobState::Failed) {
        title = Texts::tr("%1 of %2 failed");
        tone = Tone::Bad;
        text = job.result;
    } else if (job.state == JobState::Cancelled) {
        title = Texts::tr("%1 of %2 was canceled");
        tone = Tone::Neutral;
        text = Texts::tr("What was already read is kept.");
    }
    return {tone, title.arg(items::JobListModel::taskTitle(job.kind), name), text};
}

} // namespace postern::shell

#include "ui/connectors/JobRows.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QLocale>

#include "ui/connectors/ConnectorTexts.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using widgets::Tone;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(JobRows)
};

struct Mark
{
    QString iconName;
    Tone tone;
};

Mark markOf(JobState state)
{
    switch (state) {
    case JobState::Succeeded:
        return {u"ok"_s, Tone::Good};
    case JobState::Failed:
        return {u"error"_s, Tone::Bad};
    case JobState::Cancelled:
        return {u"not-applicable"_s, Tone::Neutral};
    case JobState::Waiting:
        return {u"waiting"_s, Tone::Neutral};
    case JobState::Running:
    case JobState::Cancelling:
        break;
    }
    return {u"synchronize"_s, Tone::Accent};
}

QString durationText(const Job& job)
{
    if (!job.startedAt.isValid())
        return {};
    const qint64 seconds = job.startedAt.secsTo(job.endedAt.value_or(QDateTime::currentDateTimeUtc()));
    if (seconds < 60)
        return Texts::tr("%n second(s)", nullptr, int(std::max<qint64>(seconds, 0)));
    if (seconds < 3600)
        return Texts::tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    return Texts::tr("%1 h %2 min").arg(seconds / 3600).arg(seconds % 3600 / 60);
}

ListCell count(qint64 number)
{
    return {QLocale().toString(number), number};
}

} // namespace

QStringList jobHeaders()
{
    return {Texts::tr("Started"), Texts::tr("Connector"), Texts::tr("Job"), Texts::tr("State"),
        Texts::tr("Progress"), Texts::tr("Duration"), Texts::tr("Devices Read"), Texts::tr("Added"),
        Texts::tr("Changed"), Texts::tr("Removed"), Texts::tr("Not Read"), Texts::tr("Result")};
}

ListRow jobRow(const Job& job, const QString& connectorName)
{
    const Mark mark = markOf(job.state);
    const qint64 started = job.startedAt.isValid() ? job.startedAt.toMSecsSinceEpoch() : 0;
    const qint64 length = job.startedAt.isValid() && job.endedAt ? job.startedAt.secsTo(*job.endedAt) : 0;
    const QString progress = job.isOver() ? QString() : progressText(job);
    return {job.id.value,
        {{job.startedAt.isValid() ? timeText(job.startedAt) : Texts::tr("Not yet"), started},
            {connectorName, {}}, {jobKindText(job.kind), {}},
            {jobStateText(job.state), {}, mark.iconName, mark.tone}, {progress, {}},
            {durationText(job), length}, count(job.devicesRead), count(job.added), count(job.changed),
            count(job.removed), count(job.notRead), {job.result, {}}}};
}

void setJobColumns(KeyedList& list, bool withConnector)
{
    const int widths[] = {140, 150, 160, 110, 150, 100, 100, 70, 80, 80, 80, 400};
    for (int i = 0; i < int(std::size(widths)); ++i)
        list.header()->resizeSection(i, widths[i]);
    list.setColumnHidden(1, !withConnector);
    list.sortByColumn(0, Qt::DescendingOrder);
}

} // namespace postern::connectors

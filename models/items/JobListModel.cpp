#include "models/items/JobListModel.h"

#include "models/items/VisibleText.h"

using namespace Qt::StringLiterals;

namespace postern::items {

namespace {

QString timeText(const QDateTime& time)
{
    return time.isValid() ? QLocale().toString(time.toLocalTime(), QLocale::ShortFormat) : QString();
}

} // namespace

int JobListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString JobListModel::taskTitle(RequestKind kind)
{
    switch (kind) {
    case RequestKind::SynchronizeFull:
        return tr("Full synchronization");
    case RequestKind::SynchronizeDelta:
        return tr("Delta synchronization");
    case RequestKind::CheckConnector:
        return tr("Connection test");
    case RequestKind::CancelJob:
        return tr("Cancellation");
    case RequestKind::RemoveConnector:
        return tr("Removal of a connector");
    case RequestKind::ApplySettings:
        return tr("Applying settings to Exchange");
    case RequestKind::ClearDevice:
        return tr("Wipe of a device");
    case RequestKind::RemoveDevice:
        return tr("Removal of a partnership");
    }
    return {};
}

QString JobListModel::stateTitle(JobState state)
{
    switch (state) {
    case JobState::Waiting:
        return tr("Waiting");
    case JobState::Running:
        return tr("Running");
    case JobState::Cancelling:
        return tr("Canceling");
    case JobState::Succeeded:
        return tr("Succeeded");
    case JobState::Failed:
        return tr("Failed");
    case JobState::Cancelled:
        return tr("Canceled");
    }
    return {};
}

QString JobListModel::progressText(const Job& job)
{
    if (job.state == JobState::Waiting || (job.isOver() && job.done == 0))
        return {};
    if (job.step == "throttled"_L1)
        return tr("Waiting: the server is busy");
    if (job.step == "reconnecting"_L1)
        return tr("Waiting to try again: the server does not answer");
    const QString done = QLocale().toString(job.done);
    const QString total = QLocale().toString(job.total);
    // Devices are read mailbox by mailbox; a run that is over has stayed at its last step.
    if (job.step == "mailboxes"_L1 || job.step == "partnerships"_L1 || job.step == "deletions"_L1)
        return job.total < 0 ? tr("%1 mailboxes").arg(done) : tr("%1 of %2 mailboxes").arg(done, total);
    if (job.step == "statistics"_L1)
        return job.total < 0 ? tr("Statistics of %1 mailboxes").arg(done)
                             : tr("Statistics of %1 of %2 mailboxes").arg(done, total);
    return job.total < 0 ? done : tr("%1 of %2").arg(done, total);
}

QString JobListModel::text(const Job& job, int column) const
{
    switch (column) {
    case Task:
        return taskTitle(job.kind);
    case Connector:
        return m_nameOf ? visibleText(m_nameOf(job.connectorId)) : QString();
    case State:
        return stateTitle(job.state);
    case Progress:
        return progressText(job);
    case Started:
        return timeText(job.startedAt);
    case Ended:
        return job.endedAt ? timeText(*job.endedAt) : QString();
    case Result:
        return visibleText(job.result);
    default:
        return {};
    }
}

QVariant JobListModel::cell(const Job& job, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(job, column);
    case Qt::AccessibleTextRole: {
        const QString shown = text(job, column);
        return shown.isEmpty() ? tr("Empty", "said of a cell") : shown;
    }
    case CodeRole:
        return column == State ? QVariant(int(job.state)) : QVariant();
    case CodeKindRole:
        return column == State ? QVariant(int(CodeKind::JobState)) : QVariant();
    case DoneRole:
        return job.done;
    case TotalRole:
        return job.total;
    case SortRole:
        if (column == Started)
            return job.startedAt;
        if (column == Ended)
            return job.endedAt ? QVariant(*job.endedAt) : QVariant();
        return column == Progress ? QVariant(job.done) : QVariant(text(job, column));
    default:
        return {};
    }
}

QVariant JobListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr QStringView keys[]
        = {u"task", u"connector", u"state", u"progress", u"started", u"ended", u"result"};
    static constexpr int widths[] = {22, 22, 12, 28, 18, 18, 50};
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[] = {
        tr("Task"), tr("Connector"), tr("State"), tr("Progress"), tr("Started"), tr("Ended"), tr("Result")};
    switch (role) {
    case Qt::DisplayRole:
        return titles[section];
    case ColumnKeyRole:
        return keys[section].toString();
    case VisibleByDefaultRole:
        return true;
    case WidthHintRole:
        return widths[section];
    default:
        return {};
    }
}

} // namespace postern::items

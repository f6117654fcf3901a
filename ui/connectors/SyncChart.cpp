#include "ui/connectors/SyncChart.h"

#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>

#include "models/items/JobListModel.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/widgets/Theme.h"

namespace postern::connectors {

using namespace widgets;

namespace {

constexpr std::size_t mostRuns = 30;
constexpr qreal widestBar = 26;

QString durationText(qint64 seconds)
{
    const QLocale locale;
    if (seconds < 120)
        return SyncChart::tr("%1 s", "seconds").arg(locale.toString(seconds));
    if (seconds < 2 * 3600)
        return SyncChart::tr("%1 min", "minutes").arg(locale.toString(seconds / 60));
    return SyncChart::tr("%1 h", "hours").arg(locale.toString(double(seconds) / 3600, 'f', 1));
}

} // namespace

SyncChart::SyncChart(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Duration and devices of the last synchronizations"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SyncChart::setJobs(const std::vector<Job>& jobs)
{
    std::vector<const Job*> over;
    for (const Job& job : jobs) {
        const bool isSync
            = job.kind == RequestKind::SynchronizeFull || job.kind == RequestKind::SynchronizeDelta;
        if (isSync && job.isOver() && job.startedAt.isValid() && job.endedAt)
            over.push_back(&job);
    }
    std::ranges::sort(over, {}, [](const Job* job) { return job->startedAt; });
    if (over.size() > mostRuns)
        over.erase(over.begin(), over.end() - mostRuns);
    m_runs.clear();
    m_longest = 1;
    m_most = 1;
    for (const Job* job : over) {
        const qint64 seconds = std::max<qint64>(0, job->startedAt.secsTo(*job->endedAt));
        //: %1 kind of synchronization, %2 state, %3 when, %4 how long
        const QString tip
            = tr("%1, %2\n%3, %4\n%5 devices read")
                  .arg(items::JobListModel::taskTitle(job->kind), items::JobListModel::stateTitle(job->state),
                      timeText(job->startedAt), durationText(seconds), QLocale().toString(job->devicesRead));
        m_runs.push_back(
            {job->state, job->kind == RequestKind::SynchronizeFull, seconds, job->devicesRead, tip});
        m_longest = std::max(m_longest, seconds);
        m_most = std::max(m_most, job->devicesRead);
    }
    setVisible(!m_runs.empty());
    setAccessibleDescription(description());
    update();
}

QSize SyncChart::sizeHint() const
{
    return {400, fontMetrics().height() * 6};
}

QSize SyncChart::minimumSizeHint() const
{
    return {200, fontMetrics().height() * 5};
}

void SyncChart::paintEvent(QPaintEvent*)
{
    if (m_runs.empty())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(lineColor(palette()));
    painter.drawLine(plot().bottomLeft(), plot().bottomRight());
    paintBars(painter);
    paintDevices(painter);
    painter.setPen(mutedText(palette()));
    const QRect head(int(plot().left()), 0, int(plot().width()), fontMetrics().height() + 4);
    painter.drawText(head, Qt::AlignLeading | Qt::AlignVCenter,
        tr("Bars: duration, at most %1").arg(durationText(m_longest)));
    painter.drawText(head, Qt::AlignTrailing | Qt::AlignVCenter,
        tr("Line: devices read by full synchronizations, at most %1").arg(QLocale().toString(m_most)));
}

bool SyncChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (int run = 0; run < runCount(); ++run) {
        const QRectF bar = barOf(run);
        if (help->pos().x() >= bar.left() - 2 && help->pos().x() <= bar.right() + 2) {
            QToolTip::showText(help->globalPos(), m_runs[std::size_t(run)].tip, this);
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

QRectF SyncChart::plot() const
{
    const qreal top = fontMetrics().height() + 8;
    return QRectF(12, top, width() - 24, height() - top - 8);
}

QRectF SyncChart::barOf(int run) const
{
    const QRectF area = plot();
    const qreal step = std::min(widestBar * 1.5, area.width() / qreal(std::max(runCount(), 1)));
    const qreal barWidth = std::max(2.0, std::min(widestBar, step * 0.66));
    const qreal share = qreal(m_runs[std::size_t(run)].seconds) / qreal(m_longest);
    const qreal tall = std::max(3.0, share * area.height());
    return QRectF(area.left() + step * run + (step - barWidth) / 2, area.bottom() - tall, barWidth, tall);
}

void SyncChart::paintBars(QPainter& painter) const
{
    for (int i = 0; i < runCount(); ++i) {
        const Run& run = m_runs[std::size_t(i)];
        const Tone tone = run.state == JobState::Succeeded ? Tone::Accent
            : run.state == JobState::Failed                ? Tone::Bad
                                                           : Tone::Neutral;
        QColor color = tone == Tone::Neutral ? mutedText(palette()) : toneColor(tone, palette());
        if (!run.full)
            color.setAlphaF(0.5F); // a delta; its tip says so
        const QRectF bar = barOf(i);
        // Hollow: it did not succeed.
        painter.setPen(QPen(color, 1.5));
        painter.setBrush(run.state == JobState::Succeeded ? QBrush(color) : QBrush(Qt::NoBrush));
        painter.drawRect(bar);
        if (run.state == JobState::Failed) {
            const QPointF at(bar.center().x(), bar.top() - 6);
            painter.drawLine(at - QPointF(3, 3), at + QPointF(3, 3));
            painter.drawLine(at - QPointF(3, -3), at + QPointF(3, -3));
        }
    }
}

// Full ones that succeeded: a delta reads only what changed.
void SyncChart::paintDevices(QPainter& painter) const
{
    QPainterPath path;
    const QRectF area = plot();
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::WindowText));
    for (int i = 0; i < runCount(); ++i) {
        const Run& run = m_runs[std::size_t(i)];
        if (!run.full || run.state != JobState::Succeeded)
            continue;
        const QPointF at(barOf(i).center().x(),
            area.bottom() - qreal(run.devices) / qreal(m_most) * (area.height() - 6) - 3);
        path.elementCount() == 0 ? path.moveTo(at) : path.lineTo(at);
        painter.drawEllipse(at, 2.5, 2.5);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette().color(QPalette::WindowText), 1.2));
    painter.drawPath(path);
}

QString SyncChart::description() const
{
    if (m_runs.empty())
        return {};
    const auto failed = std::ranges::count(m_runs, JobState::Failed, &Run::state);
    const Run& last = m_runs.back();
    return tr("%n synchronization(s)", nullptr, runCount()) + QLatin1StringView(". ")
        + tr("%n of them failed.", nullptr, int(failed)) + u' '
        + tr("The last one took %1 and read %2 devices.")
              .arg(durationText(last.seconds), QLocale().toString(last.devices));
}

} // namespace postern::connectors

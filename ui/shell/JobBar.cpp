#include "ui/shell/JobBar.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QToolButton>

#include "models/items/JobListModel.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/widgets/ProgressPanel.h"
#include "ui/widgets/Theme.h"

namespace postern::shell {

using namespace Qt::StringLiterals;
using widgets::ProgressPanel;

JobLine jobLine(const Job& job, const std::vector<Connector>& connectors)
{
    QString name;
    for (const Connector& connector : connectors) {
        if (connector.id == job.connectorId)
            name = connector.name;
    }
    JobLine line{job.id, {}, job.done, job.total, job.state == JobState::Cancelling};
    //: %1 kind of job, %2 connector, %3 what it does now
    line.text = JobBar::tr("%1 of %2: %3")
                    .arg(items::JobListModel::taskTitle(job.kind), name, connectors::activityText(job));
    return line;
}

JobBar::JobBar(QWidget* parent)
    : QWidget(parent)
    , m_first(new ProgressPanel(this))
    , m_more(new QToolButton(this))
    , m_list(new QFrame(this, Qt::Popup))
    , m_listColumn(new QVBoxLayout(m_list))
{
    setObjectName(u"jobBar"_s);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(widgets::spacing::normal);
    m_more->setAutoRaise(true);
    m_more->setFocusPolicy(Qt::TabFocus);
    row->addWidget(m_more);
    row->addWidget(m_first);
    static_cast<QFrame*>(m_list)->setFrameShape(QFrame::StyledPanel);
    m_list->setAccessibleName(tr("Running jobs"));
    m_listColumn->setContentsMargins(12, 12, 12, 12);
    connect(m_more, &QToolButton::clicked, this, &JobBar::open);
    connect(m_first, &ProgressPanel::cancelRequested, this, [this] {
        if (!m_lines.empty())
            emit cancelRequested(m_lines.front().id);
    });
    hide();
}

void JobBar::setJobs(const std::vector<Job>& jobs, const std::vector<Connector>& connectors)
{
    m_lines.clear();
    for (const Job& job : jobs) {
        if (!job.isOver())
            m_lines.push_back(jobLine(job, connectors));
    }
    setVisible(!m_lines.empty());
    if (m_lines.empty()) {
        m_list->hide();
        return;
    }
    showLine(m_first, m_lines.front());
    const int others = int(m_lines.size()) - 1;
    m_more->setVisible(others > 0);
    m_more->setText(tr("%n more job(s)", nullptr, others));
    m_more->setToolTip(tr("Show all running jobs"));
    fillList();
}

QStringList JobBar::texts() const
{
    QStringList texts;
    for (const JobLine& line : m_lines)
        texts.append(line.text);
    return texts;
}

void JobBar::open()
{
    m_list->adjustSize();
    const QPoint corner = mapToGlobal(QPoint(width(), 0));
    m_list->move(corner.x() - m_list->width(), corner.y() - m_list->height() - 4);
    m_list->show();
}

void JobBar::showLine(ProgressPanel* panel, const JobLine& line)
{
    panel->setProgress(line.text, line.done, line.total);
    panel->setCancellable(
        !line.cancelling, line.cancelling ? tr("Is being canceled") : tr("Cancel %1").arg(line.text));
}

void JobBar::fillList()
{
    while (m_listPanels.size() > qsizetype(m_lines.size())) {
        auto* panel = m_listPanels.takeLast();
        panel->hide();
        panel->deleteLater(); // its Cancel button may be the sender
    }
    while (m_listPanels.size() < qsizetype(m_lines.size())) {
        auto* panel = new ProgressPanel(m_list);
        const auto at = std::size_t(m_listPanels.size());
        connect(panel, &ProgressPanel::cancelRequested, this, [this, at] {
            if (at < m_lines.size())
                emit cancelRequested(m_lines[at].id);
        });
        m_listColumn->addWidget(panel);
        m_listPanels.append(panel);
    }
    for (qsizetype i = 0; i < m_listPanels.size(); ++i)
        showLine(m_listPanels[i], m_lines[std::size_t(i)]);
}

} // namespace postern::shell

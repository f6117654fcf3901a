// Running jobs in the status bar (SHL-22): the first with its step, n of m and Cancel; a button opens the
// others. GUI thread.
#pragma once

#include <QWidget>

#include "models/domain/Work.h"

class QToolButton;
class QVBoxLayout;

namespace postern::widgets {
class ProgressPanel;
}

namespace postern::shell {

struct JobLine
{
    JobId id;
    QString text;
    qint64 done = 0;
    qint64 total = -1;
    bool cancelling = false;
};

// "Full synchronization of Lab: reading mailboxes, 120 of 500 mailboxes".
[[nodiscard]] JobLine jobLine(const Job& job, const std::vector<Connector>& connectors);

class JobBar : public QWidget
{
    Q_OBJECT
public:
    explicit JobBar(QWidget* parent = nullptr);
    void setJobs(const std::vector<Job>& jobs, const std::vector<Connector>& connectors);
    [[nodiscard]] QStringList texts() const;
    void open(); // shows all running jobs

signals:
    void cancelRequested(postern::JobId job);

private:
    static void showLine(widgets::ProgressPanel* panel, const JobLine& line);
    void fillList();
    std::vector<JobLine> m_lines;
    widgets::ProgressPanel* m_first;
    QToolButton* m_more;
    QWidget* m_list;
    QVBoxLayout* m_listColumn;
    QList<widgets::ProgressPanel*> m_listPanels;
};

} // namespace postern::shell

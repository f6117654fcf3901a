// How long the last synchronizations of a connector took and how many devices they read, oldest at the left:
// bars for the duration, a line for the devices. A run that failed or was canceled is marked by its shape as
// well as by colour; the whole reads as one sentence to screen readers. GUI thread.
#pragma once

#include <QWidget>

#include "models/domain/Work.h"

namespace postern::connectors {

class SyncChart final : public QWidget
{
    Q_OBJECT
public:
    explicit SyncChart(QWidget* parent = nullptr);
    void setJobs(const std::vector<Job>& jobs); // of one connector, in any order
    [[nodiscard]] int runCount() const { return int(m_runs.size()); }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override; // a tip for the bar below the pointer

private:
    struct Run
    {
        JobState state = JobState::Succeeded;
        bool full = true;
        qint64 seconds = 0;
        qint64 devices = 0;
        QString tip;
    };
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] QRectF barOf(int run) const;
    void paintBars(QPainter& painter) const;
    void paintDevices(QPainter& painter) const;
    [[nodiscard]] QString description() const;

    std::vector<Run> m_runs; // oldest first
    qint64 m_longest = 1;
    qint64 m_most = 1;
};

} // namespace postern::connectors

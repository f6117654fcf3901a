// Keeps a DeviceTableModel showing the newest frame under the newest query: filters, sorts and compares on
// the thread pool, one job at a time, and installs the result. A new query stops the running job; a new frame
// waits for it, so that a busy site cannot starve the grid. GUI thread; its job touches only values.
#pragma once

#include <QFutureWatcher>
#include <functional>
#include <stop_token>

#include "models/items/DeviceTableModel.h"

namespace postern::items {

class DeviceViewWorker : public QObject
{
    Q_OBJECT
public:
    // `model` must outlive this.
    explicit DeviceViewWorker(DeviceTableModel& model, QObject* parent = nullptr);
    ~DeviceViewWorker() override; // stops the running job and waits for it

    void setFrame(std::shared_ptr<const frame::DeviceFrame> frame);
    void setQuery(DeviceQuery query);
    void setNow(std::function<qint64()> now)
    {
        m_now = std::move(now);
    } // for tests; UTC, msecs since the epoch
    [[nodiscard]] const DeviceQuery& query() const { return m_query; }
    [[nodiscard]] bool isBusy() const { return m_running; }
    void cancel(); // gives up the query that is being worked out; the one shown before stays

    struct Counts
    {
        int shown = 0;
        int matching = 0; // more than shown when the query's limit cut them off
        int total = 0;
        bool operator==(const Counts&) const = default;
    };
    [[nodiscard]] Counts counts() const { return m_counts; }

signals:
    void busyChanged(bool busy);
    void viewInstalled(const postern::items::DeviceViewWorker::Counts& counts);

private:
    using Result = std::shared_ptr<DeviceViewChange>;
    void start();
    void finish();

    DeviceTableModel& m_model;
    std::function<qint64()> m_now;
    std::shared_ptr<const frame::DeviceFrame> m_frame = frame::DeviceFrame::empty();
    DeviceQuery m_query;
    DeviceQuery m_shownQuery;
    QFutureWatcher<Result> m_watcher;
    std::stop_source m_stop;
    Counts m_counts;
    bool m_running = false;
    bool m_dirty = false; // the running job's input is no longer what is wanted
};

} // namespace postern::items

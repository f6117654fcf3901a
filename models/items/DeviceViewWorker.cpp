#include "models/items/DeviceViewWorker.h"

#include <QDateTime>
#include <QPromise>
#include <QThreadPool>

namespace postern::items {

namespace {

// Devices, not heads; those of a collapsed group are there, one click away.
int shownRows(const DeviceView& view)
{
    int count = int(view.rows.size()) - int(view.groups.size());
    for (const DeviceGroup& group : view.groups)
        count += group.collapsed ? group.count : 0;
    return count;
}

} // namespace

DeviceViewWorker::DeviceViewWorker(DeviceTableModel& model, QObject* parent)
    : QObject(parent)
    , m_model(model)
    , m_now([] { return QDateTime::currentMSecsSinceEpoch(); })
{
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &DeviceViewWorker::finish);
}

DeviceViewWorker::~DeviceViewWorker()
{
    m_stop.request_stop();
    m_watcher.disconnect(this);
    m_watcher.waitForFinished();
}

void DeviceViewWorker::setFrame(std::shared_ptr<const frame::DeviceFrame> frame)
{
    if (!frame || frame == m_frame)
        return;
    m_frame = std::move(frame);
    m_dirty = true;
    start();
}

void DeviceViewWorker::setQuery(DeviceQuery query)
{
    if (query == m_query)
        return;
    m_query = std::move(query);
    m_dirty = true;
    m_stop.request_stop();
    start();
}

void DeviceViewWorker::cancel()
{
    if (!m_running)
        return;
    m_query = m_shownQuery;
    m_dirty = m_model.view().frame != m_frame;
    m_stop.request_stop();
}

void DeviceViewWorker::start()
{
    if (m_running || !m_dirty)
        return;
    m_dirty = false;
    m_running = true;
    m_stop = std::stop_source();
    QPromise<Result> promise;
    m_watcher.setFuture(promise.future());
    promise.start();
    // Nothing but values goes to the pool; the model shows `before` until finish() installs what became of
    // it.
    QThreadPool::globalInstance()->start(QRunnable::create(
        [promise = std::make_shared<QPromise<Result>>(std::move(promise)), before = m_model.view(),
            frame = m_frame, query = m_query, nowMs = m_now(), stop = m_stop.get_token()]() mutable {
            DeviceView view = deviceView(std::move(frame), query, nowMs, stop);
            Result result;
            if (!stop.stop_requested())
                result = std::make_shared<DeviceViewChange>(deviceViewChange(before, std::move(view)));
            promise->addResult(std::move(result));
            promise->finish();
        }));
    emit busyChanged(true);
}

void DeviceViewWorker::finish()
{
    m_running = false;
    const Result result = m_watcher.result();
    const bool installed = result && !m_stop.stop_requested();
    if (installed) {
        m_shownQuery = m_query;
        m_counts = {shownRows(result->view), result->view.matching, int(result->view.frame->rowCount())};
        m_model.install(std::move(*result));
    }
    start();
    if (!m_running)
        emit busyChanged(false);
    if (installed)
        emit viewInstalled(m_counts);
}

} // namespace postern::items

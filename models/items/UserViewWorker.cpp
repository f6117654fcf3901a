#include "models/items/UserViewWorker.h"

#include <QPromise>
#include <QThreadPool>

namespace postern::items {

UserViewWorker::UserViewWorker(UserTableModel& model, QObject* parent)
    : QObject(parent)
    , m_model(model)
    , m_users(model.users())
{
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &UserViewWorker::finish);
}

UserViewWorker::~UserViewWorker()
{
    m_stop.request_stop();
    m_watcher.disconnect(this);
    m_watcher.waitForFinished();
}

void UserViewWorker::setUsers(SharedUsers users)
{
    if (!users || users == m_users)
        return;
    m_users = std::move(users);
    m_dirty = true;
    start();
}

void UserViewWorker::setQuery(UserQuery query)
{
    if (query == m_query)
        return;
    m_query = std::move(query);
    m_dirty = true;
    m_stop.request_stop();
    start();
}

void UserViewWorker::start()
{
    if (m_running || !m_dirty)
        return;
    m_dirty = false;
    m_running = true;
    m_stop = std::stop_source();
    QPromise<Result> promise;
    m_watcher.setFuture(promise.future());
    promise.start();
    QThreadPool::globalInstance()->start(
        QRunnable::create([promise = std::make_shared<QPromise<Result>>(std::move(promise)), users = m_users,
                              query = m_query, stop = m_stop.get_token()]() mutable {
            auto view = std::make_shared<UserView>(userView(std::move(users), query, stop));
            promise->addResult(stop.stop_requested() ? Result() : Result(std::move(view)));
            promise->finish();
        }));
}

void UserViewWorker::finish()
{
    m_running = false;
    const Result result = m_watcher.result();
    const bool installed = result && !m_stop.stop_requested();
    if (installed)
        m_model.install(std::move(*result));
    start();
    if (installed)
        emit viewInstalled();
}

} // namespace postern::items

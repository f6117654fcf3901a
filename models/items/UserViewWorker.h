// Keeps a UserTableModel showing the newest list under the newest query; filters and sorts on the thread
// pool, one job at a time. A new query stops the running job, a new list waits for it. GUI thread; its job
// touches only values.
#pragma once

#include <QFutureWatcher>

#include "models/items/UserTableModel.h"

namespace postern::items {

class UserViewWorker : public QObject
{
    Q_OBJECT
public:
    explicit UserViewWorker(UserTableModel& model, QObject* parent = nullptr); // `model` outlives this
    ~UserViewWorker() override; // stops the running job and waits for it

    void setUsers(SharedUsers users);
    void setQuery(UserQuery query);
    [[nodiscard]] bool isBusy() const { return m_running; }
    [[nodiscard]] int total() const { return int(m_users->size()); }

signals:
    void viewInstalled();

private:
    using Result = std::shared_ptr<UserView>;
    void start();
    void finish();

    UserTableModel& m_model;
    SharedUsers m_users;
    UserQuery m_query;
    QFutureWatcher<Result> m_watcher;
    std::stop_source m_stop;
    bool m_running = false;
    bool m_dirty = false; // the running job's input is no longer what is wanted
};

} // namespace postern::items

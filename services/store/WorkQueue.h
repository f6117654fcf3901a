// Threads that run work on a connection of their own each, first in, first out. Opens the connection at the
// first work, in the thread that uses it, and again when opening failed. post() from any thread; close()
// refuses what waits.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "services/store/Connection.h"

namespace postern::store {

class WorkQueue
{
public:
    // Gets the connection, or why there is none; always called exactly once.
    using Work = std::function<void(Expected<Connection*>)>;
    using Opener = std::function<Expected<std::unique_ptr<Connection>>()>;

    WorkQueue() = default;
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;
    ~WorkQueue();

    void start(int threads, Opener opener);
    void post(Work work);
    // `interrupting`: a statement in progress fails instead of being waited for.
    void close(bool interrupting);

private:
    void serve(int thread);

    std::mutex m_mutex;
    std::condition_variable m_ready;
    std::deque<Work> m_waiting;
    std::vector<std::unique_ptr<Connection>> m_connections; // one a thread
    std::vector<char> m_busy; // one a thread
    std::vector<std::thread> m_threads;
    Opener m_opener;
    bool m_closing = false;
};

} // namespace postern::store

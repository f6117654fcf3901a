#include "services/store/WorkQueue.h"

using namespace Qt::StringLiterals;

namespace postern::store {

WorkQueue::~WorkQueue()
{
    close(false);
}

void WorkQueue::start(int threads, Opener opener)
{
    m_opener = std::move(opener);
    m_connections.resize(std::size_t(threads));
    m_busy.resize(std::size_t(threads));
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back(&WorkQueue::serve, this, i);
}

void WorkQueue::post(Work work)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_closing && !m_threads.empty()) {
            m_waiting.push_back(std::move(work));
            m_ready.notify_one();
            return;
        }
    }
    work(m_threads.empty() && !m_closing
            ? fail(ErrorCode::StoreUnavailable, u"this store was opened read-only"_s)
            : fail(ErrorCode::Cancelled, u"the store is closing"_s));
}

void WorkQueue::close(bool interrupting)
{
    std::deque<Work> refused;
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        refused.swap(m_waiting);
        // Not an idle one: SQLite would take it for the checkpoint at the end, and leave the log behind.
        for (std::size_t i = 0; i < m_connections.size(); ++i) {
            if (interrupting && m_connections[i] && m_busy[i])
                m_connections[i]->interrupt();
        }
    }
    m_ready.notify_all();
    for (const auto& work : refused)
        work(fail(ErrorCode::Cancelled, u"the store is closing"_s));
    for (auto& thread : m_threads) {
        if (thread.joinable())
            thread.join();
    }
}

void WorkQueue::serve(int thread)
{
    std::unique_lock lock(m_mutex);
    auto& connection = m_connections[std::size_t(thread)];
    while (true) {
        m_ready.wait(lock, [this] { return m_closing || !m_waiting.empty(); });
        if (m_closing)
            break;
        Work work = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_busy[std::size_t(thread)] = 1;
        lock.unlock();
        std::optional<Error> failure;
        if (!connection) { // only this thread sets it
            auto opened = m_opener();
            const std::lock_guard relock(m_mutex);
            if (opened)
                connection = std::move(*opened);
            else
                failure = opened.error();
        }
        work(failure ? Expected<Connection*>(fail(*failure)) : Expected<Connection*>(connection.get()));
        work = nullptr; // what it captured goes before the next wait
        lock.lock();
        m_busy[std::size_t(thread)] = 0;
    }
    lock.unlock();
    std::unique_ptr<Connection> last;
    {
        const std::lock_guard relock(m_mutex);
        last = std::move(connection);
    }
}

} // namespace postern::store

#include "app/lab/psrp/OutputQueue.h"

#include <chrono>

namespace postern::lab {

namespace {

// Two answers of 2 MiB: one on its way, the next one being filled meanwhile.
constexpr size_t capacity = 3 * 1024 * 1024;
// After the first fragment a full envelope is worth this short a wait: fewer, larger answers.
constexpr std::chrono::milliseconds fillTime{8};

size_t textSize(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

} // namespace

bool OutputQueue::push(std::vector<std::string> fragments, bool urgent)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return urgent || m_aborted || m_dropping || m_bytes < capacity; });
    if (m_aborted)
        return false;
    if (m_dropping && !urgent)
        return false;
    for (std::string& fragment : fragments) {
        m_bytes += fragment.size();
        m_fragments.push_back(std::move(fragment));
    }
    lock.unlock();
    m_changed.notify_all();
    return true;
}

void OutputQueue::finish()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_finished = true;
    }
    m_changed.notify_all();
}

void OutputQueue::abort()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_aborted = true;
        m_fragments.clear();
        m_bytes = 0;
    }
    m_changed.notify_all();
}

void OutputQueue::drop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_dropping = true;
    }
    m_changed.notify_all();
}

void OutputQueue::wake()
{
    m_changed.notify_all();
}

OutputQueue::Taken OutputQueue::take(size_t room, size_t perFragment, int timeoutMs)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
    std::unique_lock lock(m_mutex);
    const unsigned me = ++m_receiver;
    m_changed.notify_all();
    Taken taken;
    const auto ready = [&] { return m_aborted || me != m_receiver || m_finished || !m_fragments.empty(); };
    if (!m_changed.wait_until(lock, deadline, ready))
        return taken;
    if (!m_finished && !m_aborted && textSize(m_bytes) < room)
        m_changed.wait_for(lock, fillTime,
            [&] { return m_aborted || me != m_receiver || m_finished || textSize(m_bytes) >= room; });
    if (m_aborted || me != m_receiver) {
        taken.outcome = m_aborted ? Outcome::Aborted : Outcome::Superseded;
        return taken;
    }
    taken.outcome = Outcome::Data;
    while (!m_fragments.empty()) {
        const size_t size = textSize(m_fragments.front().size()) + perFragment;
        if (size > room)
            break;
        room -= size;
        m_bytes -= m_fragments.front().size();
        taken.fragments.push_back(std::move(m_fragments.front()));
        m_fragments.pop_front();
    }
    if (taken.fragments.empty() && !m_fragments.empty())
        taken.outcome = Outcome::TooSmall;
    taken.done = m_finished && m_fragments.empty();
    lock.unlock();
    m_changed.notify_all();
    return taken;
}

} // namespace postern::lab

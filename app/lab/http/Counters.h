// What GET /lab/state tells: requests, shells, commands, how many at once, violations of budgets. Any thread.
#pragma once

#include <QJsonObject>
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <string>

namespace postern::lab {

class Counters
{
public:
    void request(const std::string& path, int status)
    {
        const std::scoped_lock lock(m_mutex);
        ++m_requests[path];
        ++m_statuses[status];
    }
    void operation(const std::string& name)
    {
        const std::scoped_lock lock(m_mutex);
        ++m_operations[name];
    }
    void fault(const std::string& what)
    {
        const std::scoped_lock lock(m_mutex);
        ++m_faults[what];
    }
    void violation(const std::string& what)
    {
        const std::scoped_lock lock(m_mutex);
        ++m_violations[what];
    }
    void command(const std::string& name)
    {
        const std::scoped_lock lock(m_mutex);
        ++m_commands[name];
    }
    void sentObject() { m_objects.fetch_add(1); }
    void shells(int open)
    {
        m_openShells.store(open);
        int seen = m_maximumShells.load();
        while (open > seen && !m_maximumShells.compare_exchange_weak(seen, open)) { }
    }
    class Running
    {
    public:
        explicit Running(Counters& counters)
            : m_counters(counters)
        {
            const int now = m_counters.m_running.fetch_add(1) + 1;
            int seen = m_counters.m_maximumRunning.load();
            while (now > seen && !m_counters.m_maximumRunning.compare_exchange_weak(seen, now)) { }
        }
        ~Running() { m_counters.m_running.fetch_sub(1); }
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;

    private:
        Counters& m_counters;
    };
    [[nodiscard]] QJsonObject toJson() const;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, int> m_requests, m_operations, m_faults, m_violations, m_commands;
    std::map<int, int> m_statuses;
    std::atomic<std::int64_t> m_objects{0};
    std::atomic<int> m_running{0}, m_maximumRunning{0}, m_openShells{0}, m_maximumShells{0};
};

} // namespace postern::lab

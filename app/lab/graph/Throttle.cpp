#include "app/lab/graph/Throttle.h"

#include <chrono>

namespace postern::lab {

namespace {

constexpr std::int64_t intuneWindowMs = 20000, directoryWindowMs = 10000;

std::int64_t steadyMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

std::optional<int> Throttle::spend(
    Window& window, std::int64_t now, std::int64_t lengthMs, int units, int limit)
{
    if (now - window.startMs >= lengthMs)
        window = {now, 0};
    if (window.used + units > limit)
        return int((window.startMs + lengthMs - now + 999) / 1000);
    window.used += units;
    return std::nullopt;
}

std::optional<int> Throttle::intune(const std::string& application, bool write)
{
    const std::scoped_lock lock(m_mutex);
    const std::int64_t now = steadyMs();
    if (write) {
        if (const auto wait = spend(m_writes[application], now, intuneWindowMs, 1, m_limits.intuneWrites))
            return wait;
    }
    return spend(m_any[application], now, intuneWindowMs, 1, m_limits.intuneAny);
}

std::optional<int> Throttle::directory(const std::string& application, int units)
{
    const std::scoped_lock lock(m_mutex);
    return spend(m_units[application], steadyMs(), directoryWindowMs, units, m_limits.directoryUnits);
}

void Throttle::set(const Limits& limits)
{
    const std::scoped_lock lock(m_mutex);
    m_limits = limits;
}

Throttle::Limits Throttle::limits() const
{
    const std::scoped_lock lock(m_mutex);
    return m_limits;
}

} // namespace postern::lab

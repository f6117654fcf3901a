// The published limits of Graph (graph-reference 9), in real time: Intune counts requests of an application
// in windows of 20 s, the directory spends resource units from a bucket that fills again within 10 s. Any
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace postern::lab {

class Throttle
{
public:
    struct Limits
    {
        int intuneAny = 2000, intuneWrites = 200; // an application, 20 s
        int directoryUnits = 8000; // an application, 10 s; 3500 and 5000 for small tenants
    };
    explicit Throttle(Limits limits)
        : m_limits(limits)
    {
    }
    // Seconds to wait, or nothing when the request may go on.
    [[nodiscard]] std::optional<int> intune(const std::string& application, bool write);
    [[nodiscard]] std::optional<int> directory(const std::string& application, int units);
    void set(const Limits& limits);
    [[nodiscard]] Limits limits() const;

private:
    struct Window
    {
        std::int64_t startMs = 0;
        int used = 0;
    };
    [[nodiscard]] static std::optional<int> spend(
        Window& window, std::int64_t now, std::int64_t lengthMs, int units, int limit);
    mutable std::mutex m_mutex;
    Limits m_limits;
    std::map<std::string, Window> m_any, m_writes, m_units;
};

} // namespace postern::lab

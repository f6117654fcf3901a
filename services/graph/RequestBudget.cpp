#include "services/graph/RequestBudget.h"

#include <algorithm>

namespace postern::graph {

namespace {

// graph-reference 9: requests, or the directory's resource units, in so many milliseconds.
constexpr int intuneLimit = 2'000, intuneWriteLimit = 200;
constexpr qint64 intuneWindow = 20'000;
constexpr int directoryLimit = 3'500; // of the smallest tenant: its size is not known here
constexpr qint64 directoryWindow = 10'000;
constexpr int directoryWriteLimit = 3'000;
constexpr qint64 directoryWriteWindow = 150'000;
constexpr int otherLimit = 10'000; // far below Graph's own 130,000 in 10 s
constexpr qint64 otherWindow = 10'000;

int part(int limit, double share)
{
    return std::max(1, int(limit * std::clamp(share, 0.01, 1.0)));
}

// A $batch is counted by what is in it (GraphRequest::cost), not as a write.
bool isWrite(const GraphRequest& request)
{
    return request.method != Method::Get && request.path != QLatin1StringView("$batch");
}

} // namespace

RequestBudget::RequestBudget(double share)
    : m_intune{part(intuneLimit, share), intuneWindow}
    , m_intuneWrites{part(intuneWriteLimit, share), intuneWindow}
    , m_directory{part(directoryLimit, share), directoryWindow}
    , m_directoryWrites{part(directoryWriteLimit, share), directoryWriteWindow}
    , m_conditionalAccess{1, 1'000}
    , m_other{part(otherLimit, share), otherWindow}
{
}

qint64 RequestBudget::Window::wait(int cost, qint64 now)
{
    while (!spent.empty() && spent.front().first + length <= now) {
        used -= spent.front().second;
        spent.pop_front();
    }
    // What costs more than there ever is goes when nothing else is counted.
    int left = used;
    const int room = std::max(0, limit - cost);
    for (const auto& [at, units] : spent) {
        if (left <= room)
            return 0;
        left -= units;
        if (left <= room)
            return at + length - now;
    }
    return 0;
}

void RequestBudget::Window::spend(int cost, qint64 now)
{
    // Same-time entries are one: a burst of thousands costs no memory.
    if (!spent.empty() && spent.back().first == now)
        spent.back().second += cost;
    else
        spent.emplace_back(now, cost);
    used += cost;
}

std::array<RequestBudget::Window*, 2> RequestBudget::windowsOf(const GraphRequest& request)
{
    const bool write = isWrite(request);
    switch (request.area) {
    case ServiceArea::Intune:
        return {&m_intune, write ? &m_intuneWrites : nullptr};
    case ServiceArea::Directory:
        return {&m_directory, write ? &m_directoryWrites : nullptr};
    case ServiceArea::ConditionalAccess:
        return {&m_conditionalAccess, nullptr};
    case ServiceArea::Other:
        break;
    }
    return {&m_other, nullptr};
}

std::chrono::milliseconds RequestBudget::take(const GraphRequest& request, const QDateTime& now)
{
    const qint64 at = now.toMSecsSinceEpoch();
    const int cost = std::max(1, request.cost);
    qint64 wait = pauseLeft(request.area, now).count();
    const auto windows = windowsOf(request);
    for (Window* window : windows) {
        if (window)
            wait = std::max(wait, window->wait(cost, at));
    }
    if (wait > 0)
        return std::chrono::milliseconds(wait);
    for (Window* window : windows) {
        if (window)
            window->spend(cost, at);
    }
    return {};
}

void RequestBudget::pause(ServiceArea area, const QDateTime& until)
{
    qint64& paused = m_pausedUntil[size_t(area)];
    paused = std::max(paused, until.toMSecsSinceEpoch());
}

std::chrono::milliseconds RequestBudget::pauseLeft(ServiceArea area, const QDateTime& now) const
{
    return std::chrono::milliseconds(
        std::max<qint64>(0, m_pausedUntil[size_t(area)] - now.toMSecsSinceEpoch()));
}

} // namespace postern::graph

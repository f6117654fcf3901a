// Keeps one app's requests to one tenant below Graph's published limits, service by service, and everybody
// waiting while a service has asked to. Pure arithmetic over the caller's "now". One thread. Never fails.
// graph-reference 9 (published limits).
#pragma once

#include <QDateTime>
#include <array>
#include <chrono>
#include <deque>

#include "services/graph/GraphRequest.h"

namespace postern::graph {

class RequestBudget
{
public:
    // `share` of the published limits is used.
    explicit RequestBudget(double share);

    // How long to wait before this request may go. 0: it has been counted as sent now. Otherwise ask again
    // then.
    [[nodiscard]] std::chrono::milliseconds take(const GraphRequest& request, const QDateTime& now);
    // Nobody calls this service before `until`.
    void pause(ServiceArea area, const QDateTime& until);
    [[nodiscard]] std::chrono::milliseconds pauseLeft(ServiceArea area, const QDateTime& now) const;

private:
    // So many units in any stretch of so many milliseconds.
    struct Window
    {
        int limit = 0;
        qint64 length = 0;
        int used = 0;
        std::deque<std::pair<qint64, int>> spent{}; // when, how much

        [[nodiscard]] qint64 wait(int cost, qint64 now);
        void spend(int cost, qint64 now);
    };

    [[nodiscard]] std::array<Window*, 2> windowsOf(const GraphRequest& request);

    Window m_intune, m_intuneWrites, m_directory, m_directoryWrites, m_conditionalAccess, m_other;
    std::array<qint64, 4> m_pausedUntil{}; // by area
};

} // namespace postern::graph

#include "services/site/WriteLane.h"

#include <QCoroFuture>

namespace postern::site {

QCoro::Task<void> WriteLane::enter()
{
    if (!m_taken) {
        m_taken = true;
        co_return;
    }
    auto turn = std::make_shared<QPromise<bool>>();
    turn->start();
    m_waiting.push_back(turn);
    auto future = turn->future();
    co_await future;
}

void WriteLane::leave()
{
    if (m_waiting.empty()) {
        m_taken = false;
        return;
    }
    const auto next = m_waiting.front();
    m_waiting.pop_front();
    next->addResult(true);
    next->finish();
}

} // namespace postern::site

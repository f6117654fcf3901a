// One at a time: who writes to one Exchange organisation. Waiters come in in their order. Service thread;
// everybody who entered leaves, also after errors and on a stop.
#pragma once

#include <QCoroTask>
#include <QPromise>
#include <deque>
#include <memory>

namespace postern::site {

class WriteLane
{
public:
    // Resumes when the lane is the caller's.
    QCoro::Task<void> enter();
    void leave();
    [[nodiscard]] bool isTaken() const { return m_taken; }

private:
    bool m_taken = false;
    std::deque<std::shared_ptr<QPromise<bool>>> m_waiting;
};

} // namespace postern::site

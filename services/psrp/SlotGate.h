// Lets a fixed number of coroutines through at a time, in order of arrival. One thread. A stop token ends the
// wait.
#pragma once

#include <QCoroTask>
#include <QPromise>
#include <atomic>
#include <deque>
#include <memory>
#include <stop_token>

namespace postern::psrp {

class SlotGate
{
public:
    explicit SlotGate(int places)
        : m_free(places)
    {
    }
    // False when stopped first; then there is nothing to release.
    QCoro::Task<bool> acquire(std::stop_token token);
    void release();

private:
    struct Waiter
    {
        QPromise<bool> promise;
        std::atomic_flag over;
        bool finish(bool admitted);
    };
    int m_free;
    std::deque<std::shared_ptr<Waiter>> m_waiting;
};

} // namespace postern::psrp

// Something to wait for between coroutines of one thread: wait() resumes at the next ring(), or when the
// token fires (from any thread). What was rung before is not remembered: look first, then wait.
#pragma once

#include <QCoroTask>
#include <QPromise>
#include <atomic>
#include <memory>
#include <stop_token>
#include <vector>

namespace postern::sync {

class Bell
{
public:
    QCoro::Task<void> wait(std::stop_token token);
    void ring();

private:
    struct Waiter
    {
        void wake()
        {
            if (over.test_and_set())
                return;
            promise.addResult(true);
            promise.finish();
        }
        QPromise<bool> promise;
        std::atomic_flag over;
    };
    std::vector<std::shared_ptr<Waiter>> m_waiters;
};

} // namespace postern::sync

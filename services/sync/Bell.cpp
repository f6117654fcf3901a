#include "services/sync/Bell.h"

#include <QCoroFuture>

namespace postern::sync {

QCoro::Task<void> Bell::wait(std::stop_token token)
{
    auto waiter = std::make_shared<Waiter>();
    waiter->promise.start();
    m_waiters.push_back(waiter);
    std::stop_callback onStop(token, [waiter] { waiter->wake(); });
    QFuture<bool> future = waiter->promise.future();
    co_await future;
}

void Bell::ring()
{
    const auto waiters = std::exchange(m_waiters, {});
    for (const auto& waiter : waiters)
        waiter->wake();
}

} // namespace postern::sync

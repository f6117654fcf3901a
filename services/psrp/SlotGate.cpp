#include "services/psrp/SlotGate.h"

#include <QCoroFuture>

namespace postern::psrp {

bool SlotGate::Waiter::finish(bool admitted)
{
    if (over.test_and_set())
        return false;
    promise.addResult(admitted);
    promise.finish();
    return true;
}

QCoro::Task<bool> SlotGate::acquire(std::stop_token token)
{
    if (token.stop_requested())
        co_return false;
    if (m_free > 0) {
        --m_free;
        co_return true;
    }
    auto waiter = std::make_shared<Waiter>();
    waiter->promise.start();
    m_waiting.push_back(waiter);
    QFuture<bool> future = waiter->promise.future();
    std::stop_callback onStop(token, [waiter] { waiter->finish(false); });
    const bool admitted = co_await future;
    co_return admitted;
}

void SlotGate::release()
{
    while (!m_waiting.empty()) {
        const auto next = m_waiting.front();
        m_waiting.pop_front();
        if (next->finish(true))
            return; // the slot goes from hand to hand
    }
    ++m_free;
}

} // namespace postern::psrp

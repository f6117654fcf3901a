#include "services/core/Scope.h"

#include <QCoroSignal>

#include "services/core/Logging.h"

namespace postern::core {

Scope::Scope(QObject* parent)
    : QObject(parent)
{
}

Scope::~Scope()
{
    Q_ASSERT_X(m_running == 0, "Scope", "destroyed while tasks run: co_await stop() first");
}

void Scope::start(QCoro::Task<Expected<void>> task, QString name)
{
    ++m_running;
    // Eager and self-owned: watch() ends by counting down, and stop() waits for that.
    watch(std::move(task), std::move(name));
}

QCoro::Task<void> Scope::watch(QCoro::Task<Expected<void>> task, QString name)
{
    const Expected<void> result = co_await std::move(task);
    if (!result && result.error().code != ErrorCode::Cancelled)
        qCWarning(logCore).noquote() << name << "failed:" << result.error().toLogText();
    if (--m_running == 0)
        emit idle();
}

QCoro::Task<void> Scope::stop()
{
    m_stop.request_stop();
    while (m_running > 0)
        co_await qCoro(this, &Scope::idle);
}

} // namespace postern::core

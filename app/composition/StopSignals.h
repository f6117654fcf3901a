// SIGINT and SIGTERM, delivered through the event loop: as a stop token for coroutines, as a signal for
// windows. One object a program; main thread.
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <memory>
#include <stop_token>

namespace postern::composition {

class StopSignals : public QObject
{
    Q_OBJECT
public:
    StopSignals();
    ~StopSignals() override;

    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

signals:
    void stopRequested();

private:
    std::stop_source m_stop;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace postern::composition

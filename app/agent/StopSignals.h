// SIGINT and SIGTERM as a stop token, delivered through the event loop. One object a program; main thread.
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <memory>
#include <stop_token>

namespace postern::agent {

class StopSignals : public QObject
{
    Q_OBJECT
public:
    StopSignals();
    ~StopSignals() override;

    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace postern::agent

// SIGINT and SIGTERM end the program as closing its window does, so that settings are kept and a lab does not
// stay behind. GUI thread; one object a program.
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <memory>

namespace postern::console {

class QuitOnSignal final : public QObject
{
    Q_OBJECT
public:
    explicit QuitOnSignal(QObject* parent = nullptr);
    ~QuitOnSignal() override;

signals:
    void quitRequested();

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace postern::console

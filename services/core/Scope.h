// The owner of running tasks (style.md 3.5 rule 4): a Task that nobody awaits is started here. The Scope logs
// the error of a task that fails, and joins all of them before its own end. Lives on one thread; start() and
// stop() are called there. Never destroy it before stop() has finished.
#pragma once

#include <QCoroTask>
#include <QObject>
#include <QString>
#include <stop_token>

#include "models/base/Error.h"

namespace postern::core {

class Scope : public QObject
{
    Q_OBJECT
public:
    explicit Scope(QObject* parent = nullptr);
    ~Scope() override;

    // `name` appears in the log when the task fails. The task should watch token().
    void start(QCoro::Task<Expected<void>> task, QString name);
    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }
    [[nodiscard]] int running() const { return m_running; }

    // Asks every task to stop and resumes when the last one has ended.
    QCoro::Task<void> stop();

signals:
    void idle();

private:
    QCoro::Task<void> watch(QCoro::Task<Expected<void>> task, QString name);

    std::stop_source m_stop;
    int m_running = 0;
};

} // namespace postern::core

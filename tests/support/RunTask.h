// Runs a Task in the background of a test, so that the test can play the other side meanwhile.
//
//   auto opened = runTask(pool.open({}));
//   cClient("Create"); ...
//   QVERIFY(*opened.wait());
#pragma once

#include <QCoroTask>
#include <QTest>
#include <memory>
#include <optional>

namespace postern::test {

template <class T> class RunningTask
{
public:
    explicit RunningTask(QCoro::Task<T> task) { collect(std::move(task), m_result); }

    [[nodiscard]] bool done() const { return m_result->has_value(); }
    // The result, or a null pointer (and a failed test in QTRY style) when it does not come in time.
    T* wait(int milliseconds = 10'000)
    {
        const bool came = QTest::qWaitFor([this] { return done(); }, milliseconds);
        return came ? &**m_result : nullptr;
    }

private:
    static QCoro::Task<void> collect(QCoro::Task<T> task, std::shared_ptr<std::optional<T>> result)
    {
        T value = co_await std::move(task);
        result->emplace(std::move(value));
    }
    std::shared_ptr<std::optional<T>> m_result = std::make_shared<std::optional<T>>();
};

template <> class RunningTask<void>
{
public:
    explicit RunningTask(QCoro::Task<void> task) { collect(std::move(task), m_done); }
    [[nodiscard]] bool done() const { return *m_done; }
    bool wait(int milliseconds = 20'000)
    {
        return QTest::qWaitFor([this] { return done(); }, milliseconds);
    }

private:
    static QCoro::Task<void> collect(QCoro::Task<void> task, std::shared_ptr<bool> done)
    {
        co_await std::move(task);
        *done = true;
    }
    std::shared_ptr<bool> m_done = std::make_shared<bool>(false);
};

template <class T> [[nodiscard]] RunningTask<T> runTask(QCoro::Task<T> task)
{
    return RunningTask<T>(std::move(task));
}

} // namespace postern::test

// Figures of one run against their goals: printed as lines, written as JSON.
#pragma once

#include <QJsonArray>
#include <QString>
#include <functional>

namespace postern::bench {

// The fastest of several runs, in milliseconds of this thread's CPU: what the code costs, not what the
// neighbours cost.
[[nodiscard]] double fastest(int runs, const std::function<void()>& run);
[[nodiscard]] qint64 residentBytes(); // after giving free heap back

class Report
{
public:
    enum class Better { Higher, Lower };
    void figure(const QString& what, double value, const QString& unit); // without a goal
    void goal(const QString& what, double value, const QString& unit, Better better, double goal);
    [[nodiscard]] bool allMet() const { return m_allMet; }
    [[nodiscard]] bool write(const QString& file) const;

private:
    QJsonArray m_rows;
    bool m_allMet = true;
};

} // namespace postern::bench

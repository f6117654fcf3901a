#include "app/lab/http/Counters.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

QJsonObject counted(const std::map<std::string, int>& counts)
{
    QJsonObject out;
    for (const auto& [name, count] : counts)
        out.insert(QString::fromStdString(name), count);
    return out;
}

} // namespace

QJsonObject Counters::toJson() const
{
    const std::scoped_lock lock(m_mutex);
    QJsonObject statuses;
    for (const auto& [status, count] : m_statuses)
        statuses.insert(QString::number(status), count);
    return {{"requests"_L1, counted(m_requests)}, {"statuses"_L1, statuses},
        {"operations"_L1, counted(m_operations)}, {"faults"_L1, counted(m_faults)},
        {"violations"_L1, counted(m_violations)}, {"commands"_L1, counted(m_commands)},
        {"objectsSent"_L1, qint64(m_objects.load())}, {"shellsOpen"_L1, m_openShells.load()},
        {"maxShells"_L1, m_maximumShells.load()}, {"pipelinesRunning"_L1, m_running.load()},
        {"maxPipelines"_L1, m_maximumRunning.load()}};
}

} // namespace postern::lab

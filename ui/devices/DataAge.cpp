#include "ui/devices/DataAge.h"

#include <algorithm>

#include "models/domain/ScheduleText.h"

namespace postern::devices {

namespace {

constexpr qint64 second = 1000;
constexpr qint64 minute = 60 * second;
constexpr qint64 day = 24 * 60 * minute;
constexpr qint64 patience = 10 * minute; // a poll a minute does not make a row late after two

qint64 fullPeriod(const QString& schedule)
{
    const auto parsed = ScheduleText::parse(schedule);
    return parsed ? qint64(parsed->period().count()) : day;
}

} // namespace

items::FreshnessLimits freshnessLimits(
    const std::vector<Connector>& connectors, const std::vector<Tenant>& tenants)
{
    qint64 delta = 0, full = 0, poll = 0, fullRead = 0;
    for (const Connector& connector : connectors) {
        const qint64 period = fullPeriod(connector.fullSchedule);
        full = std::max(full, period);
        // Without deltas only the full ones renew anything.
        delta = std::max(delta, connector.deltaMinutes > 0 ? connector.deltaMinutes * minute : period);
    }
    for (const Tenant& tenant : tenants) {
        const qint64 period = fullPeriod(tenant.fullSchedule);
        fullRead = std::max(fullRead, period);
        poll = std::max(poll, tenant.pollSeconds > 0 ? tenant.pollSeconds * second : period);
    }
    items::FreshnessLimits limits;
    if (!connectors.empty()) {
        limits.exchangeLate = 2 * delta;
        limits.exchangeOutOfDate = std::max(2 * full, limits.exchangeLate);
    }
    if (!tenants.empty()) {
        limits.intuneLate = std::max(2 * poll, patience);
        limits.intuneOutOfDate = std::max(2 * fullRead, limits.intuneLate);
    }
    return limits;
}

} // namespace postern::devices

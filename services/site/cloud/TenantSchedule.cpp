#include "services/site/cloud/TenantSchedule.h"

#include <algorithm>

#include "services/sync/Schedule.h"

namespace postern::site {

namespace {

// A person has to do something; it is looked at again now and then, since he may have done it elsewhere.
bool waitsForPerson(const Tenant& tenant)
{
    return tenant.state == TenantState::SignInRequired || tenant.state == TenantState::ConsentRequired;
}

// Not before this, after failures; nullopt: at once.
std::optional<QDateTime> notBefore(const Tenant& tenant, const TenantPace& pace)
{
    if (pace.failures == 0 || !pace.failedAt)
        return std::nullopt;
    const std::chrono::minutes wait
        = waitsForPerson(tenant) ? std::chrono::minutes(60) : sync::backOffAfter(pace.failures);
    return pace.failedAt->addSecs(std::chrono::seconds(wait).count());
}

// The first full is due at once, a later one by the schedule; without a readable one, daily.
QDateTime nextFull(const Tenant& tenant, const TenantPace& pace, const QDateTime& now, const QTimeZone& zone)
{
    if (!pace.lastPoll || !tenant.lastSyncStart)
        return now;
    if (pace.fullFailures > 0 && pace.fullFailedAt)
        return pace.fullFailedAt->addSecs(
            std::chrono::seconds(sync::backOffAfter(pace.fullFailures)).count());
    const auto schedule = sync::Schedule::parse(tenant.fullSchedule);
    return (schedule ? *schedule : sync::Schedule()).nextAfter(*tenant.lastSyncStart, zone);
}

} // namespace

TenantDue tenantDue(const Tenant& tenant, const TenantPace& pace, const QDateTime& now, const QTimeZone& zone)
{
    if (!tenant.enabled || tenant.state == TenantState::Removing)
        return {};
    if (pace.requested)
        return {TenantRun::Full, now};
    const std::optional<QDateTime> earliest = notBefore(tenant, pace);
    const auto held = [&](const QDateTime& due) { return earliest ? std::max(due, *earliest) : due; };
    const QDateTime full = held(nextFull(tenant, pace, now, zone));
    if (full <= now)
        return {TenantRun::Full, full};
    if (tenant.pollSeconds <= 0 || !pace.lastPoll)
        return {TenantRun::None, full};
    const QDateTime poll = held(pace.lastPoll->addSecs(tenant.pollSeconds));
    if (poll <= now)
        return {TenantRun::Poll, poll};
    return {TenantRun::None, std::min(full, poll)};
}

} // namespace postern::site

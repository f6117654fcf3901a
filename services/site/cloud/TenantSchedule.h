// When a tenant is to be read (CON-13, 44, 45, SYN-27): a pure function of what is known of its former runs.
// Any thread.
#pragma once

#include <QTimeZone>
#include <optional>

#include "models/domain/Tenant.h"

namespace postern::site {

// What the service remembers beside the row.
struct TenantPace
{
    bool requested = false; // somebody asked for a synchronisation
    int failures = 0; // in a row until now
    std::optional<QDateTime> failedAt; // the newest of them
    int fullFailures = 0; // of fulls alone: polls may go well meanwhile
    std::optional<QDateTime> fullFailedAt;
    std::optional<QDateTime> lastPoll; // begun and successful; may be newer than the row's
};

enum class TenantRun { None, Full, Poll };

struct TenantDue
{
    TenantRun run = TenantRun::None;
    std::optional<QDateTime> next; // when to look again, if nothing changes before; nullopt: never by itself
    bool operator==(const TenantDue&) const = default;
};

[[nodiscard]] TenantDue tenantDue(
    const Tenant& tenant, const TenantPace& pace, const QDateTime& now, const QTimeZone& zone);

} // namespace postern::site

// When what the device list says counts as late or out of date (SYN-18): twice the delta and twice the full
// period of the slowest connector; for Intune twice the poll and twice the full period of the slowest tenant.
// Pure, any thread.
#pragma once

#include <vector>

#include "models/domain/Connector.h"
#include "models/domain/Tenant.h"
#include "models/items/Freshness.h"

namespace postern::devices {

// What is not connected keeps the defaults.
[[nodiscard]] items::FreshnessLimits freshnessLimits(
    const std::vector<Connector>& connectors, const std::vector<Tenant>& tenants);

} // namespace postern::devices

// One row of the device list out of what Intune and Exchange each say (SYN-14, SYN-16). Pure, any thread.
//
// Whoever reads the store makes, for a managed device: one DeviceRow of Intune's facts (key DeviceKey of its
// ManagedDeviceId; only the columns that Intune, or the directory for its user, knows), one DeviceRow of each
// of its partnerships, as for a partnership alone but with MatchKind set, and merges them. A partnership
// that is linked has no row of its own: hand DeviceFrameBuilder its key with `gone` when it becomes linked,
// and the device's row again whenever it or one of its partnerships changes.
#pragma once

#include <span>

#include "models/domain/Exchange.h"
#include "models/frame/DeviceColumns.h"

namespace postern::frame {

// Its views point into the rows given.
[[nodiscard]] DeviceRow mergedRow(const DeviceRow& managed, std::span<const DeviceRow> partnerships);

// A partnership that belongs to no managed device: says that it is not enrolled.
void setUnmatched(DeviceRow& partnership);

// OBJ-23: Blocked, Quarantined, Unknown, Allowed, empty; the largest is the worst.
[[nodiscard]] int severityOf(AccessState state);
// The one whose state the row shows: the worst; of equally bad ones the last that synchronized; then the
// lowest key. -1: there is none.
[[nodiscard]] int leadingPartnership(std::span<const DeviceRow> partnerships);

} // namespace postern::frame

// The rows of the device list of a site with Intune (SYN-14): a managed device with its partnerships as one
// row, a partnership that belongs to none as its own. As readDevices(), which it replaces there: on a site
// without tenants the rows are the same. Store thread, inside a Session; the callback runs on that thread
// too.
#pragma once

#include <functional>

#include "services/store/DeviceReader.h"

namespace postern::store {

// sinceRevision 0: every row. Otherwise those that changed after it; a partnership that was linked meanwhile
// comes as gone, its device as changed.
[[nodiscard]] Expected<DeviceRead> readSiteDevices(
    Session& session, qint64 sinceRevision, const std::function<void(const frame::DeviceRow&)>& callback);

} // namespace postern::store

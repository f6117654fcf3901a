// Streams device rows out of the database into a frame without making a QString of anything. Store thread,
// inside a Session; the callback runs on that thread too, and its row is valid only during the call.
#pragma once

#include <functional>

#include "models/frame/DeviceColumns.h"
#include "services/store/Session.h"

namespace postern::store {

struct DeviceRead
{
    qint64 revision = 0; // the next incremental read starts here
    qint64 rows = 0;
    // Rows the caller knows were removed for good meanwhile (a connector was deleted, a purge). Nothing was
    // handed over: read again with 0.
    bool restartNeeded = false;
};

// sinceRevision 0: every device that is not gone. Otherwise what changed after it, gone ones as gone = true.
// A row's "data as of" of an unchanged, fresh row follows its connector's watermark, which moves without
// touching rows: an incremental read does not repeat those.
[[nodiscard]] Expected<DeviceRead> readDevices(
    Session& session, qint64 sinceRevision, const std::function<void(const frame::DeviceRow&)>& callback);

} // namespace postern::store

// What people read of device columns and their codes: Microsoft's column names, translated. GUI thread.
#pragma once

#include <QString>

#include "models/frame/DeviceColumns.h"

namespace postern::items {

[[nodiscard]] QString columnTitle(frame::DeviceColumn column);
[[nodiscard]] QString codeTitle(
    frame::DeviceColumn column, qint64 code); // "Blocked"; empty for a code without a name
[[nodiscard]] int widthHint(frame::DeviceColumn column); // characters of a typical cell

} // namespace postern::items

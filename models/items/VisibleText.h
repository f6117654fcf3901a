// Text from devices and servers is hostile until shown harmless: control characters, line breaks and marks
// that reorder text become visible signs, so that a device name cannot disguise itself or break a row. Any
// thread.
#pragma once

#include <QString>

namespace postern::items {

[[nodiscard]] QString visibleText(const QString& text);

} // namespace postern::items

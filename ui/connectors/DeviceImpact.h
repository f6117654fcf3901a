// What the device frame says about access rules before they are changed (CON-26, CON-31): who gets mail only
// because of the default level, and which types and models there are. Pure over a frame; GUI thread.
#pragma once

#include <QStringList>

#include "models/frame/DeviceFrame.h"

namespace postern::connectors {

// Phones whose state is Allowed for no other reason than the organisation's default.
[[nodiscard]] qint64 allowedByDefault(const frame::DeviceFrame& devices, const QString& connectorName);

// The different values of a text column, sorted by the locale.
[[nodiscard]] QStringList valuesIn(const frame::DeviceFrame& devices, frame::DeviceColumn column);

} // namespace postern::connectors

// managedDevice of Graph to ManagedDevice. Pure, pool threads. graph-reference 3.
#pragma once

#include "models/domain/Intune.h"
#include "services/graph/Mapping.h"

namespace postern::graph {

// What a listing selects: everything that ManagedDevice has except deviceActionResults.
[[nodiscard]] const QString& managedDeviceSelect();
[[nodiscard]] MapBody<ManagedDevice> managedDeviceMapper();
// The properties of one object, in the list form that JsonBody reads.
[[nodiscard]] Expected<ManagedDevice> managedDeviceOf(const QByteArray& object, const QString& origin);

} // namespace postern::graph

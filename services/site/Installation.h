// That a connector was installed, for people and monitoring who look for it: status message 1015 and the two
// lines of SiteComp.log (CON-60). Pure but for the log.
#pragma once

#include "models/domain/Connector.h"
#include "models/domain/Work.h"
#include "services/core/Clock.h"

namespace postern::site {

inline constexpr int connectorInstalled = 1015;

[[nodiscard]] StatusMessage installedMessage(const Connector& connector, const QDateTime& now);

// Beside EasDisc.log; nothing when `traceLogPath` is empty.
void logInstallation(const QString& traceLogPath, const Connector& connector, const core::Clock& clock);

} // namespace postern::site

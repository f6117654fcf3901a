// Which connectors a service works for (SYN-24), and what a former owner left: its jobs failed, its requests
// are queued again, its writes to Exchange are to be settled. Store thread, inside a Session.
#pragma once

#include <QDateTime>
#include <QString>
#include <chrono>
#include <vector>

#include "models/base/Ids.h"
#include "services/store/Session.h"

namespace postern::site {

inline constexpr std::chrono::milliseconds leaseTime{60'000};

[[nodiscard]] QString newOwner(); // "host:pid:random"
// Takes or prolongs the leases of all connectors; returns those that `owner` has.
[[nodiscard]] Expected<std::vector<ConnectorId>> takeLeases(
    store::Session& session, const QString& owner, const QDateTime& now);
// ApplySettings, when the journal has open writes.
[[nodiscard]] Expected<void> askForOpenWrites(
    store::Session& session, ConnectorId connector, const QDateTime& now);

} // namespace postern::site

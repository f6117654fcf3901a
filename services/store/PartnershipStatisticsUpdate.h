// The second pass of a sync: statistics into rows the listing has made. Store thread, inside a Session.
#pragma once

#include "services/store/PartnershipRepository.h"

namespace postern::store {

[[nodiscard]] Expected<StatisticsCounts> updateStatistics(
    Session& session, ConnectorId connector, const std::vector<StatisticsRow>& rows, const QDateTime& now);

} // namespace postern::store

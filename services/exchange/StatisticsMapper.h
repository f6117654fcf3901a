// Get-MobileDeviceStatistics and Get-ActiveSyncDeviceStatistics objects to PartnershipStatistics: the only
// source of lastSuccessSync (SYN-07). Pure but for its cache of repeated texts; one mapper a batch, one
// thread at a time.
#pragma once

#include <optional>

#include "services/exchange/RowMapping.h"

namespace postern::exchange {

class StatisticsMapper
{
public:
    [[nodiscard]] std::optional<PartnershipStatistics> map(
        const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems);

private:
    [[nodiscard]] bool mapIdentity(PartnershipStatistics& statistics);
    void mapWipe(PartnershipStatistics& statistics);

    RowMapping m_row;
};

} // namespace postern::exchange

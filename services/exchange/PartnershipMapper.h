// Get-MobileDevice and Get-ActiveSyncDevice objects to Partnership. Pure but for its cache of repeated texts;
// one mapper a listing, one thread at a time. nullopt: the row cannot be keyed; why is in `problems`, named
// by object and property.
#pragma once

#include <optional>

#include "services/exchange/RowMapping.h"

namespace postern::exchange {

class PartnershipMapper
{
public:
    [[nodiscard]] std::optional<Partnership> map(
        const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems);

private:
    [[nodiscard]] bool mapIdentity(Partnership& partnership);
    void mapAccess(Partnership& partnership);

    RowMapping m_row;
};

// EAS, Outlook, REST, MOWA and the rest, by text; what is not known is Other.
[[nodiscard]] ClientType clientTypeFromExchange(QStringView text);

} // namespace postern::exchange

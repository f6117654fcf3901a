// A mailbox policy of either cmdlet family with all its groups (SYN-02). Pure, any thread. A group of which a
// value is missing, not understood or not sayable in our units ("90 minutes" where hours count) is nullopt,
// with an ObjectProblem that names the property: whoever compares sees that it is not what is configured.
#pragma once

#include <vector>

#include "models/domain/ConnectorSettings.h"
#include "models/domain/Exchange.h"
#include "services/psrp/clixml/PropertyBag.h"

namespace postern::exchange {

[[nodiscard]] MailboxPolicySettings mapPolicySettings(
    const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems);

} // namespace postern::exchange

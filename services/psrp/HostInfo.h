// Parts that several PSRP messages share: the host that we are not, the apartment, version records. Pure, any
// thread. exchange-protocols b.5, [MS-PSRP] 2.2.3.14.
#pragma once

#include "services/psrp/clixml/Value.h"

namespace postern::psrp {

// "No host": the server should not call back, and calls that come anyway are refused.
[[nodiscard]] clixml::Value noHost();
[[nodiscard]] clixml::Value apartmentState(); // UNKNOWN

// Payloads of the messages that open a pool.
[[nodiscard]] clixml::Value sessionCapability();
[[nodiscard]] clixml::Value initRunspacePool(int minRunspaces, int maxRunspaces);
// The refusal of a host call: {ci, mi, me}.
[[nodiscard]] clixml::Value hostCallRefusal(qint64 callId, const clixml::Value& method);

} // namespace postern::psrp

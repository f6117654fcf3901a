// What a session may run: role-based access and the missingCmdlet fault decide. Any thread.
#pragma once

#include "app/lab/cmdlets/Cmdlet.h"

namespace postern::lab {

[[nodiscard]] std::vector<const CmdletSpec*> visibleCmdlets(const Account& account, FaultPlan& faults);
// The answer to GET_COMMAND_METADATA: a count, then one object a command ([MS-PSRP] 2.2.3.14).
[[nodiscard]] std::vector<ObjectPtr> commandMetadata(
    const Account& account, FaultPlan& faults, const std::vector<std::string>& names);

} // namespace postern::lab

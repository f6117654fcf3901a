// What a write is as a cmdlet with typed parameters (exchange-protocols d.1, e.3, e.4; CON-19, CON-35,
// SYN-21). Pure, any thread. Lists of a mailbox are sent as @{Add=…; Remove=…} only, a configured group of a
// mailbox policy is sent whole, an identity is never empty (Exchange would take that for everybody), and
// nothing asks back. Errors: InvalidInput (nothing to do, no identity, a contradiction), CmdletMissing and
// ParameterMissing, whose detail is the missing name.
#pragma once

#include "models/domain/ExchangeWrite.h"
#include "services/exchange/CommandSet.h"

namespace postern::exchange {

[[nodiscard]] Expected<psrp::PsCommand> commandFor(const ExchangeWrite& write, const CommandSet& commands);

} // namespace postern::exchange

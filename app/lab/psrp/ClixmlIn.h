// Reads the CLIXML of one message from a client. Strict: no DTD, at most 50 levels, unknown elements and
// dangling Refs are errors with the offset. Any thread. [MS-PSRP] 2.2.5.
#pragma once

#include "app/lab/psrp/Value.h"
#include "models/base/Error.h"

namespace postern::lab {

[[nodiscard]] Expected<Value> readClixml(std::string_view utf8);

} // namespace postern::lab

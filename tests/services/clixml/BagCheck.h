// PropertyBag against Reader on one object: every property, looked up by position and by name, in every type.
#pragma once

#include <QString>

#include "services/psrp/clixml/PropertyBag.h"
#include "services/psrp/clixml/Value.h"

namespace postern::clixml::testing {

// Empty: they agree. Else what differs. The bag has parsed the document that `value` was read from.
[[nodiscard]] QString differenceOf(const PropertyBag& bag, const Value& value);

} // namespace postern::clixml::testing

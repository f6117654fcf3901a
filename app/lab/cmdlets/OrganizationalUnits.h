// The containers that people are in: resolving -OrganizationalUnit in any of its forms. Pure, any thread.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "app/lab/cmdlets/Cmdlet.h"

namespace postern::lab {

// The canonical name (contoso.lab/Staff/Berlin) of what -OrganizationalUnit names: by canonical or
// distinguished name, GUID, or a name that only one has. Empty when the parameter was not given. An error, as
// Exchange's, when it names nothing or several.
[[nodiscard]] tl::expected<std::string, ErrorRecord> searchRoot(CmdletCall& call);

// Sub-containers included.
[[nodiscard]] bool isBelow(const Person& person, const std::string& canonicalRoot);

} // namespace postern::lab

// A PsCommand as the line that an administrator would type (SHL-25 "Show command"). Nothing in it can be read
// as code: names and values stand in single quotes, in which PowerShell expands nothing, with every one of
// its five single quotes doubled; what cannot be seen (line breaks, direction marks, lone surrogates) stands
// as [char]0x… outside of them, so the line is one line and shows all that it does. Pure, any thread. Errors:
// Unsupported for a script, a secret, or an object that is neither list nor hashtable: it has no such text.
#pragma once

#include <QString>

#include "models/base/Error.h"
#include "services/psrp/PsCommand.h"

namespace postern::psrp {

[[nodiscard]] Expected<QString> powerShellText(const PsCommand& command);

// One text as an argument: 'Anna''s phone', or ('Anna' + [char]0x000A + 'Berg').
[[nodiscard]] QString quotedForPowerShell(const QString& text);

} // namespace postern::psrp

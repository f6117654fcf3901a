// What only Get-User knows of a mailbox (its principal name and where it is in the directory) stays as the
// site has it where this time only Get-CASMailbox was asked. Store thread, inside a Session.
#pragma once

#include <vector>

#include "models/domain/Exchange.h"
#include "services/store/MailboxRepository.h"

namespace postern::sync {

// `known`: parallel to `rows`, the ids of those that the site has; invalid ones are new.
[[nodiscard]] Expected<void> keepKnownNames(
    store::Session& session, const std::vector<MailboxId>& known, std::vector<Mailbox>& rows);

} // namespace postern::sync

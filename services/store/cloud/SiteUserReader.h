// The people of a site: those of the directory, and mailboxes that belong to nobody there (SHL-32). Store
// thread, inside a Session.
#pragma once

#include "models/domain/SiteUser.h"
#include "services/store/Session.h"

namespace postern::store {

// In id order: the directory's by row id, mailboxes without a person above all of those.
[[nodiscard]] Expected<SharedUsers> readSiteUsers(Session& session);

} // namespace postern::store

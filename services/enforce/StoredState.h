// What Exchange was set to when it was last read, from the store: for previews, and the journal's part of it
// for plans. Store thread, inside a Session.
#pragma once

#include "services/enforce/SettingsPlan.h"
#include "services/store/Session.h"

namespace postern::enforce {

// A connector that was never read: nothing is known, and there is one default policy named "Default".
[[nodiscard]] Expected<ExchangeState> storedState(store::Session& session, ConnectorId connector);

// Fills in what only the journal knows of `state`: which rules are ours, and what was written for its default
// policy and cannot be read.
[[nodiscard]] Expected<void> addJournalState(
    store::Session& session, ConnectorId connector, ExchangeState& state);

} // namespace postern::enforce

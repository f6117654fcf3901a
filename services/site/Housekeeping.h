// What the site forgets in time: removed connectors with their history (CON-48), phones that have been gone
// (SYN-19), and old entries of the write journal. Store thread, inside a Session.
#pragma once

#include <QDateTime>
#include <chrono>

#include "services/store/Session.h"

namespace postern::site {

inline constexpr std::chrono::hours houseKeepingInterval{6};
inline constexpr int historyDays = 30;
inline constexpr int journalDays = 400; // as long as decisions are kept

// Only reads: an idle service writes nothing.
[[nodiscard]] Expected<bool> houseworkDue(store::Session& session, const QDateTime& now);
[[nodiscard]] Expected<void> doHousework(store::Session& session, const QDateTime& now);

} // namespace postern::site

// The id chunks of a sync run (table sync_run_ids), for the repositories that write them with their pages.
// Store thread, inside a Session.
#pragma once

#include "services/store/IdSet.h"
#include "services/store/SyncRun.h"

namespace postern::store {

enum class SeenKind { Mailboxes = 1, Partnerships = 2, StatisticsDone = 3 };

[[nodiscard]] Expected<void> addRunIds(
    Session& session, SyncRunId run, SeenKind kind, std::vector<qint64> ids);
[[nodiscard]] Expected<void> eachRunId(
    Session& session, SyncRunId run, SeenKind kind, const std::function<void(qint64)>& each);
[[nodiscard]] Expected<void> forgetRunIds(Session& session, SyncRunId run, SeenKind kind);

} // namespace postern::store

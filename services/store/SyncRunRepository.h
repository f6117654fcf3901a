// Resumable syncs: at most one run a connector. Store thread, inside a Session; written in the same
// transaction as the rows it speaks of, so it never says more than is there.
#pragma once

#include <span>
#include <vector>

#include "services/store/SyncRun.h"

namespace postern::store {

class SyncRunRepository
{
public:
    explicit SyncRunRepository(Session& session)
        : m_session(session)
    {
    }
    // Conflict: the connector has an unfinished run (take it up, or abandon() it).
    [[nodiscard]] Expected<SyncRun> begin(SyncRun run);
    [[nodiscard]] Expected<std::optional<SyncRun>> unfinished(ConnectorId connector);
    [[nodiscard]] Expected<void> update(const SyncRun& run); // step, job, complete flags
    // A listing starts again from its first page: forget what its former pages have seen.
    [[nodiscard]] Expected<void> restartMailboxes(SyncRunId run);
    [[nodiscard]] Expected<void> restartPartnerships(SyncRunId run);
    [[nodiscard]] Expected<void> finish(SyncRunId run); // succeeded; its state is not needed any more
    [[nodiscard]] Expected<void> abandon(SyncRunId run);

    // The statistics pass: which mailboxes are done.
    [[nodiscard]] Expected<void> markMailboxesDone(SyncRunId run, std::span<const MailboxId> mailboxes);
    [[nodiscard]] Expected<std::vector<MailboxId>> doneMailboxes(SyncRunId run); // sorted

private:
    [[nodiscard]] Expected<void> remove(SyncRunId run);

    Session& m_session;
};

} // namespace postern::store

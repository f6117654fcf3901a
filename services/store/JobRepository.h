// Jobs: running and finished work with its progress. Store thread, inside a Session.
#pragma once

#include <vector>

#include "models/domain/Work.h"
#include "services/store/Session.h"

namespace postern::store {

class JobRepository
{
public:
    explicit JobRepository(Session& session)
        : m_session(session)
    {
    }
    // `owner` as in the lease: who runs it.
    [[nodiscard]] Expected<Job> insert(Job job, const QString& owner);
    // Step, counts, state. A state of Cancelling that somebody else set meanwhile is kept, and returned: see
    // it and stop.
    [[nodiscard]] Expected<JobState> update(const Job& job);
    [[nodiscard]] Expected<void> requestCancel(JobId id); // Conflict: it is over
    // Succeeded, Failed or Cancelled, with endedAt and result. Conflict: it is over already.
    [[nodiscard]] Expected<void> finish(const Job& job);
    // After taking a lease: jobs of that connector that another owner left running failed, with that
    // sentence.
    [[nodiscard]] Expected<int> failAbandoned(
        ConnectorId connector, const QString& owner, const QDateTime& now);
    [[nodiscard]] Expected<std::vector<Job>> list(
        int finishedLimit); // running ones, then the last n; newest first
    [[nodiscard]] Expected<std::optional<Job>> find(JobId id);
    // Of one connector and kind, finished or not; newest first.
    [[nodiscard]] Expected<std::vector<Job>> latest(ConnectorId connector, RequestKind kind, int limit);
    [[nodiscard]] Expected<std::optional<Job>> latestSucceeded(ConnectorId connector, RequestKind kind);
    [[nodiscard]] Expected<int> prune(const QDateTime& endedBefore);

private:
    Session& m_session;
};

} // namespace postern::store

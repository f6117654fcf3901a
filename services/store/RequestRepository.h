// Requests: what people ask the service to do. Taken only by the service that holds the connector's lease,
// each exactly once. Store thread, inside a Session.
#pragma once

#include <optional>
#include <vector>

#include "models/domain/Work.h"
#include "services/store/Session.h"

namespace postern::store {

struct RequestInsertion
{
    Request request;
    bool existed = false; // an equal one is queued or taken: this is it
};

class RequestRepository
{
public:
    explicit RequestRepository(Session& session)
        : m_session(session)
    {
    }
    // Equal: same kind, connector, job and parameters.
    [[nodiscard]] Expected<RequestInsertion> insert(Request request);
    // The oldest queued one of a connector whose lease `owner` holds at `now`.
    [[nodiscard]] Expected<std::optional<Request>> takeNext(const QString& owner, const QDateTime& now);
    // state Done, Failed or Cancelled. Conflict: it is over already; NotFound.
    [[nodiscard]] Expected<void> finish(RequestId id, RequestState state, const QString& result);
    // Only while queued; Conflict when it was taken meanwhile (cancel its job then).
    [[nodiscard]] Expected<void> cancel(RequestId id);
    // After taking over a lease: what a dead service took is queued again. Returns how many.
    [[nodiscard]] Expected<int> requeueAbandoned(ConnectorId connector, const QString& owner);
    [[nodiscard]] Expected<std::optional<Request>> find(RequestId id);
    [[nodiscard]] Expected<std::vector<Request>> list(int limit); // newest first

private:
    Session& m_session;
};

} // namespace postern::store

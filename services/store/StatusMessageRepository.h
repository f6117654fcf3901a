// Status messages (OBJ-15): appended, listed, pruned; never changed. Store thread, inside a Session.
#pragma once

#include <optional>
#include <vector>

#include "models/domain/Work.h"
#include "services/store/Session.h"

namespace postern::store {

struct StatusMessageFilter
{
    std::optional<Severity> severity;
    ConnectorId connectorId{}; // invalid: all
    StatusMessageId after{}; // only newer ones
    QDateTime since{}; // null: all
    int limit = 200;
};

class StatusMessageRepository
{
public:
    explicit StatusMessageRepository(Session& session)
        : m_session(session)
    {
    }
    [[nodiscard]] Expected<StatusMessage> append(StatusMessage message);
    [[nodiscard]] Expected<std::vector<StatusMessage>> list(
        const StatusMessageFilter& filter); // newest first
    [[nodiscard]] Expected<int> prune(const QDateTime& before);

private:
    Session& m_session;
};

} // namespace postern::store

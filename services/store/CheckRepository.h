// The last prerequisite check of each connector (SHL-46), replaced as a whole. Store thread, inside a
// Session.
#pragma once

#include <optional>
#include <vector>

#include "models/base/Ids.h"
#include "models/domain/Exchange.h"
#include "services/store/Session.h"

namespace postern::store {

struct StoredCheck
{
    std::vector<CheckResult> lines;
    QDateTime checkedAt;
    bool operator==(const StoredCheck&) const = default;
};

class CheckRepository
{
public:
    explicit CheckRepository(Session& session)
        : m_session(session)
    {
    }
    // NotFound: the connector was removed meanwhile.
    [[nodiscard]] Expected<void> replace(ConnectorId connector, const StoredCheck& check);
    [[nodiscard]] Expected<std::optional<StoredCheck>> last(ConnectorId connector);

private:
    Session& m_session;
};

} // namespace postern::store

// The state of a sync that survives a crash: how far it came, what it has seen. Plain value.
#pragma once

#include <QDateTime>
#include <optional>

#include "models/domain/Connector.h"
#include "services/store/Session.h"

namespace postern::store {

using SyncRunId = RowId<struct SyncRunTag>;

struct SyncRun
{
    SyncRunId id;
    ConnectorId connectorId;
    JobId jobId;
    SyncKind kind = SyncKind::Full;
    QString step; // English key of the step that is under way
    QDateTime startedAt; // the watermark when the run succeeds (SYN-04)
    bool mailboxesComplete = false; // the listing said "last": absence means gone
    bool partnershipsComplete = false;
    bool operator==(const SyncRun&) const = default;
};

} // namespace postern::store

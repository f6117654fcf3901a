// One entry of the write journal: what Postern meant to change in Exchange, why, and how far it came. Plain
// value, any thread. Times are UTC.
#pragma once

#include <QDateTime>
#include <optional>

#include "models/base/Ids.h"
#include "models/domain/ExchangeWrite.h"

namespace postern {

using WriteId = RowId<struct WriteTag>;

// Planned -> Sent -> Applied -> Confirmed; Sent after a crash or a lost connection means "perhaps done":
// the read-back decides. Superseded: a newer plan no longer wants it.
enum class WriteState { Planned, Sent, Applied, Confirmed, Failed, Superseded };

// Who wants it (SYN-22).
enum class WriteOrigin { Settings, Policy, Operator, CleanUp };

template <> struct EnumTable<WriteState>
{
    static std::span<const EnumEntry<WriteState>> entries();
};
template <> struct EnumTable<WriteOrigin>
{
    static std::span<const EnumEntry<WriteOrigin>> entries();
};

struct WriteRecord
{
    WriteId id;
    ConnectorId connectorId;
    MailboxId mailboxId; // of list writes; invalid otherwise
    WriteOrigin origin = WriteOrigin::Settings;
    QString cause; // account name of the person, or the policy, and why: one sentence
    ExchangeWrite write;
    QString commandText; // SHL-25, as it was sent
    WriteState state = WriteState::Planned;
    int attempts = 0;
    QDateTime plannedAt;
    std::optional<QDateTime> sentAt, appliedAt, confirmedAt;
    QString problem; // of the last attempt, English
    bool operator==(const WriteRecord&) const = default;
};

} // namespace postern

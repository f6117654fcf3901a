// The words for the journal of writes to Exchange (SHL-46, SYN-22), and what of them still stands there. GUI
// thread.
#pragma once

#include <vector>

#include "models/domain/WriteRecord.h"
#include "ui/widgets/FactList.h"

namespace postern::connectors {

[[nodiscard]] QString writeKindText(const ExchangeWrite& write);
[[nodiscard]] QString writeStateText(WriteState state);
[[nodiscard]] QString writeOriginText(WriteOrigin origin);
[[nodiscard]] widgets::Tone writeTone(WriteState state);
[[nodiscard]] QList<widgets::Fact> writeFacts(const WriteRecord& write);

// Entries of allow and block lists that Postern wrote and has not taken away again, by mailbox: what deleting
// a connector removes (CON-48).
struct StandingEntries
{
    QString mailboxIdentity;
    QStringList allowed, blocked;
    bool operator==(const StandingEntries&) const = default;
};
[[nodiscard]] std::vector<StandingEntries> standingEntries(const std::vector<WriteRecord>& writes);
[[nodiscard]] int countOf(const std::vector<StandingEntries>& entries);

} // namespace postern::connectors

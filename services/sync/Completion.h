// SYN-01 steps 11 and 12: what was not seen is marked gone, if every list was whole (SYN-05) and not
// suspiciously short (SYN-06), the watermark moves to the start of the run (SYN-04), all in one transaction.
// Of a connector with containers (CON-16) only what is in them can be missed; the rest stays and is marked
// stale. Service thread.
#pragma once

#include "services/sync/SyncContext.h"

namespace postern::sync {

// How many there were before the run, in the connector's containers (CON-16).
struct Previous
{
    qint64 mailboxes = 0;
    qint64 partnerships = 0;
    PartnershipId newest; // what has a larger id is new
    qint64 revision = 0; // what has a larger one was changed by the run
};

// What the run has read.
struct Listed
{
    qint64 mailboxes = 0;
    qint64 partnerships = 0;
    bool mailboxesComplete = false;
    bool partnershipsComplete = false;
};

// SYN-06: fewer than 80 % of the previous number. What trips it, if anything.
struct GuardFinding
{
    QString what;
    qint64 previous = 0;
    qint64 now = 0;
};
[[nodiscard]] std::optional<GuardFinding> shrinkGuard(const Previous& previous, const Listed& listed);

class Completion
{
public:
    explicit Completion(SyncContext& context);

    QCoro::Task<Expected<Previous>> previous(std::stop_token token);
    // Counts what the partnership listing has seen.
    QCoro::Task<Expected<qint64>> partnershipsSeen(std::stop_token token);
    // Takes out what is inactive (CON-15). Fills the counts. `sentence` is made from the final counts.
    QCoro::Task<Expected<void>> commit(Previous previous, Listed listed,
        std::optional<QDateTime> inactiveBefore, std::function<QString(const SyncCounts&)> sentence,
        std::stop_token token);
    // The end of a run that did not succeed, as the connector shows it.
    QCoro::Task<void> recordFailure(QString sentence, SyncKind kind = SyncKind::Full);

private:
    SyncContext& m_context;
};

} // namespace postern::sync

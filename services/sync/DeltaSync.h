// A delta synchronisation of one connector (SYN-03 to SYN-05): the mailboxes and partnerships that changed
// since the watermark, less an overlap, into the store. Service thread; one run an object. It never removes
// anything; absence from a list of changes says nothing. The watermark moves to the start of the run when all
// of it succeeded, so that a run which did not is simply repeated: nothing is resumed, and an unfinished full
// synchronisation is left as it is. Where the server does not filter by time, the whole lists are read and
// compared with the store.
// Statistics, one call a mailbox, are read only for the owners of phones that changed in that time. A phone
// that merely synchronised is no change of its directory object: its last success is as old as the last full.
#pragma once

#include "services/sync/FullSync.h"

namespace postern::sync {

class DeltaSync
{
public:
    // How far before the watermark is read again: domain controllers learn of a change minutes apart.
    static constexpr std::chrono::minutes overlap{10};

    DeltaSync(Connector connector, FullSync::Dependencies dependencies, SyncOptions options);
    ~DeltaSync();

    // Once. As FullSync::run(); progress counts the mailboxes whose statistics are read. InvalidInput: there
    // is no watermark, a full synchronisation comes first. Status messages 30003 to 30008.
    QCoro::Task<SyncOutcome> run(std::function<void(const SyncProgress&)> progress, std::stop_token token);

private:
    class Run;
    std::unique_ptr<Run> m_run;
};

} // namespace postern::sync

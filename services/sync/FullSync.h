// A full synchronisation of one connector (SYN-01 steps 1 to 5, 11 and 12): reads the organisation, its
// mailboxes and partnerships and what only the mailboxes know, page by page into the store. Service thread;
// one run an object. A page that fails is tried again, an object that fails is counted and listed, what was
// read is never lost: after a crash, a cancel or a lost connection the next run continues with the mailboxes
// not read yet (CON-42). Nothing is removed unless every list came back whole (SYN-05) and not suspiciously
// short (SYN-06).
#pragma once

#include <QCoroTask>
#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "models/base/Error.h"
#include "models/domain/Connector.h"
#include "models/domain/Exchange.h"
#include "models/domain/Work.h"
#include "services/core/Clock.h"
#include "services/exchange/ExchangeOrganization.h"
#include "services/tracelog/TraceLogWriter.h"

namespace postern::store {
class Store;
}

namespace postern::sync {

struct SyncCounts
{
    qint64 devicesRead = 0;
    qint64 added = 0;
    qint64 changed = 0;
    qint64 removed = 0;
    qint64 notRead
        = 0; // mailboxes whose statistics could not be read; their old values are kept, marked stale
    bool operator==(const SyncCounts&) const = default;
};

// For the job row. `step` is one of "connecting", "organization", "mailboxes", "partnerships", "statistics",
// "deletions", "throttled", "reconnecting"; done and total count mailboxes, total is -1 until they are
// listed.
struct SyncProgress
{
    QString step;
    qint64 done = 0;
    qint64 total = -1;
    SyncCounts counts;
    bool operator==(const SyncProgress&) const = default;
};

struct SyncOptions
{
    bool shrinkConfirmed = false; // an administrator accepted the smaller lists of this run (SYN-06)
    std::chrono::milliseconds resumeWithin
        = std::chrono::hours(24); // the full period; an older run is not continued
    // Between the tries of a page after transient faults (CON-45); the server's own retryAfter comes first.
    std::vector<std::chrono::milliseconds> backOff = {
        std::chrono::minutes(1), std::chrono::minutes(5), std::chrono::minutes(15), std::chrono::minutes(60)};
    QString machine; // of the status messages
    // SYN-01 step 10: what is to be written to Exchange, after everything was read and the guard of SYN-06
    // let it pass. Returns a sentence for the outcome, or nothing. That it fails is said, and does not fail
    // the run: what was read is true.
    std::function<QCoro::Task<Expected<QString>>(std::stop_token)> writes;
};

struct SyncOutcome
{
    JobState state = JobState::Failed; // Succeeded, Failed or Cancelled
    bool complete = false; // every list was whole, deletions were made, the watermark moved (SYN-04)
    bool needsConfirmation = false; // the shrink guard held (SYN-06): run again with shrinkConfirmed
    SyncCounts counts; // also of a run that did not finish
    qint64 mailboxesDone = 0;
    qint64 mailboxes = 0;
    std::optional<Error> error; // why not Succeeded
    QString sentence; // for the job and the connector row
    std::vector<ObjectProblem> problems; // the first 1,000; problemCount has all
    qint64 problemCount = 0;
};

class FullSync
{
public:
    // All outlive the run.
    struct Dependencies
    {
        exchange::ExchangeOrganization& organization;
        store::Store& store;
        tracelog::TraceLogWriter& log;
        const core::Clock& clock;
    };

    FullSync(Connector connector, Dependencies dependencies, SyncOptions options);
    ~FullSync();

    // Once. Opens the organisation, works, closes it. `progress` is called on the service thread, at most
    // every 100 ms and at each step's begin and end. Writes the connector's own columns (state is the
    // caller's), the status messages 30001, 30002, 30004 to 30008, 30015 and the lines of EasDisc.log itself.
    QCoro::Task<SyncOutcome> run(std::function<void(const SyncProgress&)> progress, std::stop_token token);

private:
    class Run;
    std::unique_ptr<Run> m_run;
};

} // namespace postern::sync

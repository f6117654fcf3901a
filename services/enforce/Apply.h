// Brings the open entries of the write journal to their end: the only caller of ExchangeOrganization::apply.
// What a crash or a lost connection left Sent is read back first and settled (resume); then what is planned
// is sent, stage by stage, what gives access before what takes it (SYN-21), one write a target at a time and
// several targets at once; each is read back (SYN-23). A command whose end is not known is never sent again
// before Exchange says that it was not done. Level-triggered: running it twice changes nothing. Service
// thread, one run an object, one run a connector at a time.
#pragma once

#include <QCoroTask>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <stop_token>

#include "models/domain/Connector.h"
#include "models/domain/WriteRecord.h"
#include "services/enforce/Journal.h"
#include "services/exchange/ExchangeOrganization.h"
#include "services/tracelog/TraceLogWriter.h"

namespace postern::enforce {

struct ApplyProgress
{
    QString step; // "settling", "writing"
    qint64 done = 0;
    qint64 total = 0;
};

struct ApplyOutcome
{
    qint64 confirmed = 0;
    qint64 failed = 0;
    qint64 open = 0; // still planned, or written and not yet seen in Exchange
    std::optional<Error> error; // why the run ended early: no connection, no store, cancelled
    QStringList problems; // "contoso.lab/Users/Anna: …", the first 20
    [[nodiscard]] bool isClean() const { return !error && failed == 0 && open == 0; }
};

struct ApplyOptions
{
    // Between the tries of one write after a transient fault; the server's own retryAfter comes first.
    std::vector<std::chrono::milliseconds> backOff = {std::chrono::seconds(2), std::chrono::seconds(10)};
    // SYN-23: how long Exchange may take to show a write before it is sent again, once.
    std::chrono::milliseconds driftAfter = std::chrono::minutes(15);
    QString machine; // of the status messages
};

class Apply
{
public:
    // All outlive the run. `organization` is open.
    struct Dependencies
    {
        exchange::ExchangeOrganization& organization;
        store::Store& store;
        tracelog::TraceLogWriter& log;
        const core::Clock& clock;
    };

    Apply(Connector connector, Dependencies dependencies, ApplyOptions options);

    QCoro::Task<ApplyOutcome> run(std::function<void(const ApplyProgress&)> progress, std::stop_token token);
    // The first half alone: what was under way is read back, nothing is sent. For planners, so that what they
    // want no longer is planned, not Sent, when they say so.
    QCoro::Task<ApplyOutcome> settle(std::stop_token token);

private:
    using Entry = store::JournalEntry;
    using Chain = std::deque<Entry>; // of one target, in order

    QCoro::Task<void> settleAll(std::stop_token token);
    QCoro::Task<void> sendAll(std::vector<Entry> entries, std::stop_token token);
    QCoro::Task<void> inParallel(std::vector<Entry> entries, bool settling, std::stop_token token);
    QCoro::Task<void> worker(std::shared_ptr<std::deque<Chain>> chains, bool settling, std::stop_token token);

    QCoro::Task<Expected<void>> settleOne(Entry entry, std::stop_token token);
    QCoro::Task<Expected<void>> notShown(Entry entry, QString observed);
    QCoro::Task<Expected<void>> send(Entry entry, std::stop_token token);
    QCoro::Task<Expected<bool>> trySend(Entry entry, int attempt, std::stop_token token);
    // What is ours of it (kept in the journal), and what of that has to be sent.
    struct Effective
    {
        ExchangeWrite ours;
        ExchangeWrite command;
        bool needed = true;
    };
    QCoro::Task<Expected<Effective>> effectiveWrite(Entry entry, std::stop_token token);
    QCoro::Task<Expected<bool>> afterFailure(Entry entry, int attempt, Error error, std::stop_token token);
    QCoro::Task<Expected<void>> afterSuccess(Entry entry, std::stop_token token);
    QCoro::Task<Expected<void>> confirm(Entry entry, Observation seen);
    QCoro::Task<Expected<void>> failed(Entry entry, QString problem);
    [[nodiscard]] bool mayGo(const Entry& entry) const;
    QCoro::Task<void> sayEnd();
    QCoro::Task<void> countOpen();
    void trace(tracelog::TraceLine::Type type, const QString& text) const;
    void stepDone();

    const Connector m_connector;
    Dependencies m_with;
    const ApplyOptions m_options;
    Journal m_journal;
    std::function<void(const ApplyProgress&)> m_report;
    ApplyProgress m_progress;
    ApplyOutcome m_outcome;
    std::set<WriteOrigin> m_givingFailed; // settings that would take access must not follow
};

} // namespace postern::enforce

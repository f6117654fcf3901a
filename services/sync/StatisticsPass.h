// SYN-01 step 5: what only the mailboxes know, a hundred mailboxes a batch, as many batches at once as there
// are sessions (SYN-07). Begins while partnerships are still listed, with the owners that were stored; after
// that every mailbox with a partnership that is not done yet, so that nothing depends on what was offered.
// Mailboxes done by an interrupted run are not asked again. Service thread.
#pragma once

#include <unordered_set>

#include "services/store/PartnershipRepository.h"
#include "services/sync/Bell.h"
#include "services/sync/Inactivity.h"
#include "services/sync/SyncContext.h"

namespace postern::sync {

class StatisticsPass
{
public:
    StatisticsPass(SyncContext& context, Inactivity& inactivity);

    // The mailboxes that the interrupted run had done. Before start().
    QCoro::Task<Expected<void>> loadDone(std::stop_token token);
    // Begins to work on what is offered. `workers` batches at most at a time.
    void start(int workers, std::stop_token token);
    void offer(const std::vector<store::MailboxRef>& owners);
    // As offer(), for those that the store would not name: the owners of phones that are held back.
    void require(const std::vector<store::MailboxRef>& owners);
    // Delta: what require() has named is all, and no run is there to remember it in. Before start().
    void requiredOnly() { m_exhausted = true; }
    // The listing has ended: reads the rest, and resumes when all of it is stored. With a failure: no more is
    // begun.
    QCoro::Task<Expected<void>> finish(bool listingFailed);

    [[nodiscard]] qint64 mailboxesDone() const { return m_doneCount; }

private:
    using Batch = std::vector<store::MailboxRef>;
    // A batch whose phones were not all listed when it was read.
    struct Deferred
    {
        std::shared_ptr<const std::vector<store::StatisticsRow>> rows;
        std::vector<MailboxId> read;
    };

    QCoro::Task<Expected<void>> work(std::stop_token token);
    QCoro::Task<Expected<Batch>> nextBatch(std::stop_token token);
    QCoro::Task<Expected<void>> refill(std::stop_token token);
    QCoro::Task<Expected<void>> readBatch(Batch batch, std::stop_token token);
    QCoro::Task<Expected<void>> storeBatch(
        Batch batch, exchange::StatisticsBatch answer, std::stop_token token);
    QCoro::Task<Expected<void>> applyDeferred(std::stop_token token);
    [[nodiscard]] std::vector<store::StatisticsRow> rowsOf(
        const Batch& batch, std::vector<PartnershipStatistics> items);
    [[nodiscard]] std::vector<MailboxId> notReadOf(
        const Batch& batch, const std::vector<ObjectProblem>& problems);
    void countDone(qint64 mailboxes);

    SyncContext& m_context;
    Inactivity& m_inactivity;
    std::vector<QCoro::Task<Expected<void>>> m_workers;
    std::stop_source m_stop; // ours: a worker that fails stops the others
    std::optional<std::stop_callback<std::function<void()>>> m_outer;
    Bell m_bell;
    std::vector<store::MailboxRef> m_queue;
    std::unordered_set<qint64> m_taken; // asked in this run, or done by the interrupted one
    std::vector<Deferred> m_deferred;
    size_t m_deferredRows = 0;
    MailboxId m_cursor; // of the reading of what was not offered
    bool m_refilling = false;
    bool m_exhausted = false; // the reading has come to its end
    qint64 m_doneCount = 0;
    qint64 m_statisticsChanged = 0;
};

} // namespace postern::sync

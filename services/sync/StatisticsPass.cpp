#include "services/sync/StatisticsPass.h"

#include "services/store/SyncRunRepository.h"

namespace postern::sync {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t mailboxesABatch = 100; // SYN-07
constexpr size_t queueLimit = 20'000; // what is not queued is found by the reading afterwards
constexpr size_t deferredLimit = 10'000;
constexpr int refillSize = 1000;

} // namespace

StatisticsPass::StatisticsPass(SyncContext& context, Inactivity& inactivity)
    : m_context(context)
    , m_inactivity(inactivity)
{
}

QCoro::Task<Expected<void>> StatisticsPass::loadDone(std::stop_token token)
{
    const store::SyncRunId run = m_context.run.id;
    auto work
        = [run](store::Session& session) { return store::SyncRunRepository(session).doneMailboxes(run); };
    const Expected<std::vector<MailboxId>> done = co_await m_context.write(std::move(work), token);
    if (!done)
        co_return fail(done.error());
    for (const MailboxId id : *done)
        m_taken.insert(id.value);
    countDone(qint64(done->size()));
    co_return Expected<void>();
}

void StatisticsPass::start(int workers, std::stop_token token)
{
    m_outer.emplace(token, [this] { m_stop.request_stop(); });
    for (int i = 0; i < workers; ++i)
        m_workers.push_back(work(m_stop.get_token()));
}

void StatisticsPass::offer(const std::vector<store::MailboxRef>& owners)
{
    for (const store::MailboxRef& owner : owners) {
        if (m_queue.size() >= queueLimit)
            break;
        if (m_taken.insert(owner.id.value).second)
            m_queue.push_back(owner);
    }
    if (m_queue.size() >= mailboxesABatch)
        m_bell.ring();
}

void StatisticsPass::require(const std::vector<store::MailboxRef>& owners)
{
    for (const store::MailboxRef& owner : owners) {
        if (m_taken.insert(owner.id.value).second)
            m_queue.push_back(owner);
    }
}

QCoro::Task<Expected<void>> StatisticsPass::finish(bool listingFailed)
{
    Expected<void> outcome;
    if (listingFailed) {
        m_stop.request_stop();
    } else {
        m_context.partnershipsListed = true; // from here on a batch that is stored defers nothing
        m_context.step(u"statistics"_s);
        const Expected<void> applied = co_await applyDeferred(m_stop.get_token());
        if (!applied) {
            outcome = applied;
            m_stop.request_stop();
        }
    }
    m_bell.ring();
    for (QCoro::Task<Expected<void>>& worker : m_workers) {
        const Expected<void> ended = co_await std::move(worker);
        // The first real fault counts, not the cancellations that follow from it.
        if (!ended && (outcome || outcome.error().code == ErrorCode::Cancelled))
            outcome = ended;
    }
    m_workers.clear();
    m_outer.reset();
    co_return outcome;
}

QCoro::Task<Expected<void>> StatisticsPass::work(std::stop_token token)
{
    while (!token.stop_requested()) {
        Expected<Batch> batch = co_await nextBatch(token);
        if (!batch)
            co_return fail(batch.error());
        if (batch->empty())
            co_return Expected<void>();
        const Expected<void> read = co_await readBatch(std::move(*batch), token);
        if (!read) {
            m_stop.request_stop();
            m_bell.ring();
            co_return read;
        }
    }
    co_return fail(ErrorCode::Cancelled, {}, u"reading statistics"_s);
}

// Empty when there is no more.
QCoro::Task<Expected<StatisticsPass::Batch>> StatisticsPass::nextBatch(std::stop_token token)
{
    while (!token.stop_requested()) {
        const bool whole = m_queue.size() >= mailboxesABatch || m_exhausted;
        if (whole && !m_queue.empty()) {
            const size_t count = std::min(mailboxesABatch, m_queue.size());
            Batch batch(m_queue.end() - qsizetype(count), m_queue.end());
            m_queue.resize(m_queue.size() - count);
            co_return batch;
        }
        if (m_exhausted)
            co_return Batch();
        if (m_context.partnershipsListed && !m_refilling) {
            const Expected<void> filled = co_await refill(token);
            if (!filled)
                co_return fail(filled.error());
            continue;
        }
        co_await m_bell.wait(token);
    }
    co_return fail(ErrorCode::Cancelled, {}, u"reading statistics"_s);
}

// The next mailboxes with a partnership, from the store; those already taken are passed over.
QCoro::Task<Expected<void>> StatisticsPass::refill(std::stop_token token)
{
    m_refilling = true;
    const ConnectorId connector = m_context.connector.id;
    const MailboxId after = m_cursor;
    auto work = [connector, after](store::Session& session) {
        return store::MailboxRepository(session).withPartnerships(connector, after, refillSize);
    };
    const Expected<std::vector<store::MailboxRef>> found = co_await m_context.write(std::move(work), token);
    m_refilling = false;
    if (!found) {
        m_bell.ring();
        co_return fail(found.error());
    }
    for (const store::MailboxRef& mailbox : *found) {
        const bool isInside = !m_context.scope || m_context.scope->contains(mailbox.identity);
        if (isInside && m_taken.insert(mailbox.id.value).second)
            m_queue.push_back(mailbox);
    }
    if (!found->empty())
        m_cursor = found->back().id;
    m_exhausted = found->size() < size_t(refillSize);
    m_bell.ring();
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> StatisticsPass::readBatch(Batch batch, std::stop_token token)
{
    Attempts attempts;
    for (;;) {
        std::vector<QString> identities;
        identities.reserve(batch.size());
        for (const store::MailboxRef& mailbox : batch)
            identities.push_back(mailbox.identity);
        Expected<exchange::StatisticsBatch> answer
            = co_await m_context.with.organization.statistics(std::move(identities), token);
        if (answer) {
            const Expected<void> stored = co_await storeBatch(std::move(batch), std::move(*answer), token);
            co_return stored;
        }
        const Error error = answer.error();
        const bool again = co_await m_context.waitOut(&attempts, u"reading statistics"_s, error, token);
        if (!again)
            co_return fail(
                token.stop_requested() ? Error{ErrorCode::Cancelled, {}, error.origin, {}} : error);
    }
}

QCoro::Task<Expected<void>> StatisticsPass::storeBatch(
    Batch batch, exchange::StatisticsBatch answer, std::stop_token token)
{
    for (const ObjectProblem& problem : answer.objectProblems)
        m_context.problem(problem);
    const std::vector<MailboxId> notRead = notReadOf(batch, answer.problems);
    m_inactivity.keep(notRead);
    std::vector<MailboxId> read;
    for (const store::MailboxRef& mailbox : batch) {
        if (std::find(notRead.begin(), notRead.end(), mailbox.id) == notRead.end())
            read.push_back(mailbox.id);
    }
    auto rows
        = std::make_shared<const std::vector<store::StatisticsRow>>(rowsOf(batch, std::move(answer.items)));
    const bool mayDefer = !m_context.partnershipsListed && m_deferredRows < deferredLimit;
    const ConnectorId connector = m_context.connector.id;
    const store::SyncRunId run = m_context.run.id;
    const QDateTime now = m_context.with.clock.now();
    auto work = [=](store::Session& session) -> Expected<store::StatisticsCounts> {
        store::PartnershipRepository partnerships(session);
        auto counts = partnerships.applyStatistics(connector, *rows, now);
        if (!counts)
            return counts;
        if (auto marked = partnerships.markNotRead(notRead); !marked)
            return tl::unexpected(marked.error());
        // Some of its phones may still come with the listing: then it is not done yet.
        if ((counts->unknown > 0 && mayDefer) || !run.isValid())
            return counts;
        if (auto done = store::SyncRunRepository(session).markMailboxesDone(run, read); !done)
            return tl::unexpected(done.error());
        return counts;
    };
    const Expected<store::StatisticsCounts> stored = co_await m_context.write(std::move(work), token);
    if (!stored)
        co_return fail(stored.error());
    m_statisticsChanged += stored->changed;
    if (stored->unknown > 0 && mayDefer) {
        m_deferredRows += rows->size();
        m_deferred.push_back({rows, read});
        // The listing may have ended while this was written.
        if (m_context.partnershipsListed) {
            const Expected<void> applied = co_await applyDeferred(token);
            if (!applied)
                co_return applied;
        }
    }
    countDone(qint64(batch.size()));
    co_return Expected<void>();
}

// Statistics of phones that the listing had not brought yet when they were read.
QCoro::Task<Expected<void>> StatisticsPass::applyDeferred(std::stop_token token)
{
    const std::vector<Deferred> deferred = std::exchange(m_deferred, {});
    m_deferredRows = 0;
    const ConnectorId connector = m_context.connector.id;
    const store::SyncRunId run = m_context.run.id;
    const QDateTime now = m_context.with.clock.now();
    for (size_t i = 0; i < deferred.size(); ++i) {
        const Deferred batch = deferred.at(i);
        auto work = [=](store::Session& session) -> Expected<store::StatisticsCounts> {
            auto counts = store::PartnershipRepository(session).applyStatistics(connector, *batch.rows, now);
            if (!counts)
                return counts;
            if (auto done = store::SyncRunRepository(session).markMailboxesDone(run, batch.read); !done)
                return tl::unexpected(done.error());
            return counts;
        };
        const Expected<store::StatisticsCounts> stored = co_await m_context.write(std::move(work), token);
        if (!stored)
            co_return fail(stored.error());
        m_statisticsChanged += stored->changed;
    }
    co_return Expected<void>();
}

std::vector<store::StatisticsRow> StatisticsPass::rowsOf(
    const Batch& batch, std::vector<PartnershipStatistics> items)
{
    QHash<QString, MailboxId> owners;
    for (const store::MailboxRef& mailbox : batch)
        owners.insert(mailbox.identity.toCaseFolded(), mailbox.id);
    std::vector<store::StatisticsRow> rows;
    rows.reserve(items.size());
    for (PartnershipStatistics& statistics : items) {
        MailboxId owner = owners.value(statistics.ownerIdentity.toCaseFolded());
        if (!owner.isValid())
            owner = m_context.mailboxes.find(statistics.ownerIdentity);
        if (owner.isValid())
            m_inactivity.see(rows.emplace_back(store::StatisticsRow{owner, std::move(statistics)}));
        else
            m_context.problem(
                {statistics.deviceIdentity, u"statistics of a mailbox that was not asked for"_s});
    }
    return rows;
}

std::vector<MailboxId> StatisticsPass::notReadOf(
    const Batch& batch, const std::vector<ObjectProblem>& problems)
{
    std::vector<MailboxId> notRead;
    for (const ObjectProblem& problem : problems) {
        for (const store::MailboxRef& mailbox : batch) {
            if (mailbox.identity.compare(problem.object, Qt::CaseInsensitive) == 0)
                notRead.push_back(mailbox.id);
        }
        m_context.trace(tracelog::lines::mailboxNotRead(problem.object, problem.reason));
        m_context.problem({problem.object, u"not read: %1"_s.arg(problem.reason)});
    }
    m_context.progress.counts.notRead += qint64(problems.size());
    return notRead;
}

void StatisticsPass::countDone(qint64 mailboxes)
{
    m_doneCount += mailboxes;
    m_context.progress.done = m_doneCount;
    m_context.report();
}

} // namespace postern::sync

#include "services/sync/Completion.h"

#include "services/core/Logging.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/SyncRunRepository.h"

namespace postern::sync {

using namespace Qt::StringLiterals;

namespace {

constexpr int keepGoneDays = 30; // SYN-19
constexpr qint64 guardPercent = 80; // SYN-06

bool shrank(qint64 previous, qint64 now)
{
    return now * 100 < previous * guardPercent;
}

struct Ended
{
    qint64 devices = 0;
    qint64 removed = 0;
    qint64 mailboxes = 0;
};

// Both listings' absentees. A mailbox goes only when its phones may, or their rows would point to nobody.
Expected<qint64> markGone(
    store::Session& session, const store::SyncRun& run, const Listed& listed, const QDateTime& now)
{
    if (!listed.partnershipsComplete)
        return 0;
    store::PartnershipRepository partnerships(session);
    auto gone = partnerships.markGone(run.connectorId, run.id, now);
    if (!gone)
        return tl::unexpected(gone.error());
    if (auto purged = partnerships.purgeGone(now.addDays(-keepGoneDays)); !purged)
        return tl::unexpected(purged.error());
    if (!listed.mailboxesComplete)
        return qint64(*gone);
    store::MailboxRepository mailboxes(session);
    if (auto marked = mailboxes.markGone(run.connectorId, run.id, now); !marked)
        return tl::unexpected(marked.error());
    if (auto purged = mailboxes.purgeGone(now.addDays(-keepGoneDays)); !purged)
        return tl::unexpected(purged.error());
    return qint64(*gone);
}

} // namespace

std::optional<GuardFinding> shrinkGuard(const Previous& previous, const Listed& listed)
{
    if (shrank(previous.partnerships, listed.partnerships))
        return GuardFinding{u"partnerships"_s, previous.partnerships, listed.partnerships};
    if (shrank(previous.mailboxes, listed.mailboxes))
        return GuardFinding{u"mailboxes"_s, previous.mailboxes, listed.mailboxes};
    return std::nullopt;
}

Completion::Completion(SyncContext& context)
    : m_context(context)
{
}

QCoro::Task<Expected<Previous>> Completion::previous(std::stop_token token)
{
    const ConnectorId connector = m_context.connector.id;
    auto work = [connector](store::Session& session) -> Expected<Previous> {
        auto partnerships = store::PartnershipRepository(session).counts(connector);
        if (!partnerships)
            return tl::unexpected(partnerships.error());
        auto mailboxes = store::MailboxRepository(session).count(connector);
        if (!mailboxes)
            return tl::unexpected(mailboxes.error());
        Previous found;
        found.mailboxes = *mailboxes;
        found.partnerships = partnerships->present;
        return found;
    };
    Expected<Previous> found = co_await m_context.write(std::move(work), token);
    co_return found;
}

QCoro::Task<Expected<qint64>> Completion::partnershipsSeen(std::stop_token token)
{
    const ConnectorId connector = m_context.connector.id;
    const store::SyncRunId run = m_context.run.id;
    auto work = [connector, run](store::Session& session) -> Expected<qint64> {
        store::PartnershipRepository partnerships(session);
        auto counts = partnerships.counts(connector);
        if (!counts)
            return tl::unexpected(counts.error());
        auto unseen = partnerships.countUnseen(connector, run);
        if (!unseen)
            return tl::unexpected(unseen.error());
        return counts->present - *unseen;
    };
    Expected<qint64> seen = co_await m_context.write(std::move(work), token);
    co_return seen;
}

QCoro::Task<Expected<void>> Completion::commit(
    Listed listed, std::function<QString(const SyncCounts&)> sentence, std::stop_token token)
{
    const store::SyncRun run = m_context.run;
    const QDateTime now = m_context.with.clock.now();
    const SyncCounts soFar = m_context.progress.counts;
    auto work = [=](store::Session& session) -> Expected<Ended> {
        auto gone = markGone(session, run, listed, now);
        if (!gone)
            return tl::unexpected(gone.error());
        auto partnerships = store::PartnershipRepository(session).counts(run.connectorId);
        auto mailboxes = store::MailboxRepository(session).count(run.connectorId);
        if (!partnerships || !mailboxes)
            return tl::unexpected(partnerships ? mailboxes.error() : partnerships.error());
        Ended ended;
        ended.devices = partnerships->present;
        ended.removed = *gone;
        ended.mailboxes = *mailboxes;
        SyncCounts counts = soFar;
        counts.devicesRead = ended.devices;
        counts.removed = ended.removed;
        store::SyncOutcome outcome;
        outcome.start = run.startedAt;
        outcome.end = now;
        outcome.result = sentence(counts);
        outcome.watermark = run.startedAt; // SYN-04: the start, not the end
        outcome.deviceCount = int(ended.devices);
        outcome.mailboxCount = int(ended.mailboxes);
        if (auto recorded = store::ConnectorRepository(session).recordSync(run.connectorId, outcome);
            !recorded)
            return tl::unexpected(recorded.error());
        if (auto finished = store::SyncRunRepository(session).finish(run.id); !finished)
            return tl::unexpected(finished.error());
        return ended;
    };
    const Expected<Ended> ended = co_await m_context.write(std::move(work), token);
    if (!ended)
        co_return fail(ended.error());
    m_context.progress.counts.devicesRead = ended->devices;
    m_context.progress.counts.removed = ended->removed;
    co_return Expected<void>();
}

QCoro::Task<void> Completion::recordFailure(QString sentence)
{
    const ConnectorId connector = m_context.connector.id;
    store::SyncOutcome outcome;
    outcome.start = m_context.run.startedAt.isValid() ? m_context.run.startedAt : m_context.with.clock.now();
    outcome.end = m_context.with.clock.now();
    outcome.result = sentence;
    auto work = [connector, outcome](store::Session& session) -> Expected<bool> {
        if (auto recorded = store::ConnectorRepository(session).recordSync(connector, outcome); !recorded)
            return tl::unexpected(recorded.error());
        return true;
    };
    auto future = m_context.with.store.write(std::move(work));
    const Expected<bool> recorded = co_await future;
    if (!recorded)
        qCWarning(core::logSync).noquote()
            << "the end of a run is not recorded:" << recorded.error().toLogText();
}

} // namespace postern::sync

#include "services/sync/Completion.h"

#include <QSet>

#include "services/core/Logging.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/SyncRunIds.h"
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

// What the site has of the connector and no list of this run could have: outside of its containers (CON-16),
// or clients that the older cmdlet does not know (SYN-08).
struct Outside
{
    std::vector<MailboxId> mailboxes;
    std::vector<PartnershipId> partnerships;
};

Expected<Outside> outsideOf(
    store::Session& session, ConnectorId connector, const exchange::ContainerScope& scope, bool everyClient)
{
    Outside outside;
    if (!everyClient) {
        auto others = store::PartnershipRepository(session).presentOfOtherClients(connector);
        if (!others)
            return tl::unexpected(others.error());
        outside.partnerships = std::move(*others);
    }
    if (scope.isWhole())
        return outside;
    QSet<qint64> owners;
    auto take = [&](MailboxId mailbox, const QString& identity) {
        if (scope.contains(identity))
            return;
        outside.mailboxes.push_back(mailbox);
        owners.insert(mailbox.value);
    };
    if (auto read = store::MailboxRepository(session).eachPresent(connector, take); !read)
        return tl::unexpected(read.error());
    auto takeOwned = [&](PartnershipId partnership, MailboxId owner) {
        if (owners.contains(owner.value))
            outside.partnerships.push_back(partnership);
    };
    if (auto read = store::PartnershipRepository(session).eachPresent(connector, takeOwned); !read)
        return tl::unexpected(read.error());
    return outside;
}

template <class Id> std::vector<qint64> valuesOf(const std::vector<Id>& ids)
{
    std::vector<qint64> values;
    values.reserve(ids.size());
    for (const Id id : ids)
        values.push_back(id.value);
    return values;
}

// What is outside counts as seen: that no list had it says nothing about it.
Expected<void> excuse(store::Session& session, const store::SyncRun& run, const Outside& outside)
{
    if (outside.partnerships.empty() && outside.mailboxes.empty())
        return {};
    auto seen
        = store::addRunIds(session, run.id, store::SeenKind::Partnerships, valuesOf(outside.partnerships));
    return seen ? store::addRunIds(session, run.id, store::SeenKind::Mailboxes, valuesOf(outside.mailboxes))
                : seen;
}

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

// Marks gone what was not listed and what is inactive, and counts what the run has come to: a phone that came
// and went within it is neither added nor removed, one that the listing and the statistics changed is changed
// once.
Expected<void> removeAbsent(store::Session& session, const store::SyncRun& run, const Listed& listed,
    const Outside& outside, const std::optional<QDateTime>& inactiveBefore, const Previous& previous,
    const QDateTime& now, SyncCounts& counts)
{
    store::PartnershipRepository partnerships(session);
    // Stale first: nothing newer will come for them, so they are no more inactive than they were.
    auto stale = partnerships.markNotRead(outside.mailboxes);
    if (!stale)
        return tl::unexpected(stale.error());
    if (auto excused = excuse(session, run, outside); !excused)
        return excused;
    auto gone = markGone(session, run, listed, now);
    if (!gone)
        return tl::unexpected(gone.error());
    counts.removed = *gone;
    if (inactiveBefore) {
        auto inactive = partnerships.markInactive(run.connectorId, *inactiveBefore, previous.newest, now);
        if (!inactive)
            return tl::unexpected(inactive.error());
        counts.added = std::max<qint64>(0, counts.added - inactive->ofNewOnes);
        counts.removed += inactive->marked - inactive->ofNewOnes;
    }
    auto present = partnerships.counts(run.connectorId);
    auto touched = partnerships.changedAfter(run.connectorId, previous.revision);
    if (!present || !touched)
        return tl::unexpected(present ? touched.error() : present.error());
    counts.devicesRead = present->present - qint64(outside.partnerships.size());
    counts.changed = std::max<qint64>(0, *touched - *stale - counts.added);
    return {};
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
    if (!m_context.scope)
        co_return fail(m_context.scope.error());
    const ConnectorId connector = m_context.connector.id;
    const exchange::ContainerScope scope = *m_context.scope;
    auto work = [connector, scope](store::Session& session) -> Expected<Previous> {
        auto partnerships = store::PartnershipRepository(session).counts(connector);
        if (!partnerships)
            return tl::unexpected(partnerships.error());
        auto mailboxes = store::MailboxRepository(session).count(connector);
        if (!mailboxes)
            return tl::unexpected(mailboxes.error());
        auto outside = outsideOf(session, connector, scope, true);
        if (!outside)
            return tl::unexpected(outside.error());
        Previous found;
        found.mailboxes = *mailboxes - qint64(outside->mailboxes.size());
        found.partnerships = partnerships->present - qint64(outside->partnerships.size());
        auto newest = store::PartnershipRepository(session).newestId();
        auto revision = store::currentRevision(session);
        if (!newest || !revision)
            return tl::unexpected(newest ? revision.error() : newest.error());
        found.newest = *newest;
        found.revision = *revision;
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

QCoro::Task<Expected<void>> Completion::commit(Previous previous, Listed listed,
    std::optional<QDateTime> inactiveBefore, std::function<QString(const SyncCounts&)> sentence,
    std::stop_token token)
{
    const store::SyncRun run = m_context.run;
    const QDateTime now = m_context.with.clock.now();
    const SyncCounts soFar = m_context.progress.counts;
    const exchange::ContainerScope scope = *m_context.scope; // previous() has seen that it is one
    const bool everyClient = m_context.with.organization.listsEveryClient();
    auto work = [=](store::Session& session) -> Expected<SyncCounts> {
        SyncCounts counts = soFar;
        auto outside = outsideOf(session, run.connectorId, scope, everyClient);
        if (!outside)
            return tl::unexpected(outside.error());
        if (auto removed
            = removeAbsent(session, run, listed, *outside, inactiveBefore, previous, now, counts);
            !removed)
            return tl::unexpected(removed.error());
        auto mailboxes = store::MailboxRepository(session).count(run.connectorId);
        if (!mailboxes)
            return tl::unexpected(mailboxes.error());
        store::SyncOutcome outcome;
        outcome.start = run.startedAt;
        outcome.end = now;
        outcome.result = sentence(counts);
        outcome.watermark = run.startedAt; // SYN-04: the start, not the end
        outcome.deviceCount = int(counts.devicesRead + qint64(outside->partnerships.size()));
        outcome.mailboxCount = int(*mailboxes);
        if (auto recorded = store::ConnectorRepository(session).recordSync(run.connectorId, outcome);
            !recorded)
            return tl::unexpected(recorded.error());
        if (auto finished = store::SyncRunRepository(session).finish(run.id); !finished)
            return tl::unexpected(finished.error());
        return counts;
    };
    const Expected<SyncCounts> counts = co_await m_context.write(std::move(work), token);
    if (!counts)
        co_return fail(counts.error());
    m_context.progress.counts = *counts;
    co_return Expected<void>();
}

QCoro::Task<void> Completion::recordFailure(QString sentence, SyncKind kind)
{
    const ConnectorId connector = m_context.connector.id;
    store::SyncOutcome outcome;
    outcome.kind = kind;
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

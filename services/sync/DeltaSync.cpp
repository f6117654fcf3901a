#include "services/sync/DeltaSync.h"

#include <QSet>

#include "models/base/ErrorText.h"
#include "services/store/ConnectorRepository.h"
#include "services/sync/Completion.h"
#include "services/sync/KnownNames.h"
#include "services/sync/MailboxPass.h"
#include "services/sync/StatisticsPass.h"

namespace postern::sync {

using namespace Qt::StringLiterals;

namespace {

Error cancelledOr(const Error& error, const std::stop_token& token)
{
    return token.stop_requested() ? Error{ErrorCode::Cancelled, {}, error.origin, {}} : error;
}

} // namespace

class DeltaSync::Run
{
public:
    Run(Connector connector, FullSync::Dependencies dependencies, SyncOptions options)
        : m_connector(connector)
        , m_context(std::move(connector), dependencies, std::move(options),
              [this](const SyncProgress& now) {
                  if (m_report)
                      m_report(now);
              })
        , m_mailboxes(m_context)
        , m_inactivity(m_context)
        , m_since(m_connector.watermark.value_or(QDateTime()).addSecs(-overlapSeconds))
    {
    }

    QCoro::Task<SyncOutcome> run(std::function<void(const SyncProgress&)> report, std::stop_token token);

private:
    static constexpr qint64 overlapSeconds = std::chrono::seconds(overlap).count();

    QCoro::Task<Expected<void>> steps(std::stop_token token);
    QCoro::Task<Expected<void>> open(std::stop_token token);
    QCoro::Task<Expected<void>> load(std::stop_token token);
    QCoro::Task<Expected<void>> readMailboxes(std::stop_token token);
    QCoro::Task<Expected<void>> storeMailboxes(std::vector<Mailbox> rows, std::stop_token token);
    QCoro::Task<Expected<void>> readPartnerships(std::stop_token token);
    QCoro::Task<Expected<void>> storePartnerships(std::vector<Partnership> items, std::stop_token token);
    QCoro::Task<Expected<MailboxId>> ownerOf(QString identity, std::stop_token token);
    QCoro::Task<Expected<void>> readStatistics(std::stop_token token);
    QCoro::Task<Expected<void>> complete(std::stop_token token);
    QCoro::Task<void> sayEnd(Error error);
    // Reads a listing to its end, from its start again after a fault that may pass.
    template <class T>
    QCoro::Task<Expected<void>> readAll(std::unique_ptr<exchange::PageReader<T>> (Run::*begin)(),
        QCoro::Task<Expected<void>> (Run::*store)(std::vector<T>, std::stop_token), QString what,
        std::stop_token token);
    template <class T>
    QCoro::Task<Expected<void>> readOnce(std::unique_ptr<exchange::PageReader<T>> (Run::*begin)(),
        QCoro::Task<Expected<void>> (Run::*store)(std::vector<T>, std::stop_token), std::stop_token token);
    std::unique_ptr<exchange::PageReader<Mailbox>> changedMailboxes()
    {
        return m_context.with.organization.readMailboxesChangedSince(m_since);
    }
    std::unique_ptr<exchange::PageReader<Partnership>> changedPartnerships()
    {
        m_inactivity.restart();
        m_context.progress.counts.devicesRead = 0;
        return m_context.with.organization.readPartnershipsChangedSince(m_since);
    }

    const Connector m_connector;
    std::function<void(const SyncProgress&)> m_report;
    SyncContext m_context;
    MailboxPass m_mailboxes; // looks up single ones
    Inactivity m_inactivity;
    const QDateTime m_since;
    QDateTime m_begun;
    qint64 m_revisionBefore = 0;
    std::vector<store::MailboxRef> m_owners; // whose statistics are due
    QSet<qint64> m_ownerIds;
    QSet<QString> m_unknownOwners;
    SyncOutcome m_outcome;
};

DeltaSync::DeltaSync(Connector connector, FullSync::Dependencies dependencies, SyncOptions options)
    : m_run(std::make_unique<Run>(std::move(connector), dependencies, std::move(options)))
{
}

DeltaSync::~DeltaSync() = default;

QCoro::Task<SyncOutcome> DeltaSync::run(
    std::function<void(const SyncProgress&)> progress, std::stop_token token)
{
    SyncOutcome outcome = co_await m_run->run(std::move(progress), token);
    co_return outcome;
}

QCoro::Task<SyncOutcome> DeltaSync::Run::run(
    std::function<void(const SyncProgress&)> report, std::stop_token token)
{
    m_report = std::move(report);
    m_begun = m_context.with.clock.now();
    m_context.run.startedAt = m_begun;
    const Expected<void> done = co_await steps(token);
    co_await m_context.with.organization.close();
    m_outcome.counts = m_context.progress.counts;
    m_outcome.mailboxesDone = m_context.progress.done;
    m_outcome.mailboxes = std::max<qint64>(0, m_context.progress.total);
    m_outcome.problems = std::move(m_context.problems);
    m_outcome.problemCount = m_context.problemCount;
    if (done) {
        m_outcome.state = JobState::Succeeded;
        m_outcome.complete = true;
    } else {
        Error error = cancelledOr(done.error(), token);
        co_await sayEnd(std::move(error));
    }
    m_context.report(true);
    co_return std::move(m_outcome);
}

QCoro::Task<Expected<void>> DeltaSync::Run::steps(std::stop_token token)
{
    if (!m_connector.watermark)
        co_return fail(ErrorCode::InvalidInput, u"a full synchronization has to succeed before"_s,
            u"delta synchronization"_s);
    Expected<void> went = co_await open(token);
    if (went)
        went = co_await load(token);
    if (went)
        went = co_await readMailboxes(token);
    if (went)
        went = co_await readPartnerships(token);
    if (went)
        went = co_await readStatistics(token);
    if (went)
        went = co_await complete(token);
    co_return went;
}

QCoro::Task<Expected<void>> DeltaSync::Run::open(std::stop_token token)
{
    m_context.step(u"connecting"_s);
    Attempts attempts;
    Expected<OrganizationInfo> organization = fail(ErrorCode::Internal, {}, {});
    for (;;) {
        organization = co_await m_context.with.organization.open(token);
        if (organization)
            break;
        // As in a full: a server that asks for time gets it, the rest is the schedule's business (CON-45).
        if (organization.error().code != ErrorCode::ServerBusy
            && organization.error().code != ErrorCode::TooManySessions)
            co_return fail(organization.error());
        const bool again
            = co_await m_context.waitOut(&attempts, u"connecting"_s, organization.error(), token);
        if (!again)
            co_return fail(organization.error());
    }
    if (m_connector.organizationId != organization->id)
        co_return fail(ErrorCode::Conflict,
            u"the server now belongs to organization %1, the connector to %2"_s.arg(
                organization->name, m_connector.organizationName),
            m_context.with.organization.address());
    m_context.trace(tracelog::lines::deltaSyncStarted(*m_connector.watermark));
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> DeltaSync::Run::load(std::stop_token token)
{
    // Not Completion::previous(): it counts every row, and a delta is over before that is done.
    auto newest = [](store::Session& session) { return store::currentRevision(session); };
    const Expected<qint64> revision = co_await m_context.write(std::move(newest), token);
    if (!revision)
        co_return fail(revision.error());
    m_revisionBefore = *revision;
    const ConnectorId connector = m_connector.id;
    auto work = [connector](store::Session& session) {
        return store::MailboxRepository(session).loadKeyMap(connector);
    };
    Expected<store::MailboxKeyMap> known = co_await m_context.write(std::move(work), token);
    if (!known)
        co_return fail(known.error());
    m_context.mailboxes = std::move(*known);
    const Expected<void> inactive = co_await m_inactivity.load(token);
    co_return inactive;
}

template <class T>
QCoro::Task<Expected<void>> DeltaSync::Run::readAll(std::unique_ptr<exchange::PageReader<T>> (Run::*begin)(),
    QCoro::Task<Expected<void>> (Run::*store)(std::vector<T>, std::stop_token), QString what,
    std::stop_token token)
{
    Attempts attempts;
    for (;;) {
        const Expected<void> read = co_await readOnce(begin, store, token);
        if (read)
            co_return read;
        const bool again = co_await m_context.waitOut(&attempts, what, read.error(), token);
        if (!again)
            co_return fail(cancelledOr(read.error(), token));
    }
}

// Lists of changes are short: a page is stored before the next one is taken.
template <class T>
QCoro::Task<Expected<void>> DeltaSync::Run::readOnce(std::unique_ptr<exchange::PageReader<T>> (Run::*begin)(),
    QCoro::Task<Expected<void>> (Run::*store)(std::vector<T>, std::stop_token), std::stop_token token)
{
    auto reader = (this->*begin)();
    for (bool last = false; !last;) {
        Expected<exchange::Page<T>> page = co_await reader->next(token);
        if (!page)
            co_return fail(page.error());
        last = page->last;
        for (const ObjectProblem& problem : page->problems)
            m_context.problem(problem);
        std::vector<T> items = std::move(page->items);
        if (items.empty())
            continue;
        const Expected<void> stored = co_await (this->*store)(std::move(items), token);
        if (!stored)
            co_return stored;
        m_context.report();
    }
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> DeltaSync::Run::readMailboxes(std::stop_token token)
{
    m_context.step(u"mailboxes"_s);
    QString what = u"reading changed mailboxes"_s;
    const Expected<void> read
        = co_await readAll<Mailbox>(&Run::changedMailboxes, &Run::storeMailboxes, std::move(what), token);
    co_return read;
}

QCoro::Task<Expected<void>> DeltaSync::Run::storeMailboxes(std::vector<Mailbox> rows, std::stop_token token)
{
    const ConnectorId connector = m_connector.id;
    std::vector<MailboxId> known;
    known.reserve(rows.size());
    for (const Mailbox& row : rows)
        known.push_back(m_context.mailboxes.find(row.identity));
    auto shared = std::make_shared<std::vector<Mailbox>>(std::move(rows));
    auto work = [shared, known, connector](store::Session& session) -> Expected<store::MailboxPage> {
        if (auto kept = keepKnownNames(session, known, *shared); !kept)
            return tl::unexpected(kept.error());
        return store::MailboxRepository(session).upsertPage(connector, store::SyncRunId(), *shared);
    };
    const Expected<store::MailboxPage> stored = co_await m_context.write(std::move(work), token);
    if (!stored)
        co_return fail(stored.error());
    for (size_t i = 0; i < stored->ids.size(); ++i)
        m_context.mailboxes.insert(shared->at(i).identity, stored->ids.at(i));
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> DeltaSync::Run::readPartnerships(std::stop_token token)
{
    m_context.step(u"partnerships"_s);
    QString what = u"reading changed partnerships"_s;
    const Expected<void> read = co_await readAll<Partnership>(
        &Run::changedPartnerships, &Run::storePartnerships, std::move(what), token);
    co_return read;
}

// Invalid: Exchange does not know it, which says nothing about its phones here (SYN-05).
QCoro::Task<Expected<MailboxId>> DeltaSync::Run::ownerOf(QString identity, std::stop_token token)
{
    const MailboxId known = m_context.mailboxes.find(identity);
    const QString key = identity.toCaseFolded();
    if (known.isValid() || m_unknownOwners.contains(key))
        co_return known;
    const Expected<MailboxId> found = co_await m_mailboxes.lookUp(identity, token);
    if (found || found.error().code != ErrorCode::NotFound)
        co_return found;
    m_unknownOwners.insert(key);
    m_context.problem({identity, u"the owner could not be read: %1"_s.arg(found.error().detail)});
    co_return MailboxId();
}

QCoro::Task<Expected<void>> DeltaSync::Run::storePartnerships(
    std::vector<Partnership> items, std::stop_token token)
{
    auto rows = std::make_shared<std::vector<store::PartnershipRow>>();
    for (size_t i = 0; i < items.size(); ++i) {
        Partnership partnership = std::move(items[i]);
        // In a whole list most are older; those are only compared with the store.
        const bool changed = !partnership.whenChanged || *partnership.whenChanged >= m_since;
        const QString identity = partnership.ownerIdentity;
        const Expected<MailboxId> owner = co_await ownerOf(identity, token);
        if (!owner)
            co_return fail(owner.error());
        if (!owner->isValid())
            continue;
        if (changed && !m_ownerIds.contains(owner->value)) {
            m_ownerIds.insert(owner->value);
            m_owners.push_back({*owner, QUuid(), identity});
        }
        store::PartnershipRow row{*owner, std::move(partnership)};
        // CON-15: it comes back when its statistics say so.
        const bool heldBack = changed ? m_inactivity.hold(row) : m_inactivity.knows(row);
        if (!heldBack)
            rows->push_back(std::move(row));
    }
    const ConnectorId connector = m_connector.id;
    const QDateTime now = m_context.with.clock.now();
    auto work = [rows, connector, now](store::Session& session) {
        return store::PartnershipRepository(session).upsertPage(connector, store::SyncRunId(), *rows, now);
    };
    const Expected<store::PageCounts> stored = co_await m_context.write(std::move(work), token);
    if (!stored)
        co_return fail(stored.error());
    m_context.progress.counts.devicesRead += qint64(rows->size());
    m_context.progress.counts.added += stored->added;
    m_context.progress.counts.changed += stored->changed;
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> DeltaSync::Run::readStatistics(std::stop_token token)
{
    m_context.progress.total = qint64(m_owners.size());
    StatisticsPass statistics(m_context, m_inactivity);
    statistics.require(m_owners);
    statistics.requiredOnly();
    statistics.start(std::clamp(m_context.with.organization.parallelism(), 1, 16), token);
    const Expected<void> read = co_await statistics.finish(false);
    if (!read)
        co_return fail(cancelledOr(read.error(), token));
    const Expected<void> broughtIn = co_await m_inactivity.bringIn(token);
    co_return broughtIn;
}

// SYN-04: the watermark, with the counts, in one transaction.
QCoro::Task<Expected<void>> DeltaSync::Run::complete(std::stop_token token)
{
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, u"delta synchronization"_s);
    const ConnectorId connector = m_connector.id;
    const QDateTime begun = m_begun, now = m_context.with.clock.now();
    const std::chrono::milliseconds took(begun.msecsTo(now));
    const qint64 revisionBefore = m_revisionBefore;
    const SyncCounts soFar = m_context.progress.counts;
    auto work = [=](store::Session& session) -> Expected<SyncCounts> {
        store::PartnershipRepository partnerships(session);
        auto present = partnerships.counts(connector);
        auto touched = partnerships.changedAfter(connector, revisionBefore);
        auto mailboxes = store::MailboxRepository(session).count(connector);
        if (!present || !touched || !mailboxes)
            return tl::unexpected(!present ? present.error()
                    : !touched             ? touched.error()
                                           : mailboxes.error());
        SyncCounts counts = soFar;
        counts.changed = std::max<qint64>(0, *touched - counts.added);
        store::SyncOutcome outcome;
        outcome.kind = SyncKind::Delta;
        outcome.start = begun;
        outcome.end = now;
        outcome.result = messages::completedDeltaSentence(counts, took);
        outcome.watermark = begun;
        outcome.deviceCount = int(present->present);
        outcome.mailboxCount = int(*mailboxes);
        if (auto recorded = store::ConnectorRepository(session).recordSync(connector, outcome); !recorded)
            return tl::unexpected(recorded.error());
        return counts;
    };
    const Expected<SyncCounts> counts = co_await m_context.write(std::move(work), token);
    if (!counts)
        co_return fail(counts.error());
    m_context.progress.counts = *counts;
    m_outcome.sentence = messages::completedDeltaSentence(*counts, took);
    m_context.trace(tracelog::lines::deltaSyncCompleted(
        {counts->devicesRead, counts->added, counts->changed, 0, counts->notRead}, took));
    StatusMessage completed = messages::completedDelta(m_context.source(), *counts, took);
    co_await m_context.announce(std::move(completed));
    co_return Expected<void>();
}

QCoro::Task<void> DeltaSync::Run::sayEnd(Error error)
{
    const bool cancelled = error.code == ErrorCode::Cancelled;
    m_outcome.state = cancelled ? JobState::Cancelled : JobState::Failed;
    m_outcome.sentence = cancelled
        ? u"Cancelled. What was read is kept; the next delta reads the same time again."_s
        : !m_connector.watermark
        ? u"A full synchronization has to succeed before a delta can read what changed since. Start one."_s
        : ErrorText::sentence(error);
    m_context.trace(
        cancelled ? tracelog::lines::deltaSyncCancelled() : tracelog::lines::deltaSyncFailed(error));
    if (!cancelled && m_connector.watermark) {
        StatusMessage failed = messages::failed(m_context.source(), error, m_outcome.mailboxesDone);
        co_await m_context.announce(std::move(failed));
    }
    m_outcome.error = std::move(error);
    Completion completion(m_context);
    QString sentence = m_outcome.sentence;
    co_await completion.recordFailure(std::move(sentence), SyncKind::Delta);
}

} // namespace postern::sync

#include "services/sync/FullSync.h"

#include "models/base/ErrorText.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/OrganizationRepository.h"
#include "services/store/SyncRunRepository.h"
#include "services/sync/Completion.h"
#include "services/sync/EarlyPartnerships.h"
#include "services/sync/MailboxPass.h"
#include "services/sync/PartnershipPass.h"
#include "services/sync/StatisticsPass.h"
#include "services/sync/SyncContext.h"

namespace postern::sync {

using namespace Qt::StringLiterals;

// One run: the steps in their order, and what is said at the end. The passes do the work.
class FullSync::Run
{
public:
    Run(Connector connector, Dependencies dependencies, SyncOptions options)
        : m_connector(std::move(connector))
        , m_dependencies(dependencies)
        , m_options(std::move(options))
    {
    }

    QCoro::Task<SyncOutcome> run(std::function<void(const SyncProgress&)> progress, std::stop_token token);

private:
    QCoro::Task<Expected<void>> steps(SyncContext* context, std::stop_token token);
    QCoro::Task<Expected<void>> open(SyncContext* context, std::stop_token token);
    QCoro::Task<Expected<bool>> beginRun(
        SyncContext* context, OrganizationInfo organization, std::stop_token token);
    QCoro::Task<Expected<void>> readOrganization(SyncContext* context, std::stop_token token);
    QCoro::Task<Expected<void>> readPhones(SyncContext* context, MailboxPass* mailboxes,
        EarlyPartnerships* early, Inactivity* inactivity, std::stop_token token);
    QCoro::Task<Expected<void>> complete(SyncContext* context, Previous previous,
        std::optional<QDateTime> inactiveBefore, std::stop_token token);
    QCoro::Task<Expected<void>> write(SyncContext* context, std::stop_token token);
    QCoro::Task<void> sayEnd(SyncContext* context, Error error);
    [[nodiscard]] std::chrono::milliseconds duration(const SyncContext& context) const;

    const Connector m_connector;
    const Dependencies m_dependencies;
    const SyncOptions m_options;
    SyncOutcome m_outcome;
    Listed m_listed;
    QDateTime m_begun;
    QString m_written;
};

FullSync::FullSync(Connector connector, Dependencies dependencies, SyncOptions options)
    : m_run(std::make_unique<Run>(std::move(connector), dependencies, std::move(options)))
{
}

FullSync::~FullSync() = default;

QCoro::Task<SyncOutcome> FullSync::run(
    std::function<void(const SyncProgress&)> progress, std::stop_token token)
{
    SyncOutcome outcome = co_await m_run->run(std::move(progress), token);
    co_return outcome;
}

std::chrono::milliseconds FullSync::Run::duration(const SyncContext& context) const
{
    return std::chrono::milliseconds(m_begun.msecsTo(context.with.clock.now()));
}

QCoro::Task<SyncOutcome> FullSync::Run::run(
    std::function<void(const SyncProgress&)> progress, std::stop_token token)
{
    SyncContext context(m_connector, m_dependencies, m_options, std::move(progress));
    m_begun = m_dependencies.clock.now();
    const Expected<void> done = co_await steps(&context, token);
    co_await m_dependencies.organization.close();
    m_outcome.counts = context.progress.counts;
    m_outcome.mailboxesDone = context.progress.done;
    m_outcome.mailboxes = std::max<qint64>(0, context.progress.total);
    m_outcome.problems = std::move(context.problems);
    m_outcome.problemCount = context.problemCount;
    if (done) {
        m_outcome.state = JobState::Succeeded;
        m_outcome.complete = true;
    } else {
        Error error = done.error();
        co_await sayEnd(&context, std::move(error));
    }
    context.report(true);
    co_return std::move(m_outcome);
}

// SYN-01, steps 1 to 5 and 11; the first two lists are read beside the mailboxes when there are sessions for
// it.
QCoro::Task<Expected<void>> FullSync::Run::steps(SyncContext* context, std::stop_token token)
{
    const Expected<void> opened = co_await open(context, token);
    if (!opened)
        co_return opened;
    Completion completion(*context);
    const Expected<Previous> previous = co_await completion.previous(token);
    if (!previous)
        co_return fail(previous.error());
    QCoro::Task<Expected<void>> organization = readOrganization(context, token);
    EarlyPartnerships early(*context);
    early.start(token);
    MailboxPass mailboxes(*context);
    const Expected<void> listed = co_await mailboxes.run(token);
    co_await early.finish();
    const Expected<void> organizationRead = co_await std::move(organization);
    if (!listed)
        co_return listed;
    if (!organizationRead)
        co_return organizationRead;
    context->trace(tracelog::lines::fullSyncStarted(mailboxes.read()));
    Inactivity inactivity(*context);
    const Expected<void> phones = co_await readPhones(context, &mailboxes, &early, &inactivity, token);
    if (!phones)
        co_return phones;
    m_listed.mailboxes = mailboxes.read();
    m_listed.mailboxesComplete = mailboxes.complete();
    m_listed.partnerships = inactivity.held(); // listed, though not imported
    const std::optional<QDateTime> inactiveBefore = inactivity.cutOff();
    const Expected<void> completed = co_await complete(context, *previous, inactiveBefore, token);
    co_return completed;
}

QCoro::Task<Expected<void>> FullSync::Run::open(SyncContext* context, std::stop_token token)
{
    context->step(u"connecting"_s);
    Attempts attempts;
    Expected<OrganizationInfo> organization = fail(ErrorCode::Internal, {}, {});
    for (;;) {
        organization = co_await context->with.organization.open(token);
        if (organization)
            break;
        // Nothing is read yet that waiting would save, and whoever asked wants to know why it does not begin;
        // a server that asks for time gets it. Trying again later is the schedule's business (CON-45).
        if (organization.error().code != ErrorCode::ServerBusy
            && organization.error().code != ErrorCode::TooManySessions)
            co_return fail(organization.error());
        const bool again = co_await context->waitOut(&attempts, u"connecting"_s, organization.error(), token);
        if (!again)
            co_return fail(organization.error());
    }
    const Expected<bool> begun = co_await beginRun(context, *organization, token);
    if (!begun)
        co_return fail(begun.error());
    StatusMessage started = messages::started(context->source(), *begun);
    co_await context->announce(std::move(started));
    co_return Expected<void>();
}

// Takes up the connector's interrupted run when it is young enough. True: it did.
QCoro::Task<Expected<bool>> FullSync::Run::beginRun(
    SyncContext* context, OrganizationInfo organization, std::stop_token token)
{
    // CON-06: another organisation under the same address would have every phone of this one removed.
    if (!m_connector.organizationId.isEmpty() && m_connector.organizationId != organization.id)
        co_return fail(ErrorCode::Conflict,
            u"the server now belongs to organization %1, the connector to %2"_s.arg(
                organization.name, m_connector.organizationName),
            context->with.organization.address());
    const ConnectorId connector = m_connector.id;
    const QDateTime now = context->with.clock.now();
    const QDateTime oldest = now.addMSecs(-m_options.resumeWithin.count());
    auto work = [=](store::Session& session) -> Expected<std::pair<store::SyncRun, bool>> {
        if (auto recorded = store::ConnectorRepository(session).recordOrganization(connector, organization);
            !recorded)
            return tl::unexpected(recorded.error());
        store::SyncRunRepository runs(session);
        auto unfinished = runs.unfinished(connector);
        if (!unfinished)
            return tl::unexpected(unfinished.error());
        if (*unfinished) {
            const store::SyncRun& found = **unfinished;
            if (found.kind == SyncKind::Full && found.startedAt >= oldest && found.startedAt <= now)
                return std::pair(found, true);
            if (auto abandoned = runs.abandon(found.id); !abandoned)
                return tl::unexpected(abandoned.error());
        }
        store::SyncRun fresh;
        fresh.connectorId = connector;
        fresh.kind = SyncKind::Full;
        fresh.startedAt = now;
        auto begun = runs.begin(fresh);
        if (!begun)
            return tl::unexpected(begun.error());
        return std::pair(*begun, false);
    };
    const Expected<std::pair<store::SyncRun, bool>> begun = co_await context->write(std::move(work), token);
    if (!begun)
        co_return fail(begun.error());
    context->run = begun->first;
    co_return begun->second;
}

QCoro::Task<Expected<void>> FullSync::Run::readOrganization(SyncContext* context, std::stop_token token)
{
    exchange::ExchangeOrganization& exchange = context->with.organization;
    Attempts attempts;
    for (;;) {
        Error error;
        Expected<OrganizationSettings> settings = co_await exchange.organizationSettings(token);
        if (!settings)
            error = settings.error();
        Expected<std::vector<AccessRule>> rules = fail(error);
        if (settings)
            rules = co_await exchange.accessRules(token);
        Expected<std::vector<MailboxPolicy>> policies = fail(rules ? error : rules.error());
        if (rules)
            policies = co_await exchange.mailboxPolicies(token);
        if (!policies) {
            error = policies.error();
            const bool again
                = co_await context->waitOut(&attempts, u"reading the organization"_s, error, token);
            if (again)
                continue;
            co_return fail(error);
        }
        const ConnectorId connector = m_connector.id;
        auto work = [=](store::Session& session) -> Expected<bool> {
            store::OrganizationRepository organizations(session);
            auto first = organizations.replaceSettings(connector, *settings);
            auto second = first ? organizations.replaceAccessRules(connector, *rules) : first;
            return second ? organizations.replaceMailboxPolicies(connector, *policies) : second;
        };
        const Expected<bool> stored = co_await context->write(std::move(work), token);
        if (!stored)
            co_return fail(stored.error());
        co_return Expected<void>();
    }
}

// Partnerships and, beside and after them, statistics.
QCoro::Task<Expected<void>> FullSync::Run::readPhones(SyncContext* context, MailboxPass* mailboxes,
    EarlyPartnerships* early, Inactivity* inactivity, std::stop_token token)
{
    StatisticsPass statistics(*context, *inactivity);
    const Expected<void> loaded = co_await statistics.loadDone(token);
    if (!loaded)
        co_return loaded;
    const Expected<void> inactiveKnown = co_await inactivity->load(token);
    if (!inactiveKnown)
        co_return inactiveKnown;
    if (statistics.mailboxesDone() > 0)
        context->trace(tracelog::lines::fullSyncResumed(statistics.mailboxesDone(), context->progress.total));
    auto offer = [&statistics](const std::vector<store::MailboxRef>& owners) { statistics.offer(owners); };
    PartnershipPass partnerships(*context, *mailboxes, *early, *inactivity, offer);
    statistics.start(std::clamp(context->with.organization.parallelism(), 1, 16), token);
    const Expected<void> listed = co_await partnerships.run(token);
    statistics.require(inactivity->heldOwners());
    const Expected<void> read = co_await statistics.finish(!listed);
    if (!listed)
        co_return listed;
    if (!read)
        co_return read;
    m_listed.partnershipsComplete = partnerships.complete();
    context->progress.done = std::max(context->progress.done, context->progress.total);
    const Expected<void> broughtIn = co_await inactivity->bringIn(token);
    co_return broughtIn;
}

QCoro::Task<Expected<void>> FullSync::Run::complete(
    SyncContext* context, Previous previous, std::optional<QDateTime> inactiveBefore, std::stop_token token)
{
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, u"full synchronization"_s);
    Completion completion(*context);
    const Expected<qint64> seen = co_await completion.partnershipsSeen(token);
    if (!seen)
        co_return fail(seen.error());
    m_listed.partnerships += *seen;
    const bool understood = context->unusable == 0;
    if (!m_listed.mailboxesComplete || (!m_listed.partnershipsComplete && understood))
        co_return fail(ErrorCode::Incomplete, u"not every page came"_s, context->with.organization.address());
    const auto guard = shrinkGuard(previous, m_listed);
    if (guard && !m_options.shrinkConfirmed) {
        context->trace(tracelog::lines::shrinkGuard(guard->what, guard->previous, guard->now));
        StatusMessage tripped
            = messages::guardTripped(context->source(), guard->what, guard->previous, guard->now);
        co_await context->announce(std::move(tripped));
        m_outcome.needsConfirmation = true;
        co_return fail(ErrorCode::ShrinkGuard,
            u"%1 of %2 %3"_s.arg(QString::number(guard->now), QString::number(guard->previous), guard->what),
            context->with.organization.address());
    }
    const Expected<void> written = co_await write(context, token);
    if (!written)
        co_return written;
    context->step(u"deletions"_s);
    const auto took = duration(*context);
    const qint64 unusable = context->unusable;
    auto sentence = [took, unusable](const SyncCounts& counts) {
        return messages::completedSentence(counts, took, unusable);
    };
    const Expected<void> committed
        = co_await completion.commit(previous, m_listed, inactiveBefore, sentence, token);
    if (!committed)
        co_return committed;
    const SyncCounts& counts = context->progress.counts;
    m_outcome.sentence = sentence(counts);
    if (!m_written.isEmpty())
        m_outcome.sentence += u' ' + m_written;
    context->trace(tracelog::lines::fullSyncCompleted(
        {counts.devicesRead, counts.added, counts.changed, counts.removed, counts.notRead}, took));
    context->trace(tracelog::lines::running(counts.devicesRead));
    StatusMessage completed = messages::completed(context->source(), counts, took);
    co_await context->announce(std::move(completed));
    co_return Expected<void>();
}

// Only Cancelled fails the run.
QCoro::Task<Expected<void>> FullSync::Run::write(SyncContext* context, std::stop_token token)
{
    if (!m_options.writes)
        co_return Expected<void>();
    context->step(u"settings"_s);
    const Expected<QString> written = co_await m_options.writes(token);
    if (written) {
        m_written = *written;
        co_return Expected<void>();
    }
    if (written.error().code == ErrorCode::Cancelled)
        co_return fail(written.error());
    m_written = u"The settings could not be applied: %1"_s.arg(ErrorText::sentence(written.error()));
    context->trace(tracelog::TraceLine{tracelog::TraceLine::Type::Error,
        u"Exchange Connector: settings not applied: %1"_s.arg(written.error().toLogText()), {}});
    co_return Expected<void>();
}

// A run that was cancelled, failed or is to be confirmed: what was read is kept, and everybody is told.
QCoro::Task<void> FullSync::Run::sayEnd(SyncContext* context, Error error)
{
    const bool cancelled = error.code == ErrorCode::Cancelled;
    m_outcome.state = cancelled ? JobState::Cancelled : JobState::Failed;
    if (cancelled) {
        m_outcome.sentence = messages::cancelledSentence(m_outcome.mailboxesDone, context->progress.total);
        context->trace(tracelog::lines::fullSyncCancelled(m_outcome.mailboxesDone, m_outcome.mailboxes));
    } else {
        m_outcome.sentence = ErrorText::sentence(error);
        context->trace(tracelog::lines::fullSyncFailed(error, m_outcome.mailboxesDone));
    }
    if (!cancelled && error.code != ErrorCode::ShrinkGuard) {
        StatusMessage failed = messages::failed(context->source(), error, m_outcome.mailboxesDone);
        co_await context->announce(std::move(failed));
    }
    m_outcome.error = std::move(error);
    Completion completion(*context);
    QString sentence = m_outcome.sentence;
    co_await completion.recordFailure(std::move(sentence));
}

} // namespace postern::sync

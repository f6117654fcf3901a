#include "services/exchange/StatisticsReader.h"

#include "services/exchange/Listing.h"
#include "services/exchange/StatisticsMapper.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

constexpr int triesAlone = 2;
constexpr QStringView modernCmdlet = u"Get-MobileDeviceStatistics";
constexpr QStringView legacyCmdlet = u"Get-ActiveSyncDeviceStatistics";

// These say something about the mailbox or the command, not about the session or the account.
bool isAboutMailbox(ErrorCode code)
{
    return code == ErrorCode::CmdletFailed || code == ErrorCode::NotFound || code == ErrorCode::Conflict
        || code == ErrorCode::InvalidInput || code == ErrorCode::AccessDenied;
}

// What a server says that takes one statement only; it says so before anything ran.
bool refusesStatements(const Error& error)
{
    return error.code == ErrorCode::Unsupported || error.code == ErrorCode::InvalidInput
        || error.detail.contains("language mode"_L1, Qt::CaseInsensitive)
        || error.detail.contains("not supported"_L1, Qt::CaseInsensitive)
        || error.detail.contains("ScriptsNotAllowed"_L1, Qt::CaseInsensitive);
}

} // namespace

struct StatisticsReader::Run
{
    Run() = default;
    std::vector<PartnershipStatistics> items;
    std::vector<ObjectProblem> problems;
    std::vector<psrp::ErrorRecord> errors;
    std::optional<Error> failure; // it ended the pipeline
    std::optional<psrp::ErrorRecord> failureRecord;
};

StatisticsReader::StatisticsReader(SessionPool& pool, CommandSet& commands, tracelog::TraceLogWriter& log,
    StatisticsHabits& habits, QString address)
    : m_pool(pool)
    , m_commands(commands)
    , m_log(log)
    , m_habits(habits)
    , m_address(std::move(address))
{
}

Error StatisticsReader::withOrigin(Error error) const
{
    error.origin = u"%1 on %2"_s.arg(m_commands.choose(modernCmdlet, legacyCmdlet), m_address);
    return error;
}

psrp::PsCommand StatisticsReader::command(size_t index) const
{
    psrp::PsCommand made(m_commands.choose(modernCmdlet, legacyCmdlet));
    made.with(u"Mailbox"_s, m_mailboxes.at(index));
    return made;
}

bool StatisticsReader::useLegacyInstead(ErrorCode code)
{
    const bool wasModern = m_commands.choose(modernCmdlet, legacyCmdlet) == modernCmdlet;
    if (code != ErrorCode::CmdletMissing || !wasModern)
        return false;
    m_commands.learn(modernCmdlet, CommandSet::Presence::Missing);
    return m_commands.choose(modernCmdlet, legacyCmdlet) != modernCmdlet;
}

QCoro::Task<Expected<StatisticsBatch>> StatisticsReader::read(
    std::vector<QString> mailboxes, std::stop_token token)
{
    // An empty identity would give the statistics of everybody, or none (d.1).
    for (QString& mailbox : mailboxes) {
        if (mailbox.isEmpty())
            m_batch.problems.push_back({QString(), u"the mailbox has no identity"_s});
        else
            m_mailboxes.push_back(std::move(mailbox));
    }
    size_t next = 0;
    while (next < m_mailboxes.size()) {
        Expected<void> read;
        const size_t first = next;
        if (m_habits.oneStatement) {
            read = co_await readAlone(first, token);
            next = first + 1;
        } else {
            read = co_await readFrom(first, token);
            next = m_mailboxes.size();
        }
        if (!read)
            co_return fail(withOrigin(read.error()));
    }
    m_lease.giveBack();
    co_return std::move(m_batch);
}

// Everything from `first` on in one pipeline; after a command that ended it, the rest in another.
QCoro::Task<Expected<void>> StatisticsReader::readFrom(size_t first, std::stop_token token)
{
    while (first < m_mailboxes.size()) {
        if (m_habits.oneStatement) {
            Expected<void> alone = co_await readAlone(first, token);
            if (!alone)
                co_return alone;
            ++first;
            continue;
        }
        Expected<Run> done = co_await runPipeline(first, m_mailboxes.size(), token);
        if (!done)
            co_return fail(done.error());
        Run run = std::move(*done);
        if (run.failure && run.items.empty() && m_mailboxes.size() - first > 1
            && refusesStatements(*run.failure)) {
            m_habits.oneStatement = true;
            continue;
        }
        const FollowUp followUp = followUpOf(run, first);
        accept(run, first);
        for (const size_t index : followUp.alone) {
            Expected<void> alone = co_await readAlone(index, token);
            if (!alone)
                co_return alone;
        }
        first = followUp.next;
    }
    co_return Expected<void>();
}

// What is left to ask after a pipeline for the mailboxes from `first` on.
StatisticsReader::FollowUp StatisticsReader::followUpOf(const Run& run, size_t first) const
{
    const size_t end = m_mailboxes.size();
    FollowUp followUp;
    followUp.next = end;
    bool unnamed = false;
    for (const psrp::ErrorRecord& record : run.errors) {
        const size_t at = mailboxOf(record, first, end);
        unnamed = unnamed || at == end;
        if (at < end)
            followUp.alone.push_back(at);
    }
    if (run.failure) {
        // Statements run in order: the one that ended the pipeline is the one it names, else the first
        // without answer.
        const size_t named = run.failureRecord ? mailboxOf(*run.failureRecord, first, end) : end;
        const size_t at = named < end ? named : std::min(lastAnswered(run, first, end), end - 1);
        followUp.alone.push_back(at);
        followUp.next = at + 1;
    }
    if (unnamed) {
        QSet<QString> answered;
        for (const PartnershipStatistics& statistics : run.items)
            answered.insert(statistics.ownerIdentity.toCaseFolded());
        for (size_t i = first; i < followUp.next; ++i) {
            if (!answered.contains(m_mailboxes.at(i).toCaseFolded()))
                followUp.alone.push_back(i);
        }
    }
    std::sort(followUp.alone.begin(), followUp.alone.end());
    followUp.alone.erase(std::unique(followUp.alone.begin(), followUp.alone.end()), followUp.alone.end());
    return followUp;
}

QCoro::Task<Expected<void>> StatisticsReader::readAlone(size_t index, std::stop_token token)
{
    QString why;
    for (int attempt = 0; attempt < triesAlone; ++attempt) {
        Expected<Run> done = co_await runPipeline(index, index + 1, token);
        if (!done)
            co_return fail(done.error());
        Run run = std::move(*done);
        if (!run.failure && run.errors.empty()) {
            accept(run, index);
            co_return Expected<void>();
        }
        const Error error = run.failure
            ? *run.failure
            : psrp::toError(run.errors.front(), u"%1 on %2"_s.arg(modernCmdlet, m_address));
        why = error.detail;
        if (error.code == ErrorCode::NotFound)
            break; // it will not appear meanwhile
        m_log.write(tracelog::lines::retrying(m_mailboxes.at(index), attempt + 1, error));
    }
    m_batch.problems.push_back({m_mailboxes.at(index), why});
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> StatisticsReader::ensureSession(std::stop_token token)
{
    if (m_lease.isValid())
        co_return Expected<void>();
    Expected<SessionLease> lease = co_await m_pool.take(SessionUse::Shared, token);
    if (!lease)
        co_return fail(lease.error());
    m_lease = std::move(*lease);
    co_return Expected<void>();
}

// One pipeline to its end. A session that is lost is replaced once and everything is asked again: reads may
// be.
QCoro::Task<Expected<StatisticsReader::Run>> StatisticsReader::runPipeline(
    size_t first, size_t end, std::stop_token token)
{
    bool replayed = false;
    for (;;) {
        const Expected<void> ready = co_await ensureSession(token);
        if (!ready)
            co_return fail(ready.error());
        psrp::PsCommand commands = command(first);
        for (size_t i = first + 1; i < end; ++i)
            commands.then(command(i));
        auto run = std::make_shared<Run>();
        auto pipeline = m_lease.session().pipeline(std::move(commands));
        std::optional<Error> error;
        for (bool last = false; !last && !error;) {
            Expected<psrp::PipelineChunk> chunk = co_await pipeline->next(token);
            if (!chunk) {
                error = chunk.error();
                break;
            }
            last = chunk->last();
            const Expected<void> mapped = co_await mapChunk(std::move(*chunk), run);
            if (!mapped)
                error = mapped.error();
        }
        if (!error) {
            m_lease.reportSuccess();
            co_return std::move(*run);
        }
        if (useLegacyInstead(error->code))
            continue;
        if (isAboutMailbox(error->code) || (end - first > 1 && refusesStatements(*error))) {
            run->failure = error;
            run->failureRecord = pipeline->failure();
            co_return std::move(*run);
        }
        m_lease.report(*error);
        pipeline.reset();
        m_lease.giveBack();
        if (error->code != ErrorCode::SessionLost || replayed)
            co_return fail(*error);
        replayed = true;
    }
}

QCoro::Task<Expected<void>> StatisticsReader::mapChunk(psrp::PipelineChunk chunk, std::shared_ptr<Run> run)
{
    for (psrp::ErrorRecord& record : chunk.errors)
        run->errors.push_back(std::move(record));
    for (const QString& warning : chunk.warnings) {
        if (saysMicroDelay(warning))
            m_pool.throttle(modernCmdlet.toString(), microDelayError(warning, m_address));
    }
    if (chunk.output.empty())
        co_return Expected<void>();
    auto work = [held = std::move(chunk)]() -> Expected<Page<PartnershipStatistics>> {
        return mapChunkWith<PartnershipStatistics, StatisticsMapper>(modernCmdlet.toString())(held, 0);
    };
    QFuture<Expected<Page<PartnershipStatistics>>> future = core::runInPool(std::move(work));
    Expected<Page<PartnershipStatistics>> page = co_await future;
    if (!page)
        co_return fail(page.error());
    std::move(page->items.begin(), page->items.end(), std::back_inserter(run->items));
    std::move(page->problems.begin(), page->problems.end(), std::back_inserter(run->problems));
    co_return Expected<void>();
}

// Takes over what a pipeline gave. An object that does not say whose it is belongs to the only mailbox asked.
void StatisticsReader::accept(Run& run, size_t first)
{
    for (PartnershipStatistics& statistics : run.items) {
        if (statistics.ownerIdentity.isEmpty())
            statistics.ownerIdentity = m_mailboxes.at(first);
        m_batch.items.push_back(std::move(statistics));
    }
    for (ObjectProblem& problem : run.problems)
        m_batch.objectProblems.push_back(std::move(problem));
}

size_t StatisticsReader::mailboxOf(const psrp::ErrorRecord& record, size_t from, size_t end) const
{
    for (size_t i = from; i < end; ++i) {
        if (record.targetName.compare(m_mailboxes.at(i), Qt::CaseInsensitive) == 0)
            return i;
    }
    for (size_t i = from; i < end; ++i) {
        if (record.message.contains(m_mailboxes.at(i), Qt::CaseInsensitive))
            return i;
    }
    return end;
}

// The place after the last mailbox that answered.
size_t StatisticsReader::lastAnswered(const Run& run, size_t first, size_t end) const
{
    if (run.items.empty())
        return first;
    const QString& owner = run.items.back().ownerIdentity;
    for (size_t i = end; i > first; --i) {
        if (owner.compare(m_mailboxes.at(i - 1), Qt::CaseInsensitive) == 0)
            return i;
    }
    return first;
}

} // namespace postern::exchange

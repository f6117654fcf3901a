#include "services/enforce/Apply.h"

#include <QCoroFuture>

#include "models/base/ErrorText.h"
#include "services/core/Await.h"
#include "services/enforce/SettingsPlan.h"
#include "services/enforce/WriteMessages.h"
#include "services/store/StatusMessageRepository.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

namespace {

constexpr int atOnce = 8;
constexpr int problemsKept = 20;
constexpr int sendsOfOneWrite = 2; // the first, and one more after the drift time

// The server said what is wrong with this write: the next one may be better.
bool concernsOnlyThis(ErrorCode code)
{
    switch (code) {
    case ErrorCode::CmdletFailed:
    case ErrorCode::CmdletMissing:
    case ErrorCode::ParameterMissing:
    case ErrorCode::AccessDenied:
    case ErrorCode::NotFound:
    case ErrorCode::Conflict:
    case ErrorCode::InvalidInput:
    case ErrorCode::Unsupported:
    case ErrorCode::LimitExceeded:
        return true;
    default:
        return false;
    }
}

// Sent twice it would do harm: a wipe of a phone that was set up anew since.
bool mustNotRepeat(const ExchangeWrite& write)
{
    const auto* clear = std::get_if<DeviceClear>(&write);
    return clear && !clear->cancel;
}

QString describe(const WriteRecord& record)
{
    return u"%1 %2"_s.arg(kindOf(record.write), targetOf(record.write));
}

} // namespace

Apply::Apply(Connector connector, Dependencies dependencies, ApplyOptions options)
    : m_connector(std::move(connector))
    , m_with(dependencies)
    , m_options(std::move(options))
    , m_journal(m_with.store, m_with.clock)
{
}

void Apply::trace(tracelog::TraceLine::Type type, const QString& text) const
{
    m_with.log.write(tracelog::TraceLine{type, u"Exchange Connector: "_s + text, m_connector.name});
}

void Apply::stepDone()
{
    ++m_progress.done;
    if (m_report)
        m_report(m_progress);
}

QCoro::Task<ApplyOutcome> Apply::run(
    std::function<void(const ApplyProgress&)> progress, std::stop_token token)
{
    m_report = std::move(progress);
    co_await settleAll(token);
    // Anew: what was settled may be planned again.
    Expected<std::vector<Entry>> open = co_await m_journal.open(m_connector.id);
    if (!open && !m_outcome.error)
        m_outcome.error = open.error();
    else if (!m_outcome.error)
        co_await sendAll(std::move(*open), token);
    co_await countOpen();
    co_await sayEnd();
    co_return std::move(m_outcome);
}

QCoro::Task<ApplyOutcome> Apply::settle(std::stop_token token)
{
    co_await settleAll(token);
    co_await countOpen();
    co_await sayEnd();
    co_return std::move(m_outcome);
}

QCoro::Task<void> Apply::settleAll(std::stop_token token)
{
    m_progress.step = u"settling"_s;
    Expected<std::vector<Entry>> open = co_await m_journal.open(m_connector.id);
    if (!open) {
        m_outcome.error = open.error();
        co_return;
    }
    m_progress.total = qint64(open->size());
    std::erase_if(*open, [](const Entry& entry) { return entry.record.state == WriteState::Planned; });
    co_await inParallel(std::move(*open), true, token);
}

QCoro::Task<void> Apply::sendAll(std::vector<Entry> entries, std::stop_token token)
{
    m_progress.step = u"writing"_s;
    std::map<int, std::vector<Entry>> stages;
    for (Entry& entry : entries) {
        if (entry.record.state == WriteState::Planned)
            stages[entry.stage].push_back(std::move(entry));
    }
    for (auto& stage : stages) {
        if (m_outcome.error)
            co_return;
        co_await inParallel(std::move(stage.second), false, token);
    }
}

// Two writes of one target never overlap: the later one must see what the earlier one did.
QCoro::Task<void> Apply::inParallel(std::vector<Entry> entries, bool settling, std::stop_token token)
{
    std::map<QString, Chain> byTarget;
    for (Entry& entry : entries) {
        const QString target = targetOf(entry.record.write).toCaseFolded();
        byTarget[target].push_back(std::move(entry));
    }
    auto chains = std::make_shared<std::deque<Chain>>();
    for (auto& target : byTarget)
        chains->push_back(std::move(target.second));
    const int workers = std::clamp(m_with.organization.parallelism(), 1, atOnce);
    std::vector<QCoro::Task<void>> running;
    for (int i = 0; i < workers && size_t(i) < byTarget.size(); ++i)
        running.push_back(worker(chains, settling, token));
    for (size_t i = 0; i < running.size(); ++i)
        co_await std::move(running.at(i));
}

QCoro::Task<void> Apply::worker(
    std::shared_ptr<std::deque<Chain>> chains, bool settling, std::stop_token token)
{
    while (!chains->empty()) {
        Chain chain = std::move(chains->front());
        chains->pop_front();
        while (!chain.empty()) {
            if (token.stop_requested() && !m_outcome.error)
                m_outcome.error = Error{ErrorCode::Cancelled, {}, u"writing to Exchange"_s, {}};
            if (m_outcome.error)
                co_return;
            const Entry entry = chain.front();
            chain.pop_front();
            Expected<void> done;
            if (settling)
                done = co_await settleOne(entry, token);
            else
                done = co_await send(entry, token);
            if (!done && !m_outcome.error)
                m_outcome.error = done.error();
            stepDone();
        }
    }
}

// What was sent before: Exchange says whether it was done.
QCoro::Task<Expected<void>> Apply::settleOne(Entry entry, std::stop_token token)
{
    const Expected<Observation> seen = co_await observe(&m_with.organization, entry.record.write, token);
    if (!seen && concernsOnlyThis(seen.error().code)) {
        Expected<void> over = co_await failed(entry, ErrorText::sentence(seen.error()));
        co_return over;
    }
    if (!seen)
        co_return fail(seen.error());
    Expected<void> done;
    if (seen->done)
        done = co_await confirm(entry, *seen);
    else
        done = co_await notShown(entry, seen->observed);
    co_return done;
}

QCoro::Task<Expected<void>> Apply::notShown(Entry entry, QString observed)
{
    const WriteRecord& record = entry.record;
    const QDateTime now = m_with.clock.now();
    Expected<void> done;
    if (record.state == WriteState::Sent) {
        if (mustNotRepeat(record.write) && record.sentAt
            && record.sentAt->msecsTo(now) > m_options.driftAfter.count()) {
            done = co_await failed(entry,
                u"It is not known whether it was done, and it is not repeated by itself. %1"_s.arg(observed));
            co_return done;
        }
        trace(tracelog::TraceLine::Type::Warning,
            u"%1 was not done when the service stopped, it is sent again"_s.arg(describe(record)));
        done = co_await m_journal.plannedAgain(record.id, observed);
        co_return done;
    }
    if (record.appliedAt && record.appliedAt->msecsTo(now) < m_options.driftAfter.count()) {
        done = co_await m_journal.problem(record.id, observed);
        co_return done;
    }
    if (record.attempts >= sendsOfOneWrite || mustNotRepeat(record.write)) {
        done = co_await failed(entry, u"Exchange does not show it. %1"_s.arg(observed));
        co_return done;
    }
    trace(tracelog::TraceLine::Type::Warning,
        u"drift: %1 is not what was written (%2), it is sent again"_s.arg(describe(record), observed));
    done = co_await m_journal.plannedAgain(record.id, observed);
    co_return done;
}

// Settings that take access wait until those that give it have been done.
bool Apply::mayGo(const Entry& entry) const
{
    return entry.stage < stages::takes || entry.record.origin != WriteOrigin::Settings
        || !m_givingFailed.contains(entry.record.origin);
}

QCoro::Task<Expected<void>> Apply::send(Entry entry, std::stop_token token)
{
    if (!mayGo(entry)) {
        const Expected<void> noted = co_await m_journal.problem(
            entry.record.id, u"Waits: a setting that gives access could not be written."_s);
        co_return noted;
    }
    for (int attempt = 0;; ++attempt) {
        const Expected<bool> over = co_await trySend(entry, attempt, token);
        if (!over)
            co_return fail(over.error());
        if (*over)
            co_return Expected<void>();
        if (token.stop_requested())
            co_return fail(ErrorCode::Cancelled, {}, u"writing to Exchange"_s);
        Expected<Entry> again = co_await m_journal.find(entry.record.id);
        if (!again)
            co_return fail(again.error());
        entry = std::move(*again);
    }
}

// true: this write is over, or waits for another run.
QCoro::Task<Expected<bool>> Apply::trySend(Entry entry, int attempt, std::stop_token token)
{
    const Expected<Effective> write = co_await effectiveWrite(entry, token);
    if (!write && concernsOnlyThis(write.error().code)) {
        const Expected<void> over = co_await failed(entry, ErrorText::sentence(write.error()));
        if (!over)
            co_return fail(over.error());
        co_return true;
    }
    if (!write) {
        Expected<bool> again = co_await afterFailure(entry, attempt, write.error(), token);
        co_return again;
    }
    const QString command = write->needed ? m_with.organization.commandText(write->command) : QString();
    const Expected<void> journalled = co_await m_journal.sent(entry.record.id, write->ours, command);
    if (!journalled)
        co_return fail(journalled.error());
    entry.record.write = write->ours;
    if (write->needed) {
        trace(tracelog::TraceLine::Type::Information, u"writing: %1"_s.arg(command));
        const Expected<void> applied = co_await m_with.organization.apply(write->command, token);
        if (!applied) {
            Expected<bool> again = co_await afterFailure(entry, attempt, applied.error(), token);
            co_return again;
        }
    }
    const Expected<void> done = co_await afterSuccess(entry, token);
    if (!done)
        co_return fail(done.error());
    co_return true;
}

// Of a list write only what is not so already: what was there before it was sent for the first time stays
// somebody else's (SYN-22); what is there when it is sent again is its own doing.
QCoro::Task<Expected<Apply::Effective>> Apply::effectiveWrite(Entry entry, std::stop_token token)
{
    Effective effective;
    effective.ours = entry.record.write;
    effective.command = entry.record.write;
    const auto* list = std::get_if<ListWrite>(&entry.record.write);
    if (!list)
        co_return effective;
    const Expected<Observation> now = co_await observe(&m_with.organization, *list, token);
    if (!now)
        co_return fail(now.error());
    ListWrite missing; // of a mailbox that is gone: nothing
    missing.mailboxIdentity = list->mailboxIdentity;
    if (now->lists)
        missing = missingOf(*list, *now->lists);
    effective.needed = !missing.isEmpty();
    effective.command = missing;
    if (entry.record.attempts == 0) {
        // Removals stay: what is out of the list already is not ours any more either.
        ListWrite ours = *list;
        ours.addAllowed = missing.addAllowed;
        ours.addBlocked = missing.addBlocked;
        effective.ours = std::move(ours);
    }
    co_return effective;
}

// Read back before anything else: a command whose answer was lost may have been done.
QCoro::Task<Expected<bool>> Apply::afterFailure(Entry entry, int attempt, Error error, std::stop_token token)
{
    if (error.code == ErrorCode::Cancelled)
        co_return fail(std::move(error));
    const Expected<Observation> seen = co_await observe(&m_with.organization, entry.record.write, token);
    Expected<void> done;
    if (seen && seen->done) {
        done = co_await confirm(entry, *seen);
        if (!done)
            co_return fail(done.error());
        co_return true;
    }
    const QString said = ErrorText::sentence(error);
    if (concernsOnlyThis(error.code)) {
        done = co_await failed(entry, said);
        if (!done)
            co_return fail(done.error());
        co_return true;
    }
    if (!seen) { // it stays as it is, and the next run asks Exchange
        done = co_await m_journal.problem(entry.record.id, said);
        co_return fail(done ? error : done.error());
    }
    done = co_await m_journal.plannedAgain(entry.record.id, said);
    if (!done)
        co_return fail(done.error());
    if (!isTransient(error.code) || size_t(attempt) >= m_options.backOff.size())
        co_return fail(std::move(error));
    trace(tracelog::TraceLine::Type::Warning,
        u"%1 was not done (%2), it is sent again"_s.arg(describe(entry.record), said));
    const auto wait = error.retryAfter.value_or(m_options.backOff.at(size_t(attempt)));
    co_await core::delay(wait, token);
    co_return false;
}

QCoro::Task<Expected<void>> Apply::afterSuccess(Entry entry, std::stop_token token)
{
    const Expected<void> noted = co_await m_journal.applied(entry.record.id);
    if (!noted)
        co_return noted;
    const Expected<Observation> seen = co_await observe(&m_with.organization, entry.record.write, token);
    if (!seen && !concernsOnlyThis(seen.error().code))
        co_return fail(seen.error()); // applied; the next run reads it back
    Expected<void> done;
    if (seen && seen->done) {
        done = co_await confirm(entry, *seen);
        co_return done;
    }
    const QString problem = seen ? seen->observed : ErrorText::sentence(seen.error());
    done = co_await m_journal.problem(entry.record.id, problem);
    co_return done;
}

QCoro::Task<Expected<void>> Apply::confirm(Entry entry, Observation seen)
{
    const Expected<void> done = co_await m_journal.confirmed(entry.record.id, std::move(seen));
    if (done)
        ++m_outcome.confirmed;
    co_return done;
}

QCoro::Task<Expected<void>> Apply::failed(Entry entry, QString problem)
{
    const WriteRecord& record = entry.record;
    if (entry.stage < stages::takes)
        m_givingFailed.insert(record.origin);
    ++m_outcome.failed;
    if (m_outcome.problems.size() < problemsKept)
        m_outcome.problems << u"%1: %2"_s.arg(targetOf(record.write), problem);
    trace(tracelog::TraceLine::Type::Error, u"%1 failed: %2"_s.arg(describe(record), problem));
    const Expected<void> done = co_await m_journal.failed(record.id, std::move(problem));
    co_return done;
}

QCoro::Task<void> Apply::countOpen()
{
    auto work = m_with.store.read([id = m_connector.id](store::Session& session) {
        return store::WriteRepository(session).openCount(id);
    });
    const Expected<qint64> count = co_await work;
    if (count)
        m_outcome.open = *count;
    else if (!m_outcome.error)
        m_outcome.error = count.error();
}

// 30011 and 30012.
QCoro::Task<void> Apply::sayEnd()
{
    std::vector<StatusMessage> messages;
    const MessageSource source{m_connector, m_options.machine, m_with.clock.now()};
    if (m_outcome.confirmed > 0) {
        trace(tracelog::TraceLine::Type::Information,
            u"%1 write(s) confirmed by Exchange"_s.arg(m_outcome.confirmed));
        messages.push_back(writesConfirmed(source, m_outcome.confirmed));
    }
    for (const QString& problem : std::as_const(m_outcome.problems))
        messages.push_back(writeFailed(source, problem));
    if (messages.empty())
        co_return;
    auto work = m_with.store.write([messages](store::Session& session) -> Expected<void> {
        store::StatusMessageRepository repository(session);
        for (const StatusMessage& message : messages) {
            if (auto said = repository.append(message); !said)
                return fail(said.error());
        }
        return {};
    });
    const Expected<void> said = co_await work;
    if (!said && !m_outcome.error)
        m_outcome.error = said.error();
}

} // namespace postern::enforce

#include "services/sync/PartnershipPass.h"

#include <QSet>

#include "services/store/SyncRunRepository.h"

namespace postern::sync {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t rowsAWrite = 1000;
constexpr size_t ownerlessKept = 5000; // more than that is a broken mailbox listing, not some stray phones

} // namespace

PartnershipPass::PartnershipPass(SyncContext& context, MailboxPass& mailboxes, EarlyPartnerships& early,
    Inactivity& inactivity, OwnersStored ownersStored)
    : m_context(context)
    , m_mailboxes(mailboxes)
    , m_early(early)
    , m_inactivity(inactivity)
    , m_ownersStored(std::move(ownersStored))
{
}

QCoro::Task<Expected<void>> PartnershipPass::run(std::stop_token token)
{
    m_context.step(u"partnerships"_s);
    Attempts attempts;
    for (;;) {
        const Expected<void> read = co_await readAll(token);
        if (read) {
            m_complete = m_context.unusable == 0;
            break;
        }
        const Error error = read.error();
        const bool again = co_await m_context.waitOut(&attempts, u"reading partnerships"_s, error, token);
        if (again)
            continue;
        if (error.code != ErrorCode::Incomplete || token.stop_requested())
            co_return fail(
                token.stop_requested() ? Error{ErrorCode::Cancelled, {}, error.origin, {}} : error);
        m_context.trace(tracelog::lines::incomplete(u"partnerships"_s, error.toLogText()));
        break;
    }
    co_return co_await findOwners(token);
}

// One reading from the first page to the last. A page is stored while the next ones are read.
QCoro::Task<Expected<void>> PartnershipPass::readAll(std::stop_token token)
{
    m_ownerless.clear();
    m_ownerlessDropped = 0;
    m_context.unusable = 0;
    m_inactivity.restart();
    m_context.progress.counts.devicesRead = 0;
    const store::SyncRunId run = m_context.run.id;
    auto restart = [run](store::Session& session) {
        return store::SyncRunRepository(session).restartPartnerships(run);
    };
    const Expected<void> restarted = co_await m_context.write(std::move(restart), token);
    if (!restarted)
        co_return restarted;
    std::vector<EarlyPartnerships::Read> early = m_early.takePages();
    size_t earlyTaken = 0;
    auto reader = m_early.takeReader();
    if (!reader)
        reader = m_context.with.organization.readPartnerships();
    std::optional<QCoro::Task<Expected<void>>> storing;
    std::vector<store::PartnershipRow> rows;
    Expected<void> outcome;
    for (bool last = false; !last;) {
        Expected<exchange::Page<Partnership>> page = exchange::Page<Partnership>();
        if (earlyTaken < early.size())
            page = std::move(early[earlyTaken++]);
        else
            page = co_await reader->next(token);
        if (page) {
            last = page->last;
            m_context.unusable += page->skipped;
            for (const ObjectProblem& problem : page->problems)
                m_context.problem(problem);
            join(std::move(page->items), rows);
        } else {
            outcome = fail(page.error());
            last = true; // what was read before it is stored all the same
        }
        const bool wait = last || rows.size() >= rowsAWrite || (storing && storing->isReady());
        if (storing && wait) {
            const Expected<void> stored = co_await std::move(*storing);
            storing.reset();
            if (!stored)
                co_return stored;
        }
        if (!storing && !rows.empty())
            storing.emplace(store(std::exchange(rows, {}), token));
        m_context.report();
    }
    if (storing) {
        const Expected<void> stored = co_await std::move(*storing);
        if (!stored)
            co_return stored;
    }
    co_return outcome;
}

void PartnershipPass::add(MailboxId owner, Partnership partnership, std::vector<store::PartnershipRow>& rows)
{
    store::PartnershipRow row{owner, std::move(partnership)};
    if (!m_inactivity.hold(row))
        rows.push_back(std::move(row));
}

void PartnershipPass::join(std::vector<Partnership> items, std::vector<store::PartnershipRow>& rows)
{
    for (Partnership& partnership : items) {
        const MailboxId owner = m_context.mailboxes.find(partnership.ownerIdentity);
        if (owner.isValid())
            add(owner, std::move(partnership), rows);
        else if (m_ownerless.size() < ownerlessKept)
            m_ownerless.push_back(std::move(partnership));
        else
            ++m_ownerlessDropped;
    }
}

QCoro::Task<Expected<void>> PartnershipPass::store(
    std::vector<store::PartnershipRow> rows, std::stop_token token)
{
    auto shared = std::make_shared<const std::vector<store::PartnershipRow>>(std::move(rows));
    const ConnectorId connector = m_context.connector.id;
    const store::SyncRunId run = m_context.run.id;
    const QDateTime now = m_context.with.clock.now();
    auto work = [shared, connector, run, now](store::Session& session) {
        return store::PartnershipRepository(session).upsertPage(connector, run, *shared, now);
    };
    const Expected<store::PageCounts> stored = co_await m_context.write(std::move(work), token);
    if (!stored)
        co_return fail(stored.error());
    SyncCounts& counts = m_context.progress.counts;
    counts.devicesRead += qint64(shared->size());
    counts.added += stored->added;
    counts.changed += stored->changed;
    std::vector<store::MailboxRef> owners;
    owners.reserve(shared->size());
    for (const store::PartnershipRow& row : *shared)
        owners.push_back({row.mailboxId, QUuid(), row.partnership.ownerIdentity});
    m_ownersStored(owners);
    co_return Expected<void>();
}

// Each owner once. One that Exchange does not know has no mailbox any more: its phones are as good as gone.
QCoro::Task<Expected<void>> PartnershipPass::findOwners(std::stop_token token)
{
    QSet<QString> missing;
    std::vector<store::PartnershipRow> rows;
    for (Partnership& partnership : m_ownerless) {
        MailboxId owner = m_context.mailboxes.find(partnership.ownerIdentity);
        const QString key = partnership.ownerIdentity.toCaseFolded();
        if (!owner.isValid() && !missing.contains(key)) {
            const Expected<MailboxId> found = co_await m_mailboxes.lookUp(partnership.ownerIdentity, token);
            if (token.stop_requested())
                co_return fail(ErrorCode::Cancelled, {}, u"reading owners"_s);
            if (found)
                owner = *found;
            else if (found.error().code == ErrorCode::StoreFailed
                || found.error().code == ErrorCode::StoreUnavailable)
                co_return fail(found.error());
            else if (found.error().code != ErrorCode::NotFound)
                m_complete = false; // not known to be gone
            if (!found)
                m_context.problem({partnership.ownerIdentity,
                    u"the owner could not be read: %1"_s.arg(found.error().detail)});
        }
        if (owner.isValid())
            add(owner, std::move(partnership), rows);
        else
            missing.insert(key);
    }
    m_ownerless = {};
    if (!missing.isEmpty())
        m_context.trace(tracelog::lines::unmatched(missing.size() + m_ownerlessDropped));
    if (m_ownerlessDropped > 0)
        m_complete = false;
    if (rows.empty())
        co_return Expected<void>();
    const Expected<void> stored = co_await store(std::move(rows), token);
    co_return stored;
}

} // namespace postern::sync

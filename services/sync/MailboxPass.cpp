#include "services/sync/MailboxPass.h"

#include "services/store/SyncRunRepository.h"
#include "services/sync/KnownNames.h"

namespace postern::sync {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t rowsAWrite = 1000;

} // namespace

MailboxPass::MailboxPass(SyncContext& context)
    : m_context(context)
{
}

QCoro::Task<Expected<void>> MailboxPass::run(std::stop_token token)
{
    m_context.step(u"mailboxes"_s);
    Attempts attempts;
    for (;;) {
        const Expected<void> read = co_await readAll(token);
        if (read) {
            m_complete = true;
            break;
        }
        const Error error = read.error();
        const bool again = co_await m_context.waitOut(&attempts, u"reading mailboxes"_s, error, token);
        if (again)
            continue;
        if (error.code != ErrorCode::Incomplete || token.stop_requested())
            co_return fail(
                token.stop_requested() ? Error{ErrorCode::Cancelled, {}, error.origin, {}} : error);
        m_context.trace(tracelog::lines::incomplete(u"mailboxes"_s, error.toLogText()));
        break;
    }
    std::sort(m_ids.begin(), m_ids.end());
    m_ids.erase(std::unique(m_ids.begin(), m_ids.end()), m_ids.end());
    m_read = qint64(m_ids.size());
    m_ids = {};
    m_context.mailboxes.sort();
    m_context.progress.total = m_read;
    m_context.report(true);
    co_return Expected<void>();
}

// One reading from the first page to the last.
QCoro::Task<Expected<void>> MailboxPass::readAll(std::stop_token token)
{
    m_ids.clear();
    m_context.mailboxes = store::MailboxKeyMap();
    const store::SyncRunId run = m_context.run.id;
    auto restart
        = [run](store::Session& session) { return store::SyncRunRepository(session).restartMailboxes(run); };
    const Expected<void> restarted = co_await m_context.write(std::move(restart), token);
    if (!restarted)
        co_return restarted;
    auto reader = m_context.with.organization.readMailboxes();
    std::optional<QCoro::Task<Expected<void>>> storing;
    std::vector<Mailbox> rows;
    Expected<void> outcome;
    for (bool last = false; !last;) {
        Expected<exchange::Page<Mailbox>> page = co_await reader->next(token);
        if (page) {
            last = page->last;
            for (const ObjectProblem& problem : page->problems)
                m_context.problem(problem);
            std::move(page->items.begin(), page->items.end(), std::back_inserter(rows));
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

QCoro::Task<Expected<void>> MailboxPass::store(std::vector<Mailbox> rows, std::stop_token token)
{
    auto shared = std::make_shared<const std::vector<Mailbox>>(std::move(rows));
    const ConnectorId connector = m_context.connector.id;
    const store::SyncRunId run = m_context.run.id;
    const Expected<std::vector<MailboxId>> known = co_await nameless(shared, token);
    if (!known)
        co_return fail(known.error());
    auto work = [=](store::Session& session) -> Expected<store::MailboxPage> {
        store::MailboxRepository mailboxes(session);
        if (known->empty())
            return mailboxes.upsertPage(connector, run, *shared);
        std::vector<Mailbox> named = *shared;
        if (auto kept = keepKnownNames(session, *known, named); !kept)
            return tl::unexpected(kept.error());
        return mailboxes.upsertPage(connector, run, named);
    };
    const Expected<store::MailboxPage> stored = co_await m_context.write(std::move(work), token);
    if (!stored)
        co_return fail(stored.error());
    for (size_t i = 0; i < stored->ids.size(); ++i) {
        m_context.mailboxes.add(shared->at(i).identity, stored->ids.at(i));
        m_ids.push_back(stored->ids.at(i).value);
    }
    co_return Expected<void>();
}

// For keepKnownNames(): parallel to `rows`, the ids under which the site has those that came without names.
// Empty: all have theirs.
QCoro::Task<Expected<std::vector<MailboxId>>> MailboxPass::nameless(
    std::shared_ptr<const std::vector<Mailbox>> rows, std::stop_token token)
{
    std::vector<MailboxId> known;
    const bool allNamed = std::none_of(
        rows->begin(), rows->end(), [](const Mailbox& mailbox) { return mailbox.upn.isEmpty(); });
    if (allNamed)
        co_return known;
    const Expected<void> loaded = co_await loadBefore(token);
    if (!loaded)
        co_return fail(loaded.error());
    for (const Mailbox& mailbox : *rows)
        known.push_back(mailbox.upn.isEmpty() ? m_before->find(mailbox.identity) : MailboxId());
    co_return known;
}

QCoro::Task<Expected<void>> MailboxPass::loadBefore(std::stop_token token)
{
    if (m_before)
        co_return Expected<void>();
    const ConnectorId connector = m_context.connector.id;
    auto work = [connector](store::Session& session) {
        return store::MailboxRepository(session).loadKeyMap(connector);
    };
    Expected<store::MailboxKeyMap> loaded = co_await m_context.write(std::move(work), token);
    if (!loaded)
        co_return fail(loaded.error());
    m_before = std::move(*loaded);
    co_return Expected<void>();
}

QCoro::Task<Expected<MailboxId>> MailboxPass::lookUp(QString identity, std::stop_token token)
{
    Attempts attempts;
    Expected<Mailbox> found = fail(ErrorCode::Internal, {}, {});
    for (;;) {
        found = co_await m_context.with.organization.mailbox(identity, token);
        if (found)
            break;
        const bool again = co_await m_context.waitOut(
            &attempts, u"reading mailbox %1"_s.arg(identity), found.error(), token);
        if (!again)
            co_return fail(found.error());
    }
    const Mailbox mailbox = *found;
    const Expected<void> before = co_await loadBefore(token);
    if (!before)
        co_return fail(before.error());
    const std::vector<MailboxId> known(1, m_before->find(mailbox.identity));
    const ConnectorId connector = m_context.connector.id;
    const store::SyncRunId run = m_context.run.id;
    auto work = [mailbox, known, connector, run](store::Session& session) -> Expected<store::MailboxPage> {
        std::vector<Mailbox> rows;
        rows.push_back(mailbox);
        if (auto kept = keepKnownNames(session, known, rows); !kept)
            return tl::unexpected(kept.error());
        return store::MailboxRepository(session).upsertPage(connector, run, rows);
    };
    const Expected<store::MailboxPage> stored = co_await m_context.write(std::move(work), token);
    if (!stored)
        co_return fail(stored.error());
    const MailboxId id = stored->ids.at(0);
    const bool isNew = !m_context.mailboxes.find(mailbox.identity).isValid();
    m_context.mailboxes.insert(mailbox.identity, id);
    m_context.mailboxes.insert(identity, id);
    if (isNew) {
        ++m_read;
        ++m_context.progress.total;
    }
    co_return id;
}

} // namespace postern::sync

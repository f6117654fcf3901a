#include "services/enforce/Journal.h"

#include <QCoroFuture>

using namespace Qt::StringLiterals;

namespace postern::enforce {

using store::Session;
using store::WriteRepository;

QCoro::Task<Expected<std::vector<WriteId>>> Journal::plan(
    ConnectorId connector, std::vector<store::PlannedWrite> writes, std::optional<WriteOrigin> complete)
{
    auto work = m_store.write([=, now = m_clock.now()](Session& session) -> Expected<std::vector<WriteId>> {
        WriteRepository repository(session);
        auto ids = repository.plan(connector, writes, now);
        if (!ids || !complete)
            return ids;
        const auto others = repository.supersedeOthers(connector, *complete, *ids, now);
        return others ? ids : Expected<std::vector<WriteId>>(fail(others.error()));
    });
    Expected<std::vector<WriteId>> ids = co_await work;
    co_return ids;
}

QCoro::Task<Expected<std::vector<store::JournalEntry>>> Journal::open(ConnectorId connector)
{
    auto work = m_store.read([=](Session& session) { return WriteRepository(session).open(connector); });
    Expected<std::vector<store::JournalEntry>> entries = co_await work;
    co_return entries;
}

QCoro::Task<Expected<store::JournalEntry>> Journal::find(WriteId id)
{
    auto work = m_store.read([=](Session& session) { return WriteRepository(session).find(id); });
    Expected<std::optional<store::JournalEntry>> entry = co_await work;
    if (!entry)
        co_return fail(entry.error());
    if (!*entry)
        co_return fail(ErrorCode::NotFound, {}, u"write %1"_s.arg(id.value));
    co_return std::move(**entry);
}

QCoro::Task<Expected<void>> Journal::sent(WriteId id, ExchangeWrite write, QString command)
{
    auto work = m_store.write([=, now = m_clock.now()](Session& session) {
        return WriteRepository(session).sent(id, write, command, now);
    });
    const Expected<void> done = co_await work;
    co_return done;
}

QCoro::Task<Expected<void>> Journal::applied(WriteId id)
{
    auto work = m_store.write(
        [=, now = m_clock.now()](Session& session) { return WriteRepository(session).applied(id, now); });
    const Expected<void> done = co_await work;
    co_return done;
}

QCoro::Task<Expected<void>> Journal::confirmed(WriteId id, Observation seen)
{
    store::Confirmation confirmation;
    confirmation.at = m_clock.now();
    confirmation.lists = seen.lists;
    confirmation.ruleIdentity = seen.ruleIdentity;
    confirmation.phones = std::move(seen.phones);
    auto work = m_store.write([id, confirmation](Session& session) {
        return WriteRepository(session).confirmed(id, confirmation);
    });
    const Expected<void> done = co_await work;
    co_return done;
}

QCoro::Task<Expected<void>> Journal::plannedAgain(WriteId id, QString problem)
{
    auto work
        = m_store.write([=](Session& session) { return WriteRepository(session).plannedAgain(id, problem); });
    const Expected<void> done = co_await work;
    co_return done;
}

QCoro::Task<Expected<void>> Journal::problem(WriteId id, QString problem)
{
    auto work
        = m_store.write([=](Session& session) { return WriteRepository(session).problem(id, problem); });
    const Expected<void> done = co_await work;
    co_return done;
}

QCoro::Task<Expected<void>> Journal::failed(WriteId id, QString problem)
{
    auto work = m_store.write([=, now = m_clock.now()](Session& session) {
        return WriteRepository(session).failed(id, problem, now);
    });
    const Expected<void> done = co_await work;
    co_return done;
}

QCoro::Task<Expected<void>> Journal::supersede(ConnectorId connector, WriteOrigin except, QString why)
{
    auto work = m_store.write([=, now = m_clock.now()](Session& session) -> Expected<void> {
        const auto count = WriteRepository(session).supersede(connector, except, why, now);
        return count ? Expected<void>() : Expected<void>(fail(count.error()));
    });
    const Expected<void> done = co_await work;
    co_return done;
}

} // namespace postern::enforce

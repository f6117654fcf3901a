#include "services/enforce/CleanUp.h"

#include <QCoroFuture>

#include "services/enforce/SettingsPlan.h"
#include "services/store/ListEntryRepository.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

CleanUp::CleanUp(Connector connector, Apply::Dependencies dependencies, QString cause, ApplyOptions options)
    : m_connector(std::move(connector))
    , m_with(dependencies)
    , m_cause(std::move(cause))
    , m_options(std::move(options))
{
}

// First what is under way, so that it is known what is ours; then the rest of ours goes.
QCoro::Task<Expected<CleanUpOutcome>> CleanUp::run(
    std::function<void(const ApplyProgress&)> progress, std::stop_token token)
{
    CleanUpOutcome outcome;
    Apply settling(m_connector, m_with, m_options);
    outcome.applied = co_await settling.settle(token);
    if (outcome.applied.error)
        co_return fail(*outcome.applied.error);
    Journal journal(m_with.store, m_with.clock);
    const Expected<void> dropped
        = co_await journal.supersede(m_connector.id, WriteOrigin::CleanUp, u"The connector is removed."_s);
    if (!dropped)
        co_return fail(dropped.error());
    const qint64 before = outcome.applied.confirmed;
    Expected<std::vector<store::PlannedWrite>> writes = co_await planLists();
    if (!writes)
        co_return fail(writes.error());
    Expected<std::vector<store::PlannedWrite>> rules = co_await planRules(token);
    if (!rules)
        co_return fail(rules.error());
    std::move(rules->begin(), rules->end(), std::back_inserter(*writes));
    const Expected<std::vector<WriteId>> planned
        = co_await journal.plan(m_connector.id, std::move(*writes), WriteOrigin::CleanUp);
    if (!planned)
        co_return fail(planned.error());
    Apply apply(m_connector, m_with, m_options);
    outcome.applied = co_await apply.run(std::move(progress), token);
    outcome.applied.confirmed += before;
    auto counting = m_with.store.read(
        [id = m_connector.id](store::Session& session) { return countOurs(session, id); });
    const Expected<qint64> left = co_await counting;
    if (!left)
        co_return fail(left.error());
    outcome.left = *left;
    co_return outcome;
}

QCoro::Task<Expected<std::vector<store::PlannedWrite>>> CleanUp::planLists()
{
    auto work = m_with.store.read([id = m_connector.id, cause = m_cause](store::Session& session) {
        return removalOfEntries(session, id, cause);
    });
    Expected<std::vector<store::PlannedWrite>> writes = co_await work;
    co_return writes;
}

QCoro::Task<Expected<std::vector<store::PlannedWrite>>> CleanUp::planRules(std::stop_token token)
{
    std::vector<store::PlannedWrite> writes;
    auto work = m_with.store.read([id = m_connector.id](store::Session& session) {
        return store::WriteRepository(session).writtenRules(id);
    });
    const Expected<std::vector<store::WriteRepository::RuleKey>> ours = co_await work;
    if (!ours)
        co_return fail(ours.error());
    if (ours->empty())
        co_return writes;
    const Expected<std::vector<AccessRule>> rules = co_await m_with.organization.accessRules(token);
    if (!rules)
        co_return fail(rules.error());
    for (const AccessRule& rule : *rules) {
        const store::WriteRepository::RuleKey key(rule.characteristic, rule.query.trimmed().toCaseFolded());
        if (std::find(ours->begin(), ours->end(), key) == ours->end())
            continue;
        store::PlannedWrite planned;
        planned.origin = WriteOrigin::CleanUp;
        planned.cause = m_cause;
        planned.write = AccessRuleRemove{rule.identity};
        planned.stage = rule.level == AccessLevel::Allow ? stages::settingsTake : stages::settingsGive;
        writes.push_back(std::move(planned));
    }
    co_return writes;
}

Expected<qint64> countOurs(store::Session& session, ConnectorId connector)
{
    const auto entries = store::ListEntryRepository(session).count(connector);
    const auto open = store::WriteRepository(session).openCount(connector);
    if (!entries || !open)
        return fail(entries ? open.error() : entries.error());
    return *entries + *open;
}

Expected<std::vector<store::PlannedWrite>> removalOfEntries(
    store::Session& session, ConnectorId connector, const QString& cause)
{
    const auto entries = store::ListEntryRepository(session).ofConnector(connector);
    if (!entries)
        return fail(entries.error());
    std::vector<store::PlannedWrite> writes;
    for (const store::ListEntry& entry : *entries) { // by mailbox
        if (writes.empty() || writes.back().mailboxId != entry.mailboxId) {
            store::PlannedWrite planned;
            planned.origin = WriteOrigin::CleanUp;
            planned.cause = cause;
            planned.stage = stages::listTakes;
            planned.mailboxId = entry.mailboxId;
            ListWrite list;
            list.mailboxIdentity = entry.mailboxIdentity;
            planned.write = std::move(list);
            writes.push_back(std::move(planned));
        }
        auto& list = std::get<ListWrite>(writes.back().write);
        if (entry.list == store::AccessList::Allowed) {
            list.removeAllowed << entry.deviceId;
        } else {
            list.removeBlocked << entry.deviceId;
            writes.back().stage = stages::listGives;
        }
    }
    return writes;
}

} // namespace postern::enforce

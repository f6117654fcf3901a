#include "services/site/Scheduler.h"

#include <QSysInfo>

#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/RequestRepository.h"
#include "services/store/StatusMessageRepository.h"
#include "services/sync/Schedule.h"
#include "services/sync/SyncMessages.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

constexpr int jobsLookedAt = 8; // more failures in a row than the ladder has rungs
constexpr int messagesLookedAt = 200;
constexpr int requestsLookedAt = 200;

void earlier(std::optional<QDateTime>& at, const std::optional<QDateTime>& other)
{
    if (other && (!at || *other < *at))
        at = other;
}

std::optional<QDateTime> afterFailures(const RunHistory& history)
{
    return history.lastEnd->addDuration(sync::backOffAfter(history.failures));
}

std::optional<QDateTime> nextFull(
    const ScheduleInput& input, const QTimeZone& zone, const QDateTime& firstSeen)
{
    const auto schedule = sync::Schedule::parse(input.connector.fullSchedule);
    if (!schedule)
        return std::nullopt; // none; a wrong one is not saved
    const RunHistory& full = input.full;
    if (full.failures > 0 && full.lastEnd && !input.waitsForPerson)
        return afterFailures(full);
    // Jobs may have been pruned; the connector remembers.
    const auto last = full.lastStart ? full.lastStart : input.connector.lastFullStart;
    return last ? schedule->nextAfter(*last, zone) : firstSeen.addDuration(Scheduler::firstRunAfter);
}

std::optional<QDateTime> nextDelta(const ScheduleInput& input)
{
    const Connector& connector = input.connector;
    if (connector.deltaMinutes <= 0 || !connector.watermark)
        return std::nullopt;
    const RunHistory& delta = input.delta;
    const auto interval = std::chrono::minutes(connector.deltaMinutes);
    // A full that succeeded since makes a delta's failures past.
    if (!delta.lastStart || *connector.watermark > *delta.lastStart)
        return connector.watermark->addDuration(interval);
    if (delta.failures > 0 && delta.lastEnd)
        return afterFailures(delta);
    return delta.lastStart->addDuration(interval);
}

std::optional<QDateTime> overdueAt(const ScheduleInput& input)
{
    const auto schedule = sync::Schedule::parse(input.connector.fullSchedule);
    if (!schedule || !input.full.lastSuccess || input.overdueSaid || !input.connector.enabled)
        return std::nullopt;
    return input.full.lastSuccess->addDuration(2 * schedule->period());
}

Expected<RunHistory> historyOf(store::Session& session, ConnectorId connector, RequestKind kind)
{
    store::JobRepository jobs(session);
    const auto latest = jobs.latest(connector, kind, jobsLookedAt);
    const auto success = jobs.latestSucceeded(connector, kind);
    if (!latest || !success)
        return fail(latest ? success.error() : latest.error());
    RunHistory history;
    if (*success)
        history.lastSuccess = (*success)->startedAt;
    if (latest->empty())
        return history;
    history.lastStart = latest->front().startedAt;
    history.lastEnd = latest->front().endedAt;
    for (const Job& job : *latest) {
        if (job.isOver() && job.state != JobState::Failed)
            break;
        history.failures += job.state == JobState::Failed;
    }
    return history;
}

Expected<void> readMessages(store::Session& session, ScheduleInput& input)
{
    store::StatusMessageFilter filter;
    filter.connectorId = input.connector.id;
    filter.limit = messagesLookedAt;
    const auto messages = store::StatusMessageRepository(session).list(filter);
    if (!messages)
        return fail(messages.error());
    for (const StatusMessage& message : *messages) {
        if (message.messageId == sync::messages::massChangeGuard && input.full.lastStart)
            input.waitsForPerson = input.waitsForPerson || message.time >= *input.full.lastStart;
        if (message.messageId == sync::messages::fullOverdue && input.full.lastSuccess)
            input.overdueSaid = input.overdueSaid || message.time >= *input.full.lastSuccess;
    }
    return {};
}

Expected<void> readOpen(store::Session& session, ScheduleInput& input)
{
    const auto requests = store::RequestRepository(session).list(requestsLookedAt);
    if (!requests)
        return fail(requests.error());
    for (const Request& request : *requests) {
        const bool open = request.state == RequestState::Queued || request.state == RequestState::Taken;
        if (!open || request.connectorId != input.connector.id)
            continue;
        input.fullOpen = input.fullOpen || request.kind == RequestKind::SynchronizeFull;
        input.deltaOpen = input.deltaOpen || request.kind == RequestKind::SynchronizeDelta;
    }
    return {};
}

Expected<void> carryOutItem(store::Session& session, const Scheduler::Item& item, const Scheduler::Look& look)
{
    if (item.decision.overdue) {
        const sync::messages::Source source{
            item.connector.id, item.connector.name, item.connector.siteCode, look.machine, look.now};
        const auto history = historyOf(session, item.connector.id, RequestKind::SynchronizeFull);
        if (!history)
            return fail(history.error());
        StatusMessage message = sync::messages::overdue(source, history->lastSuccess.value_or(look.now));
        if (auto said = store::StatusMessageRepository(session).append(std::move(message)); !said)
            return fail(said.error());
    }
    if (!item.decision.due)
        return {};
    Request request;
    request.kind = *item.decision.due;
    request.connectorId = item.connector.id;
    request.requestedBy = u"schedule"_s;
    request.requestedAt = look.now;
    const auto inserted = store::RequestRepository(session).insert(request);
    return inserted ? Expected<void>() : Expected<void>(fail(inserted.error()));
}

} // namespace

std::optional<QDateTime> nextDue(
    const ScheduleInput& input, RequestKind kind, const QTimeZone& zone, const QDateTime& firstSeen)
{
    const Connector& connector = input.connector;
    if (!connector.enabled || connector.state == ConnectorState::Disabled
        || connector.state == ConnectorState::Removing)
        return std::nullopt;
    return kind == RequestKind::SynchronizeFull ? nextFull(input, zone, firstSeen) : nextDelta(input);
}

ScheduleDecision decideSchedule(
    const ScheduleInput& input, const QDateTime& now, const QTimeZone& zone, const QDateTime& firstSeen)
{
    ScheduleDecision decision;
    const auto full = nextDue(input, RequestKind::SynchronizeFull, zone, firstSeen);
    const auto delta = nextDue(input, RequestKind::SynchronizeDelta, zone, firstSeen);
    const auto overdue = overdueAt(input);
    decision.overdue = overdue && *overdue < now;
    if (overdue && !decision.overdue)
        earlier(decision.next, overdue->addMSecs(1));
    const bool deltaDue = delta && *delta <= now;
    if (delta && !deltaDue)
        earlier(decision.next, delta);
    if (input.fullOpen) {
        decision.deltaSkipped = deltaDue;
        return decision;
    }
    if (full && *full <= now) {
        decision.due = RequestKind::SynchronizeFull;
        return decision;
    }
    earlier(decision.next, full);
    if (deltaDue && !input.deltaOpen)
        decision.due = RequestKind::SynchronizeDelta;
    return decision;
}

Expected<ScheduleInput> readScheduleInput(store::Session& session, const Connector& connector)
{
    ScheduleInput input;
    input.connector = connector;
    auto full = historyOf(session, connector.id, RequestKind::SynchronizeFull);
    auto delta = historyOf(session, connector.id, RequestKind::SynchronizeDelta);
    if (!full || !delta)
        return fail(full ? delta.error() : full.error());
    input.full = std::move(*full);
    input.delta = std::move(*delta);
    if (auto read = readMessages(session, input); !read)
        return fail(read.error());
    if (auto read = readOpen(session, input); !read)
        return fail(read.error());
    return input;
}

Expected<QString> nextTryText(
    store::Session& session, ConnectorId id, RequestKind kind, const QTimeZone& zone)
{
    const auto connector = store::ConnectorRepository(session).find(id);
    if (!connector)
        return fail(connector.error());
    if (!*connector)
        return QString();
    const auto input = readScheduleInput(session, **connector);
    if (!input)
        return fail(input.error());
    const auto due = nextDue(*input, kind, zone, QDateTime());
    if (!due || !due->isValid())
        return QString();
    return u"Next try at %1."_s.arg(due->toTimeZone(zone).toString(u"yyyy-MM-dd HH:mm"_s));
}

bool Scheduler::isDue(const QDateTime& now) const
{
    return !m_next || now >= *m_next || now < m_lookedAt || now >= m_lookedAt.addDuration(lookAgainAfter);
}

Scheduler::Look Scheduler::look(const std::set<ConnectorId>& held, const QDateTime& now)
{
    for (const ConnectorId id : held)
        m_firstSeen.try_emplace(id, now);
    m_lookedAt = now;
    m_next = now.addDuration(lookAgainAfter);
    return {held, now, m_zone, m_firstSeen, m_askedAt, QSysInfo::machineHostName()};
}

Expected<Scheduler::Plan> Scheduler::plan(store::Session& session, const Look& look)
{
    const auto connectors = store::ConnectorRepository(session).list();
    if (!connectors)
        return fail(connectors.error());
    Plan plan;
    for (const Connector& connector : *connectors) {
        if (!look.held.contains(connector.id))
            continue;
        const auto input = readScheduleInput(session, connector);
        if (!input)
            return fail(input.error());
        Item item{connector, decideSchedule(*input, look.now, look.zone, look.firstSeen.at(connector.id))};
        const auto asked = look.askedAt.find(connector.id);
        if (item.decision.due && asked != look.askedAt.end() && look.now >= asked->second
            && look.now < asked->second.addDuration(askAgainAfter)) {
            item.decision.due.reset();
            earlier(item.decision.next, asked->second.addDuration(askAgainAfter));
        }
        earlier(plan.next, item.decision.next);
        if (item.decision.due || item.decision.overdue || item.decision.deltaSkipped)
            plan.items.push_back(std::move(item));
    }
    return plan;
}

Expected<Scheduler::Plan> Scheduler::carryOut(store::Session& session, const Look& look)
{
    auto planned = plan(session, look);
    if (!planned)
        return planned;
    for (const Item& item : planned->items) {
        if (auto carried = carryOutItem(session, item, look); !carried)
            return fail(carried.error());
    }
    return planned;
}

void Scheduler::done(const Plan& plan, const Look& look, bool carriedOut)
{
    if (plan.next && m_next && *plan.next < *m_next)
        m_next = plan.next;
    for (const Item& item : plan.items) {
        if (carriedOut && item.decision.due)
            m_askedAt[item.connector.id] = look.now;
    }
}

bool Scheduler::isNews(const Item& item)
{
    const auto known = m_skipped.find(item.connector.id);
    if (known != m_skipped.end() && known->second == item.connector.watermark)
        return false;
    m_skipped[item.connector.id] = item.connector.watermark;
    return true;
}

} // namespace postern::site

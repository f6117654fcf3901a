// When a connector is to be synchronised by itself (CON-13, 14, 43 to 45). Level-triggered: what is due
// follows from what the site has stored about former runs, so that a restart, a missed wake or a second look
// changes nothing; what is due becomes a request like a person's. The decisions are pure; the functions with
// a Session run on a store thread, the class on the service thread.
#pragma once

#include <QTimeZone>
#include <map>
#include <set>
#include <vector>

#include "models/domain/Work.h"
#include "services/store/Session.h"

namespace postern::site {

// The last runs of one kind, whoever asked for them.
struct RunHistory
{
    std::optional<QDateTime> lastStart, lastEnd; // of the newest; no end: it runs
    std::optional<QDateTime> lastSuccess; // its start
    int failures = 0; // in a row until now
};

struct ScheduleInput
{
    Connector connector;
    RunHistory full, delta;
    bool fullOpen = false, deltaOpen = false; // queued, taken or running
    bool waitsForPerson = false; // the last full stopped at the shrink guard (SYN-06): no retry
    bool overdueSaid = false; // 30014, since the last success
};

struct ScheduleDecision
{
    std::optional<RequestKind> due;
    bool deltaSkipped = false; // due, but a full is on its way (CON-43)
    bool overdue = false; // say 30014 now
    std::optional<QDateTime> next; // when to look again, if nothing changes before
};

// When the next run of that kind is due, perhaps in the past; nullopt: never by itself. `firstSeen`: for a
// connector that never ran, when this service first saw it.
[[nodiscard]] std::optional<QDateTime> nextDue(
    const ScheduleInput& input, RequestKind kind, const QTimeZone& zone, const QDateTime& firstSeen);
[[nodiscard]] ScheduleDecision decideSchedule(
    const ScheduleInput& input, const QDateTime& now, const QTimeZone& zone, const QDateTime& firstSeen);
[[nodiscard]] Expected<ScheduleInput> readScheduleInput(store::Session& session, const Connector& connector);
// "Next try at 2026-03-02 07:05." or "".
[[nodiscard]] Expected<QString> nextTryText(
    store::Session& session, ConnectorId connector, RequestKind kind, const QTimeZone& zone);

class Scheduler
{
public:
    // A new connector's first full leaves the person who adds it the time to start it.
    static constexpr std::chrono::seconds firstRunAfter{60};
    // What was asked for and ended at once, without a run, is not asked for again and again.
    static constexpr std::chrono::seconds askAgainAfter{60};
    // Looks at least that often: the machine may have slept, its clock or time zone may have been set.
    static constexpr std::chrono::seconds lookAgainAfter{60};

    explicit Scheduler(QTimeZone zone)
        : m_zone(std::move(zone))
    {
    }

    struct Item
    {
        Connector connector;
        ScheduleDecision decision;
    };
    struct Plan
    {
        std::vector<Item> items; // those with something to do or to say
        std::optional<QDateTime> next;
    };
    // What of it is remembered between two looks, by value for a store thread.
    struct Look
    {
        std::set<ConnectorId> held; // the connectors whose lease we have
        QDateTime now;
        QTimeZone zone;
        std::map<ConnectorId, QDateTime> firstSeen, askedAt;
        QString machine;
    };

    [[nodiscard]] bool isDue(const QDateTime& now) const;
    void invalidate() { m_next.reset(); }
    [[nodiscard]] Look look(const std::set<ConnectorId>& held, const QDateTime& now);
    [[nodiscard]] static Expected<Plan> plan(store::Session& session, const Look& look);
    // Plans again, and inserts requests and messages in the same transaction.
    [[nodiscard]] static Expected<Plan> carryOut(store::Session& session, const Look& look);
    void done(const Plan& plan, const Look& look, bool carriedOut);
    // Whether this skipped delta has not been spoken of yet.
    [[nodiscard]] bool isNews(const Item& item);
    [[nodiscard]] const QTimeZone& zone() const { return m_zone; }

private:
    const QTimeZone m_zone;
    std::optional<QDateTime> m_next; // nullopt: now
    QDateTime m_lookedAt;
    std::map<ConnectorId, QDateTime> m_firstSeen, m_askedAt;
    std::map<ConnectorId, std::optional<QDateTime>> m_skipped; // said for this watermark
};

} // namespace postern::site

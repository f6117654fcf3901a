// CON-48: takes out of Exchange what Postern put there, through the journal: entries of allow and block
// lists, and access rules that it created. What others put there stays (SYN-22). A second run, after a crash
// or with Exchange back, goes on with what is left. Service thread, one run an object.
#pragma once

#include "services/enforce/Apply.h"

namespace postern::enforce {

struct CleanUpOutcome
{
    ApplyOutcome applied;
    qint64 left = 0; // entries and rules of ours that are still in Exchange
};

class CleanUp
{
public:
    CleanUp(Connector connector, Apply::Dependencies dependencies, QString cause, ApplyOptions options);

    QCoro::Task<Expected<CleanUpOutcome>> run(
        std::function<void(const ApplyProgress&)> progress, std::stop_token token);

private:
    QCoro::Task<Expected<std::vector<store::PlannedWrite>>> planRules(std::stop_token token);
    QCoro::Task<Expected<std::vector<store::PlannedWrite>>> planLists();

    const Connector m_connector;
    Apply::Dependencies m_with;
    const QString m_cause;
    const ApplyOptions m_options;
};

// How much of ours is in Exchange as far as the journal knows, writes that are under way included.
[[nodiscard]] Expected<qint64> countOurs(store::Session& session, ConnectorId connector);

// One write a mailbox: its entries of ours, removed.
[[nodiscard]] Expected<std::vector<store::PlannedWrite>> removalOfEntries(
    store::Session& session, ConnectorId connector, const QString& cause);

} // namespace postern::enforce

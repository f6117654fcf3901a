// The write journal as Apply and planners use it: every step is one transaction that has been committed when
// the await ends (design.md, "Every write is journalled before it is sent"). Service thread; `store` and
// `clock` outlive it.
#pragma once

#include <QCoroTask>
#include <vector>

#include "services/core/Clock.h"
#include "services/enforce/ReadBack.h"
#include "services/store/Store.h"
#include "services/store/WriteRepository.h"

namespace postern::enforce {

class Journal
{
public:
    Journal(store::Store& store, const core::Clock& clock)
        : m_store(store)
        , m_clock(clock)
    {
    }

    // All of them or none. With `complete`, planned entries of that origin that are not among them are
    // superseded: they are wanted no longer.
    QCoro::Task<Expected<std::vector<WriteId>>> plan(
        ConnectorId connector, std::vector<store::PlannedWrite> writes, std::optional<WriteOrigin> complete);
    QCoro::Task<Expected<std::vector<store::JournalEntry>>> open(ConnectorId connector);
    QCoro::Task<Expected<store::JournalEntry>> find(WriteId id);

    QCoro::Task<Expected<void>> sent(WriteId id, ExchangeWrite write, QString command);
    QCoro::Task<Expected<void>> applied(WriteId id);
    QCoro::Task<Expected<void>> confirmed(WriteId id, Observation seen);
    QCoro::Task<Expected<void>> plannedAgain(WriteId id, QString problem);
    QCoro::Task<Expected<void>> problem(WriteId id, QString problem);
    QCoro::Task<Expected<void>> failed(WriteId id, QString problem);
    // What is planned and not sent, but for that origin's.
    QCoro::Task<Expected<void>> supersede(ConnectorId connector, WriteOrigin except, QString why);

private:
    store::Store& m_store;
    const core::Clock& m_clock;
};

} // namespace postern::enforce

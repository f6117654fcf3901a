// The statistics of up to 100 mailboxes over one session (SYN-07): one pipeline of many statements, so that
// latency is paid once; one command a pipeline where the server refuses that, which is remembered. A mailbox
// whose command fails is asked again alone, twice, and then is a problem; the others of the batch do not
// suffer. Service thread.
#pragma once

#include "services/core/Await.h"
#include "services/exchange/CommandSet.h"
#include "services/exchange/ExchangeOrganization.h"
#include "services/exchange/SessionPool.h"

namespace postern::exchange {

// What is learnt for the whole connector.
struct StatisticsHabits
{
    bool oneStatement = false; // the server refuses several
};

class StatisticsReader
{
public:
    StatisticsReader(SessionPool& pool, CommandSet& commands, tracelog::TraceLogWriter& log,
        StatisticsHabits& habits, QString address);

    // Once. Errors are those that say nothing about one mailbox: busy, lost twice, not permitted, cancelled.
    QCoro::Task<Expected<StatisticsBatch>> read(std::vector<QString> mailboxes, std::stop_token token);

private:
    struct Run; // one pipeline and what came of it
    struct FollowUp
    {
        std::vector<size_t> alone; // to be asked again, each by itself
        size_t next = 0; // the first that was not reached
    };

    QCoro::Task<Expected<void>> readFrom(size_t first, std::stop_token token);
    QCoro::Task<Expected<void>> readAlone(size_t index, std::stop_token token);
    QCoro::Task<Expected<Run>> runPipeline(size_t first, size_t end, std::stop_token token);
    QCoro::Task<Expected<void>> ensureSession(std::stop_token token);
    QCoro::Task<Expected<void>> mapChunk(psrp::PipelineChunk chunk, std::shared_ptr<Run> run);
    void accept(Run& run, size_t first);
    [[nodiscard]] FollowUp followUpOf(const Run& run, size_t first) const;
    [[nodiscard]] size_t mailboxOf(const psrp::ErrorRecord& record, size_t from, size_t end) const;
    [[nodiscard]] size_t lastAnswered(const Run& run, size_t first, size_t end) const;
    [[nodiscard]] psrp::PsCommand command(size_t index) const;
    [[nodiscard]] bool useLegacyInstead(ErrorCode code);
    [[nodiscard]] Error withOrigin(Error error) const;

    SessionPool& m_pool;
    CommandSet& m_commands;
    tracelog::TraceLogWriter& m_log;
    StatisticsHabits& m_habits;
    QString m_address;
    SessionLease m_lease;
    std::vector<QString> m_mailboxes;
    StatisticsBatch m_batch;
};

} // namespace postern::exchange

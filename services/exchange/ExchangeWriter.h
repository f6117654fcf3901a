// Sends one write to Exchange and says how it ended. Never repeats what may have been done: only a cmdlet or
// session that was refused before anything ran is replaced. A stop lets the command that was sent end
// (ten seconds), so that its outcome is known. Service thread. Errors: those of commandFor(), of the session,
// and of the command; CmdletMissing and ParameterMissing name what is missing.
#pragma once

#include "models/domain/ExchangeWrite.h"
#include "services/exchange/CommandSet.h"
#include "services/exchange/SessionPool.h"

namespace postern::exchange {

class ExchangeWriter
{
public:
    // All outlive the writer.
    ExchangeWriter(SessionPool& pool, CommandSet& commands, tracelog::TraceLogWriter& log, QString address);

    QCoro::Task<Expected<void>> apply(ExchangeWrite write, std::stop_token token);

private:
    QCoro::Task<Expected<void>> run(psrp::PsCommand command, QString cmdlet, std::stop_token token);
    [[nodiscard]] Expected<void> judge(const Expected<psrp::PipelineResult>& answer, const QString& cmdlet);

    SessionPool& m_pool;
    CommandSet& m_commands;
    tracelog::TraceLogWriter& m_log;
    QString m_address;
};

// The line of a write for people (SHL-25); a comment with the reason when there is no command.
[[nodiscard]] QString textOfWrite(const ExchangeWrite& write, const CommandSet& commands);

} // namespace postern::exchange

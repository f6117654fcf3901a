#include "services/exchange/ExchangeWriter.h"

#include <QTimer>

#include "services/exchange/Listing.h"
#include "services/exchange/WriteCommand.h"
#include "services/psrp/PowerShellText.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 10s;

// A token that fires some time after another one did. Lives on the service thread; the other may fire on any.
class LateStop
{
public:
    explicit LateStop(const std::stop_token& token)
        : m_onStop(token, Begin{this})
    {
    }
    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }

private:
    struct Begin
    {
        LateStop* stop;
        void operator()() const
        {
            QMetaObject::invokeMethod(
                &stop->m_context, [s = stop] { s->begin(); }, Qt::QueuedConnection);
        }
    };
    void begin()
    {
        QTimer::singleShot(patience, &m_context, [this] { m_source.request_stop(); });
    }

    std::stop_source m_source;
    QObject m_context;
    std::stop_callback<Begin> m_onStop; // goes first
};

} // namespace

ExchangeWriter::ExchangeWriter(
    SessionPool& pool, CommandSet& commands, tracelog::TraceLogWriter& log, QString address)
    : m_pool(pool)
    , m_commands(commands)
    , m_log(log)
    , m_address(std::move(address))
{
}

QCoro::Task<Expected<void>> ExchangeWriter::apply(ExchangeWrite write, std::stop_token token)
{
    for (;;) {
        Expected<psrp::PsCommand> command = commandFor(write, m_commands);
        if (!command)
            co_return fail(command.error());
        const QString cmdlet = command->statements().front().front().text;
        Expected<void> done = co_await run(std::move(*command), cmdlet, token);
        if (done || done.error().code != ErrorCode::CmdletMissing)
            co_return done;
        // Nothing ran. Perhaps the other family has it; if not, commandFor() says what is missing.
        m_commands.learn(cmdlet, CommandSet::Presence::Missing);
    }
}

QCoro::Task<Expected<void>> ExchangeWriter::run(
    psrp::PsCommand command, QString cmdlet, std::stop_token token)
{
    Expected<SessionLease> lease = co_await m_pool.take(SessionUse::Shared, token);
    if (!lease)
        co_return fail(lease.error());
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, cmdlet);
    LateStop late(token);
    const Expected<psrp::PipelineResult> answer
        = co_await lease->session().invoke(std::move(command), late.token());
    Expected<void> outcome = judge(answer, cmdlet);
    if (outcome)
        lease->reportSuccess();
    else
        lease->report(outcome.error());
    co_return outcome;
}

Expected<void> ExchangeWriter::judge(const Expected<psrp::PipelineResult>& answer, const QString& cmdlet)
{
    const QString origin = u"%1 on %2"_s.arg(cmdlet, m_address);
    Expected<void> outcome;
    if (!answer) {
        Error error = answer.error();
        error.origin = origin;
        outcome = fail(std::move(error));
    } else if (!answer->errors.empty()) {
        outcome = fail(psrp::toError(answer->errors.front(), origin));
    }
    for (const QString& warning : answer ? answer->warnings : QStringList()) {
        if (saysMicroDelay(warning))
            m_pool.throttle(origin, microDelayError(warning, origin));
        else
            m_log.write(tracelog::lines::serverWarning(warning));
    }
    if (!outcome && outcome.error().code != ErrorCode::Cancelled)
        m_log.write(tracelog::lines::cmdletFailed(cmdlet, outcome.error().toLogText()));
    return outcome;
}

QString textOfWrite(const ExchangeWrite& write, const CommandSet& commands)
{
    auto command = commandFor(write, commands);
    // A preview is shown to those who may not run it, too.
    if (!command
        && (command.error().code == ErrorCode::CmdletMissing
            || command.error().code == ErrorCode::ParameterMissing))
        command = commandFor(write, CommandSet());
    const auto text = command ? psrp::powerShellText(*command) : Expected<QString>(fail(command.error()));
    return text ? *text : u"# %1: %2"_s.arg(kindOf(write), text.error().detail.simplified());
}

} // namespace postern::exchange

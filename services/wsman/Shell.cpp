#include "services/wsman/Shell.h"

#include <QElapsedTimer>
#include <QTimer>

#include "services/core/Logging.h"

namespace postern::wsman {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kFirstPause{100}; // before a broken Receive is sent again; doubles
constexpr std::chrono::milliseconds kShortPoll{200}; // a poll that ends sooner gets a pause, or we would spin
constexpr std::chrono::seconds kBusyPause{1}; // when a busy server names no time

// The line broke, and asking again can help. A refused certificate or password does not get better.
bool isBroken(ErrorCode code)
{
    return code == ErrorCode::ConnectionLost || code == ErrorCode::Timeout
        || code == ErrorCode::ConnectionRefused;
}

} // namespace

Shell::Shell(Client& client)
    : m_client(client)
{
}

Shell::~Shell()
{
    if (isOpen())
        qCWarning(core::logWsman) << "a shell is left on the server until its idle time-out";
}

QCoro::Task<Expected<void>> Shell::create(ShellPlan plan, std::stop_token token)
{
    Operation operation = Operations::create(plan.proposedId, plan.inputStreams, plan.outputStreams,
        plan.creationElement, std::move(plan.options));
    const Expected<Answer> answer = co_await m_client.call(std::move(operation), std::move(token));
    if (!answer) {
        // Whether the shell was made is not known: remove() then tries the id we proposed.
        if (isBroken(answer.error().code) || answer.error().code == ErrorCode::Cancelled)
            m_id = plan.proposedId;
        co_return fail(answer.error());
    }
    if (answer->shellId.isEmpty())
        co_return fail(ErrorCode::Malformed, u"the server made a shell but gave no ShellId"_s,
            m_client.endpoint().displayName());
    m_id = answer->shellId;
    co_return Expected<void>();
}

QCoro::Task<Expected<QByteArray>> Shell::command(
    QByteArray proposedId, QByteArray arguments, std::stop_token token)
{
    Operation operation = Operations::command(m_id, proposedId, arguments);
    const Expected<Answer> answer = co_await m_client.call(std::move(operation), std::move(token));
    if (!answer)
        co_return fail(answer.error());
    if (answer->commandId.isEmpty())
        co_return fail(ErrorCode::Malformed, u"the server took the command but gave no CommandId"_s,
            m_client.endpoint().displayName());
    co_return answer->commandId;
}

QCoro::Task<Expected<void>> Shell::send(
    QByteArray commandId, QByteArray stream, QByteArray bytes, std::stop_token token)
{
    Operation operation = Operations::send(m_id, commandId, stream, bytes);
    const Expected<Answer> answer = co_await m_client.call(std::move(operation), std::move(token));
    if (!answer)
        co_return fail(answer.error());
    co_return Expected<void>();
}

QCoro::Task<Expected<Shell::Received>> Shell::receive(QByteArray commandId, std::stop_token token)
{
    Received received;
    for (int tries = 0;;) {
        QElapsedTimer poll;
        poll.start();
        Operation operation = Operations::receive(m_id, commandId, "stdout");
        Expected<Answer> answer = co_await m_client.call(std::move(operation), token);
        received.resent += answer && answer->repeated ? 1 : 0;
        if (answer && !answer->timedOut) {
            received.answer = std::move(*answer);
            co_return received;
        }
        if (answer && poll.elapsed() >= kShortPoll.count())
            continue; // nothing yet (a.6)
        std::chrono::milliseconds pause = kShortPoll;
        if (!answer) {
            const Error error = answer.error();
            const bool busy = error.code == ErrorCode::ServerBusy;
            if ((!busy && !isBroken(error.code)) || tries == receiveRetries || token.stop_requested())
                co_return fail(error);
            qCInfo(core::logWsman).noquote() << "Receive again:" << error.toLogText();
            pause = busy ? error.retryAfter.value_or(kBusyPause) : kFirstPause * (1 << tries);
            received.resent += busy ? 0 : 1; // a busy server has not begun to answer
            ++tries;
        }
        const bool waited = co_await core::delay(pause, token);
        if (!waited)
            co_return fail(ErrorCode::Cancelled, {}, m_client.endpoint().displayName());
    }
}

QCoro::Task<Expected<void>> Shell::signal(QByteArray commandId, QByteArray code, std::stop_token token)
{
    Operation operation = Operations::signal(m_id, commandId, code);
    const Expected<Answer> answer = co_await m_client.call(std::move(operation), std::move(token));
    if (!answer)
        co_return fail(answer.error());
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> Shell::remove()
{
    if (!isOpen())
        co_return Expected<void>();
    Operation operation = Operations::remove(m_id);
    m_id.clear();
    std::stop_source late;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, [&late] { late.request_stop(); });
    timer.start(closeDeadline);
    const Expected<Answer> answer = co_await m_client.call(std::move(operation), late.get_token());
    // A shell that the server has forgotten is as good as deleted.
    if (!answer && answer.error().code != ErrorCode::SessionLost)
        co_return fail(answer.error());
    co_return Expected<void>();
}

} // namespace postern::wsman

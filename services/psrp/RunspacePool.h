// A session on a PowerShell end point: one shell, a pool of runspaces in it, pipelines that run there. Opens
// with the handshake of exchange-protocols b.5. Lives on the thread of its Client. open() once, close()
// always, also after a failed open(); destroy only after close() has ended. Errors: those of wsman::Client
// and Shell (TooManySessions, ServerBusy, AuthenticationFailed, SessionLost...), Unsupported (protocol
// version, key exchange), Malformed.
#pragma once

#include <QCoroTask>
#include <QUuid>
#include <functional>
#include <memory>
#include <stop_token>

#include "models/base/Error.h"
#include "services/psrp/Pipeline.h"
#include "services/psrp/PsCommand.h"
#include "services/psrp/clixml/Value.h"

namespace postern::wsman {
class Client;
}

namespace postern::psrp {

// [MS-PSRP] 2.2.3.4. Above Broken the sources disagree, and the wire has never shown them.
enum class PoolState { BeforeOpen = 0, Opening = 1, Opened = 2, Closed = 3, Closing = 4, Broken = 5 };

struct RunspacePoolOptions
{
    int minRunspaces = 1;
    // How many pipelines the server runs at once in this shell. Exchange in effect allows one; open more
    // pools instead.
    int maxRunspaces = 1;
    // Where the ids of pool and pipelines come from; tests set it.
    std::function<QUuid()> newId = [] { return QUuid::createUuid(); };
};

class PoolCore;

class RunspacePool
{
public:
    explicit RunspacePool(std::unique_ptr<wsman::Client> client, RunspacePoolOptions options = {});
    ~RunspacePool();
    RunspacePool(const RunspacePool&) = delete;
    RunspacePool& operator=(const RunspacePool&) = delete;

    QCoro::Task<Expected<void>> open(std::stop_token token);
    // Waits for the signals still under way, deletes the shell, at most about ten seconds. Errors are logged
    // only.
    QCoro::Task<void> close();

    // Nothing is sent before the first next(). At most four run at once (one HTTP connection each); more
    // wait.
    [[nodiscard]] std::unique_ptr<Pipeline> pipeline(PsCommand command);
    // Runs to the end and collects everything: for small answers. A terminating error is an Error; others are
    // in errors.
    QCoro::Task<Expected<PipelineResult>> invoke(PsCommand command, std::stop_token token);

    // SET_MAX/MIN_RUNSPACES: false when the server refuses the number.
    QCoro::Task<Expected<bool>> setMaxRunspaces(int count, std::stop_token token);
    QCoro::Task<Expected<bool>> setMinRunspaces(int count, std::stop_token token);
    QCoro::Task<Expected<qint64>> availableRunspaces(std::stop_token token);

    [[nodiscard]] PoolState state() const;
    [[nodiscard]] int protocolMinor() const; // of 2.x, after the handshake
    // Nil when the server sent none.
    [[nodiscard]] const clixml::Value& applicationPrivateData() const;
    [[nodiscard]] const QUuid& id() const;
    [[nodiscard]] wsman::Client& client();

private:
    std::shared_ptr<PoolCore> m_core;
};

} // namespace postern::psrp

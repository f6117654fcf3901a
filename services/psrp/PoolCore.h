// What a RunspacePool and its pipelines share; kept alive by whoever still works. Pool's thread only. Not for
// use outside of this folder.
#pragma once

#include <memory>
#include <vector>

#include "services/core/Scope.h"
#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"
#include "services/psrp/PipelineDecoder.h"
#include "services/psrp/RunspacePool.h"
#include "services/psrp/SlotGate.h"
#include "services/wsman/Shell.h"

namespace postern::psrp {

inline constexpr QByteArrayView kStopSignal = "powershell/signal/ctrl_c";
inline constexpr QByteArrayView kTerminateSignal
    = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate";
// QNetworkAccessManager opens six connections to a host. Each pipeline holds one with its Receive; signals
// and the pool need the rest.
inline constexpr int kParallelPipelines = 4;

class PoolCore
{
public:
    PoolCore(std::unique_ptr<wsman::Client> theClient, RunspacePoolOptions theOptions);

    QCoro::Task<Expected<void>> open(std::stop_token token);
    QCoro::Task<void> close();
    // SET_MAX/MIN_RUNSPACES, GET_AVAILABLE_RUNSPACES: sends and waits for the answer with the same call id.
    QCoro::Task<Expected<clixml::Value>> ask(
        MessageType type, std::vector<std::pair<QString, clixml::Value>> properties, std::stop_token token);

    [[nodiscard]] QByteArray message(
        MessageType type, const QUuid& pipelineId, const clixml::Value& value) const;
    [[nodiscard]] QByteArray message(MessageType type, const QUuid& pipelineId, const QByteArray& data) const;
    // Fragments of a message, put together to as few payloads as fit into a request each.
    [[nodiscard]] QList<QByteArray> payloads(const QByteArray& message);
    [[nodiscard]] bool isUsable() const { return state == PoolState::Opened; }
    // After an error that says so, the shell is gone: nothing more is sent to it.
    void note(const Error& error);
    void enlist(std::weak_ptr<PipelineCore> pipeline);
    [[nodiscard]] QString origin(const QString& what) const;

    std::unique_ptr<wsman::Client> client;
    wsman::Shell shell;
    core::Scope scope;
    RunspacePoolOptions options;
    QUuid id;
    PoolState state = PoolState::BeforeOpen;
    int protocolMinor = 3;
    clixml::Value privateData;
    SlotGate places{kParallelPipelines};
    std::shared_ptr<ObjectLedger> ledger = std::make_shared<ObjectLedger>();

private:
    QCoro::Task<Expected<void>> handshake(std::stop_token token);
    QCoro::Task<Expected<clixml::Value>> converse(
        MessageType type, std::vector<std::pair<QString, clixml::Value>> properties, std::stop_token token);
    // One Receive on the pool's own stream.
    QCoro::Task<Expected<void>> receive(std::stop_token token);
    [[nodiscard]] Expected<void> take(QByteArrayView bytes);
    [[nodiscard]] Expected<void> takeCapability(const clixml::Value& value);
    [[nodiscard]] Expected<void> takeState(const clixml::Value& value);
    void refuseHostCall(const clixml::Value& value);
    QCoro::Task<Expected<void>> sendRefusal(QByteArray payload);

    Fragmenter m_fragmenter;
    Defragmenter m_stream;
    SlotGate m_conversation{1}; // only one Receive may be open on the pool's stream (a.6)
    qint64 m_lastCallId = 0;
    std::vector<std::pair<qint64, clixml::Value>> m_answers; // RUNSPACE_AVAILABILITY by call id
    std::vector<std::weak_ptr<PipelineCore>> m_pipelines;
    bool m_sawCapability = false;
};

} // namespace postern::psrp

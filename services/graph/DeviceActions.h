// Remote actions on phones through Intune (ACT-03, 04, 12). What cannot be taken back is looked at twice: the
// phone is read again before, and nothing destructive is sent a second time without having looked whether the
// first one was taken. Service thread. Errors: those of GraphClient; Conflict, AlreadyRunning, InvalidInput.
// graph-reference 3 (actions), 9.
#pragma once

#include <QCoroTask>
#include <stop_token>

#include "models/domain/Intune.h"
#include "services/graph/GraphClient.h"

namespace postern::graph {

// One device with what its listing leaves out.
QCoro::Task<Expected<ManagedDevice>> readManagedDevice(
    GraphClient* client, QString id, std::stop_token token);

// Those that Intune does not have: 404 for each by itself.
QCoro::Task<Expected<QStringList>> missingDevices(
    GraphClient* client, QStringList ids, std::stop_token token);

QCoro::Task<Expected<void>> performAction(GraphClient* client, RemoteAction action, std::stop_token token);

// The request that performs it; its body follows the contract.
[[nodiscard]] GraphRequest actionRequest(const RemoteAction& action);
// Whether the phone, as it is now, is the one that was decided about and can take the action.
[[nodiscard]] Expected<void> mayPerform(const RemoteAction& action, const ManagedDevice& now);
// Whether Intune has taken an action that was sent at `since`.
[[nodiscard]] bool wasTaken(const RemoteAction& action, const ManagedDevice& now, const QDateTime& since);

} // namespace postern::graph

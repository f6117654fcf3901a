// What a person asks Intune to do with a phone (ACT-03, 04, 12), and how far that has come. Plain values, any
// thread.
#pragma once

#include <QDateTime>
#include <QString>
#include <optional>

#include "models/base/Ids.h"
#include "models/domain/Intune.h"

namespace postern {

// Who and what the phone was for whoever decided: the service compares before it acts, and answers Conflict
// when it is another one by now.
struct DeviceActionRequest
{
    ManagedDeviceId device;
    RemoteAction::Kind kind = RemoteAction::Kind::SyncDevice;
    QString deviceName; // as it was shown
    QString serialNumber;
    QString userPrincipalName;
    RemoteAction::WipeOptions wipe;
    bool operator==(const DeviceActionRequest&) const = default;
};

// The newest of each kind, as Intune last reported it.
struct DeviceActionStatus
{
    RemoteAction::Kind kind = RemoteAction::Kind::SyncDevice;
    DeviceActionState state = DeviceActionState::None;
    QString requestedBy; // account name; empty: not through Postern
    std::optional<QDateTime> requestedAt, lastUpdated;
    QString problem; // a sentence when it failed
    bool operator==(const DeviceActionStatus&) const = default;
};

} // namespace postern

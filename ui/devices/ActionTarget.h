// What may be asked of a device, and what happens then: the safety rules of remote actions (ACT-03..09, 12)
// as pure functions over a row of the device list. Sentences are translated. GUI thread.
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "models/domain/DeviceAction.h"
#include "models/domain/DeviceMatch.h"
#include "models/frame/DeviceFrame.h"

namespace postern::devices {

using ActionKind = RemoteAction::Kind;

struct ActionTarget
{
    ManagedDeviceId id; // invalid: not enrolled
    QString name, user, userPrincipalName, model, serialNumber; // as they are
    DevicePlatform platform = DevicePlatform::Other;
    DeviceOwnerType owner = DeviceOwnerType::Unknown;
    ManagementState state = ManagementState::Unknown;
    bool operator==(const ActionTarget&) const = default;
};

// nullopt: it is no longer in the list.
[[nodiscard]] std::optional<ActionTarget> actionTarget(const frame::DeviceFrame& frame, DeviceKey key);
[[nodiscard]] DeviceActionRequest requestFor(const ActionTarget& target, ActionKind kind);

[[nodiscard]] QString actionTitle(ActionKind kind); // "Retire"
// Why this cannot be asked of this device; "" when it can.
[[nodiscard]] QString refusal(const ActionTarget& target, ActionKind kind);
// What becomes of the phone and of its mail, for its platform.
[[nodiscard]] QString consequence(ActionKind kind, DevicePlatform platform);
[[nodiscard]] QString ownerSentence(DeviceOwnerType owner); // "Personal device"
[[nodiscard]] QString actionStateTitle(DeviceActionState state);

} // namespace postern::devices

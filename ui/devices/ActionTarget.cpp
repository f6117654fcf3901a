#include "ui/devices/ActionTarget.h"

#include <QCoreApplication>

namespace postern::devices {

using frame::DeviceColumn;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(RemoteActions)
};

template <class E> E codeOf(const frame::DeviceFrame& frame, frame::RowIndex row, DeviceColumn column, E none)
{
    const qint64 code = frame.number(row, column);
    return code == frame::noValue ? none : E(code);
}

// What Retire takes away; mail only where an Intune profile had set it up (ACT-03).
QString retireConsequence(DevicePlatform platform)
{
    switch (platform) {
    case DevicePlatform::IOS:
    case DevicePlatform::AndroidKnox:
        return Words::tr(
            "Company apps, certificates and profiles go, and with them the mail account that an Intune "
            "profile set up. A mail account that the person set up by hand stays, with its mail.");
    case DevicePlatform::Android:
        return Words::tr(
            "Company certificates and profiles go. Mail stays on the phone: the account was set up by "
            "hand, and only blocking it in Exchange ends its access.");
    case DevicePlatform::AndroidWork:
        return Words::tr("The whole work profile goes, with its apps and its mail. The personal side stays.");
    case DevicePlatform::WindowsPhone:
    case DevicePlatform::Windows:
        return Words::tr(
            "Company apps, certificates and the mail account of an Intune profile go; files of the "
            "person stay.");
    case DevicePlatform::MacOS:
        return Words::tr("Profiles and certificates go; mail that was set up by hand stays.");
    case DevicePlatform::Other:
        break;
    }
    return Words::tr("What Intune had set up goes; what the person set up by hand stays, mail included.");
}

bool isUnderWay(ManagementState state)
{
    switch (state) {
    case ManagementState::RetirePending:
    case ManagementState::RetireIssued:
    case ManagementState::WipePending:
    case ManagementState::WipeIssued:
    case ManagementState::DeletePending:
        return true;
    default:
        return false;
    }
}

} // namespace

std::optional<ActionTarget> actionTarget(const frame::DeviceFrame& frame, DeviceKey key)
{
    const auto row = frame.rowOf(key);
    if (!row)
        return std::nullopt;
    const auto text = [&](DeviceColumn column) { return frame.text(*row, column); };
    ActionTarget target;
    target.id = key.managedDevice();
    target.name = text(DeviceColumn::Name);
    target.user = text(DeviceColumn::UserName);
    target.userPrincipalName = text(DeviceColumn::UserPrincipalName);
    target.model = text(DeviceColumn::DeviceModel);
    target.serialNumber = text(DeviceColumn::SerialNumber);
    target.platform = codeOf(frame, *row, DeviceColumn::Platform, DevicePlatform::Other);
    target.owner = codeOf(frame, *row, DeviceColumn::Owner, DeviceOwnerType::Unknown);
    target.state = codeOf(frame, *row, DeviceColumn::ManagementState, ManagementState::Unknown);
    return target;
}

DeviceActionRequest requestFor(const ActionTarget& target, ActionKind kind)
{
    DeviceActionRequest request;
    request.device = target.id;
    request.kind = kind;
    request.deviceName = target.name;
    request.serialNumber = target.serialNumber;
    request.userPrincipalName = target.userPrincipalName;
    return request;
}

QString actionTitle(ActionKind kind)
{
    switch (kind) {
    case ActionKind::SyncDevice:
        return Words::tr("Sync Device");
    case ActionKind::RemoteLock:
        return Words::tr("Remote Lock");
    case ActionKind::ResetPasscode:
        return Words::tr("Reset Passcode");
    case ActionKind::Retire:
        return Words::tr("Retire");
    case ActionKind::Wipe:
        return Words::tr("Wipe");
    }
    return {};
}

QString refusal(const ActionTarget& target, ActionKind kind)
{
    if (!target.id.isValid())
        return Words::tr("Not enrolled: Intune cannot reach this device");
    if (isDestructive(kind) && isUnderWay(target.state))
        return Words::tr("A wipe, retirement or deletion is already under way");
    const bool isComputer
        = target.platform == DevicePlatform::Windows || target.platform == DevicePlatform::MacOS;
    if (kind == ActionKind::Wipe && target.platform == DevicePlatform::AndroidWork)
        return Words::tr("A phone with a work profile cannot be wiped; Retire removes the work profile");
    if (kind == ActionKind::ResetPasscode && isComputer)
        return Words::tr("Only phones and tablets have a passcode that Intune can reset");
    if (kind == ActionKind::RemoteLock && target.platform == DevicePlatform::Windows)
        return Words::tr("Intune cannot lock Windows");
    return {};
}

QString consequence(ActionKind kind, DevicePlatform platform)
{
    switch (kind) {
    case ActionKind::SyncDevice:
        return Words::tr("The device is asked to check in. Nothing is changed on it.");
    case ActionKind::RemoteLock:
        return Words::tr("The device locks at once and asks for its passcode.");
    case ActionKind::ResetPasscode:
        return platform == DevicePlatform::IOS
            ? Words::tr("The passcode is removed; the device asks for a new one if a policy demands it.")
            : Words::tr("The device gets a new, temporary passcode, which Intune's portal shows.");
    case ActionKind::Retire:
        return retireConsequence(platform);
    case ActionKind::Wipe:
        return Words::tr(
            "Factory reset: everything on the device is erased, pictures and private data included, and "
            "it leaves Intune. This cannot be taken back once the device has answered.");
    }
    return {};
}

QString ownerSentence(DeviceOwnerType owner)
{
    switch (owner) {
    case DeviceOwnerType::Company:
        return Words::tr("Company device");
    case DeviceOwnerType::Personal:
        return Words::tr("Personal device");
    case DeviceOwnerType::Unknown:
        break;
    }
    return Words::tr("Owner unknown");
}

QString actionStateTitle(DeviceActionState state)
{
    switch (state) {
    case DeviceActionState::None:
        //: how far a remote action is
        return Words::tr("Not started");
    case DeviceActionState::Pending:
        return Words::tr("Pending: the device has not answered yet");
    case DeviceActionState::Canceled:
        return Words::tr("Canceled");
    case DeviceActionState::Active:
        //: how far a remote action is
        return Words::tr("In progress");
    case DeviceActionState::Done:
        //: how far a remote action is
        return Words::tr("Done");
    case DeviceActionState::Failed:
        return Words::tr("Failed");
    case DeviceActionState::NotSupported:
        return Words::tr("Not supported by the device");
    }
    return {};
}

} // namespace postern::devices

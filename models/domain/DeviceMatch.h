// How a managed device and partnerships of Exchange belong together (SYN-11, SYN-14), as the device list and
// its details show it. What Intune itself says is models/domain/Intune.h. Plain values, any thread.
#pragma once

#include <QDateTime>
#include <QString>
#include <optional>
#include <vector>

#include "models/base/Ids.h"
#include "models/domain/DeviceAction.h"
#include "models/domain/Exchange.h"

namespace postern {

// Stored: do not renumber any of these.
enum class DevicePlatform {
    Other = 0,
    IOS = 1, // and iPadOS
    Android = 2,
    AndroidKnox = 3, // Samsung
    AndroidWork = 4, // work profile, fully managed
    WindowsPhone = 5,
    Windows = 6,
    MacOS = 7,
};
enum class JailBroken { Unknown = 0, No = 1, Yes = 2 }; // a string in Graph: "Unknown", "False", "True"

// Numbers of matching::MatchKind, which the store keeps.
enum class MatchKind {
    None = 0, // no partnership found, or no managed device
    EasDeviceId = 1, // SYN-11 a: the only one that activates EAS
    Imei = 2, // c
    Serial = 3, // d
    Confirmed = 4, // e, and an operator said yes
};
enum class CandidateKind {
    Transferred = 0, // b: the same EAS id under another user
    Suggested = 1, // e: the only two that are left of this person, platform and model
};

template <> struct EnumTable<DevicePlatform>
{
    static std::span<const EnumEntry<DevicePlatform>> entries();
};
template <> struct EnumTable<JailBroken>
{
    static std::span<const EnumEntry<JailBroken>> entries();
};
template <> struct EnumTable<MatchKind>
{
    static std::span<const EnumEntry<MatchKind>> entries();
};
template <> struct EnumTable<CandidateKind>
{
    static std::span<const EnumEntry<CandidateKind>> entries();
};

// From Intune's words: "iOS", "iPadOS", "Android", "AndroidEnterprise", "Windows", "macOS".
[[nodiscard]] DevicePlatform devicePlatform(QStringView operatingSystem, QStringView manufacturer);

// One partnership of a device, as its details show it.
struct DevicePartnership
{
    PartnershipId id;
    QString mailboxName, mailboxAddress;
    EasDeviceId easDeviceId;
    QString deviceType, deviceModel;
    ClientType clientType = ClientType::Eas;
    AccessState accessState = AccessState::NotSeen;
    AccessStateReason accessStateReason = AccessStateReason::None;
    QString accessControlRule;
    QString policyApplicationStatus;
    WipeStatus wipeStatus = WipeStatus::None;
    std::optional<QDateTime> lastSuccessSync, dataAsOf;
    QString connectorName;
    MatchKind match = MatchKind::None; // how it came to this device
    bool probablyReset = false; // SYN-15: what a phone left behind when it was reset
    bool operator==(const DevicePartnership&) const = default;
};

// Two that may be one phone, but are not linked (SYN-11 b, e).
struct MatchCandidate
{
    PartnershipId partnership;
    ManagedDeviceId device;
    CandidateKind kind = CandidateKind::Suggested;
    QString partnershipName, mailboxName, easDeviceId; // Exchange's side
    QString deviceName, deviceUser, serialNumber; // Intune's side
    QString model;
    bool operator==(const MatchCandidate&) const = default;
};

// What the device list has not: loaded for the one device that is looked at.
struct DeviceDetail
{
    DeviceKey key;
    std::vector<DevicePartnership> partnerships; // worst access state first
    std::vector<MatchCandidate> candidates;
    std::vector<DeviceActionStatus> actions{}; // newest first
    bool operator==(const DeviceDetail&) const = default;
};

} // namespace postern

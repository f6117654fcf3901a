// The columns of a device row: one list for store, frame, grid and command line. The key is stable text
// (settings files,
// --columns, CSV); what people read is made by the item model with tr(). Any thread.
#pragma once

#include <QStringView>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "models/base/Ids.h"

namespace postern::frame {

enum class ColumnKind : std::uint8_t {
    Text, // UTF-8; repeating values are dictionary-encoded
    Time, // milliseconds since the epoch, UTC
    Code, // value of the enum named in the table; shown as text, sorts by its order
    Number,
    Flag, // 0 no, 1 yes
};

enum class DeviceColumn : std::uint8_t {
    Name, // UserName_DeviceType (SYN-13: not unique)
    UserName, // display name of the mailbox
    UserPrincipalName,
    EmailAddress,
    Department,
    DeviceType,
    DeviceModel,
    FriendlyName,
    DeviceOS,
    EasDeviceId,
    ClientVersion, // EAS protocol version
    Imei,
    PhoneNumber,
    MobileOperator,
    UserAgent,
    ExchangeServer,
    ExchangeOrganization,
    AccessControlRule,
    AccessStateReasonText, // Exchange's own word
    PolicyApplied,
    PolicyApplicationStatus,
    DeviceIdentity,
    ConnectorName,
    SiteCode,
    OsVersion, // of Intune (SYN-16)
    SerialNumber,
    DeviceCategory,
    IntuneDeviceId, // Graph's id
    EntraDeviceId, // joins to the directory's device object
    AccessState, // Code: postern::AccessState
    AccessStateReason, // Code: postern::AccessStateReason
    ClientType, // Code: postern::ClientType
    WipeStatus, // Code: postern::WipeStatus
    FirstSyncTime,
    LastSuccessSync, // "Last Success Sync Time To Exchange Server"
    LastSyncAttempt,
    LastPolicyUpdate,
    ExchangeDataAsOf, // SYN-18
    FoldersSynced,
    RemoteWipeSupported,
    EasEnabled, // of the mailbox
    Stale, // statistics could not be read at the last sync; old values kept (SYN-07)
    // Intune's side (OBJ-05); empty for a partnership that belongs to no managed device.
    Platform, // Code: postern::DevicePlatform
    Owner, // Code: postern::DeviceOwnerType
    ManagementState, // Code: postern::ManagementState
    Enrolled, // 0 for a partnership without a managed device
    EnrolledAt,
    ComplianceState, // Code: postern::ComplianceState
    GraceExpires,
    JailBroken, // Code: postern::JailBroken
    Encrypted,
    IntuneLastCheckIn,
    IntuneDataAsOf, // SYN-18
    MatchKind, // Code: postern::MatchKind; of the strongest evidence when there are several partnerships
    PartnershipCount, // SYN-14: how many are beneath this row
    EasActivated,
    EntraRegistered,
    IntuneLicensed, // of the user (SYN-10)
};
inline constexpr int deviceColumnCount = int(DeviceColumn::IntuneLicensed) + 1;
inline constexpr int deviceTextColumnCount = int(DeviceColumn::EntraDeviceId) + 1; // Text ones come first

struct DeviceColumnInfo
{
    DeviceColumn column;
    ColumnKind kind;
    QStringView key; // "exchangeAccessState"
    bool visibleByDefault;
};

[[nodiscard]] std::span<const DeviceColumnInfo> deviceColumns(); // in enum order
[[nodiscard]] const DeviceColumnInfo& deviceColumnInfo(DeviceColumn column);
[[nodiscard]] std::optional<DeviceColumn> deviceColumnFromKey(QStringView key);

inline constexpr qint64 noValue = INT64_MIN; // an empty Time, Code, Number or Flag cell

// One row on its way from the store into a frame; the views are valid only during the call that hands it
// over. What a managed device and its partnerships make together is mergedRow() (DeviceMerge.h).
struct DeviceRow
{
    DeviceKey id;
    bool gone = false; // SYN-19: remove it from the frame
    std::array<std::string_view, deviceColumnCount> text{}; // Text columns, UTF-8
    std::array<qint64, deviceColumnCount> number{}; // all other columns; noValue when empty
};

} // namespace postern::frame

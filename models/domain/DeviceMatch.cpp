#include "models/domain/DeviceMatch.h"

namespace postern {

std::span<const EnumEntry<DevicePlatform>> EnumTable<DevicePlatform>::entries()
{
    static constexpr EnumEntry<DevicePlatform> table[] = {
        {DevicePlatform::Other, u"other"},
        {DevicePlatform::IOS, u"iOS"},
        {DevicePlatform::Android, u"android"},
        {DevicePlatform::AndroidKnox, u"androidKnox"},
        {DevicePlatform::AndroidWork, u"androidWork"},
        {DevicePlatform::WindowsPhone, u"windowsPhone"},
        {DevicePlatform::Windows, u"windows"},
        {DevicePlatform::MacOS, u"macOS"},
    };
    return table;
}

std::span<const EnumEntry<JailBroken>> EnumTable<JailBroken>::entries()
{
    static constexpr EnumEntry<JailBroken> table[] = {
        {JailBroken::Unknown, u"unknown"},
        {JailBroken::No, u"false"},
        {JailBroken::Yes, u"true"},
    };
    return table;
}

std::span<const EnumEntry<MatchKind>> EnumTable<MatchKind>::entries()
{
    static constexpr EnumEntry<MatchKind> table[] = {
        {MatchKind::None, u"none"},
        {MatchKind::EasDeviceId, u"easDeviceId"},
        {MatchKind::Imei, u"imei"},
        {MatchKind::Serial, u"serial"},
        {MatchKind::Confirmed, u"confirmed"},
    };
    return table;
}

std::span<const EnumEntry<CandidateKind>> EnumTable<CandidateKind>::entries()
{
    static constexpr EnumEntry<CandidateKind> table[] = {
        {CandidateKind::Transferred, u"transferred"},
        {CandidateKind::Suggested, u"suggested"},
    };
    return table;
}

} // namespace postern

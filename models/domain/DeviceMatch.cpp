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

DevicePlatform devicePlatform(QStringView operatingSystem, QStringView manufacturer)
{
    const auto says = [operatingSystem](
                          QLatin1String word) { return operatingSystem.contains(word, Qt::CaseInsensitive); };
    using enum DevicePlatform;
    if (operatingSystem.startsWith(QLatin1String("i"), Qt::CaseInsensitive)) // iOS, iPadOS
        return IOS;
    if (says(QLatin1String("android"))) {
        if (says(QLatin1String("work")) || says(QLatin1String("enterprise")))
            return AndroidWork;
        const bool samsung = manufacturer.contains(QLatin1String("samsung"), Qt::CaseInsensitive);
        return samsung ? AndroidKnox : Android;
    }
    if (says(QLatin1String("windows")))
        return says(QLatin1String("phone")) || says(QLatin1String("mobile")) ? WindowsPhone : Windows;
    return says(QLatin1String("mac")) ? MacOS : Other;
}

} // namespace postern

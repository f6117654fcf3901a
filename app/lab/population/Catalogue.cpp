#include "app/lab/population/Catalogue.h"

#include <array>

namespace postern::lab {

namespace {

using enum IdKind;
constexpr auto eas = PhoneClient::Eas;

constexpr std::array<PhoneModel, 20> models{{
    {"iPhone", "iPhone15C2", "Black iPhone 15 Pro", "iOS 17.4.1 21E236", "Apple-iPhone15C2/2104.236", "16.1",
        ApplSerial, eas, true, 12},
    {"iPhone", "iPhone14C5", "Green iPhone 13", "iOS 17.3.1 21D61", "Apple-iPhone14C5/2103.61", "16.1",
        ApplSerial, eas, true, 10},
    {"iPhone", "iPhone12C8", "White iPhone SE", "iOS 16.7.8 20H343", "Apple-iPhone12C8/2007.343", "16.1",
        ApplSerial, eas, true, 8},
    {"iPhone", "iPhone9C3", "Gold iPhone 7", "iOS 15.8.2 19H384", "Apple-iPhone9C3/1908.384", "14.1",
        ApplSerial, eas, true, 3},
    {"iPhone", "iPhone6C2", "Grey iPhone 5s", "iOS 12.5.7 16H81", "Apple-iPhone6C2/1608.81", "14.1",
        ApplSerial, eas, true, 2},
    {"iPad", "iPad13C1", "Blue iPad Air", "iPadOS 17.4.1 21E236", "Apple-iPad13C1/2104.236", "16.1", Hex32,
        eas, true, 6},
    {"iPad", "iPad7C5", "Silver iPad", "iPadOS 16.7.8 20H343", "Apple-iPad7C5/2007.343", "16.1", ApplSerial,
        eas, true, 3},
    {"SamsungDevice", "SM-S918B", "Galaxy S23 Ultra", "Android 14.UP1A.231005.007", "SAMSUNG-SM-S918B/141.14",
        "16.1", Samsung, eas, true, 9},
    {"SamsungDevice", "SM-A546B", "Galaxy A54", "Android 13.TP1A.220624.014", "SAMSUNG-SM-A546B/131.13",
        "16.1", Samsung, eas, true, 7},
    {"SamsungDevice", "SM-G950F", "Galaxy S8", "Android 9.PPR1.180610.011", "SAMSUNG-SM-G950F/900.9", "14.1",
        Samsung, eas, true, 3},
    {"Android", "Pixel 8", "Pixel 8", "Android 14", "Android/14-EAS-2.0", "16.1", AndroidC, eas, true, 7},
    {"Android", "Pixel 6a", "Pixel 6a", "Android 13", "Android/13-EAS-2.0", "16.1", AndroidC, eas, true, 4},
    {"Android", "Nokia 6.1", "Nokia 6.1", "Android 10", "Android/10-EAS-2.0", "14.1", AndroidC, eas, false,
        3},
    {"Android", "GT-I9505", "Galaxy S4", "Android 4.4.2", "Android/4.4-EAS-1.3", "14.0", AndroidC, eas, false,
        2},
    {"WindowsMail", "Latitude 7420", "LAPTOP-7420", "Windows 10.0.19045", "MSFT-WIN-4/10.0.19045", "14.1",
        Hex32, eas, true, 4},
    {"WP8", "RM-1085", "Lumia 950", "Windows Phone 10.0.15254", "MSFT-WP/10.0.15254", "14.1", Hex32, eas,
        true, 1},
    {"TestActiveSyncConnectivity", "TestActiveSyncConnectivity", "Probe", "", "TestActiveSyncConnectivity",
        "14.1", Hex32, eas, false, 1},
    {"Outlook", "Outlook for iOS and Android", "Outlook for iOS and Android", "iOS 17.4.1", "Outlook-iOS/2.0",
        "1.0", Hex32, PhoneClient::Outlook, true, 9},
    {"Outlook", "Outlook for iOS and Android", "Outlook for iOS and Android", "Android 14",
        "Outlook-Android/2.0", "1.0", Hex32, PhoneClient::Outlook, true, 7},
    {"Outlook", "Outlook for iOS and Android", "Outlook for iOS and Android", "iOS 16.7.8",
        "Outlook-iOS-Android/1.0", "1.0", Hex32, PhoneClient::Rest, true, 3},
}};

} // namespace

std::span<const PhoneModel> phoneModels()
{
    return models;
}

} // namespace postern::lab

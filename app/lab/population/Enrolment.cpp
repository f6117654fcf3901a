#include "app/lab/population/Enrolment.h"

#include <array>

#include "app/lab/population/Dice.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

enum Kind : std::uint64_t { EnrolmentKind = 90, OutlookKind = 91, ExtraKind = 92 };
constexpr std::int64_t minuteMs = 60000, dayMs = 86400000;
constexpr std::uint64_t neighbours = 97;

struct Special
{
    std::string_view compliance = "compliant", registration = "registered", state = "managed";
    EasIdForm form = EasIdForm::Exact;
    bool activated = true;
    int enrolledMinutes = 0; // ago; 0: long ago
    std::string_view jailBroken = "False", agent = "mdm", action = "";
    bool transferred = false, stale = false, former = false, enrolled = true;
};

constexpr std::string_view yes = "compliant", no = "noncompliant", reg = "registered", managed = "managed";
using enum EasIdForm;

// Each line is one neighbour in 97; the rest is ordinary.
constexpr std::array<Special, 60> specials{{
    {.enrolled = false},
    {.enrolled = false},
    {.enrolled = false},
    {.enrolled = false},
    {.enrolled = false},
    {.enrolled = false},
    {.enrolled = false},
    {.enrolled = false},
    {.enrolled = false},
    {.enrolled = false},
    {no},
    {no},
    {no},
    {no},
    {no},
    {no},
    {no, reg, managed, Exact, true, 0, "True"},
    {"inGracePeriod"},
    {"inGracePeriod"},
    {"inGracePeriod"},
    {"unknown", reg, managed, Exact, true, 30},
    {"unknown", reg, managed, Exact, true, 8},
    {"unknown"},
    {"unknown"},
    {"error"},
    {"conflict"},
    {"configManager", reg, managed, Exact, true, 0, "Unknown", "configurationManagerClientMdm"},
    {yes, "notRegistered"},
    {yes, "notRegistered", managed, Empty, false},
    {yes, "revoked"},
    {yes, "keyConflict"},
    {yes, "approvalPending"},
    {yes, "certificateReset"},
    {yes, "notRegisteredPendingEnrollment", managed, Exact, true, 15},
    {"unknown", "unknown", managed, Empty, false, 5},
    {yes, reg, managed, Empty, false, 20}, // activation pending, still within a hold window
    {yes, reg, managed, Empty, false, 45},
    {yes, reg, managed, Empty, false},
    {yes, reg, managed, Empty, false},
    {yes, reg, managed, Empty, false},
    {yes, reg, managed, OtherCase},
    {yes, reg, managed, OtherCase},
    {yes, reg, managed, OtherCase},
    {yes, reg, managed, Formatted},
    {yes, reg, managed, Formatted},
    {yes, reg, managed, Spaced},
    {no, reg, managed, OtherCase},
    {"unknown", reg, "retireIssued", Exact, true, 0, "False", "mdm", "retire"},
    {yes, reg, "retirePending", Exact, true, 0, "False", "mdm", "retire"},
    {yes, reg, "wipePending", Exact, true, 0, "False", "mdm", "factoryReset"},
    {"unknown", reg, "wipeIssued", Exact, true, 0, "False", "mdm", "factoryReset"},
    {no, reg, "unhealthy"},
    {"unknown", "unknown", "discovered", Exact, true, 0, "Unknown", "eas"},
    {.transferred = true},
    {.transferred = true},
    {yes, reg, managed, BeforeReset},
    {yes, reg, managed, BeforeReset},
    {no, reg, managed, Exact, true, 0, "False", "easMdm", "", false, true}, // not seen for months
    {yes, reg, managed, Exact, true, 600, "False", "mdm", "", false, false, true},
    {yes, reg, managed, Exact, true, 0, "Unknown", "easMdm"},
}};

Special specialOf(const Population& people, std::uint32_t phone)
{
    const std::uint64_t slot = (phone * 31ULL + people.options().seed * 7ULL) % neighbours;
    return slot < specials.size() ? specials[size_t(slot)] : Special{};
}

enum class Platform { Ios, Android, Samsung, Windows, WindowsPhone, None };

Platform platformOf(const PhoneFacts& facts)
{
    if (facts.type == "TestActiveSyncConnectivity")
        return Platform::None;
    if (startsWithIgnoreCase(facts.os, "iOS") || startsWithIgnoreCase(facts.os, "iPadOS"))
        return Platform::Ios;
    if (facts.type == "SamsungDevice")
        return Platform::Samsung;
    if (startsWithIgnoreCase(facts.os, "Android"))
        return Platform::Android;
    if (facts.type == "WP8")
        return Platform::WindowsPhone;
    return Platform::Windows;
}

bool sameSystem(Platform a, Platform b)
{
    const auto android = [](Platform p) { return p == Platform::Android || p == Platform::Samsung; };
    return a == b || (android(a) && android(b));
}

std::string recorded(EasIdForm form, const std::string& id, Dice& dice)
{
    switch (form) {
    case Exact:
        return id;
    case OtherCase: {
        const std::string lower = asciiLower(id);
        if (lower != id)
            return lower;
        std::string upper = id;
        for (char& c : upper)
            c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
        return upper;
    }
    case Formatted:
        if (id.size() != 32)
            return "{" + id + "}";
        return "{" + id.substr(0, 8) + "-" + id.substr(8, 4) + "-" + id.substr(12, 4) + "-" + id.substr(16, 4)
            + "-" + id.substr(20) + "}";
    case Spaced:
        return " " + id + " ";
    case BeforeReset:
        return dice.hex(32);
    case Empty:
        break;
    }
    return {};
}

void datesOf(Enrolment& e, const Special& special, std::int64_t firstSyncMs, std::int64_t now, Dice& dice)
{
    e.enrolledMs = special.enrolledMinutes > 0
        ? now - special.enrolledMinutes * minuteMs
        : std::max(firstSyncMs, now - std::int64_t(3 + dice.below(700)) * dayMs);
    e.lastSyncMs = special.stale ? std::max(e.enrolledMs, now - std::int64_t(120 + dice.below(100)) * dayMs)
                                 : std::max(e.enrolledMs, now - std::int64_t(dice.below(8 * 60)) * minuteMs);
    if (e.compliance == "inGracePeriod")
        e.graceMs = now + std::int64_t(1 + dice.below(7)) * dayMs;
    if (e.easActivated)
        e.easActivatedMs = e.enrolledMs + std::int64_t(2 + dice.below(50)) * minuteMs;
}

std::string_view enrollmentTypeOf(Platform platform, bool company, Dice& dice)
{
    if (platform == Platform::Windows)
        return dice.percent(50) ? "windowsAzureADJoin"
            : dice.percent(50)  ? "windowsAutoEnrollment"
                                : "windowsCoManagement";
    if (platform == Platform::Ios && company)
        return "appleBulkWithUser";
    return platform == Platform::Ios && dice.oneIn(6) ? "appleUserEnrollment" : "userEnrollment";
}

void surroundings(Enrolment& e, Platform platform, Dice& dice)
{
    const bool company = dice.percent(45);
    e.owner = dice.oneIn(50) ? "unknown" : company ? "company" : "personal";
    e.supervised = platform == Platform::Ios && company;
    e.encrypted = !dice.oneIn(30);
    e.enrollmentType = enrollmentTypeOf(platform, company, dice);
    e.threat = dice.oneIn(40) ? "lowSeverity" : dice.oneIn(4) ? "secured" : "unknown";
    if (e.registration == "registered" || e.registration == "certificateReset")
        e.azureRegistered = true;
    else if (e.registration != "unknown")
        e.azureRegistered = false; // unknown stays null, as seen in real answers
    e.inDirectory = e.registration != "notRegistered" && e.registration != "unknown";
}

std::string versionIn(std::string_view os)
{
    const auto digit = os.find_first_of("0123456789");
    if (digit == std::string_view::npos)
        return {};
    const std::string_view rest = os.substr(digit);
    return std::string(rest.substr(0, rest.find(' ')));
}

std::string macOf(Dice& dice)
{
    return "02" + dice.hex(10);
}

} // namespace

std::uint32_t physicalPhone(const Population& people, std::uint32_t phone)
{
    const PhoneFacts facts = people.phone(phone);
    const std::uint32_t body = people.bodyOf(phone);
    if (facts.client == PhoneClient::Eas)
        return body;
    Dice dice(people.options().seed, OutlookKind, body);
    if (!dice.percent(70))
        return body;
    const std::uint32_t owner = people.ownerOf(body), first = people.firstPhoneOf(owner);
    for (std::uint32_t other = first; other < first + people.phoneCountOf(owner); ++other) {
        const PhoneFacts candidate = people.phone(other);
        if (candidate.client == PhoneClient::Eas && people.bodyOf(other) == other
            && sameSystem(platformOf(candidate), platformOf(facts)))
            return other;
    }
    return body;
}

Enrolment enrolmentOf(const Population& people, std::uint32_t phone)
{
    const PhoneFacts facts = people.phone(phone);
    const Special special = specialOf(people, phone);
    const Platform platform = platformOf(facts);
    Enrolment e;
    if (!special.enrolled || platform == Platform::None || physicalPhone(people, phone) != phone)
        return e;
    Dice dice(people.options().seed, EnrolmentKind, phone);
    e.enrolled = true;
    e.user = facts.owner;
    if (special.transferred && people.userCount() > 1)
        e.user = (facts.owner + 1 + std::uint32_t(dice.below(people.userCount() - 1))) % people.userCount();
    e.compliance = special.compliance;
    e.registration = special.registration;
    e.managementState = special.state;
    e.agent = special.agent;
    e.jailBroken = special.jailBroken;
    e.activeAction = special.action;
    e.hasFormerRecord = special.former;
    e.young = special.enrolledMinutes > 0;
    // Outlook never tells Intune its own id, and a PC's mail app needs no activation.
    const bool knowsId = facts.client == PhoneClient::Eas;
    e.idForm = knowsId ? special.form : Empty;
    e.easActivated = knowsId && special.activated && platform != Platform::Windows;
    e.easDeviceId = recorded(e.idForm, people.idAfterReset(phone), dice);
    datesOf(e, special, facts.firstSyncMs, people.options().referenceMs, dice);
    surroundings(e, platform, dice);
    return e;
}

Hardware hardwareOf(const Population& people, const PhoneFacts& facts, const std::string& userName)
{
    Dice dice(people.options().seed, EnrolmentKind + 10, facts.index);
    const Platform platform = platformOf(facts);
    Hardware h;
    h.model = facts.client == PhoneClient::Eas ? facts.model
        : platform == Platform::Ios            ? "iPhone 14"
                                               : "Pixel 7";
    h.manufacturer = platform == Platform::Ios ? "Apple"
        : platform == Platform::Samsung        ? "samsung"
        : platform == Platform::Android        ? "Google"
                                               : "Microsoft Corporation";
    h.os = platform == Platform::Ios                                     ? "iOS"
        : platform == Platform::Android || platform == Platform::Samsung ? "Android"
        : platform == Platform::WindowsPhone                             ? "Windows Phone"
                                                                         : "Windows";
    h.osVersion = versionIn(facts.os);
    h.serial = facts.deviceId.starts_with("Appl") ? facts.deviceId.substr(4)
                                                  : dice.characters(11, "0123456789ABCDEFGHJKLMNPRSTUVWXYZ");
    h.imei = facts.imei;
    h.phoneNumber = facts.number;
    h.carrier = facts.carrier;
    h.wiFiMac = macOf(dice);
    h.iccid = facts.imei.empty() ? std::string() : "8949" + dice.digits(15);
    h.udid = platform == Platform::Ios ? asciiLower(dice.hex(40)) : std::string();
    h.name = userName + "_" + (h.os == "Windows" ? "Windows" : h.model) + "_" + dice.digits(6);
    return h;
}

bool hasExtraDevice(const Population& people, std::uint32_t user)
{
    return Dice(people.options().seed, ExtraKind, user).percent(30);
}

Enrolment extraEnrolmentOf(const Population& people, std::uint32_t user)
{
    Dice dice(people.options().seed, ExtraKind + 20, user);
    Enrolment e;
    e.enrolled = true;
    e.user = dice.oneIn(20) ? nobody : user;
    e.idForm = Empty;
    e.easActivated = false;
    e.compliance = dice.percent(85) ? "compliant" : "noncompliant";
    e.registration = "registered";
    e.managementState = "managed";
    e.jailBroken = "Unknown";
    e.agent = "mdm";
    Special ordinary;
    datesOf(e, ordinary, 0, people.options().referenceMs, dice);
    e.easActivatedMs = 0;
    surroundings(e, Platform::Windows, dice);
    return e;
}

Hardware extraHardwareOf(const Population& people, std::uint32_t user)
{
    struct Machine
    {
        std::string_view model, manufacturer, os, version, prefix;
    };
    static constexpr std::array<Machine, 5> machines{{
        {"Latitude 7420", "Dell Inc.", "Windows", "10.0.19045.4170", "LAPTOP-"},
        {"Surface Pro 9", "Microsoft Corporation", "Windows", "10.0.22631.3296", "SURFACE-"},
        {"MacBook Air", "Apple", "macOS", "14.4.1 (23E224)", "MAC-"},
        {"iPad Pro", "Apple", "iOS", "17.4.1", "iPad-"},
        {"TC21", "Zebra Technologies", "Android", "11.0", "SCAN-"},
    }};
    Dice dice(people.options().seed, ExtraKind + 21, user);
    const Machine& machine = machines[size_t(dice.below(machines.size()))];
    Hardware h;
    h.model = machine.model;
    h.manufacturer = machine.manufacturer;
    h.os = machine.os;
    h.osVersion = machine.version;
    h.serial = dice.characters(10, "0123456789ABCDEFGHJKLMNPRSTUVWXYZ");
    h.wiFiMac = macOf(dice);
    h.ethernetMac = h.os == "Windows" ? macOf(dice) : std::string();
    h.name = std::string(machine.prefix) + dice.hex(7);
    return h;
}

} // namespace postern::lab

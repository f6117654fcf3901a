// What Intune knows of a phone, computed from the seed like the phone itself: whether it is enrolled, by
// whom, in which state, and how (if at all) the ActiveSync id that Intune recorded differs from the phone's.
// Every state of the decision tables (spec 7.4) comes once in 97 neighbouring phones. Pure, any thread.
#pragma once

#include <optional>

#include "app/lab/population/Population.h"

namespace postern::lab {

inline constexpr std::uint32_t nobody = UINT32_MAX;

struct Hardware
{
    std::string name, model, manufacturer, os, osVersion, serial, imei, meid, phoneNumber, carrier, wiFiMac,
        ethernetMac, iccid, udid;
};

enum class EasIdForm : std::uint8_t { Exact, OtherCase, Formatted, Spaced, Empty, BeforeReset };

struct Enrolment
{
    bool enrolled = false;
    std::uint32_t user = nobody; // index into the population: the owner, or after a transfer somebody else
    EasIdForm idForm = EasIdForm::Exact;
    std::string easDeviceId;
    bool easActivated = true, encrypted = true, supervised = false;
    bool hasFormerRecord = false; // enrolled anew, and the record from before was never cleaned up
    bool inDirectory = true; // has a device object in Entra
    std::optional<bool> azureRegistered;
    // Graph's own words, all of them constants.
    std::string_view compliance, registration, managementState, agent, owner, enrollmentType, jailBroken,
        threat, activeAction;
    bool young = false; // enrolled minutes before the lab's own "now", whatever the reference date
    std::int64_t enrolledMs = 0, lastSyncMs = 0, graceMs = 0, easActivatedMs = 0;
};

// The phone that a partnership lives on: itself, the neighbour's (one phone in two mailboxes), the same phone
// before its reset, or the phone whose owner also has Outlook on it.
[[nodiscard]] std::uint32_t physicalPhone(const Population& people, std::uint32_t phone);
// Of the physical phone itself; for other partnerships of it nothing is enrolled.
[[nodiscard]] Enrolment enrolmentOf(const Population& people, std::uint32_t phone);
[[nodiscard]] Hardware hardwareOf(
    const Population& people, const PhoneFacts& facts, const std::string& userName);

// Devices without any partnership: laptops, tablets, shared ones of nobody.
[[nodiscard]] bool hasExtraDevice(const Population& people, std::uint32_t user);
[[nodiscard]] Enrolment extraEnrolmentOf(const Population& people, std::uint32_t user);
[[nodiscard]] Hardware extraHardwareOf(const Population& people, std::uint32_t user);

} // namespace postern::lab

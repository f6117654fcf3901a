// Exchange's own order of deciding what a phone gets (CAP-60), pure: no clock, no state. Postern predicts the
// same order in services/policy; this one is written from the reference again, so that tests ask the lab and
// not Postern. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::lab {

enum class Access : std::uint8_t { Unknown, Allowed, Blocked, Quarantined, DeviceDiscovery };
enum class Reason : std::uint8_t { Unknown, Global, Individual, DeviceRule, Upgrade, Policy };
enum class Level : std::uint8_t { Allow, Block, Quarantine };
enum class Characteristic : std::uint8_t { DeviceModel, DeviceType, DeviceOS, UserAgent, XMSWLHeader };

struct AccessRule
{
    std::uint32_t number = 0;
    std::string query;
    Characteristic characteristic = Characteristic::DeviceType;
    Level level = Level::Allow;
    std::int64_t createdMs = 0, changedMs = 0;
    [[nodiscard]] std::string name() const; // "SM-G950F (DeviceModel)"
};

struct AccessQuestion
{
    bool authenticated = true;
    bool easEnabled = true;
    bool policyMet = true;
    bool newDevice = false; // still in device discovery
    std::string_view deviceId, type, model, os, userAgent;
    const std::vector<std::string>* blockedIds = nullptr;
    const std::vector<std::string>* allowedIds = nullptr;
    const std::vector<AccessRule>* rules = nullptr;
    Level defaultLevel = Level::Allow;
};

struct AccessAnswer
{
    int step = 0; // 1 to 9 as in CAP-60
    Access access = Access::Unknown;
    Reason reason = Reason::Unknown;
    bool refused = false; // steps 1 and 2: the phone is turned away and its stored state stays as it was
    std::optional<std::uint32_t> rule; // the deciding rule's number
};

[[nodiscard]] AccessAnswer decideAccess(const AccessQuestion& question);

[[nodiscard]] std::string_view text(Access access);
[[nodiscard]] std::string_view text(Reason reason);
[[nodiscard]] std::string_view text(Level level);
[[nodiscard]] std::string_view text(Characteristic characteristic);
[[nodiscard]] std::optional<Level> levelFromText(std::string_view text);
[[nodiscard]] std::optional<Characteristic> characteristicFromText(std::string_view text);
[[nodiscard]] std::string_view describeStep(int step);

} // namespace postern::lab

// Who may have mail on-premises, and why (spec 7.4): a pure, total function of what is known about one
// partnership. Its table is data (decisionRows(), in the printed order, the first match wins); explain,
// impact preview, what-if, wave dry run, reports and enforcement all call decide(). No I/O, no clock, no text
// is made: a decision is 16 bytes. Any thread, no errors: every input has exactly one row.
#pragma once

#include <cstdint>
#include <span>

#include "models/base/EnumText.h"
#include "models/domain/DeviceMatch.h"
#include "models/domain/Exchange.h"
#include "services/policy/ExchangeAccessOrder.h"

namespace postern::policy {

// "Unknown inputs are a value, never coerced to false" (DEC-00).
enum class Known : std::uint8_t { No, Yes, Unknown };
enum class Exemption : std::uint8_t { None, Allow, Block }; // by an operator, not expired
enum class Compliance : std::uint8_t {
    Unknown,
    Compliant,
    NonCompliant,
    Conflict,
    Error,
    InGracePeriod,
    ConfigManager, // decided elsewhere: nothing that Postern knows
};

struct DecisionInputs
{
    bool policyOn = false;
    bool connectorUsable = true; // connected, and its data younger than two full periods
    bool seen = true; // a partnership exists
    bool discovering = false; // Exchange says "device discovery"
    bool wipePending = false; // or sent
    Exemption exemption = Exemption::None;
    bool exempted = false; // by collection
    bool guaranteeExempt = true; // CAP-21
    bool targeted = false;
    Known licensed = Known::Unknown;
    ClientType client = ClientType::Eas;
    DevicePlatform platform = DevicePlatform::Other;
    bool platformSupported = true; // by the platforms of the policy
    Known managed = Known::Unknown; // a managed device is matched, and enrolled
    Known registered = Known::Unknown; // in the directory
    Known activated = Known::Unknown; // EAS bound by the managed device
    bool enrolledWithinHold = false; // enrolled less than the hold window ago
    Compliance compliance = Compliance::Unknown;
    bool complianceWithinHold = false; // evaluation began less than the hold window ago
    bool policyDeployed = true; // some compliance policy reaches this user
    bool noPolicyIsNonCompliant = false; // the tenant's switch
    bool overrideDefault = false; // CAP-50
    bool retired = false; // was managed at the last run (DEC-34)
    bool domainJoined = false; // a PC (DEC-33)
    bool posternBlocked = false; // a block entry that Postern wrote is there
    bool posternAllowed = false;
    // As Exchange has it: rules, default, lists. personallyBlocked/-Allowed are entries of others only.
    AccessInputs exchange;
    bool operator==(const DecisionInputs&) const = default;
};

// Not one of the spec's rows: Dec00 means that an input the next row would need is not known, so that nothing
// is changed.
enum class Row : std::uint8_t {
    Dec00,
    Dec01,
    Dec02,
    Dec03,
    Dec04,
    Dec05,
    Dec06,
    Dec07,
    Dec11,
    Dec08,
    Dec09,
    Dec10,
    Dec12,
    Dec13,
    Dec14,
    Dec15,
    Dec16,
    Dec17,
    Dec18,
    Dec19,
    Dec20,
    Dec22,
    Dec23,
    Dec24,
    Dec25,
    Dec28,
    Dec29,
    Dec30
};

// Recorded beside the row.
enum class Modifier : std::uint8_t {
    Dec21 = 1, // Windows: activation and registration are not asked for
    Dec26 = 2, // in grace: as compliant
    Dec27 = 4, // no policy deployed: as compliant
    Dec31 = 8, // blocked although somebody else allowed it: drift, offer take-over
    Dec32 = 16, // blocked although an allow rule matches
    Dec33 = 32, // a domain-joined PC counts only when enrolled
    Dec34 = 64, // retired or unenrolled since the last run
};

enum class Intent : std::uint8_t { NoChange, Clear, Allow, Block, Hold };
enum class Message : std::uint8_t {
    None,
    Blocked,
    Enrol,
    Activate,
    NonCompliant,
    Checking,
    Grace,
    Ok,
    Exchanges // Exchange's own quarantine mail
};

struct Decision
{
    Row row = Row::Dec01;
    Intent intent = Intent::NoChange;
    Message message = Message::None;
    std::uint8_t modifiers = 0;
    AccessState expected = AccessState::Unknown; // after the write, by Exchange's own order
    AccessStateReason reason = AccessStateReason::None; // Postern's, or Exchange's where that decides
    bool operator==(const Decision&) const = default;
    [[nodiscard]] bool has(Modifier modifier) const { return (modifiers & std::uint8_t(modifier)) != 0; }
};

[[nodiscard]] Decision decide(const DecisionInputs& inputs);

struct DecisionRow
{
    Row row;
    bool (*holds)(const DecisionInputs&);
    Intent intent;
    Message message;
    AccessStateReason reason; // None: Exchange's own
};
// In the order in which they are asked.
[[nodiscard]] std::span<const DecisionRow> decisionRows();

// The lists that an intent leaves: what Exchange then answers.
[[nodiscard]] AccessInputs afterwards(const DecisionInputs& inputs, Intent intent);

} // namespace postern::policy

namespace postern {
template <> struct EnumTable<policy::Row>
{
    static std::span<const EnumEntry<policy::Row>> entries(); // "DEC-16"
};
} // namespace postern

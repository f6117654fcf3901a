// What has to be written so that Exchange has what a connector configures (CON-19 to 26, SYN-02): a pure
// difference, in the order in which it may be sent. Any thread, no I/O. Nothing is planned for what is not
// configured; rules that Postern did not create are changed when they are configured and never removed
// (SYN-22).
#pragma once

#include <optional>
#include <vector>

#include "models/domain/ConnectorSettings.h"
#include "models/domain/ExchangeWrite.h"

namespace postern::enforce {

// What Exchange has, as it was read.
struct ExchangeState
{
    std::optional<OrganizationSettings> organization; // nullopt: not known
    std::vector<AccessRule> rules;
    std::vector<MailboxPolicy> policies;
    std::optional<MailboxPolicySettings> defaultPolicy; // of the default one; nullopt: none, or not known
    bool externalDeviceManagementSet = false; // cannot be read: the journal has it as written
    std::vector<std::pair<AccessRuleCharacteristic, QString>> written; // rules of ours; case-folded queries
};

struct SettingsStep
{
    ExchangeWrite write;
    int stage = 0; // see stages
    QString difference; // "Default access level: Exchange has Block, configured is Allow"
    bool operator==(const SettingsStep&) const = default;
};

// Writes of a lower stage are over before a higher one begins: what gives access comes before what takes it
// (SYN-21).
namespace stages {
inline constexpr int device = 0; // wipes and removals that a person asked for
inline constexpr int listGives = 10;
inline constexpr int settingsGive = 100; // and on, one after the other
inline constexpr int takes = 1'000; // from here on
inline constexpr int listTakes = 1'000;
inline constexpr int settingsTake = 1'100; // and on
} // namespace stages

[[nodiscard]] std::vector<SettingsStep> planSettings(
    const ConnectorSettings& wanted, const ExchangeState& present);

// The default mailbox policy, or nullptr.
[[nodiscard]] const MailboxPolicy* defaultPolicyOf(const std::vector<MailboxPolicy>& policies);

} // namespace postern::enforce

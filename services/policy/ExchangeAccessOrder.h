// CAP-60: the order in which Exchange itself decides whether a phone gets mail, as a pure total function over
// values. The example of a pure rule: no I/O, no clock, no QObject; its table is data and every row and
// combination is tested. Explain, impact preview and prediction all call this. Any thread, no errors: every
// input has exactly one verdict.
#pragma once

#include <span>

#include "models/domain/Exchange.h"

namespace postern::policy {

// What Exchange knows about one request of one phone. The three rule flags say whether a device access rule
// of that level matches: several may match at once, and the order resolves them.
struct AccessInputs
{
    bool authenticated = true;
    bool easEnabled = true;
    bool mailboxPolicyMet = true;
    bool personallyBlocked = false;
    bool personallyAllowed = false;
    bool blockRuleMatches = false;
    bool quarantineRuleMatches = false;
    bool allowRuleMatches = false;
    AccessLevel defaultLevel = AccessLevel::Allow;
    bool operator==(const AccessInputs&) const = default;
};

// What the phone meets. Challenge and Refused come before there is an access state: HTTP 401 and "access
// restricted".
enum class AccessAnswer { Challenge, Refused, Allow, Quarantine, Block };

struct AccessVerdict
{
    int step = 9; // of CAP-60, 1 to 9
    AccessAnswer answer = AccessAnswer::Allow;
    AccessState state = AccessState::Allowed;
    AccessStateReason reason = AccessStateReason::ExchangeGlobalRule;
    bool operator==(const AccessVerdict&) const = default;
};

[[nodiscard]] AccessVerdict exchangeAccess(const AccessInputs& inputs);

// Exact and without regard to case: Exchange knows no wildcards (exchange-protocols e.7). An empty query or
// an empty fact matches nothing.
[[nodiscard]] bool ruleMatches(const AccessRule& rule, const Partnership& partnership);

// The inputs for a phone as last read; `mailboxPolicyMet` is the caller's, since it is no fact of the
// listing.
[[nodiscard]] AccessInputs accessInputs(const Partnership& partnership, const Mailbox& mailbox,
    std::span<const AccessRule> rules, const OrganizationSettings& settings, bool mailboxPolicyMet);

} // namespace postern::policy

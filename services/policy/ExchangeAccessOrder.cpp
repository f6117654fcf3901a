#include "services/policy/ExchangeAccessOrder.h"

namespace postern::policy {

namespace {

// One step of CAP-60: the first whose condition holds decides.
struct Step
{
    AccessVerdict verdict;
    bool (*holds)(const AccessInputs&);
};

using enum AccessStateReason;

constexpr Step steps[] = {
    {{1, AccessAnswer::Challenge, AccessState::NotSeen, None},
        [](const AccessInputs& in) { return !in.authenticated; }},
    {{2, AccessAnswer::Refused, AccessState::NotSeen, None},
        [](const AccessInputs& in) { return !in.easEnabled; }},
    {{3, AccessAnswer::Block, AccessState::Blocked, ExchangeMailboxPolicy},
        [](const AccessInputs& in) { return !in.mailboxPolicyMet; }},
    {{4, AccessAnswer::Block, AccessState::Blocked, ExchangeIndividualRule},
        [](const AccessInputs& in) { return in.personallyBlocked; }},
    {{5, AccessAnswer::Allow, AccessState::Allowed, ExchangeIndividualRule},
        [](const AccessInputs& in) { return in.personallyAllowed; }},
    {{6, AccessAnswer::Block, AccessState::Blocked, ExchangeDeviceRule},
        [](const AccessInputs& in) { return in.blockRuleMatches; }},
    {{7, AccessAnswer::Quarantine, AccessState::Quarantined, ExchangeDeviceRule},
        [](const AccessInputs& in) { return in.quarantineRuleMatches; }},
    {{8, AccessAnswer::Allow, AccessState::Allowed, ExchangeDeviceRule},
        [](const AccessInputs& in) { return in.allowRuleMatches; }},
};

AccessVerdict defaultVerdict(AccessLevel level)
{
    switch (level) {
    case AccessLevel::Allow:
        return {9, AccessAnswer::Allow, AccessState::Allowed, ExchangeGlobalRule};
    case AccessLevel::Quarantine:
        return {9, AccessAnswer::Quarantine, AccessState::Quarantined, ExchangeGlobalRule};
    case AccessLevel::Block:
        break;
    }
    return {9, AccessAnswer::Block, AccessState::Blocked, ExchangeGlobalRule};
}

const QString& fact(AccessRuleCharacteristic characteristic, const Partnership& partnership)
{
    static const QString unknown;
    switch (characteristic) {
    case AccessRuleCharacteristic::DeviceType:
        return partnership.deviceType;
    case AccessRuleCharacteristic::DeviceModel:
        return partnership.deviceModel;
    case AccessRuleCharacteristic::DeviceOS:
        return partnership.deviceOS;
    case AccessRuleCharacteristic::UserAgent:
        return partnership.userAgent;
    case AccessRuleCharacteristic::XmsWlHeader:
        break; // a header of the request that no listing shows
    }
    return unknown;
}

bool contains(const QStringList& rawIds, const EasDeviceId& id)
{
    return std::any_of(
        rawIds.begin(), rawIds.end(), [&](const QString& raw) { return EasDeviceId(raw) == id; });
}

} // namespace

AccessVerdict exchangeAccess(const AccessInputs& inputs)
{
    for (const Step& step : steps) {
        if (step.holds(inputs))
            return step.verdict;
    }
    return defaultVerdict(inputs.defaultLevel);
}

bool ruleMatches(const AccessRule& rule, const Partnership& partnership)
{
    const QString& value = fact(rule.characteristic, partnership);
    return !rule.query.isEmpty() && rule.query.compare(value, Qt::CaseInsensitive) == 0;
}

AccessInputs accessInputs(const Partnership& partnership, const Mailbox& mailbox,
    std::span<const AccessRule> rules, const OrganizationSettings& settings, bool mailboxPolicyMet)
{
    AccessInputs inputs;
    inputs.easEnabled = mailbox.easEnabled;
    inputs.mailboxPolicyMet = mailboxPolicyMet;
    inputs.personallyBlocked = contains(mailbox.blockedIds, partnership.easDeviceId);
    inputs.personallyAllowed = contains(mailbox.allowedIds, partnership.easDeviceId);
    inputs.defaultLevel = settings.defaultAccessLevel;
    for (const AccessRule& rule : rules) {
        if (!ruleMatches(rule, partnership))
            continue;
        inputs.blockRuleMatches |= rule.level == AccessLevel::Block;
        inputs.quarantineRuleMatches |= rule.level == AccessLevel::Quarantine;
        inputs.allowRuleMatches |= rule.level == AccessLevel::Allow;
    }
    return inputs;
}

} // namespace postern::policy

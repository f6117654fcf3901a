#include "app/lab/truth/AccessOrder.h"

#include <algorithm>
#include <array>

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr std::array<std::string_view, 5> accessTexts{
    "Unknown", "Allowed", "Blocked", "Quarantined", "DeviceDiscovery"};
constexpr std::array<std::string_view, 6> reasonTexts{
    "Unknown", "Global", "Individual", "DeviceRule", "Upgrade", "Policy"};
constexpr std::array<std::string_view, 3> levelTexts{"Allow", "Block", "Quarantine"};
constexpr std::array<std::string_view, 5> characteristicTexts{
    "DeviceModel", "DeviceType", "DeviceOS", "UserAgent", "XMSWLHeader"};
constexpr std::array<std::string_view, 10> stepTexts{"", "not authenticated",
    "ActiveSync is disabled for the user", "the mailbox policy is not met", "in the user's blocked list",
    "in the user's allowed list", "a device access rule blocks", "a device access rule quarantines",
    "a device access rule allows", "the organization's default access level"};

bool listed(const std::vector<std::string>* list, std::string_view id)
{
    return list && std::any_of(list->begin(), list->end(), [&](const std::string& entry) {
        return equalsIgnoreCase(entry, id);
    });
}

std::string_view attribute(const AccessQuestion& q, Characteristic characteristic)
{
    switch (characteristic) {
    case Characteristic::DeviceModel:
        return q.model;
    case Characteristic::DeviceType:
        return q.type;
    case Characteristic::DeviceOS:
        return q.os;
    case Characteristic::UserAgent:
        return q.userAgent;
    case Characteristic::XMSWLHeader:
        break;
    }
    return {};
}

const AccessRule* ruleOf(const AccessQuestion& q, Level level)
{
    if (!q.rules)
        return nullptr;
    for (const AccessRule& rule : *q.rules) {
        const std::string_view value = attribute(q, rule.characteristic);
        if (rule.level == level && !value.empty() && caseFolded(rule.query) == caseFolded(value))
            return &rule;
    }
    return nullptr;
}

Access accessOf(Level level)
{
    return level == Level::Allow ? Access::Allowed
        : level == Level::Block  ? Access::Blocked
                                 : Access::Quarantined;
}

template <class E, size_t N>
std::optional<E> fromText(const std::array<std::string_view, N>& texts, std::string_view text)
{
    for (size_t i = 0; i < N; ++i) {
        if (equalsIgnoreCase(texts[i], text))
            return static_cast<E>(i);
    }
    return std::nullopt;
}

} // namespace

AccessAnswer decideAccess(const AccessQuestion& q)
{
    if (!q.authenticated)
        return {1, Access::Unknown, Reason::Unknown, true, {}};
    if (!q.easEnabled)
        return {2, Access::Unknown, Reason::Unknown, true, {}};
    if (!q.policyMet)
        return {3, Access::Blocked, Reason::Policy, false, {}};
    if (listed(q.blockedIds, q.deviceId))
        return {4, Access::Blocked, Reason::Individual, false, {}};
    if (listed(q.allowedIds, q.deviceId))
        return {5, Access::Allowed, Reason::Individual, false, {}};
    // What the phone is, is not known until it has told: rules and default wait for the discovery to end.
    int step = 6;
    for (const Level level : {Level::Block, Level::Quarantine, Level::Allow}) {
        if (const AccessRule* rule = ruleOf(q, level); rule && !q.newDevice)
            return {step, accessOf(level), Reason::DeviceRule, false, rule->number};
        ++step;
    }
    if (q.newDevice)
        return {9, Access::DeviceDiscovery, Reason::Global, false, {}};
    return {9, accessOf(q.defaultLevel), Reason::Global, false, {}};
}

std::string AccessRule::name() const
{
    return query + " (" + std::string(text(characteristic)) + ")";
}

std::string_view text(Access access)
{
    return accessTexts[size_t(access)];
}
std::string_view text(Reason reason)
{
    return reasonTexts[size_t(reason)];
}
std::string_view text(Level level)
{
    return levelTexts[size_t(level)];
}
std::string_view text(Characteristic c)
{
    return characteristicTexts[size_t(c)];
}
std::optional<Level> levelFromText(std::string_view t)
{
    return fromText<Level>(levelTexts, t);
}
std::optional<Characteristic> characteristicFromText(std::string_view t)
{
    return fromText<Characteristic>(characteristicTexts, t);
}
std::string_view describeStep(int step)
{
    return stepTexts[size_t(std::clamp(step, 0, 9))];
}

} // namespace postern::lab

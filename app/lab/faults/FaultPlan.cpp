#include "app/lab/faults/FaultPlan.h"

#include <QJsonArray>
#include <algorithm>

#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

void readFields(const QJsonObject& o, FaultRule& rule)
{
    rule.rate = o.value("rate"_L1).toDouble(1.0);
    rule.count = o.value("count"_L1).toInt(-1);
    rule.after = o.value("after"_L1).toInt(0);
    rule.path = o.value("path"_L1).toString().toStdString();
    rule.cmdlet = o.value("cmdlet"_L1).toString().toStdString();
    rule.account = o.value("account"_L1).toString().toStdString();
    rule.afterCmdlet = o.value("afterCmdlet"_L1).toString().toStdString();
    rule.target = o.value("target"_L1).toString().toStdString();
    rule.retryAfterSeconds = o.value("retryAfter"_L1).toInt(2);
    rule.ms = o.value("ms"_L1).toInt(500);
}

} // namespace

const std::vector<std::string>& FaultPlan::kinds()
{
    static const std::vector<std::string> all{"429", "503", "cut", "slow", "truncate", "missingCmdlet",
        "denied", "stall", "htmlAs200", "shellLost", "malformedFragment", "microDelay", "loadQuota",
        "objectBroken", "mailboxError", "unauthorized", "hostCall", "hostWrite", "throttlingPolicy",
        "filterRefused", "localeIgnored", "textValues", "mailboxDisabled", "serverDown", "429NoRetryAfter",
        "expiredToken", "claimsChallenge", "duplicateRows", "missingRows", "emptyList", "halfList",
        "yesterdaysList", "deltaExpired", "entraError"};
    return all;
}

Expected<void> FaultPlan::set(const QJsonObject& request)
{
    std::vector<FaultRule> added;
    std::optional<ThrottlingPolicy> throttling;
    for (const QJsonValue& entry : request.value("faults"_L1).toArray()) {
        const QJsonObject o = entry.toObject();
        FaultRule rule;
        rule.kind = o.value("kind"_L1).isDouble() ? std::to_string(o.value("kind"_L1).toInt())
                                                  : o.value("kind"_L1).toString().toStdString();
        if (rule.kind.ends_with("Certificate"))
            return fail(ErrorCode::InvalidInput,
                u"certificates cannot change while listening: use the addresses in \"badTls\""_s);
        if (std::find(kinds().begin(), kinds().end(), rule.kind) == kinds().end())
            return fail(ErrorCode::InvalidInput,
                u"unknown kind of fault: %1"_s.arg(QString::fromStdString(rule.kind)));
        readFields(o, rule);
        if (rule.rate < 0 || rule.rate > 1)
            return fail(ErrorCode::InvalidInput, u"rate must be between 0 and 1"_s);
        if (rule.kind == "throttlingPolicy") {
            const auto policy = ThrottlingPolicy::fromText(o.value("policy"_L1).toString().toStdString());
            if (!policy)
                return fail(policy.error());
            throttling = *policy;
        }
        added.push_back(rule);
    }
    if (added.empty())
        return fail(ErrorCode::InvalidInput, u"no faults in the request: {\"faults\":[{\"kind\":…}]}"_s);
    const std::scoped_lock lock(m_mutex);
    m_rules.insert(m_rules.end(), added.begin(), added.end());
    m_any.store(true);
    if (throttling)
        m_budgets.setFault(throttling);
    return {};
}

void FaultPlan::clear()
{
    const std::scoped_lock lock(m_mutex);
    m_rules.clear();
    m_budgets.setFault(std::nullopt);
    m_any.store(false);
}

QJsonObject FaultPlan::toJson() const
{
    const std::scoped_lock lock(m_mutex);
    QJsonArray list;
    for (const FaultRule& rule : m_rules) {
        QJsonObject o{{"kind"_L1, QString::fromStdString(rule.kind)}, {"rate"_L1, rule.rate},
            {"count"_L1, rule.count}, {"after"_L1, rule.after}, {"seen"_L1, rule.seen},
            {"fired"_L1, rule.fired}};
        if (!rule.path.empty())
            o.insert("path"_L1, QString::fromStdString(rule.path));
        if (!rule.cmdlet.empty())
            o.insert("cmdlet"_L1, QString::fromStdString(rule.cmdlet));
        list.append(o);
    }
    return {{"faults"_L1, list}};
}

bool FaultPlan::fires(FaultRule& rule)
{
    if (!rule.afterCmdlet.empty() && !rule.armed)
        return false;
    ++rule.seen;
    if (rule.seen <= rule.after || (rule.count >= 0 && rule.fired >= rule.count))
        return false;
    if (rule.rate < 1.0 && double(m_dice.below(1000000)) >= rule.rate * 1000000.0)
        return false;
    ++rule.fired;
    return true;
}

void FaultPlan::noteCmdlet(std::string_view cmdlet)
{
    if (!any())
        return;
    const std::scoped_lock lock(m_mutex);
    for (FaultRule& rule : m_rules)
        rule.armed = rule.armed || (!rule.afterCmdlet.empty() && matchesWildcard(cmdlet, rule.afterCmdlet));
}

std::optional<FaultRule> FaultPlan::forRequest(
    std::initializer_list<std::string_view> kinds, std::string_view path, std::string_view account)
{
    if (!any())
        return std::nullopt;
    const std::scoped_lock lock(m_mutex);
    for (FaultRule& rule : m_rules) {
        const bool asked = std::find(kinds.begin(), kinds.end(), rule.kind) != kinds.end();
        if (!asked || (!rule.path.empty() && !startsWithIgnoreCase(path, rule.path)))
            continue;
        if (!rule.account.empty() && !equalsIgnoreCase(rule.account, account))
            continue;
        if (fires(rule))
            return rule;
    }
    return std::nullopt;
}

std::optional<FaultRule> FaultPlan::forCmdlet(
    std::string_view kind, std::string_view cmdlet, std::string_view account, std::string_view target)
{
    if (!any())
        return std::nullopt;
    const std::scoped_lock lock(m_mutex);
    for (FaultRule& rule : m_rules) {
        if (rule.kind != kind || (!rule.cmdlet.empty() && !matchesWildcard(cmdlet, rule.cmdlet)))
            continue;
        if (!rule.account.empty() && !equalsIgnoreCase(rule.account, account))
            continue;
        if (!rule.target.empty() && !matchesWildcard(target, rule.target))
            continue;
        if (fires(rule))
            return rule;
    }
    return std::nullopt;
}

} // namespace postern::lab

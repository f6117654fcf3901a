// The faults that somebody asked for: which request or cmdlet call gets which one, by rate or by count.
// Deterministic for a given seed and order of requests. Any thread.
#pragma once

#include <QJsonObject>
#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/lab/faults/ThrottlingPolicy.h"
#include "app/lab/population/Dice.h"
#include "models/base/Error.h"

namespace postern::lab {

struct FaultRule
{
    std::string kind;
    double rate = 1.0;
    int count = -1; // -1: no limit
    int after = 0; // the first `after` matches pass
    std::string path, cmdlet, account, target;
    std::string afterCmdlet; // waits until a cmdlet of this name has begun
    bool armed = false;
    int retryAfterSeconds = 2;
    int ms = 500;
    int seen = 0, fired = 0;
};

class FaultPlan
{
public:
    explicit FaultPlan(std::uint64_t seed, ThrottlingPolicy standing = {})
        : m_dice(seed, 70, 0)
        , m_budgets(standing)
    {
    }
    [[nodiscard]] Expected<void> set(const QJsonObject& request); // adds to what is there
    void clear();
    [[nodiscard]] QJsonObject toJson() const;

    // The rule that fires for this HTTP request, if any; only kinds of the list are asked for.
    [[nodiscard]] std::optional<FaultRule> forRequest(
        std::initializer_list<std::string_view> kinds, std::string_view path, std::string_view account = {});
    [[nodiscard]] std::optional<FaultRule> forCmdlet(std::string_view kind, std::string_view cmdlet,
        std::string_view account, std::string_view target = {});
    // What accounts may use of PowerShell; the fault "throttlingPolicy" changes its policy.
    [[nodiscard]] ThrottleBudgets& budgets() { return m_budgets; }
    [[nodiscard]] bool any() const { return m_any.load(); }
    // A cmdlet begins: faults that wait for it may fire from now on.
    void noteCmdlet(std::string_view cmdlet);
    [[nodiscard]] static const std::vector<std::string>& kinds();

private:
    [[nodiscard]] bool fires(FaultRule& rule);
    mutable std::mutex m_mutex;
    std::vector<FaultRule> m_rules;
    Dice m_dice;
    ThrottleBudgets m_budgets;
    std::atomic<bool> m_any{false};
};

} // namespace postern::lab

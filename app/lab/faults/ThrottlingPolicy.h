// The PowerShell part of an Exchange throttling policy, and how much of it each account has used (CON-46).
// The names are those of New-ThrottlingPolicy; the stock policy limits sessions only, the published one is
// what Exchange Online printed in 2015. A policy set by POST /lab/faults goes before the one the lab was
// started with. A window is WinRM's time slot: it begins with the first use after the last one ended. Any
// thread.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/Error.h"

namespace postern::lab {

struct ThrottlingPolicy // 0: no limit
{
    int maxConcurrency = 18; // PowerShellMaxConcurrency: open shells of an account
    int maxCmdlets = 0, periodSeconds = 5; // PowerShellMaxCmdlets in …TimePeriod: more are refused
    int exchangeMaxCmdlets = 0; // ExchangeMaxCmdlets in the same period: more are slowed down
    int maxDestructive = 0, destructiveSeconds = 60; // PowerShellMaxDestructiveCmdlets: more are refused
    int maxRunspaces = 0, runspaceSeconds = 60; // PowerShellMaxRunspaces: more are refused

    // "stock", "published", or
    // "cmdlets=400,period=5,exchangeCmdlets=200,destructive=120,destructivePeriod=60,
    // runspaces=20,runspacePeriod=60,concurrency=18", where what is not named is as in "stock".
    [[nodiscard]] static Expected<ThrottlingPolicy> fromText(const std::string& text);
    friend bool operator==(const ThrottlingPolicy&, const ThrottlingPolicy&) = default;
};

// The documented list of destructive cmdlets names none of those served here. Counted are, the cautious way,
// those that remove, wipe or change who gets mail.
[[nodiscard]] bool isDestructive(std::string_view cmdlet);

class ThrottleBudgets
{
public:
    using Clock = std::chrono::steady_clock;
    struct Refusal // "The user load quota of `limit` requests per `seconds` seconds …"
    {
        const char* what = ""; // of the counters: cmdletQuota, destructiveQuota, runspaceQuota
        int limit = 0, seconds = 0, waitMs = 0;
    };

    explicit ThrottleBudgets(ThrottlingPolicy standing = {})
        : m_standing(standing)
    {
    }
    [[nodiscard]] ThrottlingPolicy policy() const;
    void setFault(std::optional<ThrottlingPolicy> policy); // nullopt: the standing one again

    // A session is opened: counted, or refused.
    [[nodiscard]] std::optional<Refusal> openRunspace(const std::string& account, Clock::time_point now);
    // A command is sent: refused when the period's cmdlets are used up. Destructive ones count here, so that
    // what is refused has not been done.
    [[nodiscard]] std::optional<Refusal> send(
        const std::string& account, const std::vector<std::string>& cmdlets, Clock::time_point now);
    // A cmdlet of a command that was let in begins: counted. How many milliseconds it is slowed down.
    [[nodiscard]] int begin(const std::string& account, Clock::time_point now);

private:
    struct Window
    {
        Clock::time_point since;
        int used = 0;
        [[nodiscard]] int leftMs(int seconds, Clock::time_point now) const;
        void roll(int seconds, Clock::time_point now);
    };
    struct Use
    {
        Window cmdlets, destructive, runspaces;
    };
    mutable std::mutex m_mutex;
    ThrottlingPolicy m_standing;
    std::optional<ThrottlingPolicy> m_fault;
    std::map<std::string, Use> m_uses;
};

} // namespace postern::lab

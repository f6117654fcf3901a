#include "app/lab/faults/ThrottlingPolicy.h"

#include <algorithm>
#include <charconv>

#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr int largest = 1000000;

const std::vector<std::pair<std::string_view, int ThrottlingPolicy::*>>& fields()
{
    static const std::vector<std::pair<std::string_view, int ThrottlingPolicy::*>> all{
        {"concurrency", &ThrottlingPolicy::maxConcurrency}, {"cmdlets", &ThrottlingPolicy::maxCmdlets},
        {"period", &ThrottlingPolicy::periodSeconds},
        {"exchangeCmdlets", &ThrottlingPolicy::exchangeMaxCmdlets},
        {"destructive", &ThrottlingPolicy::maxDestructive},
        {"destructivePeriod", &ThrottlingPolicy::destructiveSeconds},
        {"runspaces", &ThrottlingPolicy::maxRunspaces},
        {"runspacePeriod", &ThrottlingPolicy::runspaceSeconds}};
    return all;
}

Error malformed(const std::string& part)
{
    return Error{ErrorCode::InvalidInput,
        u"throttling policy: \"%1\" is none of stock, published or name=number (concurrency, cmdlets, period, exchangeCmdlets, destructive, destructivePeriod, runspaces, runspacePeriod)"_s
            .arg(QString::fromStdString(part)),
        {}, {}};
}

} // namespace

Expected<ThrottlingPolicy> ThrottlingPolicy::fromText(const std::string& text)
{
    ThrottlingPolicy policy;
    if (text.empty() || equalsIgnoreCase(text, "stock"))
        return policy;
    if (equalsIgnoreCase(text, "published"))
        return fromText("cmdlets=400,exchangeCmdlets=200,period=5,destructive=120,runspaces=20");
    for (const std::string& part : split(text, ',')) {
        const auto equals = part.find('=');
        const std::string name = trimmed(part.substr(0, equals));
        const auto field = std::find_if(fields().begin(), fields().end(),
            [&](const auto& known) { return equalsIgnoreCase(known.first, name); });
        const std::string number = equals == std::string::npos ? "" : trimmed(part.substr(equals + 1));
        int value = -1;
        const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
        if (field == fields().end() || number.empty() || read.ec != std::errc{}
            || read.ptr != number.data() + number.size() || value < 0 || value > largest)
            return tl::unexpected(malformed(part));
        policy.*(field->second) = value;
    }
    if (policy.periodSeconds < 1 || policy.destructiveSeconds < 1 || policy.runspaceSeconds < 1
        || policy.maxConcurrency < 1)
        return fail(ErrorCode::InvalidInput, u"throttling policy: periods and concurrency begin at 1"_s);
    return policy;
}

bool isDestructive(std::string_view cmdlet)
{
    return startsWithIgnoreCase(cmdlet, "Remove-") || startsWithIgnoreCase(cmdlet, "Clear-")
        || equalsIgnoreCase(cmdlet, "Set-CASMailbox");
}

int ThrottleBudgets::Window::leftMs(int seconds, Clock::time_point now) const
{
    const auto end = since + std::chrono::seconds(seconds);
    return int(std::max<std::int64_t>(
        1, std::chrono::duration_cast<std::chrono::milliseconds>(end - now).count() + 1));
}

void ThrottleBudgets::Window::roll(int seconds, Clock::time_point now)
{
    if (used > 0 && now - since < std::chrono::seconds(seconds))
        return;
    since = now;
    used = 0;
}

ThrottlingPolicy ThrottleBudgets::policy() const
{
    const std::scoped_lock lock(m_mutex);
    return m_fault.value_or(m_standing);
}

void ThrottleBudgets::setFault(std::optional<ThrottlingPolicy> policy)
{
    const std::scoped_lock lock(m_mutex);
    if (m_fault != policy)
        m_uses.clear();
    m_fault = policy;
}

std::optional<ThrottleBudgets::Refusal> ThrottleBudgets::openRunspace(
    const std::string& account, Clock::time_point now)
{
    const std::scoped_lock lock(m_mutex);
    const ThrottlingPolicy policy = m_fault.value_or(m_standing);
    Window& window = m_uses[account].runspaces;
    window.roll(policy.runspaceSeconds, now);
    if (policy.maxRunspaces > 0 && window.used >= policy.maxRunspaces)
        return Refusal{"runspaceQuota", policy.maxRunspaces, policy.runspaceSeconds,
            window.leftMs(policy.runspaceSeconds, now)};
    ++window.used;
    return std::nullopt;
}

std::optional<ThrottleBudgets::Refusal> ThrottleBudgets::send(
    const std::string& account, const std::vector<std::string>& cmdlets, Clock::time_point now)
{
    const std::scoped_lock lock(m_mutex);
    const ThrottlingPolicy policy = m_fault.value_or(m_standing);
    Use& use = m_uses[account];
    use.cmdlets.roll(policy.periodSeconds, now);
    if (policy.maxCmdlets > 0 && use.cmdlets.used >= policy.maxCmdlets)
        return Refusal{"cmdletQuota", policy.maxCmdlets, policy.periodSeconds,
            use.cmdlets.leftMs(policy.periodSeconds, now)};
    const int destructive = int(std::count_if(cmdlets.begin(), cmdlets.end(), isDestructive));
    use.destructive.roll(policy.destructiveSeconds, now);
    if (destructive > 0 && policy.maxDestructive > 0 && use.destructive.used >= policy.maxDestructive)
        return Refusal{"destructiveQuota", policy.maxDestructive, policy.destructiveSeconds,
            use.destructive.leftMs(policy.destructiveSeconds, now)};
    use.destructive.used += destructive;
    return std::nullopt;
}

// Past ExchangeMaxCmdlets a cmdlet waits as long as the allowed pace has between two; past the hard limit,
// inside a command that was let in before, until the period ends.
int ThrottleBudgets::begin(const std::string& account, Clock::time_point now)
{
    const std::scoped_lock lock(m_mutex);
    const ThrottlingPolicy policy = m_fault.value_or(m_standing);
    Window& window = m_uses[account].cmdlets;
    window.roll(policy.periodSeconds, now);
    ++window.used;
    if (policy.maxCmdlets > 0 && window.used > policy.maxCmdlets)
        return window.leftMs(policy.periodSeconds, now);
    if (policy.exchangeMaxCmdlets > 0 && window.used > policy.exchangeMaxCmdlets)
        return std::max(1, policy.periodSeconds * 1000 / policy.exchangeMaxCmdlets);
    return 0;
}

} // namespace postern::lab

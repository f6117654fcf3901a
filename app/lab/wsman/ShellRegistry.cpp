#include "app/lab/wsman/ShellRegistry.h"

#include <algorithm>

#include "app/lab/http/Counters.h"
#include "app/lab/text/Text.h"
#include "app/lab/wsman/Faults.h"

namespace postern::lab {

std::optional<SoapFault> ShellRegistry::add(const std::shared_ptr<Shell>& shell, int limit)
{
    const std::scoped_lock lock(m_mutex);
    if (m_shells.contains(shell->options().id))
        return faults::alreadyExists();
    const auto mine = std::count_if(m_shells.begin(), m_shells.end(),
        [&](const auto& entry) { return entry.second->options().owner == shell->options().owner; });
    if (mine >= limit) {
        m_counters.violation("concurrentShells");
        return faults::tooManyShells(limit);
    }
    m_shells[shell->options().id] = shell;
    m_counters.shells(int(m_shells.size()));
    return {};
}

std::shared_ptr<Shell> ShellRegistry::find(std::string_view shellId)
{
    const auto id = Guid::parse(shellId);
    const std::scoped_lock lock(m_mutex);
    const auto at = id ? m_shells.find(*id) : m_shells.end();
    return at == m_shells.end() ? nullptr : at->second;
}

void ShellRegistry::remove(std::string_view shellId)
{
    if (const auto shell = find(shellId))
        end([&shell](Shell& one) { return &one == shell.get(); });
}

void ShellRegistry::endIdle()
{
    end([](Shell& shell) { return shell.isIdle(); });
}

void ShellRegistry::endAll(std::string_view owner)
{
    end([owner](Shell& shell) { return owner.empty() || equalsIgnoreCase(shell.options().owner, owner); });
}

void ShellRegistry::end(const std::function<bool(Shell&)>& which)
{
    std::vector<std::shared_ptr<Shell>> gone;
    {
        const std::scoped_lock lock(m_mutex);
        for (auto at = m_shells.begin(); at != m_shells.end();) {
            if (which(*at->second)) {
                gone.push_back(at->second);
                at = m_shells.erase(at);
            } else {
                ++at;
            }
        }
        m_counters.shells(int(m_shells.size()));
    }
    for (const auto& shell : gone)
        shell->close();
}

int ShellRegistry::count()
{
    const std::scoped_lock lock(m_mutex);
    return int(m_shells.size());
}

} // namespace postern::lab

#include "ui/shell/NavigationHistory.h"

namespace postern::shell {

namespace {
constexpr std::size_t longest = 50;
}

void NavigationHistory::visit(const QString& path, const QVariantMap& leaving)
{
    if (m_current >= 0) {
        if (m_places[std::size_t(m_current)].path == path)
            return;
        m_places[std::size_t(m_current)].state = leaving;
        m_places.resize(std::size_t(m_current) + 1);
    }
    m_places.push_back({path, {}});
    if (m_places.size() > longest)
        m_places.erase(m_places.begin());
    m_current = int(m_places.size()) - 1;
}

std::optional<Place> NavigationHistory::go(int steps, const QVariantMap& leaving)
{
    if (!canGo(steps))
        return std::nullopt;
    m_places[std::size_t(m_current)].state = leaving;
    m_current += steps;
    return m_places[std::size_t(m_current)];
}

bool NavigationHistory::canGo(int steps) const
{
    return m_current >= 0 && m_current + steps >= 0 && m_current + steps < int(m_places.size());
}

} // namespace postern::shell

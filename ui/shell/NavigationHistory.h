// Where one has been, with what each place looked like (SHL-04): Back and Forward, and the list of the
// drop-down. Pure; any thread.
#pragma once

#include <QVariantMap>
#include <optional>
#include <vector>

namespace postern::shell {

struct Place
{
    QString path;
    QVariantMap state; // selection, scroll, search, sort: as NodePage saves it
};

class NavigationHistory
{
public:
    // Keeps `leaving` as the state of the place one leaves; what lay ahead is dropped. The place one is at is
    // not visited again.
    void visit(const QString& path, const QVariantMap& leaving);
    // Goes by steps (-1: back, 1: forward). nullopt: nothing there.
    std::optional<Place> go(int steps, const QVariantMap& leaving);

    [[nodiscard]] bool canGo(int steps) const;
    [[nodiscard]] const std::vector<Place>& places() const { return m_places; } // oldest first
    [[nodiscard]] int current() const { return m_current; } // -1: nowhere yet

private:
    std::vector<Place> m_places;
    int m_current = -1;
};

} // namespace postern::shell

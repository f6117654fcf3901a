// The icon beside a state's text: shapes that differ without their colours (SHL-18). GUI thread.
#pragma once

#include <QHash>
#include <QIcon>
#include <optional>

#include "models/items/Roles.h"
#include "ui/widgets/Theme.h"

namespace postern::grid {

struct StateLook
{
    QString iconName; // empty: this state has no mark
    widgets::Tone tone = widgets::Tone::Neutral;
};

// How a code is marked; a CodeKind whose values are no states (a client type) has none.
[[nodiscard]] StateLook stateLook(items::CodeKind kind, int code);

// Icons of states, loaded once.
class StateIcons
{
public:
    [[nodiscard]] QIcon icon(items::CodeKind kind, int code) const; // null when there is none

private:
    mutable QHash<std::pair<int, int>, QIcon> m_icons;
};

} // namespace postern::grid

// The product's own line icons, drawn from resources/icons/*.svg in the colour of the text they stand beside,
// so that one file serves light, dark and high contrast at every scale. GUI thread. An unknown name gives a
// null icon and a warning.
#pragma once

#include <QIcon>
#include <QString>

#include "ui/widgets/Theme.h"

namespace postern::widgets {

// "synchronize" -> resources/icons/synchronize.svg. In the SVG `currentColor` is the text colour, `#accent`
// the accent.
[[nodiscard]] QIcon icon(const QString& name);
// The same with its main colour given by a tone: for state marks, beside a text that says the state.
[[nodiscard]] QIcon icon(const QString& name, Tone tone);

} // namespace postern::widgets

// The look: Fusion with a palette of our own for light and dark, taken from the system's scheme. GUI thread,
// main() only. A high-contrast system palette is left as it is (SHL-18). Colours of states come from here,
// never from literals.
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace postern::widgets {

enum class ThemeChoice { System, Light, Dark };

// Distances, in device independent pixels: everything is a multiple of 4.
namespace spacing {
inline constexpr int tight = 4;
inline constexpr int normal = 8;
inline constexpr int wide = 16;
} // namespace spacing

// Meanings that a colour supports; a text or an icon always says the same.
enum class Tone { Neutral, Good, Warning, Bad, Accent };

void applyTheme(QApplication& application, ThemeChoice choice);

[[nodiscard]] bool isDark(const QPalette& palette);
[[nodiscard]] QColor toneColor(Tone tone, const QPalette& palette);
// A faint fill for bars and tiles of that tone.
[[nodiscard]] QColor toneFill(Tone tone, const QPalette& palette);
// Thin lines between areas.
[[nodiscard]] QColor lineColor(const QPalette& palette);
// Text that matters less; keeps at least 4.5:1 on Window.
[[nodiscard]] QColor mutedText(const QPalette& palette);

} // namespace postern::widgets

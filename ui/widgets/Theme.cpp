#include "ui/widgets/Theme.h"

#include <QApplication>
#include <QFontDatabase>

#include "ui/widgets/ConsoleStyle.h"

namespace postern::widgets {

using namespace Qt::StringLiterals;

namespace {

struct Shades
{
    QRgb window, base, alternate, button, text, placeholder, highlight, highlightedText, link, disabled, tip;
};

constexpr Shades light{0xfff4f5f7, 0xffffffff, 0xfff7f8fa, 0xfffafbfc, 0xff1c2430, 0xff667080, 0xff1f62c4,
    0xffffffff, 0xff1a5ab8, 0xff8a93a0, 0xffffffff};
constexpr Shades dark{0xff20242b, 0xff181b20, 0xff1e2228, 0xff2b3038, 0xffe6e9ee, 0xff929baa, 0xff2f6fd0,
    0xffffffff, 0xff7db2ff, 0xff6b7482, 0xff2b3038};

QPalette paletteOf(const Shades& shades)
{
    QPalette palette(QColor::fromRgb(shades.button), QColor::fromRgb(shades.window));
    const auto set = [&palette](QPalette::ColorRole role, QRgb color) {
        palette.setColor(role, QColor::fromRgb(color));
    };
    set(QPalette::Window, shades.window);
    set(QPalette::Base, shades.base);
    set(QPalette::AlternateBase, shades.alternate);
    set(QPalette::Button, shades.button);
    set(QPalette::WindowText, shades.text);
    set(QPalette::Text, shades.text);
    set(QPalette::ButtonText, shades.text);
    set(QPalette::ToolTipBase, shades.tip);
    set(QPalette::ToolTipText, shades.text);
    set(QPalette::PlaceholderText, shades.placeholder);
    set(QPalette::Highlight, shades.highlight);
    set(QPalette::HighlightedText, shades.highlightedText);
    set(QPalette::Link, shades.link);
    for (const auto role :
        {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, QColor::fromRgb(shades.disabled));
    return palette;
}

bool isHighContrast(const QPalette& palette)
{
    const QColor window = palette.color(QPalette::Window);
    const QColor text = palette.color(QPalette::WindowText);
    const int difference = std::abs(window.lightness() - text.lightness());
    return difference >= 250
        && window.lightness() < 8; // white on black; black on white is a plain light theme
}

QColor mix(const QColor& a, const QColor& b, double share)
{
    const auto part = [share](int x, int y) { return int(x + (y - x) * share); };
    return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

} // namespace

void applyTheme(QApplication& application, ThemeChoice choice)
{
    const QPalette system = QApplication::palette();
    QApplication::setStyle(new ConsoleStyle);
    const bool wantsDark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && isDark(system));
    if (choice == ThemeChoice::System && isHighContrast(system))
        QApplication::setPalette(system);
    else
        QApplication::setPalette(paletteOf(wantsDark ? dark : light));
    for (const auto& family : {u"Inter"_s, u"Noto Sans"_s}) {
        if (!QFontDatabase::hasFamily(family))
            continue;
        QFont font = application.font();
        font.setFamily(family);
        application.setFont(font);
        break;
    }
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128;
}

QColor toneColor(Tone tone, const QPalette& palette)
{
    const bool onDark = isDark(palette);
    switch (tone) {
    case Tone::Good:
        return QColor::fromRgb(onDark ? 0xff58c27d : 0xff1d7f46);
    case Tone::Warning:
        return QColor::fromRgb(onDark ? 0xffe5b454 : 0xff9a6200);
    case Tone::Bad:
        return QColor::fromRgb(onDark ? 0xfff2827f : 0xffb8302c);
    case Tone::Accent:
        return palette.color(QPalette::Link);
    case Tone::Neutral:
        break;
    }
    return mutedText(palette);
}

QColor toneFill(Tone tone, const QPalette& palette)
{
    const QColor color
        = tone == Tone::Neutral ? palette.color(QPalette::WindowText) : toneColor(tone, palette);
    return mix(palette.color(QPalette::Window), color, tone == Tone::Neutral ? 0.06 : 0.14);
}

QColor lineColor(const QPalette& palette)
{
    return mix(palette.color(QPalette::Window), palette.color(QPalette::WindowText), 0.18);
}

QColor mutedText(const QPalette& palette)
{
    return mix(palette.color(QPalette::WindowText), palette.color(QPalette::Window), 0.35);
}

} // namespace postern::widgets

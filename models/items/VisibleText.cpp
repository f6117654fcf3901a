#include "models/items/VisibleText.h"

#include <algorithm>

namespace postern::items {

namespace {

// Marks, embeddings, overrides and isolates, and characters that take no space: they change what is read
// unseen. The joiners U+200C and U+200D stay, emoji and several scripts need them.
bool isInvisible(char16_t c)
{
    return c == 0x00AD || c == 0x061C || c == 0x180E || c == 0x200B || c == 0x200E || c == 0x200F
        || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF
        || (c >= 0xFFF9 && c <= 0xFFFB);
}

bool isControl(char16_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool isHarmless(QChar c)
{
    return !isControl(c.unicode()) && !isInvisible(c.unicode()) && !c.isSurrogate();
}

QString sign(char16_t c)
{
    constexpr char16_t pictures = 0x2400; // U+2400 shows NUL, and so on to U+241F
    if (c < 0x20)
        return QChar(char16_t(pictures + c));
    if (c == 0x7F)
        return QChar(u'\u2421');
    return QStringLiteral("[U+%1]").arg(uint(c), 4, 16, QChar(u'0')).toUpper();
}

} // namespace

QString visibleText(const QString& text)
{
    if (std::ranges::all_of(text, isHarmless))
        return text;
    QString out;
    out.reserve(text.size() + 8);
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            out += c;
            out += text[++i];
        } else if (c.isSurrogate()) {
            out += QChar(QChar::ReplacementCharacter);
        } else if (isHarmless(c)) {
            out += c;
        } else {
            out += sign(c.unicode());
        }
    }
    return out;
}

} // namespace postern::items

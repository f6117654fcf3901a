#include "services/psrp/clixml/TextCodec.h"

#include <array>

namespace postern::clixml {

namespace {

int hexDigit(char16_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char16_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The unit of an escape "_xHHHH_" at `at`, or -1.
template <class Unit> int escapedUnit(const Unit* at, const Unit* end)
{
    if (end - at < 7 || at[0] != '_' || (at[1] != 'x' && at[1] != 'X') || at[6] != '_')
        return -1;
    int unit = 0;
    for (int i = 2; i < 6; ++i) {
        const int digit = hexDigit(char16_t(static_cast<std::make_unsigned_t<Unit>>(at[i])));
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

bool isXmlCharacter(char32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD)
        || (c >= 0x10000 && c <= 0x10FFFF);
}

void appendCodePoint(QByteArray& out, char32_t c)
{
    if (c < 0x80) {
        out.append(char(c));
    } else if (c < 0x800) {
        out.append(char(0xC0 | c >> 6)).append(char(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        out.append(char(0xE0 | c >> 12)).append(char(0x80 | (c >> 6 & 0x3F))).append(char(0x80 | (c & 0x3F)));
    } else {
        out.append(char(0xF0 | c >> 18)).append(char(0x80 | (c >> 12 & 0x3F)));
        out.append(char(0x80 | (c >> 6 & 0x3F))).append(char(0x80 | (c & 0x3F)));
    }
}

// Line ends become LF (in attributes every white space a blank), references their characters, CDATA its
// content.
void appendXmlDecoded(const RawText& raw, QByteArray& out)
{
    const bool attribute = (raw.flags & RawText::Attribute) != 0;
    const QByteArrayView in = raw.bytes;
    qsizetype i = 0;
    const auto appendPlain = [&](char c) {
        if (c == '\r') {
            out.append(attribute ? ' ' : '\n');
            i += i + 1 < in.size() && in[i + 1] == '\n' ? 1 : 0;
        } else {
            out.append(attribute && (c == '\n' || c == '\t') ? ' ' : c);
        }
        ++i;
    };
    while (i < in.size()) {
        const char c = in[i];
        if (c == '&') {
            const Reference reference = decodeReference(in.sliced(i));
            appendCodePoint(out, reference.codePoint);
            i += qMax(1, reference.length);
        } else if (c == '<' && in.sliced(i).startsWith("<![CDATA[")) {
            const qsizetype close = in.indexOf(QByteArrayView("]]>"), i + 9);
            i += 9;
            while (i < close)
                appendPlain(in[i]);
            i = close + 3;
        } else if (c == '<') { // a comment: nothing else passes the scanner
            i = in.indexOf(QByteArrayView("-->"), i + 4) + 3;
        } else {
            appendPlain(c);
        }
    }
}

// QString::fromUtf8 drops a byte order mark in front; inside a document U+FEFF is a character.
QString exactly(QByteArrayView utf8)
{
    const QString text = QString::fromUtf8(utf8);
    return utf8.startsWith("\xEF\xBB\xBF") ? QChar(QChar::ByteOrderMark) + text : text;
}

QString unescaped(QString text)
{
    const char16_t* from = reinterpret_cast<const char16_t*>(text.utf16());
    const char16_t* end = from + text.size();
    QString result(text.size(), Qt::Uninitialized);
    QChar* to = result.data();
    while (from != end) {
        const int unit = *from == u'_' ? escapedUnit(from, end) : -1;
        *to++ = unit >= 0 ? QChar(char16_t(unit)) : QChar(*from);
        from += unit >= 0 ? 7 : 1;
    }
    result.truncate(to - result.constData());
    return result;
}

void appendUnescapedUtf8(QByteArrayView text, QByteArray& out)
{
    char32_t high = 0; // an escaped high surrogate that waits for its other half
    const char* at = text.begin();
    while (at != text.end()) {
        const int unit = *at == '_' ? escapedUnit(at, text.end()) : -1;
        if (high != 0 && unit >= 0xDC00 && unit <= 0xDFFF) {
            appendCodePoint(out, 0x10000 + ((high - 0xD800) << 10) + (char32_t(unit) - 0xDC00));
            high = 0;
            at += 7;
            continue;
        }
        if (high != 0)
            appendCodePoint(out, 0xFFFD);
        high = unit >= 0xD800 && unit <= 0xDBFF ? char32_t(unit) : 0;
        if (unit < 0)
            out.append(*at);
        else if (high == 0)
            appendCodePoint(out, unit >= 0xDC00 && unit <= 0xDFFF ? 0xFFFD : char32_t(unit));
        at += unit >= 0 ? 7 : 1;
    }
    if (high != 0)
        appendCodePoint(out, 0xFFFD);
}

void appendUnit(char16_t unit, QByteArray& out)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    const std::array<char, 7> escape{
        '_', 'x', digits[unit >> 12], digits[unit >> 8 & 15], digits[unit >> 4 & 15], digits[unit & 15], '_'};
    out.append(escape.data(), escape.size());
}

// The units that Windows writes as _xHHHH_, and two (FFFE, FFFF) that XML cannot carry.
bool needsEscape(char16_t unit)
{
    return unit < 0x20 || (unit >= 0x7F && unit <= 0x9F) || (unit >= 0xD800 && unit <= 0xDFFF)
        || unit >= 0xFFFE;
}

} // namespace

Reference decodeReference(QByteArrayView text)
{
    struct Named
    {
        QByteArrayView text;
        char32_t codePoint;
    };
    static constexpr std::array<Named, 5> named{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    for (const Named& entity : named) {
        if (text.startsWith(entity.text))
            return {entity.codePoint, int(entity.text.size())};
    }
    if (!text.startsWith("&#"))
        return {};
    const bool hex = text.size() > 2 && text[2] == 'x';
    qsizetype at = hex ? 3 : 2;
    char32_t code = 0;
    const qsizetype from = at;
    for (; at < text.size() && text[at] != ';'; ++at) {
        const int digit = hexDigit(char16_t(static_cast<unsigned char>(text[at])));
        if (digit < 0 || (!hex && digit > 9) || code > 0x10FFFF || at - from > 31)
            return {};
        code = code * (hex ? 16 : 10) + char32_t(digit);
    }
    if (at == from || at == text.size() || !isXmlCharacter(code))
        return {};
    return {code, int(at + 1)};
}

QByteArray decodeXml(const RawText& raw)
{
    QByteArray out;
    out.reserve(raw.bytes.size());
    appendXmlDecoded(raw, out);
    return out;
}

QString decodeText(const RawText& raw)
{
    if (raw.isPlain())
        return exactly(raw.bytes);
    const bool literal = (raw.flags & ~(RawText::Attribute | RawText::Escapes)) == 0;
    QString text = literal ? exactly(raw.bytes) : exactly(decodeXml(raw));
    // A reference may stand for the underscore of an escape.
    const bool mayEscape = (raw.flags & (RawText::Escapes | RawText::References | RawText::Markup)) != 0;
    return mayEscape && text.contains(QLatin1String("_x"), Qt::CaseInsensitive) ? unescaped(std::move(text))
                                                                                : text;
}

void appendUtf8(const RawText& raw, QByteArray& out)
{
    if (raw.isPlain())
        out.append(raw.bytes);
    else if ((raw.flags & (RawText::Escapes | RawText::References | RawText::Markup)) == 0)
        appendXmlDecoded(raw, out);
    else if ((raw.flags & ~(RawText::Attribute | RawText::Escapes)) == 0)
        appendUnescapedUtf8(raw.bytes, out);
    else
        appendUnescapedUtf8(decodeXml(raw), out);
}

void appendEscaped(QStringView text, Place place, QByteArray& out)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t unit = text[i].unicode();
        if (needsEscape(unit)) {
            appendUnit(unit, out);
        } else if (unit == '_' && i + 1 < text.size() && (text[i + 1] == u'x' || text[i + 1] == u'X')) {
            appendUnit(unit, out);
        } else if (unit == '<') {
            out.append("&lt;");
        } else if (unit == '>') {
            out.append("&gt;");
        } else if (unit == '&') {
            out.append("&amp;");
        } else if (unit == '"' && place == Place::Attribute) {
            out.append("&quot;");
        } else {
            appendCodePoint(out, unit);
        }
    }
}

} // namespace postern::clixml

// Text between XML and Unicode: what the Scanner cut out, decoded (line ends, references, CDATA, then the
// _xHHHH_ escapes of [MS-PSRP] 2.2.5.3.2 once, left to right, surrogates joined), and the way back. Pure,
// any thread. Input comes from Scanner, which has checked it: decoding cannot fail.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace postern::clixml {

// A piece of the document as written, with what decoding it takes.
struct RawText
{
    enum Flag : quint8 {
        References = 1, // & occurs
        Escapes = 2, // _x occurs
        LineEnds = 4, // CR occurs (in an attribute: any white space to be normalised)
        Markup = 8, // comments or CDATA sections inside
        Attribute = 16,
    };
    QByteArrayView bytes;
    quint8 flags = 0;

    [[nodiscard]] bool isPlain() const { return (flags & ~Attribute) == 0; }
};

[[nodiscard]] QString decodeText(const RawText& raw);
// Appends UTF-8; an unpaired surrogate becomes U+FFFD.
void appendUtf8(const RawText& raw, QByteArray& out);
// The first step only: XML decoded, escapes as they are.
[[nodiscard]] QByteArray decodeXml(const RawText& raw);

// "&name;" at the front of `text`: its code point and length. length 0: not one of the five entities or a
// reference to an XML character.
struct Reference
{
    char32_t codePoint = 0;
    int length = 0;
};
[[nodiscard]] Reference decodeReference(QByteArrayView text);

// Escaped for an element's text or an attribute in double quotes: both forms of escape, UTF-8.
enum class Place : quint8 { Element, Attribute };
void appendEscaped(QStringView text, Place place, QByteArray& out);

} // namespace postern::clixml

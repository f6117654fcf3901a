#include "services/psrp/clixml/Lexical.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace postern::clixml::Lexical {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

template <class T> std::optional<T> number(QByteArrayView text)
{
    text = trimmed(text);
    if (text.startsWith('+'))
        text = text.sliced(1).startsWith('-') ? QByteArrayView() : text.sliced(1);
    T value{};
    const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
    if (error != std::errc() || end != text.end() || text.isEmpty())
        return std::nullopt;
    return value;
}

// [sign] digits [. digits] [e [sign] digits], at least one digit before the exponent
bool hasRealForm(QByteArrayView text)
{
    qsizetype at = 0;
    const auto skipSign = [&] { at += at < text.size() && (text[at] == '+' || text[at] == '-') ? 1 : 0; };
    const auto skipDigits = [&] {
        const qsizetype from = at;
        while (at < text.size() && isDigit(text[at]))
            ++at;
        return at - from;
    };
    skipSign();
    qsizetype digits = skipDigits();
    if (at < text.size() && text[at] == '.') {
        ++at;
        digits += skipDigits();
    }
    if (digits == 0)
        return false;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        skipSign();
        if (skipDigits() == 0)
            return false;
    }
    return at == text.size();
}

template <class T> std::optional<T> floating(QByteArrayView text)
{
    text = trimmed(text);
    if (text == "INF")
        return std::numeric_limits<T>::infinity();
    if (text == "-INF")
        return -std::numeric_limits<T>::infinity();
    if (text == "NaN")
        return std::numeric_limits<T>::quiet_NaN();
    if (!hasRealForm(text))
        return std::nullopt;
    return number<T>(text);
}

template <class T> QByteArray floatingText(T value)
{
    if (std::isnan(value))
        return QByteArrayLiteral("NaN");
    if (std::isinf(value))
        return value > 0 ? QByteArrayLiteral("INF") : QByteArrayLiteral("-INF");
    std::array<char, 64> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    Q_ASSERT(error == std::errc());
    return QByteArray(buffer.data(), end - buffer.data()).toUpper(); // .NET writes 1E+20
}

struct Range
{
    qint64 min;
    qint64 max;
};

template <class T> constexpr Range rangeOf()
{
    return {qint64(std::numeric_limits<T>::min()), qint64(std::numeric_limits<T>::max())};
}

Range integerRange(Tag tag)
{
    switch (tag) {
    case Tag::By:
        return rangeOf<quint8>();
    case Tag::SB:
        return rangeOf<qint8>();
    case Tag::U16:
    case Tag::C:
        return rangeOf<quint16>();
    case Tag::I16:
        return rangeOf<qint16>();
    case Tag::U32:
        return rangeOf<quint32>();
    case Tag::I32:
        return rangeOf<qint32>();
    default:
        return rangeOf<qint64>();
    }
}

} // namespace

QByteArrayView trimmed(QByteArrayView text)
{
    while (!text.isEmpty() && isBlank(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && isBlank(text.back()))
        text.chop(1);
    return text;
}

std::optional<bool> boolean(QByteArrayView text)
{
    text = trimmed(text);
    if (text == "true" || text == "1")
        return true;
    if (text == "false" || text == "0")
        return false;
    return std::nullopt;
}

std::optional<qint64> integer(QByteArrayView text)
{
    return number<qint64>(text);
}
std::optional<qint64> integer(Tag tag, QByteArrayView text)
{
    const auto value = integer(text);
    const Range range = integerRange(tag);
    return value && *value >= range.min && *value <= range.max ? value : std::nullopt;
}
std::optional<quint64> unsignedInteger(QByteArrayView text)
{
    return number<quint64>(text);
}
std::optional<double> real(QByteArrayView text)
{
    return floating<double>(text);
}
std::optional<float> single(QByteArrayView text)
{
    return floating<float>(text);
}
bool isDecimal(QByteArrayView text)
{
    return hasRealForm(trimmed(text));
}

bool isVersion(QByteArrayView text)
{
    text = trimmed(text);
    int parts = 0;
    while (true) {
        qsizetype digits = 0;
        while (digits < text.size() && isDigit(text[digits]))
            ++digits;
        if (digits == 0 || digits > 10)
            return false;
        ++parts;
        text = text.sliced(digits);
        if (text.isEmpty())
            return parts >= 2 && parts <= 4;
        if (text.front() != '.')
            return false;
        text = text.sliced(1);
    }
}

std::optional<QUuid> guid(QByteArrayView text)
{
    text = trimmed(text);
    if (text.size() == 38 && (text.front() == '{' || text.front() == '(')
        && text.back() == (text.front() == '{' ? '}' : ')'))
        text = text.sliced(1).chopped(1);
    const bool dashed = text.size() == 36;
    if (!dashed && text.size() != 32)
        return std::nullopt;
    std::array<quint8, 16> bytes{};
    int nibbles = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (dashed && (i == 8 || i == 13 || i == 18 || i == 23)) {
            if (c != '-')
                return std::nullopt;
            continue;
        }
        const char lower = char(c | 0x20);
        const int digit = isDigit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
        if (digit < 0)
            return std::nullopt;
        bytes[size_t(nibbles / 2)] = quint8(bytes[size_t(nibbles / 2)] << 4 | digit);
        ++nibbles;
    }
    return QUuid::fromRfc4122(QByteArrayView(reinterpret_cast<const char*>(bytes.data()), 16));
}

QByteArray fromReal(double value)
{
    return floatingText(value);
}
QByteArray fromSingle(float value)
{
    return floatingText(value);
}

} // namespace postern::clixml::Lexical

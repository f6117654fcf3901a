#include "services/exchange/QuantityText.h"

#include <limits>

#include "services/psrp/clixml/DateTime.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longest = 64;
constexpr qint64 daySeconds = 86'400;

// Digits only, of any script.
std::optional<qint64> wholeNumber(QStringView text)
{
    if (text.isEmpty() || text.size() > 18)
        return std::nullopt;
    qint64 value = 0;
    for (const QChar c : text) {
        const int digit = c.digitValue();
        if (digit < 0)
            return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

std::optional<int> part(QStringView text, int atMost)
{
    const auto value = wholeNumber(text);
    return value && text.size() == 2 && *value <= atMost ? std::optional(int(*value)) : std::nullopt;
}

std::optional<qint64> unitBytes(QStringView unit)
{
    qint64 bytes = 1;
    for (const QStringView name : {u"B", u"KB", u"MB", u"GB", u"TB"}) {
        if (unit.compare(name, Qt::CaseInsensitive) == 0)
            return bytes;
        bytes *= 1024;
    }
    return std::nullopt;
}

// What stands in the brackets is exact; its separators and the word after it are the culture's.
std::optional<qint64> bytesInBrackets(QStringView inside)
{
    QString digits;
    for (const QChar c : inside) {
        if (c.digitValue() >= 0)
            digits += c;
    }
    return wholeNumber(digits);
}

} // namespace

bool isUnlimited(QStringView text)
{
    return text.trimmed().compare(u"Unlimited", Qt::CaseInsensitive) == 0;
}

std::optional<qint64> secondsFromText(QStringView text)
{
    text = text.trimmed();
    if (text.size() > longest)
        return std::nullopt;
    if (text.startsWith(u'P')) {
        const auto span = clixml::TimeSpan::fromText(text.toUtf8());
        return span && span->ticks >= 0 ? std::optional(span->ticks / 10'000'000) : std::nullopt;
    }
    const auto parts = text.split(u':');
    if (parts.size() != 3)
        return std::nullopt;
    const qsizetype dot = parts.at(0).indexOf(u'.');
    const auto days = dot < 0 ? std::optional<qint64>(0) : wholeNumber(parts.at(0).first(dot));
    const auto hours = part(dot < 0 ? parts.at(0) : parts.at(0).mid(dot + 1), 23);
    const auto minutes = part(parts.at(1), 59);
    const auto seconds = part(parts.at(2).first(std::min<qsizetype>(2, parts.at(2).size())), 59);
    const QStringView fraction = parts.at(2).mid(std::min<qsizetype>(2, parts.at(2).size()));
    const bool isFraction = fraction.isEmpty() || (fraction.startsWith(u'.') && wholeNumber(fraction.mid(1)));
    if (!days || *days > 36'500 || !hours || !minutes || !seconds || !isFraction)
        return std::nullopt;
    return *days * daySeconds + *hours * 3600 + *minutes * 60 + *seconds;
}

QString textOfSeconds(qint64 seconds)
{
    const QChar zero(u'0');
    const QString clock = u"%1:%2:%3"_s.arg(seconds % daySeconds / 3600, 2, 10, zero)
                              .arg(seconds % 3600 / 60, 2, 10, zero)
                              .arg(seconds % 60, 2, 10, zero);
    return seconds < daySeconds ? clock : u"%1.%2"_s.arg(seconds / daySeconds).arg(clock);
}

std::optional<qint64> bytesFromText(QStringView text)
{
    text = text.trimmed();
    if (text.size() > longest)
        return std::nullopt;
    const qsizetype open = text.indexOf(u'(');
    if (open >= 0)
        return text.endsWith(u')') ? bytesInBrackets(text.mid(open + 1).chopped(1)) : std::nullopt;
    qsizetype digits = 0;
    while (digits < text.size() && text.at(digits).digitValue() >= 0)
        ++digits;
    const auto number = wholeNumber(text.first(digits));
    if (!number || digits == text.size())
        return number;
    const auto unit = unitBytes(text.mid(digits).trimmed());
    if (!unit || *number > std::numeric_limits<qint64>::max() / *unit)
        return std::nullopt;
    return *number * *unit;
}

} // namespace postern::exchange

#include "services/exchange/ExchangeText.h"

#include <QLocale>
#include <QStringList>
#include <QTimeZone>
#include <array>
#include <vector>

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

constexpr int earliestYear = 1990; // before ActiveSync; also keeps Hijri, Persian and Heisei years out
constexpr int latestYear = 2200; // keeps Buddhist years out
constexpr qsizetype longestDate = 64;

// Digits of any script as ASCII, direction marks dropped, every kind of blank as one space.
QString plainDigits(QStringView text)
{
    QString plain;
    plain.reserve(text.size());
    for (const QChar c : text) {
        const int digit = c.digitValue();
        if (digit >= 0)
            plain += QChar(u'0' + digit);
        else if (c.isSpace())
            plain += u' ';
        else if (c.category() != QChar::Other_Format)
            plain += c;
    }
    return plain.trimmed();
}

struct Clock
{
    QTime time;
    int offsetSeconds = 0;
};

std::optional<int> number(QStringView text, int atMost)
{
    bool ok = false;
    const int value = text.toInt(&ok);
    if (!ok || text.isEmpty() || text.size() > 4 || text.front() == u'-' || text.front() == u'+'
        || value > atMost)
        return std::nullopt;
    return value;
}

// "Z", "+02:00", "-0500" at the end; cut off. nullopt: there is something else that starts like one.
std::optional<int> takeOffset(QStringView& text)
{
    if (text.endsWith(u'Z')) {
        text.chop(1);
        return 0;
    }
    const qsizetype at = std::max(text.lastIndexOf(u'+'), text.lastIndexOf(u'-'));
    if (at < 0)
        return 0;
    QString digits = text.mid(at + 1).toString().remove(u':');
    const auto value = number(digits, 1400);
    if (digits.size() != 4 || !value || *value % 100 > 59)
        return std::nullopt;
    const int seconds = (*value / 100 * 60 + *value % 100) * 60;
    const bool west = text.at(at) == u'-';
    text.truncate(at);
    return west ? -seconds : seconds;
}

// "5:06", "05:06:07.1234567+02:00", "5:06:07 PM"; empty is midnight.
std::optional<Clock> clockFromText(QStringView text)
{
    Clock clock{QTime(0, 0), 0};
    if (text.isEmpty())
        return clock;
    const bool pm = text.endsWith(u"PM", Qt::CaseInsensitive);
    const bool am = text.endsWith(u"AM", Qt::CaseInsensitive);
    if (pm || am)
        text = text.chopped(2).trimmed();
    const auto offset = takeOffset(text);
    const auto parts = text.split(u':');
    if (!offset || parts.size() < 2 || parts.size() > 3)
        return std::nullopt;
    const auto hour = number(parts.at(0), pm || am ? 12 : 23);
    const auto minute = number(parts.at(1), 59);
    const QStringView secondText = parts.size() == 3 ? parts.at(2) : QStringView(u"0");
    const qsizetype dot = secondText.indexOf(u'.');
    const auto second = number(dot < 0 ? secondText : secondText.first(dot), 59);
    if (!hour || !minute || !second || parts.at(0).size() > 2 || parts.at(1).size() != 2)
        return std::nullopt;
    const int hour24 = !(pm || am) ? *hour : *hour % 12 + (pm ? 12 : 0);
    const int ms = dot < 0 ? 0 : int(u"0."_s.append(secondText.mid(dot + 1)).toDouble() * 1000);
    clock.time = QTime(hour24, *minute, *second, ms);
    clock.offsetSeconds = *offset;
    return clock;
}

// Day and month in the only order that the numbers allow.
std::optional<QDate> yearLast(int a, int b, int year)
{
    if (a > 12 && b <= 12)
        return QDate(year, b, a);
    if ((b > 12 && a <= 12) || a == b)
        return QDate(year, a, b);
    return std::nullopt;
}

std::optional<QDate> dateOnly(QStringView text)
{
    QChar separator;
    for (const QChar c : text) {
        if (!c.isDigit()) {
            separator = c;
            break;
        }
    }
    if (separator != u'-' && separator != u'/' && separator != u'.')
        return std::nullopt;
    auto parts = text.split(separator);
    if (parts.size() == 4 && parts.at(3).isEmpty())
        parts.removeLast(); // "2026. 3. 14." and its like
    if (parts.size() != 3)
        return std::nullopt;
    std::array<int, 3> n{};
    for (int i = 0; i < 3; ++i) {
        const auto value = number(parts.at(i).trimmed(), 9999);
        if (!value)
            return std::nullopt;
        n.at(size_t(i)) = *value;
    }
    const bool yearIsFirst = parts.at(0).size() == 4;
    const int year = yearIsFirst ? n[0] : n[2];
    if (year < earliestYear || year > latestYear)
        return std::nullopt;
    const auto date = yearIsFirst ? std::optional(QDate(year, n[1], n[2])) : yearLast(n[0], n[1], year);
    return date && date->isValid() ? date : std::nullopt;
}

std::optional<QDateTime> rfc1123(const QString& text)
{
    QDateTime at = QLocale::c().toDateTime(text, u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s);
    if (!at.isValid() || at.date().year() < earliestYear)
        return std::nullopt;
    at.setTimeSpec(Qt::UTC);
    return at;
}

QString unescaped(QStringView value)
{
    QByteArray bytes;
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (value.at(i) != u'\\' || i + 1 == value.size()) {
            // Whole runs at a time, so that surrogate pairs stay together.
            const qsizetype next = value.indexOf(u'\\', i + 1);
            const qsizetype end = next < 0 ? value.size() : next;
            bytes += value.mid(i, end - i).toUtf8();
            i = end - 1;
            continue;
        }
        bool isHex = false;
        const int byte = i + 2 < value.size() ? value.mid(i + 1, 2).toInt(&isHex, 16) : 0;
        if (isHex) {
            bytes += char(byte);
            i += 2;
        } else {
            bytes += QString(value.at(i + 1)).toUtf8();
            ++i;
        }
    }
    return QString::fromUtf8(bytes);
}

} // namespace

std::optional<QDateTime> dateFromText(QStringView text)
{
    if (text.size() > longestDate)
        return std::nullopt;
    const QString plain = plainDigits(text);
    if (plain.endsWith(u"GMT"_s))
        return rfc1123(plain);
    qsizetype split = plain.indexOf(u'T');
    if (split < 0)
        split = plain.indexOf(u' ');
    // "2026. 3. 14. 5:06" has blanks inside the date: the time begins after the last blank before the first
    // colon.
    const qsizetype colon = plain.indexOf(u':');
    if (colon > 0 && plain.indexOf(u'T') < 0)
        split = plain.lastIndexOf(u' ', colon);
    const QStringView datePart = split < 0 ? QStringView(plain) : QStringView(plain).first(split);
    const QStringView timePart = split < 0 ? QStringView() : QStringView(plain).mid(split + 1);
    const auto date = dateOnly(datePart.trimmed());
    const auto clock = clockFromText(timePart.trimmed());
    if (!date || !clock)
        return std::nullopt;
    return QDateTime(*date, clock->time, Qt::UTC).addSecs(-clock->offsetSeconds);
}

bool isNever(const QDateTime& time)
{
    return time.date().year() <= 1601;
}

QString versionFromText(QStringView text)
{
    QString numbers;
    int parts = 0;
    bool inNumber = false;
    for (const QChar c : text) {
        if (c >= u'0' && c <= u'9') {
            if (!inNumber && parts++ > 0)
                numbers += u'.';
            numbers += c;
        }
        inNumber = c >= u'0' && c <= u'9';
    }
    return parts >= 2 && parts <= 4 && text.size() <= longestDate ? numbers : QString();
}

QStringView takeRelativeName(QStringView& dn)
{
    qsizetype i = 0;
    while (i < dn.size() && dn.at(i) != u',')
        i += dn.at(i) == u'\\' ? 2 : 1;
    const QStringView name = dn.first(std::min(i, dn.size()));
    dn = i + 1 < dn.size() ? dn.mid(i + 1) : QStringView();
    return name.trimmed();
}

QString canonicalFromDistinguishedName(QStringView dn)
{
    QStringList containers; // innermost first
    QString domain;
    while (!dn.isEmpty()) {
        const QStringView name = takeRelativeName(dn);
        const qsizetype equals = name.indexOf(u'=');
        if (equals <= 0)
            return {};
        QString value = unescaped(name.mid(equals + 1));
        if (name.first(equals).compare(u"DC", Qt::CaseInsensitive) == 0) {
            domain += domain.isEmpty() ? value : u'.' + value;
        } else if (!domain.isEmpty()) {
            return {};
        } else {
            containers.prepend(value.replace(u'\\', u"\\\\"_s).replace(u'/', u"\\/"_s));
        }
    }
    if (domain.isEmpty() || containers.isEmpty())
        return {};
    return domain + u'/' + containers.join(u'/');
}

} // namespace postern::exchange

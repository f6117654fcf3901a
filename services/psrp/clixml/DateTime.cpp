#include "services/psrp/clixml/DateTime.h"

#include <array>
#include <limits>

#include "services/psrp/clixml/Lexical.h"

namespace postern::clixml {

namespace {

__extension__ using Wide = __int128;

constexpr qint64 kTicksPerSecond = 10'000'000;
constexpr qint64 kTicksPerDay = 86'400 * kTicksPerSecond;
constexpr qint64 kUnixEpochTicks = 719'162 * kTicksPerDay; // 1970-01-01 counted from 0001-01-01

// Days from 0001-01-01 in the proleptic Gregorian calendar (Howard Hinnant's civil calendar arithmetic).
constexpr qint64 daysFromCivil(int year, int month, int day)
{
    const int y = month <= 2 ? year - 1 : year;
    const int era = y / 400;
    const int yearOfEra = y - era * 400;
    const int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return qint64(era) * 146'097 + dayOfEra - 306;
}

constexpr bool isLeap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int daysInMonth(int year, int month)
{
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : days[size_t(month - 1)];
}

struct Cursor
{
    const char* at;
    const char* end;

    bool skip(char c)
    {
        if (at == end || *at != c)
            return false;
        ++at;
        return true;
    }
    // Exactly `width` digits, or -1.
    int digits(int width)
    {
        if (end - at < width)
            return -1;
        int value = 0;
        unsigned bad = 0;
        for (int i = 0; i < width; ++i) {
            const unsigned digit = static_cast<unsigned char>(at[i]) - unsigned('0');
            bad |= digit > 9 ? 1 : 0;
            value = value * 10 + int(digit);
        }
        at += width;
        return bad != 0 ? -1 : value;
    }
    // ".1234567" as ticks; further digits are dropped. -1: a point without digits.
    qint64 fraction()
    {
        if (!skip('.'))
            return 0;
        qint64 ticks = 0;
        qint64 unit = kTicksPerSecond / 10;
        const char* from = at;
        for (; at != end && *at >= '0' && *at <= '9'; ++at, unit /= 10)
            ticks += (*at - '0') * unit;
        return at == from ? -1 : ticks;
    }
};

bool readZone(Cursor& cursor, DateTime& result)
{
    if (cursor.at == cursor.end)
        return true;
    if (cursor.skip('Z')) {
        result.zone = DateTime::Zone::Utc;
        return cursor.at == cursor.end;
    }
    const bool negative = *cursor.at == '-';
    if (!cursor.skip('+') && !cursor.skip('-'))
        return false;
    const int hours = cursor.digits(2);
    if (hours < 0 || !cursor.skip(':'))
        return false;
    const int minutes = cursor.digits(2);
    if (minutes < 0 || minutes > 59 || hours * 60 + minutes > 14 * 60 || cursor.at != cursor.end)
        return false;
    result.zone = DateTime::Zone::Offset;
    result.offsetMinutes = qint16((negative ? -1 : 1) * (hours * 60 + minutes));
    return true;
}

void appendDigits(QByteArray& out, qint64 value, int width)
{
    std::array<char, 20> buffer{};
    for (int i = width; i-- > 0; value /= 10)
        buffer[size_t(i)] = char('0' + value % 10);
    out.append(buffer.data(), width);
}

void appendFraction(QByteArray& out, qint64 ticks)
{
    if (ticks == 0)
        return;
    out.append('.');
    appendDigits(out, ticks, 7);
    while (out.endsWith('0'))
        out.chop(1);
}

// One "number unit" of a duration at a time; `seen` makes the order Y M D T H M S compulsory.
struct DurationReader
{
    Cursor cursor;
    Wide ticks = 0;

    bool component(const char*& units, const qint64*& factors)
    {
        const char* from = cursor.at;
        qint64 value = 0;
        for (; cursor.at != cursor.end && *cursor.at >= '0' && *cursor.at <= '9'; ++cursor.at) {
            if (cursor.at - from > 15)
                return false;
            value = value * 10 + (*cursor.at - '0');
        }
        if (cursor.at == from || cursor.at == cursor.end)
            return false;
        const bool fractional = *cursor.at == '.';
        const qint64 fraction = cursor.fraction();
        if (fraction < 0 || cursor.at == cursor.end)
            return false;
        while (*units != '\0' && *units != *cursor.at)
            ++units, ++factors;
        if (*units == '\0' || (fractional && *units != 'S'))
            return false;
        ticks += Wide(value) * *factors + fraction;
        ++cursor.at, ++units, ++factors;
        return true;
    }
    bool read()
    {
        static constexpr std::array<qint64, 3> dateFactors{
            365 * kTicksPerDay, 30 * kTicksPerDay, kTicksPerDay};
        static constexpr std::array<qint64, 3> timeFactors{
            3600 * kTicksPerSecond, 60 * kTicksPerSecond, kTicksPerSecond};
        if (!cursor.skip('P') || cursor.at == cursor.end)
            return false;
        const char* units = "YMD";
        const qint64* factors = dateFactors.data();
        while (cursor.at != cursor.end && *cursor.at != 'T') {
            if (!component(units, factors))
                return false;
        }
        if (cursor.at == cursor.end)
            return true;
        if (!cursor.skip('T') || cursor.at == cursor.end)
            return false;
        units = "HMS";
        factors = timeFactors.data();
        while (cursor.at != cursor.end) {
            if (!component(units, factors))
                return false;
        }
        return true;
    }
};

} // namespace

std::optional<DateTime> DateTime::fromText(QByteArrayView text)
{
    text = Lexical::trimmed(text);
    Cursor cursor{text.begin(), text.end()};
    const int year = cursor.digits(4);
    const int month = cursor.skip('-') ? cursor.digits(2) : -1;
    const int day = cursor.skip('-') ? cursor.digits(2) : -1;
    const int hour = cursor.skip('T') ? cursor.digits(2) : -1;
    const int minute = cursor.skip(':') ? cursor.digits(2) : -1;
    const int second = cursor.skip(':') ? cursor.digits(2) : -1;
    const qint64 fraction = cursor.fraction();
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
        return std::nullopt;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || fraction < 0)
        return std::nullopt;
    DateTime result;
    if (!readZone(cursor, result))
        return std::nullopt;
    result.ticks = daysFromCivil(year, month, day) * kTicksPerDay
        + ((hour * 60 + minute) * 60 + second) * kTicksPerSecond + fraction;
    return result;
}

DateTime DateTime::fromUtc(const QDateTime& when)
{
    return {kUnixEpochTicks + when.toMSecsSinceEpoch() * 10'000, 0, Zone::Utc};
}

QByteArray DateTime::toText() const
{
    const QDate date = QDate(1, 1, 1).addDays(ticks / kTicksPerDay);
    const qint64 seconds = ticks % kTicksPerDay / kTicksPerSecond;
    QByteArray out;
    out.reserve(33);
    appendDigits(out, date.year(), 4);
    appendDigits(out.append('-'), date.month(), 2);
    appendDigits(out.append('-'), date.day(), 2);
    appendDigits(out.append('T'), seconds / 3600, 2);
    appendDigits(out.append(':'), seconds / 60 % 60, 2);
    appendDigits(out.append(':'), seconds % 60, 2);
    appendFraction(out, ticks % kTicksPerSecond);
    if (zone == Zone::Utc) {
        out.append('Z');
    } else if (zone == Zone::Offset) {
        const int distance = offsetMinutes < 0 ? -offsetMinutes : offsetMinutes;
        appendDigits(out.append(offsetMinutes < 0 ? '-' : '+'), distance / 60, 2);
        appendDigits(out.append(':'), distance % 60, 2);
    }
    return out;
}

qint64 DateTime::utcMilliseconds() const
{
    const qint64 utc = ticks - kUnixEpochTicks - qint64(offsetMinutes) * 60 * kTicksPerSecond;
    return utc >= 0 ? utc / 10'000 : -((-utc + 9'999) / 10'000); // towards the past
}

QDateTime DateTime::toUtc() const
{
    return QDateTime::fromMSecsSinceEpoch(utcMilliseconds(), Qt::UTC);
}

std::optional<TimeSpan> TimeSpan::fromText(QByteArrayView text)
{
    text = Lexical::trimmed(text);
    DurationReader reader{{text.begin(), text.end()}};
    const bool negative = reader.cursor.skip('-');
    if (!reader.read())
        return std::nullopt;
    const Wide ticks = negative ? -reader.ticks : reader.ticks;
    if (ticks > std::numeric_limits<qint64>::max() || ticks < std::numeric_limits<qint64>::min())
        return std::nullopt;
    return TimeSpan{qint64(ticks)};
}

QByteArray TimeSpan::toText() const
{
    if (ticks == 0)
        return QByteArrayLiteral("PT0S");
    const quint64 size = ticks < 0 ? quint64(0) - quint64(ticks) : quint64(ticks);
    const quint64 days = size / quint64(kTicksPerDay);
    const qint64 rest = qint64(size % quint64(kTicksPerDay));
    const qint64 seconds = rest / kTicksPerSecond;
    QByteArray out = ticks < 0 ? QByteArrayLiteral("-P") : QByteArrayLiteral("P");
    if (days != 0)
        out.append(QByteArray::number(days)).append('D');
    if (rest == 0)
        return out;
    out.append('T');
    if (seconds >= 3600)
        out.append(QByteArray::number(seconds / 3600)).append('H');
    if (seconds / 60 % 60 != 0)
        out.append(QByteArray::number(seconds / 60 % 60)).append('M');
    if (seconds % 60 != 0 || rest % kTicksPerSecond != 0) {
        out.append(QByteArray::number(seconds % 60));
        appendFraction(out, rest % kTicksPerSecond);
        out.append('S');
    }
    return out;
}

} // namespace postern::clixml

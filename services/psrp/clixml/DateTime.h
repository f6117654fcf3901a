// A .NET DateTime and TimeSpan as CLIXML writes them: nothing of the text is lost (kind or offset, 100 ns
// ticks). Plain values, any thread. Text forms: [MS-PSRP] 2.2.5.1.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QDateTime>
#include <optional>

namespace postern::clixml {

struct DateTime
{
    enum class Zone : quint8 { Unspecified, Utc, Offset };

    qint64 ticks = 0; // 100 ns since 0001-01-01T00:00:00 on the clock as written
    qint16 offsetMinutes = 0; // only for Zone::Offset
    Zone zone = Zone::Unspecified;

    // "2021-10-06T19:24:05.1234567Z" | "...-04:00" | no suffix. nullopt: not a date of the years 1 to 9999.
    [[nodiscard]] static std::optional<DateTime> fromText(QByteArrayView text);
    [[nodiscard]] static DateTime fromUtc(const QDateTime& when);
    [[nodiscard]] QByteArray toText() const;
    // Unspecified counts as UTC: Exchange writes its ...UTC properties without a suffix now and then.
    [[nodiscard]] qint64 utcMilliseconds() const;
    [[nodiscard]] QDateTime toUtc() const;

    friend bool operator==(const DateTime&, const DateTime&) = default;
};

struct TimeSpan
{
    qint64 ticks = 0; // 100 ns

    // xs:duration as .NET reads it: sign first, a year is 365 days, a month 30.
    [[nodiscard]] static std::optional<TimeSpan> fromText(QByteArrayView text);
    [[nodiscard]] QByteArray toText() const;
    [[nodiscard]] qint64 milliseconds() const { return ticks / 10'000; }

    friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

} // namespace postern::clixml

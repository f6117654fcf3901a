// What a connector's fields may hold (CON-01, 02, 13, 14, 15, 18), as pure functions: value -> complaint, ""
// when it can be used. Sentences are translated, so a QCoreApplication must exist. Any thread.
#pragma once

#include <QString>
#include <QTime>
#include <optional>

#include "models/domain/Connector.h"

namespace postern::connectors {

// "Every day at 00:00", "every 12 hours"; the form that Connector::fullSchedule keeps: "1d@00:00", "12h".
struct Schedule
{
    enum class Unit { Hours, Days };
    int count = 1;
    Unit unit = Unit::Days;
    QTime at{0, 0}; // local time; Days only
    bool operator==(const Schedule&) const = default;

    [[nodiscard]] int periodMinutes() const { return count * (unit == Unit::Hours ? 60 : 24 * 60); }
    [[nodiscard]] QString toText() const; // as kept
    [[nodiscard]] QString toSentence() const; // as read
};

// The locale's time format without seconds.
[[nodiscard]] QString clockFormat();
[[nodiscard]] std::optional<Schedule> parseSchedule(const QString& kept);

[[nodiscard]] QString nameComplaint(const QString& name);
// A URL http(s)://host/PowerShell, or a host name.
[[nodiscard]] QString addressComplaint(const QString& typed, Authentication authentication);
[[nodiscard]] QString addressAdvice(const QString& typed, Authentication authentication);
// A host name becomes http://host/PowerShell/ (https with Basic, which must not send a password in the
// clear); an address without a path gets /PowerShell/. Of an address that cannot be used: as typed.
[[nodiscard]] QString expandedAddress(const QString& typed, Authentication authentication);

[[nodiscard]] QString fileComplaint(
    const QString& path); // a PEM file with at least one certificate; "" is fine
[[nodiscard]] QString deltaComplaint(int minutes, const Schedule& full);
[[nodiscard]] QString deltaAdvice(int minutes);
[[nodiscard]] QString scheduleAdvice(const Schedule& full);

} // namespace postern::connectors

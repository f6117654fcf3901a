// When full synchronisations come (CON-13), in the one form that is stored and typed: "12h", "2d",
// "1d@02:30". Pure value, any thread: no clock of its own, the time zone is given.
#pragma once

#include <QDateTime>
#include <QTimeZone>
#include <chrono>
#include <optional>

#include "models/base/Error.h"

namespace postern {

// "12h": twelve hours after the last start, whatever the clocks on the wall do. "2d": two days later at the
// same local time. "1d@02:30": at that local time, one day after the last start's date or, for every day, the
// next time it is 02:30. A time that a change of the clocks skips comes as much later as was skipped; one
// that it repeats counts the first time only.
struct ScheduleText
{
    enum class Unit { Hours, Days };
    int count = 1; // 1 to 999
    Unit unit = Unit::Days;
    std::optional<QTime> at{}; // local; Days only
    bool operator==(const ScheduleText&) const = default;

    // InvalidInput: what is wrong with it.
    [[nodiscard]] static Expected<ScheduleText> parse(const QString& text);
    [[nodiscard]] QString toText() const;

    // The first slot after a run that began at `last`, UTC. Missed slots do not add up: when it has passed,
    // one run is due, and the slot after that one is counted from its start (CON-44).
    [[nodiscard]] QDateTime nextAfter(const QDateTime& last, const QTimeZone& zone) const;
    [[nodiscard]] std::chrono::milliseconds period() const; // as if every day had 24 hours
    [[nodiscard]] int periodMinutes() const;
};

// The instant of a local time, as ScheduleText's comment has it.
[[nodiscard]] QDateTime instantOf(QDate date, QTime time, const QTimeZone& zone);

} // namespace postern

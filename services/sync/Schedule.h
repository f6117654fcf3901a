// When the next synchronisation is due (CON-13, CON-14, CON-44, CON-45), computed from when the last one
// began and how it ended. Pure, any thread: no clock of its own, the time zone is given. Times are UTC.
#pragma once

#include <QDateTime>
#include <QTimeZone>
#include <chrono>
#include <optional>

#include "models/base/Error.h"

namespace postern::sync {

// "12h": twelve hours after the last start, whatever the clocks on the wall do. "2d": two days later at the
// same local time. "1d@02:30": at that local time, one day after the last start's date or, for every day, the
// next time it is 02:30. A time that a change of the clocks skips comes as much later as was skipped; one
// that it repeats counts the first time only.
class Schedule
{
public:
    // InvalidInput: what is wrong with it.
    [[nodiscard]] static Expected<Schedule> parse(const QString& text);

    // The first slot after a run that began at `last`. Missed slots do not add up: when it has passed, one
    // run is due, and the slot after that one is counted from its start (CON-44).
    [[nodiscard]] QDateTime nextAfter(const QDateTime& last, const QTimeZone& zone) const;
    [[nodiscard]] std::chrono::milliseconds period() const; // as if every day had 24 hours

private:
    int m_count = 1;
    bool m_isDays = true;
    std::optional<QTime> m_at; // local
};

// The instant of a local time, as Schedule's comment has it.
[[nodiscard]] QDateTime instantOf(QDate date, QTime time, const QTimeZone& zone);

// CON-45: how long after the n-th failure in a row (from 1) the next try comes: 1, 5, 15, 60 minutes,
// then 60.
[[nodiscard]] std::chrono::minutes backOffAfter(int failures);

} // namespace postern::sync

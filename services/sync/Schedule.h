// When the next synchronisation is due (CON-13, CON-14, CON-44): the schedule itself is a value of
// models/domain, since consoles show it too. Pure, any thread.
#pragma once

#include <chrono>

#include "models/domain/ScheduleText.h"

namespace postern::sync {

using Schedule = ScheduleText;
using postern::instantOf;

// CON-45: how long after the n-th failure in a row (from 1) the next try comes: 1, 5, 15, 60 minutes,
// then 60.
[[nodiscard]] std::chrono::minutes backOffAfter(int failures);

} // namespace postern::sync

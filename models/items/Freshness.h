// How old what a row says is, in words and stretches of time (SYN-18): amber when older than twice the delta
// period, red when older than twice the full one. Also how device lists are grouped by a time. GUI thread for
// the words, any thread for the rest.
#pragma once

#include <QString>
#include <vector>

#include "models/frame/DeviceColumns.h"

namespace postern::items {

enum class Freshness { Fresh, Late, OutOfDate, NeverRead };

// Milliseconds; of the slowest source when there are several.
struct FreshnessLimits
{
    qint64 exchangeLate = 8LL * 60 * 60 * 1000; // twice 240 minutes
    qint64 exchangeOutOfDate = 48LL * 60 * 60 * 1000; // twice a day
    qint64 intuneLate = 10LL * 60 * 1000;
    qint64 intuneOutOfDate = 48LL * 60 * 60 * 1000;
    bool operator==(const FreshnessLimits&) const = default;
};

[[nodiscard]] bool isDataAge(frame::DeviceColumn column); // ExchangeDataAsOf, IntuneDataAsOf
[[nodiscard]] Freshness freshnessOf(
    frame::DeviceColumn column, qint64 asOf, qint64 nowMs, const FreshnessLimits& limits);
[[nodiscard]] QString freshnessTitle(Freshness freshness); // "Up to date"

// The bounds by which a time column is grouped, ascending, and what the stretches between them are called
// (frame::ageUnknown: empty cells).
[[nodiscard]] std::vector<qint64> ageBounds(frame::DeviceColumn column, const FreshnessLimits& limits);
[[nodiscard]] QString ageTitle(frame::DeviceColumn column, int age);

} // namespace postern::items

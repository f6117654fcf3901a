// How far back somebody looks: Configuration Manager's "viewing period". A page that has one is a PeriodHost,
// through which the ribbon sets it. GUI thread.
#pragma once

#include <QDateTime>
#include <array>

namespace postern::monitoring {

enum class ViewingPeriod { Hour, Day, Week, Month, All };
inline constexpr std::array allPeriods{
    ViewingPeriod::Hour, ViewingPeriod::Day, ViewingPeriod::Week, ViewingPeriod::Month, ViewingPeriod::All};

[[nodiscard]] QString periodTitle(ViewingPeriod period); // "Last Day"
[[nodiscard]] QString periodPhrase(ViewingPeriod period); // "in the last day"; "so far" for All
[[nodiscard]] QString periodKey(ViewingPeriod period); // "day": settings, command ids
[[nodiscard]] ViewingPeriod periodFromKey(const QString& key); // Day for what is unknown
// Null for All.
[[nodiscard]] QDateTime periodStart(ViewingPeriod period, const QDateTime& now);

class PeriodHost
{
public:
    virtual ~PeriodHost() = default;
    [[nodiscard]] virtual ViewingPeriod viewingPeriod() const = 0;
    virtual void setViewingPeriod(ViewingPeriod period) = 0;
};

} // namespace postern::monitoring

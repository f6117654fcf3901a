#include "models/items/Freshness.h"

#include <QCoreApplication>

#include "models/frame/Sort.h"

namespace postern::items {

using frame::DeviceColumn;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Freshness)
};

constexpr qint64 day = 24LL * 60 * 60 * 1000;

bool isIntune(DeviceColumn column)
{
    return column == DeviceColumn::IntuneDataAsOf;
}

} // namespace

bool isDataAge(DeviceColumn column)
{
    return column == DeviceColumn::ExchangeDataAsOf || isIntune(column);
}

Freshness freshnessOf(DeviceColumn column, qint64 asOf, qint64 nowMs, const FreshnessLimits& limits)
{
    if (asOf == frame::noValue)
        return Freshness::NeverRead;
    const qint64 age = nowMs - asOf;
    if (age > (isIntune(column) ? limits.intuneOutOfDate : limits.exchangeOutOfDate))
        return Freshness::OutOfDate;
    return age > (isIntune(column) ? limits.intuneLate : limits.exchangeLate) ? Freshness::Late
                                                                              : Freshness::Fresh;
}

QString freshnessTitle(Freshness freshness)
{
    switch (freshness) {
    case Freshness::Fresh:
        //: age of what was read
        return Words::tr("Up to date");
    case Freshness::Late:
        //: age of what was read
        return Words::tr("Late");
    case Freshness::OutOfDate:
        //: age of what was read
        return Words::tr("Out of date");
    case Freshness::NeverRead:
        return Words::tr("Never read");
    }
    return {};
}

std::vector<qint64> ageBounds(DeviceColumn column, const FreshnessLimits& limits)
{
    // A bound belongs to the younger side, as in freshnessOf().
    if (isIntune(column))
        return {limits.intuneLate + 1, limits.intuneOutOfDate + 1};
    if (isDataAge(column))
        return {limits.exchangeLate + 1, limits.exchangeOutOfDate + 1};
    return {0, day, 7 * day, 30 * day, 90 * day};
}

QString ageTitle(DeviceColumn column, int age)
{
    if (isDataAge(column))
        return freshnessTitle(age == frame::ageUnknown ? Freshness::NeverRead : Freshness(age));
    const QString titles[]
        = {Words::tr("In the future"), Words::tr("In the last 24 hours"), Words::tr("In the last 7 days"),
            Words::tr("In the last 30 days"), Words::tr("In the last 90 days"), Words::tr("Longer ago")};
    //: group of devices whose cell is empty
    return age == frame::ageUnknown ? Words::tr("Empty") : titles[std::min(age, 5)];
}

} // namespace postern::items

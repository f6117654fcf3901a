#include "ui/monitoring/ViewingPeriod.h"

#include <QCoreApplication>

namespace postern::monitoring {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(ViewingPeriod)
};

} // namespace

QString periodTitle(ViewingPeriod period)
{
    switch (period) {
    case ViewingPeriod::Hour:
        return Texts::tr("Last Hour");
    case ViewingPeriod::Day:
        return Texts::tr("Last Day");
    case ViewingPeriod::Week:
        return Texts::tr("Last Week");
    case ViewingPeriod::Month:
        return Texts::tr("Last Month");
    case ViewingPeriod::All:
        //: of a period of time
        return Texts::tr("All");
    }
    return {};
}

QString periodPhrase(ViewingPeriod period)
{
    switch (period) {
    case ViewingPeriod::Hour:
        return Texts::tr("in the last hour");
    case ViewingPeriod::Day:
        return Texts::tr("in the last day");
    case ViewingPeriod::Week:
        return Texts::tr("in the last week");
    case ViewingPeriod::Month:
        return Texts::tr("in the last month");
    case ViewingPeriod::All:
        return Texts::tr("so far");
    }
    return {};
}

QString periodKey(ViewingPeriod period)
{
    switch (period) {
    case ViewingPeriod::Hour:
        return u"hour"_s;
    case ViewingPeriod::Day:
        return u"day"_s;
    case ViewingPeriod::Week:
        return u"week"_s;
    case ViewingPeriod::Month:
        return u"month"_s;
    case ViewingPeriod::All:
        return u"all"_s;
    }
    return {};
}

ViewingPeriod periodFromKey(const QString& key)
{
    for (const ViewingPeriod period : allPeriods) {
        if (periodKey(period) == key)
            return period;
    }
    return ViewingPeriod::Day;
}

QDateTime periodStart(ViewingPeriod period, const QDateTime& now)
{
    switch (period) {
    case ViewingPeriod::Hour:
        return now.addSecs(-3600);
    case ViewingPeriod::Day:
        return now.addDays(-1);
    case ViewingPeriod::Week:
        return now.addDays(-7);
    case ViewingPeriod::Month:
        return now.addMonths(-1);
    case ViewingPeriod::All:
        break;
    }
    return {};
}

} // namespace postern::monitoring

#include "models/domain/ScheduleText.h"

#include <QRegularExpression>

namespace postern {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Expected<ScheduleText> ScheduleText::parse(const QString& text)
{
    static const QRegularExpression form(
        u"^([1-9][0-9]{0,2})(?:(h)|d(?:@([01][0-9]|2[0-3]):([0-5][0-9]))?)\\z"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return fail(ErrorCode::InvalidInput, u"\"%1\" is not of the form 1d@00:00, 1d or 12h"_s.arg(text),
            u"the full synchronization schedule"_s);
    ScheduleText schedule;
    schedule.count = match.capturedView(1).toInt();
    schedule.unit = match.capturedLength(2) > 0 ? Unit::Hours : Unit::Days;
    if (match.capturedLength(3) > 0)
        schedule.at = QTime(match.capturedView(3).toInt(), match.capturedView(4).toInt());
    return schedule;
}

QString ScheduleText::toText() const
{
    if (unit == Unit::Hours)
        return u"%1h"_s.arg(count);
    return at ? u"%1d@%2"_s.arg(count).arg(at->toString(u"HH:mm"_s)) : u"%1d"_s.arg(count);
}

QDateTime ScheduleText::nextAfter(const QDateTime& last, const QTimeZone& zone) const
{
    if (unit == Unit::Hours)
        return last.toUTC().addSecs(qint64(count) * 3600);
    const QDateTime local = last.toTimeZone(zone);
    if (!at)
        return instantOf(local.date().addDays(count), local.time(), zone);
    // Not today's again when the run began after it; a run that began before it does not replace it.
    if (count == 1) {
        const QDateTime today = instantOf(local.date(), *at, zone);
        if (today > last)
            return today;
    }
    return instantOf(local.date().addDays(count), *at, zone);
}

std::chrono::milliseconds ScheduleText::period() const
{
    return std::chrono::minutes(periodMinutes());
}

int ScheduleText::periodMinutes() const
{
    return count * (unit == Unit::Hours ? 60 : 24 * 60);
}

QDateTime instantOf(QDate date, QTime time, const QTimeZone& zone)
{
    // Qt before 6.7 leaves open what becomes of times that do not exist or exist twice.
    const QDateTime asUtc(date, time, Qt::UTC);
    const int before = zone.offsetFromUtc(asUtc.addDays(-1));
    const int after = zone.offsetFromUtc(asUtc.addDays(1));
    std::optional<QDateTime> found;
    for (const int offset : {before, after}) {
        const QDateTime candidate = asUtc.addSecs(-offset);
        if (zone.offsetFromUtc(candidate) == offset && (!found || candidate < *found))
            found = candidate;
    }
    return found.value_or(asUtc.addSecs(-before));
}

} // namespace postern

#include "services/sync/Schedule.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>

namespace postern::sync {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Expected<Schedule> Schedule::parse(const QString& text)
{
    static const QRegularExpression form(
        u"^([1-9][0-9]{0,2})(?:(h)|d(?:@([01][0-9]|2[0-3]):([0-5][0-9]))?)\\z"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return fail(ErrorCode::InvalidInput, u"\"%1\" is not of the form 1d@00:00, 1d or 12h"_s.arg(text),
            u"the full synchronization schedule"_s);
    Schedule schedule;
    schedule.m_count = match.capturedView(1).toInt();
    schedule.m_isDays = match.capturedLength(2) <= 0;
    if (match.capturedLength(3) > 0)
        schedule.m_at = QTime(match.capturedView(3).toInt(), match.capturedView(4).toInt());
    return schedule;
}

QDateTime Schedule::nextAfter(const QDateTime& last, const QTimeZone& zone) const
{
    if (!m_isDays)
        return last.toUTC().addSecs(qint64(m_count) * 3600);
    const QDateTime local = last.toTimeZone(zone);
    if (!m_at)
        return instantOf(local.date().addDays(m_count), local.time(), zone);
    // Not today's again when the run began after it; a run that began before it does not replace it.
    if (m_count == 1) {
        const QDateTime today = instantOf(local.date(), *m_at, zone);
        if (today > last)
            return today;
    }
    return instantOf(local.date().addDays(m_count), *m_at, zone);
}

std::chrono::milliseconds Schedule::period() const
{
    return m_isDays ? std::chrono::milliseconds(m_count * 24h) : std::chrono::milliseconds(m_count * 1h);
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

std::chrono::minutes backOffAfter(int failures)
{
    static constexpr std::array<std::chrono::minutes, 4> ladder{1min, 5min, 15min, 60min};
    return ladder.at(size_t(std::clamp(failures, 1, int(ladder.size())) - 1));
}

} // namespace postern::sync

// When a synchronisation is due next: a table of local times, with the clocks set forward and back.
#include <QTest>

#include "services/sync/Schedule.h"

using namespace postern;
using namespace postern::sync;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QDateTime utc(const QString& text)
{
    return QDateTime::fromString(text + u'Z', Qt::ISODate);
}

} // namespace

class TestSchedule : public QObject
{
    Q_OBJECT
private slots:
    void next_data();
    void next();
    void invalid_data();
    void invalid();
    void period();
    void everySlotOnceInAYear();
    void backOff();
};

void TestSchedule::next_data()
{
    QTest::addColumn<QString>("schedule");
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QString>("last"); // UTC
    QTest::addColumn<QString>("next"); // UTC
    const QByteArray berlin("Europe/Berlin"), utcZone("UTC"), newYork("America/New_York");
    const auto row
        = [](const char* name, const QString& schedule, const QByteArray& zone, const QString& last,
              const QString& next) { QTest::newRow(name) << schedule << zone << last << next; };
    row("midnight", u"1d@00:00"_s, utcZone, u"2026-01-05T10:00:00"_s, u"2026-01-06T00:00:00"_s);
    row("midnight is local", u"1d@00:00"_s, berlin, u"2026-01-05T10:00:00"_s, u"2026-01-05T23:00:00"_s);
    row("midnight, begun on the second", u"1d@00:00"_s, berlin, u"2026-01-05T23:00:00"_s,
        u"2026-01-06T23:00:00"_s);
    row("midnight, begun just before", u"1d@00:00"_s, berlin, u"2026-01-05T22:59:59"_s,
        u"2026-01-05T23:00:00"_s);
    row("later today", u"1d@22:15"_s, utcZone, u"2026-01-05T10:00:00"_s, u"2026-01-05T22:15:00"_s);
    row("a late catch-up shifts nothing", u"1d@02:00"_s, utcZone, u"2026-01-05T17:45:00"_s,
        u"2026-01-06T02:00:00"_s);
    row("every week", u"7d@03:00"_s, utcZone, u"2026-01-05T03:00:01"_s, u"2026-01-12T03:00:00"_s);
    row("every other day, begun late", u"2d@03:00"_s, utcZone, u"2026-01-05T21:00:00"_s,
        u"2026-01-07T03:00:00"_s);
    row("end of the year", u"1d@00:00"_s, newYork, u"2026-12-31T20:00:00"_s, u"2027-01-01T05:00:00"_s);
    row("hours", u"12h"_s, berlin, u"2026-01-05T10:30:00"_s, u"2026-01-05T22:30:00"_s);
    row("hours over the change forward", u"12h"_s, berlin, u"2026-03-28T20:00:00"_s,
        u"2026-03-29T08:00:00"_s);
    row("hours over the change back", u"12h"_s, berlin, u"2026-10-24T20:00:00"_s, u"2026-10-25T08:00:00"_s);
    row("a day", u"1d"_s, utcZone, u"2026-01-05T10:30:17"_s, u"2026-01-06T10:30:17"_s);
    row("a day over the change forward is 23 hours", u"1d"_s, berlin, u"2026-03-28T11:00:00"_s,
        u"2026-03-29T10:00:00"_s);
    row("a day over the change back is 25 hours", u"1d"_s, berlin, u"2026-10-24T10:00:00"_s,
        u"2026-10-25T11:00:00"_s);
    // Berlin, 29 March: 02:00 becomes 03:00; 25 October: 03:00 becomes 02:00.
    row("skipped 02:30 comes at 03:30", u"1d@02:30"_s, berlin, u"2026-03-28T01:30:00"_s,
        u"2026-03-29T01:30:00"_s);
    row("after the skipped one", u"1d@02:30"_s, berlin, u"2026-03-29T01:30:00"_s, u"2026-03-30T00:30:00"_s);
    row("repeated 02:30, the first", u"1d@02:30"_s, berlin, u"2026-10-24T00:30:00"_s,
        u"2026-10-25T00:30:00"_s);
    row("repeated 02:30, not the second", u"1d@02:30"_s, berlin, u"2026-10-25T00:30:05"_s,
        u"2026-10-26T01:30:00"_s);
    row("begun in the repeated hour", u"1d@02:30"_s, berlin, u"2026-10-25T01:10:00"_s,
        u"2026-10-26T01:30:00"_s);
    row("midnight of the day the clocks go forward", u"1d@00:00"_s, berlin, u"2026-03-29T12:00:00"_s,
        u"2026-03-29T22:00:00"_s);
    // Chile skips midnight itself: 00:00 becomes 01:00 on 6 September.
    row("skipped midnight", u"1d@00:00"_s, "America/Santiago", u"2026-09-05T12:00:00"_s,
        u"2026-09-06T04:00:00"_s);
    row("half hours", u"1d@06:00"_s, "Asia/Kolkata", u"2026-01-05T00:30:00"_s, u"2026-01-06T00:30:00"_s);
}

void TestSchedule::next()
{
    QFETCH(QString, schedule);
    QFETCH(QByteArray, zone);
    QFETCH(QString, last);
    QFETCH(QString, next);
    const auto parsed = Schedule::parse(schedule);
    QVERIFY(parsed);
    QCOMPARE(parsed->nextAfter(utc(last), QTimeZone(zone)).toUTC().toString(Qt::ISODate), next + u'Z');
}

void TestSchedule::invalid_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "0h", "0d", "d", "h", "1", "1w", "-1d", "1000h", "1d@", "1d@24:00",
             "1d@00:60", "1d@0:00", "1d@00:00 ", " 1d", "1d@00:00\n", "12h@00:00", "1.5h", "none"})
        QTest::newRow(text) << QString::fromLatin1(text);
    QTest::newRow("other digits") << u"١d"_s;
}

void TestSchedule::invalid()
{
    QFETCH(QString, text);
    const auto parsed = Schedule::parse(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, ErrorCode::InvalidInput);
    QVERIFY(parsed.error().detail.contains(text));
}

void TestSchedule::period()
{
    QCOMPARE(Schedule::parse(u"12h"_s)->period(), std::chrono::milliseconds(12h));
    QCOMPARE(Schedule::parse(u"2d@04:00"_s)->period(), std::chrono::milliseconds(48h));
}

// Whatever the clocks do, a year has 365 slots, one a date, and never two within 22 hours.
void TestSchedule::everySlotOnceInAYear()
{
    const QTimeZone zone("Europe/Berlin");
    for (const auto& text : {u"1d@00:00"_s, u"1d@02:00"_s, u"1d@02:30"_s, u"1d@03:00"_s, u"1d@23:59"_s}) {
        const auto schedule = Schedule::parse(text);
        QDateTime at = instantOf(QDate(2025, 12, 31), QTime(23, 59, 59), zone);
        for (int i = 0; i < 365; ++i) {
            const QDateTime next = schedule->nextAfter(at, zone);
            QCOMPARE(next.toTimeZone(zone).date(), QDate(2026, 1, 1).addDays(i));
            QVERIFY(i == 0 || at.secsTo(next) >= 22 * 3600);
            QVERIFY(at.secsTo(next) <= 26 * 3600);
            at = next;
        }
    }
}

void TestSchedule::backOff()
{
    QCOMPARE(backOffAfter(1), 1min);
    QCOMPARE(backOffAfter(2), 5min);
    QCOMPARE(backOffAfter(3), 15min);
    QCOMPARE(backOffAfter(4), 60min);
    QCOMPARE(backOffAfter(400), 60min);
    QCOMPARE(backOffAfter(0), 1min);
}

QTEST_APPLESS_MAIN(TestSchedule)
#include "tst_schedule.moc"

#include "models/frame/CriteriaValue.h"

#include <QDateTime>

#include "models/frame/CellText.h"

using namespace Qt::StringLiterals;

namespace postern::frame {

namespace {

using Result = tl::expected<Test, QString>;

Result code(Test test, DeviceColumn field)
{
    QStringList names;
    for (const CodeName& name : codeNames(field)) {
        if (name.text.compare(test.text, Qt::CaseInsensitive) == 0) {
            test.low = name.code;
            test.high = name.code + 1;
            return test;
        }
        if (!name.text.isEmpty())
            names.append(name.text.toString());
    }
    return tl::unexpected(u"'%1' is not a value of %2; it can be %3"_s.arg(
        test.text, deviceColumnInfo(field).key.toString(), names.join(u", "_s)));
}

Result number(Test test)
{
    constexpr qint64 limit = 1'000'000'000'000'000;
    bool ok = false;
    test.low = test.text.toLongLong(&ok);
    test.high = test.low + 1;
    if (!ok || qAbs(test.low) > limit)
        return tl::unexpected(u"'%1' is not a whole number"_s.arg(test.text));
    return test;
}

Result flag(Test test)
{
    const auto is = [&test](QStringView word) { return test.text.compare(word, Qt::CaseInsensitive) == 0; };
    const bool yes = is(u"yes") || is(u"true") || is(u"1");
    if (!yes && !is(u"no") && !is(u"false") && !is(u"0"))
        return tl::unexpected(u"'%1' is neither yes nor no"_s.arg(test.text));
    test.low = yes ? 1 : 0;
    test.high = test.low + 1;
    return test;
}

// A time covers as much as it names: a date its day, 12:30 its minute, 12:30:00 its second.
Result time(Test test)
{
    constexpr qint64 day = 24 * 60 * 60 * 1000;
    if (const QDate date = QDate::fromString(test.text, Qt::ISODate);
        date.isValid() && test.text.size() == 10) {
        test.low = date.startOfDay(Qt::UTC).toMSecsSinceEpoch();
        test.high = test.low + day;
        return test;
    }
    QDateTime moment = QDateTime::fromString(test.text, Qt::ISODateWithMs);
    if (!moment.isValid())
        return tl::unexpected(
            u"'%1' is not a date; write it as 2026-11-01 or 2026-11-01T12:30:00Z"_s.arg(test.text));
    if (moment.timeSpec() == Qt::LocalTime)
        moment.setTimeSpec(Qt::UTC);
    const QStringView clock = QStringView(test.text).mid(11);
    const qint64 covered = clock.contains(u'.')                          ? 1
        : clock.count(u':') >= 2 && clock.size() > 7 && clock[5] == u':' ? 1000
                                                                         : 60'000;
    test.low = moment.toMSecsSinceEpoch();
    test.high = test.low + covered;
    return test;
}

Result days(Test test)
{
    constexpr int most = 36'500;
    bool ok = false;
    const int count = test.text.toInt(&ok);
    if (!ok || count < 1 || count > most)
        return tl::unexpected(u"'%1' is not a number of days between 1 and %2"_s.arg(test.text).arg(most));
    test.low = count;
    return test;
}

} // namespace

tl::expected<Test, QString> withValue(Test test, DeviceColumn field)
{
    if (test.op == Operator::Empty || test.op == Operator::NotEmpty)
        return test;
    if (test.op == Operator::InLastDays)
        return days(std::move(test));
    switch (deviceColumnInfo(field).kind) {
    case ColumnKind::Text:
        break;
    case ColumnKind::Code:
        return code(std::move(test), field);
    case ColumnKind::Number:
        return number(std::move(test));
    case ColumnKind::Flag:
        return flag(std::move(test));
    case ColumnKind::Time:
        return time(std::move(test));
    }
    return test;
}

} // namespace postern::frame

#include "app/lab/cmdlets/TextValues.h"

#include <QCalendar>
#include <QDateTime>
#include <QTimeZone>

#include "app/lab/cmdlets/Shapes.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

// The tabular calendar: a day beside Umm al-Qura's now and then, and as unreadable to others.
QString hijri(const QDateTime& at)
{
    const QCalendar calendar(QCalendar::System::IslamicCivil);
    const QCalendar::YearMonthDay parts = calendar.partsFromDate(at.date());
    const int hour = at.time().hour() % 12 == 0 ? 12 : at.time().hour() % 12;
    const auto two = [](int n) { return u"%1"_s.arg(n, 2, 10, QLatin1Char('0')); };
    return two(parts.day) + u'/' + two(parts.month) + u'/' + two(parts.year % 100) + u' ' + two(hour)
        + at.time().toString(u":mm:ss"_s) + (at.time().hour() < 12 ? u" \u0635"_s : u" \u0645"_s);
}

Value plainText(const Value& value, const std::string& culture)
{
    if (const auto* time = std::get_if<DateTime>(&value))
        return dateText(time->ms, culture);
    if (std::holds_alternative<TimeSpan>(value) || std::holds_alternative<Guid>(value)
        || std::holds_alternative<VersionText>(value))
        return toText(value);
    const auto* object = std::get_if<ObjectPtr>(&value);
    if (!object || !*object)
        return value;
    if ((*object)->container == Container::List) {
        auto list = std::make_shared<Object>(**object);
        for (Value& item : list->items)
            item = plainText(item, culture);
        return ObjectPtr(list);
    }
    return (*object)->text ? Value(*(*object)->text) : value;
}

} // namespace

std::string dateText(std::int64_t ms, const std::string& culture)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
    if (startsWithIgnoreCase(culture, "ar-SA"))
        return hijri(at).toStdString();
    const QString pattern = startsWithIgnoreCase(culture, "de") ? u"dd.MM.yyyy HH:mm:ss"_s
        : startsWithIgnoreCase(culture, "tr")                   ? u"d.MM.yyyy HH:mm:ss"_s
        : startsWithIgnoreCase(culture, "ja")                   ? u"yyyy/MM/dd H:mm:ss"_s
                                                                : u"M/d/yyyy h:mm:ss AP"_s;
    return QLocale::c().toString(at, pattern).toStdString();
}

ObjectPtr deserialised(const Object& object, const std::string& culture)
{
    auto copy = std::make_shared<Object>(object);
    if (object.types) {
        std::vector<std::string> names;
        for (const std::string& name : object.types->names)
            names.push_back("Deserialized." + name);
        copy->types = &shapes::chain(names);
    }
    copy->serializationData = false;
    for (Property& property : copy->properties) {
        // A Ref would point to what is text now.
        if (const auto* same = std::get_if<SameAs>(&property.value)) {
            const Value* target = object.find(same->property);
            property.value = target ? plainText(*target, culture) : Value(Nil{});
        } else {
            property.value = plainText(property.value, culture);
        }
    }
    return copy;
}

} // namespace postern::lab

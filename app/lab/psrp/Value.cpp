#include "app/lab/psrp/Value.h"

#include <array>
#include <cstdio>

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

// Days to civil date (Howard Hinnant's algorithm): no locale, no time zone, no allocation.
void civilDate(std::int64_t days, int& year, unsigned& month, unsigned& day)
{
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const unsigned doe = unsigned(days - era * 146097);
    const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const unsigned mp = (5 * doy + 2) / 153;
    day = doy - (153 * mp + 2) / 5 + 1;
    month = mp < 10 ? mp + 3 : mp - 9;
    year = int(std::int64_t(yoe) + era * 400 + (month <= 2 ? 1 : 0));
}

std::string decimal(double number)
{
    std::array<char, 40> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.17g", number);
    return buffer.data();
}

std::string objectText(const Object& object)
{
    if (object.text)
        return *object.text;
    if (object.container == Container::List) {
        std::vector<std::string> parts;
        for (const Value& item : object.items)
            parts.push_back(toText(item));
        return joined(parts, " ");
    }
    return isNil(object.primitive) ? std::string{} : toText(object.primitive);
}

} // namespace

bool isNil(const Value& value)
{
    return std::holds_alternative<Nil>(value);
}

const Value* findProperty(const std::vector<Property>& list, std::string_view name)
{
    for (const Property& property : list) {
        if (equalsIgnoreCase(property.name, name))
            return &property.value;
    }
    return nullptr;
}

const Value* Object::find(std::string_view name) const
{
    const Value* value = findProperty(extended, name);
    return value ? value : findProperty(properties, name);
}

std::string isoTime(const DateTime& time)
{
    std::int64_t days = time.ms / 86400000, rest = time.ms % 86400000;
    if (rest < 0) {
        rest += 86400000;
        --days;
    }
    int year = 0;
    unsigned month = 0, day = 0;
    civilDate(days, year, month, day);
    const int ms = int(rest % 1000), seconds = int(rest / 1000);
    std::array<char, 64> buffer{};
    int n = std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d", year, month, day,
        seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (ms != 0)
        n += std::snprintf(buffer.data() + n, buffer.size() - size_t(n), ".%03d", ms);
    std::string out(buffer.data(), size_t(n));
    if (ms != 0)
        out.erase(out.find_last_not_of('0') + 1);
    return out + (time.utc ? "Z" : "+00:00");
}

std::string toText(const Value& value)
{
    if (const auto* s = std::get_if<std::string>(&value))
        return *s;
    if (const auto* b = std::get_if<bool>(&value))
        return *b ? "True" : "False";
    if (const auto* o = std::get_if<ObjectPtr>(&value))
        return *o ? objectText(**o) : std::string{};
    if (const auto* i = std::get_if<std::int32_t>(&value))
        return std::to_string(*i);
    if (const auto* l = std::get_if<std::int64_t>(&value))
        return std::to_string(*l);
    if (const auto* u = std::get_if<std::uint32_t>(&value))
        return std::to_string(*u);
    if (const auto* y = std::get_if<std::uint8_t>(&value))
        return std::to_string(int(*y));
    if (const auto* d = std::get_if<double>(&value))
        return decimal(*d);
    if (const auto* t = std::get_if<DateTime>(&value))
        return isoTime(*t);
    if (const auto* g = std::get_if<Guid>(&value))
        return g->lower();
    if (const auto* v = std::get_if<VersionText>(&value))
        return v->text;
    return {};
}

} // namespace postern::lab

#include "services/graph/JsonRow.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t longestText = 64 * 1024;
constexpr size_t mostWords = 20'000; // of one page: what varies more is not worth sharing
constexpr int mostTexts = 10'000;

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

// Digits only; -1 otherwise.
int digits(std::string_view text, size_t from, size_t count)
{
    if (from + count > text.size())
        return -1;
    int value = 0;
    for (size_t i = from; i < from + count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool isAt(std::string_view text, size_t at, char c)
{
    return at < text.size() && text[at] == c;
}

// Days since 1970-01-01 of the proleptic Gregorian calendar (Howard Hinnant's days_from_civil).
qint64 daysOf(int year, int month, int day)
{
    const qint64 y = month <= 2 ? year - 1 : year;
    const qint64 era = (y >= 0 ? y : y - 399) / 400;
    const qint64 yearOfEra = y - era * 400;
    const qint64 dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146'097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719'468;
}

// Milliseconds of ".1234567", and where it ends.
std::optional<int> fraction(std::string_view text, size_t& at)
{
    if (!isAt(text, at, '.'))
        return 0;
    int value = 0, scale = 100;
    const size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
        value += (text[at] - '0') * scale;
        scale /= 10;
    }
    return at == first ? std::nullopt : std::optional(value);
}

// Minutes of "Z", "+02:00" at the end of the text.
std::optional<int> offset(std::string_view text, size_t at)
{
    if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z'))
        return 0;
    if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':')
        return std::nullopt;
    const int hours = digits(text, at + 1, 2), minutes = digits(text, at + 4, 2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return std::nullopt;
    return (text[at] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

bool isDate(int year, int month, int day)
{
    static constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0);
}

} // namespace

std::optional<qint64> graphTime(std::string_view text)
{
    const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    const bool shaped = isAt(text, 4, '-') && isAt(text, 7, '-') && isAt(text, 13, ':') && isAt(text, 16, ':')
        && (isAt(text, 10, 'T') || isAt(text, 10, 't'));
    if (!shaped || !isDate(year, month, day) || hour < 0 || hour > 23 || minute < 0 || minute > 59
        || second < 0 || second > 60)
        return std::nullopt;
    size_t at = 19;
    const std::optional<int> milliseconds = fraction(text, at);
    const std::optional<int> zone = milliseconds ? offset(text, at) : std::nullopt;
    if (!zone)
        return std::nullopt;
    const qint64 minutes = daysOf(year, month, day) * 1'440 + hour * 60 + minute - *zone;
    return (minutes * 60 + second) * 1'000 + *milliseconds;
}

std::optional<std::string_view> JsonRow::view(JsonElement value)
{
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
        if (text.size() <= longestText)
            return text;
        problem(u"a text of %1 bytes"_s.arg(text.size()));
        return std::nullopt;
    }
    if (!value.is_null())
        problem(u"not a text"_s);
    return std::nullopt;
}

QString JsonRow::text(JsonElement value)
{
    const auto found = view(value);
    return found ? fromView(*found) : QString();
}

QString JsonRow::shared(JsonElement value)
{
    const auto found = view(value);
    if (!found || found->empty())
        return {};
    if (const auto at = m_words.find(*found); at != m_words.end())
        return at->second;
    QString made = fromView(*found);
    if (m_words.size() < mostWords)
        m_words.emplace(*found, made);
    return made;
}

QStringList JsonRow::texts(JsonElement value)
{
    QStringList list;
    simdjson::dom::array items;
    if (value.get(items) != simdjson::SUCCESS) {
        if (!value.is_null())
            problem(u"not a list"_s);
        return list;
    }
    for (const JsonElement item : items) {
        if (list.size() >= mostTexts) {
            problem(u"more than %1 entries"_s.arg(mostTexts));
            break;
        }
        list += text(item);
    }
    return list;
}

bool JsonRow::flag(JsonElement value, bool absent)
{
    return maybeFlag(value).value_or(absent);
}

std::optional<bool> JsonRow::maybeFlag(JsonElement value)
{
    bool flag = false;
    if (value.get(flag) == simdjson::SUCCESS)
        return flag;
    if (!value.is_null())
        problem(u"neither true nor false"_s);
    return std::nullopt;
}

std::optional<QDateTime> JsonRow::time(JsonElement value)
{
    static const qint64 firstYear = daysOf(2, 1, 1) * 86'400'000; // year 1: unset
    static const qint64 lastYear = daysOf(9999, 1, 1) * 86'400'000; // year 9999: never
    const auto found = view(value);
    if (!found || found->empty())
        return std::nullopt;
    const std::optional<qint64> at = graphTime(*found);
    if (!at) {
        problem(u"not a time: %1"_s.arg(fromView(found->substr(0, 40))));
        return std::nullopt;
    }
    if (*at < firstYear || *at >= lastYear)
        return std::nullopt;
    return QDateTime::fromMSecsSinceEpoch(*at, Qt::UTC);
}

QUuid JsonRow::guid(JsonElement value)
{
    const auto found = view(value);
    if (!found || found->empty())
        return {};
    const QUuid guid = QUuid::fromString(QLatin1StringView(found->data(), qsizetype(found->size())));
    if (guid.isNull())
        problem(u"not a GUID: %1"_s.arg(fromView(found->substr(0, 40))));
    return guid;
}

int JsonRow::number(JsonElement value)
{
    int64_t number = 0;
    if (value.get(number) == simdjson::SUCCESS && number >= INT_MIN && number <= INT_MAX)
        return int(number);
    if (!value.is_null())
        problem(u"not a number"_s);
    return 0;
}

void JsonRow::problem(const QString& what)
{
    m_problems->push_back({QString(), u"%1: %2"_s.arg(fromView(m_property), what)});
}

} // namespace postern::graph

#include "tests/services/clixml/RandomValues.h"

#include <bit>
#include <cmath>
#include <limits>

namespace postern::clixml::testing {

namespace {

constexpr int kMaxDepth = 5;
constexpr qint64 kLastTick = 3'155'378'975'999'999'999; // 9999-12-31T23:59:59.9999999

const std::array<QString, 19> kTexts{QString(), QStringLiteral("EAS"), QStringLiteral("a b"),
    QStringLiteral("_x0041_"), QStringLiteral("_x005F_x0041_"), QStringLiteral("_X000a_"),
    QStringLiteral("__x_"), QStringLiteral("<&>\"'"), QStringLiteral("]]>"),
    QStringLiteral("line\r\nline\tend "), QStringLiteral("\u00E4\u00F6\u4E2D\u6587"),
    QStringLiteral("\U0001F600"), QString(QChar(0xD83D)), QString(QChar(0xDE00)) + QChar(0xD83D),
    QString(QChar(0xFFFE)), QString(QChar(u'\0')) + QChar(0x7F) + QChar(0x85), QStringLiteral("\uFEFFmark"),
    QStringLiteral("&amp;lt;"),
    QStringLiteral("contoso.lab/Users/Anna/ExchangeActiveSyncDevices/iPhone\u00A7ApplC39J")};

} // namespace

Value RandomValues::next()
{
    m_finished.clear();
    m_open.clear();
    return value(0);
}

Value RandomValues::nextObject()
{
    m_finished.clear();
    m_open.clear();
    return object(0);
}

std::vector<FileItem> RandomValues::nextFile()
{
    m_finished.clear();
    m_open.clear();
    std::vector<FileItem> items;
    for (int i = below(4); i >= 0; --i)
        items.push_back({value(0), chance(30) ? QStringLiteral("Error") : QString()});
    return items;
}

QString RandomValues::text()
{
    if (chance(70))
        return kTexts[size_t(below(int(kTexts.size())))];
    QString result;
    for (int i = below(40); i > 0; --i) {
        if (chance(80))
            result += QChar(char16_t(0x20 + below(0x60)));
        else if (chance(50))
            result += QChar(char16_t(below(0x10000)));
        else
            result += kTexts[size_t(below(int(kTexts.size())))];
    }
    return result;
}

QString RandomValues::name()
{
    static const std::array<QString, 9> names{QStringLiteral("DeviceId"), QStringLiteral("deviceid"),
        QStringLiteral("Name"), QStringLiteral("NAME"), QStringLiteral("Identity"),
        QStringLiteral("a_x0020_b"), QStringLiteral("\u00FCber<\"&"), QStringLiteral("tab\tname"),
        QStringLiteral("x")};
    return names[size_t(below(int(names.size())))];
}

QStringList RandomValues::typeNames()
{
    static const std::array<QStringList, 5> lists{QStringList(), {QStringLiteral("System.Object")},
        {QStringLiteral("Microsoft.Exchange.Data.Directory.SystemConfiguration.MobileDevice"),
            QStringLiteral("System.Object")},
        {QStringLiteral("Deserialized.A.B`1[[C, D, Version=15.0.0.0]]"), QStringLiteral("System.Enum")},
        {QString()}};
    return lists[size_t(below(int(lists.size())))];
}

QByteArray RandomValues::bytes()
{
    QByteArray result(below(80), '\0');
    for (char& c : result)
        c = char(below(256));
    return result;
}

DateTime RandomValues::dateTime()
{
    const auto zone = DateTime::Zone(below(3));
    const qint64 ticks = std::uniform_int_distribution<qint64>(0, kLastTick)(m_engine);
    const int unit = chance(50) ? 1 : 10'000'000;
    return {ticks / unit * unit, qint16(zone == DateTime::Zone::Offset ? below(1681) - 840 : 0), zone};
}

Value RandomValues::number(Kind kind)
{
    static constexpr std::array<std::pair<qint64, qint64>, 7> ranges{
        {{0, 255}, {-128, 127}, {0, 65'535}, {-32'768, 32'767}, {0, 4'294'967'295},
            {std::numeric_limits<qint32>::min(), std::numeric_limits<qint32>::max()}, {0, 0}}};
    if (kind == Kind::UInt64)
        return Value::fromUInt64(std::uniform_int_distribution<quint64>()(m_engine));
    if (kind == Kind::Int64)
        return Value::fromInt64(qint64(std::uniform_int_distribution<quint64>()(m_engine)));
    if (kind == Kind::Single)
        return Value::fromSingle(chance(10) ? -std::numeric_limits<float>::infinity()
                                            : std::ldexp(float(below(1 << 24)), below(200) - 100));
    if (kind == Kind::Double) {
        const auto bits = std::bit_cast<double>(std::uniform_int_distribution<quint64>()(m_engine));
        return Value::fromDouble(std::isnan(bits) ? std::numeric_limits<double>::quiet_NaN() : bits);
    }
    const auto [min, max] = ranges[size_t(kind) - size_t(Kind::Byte)];
    return Value::fromInteger(kind,
        chance(30) ? (chance(50) ? min : max) : std::uniform_int_distribution<qint64>(min, max)(m_engine));
}

Value RandomValues::primitive()
{
    const auto kind = Kind(below(int(Kind::Object)));
    switch (kind) {
    case Kind::Nil:
        return {};
    case Kind::Char:
        return Value::fromChar(char16_t(below(0x10000)));
    case Kind::Boolean:
        return Value::fromBoolean(chance(50));
    case Kind::DateTime:
        return Value::fromDateTime(dateTime());
    case Kind::TimeSpan:
        return Value::fromTimeSpan({qint64(std::uniform_int_distribution<quint64>()(m_engine)) >> below(64)});
    case Kind::Bytes:
        return Value::fromBytes(bytes());
    case Kind::Guid:
        return Value::fromGuid(QUuid(
            uint(below(1 << 30)), ushort(below(65'536)), ushort(below(65'536)), 1, 2, 3, 4, 5, 6, 7, 8));
    case Kind::Decimal:
        return Value::fromTextual(kind, QStringLiteral("-%1.%2").arg(below(1000)).arg(below(1000)));
    case Kind::Version:
        return Value::fromVersion(QStringLiteral("15.%1.%2.4").arg(below(3)).arg(below(3000)));
    case Kind::String:
    case Kind::Uri:
    case Kind::Xml:
    case Kind::ScriptBlock:
    case Kind::SecureString:
        return Value::fromTextual(kind, text());
    case Kind::Progress:
        return Value::fromProgress({text(), below(9), chance(50) ? std::optional(text()) : std::nullopt, -1,
            below(101), text(), -1, text()});
    default:
        return number(kind);
    }
}

Value RandomValues::ancestor()
{
    if (m_open.empty())
        return {};
    const int up = 1 + below(int(m_open.size()));
    return m_open[m_open.size() - size_t(up)] ? Value::ancestor(up) : Value();
}

Value RandomValues::value(int depth)
{
    if (chance(5))
        return ancestor();
    if (!m_finished.empty() && chance(10))
        return Value::fromObject(m_finished[size_t(below(int(m_finished.size())))]);
    return depth < kMaxDepth && chance(35) ? object(depth + 1) : primitive();
}

// Children are made in the order in which they are written: an object is shared only after its first place.
Value RandomValues::object(int depth)
{
    m_open.push_back(true);
    Object result;
    result.typeNames = typeNames();
    if (chance(50))
        result.toString = text();
    fillContent(result, depth);
    if (chance(60))
        result.adapted = properties(depth, false);
    if (chance(50))
        result.extended = properties(depth, true);
    m_open.pop_back();
    const auto shared = std::make_shared<const Object>(std::move(result));
    m_finished.push_back(shared);
    return Value::fromObject(shared);
}

void RandomValues::fillContent(Object& object, int depth)
{
    const int choice = below(10);
    if (choice == 0)
        object.value = primitive();
    if (choice == 1)
        object.value = value(depth);
    if (choice < 2 || choice > 6)
        return;
    object.container = Container(int(Container::List) + choice - 2);
    for (int i = below(5); i > 0; --i) {
        if (object.container != Container::Dictionary) {
            object.items.push_back(value(depth));
        } else {
            Value key = primitive();
            object.entries.emplace_back(std::move(key), value(depth));
        }
    }
}

std::vector<Property> RandomValues::properties(int depth, bool extended)
{
    std::vector<Property> result;
    for (int i = below(6); i > 0; --i) {
        QString propertyName = name();
        result.push_back({std::move(propertyName),
            extended && chance(5) && depth < kMaxDepth ? memberSet(depth + 1) : value(depth)});
    }
    return result;
}

Value RandomValues::memberSet(int depth)
{
    m_open.push_back(false);
    Object set;
    set.container = Container::MemberSet;
    set.extended = properties(depth, true);
    m_open.pop_back();
    return Value::fromObject(std::move(set));
}

} // namespace postern::clixml::testing

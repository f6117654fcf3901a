#include "services/psrp/clixml/Value.h"

#include <limits>

#include "services/psrp/clixml/Lexical.h"
#include "services/psrp/clixml/Object.h"

namespace postern::clixml {

Value Value::fromText(QString text)
{
    return {Kind::String, std::move(text)};
}
Value Value::fromBoolean(bool value)
{
    return {Kind::Boolean, qint64(value)};
}
Value Value::fromChar(char16_t unit)
{
    return {Kind::Char, qint64(unit)};
}
Value Value::fromInteger(Kind kind, qint64 value)
{
    return {kind, value};
}
Value Value::fromUInt64(quint64 value)
{
    return {Kind::UInt64, value};
}
Value Value::fromSingle(float value)
{
    return {Kind::Single, double(value)};
}
Value Value::fromDouble(double value)
{
    return {Kind::Double, value};
}
Value Value::fromDateTime(clixml::DateTime value)
{
    return {Kind::DateTime, value};
}
Value Value::fromTimeSpan(clixml::TimeSpan value)
{
    return {Kind::TimeSpan, value.ticks};
}
Value Value::fromBytes(QByteArray bytes)
{
    return {Kind::Bytes, std::move(bytes)};
}
Value Value::fromGuid(const QUuid& guid)
{
    return {Kind::Guid, guid};
}
Value Value::fromTextual(Kind kind, QString text)
{
    return {kind, std::move(text)};
}

Value Value::fromProgress(ProgressRecord record)
{
    return {Kind::Progress, std::make_shared<const ProgressRecord>(std::move(record))};
}

Value Value::fromObject(clixml::Object object)
{
    return fromObject(std::make_shared<const clixml::Object>(std::move(object)));
}

Value Value::fromObject(std::shared_ptr<const clixml::Object> object)
{
    return object ? Value(Kind::Object, std::move(object)) : Value();
}

Value Value::ancestor(int levelsUp)
{
    return {Kind::Ancestor, qint64(levelsUp)};
}

Value Value::enumeration(QString typeName, QString text, qint32 number)
{
    clixml::Object object;
    object.typeNames = {std::move(typeName), QStringLiteral("System.Enum"),
        QStringLiteral("System.ValueType"), QStringLiteral("System.Object")};
    object.toString = std::move(text);
    object.value = fromInt32(number);
    return fromObject(std::move(object));
}

Value Value::arrayList(std::vector<Value> items)
{
    clixml::Object object;
    object.typeNames = {QStringLiteral("System.Collections.ArrayList"), QStringLiteral("System.Object")};
    object.container = Container::List;
    object.items = std::move(items);
    return fromObject(std::move(object));
}

Value Value::arrayList(const QStringList& items)
{
    std::vector<Value> values;
    values.reserve(size_t(items.size()));
    for (const QString& item : items)
        values.push_back(fromText(item));
    return arrayList(std::move(values));
}

Value Value::hashtable(std::vector<std::pair<Value, Value>> entries)
{
    clixml::Object object;
    object.typeNames = {QStringLiteral("System.Collections.Hashtable"), QStringLiteral("System.Object")};
    object.container = Container::Dictionary;
    object.entries = std::move(entries);
    return fromObject(std::move(object));
}

Value Value::addRemove(const QStringList& add, const QStringList& remove)
{
    std::vector<std::pair<Value, Value>> entries;
    if (!add.isEmpty())
        entries.emplace_back(fromText(QStringLiteral("Add")), arrayList(add));
    if (!remove.isEmpty())
        entries.emplace_back(fromText(QStringLiteral("Remove")), arrayList(remove));
    return hashtable(std::move(entries));
}

const Object* Value::object() const
{
    const auto* object = std::get_if<std::shared_ptr<const clixml::Object>>(&m_data);
    return object != nullptr ? object->get() : nullptr;
}

std::shared_ptr<const Object> Value::sharedObject() const
{
    const auto* object = std::get_if<std::shared_ptr<const clixml::Object>>(&m_data);
    return object != nullptr ? *object : nullptr;
}

int Value::levelsUp() const
{
    return m_kind == Kind::Ancestor ? int(std::get<qint64>(m_data)) : 0;
}

QString Value::text() const
{
    const auto* text = std::get_if<QString>(&m_data);
    return text != nullptr ? *text : QString();
}

QByteArray Value::bytes() const
{
    const auto* bytes = std::get_if<QByteArray>(&m_data);
    return bytes != nullptr ? *bytes : QByteArray();
}

QUuid Value::guid() const
{
    const auto* guid = std::get_if<QUuid>(&m_data);
    return guid != nullptr ? *guid : QUuid();
}

clixml::DateTime Value::dateTime() const
{
    const auto* dateTime = std::get_if<clixml::DateTime>(&m_data);
    return dateTime != nullptr ? *dateTime : clixml::DateTime();
}

clixml::TimeSpan Value::timeSpan() const
{
    return {m_kind == Kind::TimeSpan ? std::get<qint64>(m_data) : 0};
}

char16_t Value::character() const
{
    return m_kind == Kind::Char ? char16_t(std::get<qint64>(m_data)) : u'\0';
}

const ProgressRecord* Value::progress() const
{
    const auto* record = std::get_if<std::shared_ptr<const ProgressRecord>>(&m_data);
    return record != nullptr ? record->get() : nullptr;
}

const Value& Value::unwrapped() const
{
    const Value* value = this;
    while (const clixml::Object* inner = value->object()) {
        if (!inner->value)
            break;
        value = &*inner->value;
    }
    return *value;
}

std::optional<bool> Value::toBoolean() const
{
    const Value& value = unwrapped();
    if (value.m_kind == Kind::Boolean)
        return std::get<qint64>(value.m_data) != 0;
    return value.m_kind == Kind::String ? Lexical::boolean(value.text().toLower().toUtf8()) : std::nullopt;
}

std::optional<qint64> Value::toInt64() const
{
    const Value& value = unwrapped();
    if (value.m_kind == Kind::UInt64) {
        const quint64 number = std::get<quint64>(value.m_data);
        return number <= quint64(std::numeric_limits<qint64>::max()) ? std::optional(qint64(number))
                                                                     : std::nullopt;
    }
    if (value.m_kind >= Kind::Byte && value.m_kind <= Kind::Int64)
        return std::get<qint64>(value.m_data);
    return value.m_kind == Kind::String ? Lexical::integer(value.text().toUtf8()) : std::nullopt;
}

std::optional<quint64> Value::toUInt64() const
{
    const Value& value = unwrapped();
    if (value.m_kind == Kind::UInt64)
        return std::get<quint64>(value.m_data);
    if (value.m_kind == Kind::String)
        return Lexical::unsignedInteger(value.text().toUtf8());
    const auto number = value.toInt64();
    return number && *number >= 0 ? std::optional(quint64(*number)) : std::nullopt;
}

std::optional<double> Value::toDouble() const
{
    const Value& value = unwrapped();
    if (const auto* number = std::get_if<double>(&value.m_data))
        return *number;
    if (value.m_kind == Kind::UInt64)
        return double(std::get<quint64>(value.m_data));
    if (value.m_kind >= Kind::Byte && value.m_kind <= Kind::Int64)
        return double(std::get<qint64>(value.m_data));
    if (value.m_kind == Kind::String || value.m_kind == Kind::Decimal)
        return Lexical::real(value.text().toUtf8());
    return std::nullopt;
}

std::optional<QDateTime> Value::toDateTimeUtc() const
{
    const Value& value = unwrapped();
    if (value.m_kind == Kind::DateTime)
        return value.dateTime().toUtc();
    if (value.m_kind != Kind::String)
        return std::nullopt;
    const auto parsed = clixml::DateTime::fromText(value.text().toUtf8());
    return parsed ? std::optional(parsed->toUtc()) : std::nullopt;
}

QString Value::toText() const
{
    switch (m_kind) {
    case Kind::Nil:
    case Kind::Ancestor:
        return {};
    case Kind::Boolean:
        return std::get<qint64>(m_data) != 0 ? QStringLiteral("true") : QStringLiteral("false");
    case Kind::Char:
        return QString(QChar(character()));
    case Kind::DateTime:
        return QString::fromLatin1(dateTime().toText());
    case Kind::TimeSpan:
        return QString::fromLatin1(timeSpan().toText());
    case Kind::UInt64:
        return QString::number(std::get<quint64>(m_data));
    case Kind::Single:
        return QString::fromLatin1(Lexical::fromSingle(float(std::get<double>(m_data))));
    case Kind::Double:
        return QString::fromLatin1(Lexical::fromReal(std::get<double>(m_data)));
    case Kind::Bytes:
        return QString::fromLatin1(bytes().toBase64());
    case Kind::Guid:
        return guid().toString(QUuid::WithoutBraces);
    case Kind::Progress:
        return progress()->activity;
    case Kind::Object:
        if (object()->toString)
            return *object()->toString;
        return object()->value ? object()->value->toText() : QString();
    default:
        break;
    }
    const auto* number = std::get_if<qint64>(&m_data);
    return number != nullptr ? QString::number(*number) : text();
}

QStringList Value::stringList() const
{
    if (isNil())
        return {};
    const clixml::Object* list = object();
    if (list == nullptr || list->container == Container::None)
        return {toText()};
    QStringList texts;
    texts.reserve(qsizetype(list->items.size()));
    for (const Value& item : list->items)
        texts.append(item.toText());
    return texts;
}

bool Value::isEnum() const
{
    return hasType(u"System.Enum");
}

const Value& Value::property(QStringView name) const
{
    static const Value nil;
    const Value* found = isObject() ? object()->property(name) : nullptr;
    return found != nullptr ? *found : nil;
}

bool Value::hasProperty(QStringView name) const
{
    return isObject() && object()->property(name) != nullptr;
}
bool Value::hasType(QStringView typeName) const
{
    return isObject() && object()->hasType(typeName);
}

} // namespace postern::clixml

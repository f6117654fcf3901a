#include "tests/services/clixml/BagCheck.h"

#include "services/psrp/clixml/Base64.h"
#include "services/psrp/clixml/Lexical.h"
#include "services/psrp/clixml/Object.h"

using namespace Qt::StringLiterals;

namespace postern::clixml::testing {

namespace {

// The bag gives a primitive's text as on the wire, Value::toText() its canonical form.
bool sameText(const QString& wire, const Value& value)
{
    if (wire == value.toText())
        return true;
    const QByteArray text = wire.toUtf8();
    const Value* inner = &value;
    while (inner->isObject() && !inner->object()->toString && inner->object()->value)
        inner = &*inner->object()->value;
    switch (inner->kind()) {
    case Kind::Progress: // the bag skips these
        return wire.isEmpty();
    case Kind::DateTime:
        return DateTime::fromText(text) == inner->dateTime();
    case Kind::TimeSpan:
        return TimeSpan::fromText(text) == inner->timeSpan();
    case Kind::Double:
    case Kind::Single:
        return Lexical::real(text) == inner->toDouble();
    case Kind::Guid:
        return Lexical::guid(text) == inner->guid();
    case Kind::Bytes:
        return Base64::decode(text).value_or(QByteArray()) == inner->bytes();
    case Kind::Boolean:
        return Lexical::boolean(text) == inner->toBoolean();
    default:
        return inner->toInt64() && Lexical::integer(text) == inner->toInt64();
    }
}

QString withoutLoneSurrogates(QString text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate())
            ++i;
        else if (text[i].isSurrogate())
            text[i] = QChar::ReplacementCharacter;
    }
    return text;
}

QString compareNamed(const PropertyBag& bag, const PropertyName& name, const Value& value)
{
    const QString text = bag.text(name);
    if (!bag.has(name) || bag.isNil(name) != (value.isNil()))
        return u"presence"_s;
    if (value.kind() != Kind::Progress && !sameText(text, value))
        return u"text: %1 for %2"_s.arg(text, value.toText());
    if (bag.utf8(name).toByteArray() != withoutLoneSurrogates(text).toUtf8())
        return u"utf8: %1 for %2"_s.arg(QString::fromLatin1(bag.utf8(name).toByteArray().toHex()),
            QString::fromLatin1(withoutLoneSurrogates(text).toUtf8().toHex()));
    if (value.kind() == Kind::Progress || value.kind() == Kind::Ancestor)
        return {};
    const QStringList list = bag.stringList(name);
    const QStringList expected = value.stringList();
    if (list.size() != expected.size())
        return u"list of %1 for %2"_s.arg(list.size()).arg(expected.size());
    if (value.isObject() && value.object()->container != Container::None) {
        const auto& items = value.object()->items;
        for (qsizetype i = 0; i < list.size(); ++i) {
            if (items[size_t(i)].kind() != Kind::Progress && !sameText(list[i], items[size_t(i)]))
                return u"item %1"_s.arg(i);
        }
    }
    if (bag.boolean(name) != value.toBoolean())
        return u"boolean"_s;
    if (bag.integer(name) != value.toInt64())
        return u"integer"_s;
    if (bag.dateTimeUtc(name) != value.toDateTimeUtc())
        return u"date"_s;
    if (value.kind() == Kind::Guid && bag.guid(name) != value.guid())
        return u"guid"_s;
    return {};
}

} // namespace

QString differenceOf(const PropertyBag& bag, const Value& value)
{
    if (bag.isNil() != value.isNil() || bag.isObject() != value.isObject())
        return u"kind"_s;
    if (value.kind() != Kind::Progress && !sameText(bag.toText(), value))
        return u"the object's text"_s;
    const Object* object = value.object();
    if (object == nullptr)
        return bag.count() == 0 ? QString() : u"properties of a primitive"_s;
    const QString type = object->typeNames.value(0);
    if (bag.typeName() != (type.startsWith(u"Deserialized.", Qt::CaseInsensitive) ? type.mid(13) : type))
        return u"type name"_s;
    if (bag.count() != int(object->adapted.size() + object->extended.size()))
        return u"count"_s;
    // The wire may have MS in front of Props; Writer and Windows have it behind.
    for (int i = 0; i < bag.count(); ++i) {
        const PropertyName name(bag.nameAt(i));
        const Value* expected = object->property(bag.nameAt(i));
        if (expected == nullptr)
            return u"unknown name %1"_s.arg(bag.nameAt(i));
        if (const QString what = compareNamed(bag, name, *expected); !what.isEmpty())
            return u"%1: %2"_s.arg(bag.nameAt(i), what);
    }
    return bag.has(PropertyName(u"No Such Property")) ? u"a property that is not there"_s : QString();
}

} // namespace postern::clixml::testing

#include "services/psrp/clixml/Decoder.h"

#include "services/psrp/clixml/Base64.h"
#include "services/psrp/clixml/Lexical.h"

namespace postern::clixml {

namespace {

// What a Value costs inside a vector that grows.
constexpr qint64 kValueBytes = qint64(sizeof(Value)) * 2;
constexpr qint64 kPropertyBytes = qint64(sizeof(Property)) * 3 / 2;
constexpr qint64 kObjectBytes = qint64(sizeof(Object)) + 64;
constexpr qint64 kTextBytes = 32;
constexpr qint64 kBudgetStart = 1024 * 1024;

// Bits of `seen` beside those of single tags.
constexpr unsigned kSeenNames = 1, kSeenToString = 2, kSeenProps = 4, kSeenMs = 8, kSeenValue = 16;

unsigned seenBit(Tag tag)
{
    switch (tag) {
    case Tag::TN:
    case Tag::TNRef:
        return kSeenNames;
    case Tag::ToString:
        return kSeenToString;
    case Tag::Props:
        return kSeenProps;
    case Tag::MS:
        return kSeenMs;
    default:
        return kSeenValue;
    }
}

Container containerOf(Tag tag)
{
    switch (tag) {
    case Tag::LST:
        return Container::List;
    case Tag::IE:
        return Container::Enumerable;
    case Tag::QUE:
        return Container::Queue;
    case Tag::STK:
        return Container::Stack;
    default:
        return Container::Dictionary;
    }
}

} // namespace

Decoder::Decoder(QByteArrayView document, const Limits& limits)
    : m_limits(limits)
    , m_budget(kBudgetStart + document.size() * limits.memoryFactor)
{
    m_scanner.reset(document, limits);
}

Scanner::Token Decoder::next()
{
    const Token token = m_scanner.next();
    if (token == Token::Failed && !m_failed) {
        m_failed = true;
        m_error = m_scanner.error();
    }
    return token;
}

bool Decoder::fail(ErrorCode code, const QString& what)
{
    if (!m_failed)
        m_error = Scanner::errorAt(code, m_scanner.offset(), what);
    m_failed = true;
    return false;
}

bool Decoder::malformed(const QString& what)
{
    return fail(ErrorCode::Malformed, what);
}

bool Decoder::charge(qint64 bytes)
{
    m_budget -= bytes;
    return m_budget >= 0 || fail(ErrorCode::LimitExceeded, QStringLiteral("decoding takes too much memory"));
}

QString Decoder::chargedText(const RawText& raw)
{
    return charge(kTextBytes + 2 * raw.bytes.size()) ? decodeText(raw) : QString();
}

bool Decoder::once(unsigned& seen, Tag tag)
{
    const unsigned bit = seenBit(tag);
    const bool first = (seen & bit) == 0;
    seen |= bit;
    return first
        || malformed(QStringLiteral("a second %1 in an object")
                         .arg(QLatin1String(bit == kSeenValue ? "value" : tagName(tag).data())));
}

Expected<Value> Decoder::readValue()
{
    Value result;
    int height = 0;
    const Token token = next();
    if (token == Token::Start && m_scanner.tag() == Tag::Objs)
        malformed(QStringLiteral("a file (Objs) where one value is expected"));
    if (!m_failed && value(token, result, height) && next() == Token::Done)
        return result;
    return postern::fail(std::move(m_error));
}

Expected<std::vector<FileItem>> Decoder::readItems()
{
    std::vector<FileItem> result;
    const auto readItem = [&](Token token) {
        const QString stream = chargedText(m_scanner.stream());
        int height = 0;
        Value item;
        if (!charge(kPropertyBytes) || !value(token, item, height))
            return false;
        result.push_back({std::move(item), stream});
        return true;
    };
    Token token = next();
    if (token == Token::Start && m_scanner.tag() == Tag::Objs) {
        for (token = next(); token == Token::Start || token == Token::Leaf; token = next()) {
            if (!readItem(token))
                break;
        }
    } else if (!m_failed) {
        (void)readItem(token);
    }
    if (!m_failed && next() == Token::Done)
        return result;
    return postern::fail(std::move(m_error));
}

bool Decoder::value(Token token, Value& out, int& height)
{
    if (m_failed || !charge(kValueBytes))
        return false;
    if (token == Token::Leaf)
        return m_scanner.tag() == Tag::Ref ? reference(out, height) : primitive(out);
    return m_scanner.tag() == Tag::Obj ? object(out, height) : progress(out);
}

bool Decoder::primitive(Value& out)
{
    const Tag tag = m_scanner.tag();
    const RawText& raw = m_scanner.text();
    if (tag == Tag::Nil)
        return true;
    if (tag == Tag::S || tag == Tag::URI || tag == Tag::XD || tag == Tag::SBK || tag == Tag::SS) {
        out = Value::fromTextual(Kind(tag), chargedText(raw));
        return !m_failed;
    }
    QByteArrayView text = raw.bytes;
    if (!raw.isPlain())
        text = m_scratch = decodeXml(raw);
    std::optional<Value> result;
    if (tag == Tag::B) {
        if (const auto boolean = Lexical::boolean(text))
            result = Value::fromBoolean(*boolean);
    } else if (tag == Tag::DT) {
        if (const auto when = DateTime::fromText(text))
            result = Value::fromDateTime(*when);
    } else if (tag == Tag::TS) {
        if (const auto span = TimeSpan::fromText(text))
            result = Value::fromTimeSpan(*span);
    } else if (tag == Tag::G) {
        if (const auto guid = Lexical::guid(text))
            result = Value::fromGuid(*guid);
    } else if (tag == Tag::D || tag == Tag::Version) {
        if (tag == Tag::D ? Lexical::isDecimal(text) : Lexical::isVersion(text))
            result = Value::fromTextual(Kind(tag), QString::fromLatin1(Lexical::trimmed(text)));
    } else if (tag == Tag::BA) {
        if (auto bytes = Base64::decode(text))
            result = Value::fromBytes(std::move(*bytes));
    } else if (tag == Tag::Sg || tag == Tag::Db) {
        return floatingValue(text, out);
    } else {
        return integerValue(text, out);
    }
    if (!result)
        return malformed(QStringLiteral("not a value of %1").arg(QLatin1String(tagName(tag))));
    out = std::move(*result);
    return charge(kTextBytes + text.size());
}

bool Decoder::integerValue(QByteArrayView text, Value& out)
{
    const Tag tag = m_scanner.tag();
    if (tag == Tag::U64) {
        const auto number = Lexical::unsignedInteger(text);
        out = Value::fromUInt64(number.value_or(0));
        return number || malformed(QStringLiteral("not a value of U64"));
    }
    const auto number = Lexical::integer(tag, text);
    if (!number)
        return malformed(QStringLiteral("not a value of %1").arg(QLatin1String(tagName(tag))));
    out = tag == Tag::C ? Value::fromChar(char16_t(*number)) : Value::fromInteger(Kind(tag), *number);
    return true;
}

bool Decoder::floatingValue(QByteArrayView text, Value& out)
{
    if (m_scanner.tag() == Tag::Sg) {
        const auto number = Lexical::single(text);
        out = Value::fromSingle(number.value_or(0));
        return number || malformed(QStringLiteral("not a value of Sg"));
    }
    const auto number = Lexical::real(text);
    out = Value::fromDouble(number.value_or(0));
    return number || malformed(QStringLiteral("not a value of Db"));
}

// A Ref to an open object is a cycle and stays a number; others share the object. Following Refs must not get
// us deeper than resolvedDepth: walks over Values recurse.
bool Decoder::reference(Value& out, int& height)
{
    const int position = m_scanner.hasRefId() ? m_objectIds.find(m_scanner.refId()) : -1;
    if (position < 0)
        return malformed(QStringLiteral("a Ref to an object that does not precede it"));
    const KnownObject& target = m_objects[size_t(position)];
    if (!target.object) {
        out = Value::ancestor(m_level - target.level + 1);
        return true;
    }
    if (m_level + target.height > m_limits.resolvedDepth)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("references lead too deep"));
    out = Value::fromObject(target.object);
    height = qMax(height, target.height);
    return true;
}

bool Decoder::object(Value& out, int& height)
{
    const int position = int(m_objects.size());
    const bool known = m_scanner.hasRefId();
    if (!charge(kObjectBytes))
        return false;
    ++m_level;
    if (known) {
        if (!m_objectIds.insert(m_scanner.refId(), position))
            return malformed(QStringLiteral("a RefId is used twice"));
        if (m_objectIds.count() + m_typeNameIds.count() > m_limits.references)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("too many references"));
        m_objects.push_back({nullptr, 0, m_level});
    }
    const auto result = std::make_shared<Object>();
    int below = 0;
    unsigned seen = 0;
    for (Token token = next(); token != Token::End; token = next()) {
        if (m_failed || !objectChild(token, *result, below, seen))
            return false;
    }
    --m_level;
    height = qMax(height, below + 1);
    if (known) {
        m_objects[size_t(position)].object = result;
        m_objects[size_t(position)].height = below + 1;
    }
    out = Value::fromObject(std::shared_ptr<const Object>(result));
    return true;
}

bool Decoder::objectChild(Token token, Object& object, int& height, unsigned& seen)
{
    const Tag tag = m_scanner.tag();
    if (!once(seen, tag))
        return false;
    switch (tag) {
    case Tag::TN:
        return typeNames(object.typeNames);
    case Tag::TNRef:
        return typeNamesReference(object.typeNames);
    case Tag::ToString:
        object.toString = chargedText(m_scanner.text());
        return !m_failed;
    case Tag::Props:
        return properties(object.adapted, height);
    case Tag::MS:
        return properties(object.extended, height);
    default:
        return content(token, object, height);
    }
}

bool Decoder::content(Token token, Object& object, int& height)
{
    const Tag tag = m_scanner.tag();
    if (isList(tag)) {
        object.container = containerOf(tag);
        return items(object.items, height);
    }
    if (tag == Tag::DCT) {
        object.container = Container::Dictionary;
        return entries(object, height);
    }
    object.value.emplace();
    return value(token, *object.value, height);
}

bool Decoder::typeNames(QStringList& out)
{
    const bool known = m_scanner.hasRefId();
    if (known && !m_typeNameIds.insert(m_scanner.refId(), int(m_typeNames.size())))
        return malformed(QStringLiteral("a RefId of type names is used twice"));
    for (Token token = next(); token == Token::Leaf; token = next()) {
        if (!charge(qint64(sizeof(QString)) * 3 / 2))
            return false;
        out.append(chargedText(m_scanner.text()));
    }
    if (known && !m_failed)
        m_typeNames.push_back(out);
    return !m_failed;
}

bool Decoder::typeNamesReference(QStringList& out)
{
    const int position = m_scanner.hasRefId() ? m_typeNameIds.find(m_scanner.refId()) : -1;
    if (position < 0)
        return malformed(QStringLiteral("a TNRef to type names that do not precede it"));
    out = m_typeNames[size_t(position)];
    return true;
}

bool Decoder::properties(std::vector<Property>& out, int& height)
{
    for (Token token = next(); token == Token::Leaf || token == Token::Start; token = next()) {
        if (!m_scanner.hasName())
            return malformed(QStringLiteral("a property without name"));
        if (!charge(kPropertyBytes))
            return false;
        Property property;
        property.name = chargedText(m_scanner.name());
        const bool read = m_scanner.tag() == Tag::MS ? memberSet(property.value, height)
                                                     : value(token, property.value, height);
        if (!read)
            return false;
        out.push_back(std::move(property));
    }
    return !m_failed;
}

bool Decoder::memberSet(Value& out, int& height)
{
    Object set;
    set.container = Container::MemberSet;
    int below = 0;
    ++m_level;
    if (!charge(kObjectBytes) || !properties(set.extended, below))
        return false;
    --m_level;
    height = qMax(height, below + 1);
    out = Value::fromObject(std::move(set));
    return true;
}

bool Decoder::items(std::vector<Value>& out, int& height)
{
    for (Token token = next(); token == Token::Leaf || token == Token::Start; token = next()) {
        Value item;
        if (!value(token, item, height))
            return false;
        out.push_back(std::move(item));
    }
    return !m_failed;
}

bool Decoder::entries(Object& object, int& height)
{
    for (Token token = next(); token == Token::Start; token = next()) {
        std::pair<Value, Value> pair;
        if (!entry(pair, height))
            return false;
        object.entries.push_back(std::move(pair));
    }
    return !m_failed;
}

bool Decoder::entry(std::pair<Value, Value>& out, int& height)
{
    bool hasKey = false;
    bool hasValue = false;
    for (Token token = next(); token == Token::Leaf || token == Token::Start; token = next()) {
        const QString name = chargedText(m_scanner.name());
        const bool isKey = name.compare(QLatin1String("Key"), Qt::CaseInsensitive) == 0;
        bool& seen = isKey ? hasKey : hasValue;
        if (seen || (!isKey && name.compare(QLatin1String("Value"), Qt::CaseInsensitive) != 0))
            return malformed(QStringLiteral("a dictionary entry is not one Key and one Value"));
        seen = true;
        if (!value(token, isKey ? out.first : out.second, height))
            return false;
    }
    return !m_failed
        && ((hasKey && hasValue) || malformed(QStringLiteral("a dictionary entry without Key or Value")));
}

bool Decoder::progress(Value& out)
{
    if (!charge(qint64(sizeof(ProgressRecord)) + kTextBytes))
        return false;
    ProgressRecord record;
    unsigned seen = 0;
    for (Token token = next(); token == Token::Leaf; token = next()) {
        if (!progressField(record, seen))
            return false;
    }
    if (!m_failed)
        out = Value::fromProgress(std::move(record));
    return !m_failed;
}

bool Decoder::progressField(ProgressRecord& record, unsigned& seen)
{
    const Tag tag = m_scanner.tag();
    const unsigned bit = 1u << (tag == Tag::S || tag == Tag::Nil ? 0
                                 : tag == Tag::T                 ? 1
                                                                 : 2 + int(tag) - int(Tag::AV));
    if ((seen & bit) != 0)
        return malformed(QStringLiteral("a progress record says something twice"));
    seen |= bit;
    if (tag == Tag::AV || tag == Tag::T || tag == Tag::SD || tag == Tag::S || tag == Tag::Nil) {
        const QString text = chargedText(m_scanner.text());
        if (tag == Tag::S)
            record.currentOperation = text;
        else if (tag != Tag::Nil)
            (tag == Tag::AV         ? record.activity
                    : tag == Tag::T ? record.type
                                    : record.statusDescription)
                = text;
        return !m_failed;
    }
    m_scratch = decodeXml(m_scanner.text());
    const auto number = Lexical::integer(Tag::I32, m_scratch);
    if (!number)
        return malformed(QStringLiteral("not a value of %1").arg(QLatin1String(tagName(tag))));
    (tag == Tag::AI          ? record.activityId
            : tag == Tag::PI ? record.parentActivityId
            : tag == Tag::PC ? record.percentComplete
                             : record.secondsRemaining)
        = qint32(*number);
    return true;
}

} // namespace postern::clixml

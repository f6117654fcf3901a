#include "app/lab/psrp/ClixmlIn.h"

#include <QHash>
#include <QXmlStreamReader>

#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr int maximumDepth = 50;

QString decoded(const QString& text)
{
    if (!text.contains(u'_'))
        return text;
    QString out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == u'_' && i + 6 < text.size() && text[i + 1] == u'x' && text[i + 6] == u'_') {
            bool ok = false;
            const ushort unit = QStringView(text).mid(i + 2, 4).toUShort(&ok, 16);
            if (ok) {
                out += QChar(unit);
                i += 6;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

class Reader
{
public:
    explicit Reader(std::string_view utf8)
        : m_xml(QByteArray(utf8.data(), qsizetype(utf8.size())))
    {
    }

    Expected<Value> read()
    {
        if (!nextElement())
            return failure("no element");
        std::string name;
        Value value = element(0, name);
        if (!m_error.isEmpty())
            return failure(m_error);
        while (!m_xml.atEnd()) {
            m_xml.readNext();
            if (m_xml.isStartElement() || (m_xml.isCharacters() && !m_xml.isWhitespace()))
                return failure("text after the object");
        }
        if (m_xml.hasError())
            return failure(m_xml.errorString().toUtf8());
        return value;
    }

private:
    tl::unexpected<Error> failure(const QByteArray& what)
    {
        return fail(ErrorCode::Malformed,
            u"CLIXML: %1 at offset %2"_s.arg(QString::fromUtf8(what)).arg(m_xml.characterOffset()));
    }
    void refuse(const char* what)
    {
        if (m_error.isEmpty())
            m_error = what;
    }
    // Next start element inside the current one; false at its end.
    bool nextElement()
    {
        while (!m_xml.atEnd() && m_error.isEmpty()) {
            m_xml.readNext();
            if (m_xml.isStartElement())
                return true;
            if (m_xml.isEndElement() || m_xml.hasError())
                break;
            if (m_xml.isDTD() || m_xml.isEntityReference())
                refuse("a document type or entity");
        }
        if (m_xml.hasError())
            refuse("not well-formed");
        return false;
    }
    std::string text() { return decoded(m_xml.readElementText()).toStdString(); }

    Value element(int depth, std::string& name);
    Value primitive(QStringView tag);
    Value number(QStringView tag);
    Value object(int depth);
    void list(Object& object, int depth);
    void dictionary(Object& object, int depth);
    void properties(std::vector<Property>& into, int depth);
    void typeNames(Object& object);

    QXmlStreamReader m_xml;
    QByteArray m_error;
    QHash<QString, ObjectPtr> m_objects;
    QHash<QString, std::vector<std::string>> m_types;
};

Value Reader::element(int depth, std::string& name)
{
    name = decoded(m_xml.attributes().value("N"_L1).toString()).toStdString();
    const QString tag = m_xml.name().toString();
    if (depth > maximumDepth) {
        refuse("nested too deeply");
        return Nil{};
    }
    if (tag == "Obj"_L1)
        return object(depth);
    if (tag == "Ref"_L1) {
        const ObjectPtr known = m_objects.value(m_xml.attributes().value("RefId"_L1).toString());
        if (!known)
            refuse("a Ref to an object that is not there");
        m_xml.skipCurrentElement();
        return known ? Value(known) : Value(Nil{});
    }
    return primitive(tag);
}

Value Reader::primitive(QStringView tag)
{
    if (tag == u"Nil") {
        m_xml.skipCurrentElement();
        return Nil{};
    }
    if (tag == u"S" || tag == u"URI" || tag == u"XD" || tag == u"SBK" || tag == u"SS")
        return text();
    if (tag == u"B") {
        const std::string value = text();
        if (value != "true" && value != "false")
            refuse("a Boolean that is neither true nor false");
        return value == "true";
    }
    if (tag == u"G") {
        const auto guid = Guid::parse(text());
        if (!guid)
            refuse("not a GUID");
        return guid.value_or(Guid{});
    }
    if (tag == u"Version")
        return VersionText{text()};
    if (tag == u"BA") {
        auto bytes = fromBase64(text());
        if (!bytes)
            refuse("not base64");
        return Bytes{bytes.value_or(std::string{})};
    }
    if (tag == u"DT" || tag == u"TS")
        return text(); // cmdlets convert by the parameter's type
    return number(tag);
}

Value Reader::number(QStringView tag)
{
    static const QStringList integers{u"I32"_s, u"I16"_s, u"U16"_s, u"By"_s, u"SB"_s, u"C"_s};
    const QString digits = QString::fromStdString(text());
    bool ok = false;
    Value value;
    if (integers.contains(tag.toString()))
        value = std::int32_t(digits.toInt(&ok));
    else if (tag == u"U32")
        value = std::uint32_t(digits.toUInt(&ok));
    else if (tag == u"I64" || tag == u"U64")
        value = std::int64_t(digits.toLongLong(&ok));
    else if (tag == u"Sg" || tag == u"Db" || tag == u"D")
        value = digits.toDouble(&ok);
    else
        refuse("an unknown element");
    if (!ok)
        refuse("not a number");
    return value;
}

void Reader::typeNames(Object& object)
{
    const QString ref = m_xml.attributes().value("RefId"_L1).toString();
    if (m_xml.name() == "TNRef"_L1) {
        if (!m_types.contains(ref))
            refuse("a TNRef to type names that are not there");
        object.parsedTypes = m_types.value(ref);
        m_xml.skipCurrentElement();
        return;
    }
    while (nextElement()) {
        if (m_xml.name() != "T"_L1)
            refuse("something else than T among type names");
        object.parsedTypes.push_back(text());
    }
    m_types.insert(ref, object.parsedTypes);
}

void Reader::list(Object& object, int depth)
{
    object.container = Container::List;
    while (nextElement()) {
        std::string name;
        object.items.push_back(element(depth + 1, name));
    }
}

void Reader::dictionary(Object& object, int depth)
{
    object.container = Container::Dictionary;
    while (nextElement()) {
        if (m_xml.name() != "En"_L1)
            refuse("something else than En in a dictionary");
        std::pair<Value, Value> entry;
        while (nextElement()) {
            std::string name;
            Value value = element(depth + 1, name);
            if (name != "Key" && name != "Value")
                refuse("a dictionary entry without Key and Value");
            (name == "Key" ? entry.first : entry.second) = std::move(value);
        }
        object.entries.push_back(std::move(entry));
    }
}

void Reader::properties(std::vector<Property>& into, int depth)
{
    while (nextElement()) {
        Property property;
        property.value = element(depth + 1, property.name);
        if (property.name.empty())
            refuse("a property without a name");
        into.push_back(std::move(property));
    }
}

Value Reader::object(int depth)
{
    auto made = std::make_shared<Object>();
    const QString ref = m_xml.attributes().value("RefId"_L1).toString();
    if (!ref.isEmpty())
        m_objects.insert(ref, made);
    while (nextElement()) {
        const QString tag = m_xml.name().toString();
        if (tag == "TN"_L1 || tag == "TNRef"_L1)
            typeNames(*made);
        else if (tag == "ToString"_L1)
            made->text = text();
        else if (tag == "LST"_L1 || tag == "IE"_L1 || tag == "QUE"_L1 || tag == "STK"_L1)
            list(*made, depth);
        else if (tag == "DCT"_L1)
            dictionary(*made, depth);
        else if (tag == "Props"_L1)
            properties(made->properties, depth);
        else if (tag == "MS"_L1)
            properties(made->extended, depth);
        else {
            std::string name;
            made->primitive = element(depth + 1, name);
        }
    }
    return ObjectPtr(made);
}

} // namespace

Expected<Value> readClixml(std::string_view utf8)
{
    if (utf8.empty())
        return Value(Nil{});
    return Reader(utf8).read();
}

} // namespace postern::lab

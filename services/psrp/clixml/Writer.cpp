#include "services/psrp/clixml/Writer.h"

#include <QHash>

#include "services/psrp/clixml/Base64.h"
#include "services/psrp/clixml/Lexical.h"
#include "services/psrp/clixml/Object.h"
#include "services/psrp/clixml/Tag.h"
#include "services/psrp/clixml/TextCodec.h"

namespace postern::clixml {

namespace {

// One document being written.
class Encoder
{
public:
    explicit Encoder(int maxDepth)
        : m_maxDepth(maxDepth)
    {
    }

    void value(const Value& value, QStringView name, QStringView stream = {});
    [[nodiscard]] QByteArray& out() { return m_out; }

private:
    void open(Tag tag, QStringView name, QStringView stream = {});
    void close(Tag tag);
    void emptyElement(Tag tag, QStringView name, QStringView stream);
    void textElement(Tag tag, QStringView name, QStringView text, QStringView stream = {});
    void rawElement(Tag tag, QStringView name, QByteArrayView text, QStringView stream);
    void attribute(const char* attribute, QStringView text);
    void reference(Tag tag, int id, QStringView name, QStringView stream);
    void object(const Value& value, QStringView name, QStringView stream);
    void typeNames(const QStringList& names);
    void container(const Object& object);
    void properties(Tag tag, const std::vector<Property>& properties, QStringView name = {});
    void progress(const ProgressRecord& record, QStringView name, QStringView stream);
    void number(Tag tag, qint64 number) { rawElement(tag, {}, QByteArray::number(number), {}); }

    QByteArray m_out;
    int m_maxDepth;
    QHash<const Object*, int> m_objectIds;
    QHash<QStringList, int> m_typeNameIds;
    std::vector<int> m_open; // RefIds of the enclosing objects, -1 for a member set
    int m_nextObjectId = 0;
    int m_nextTypeNameId = 0;
};

Tag tagOf(Container container)
{
    switch (container) {
    case Container::Enumerable:
        return Tag::IE;
    case Container::Queue:
        return Tag::QUE;
    case Container::Stack:
        return Tag::STK;
    case Container::Dictionary:
        return Tag::DCT;
    default:
        return Tag::LST;
    }
}

void Encoder::attribute(const char* attribute, QStringView text)
{
    if (text.isNull())
        return;
    m_out.append(' ').append(attribute).append("=\"");
    appendEscaped(text, Place::Attribute, m_out);
    m_out.append('"');
}

void Encoder::open(Tag tag, QStringView name, QStringView stream)
{
    m_out.append('<').append(tagName(tag));
    attribute("S", stream);
    attribute("N", name);
}

void Encoder::close(Tag tag)
{
    m_out.append("</").append(tagName(tag)).append('>');
}

void Encoder::emptyElement(Tag tag, QStringView name, QStringView stream)
{
    open(tag, name, stream);
    m_out.append(" />");
}

void Encoder::rawElement(Tag tag, QStringView name, QByteArrayView text, QStringView stream)
{
    open(tag, name, stream);
    m_out.append('>').append(text);
    close(tag);
}

void Encoder::textElement(Tag tag, QStringView name, QStringView text, QStringView stream)
{
    open(tag, name, stream);
    m_out.append('>');
    appendEscaped(text, Place::Element, m_out);
    close(tag);
}

void Encoder::reference(Tag tag, int id, QStringView name, QStringView stream)
{
    open(tag, name, stream);
    m_out.append(" RefId=\"").append(QByteArray::number(id)).append("\" />");
}

void Encoder::value(const Value& value, QStringView name, QStringView stream)
{
    const Tag tag = Tag(value.kind()); // Kind and Tag share their order
    switch (value.kind()) {
    case Kind::Nil:
        return emptyElement(Tag::Nil, name, stream);
    case Kind::String:
    case Kind::Decimal:
    case Kind::Uri:
    case Kind::Version:
    case Kind::Xml:
    case Kind::ScriptBlock:
    case Kind::SecureString:
        return textElement(tag, name, value.text(), stream);
    case Kind::Char:
        return rawElement(tag, name, QByteArray::number(value.character()), stream);
    case Kind::Bytes:
        return rawElement(tag, name, Base64::encode(value.bytes()), stream);
    case Kind::Progress:
        return progress(*value.progress(), name, stream);
    case Kind::Object:
        return object(value, name, stream);
    case Kind::Ancestor: {
        const auto up = size_t(value.levelsUp());
        const int id = up >= 1 && up <= m_open.size() ? m_open[m_open.size() - up] : -1;
        return id < 0 ? emptyElement(Tag::Nil, name, stream) : reference(Tag::Ref, id, name, stream);
    }
    default:
        return rawElement(tag, name, value.toText().toLatin1(), stream); // numbers, dates, Guids, Booleans
    }
}

void Encoder::object(const Value& value, QStringView name, QStringView stream)
{
    const Object& object = *value.object();
    if (const auto known = m_objectIds.constFind(&object); known != m_objectIds.constEnd())
        return reference(Tag::Ref, *known, name, stream);
    if (int(m_open.size()) >= m_maxDepth)
        return textElement(Tag::S, name, value.toText(), stream);
    if (object.container == Container::MemberSet) // elsewhere than in an MS: an object with its properties
        return properties(Tag::MS, object.extended, name);
    const int id = m_nextObjectId++;
    m_objectIds.insert(&object, id);
    open(Tag::Obj, name, stream);
    m_out.append(" RefId=\"").append(QByteArray::number(id)).append("\">");
    m_open.push_back(id);
    if (!object.typeNames.isEmpty())
        typeNames(object.typeNames);
    if (object.toString)
        textElement(Tag::ToString, {}, *object.toString);
    if (object.value)
        this->value(*object.value, {});
    else if (object.container != Container::None)
        container(object);
    if (!object.adapted.empty())
        properties(Tag::Props, object.adapted);
    if (!object.extended.empty())
        properties(Tag::MS, object.extended);
    m_open.pop_back();
    close(Tag::Obj);
}

void Encoder::typeNames(const QStringList& names)
{
    if (const auto known = m_typeNameIds.constFind(names); known != m_typeNameIds.constEnd())
        return reference(Tag::TNRef, *known, {}, {});
    const int id = m_nextTypeNameId++;
    m_typeNameIds.insert(names, id);
    m_out.append("<TN RefId=\"").append(QByteArray::number(id)).append("\">");
    for (const QString& name : names)
        textElement(Tag::T, {}, name);
    close(Tag::TN);
}

void Encoder::container(const Object& object)
{
    const Tag tag = tagOf(object.container);
    if (object.items.empty() && object.entries.empty())
        return emptyElement(tag, {}, {});
    open(tag, {});
    m_out.append('>');
    for (const Value& item : object.items)
        value(item, {});
    for (const auto& [key, content] : object.entries) {
        m_out.append("<En>");
        value(key, u"Key");
        value(content, u"Value");
        close(Tag::En);
    }
    close(tag);
}

void Encoder::properties(Tag tag, const std::vector<Property>& properties, QStringView name)
{
    open(tag, name);
    m_out.append('>');
    if (!name.isNull())
        m_open.push_back(-1);
    for (const Property& property : properties)
        value(property.value, property.name.isNull() ? QStringView(u"") : QStringView(property.name));
    if (!name.isNull())
        m_open.pop_back();
    close(tag);
}

void Encoder::progress(const ProgressRecord& record, QStringView name, QStringView stream)
{
    open(Tag::PR, name, stream);
    m_out.append('>');
    textElement(Tag::AV, {}, record.activity);
    number(Tag::AI, record.activityId);
    if (record.currentOperation)
        textElement(Tag::S, {}, *record.currentOperation);
    else
        emptyElement(Tag::Nil, {}, {});
    number(Tag::PI, record.parentActivityId);
    number(Tag::PC, record.percentComplete);
    textElement(Tag::T, {}, record.type);
    number(Tag::SR, record.secondsRemaining);
    textElement(Tag::SD, {}, record.statusDescription);
    close(Tag::PR);
}

} // namespace

QByteArray Writer::write(const Value& value) const
{
    Encoder encoder(m_maxDepth);
    encoder.value(value, {});
    return std::move(encoder.out());
}

QByteArray Writer::writeFile(const std::vector<FileItem>& items) const
{
    Encoder encoder(m_maxDepth);
    encoder.out().append(
        "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">");
    for (const FileItem& item : items)
        encoder.value(item.value, {}, item.stream.isEmpty() ? QStringView() : QStringView(item.stream));
    encoder.out().append("</Objs>");
    return std::move(encoder.out());
}

} // namespace postern::clixml

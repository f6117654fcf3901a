#include "tests/services/clixml/ReferenceReader.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QStringDecoder>
#include <QXmlStreamReader>

#include "services/psrp/clixml/Lexical.h"
#include "services/psrp/clixml/Object.h"

using namespace Qt::StringLiterals;

namespace postern::clixml::testing {

namespace {

struct Node
{
    QString name;
    QHash<QString, QString> attributes;
    QString text;
    bool hasCdata = false;
    std::vector<Node> children;
};

struct Refused
{
};

[[nodiscard]] QString unescape(const QString& text)
{
    static const QRegularExpression escape(u"_[xX]([0-9A-Fa-f]{4})_"_s);
    QString result;
    qsizetype from = 0;
    auto matches = escape.globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        result += text.mid(from, match.capturedStart() - from);
        result += QChar(char16_t(match.captured(1).toUInt(nullptr, 16)));
        from = match.capturedEnd();
    }
    return result + text.mid(from);
}

// QXmlStreamReader allows "V~rsion"; CLIXML has ASCII names only.
void requireName(const QString& name)
{
    static const QRegularExpression form(u"^[A-Za-z_][A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_.-]*)?$"_s);
    if (!form.match(name).hasMatch())
        throw Refused();
}

Node readElement(QXmlStreamReader& xml)
{
    Node node;
    const QString name = xml.qualifiedName().toString();
    node.name = name.mid(name.indexOf(u':') + 1);
    requireName(name);
    for (const QXmlStreamAttribute& attribute : xml.attributes()) {
        requireName(attribute.qualifiedName().toString());
        node.attributes.insert(attribute.qualifiedName().toString(), attribute.value().toString());
    }
    if (const QString id = node.attributes.value(u"RefId"_s); node.attributes.contains(u"RefId"_s)) {
        static const QRegularExpression digits(u"^[0-9]+$"_s);
        if (!digits.match(id).hasMatch() || id.toDouble() > 2'147'483'647)
            throw Refused();
    }
    while (true) {
        switch (xml.readNext()) {
        case QXmlStreamReader::StartElement:
            node.children.push_back(readElement(xml));
            break;
        case QXmlStreamReader::Characters:
            node.text += xml.text();
            node.hasCdata = node.hasCdata || xml.isCDATA();
            break;
        case QXmlStreamReader::EndElement:
            return node;
        case QXmlStreamReader::Comment:
            break;
        default:
            throw Refused();
        }
    }
}

Node readDocument(const QByteArray& document)
{
    // QXmlStreamReader lets invalid UTF-8 pass as U+FFFD, and control characters inside names.
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = utf8(document);
    static const QRegularExpression forbidden(
        u"[\\x{0}-\\x{8}\\x{B}\\x{C}\\x{E}-\\x{1F}\\x{FFFE}\\x{FFFF}]"_s);
    if (utf8.hasError() || decoded.contains(forbidden))
        throw Refused();
    static const QStringList encodings{QString(), u"utf-8"_s, u"utf-16"_s, u"us-ascii"_s};
    static const QRegularExpression declared(
        u"^(?!<\\?xml)|^<\\?xml\\s+version\\s*=\\s*(?:'1.0'|\"1.0\")(?:\\s+encoding\\s*=\\s*(?:'[^']*'|\"[^"
        u"\"]*\"))?"
        "(?:\\s+standalone\\s*=\\s*(?:'(?:yes|no)'|\"(?:yes|no)\"))?\\s*\\?>"_s);
    QXmlStreamReader xml(document);
    xml.setNamespaceProcessing(false);
    Node root;
    while (!xml.atEnd()) {
        switch (xml.readNext()) {
        case QXmlStreamReader::StartElement:
            root = readElement(xml);
            break;
        case QXmlStreamReader::StartDocument:
            // Qt knows more encodings, and takes one twice.
            if (!encodings.contains(xml.documentEncoding().toString().toLower())
                || !declared.match(decoded).hasMatch())
                throw Refused();
            break;
        case QXmlStreamReader::EndDocument:
        case QXmlStreamReader::Comment:
            break;
        default:
            throw Refused();
        }
    }
    if (xml.hasError())
        throw Refused();
    return root;
}

class Interpreter
{
public:
    std::vector<FileItem> file(const Node& root)
    {
        std::vector<FileItem> items;
        if (root.name == u"Objs") {
            blankOnly(root);
            for (const Node& child : root.children)
                items.push_back({value(child), unescape(child.attributes.value(u"S"_s))});
        } else {
            items.push_back({value(root), unescape(root.attributes.value(u"S"_s))});
        }
        return items;
    }

private:
    struct Known
    {
        std::shared_ptr<const Object> object;
        int level;
    };

    static void require(bool condition)
    {
        if (!condition)
            throw Refused();
    }
    static void blankOnly(const Node& node)
    {
        for (const QChar c : node.text)
            require(c == u' ' || c == u'\t' || c == u'\n' || c == u'\r');
        require(!node.hasCdata);
    }
    static void emptyOnly(const Node& node)
    {
        blankOnly(node);
        require(node.children.empty());
    }
    static const QString& textOf(const Node& node)
    {
        require(node.children.empty());
        return node.text;
    }
    int refId(const Node& node)
    {
        require(node.attributes.contains(u"RefId"_s));
        return node.attributes.value(u"RefId"_s).toInt();
    }

    Value value(const Node& node)
    {
        if (node.name == u"Obj")
            return object(node);
        if (node.name == u"PR")
            return progress(node);
        if (node.name == u"Nil") {
            emptyOnly(node);
            return {};
        }
        if (node.name == u"Ref") {
            emptyOnly(node);
            const auto found = m_objects.constFind(refId(node));
            require(found != m_objects.constEnd());
            return found->object ? Value::fromObject(found->object)
                                 : Value::ancestor(m_level - found->level + 1);
        }
        return primitive(node);
    }

    template <class T> static T need(std::optional<T> read)
    {
        require(read.has_value());
        return *read;
    }

    static Value primitive(const Node& node)
    {
        static const QHash<QString, Kind> textual{{u"S"_s, Kind::String}, {u"URI"_s, Kind::Uri},
            {u"XD"_s, Kind::Xml}, {u"SBK"_s, Kind::ScriptBlock}, {u"SS"_s, Kind::SecureString}};
        static const QHash<QString, std::pair<Kind, Tag>> integers{{u"C"_s, {Kind::Char, Tag::C}},
            {u"By"_s, {Kind::Byte, Tag::By}}, {u"SB"_s, {Kind::SByte, Tag::SB}},
            {u"U16"_s, {Kind::UInt16, Tag::U16}}, {u"I16"_s, {Kind::Int16, Tag::I16}},
            {u"U32"_s, {Kind::UInt32, Tag::U32}}, {u"I32"_s, {Kind::Int32, Tag::I32}},
            {u"I64"_s, {Kind::Int64, Tag::I64}}};
        const QByteArray text = textOf(node).toUtf8();
        if (const auto kind = textual.constFind(node.name); kind != textual.constEnd())
            return Value::fromTextual(*kind, unescape(node.text));
        if (const auto kind = integers.constFind(node.name); kind != integers.constEnd()) {
            const qint64 number = need(Lexical::integer(kind->second, text));
            return kind->first == Kind::Char ? Value::fromChar(char16_t(number))
                                             : Value::fromInteger(kind->first, number);
        }
        if (node.name == u"U64")
            return Value::fromUInt64(need(Lexical::unsignedInteger(text)));
        if (node.name == u"B")
            return Value::fromBoolean(need(Lexical::boolean(text)));
        if (node.name == u"DT")
            return Value::fromDateTime(need(DateTime::fromText(text)));
        if (node.name == u"TS")
            return Value::fromTimeSpan(need(TimeSpan::fromText(text)));
        if (node.name == u"Sg")
            return Value::fromSingle(need(Lexical::single(text)));
        if (node.name == u"Db")
            return Value::fromDouble(need(Lexical::real(text)));
        if (node.name == u"G")
            return Value::fromGuid(need(Lexical::guid(text)));
        if (node.name == u"BA")
            return bytes(text);
        const bool decimal = node.name == u"D";
        require(decimal || node.name == u"Version");
        require(decimal ? Lexical::isDecimal(text) : Lexical::isVersion(text));
        return Value::fromTextual(
            decimal ? Kind::Decimal : Kind::Version, QString::fromUtf8(Lexical::trimmed(text)));
    }

    static Value bytes(QByteArray text)
    {
        for (const char blank : {' ', '\t', '\r', '\n'})
            text.replace(blank, QByteArray());
        require(text.size() % 4 == 0);
        const auto decoded = QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
        require(bool(decoded));
        return Value::fromBytes(*decoded);
    }

    Value object(const Node& node)
    {
        blankOnly(node);
        ++m_level;
        const bool known = node.attributes.contains(u"RefId"_s);
        if (known) {
            require(!m_objects.contains(refId(node)));
            m_objects.insert(refId(node), {nullptr, m_level});
        }
        Object result;
        QSet<QString> seen;
        for (const Node& child : node.children) {
            const QString role = roleOf(child.name);
            require(!seen.contains(role));
            seen.insert(role);
            addChild(child, role, result);
        }
        --m_level;
        auto shared = std::make_shared<const Object>(std::move(result));
        if (known)
            m_objects[refId(node)].object = shared;
        return Value::fromObject(shared);
    }

    static QString roleOf(const QString& name)
    {
        if (name == u"TN" || name == u"TNRef")
            return u"types"_s;
        return name == u"ToString" || name == u"Props" || name == u"MS" ? name : u"value"_s;
    }

    void addChild(const Node& child, const QString& role, Object& object)
    {
        static const QHash<QString, Container> lists{{u"LST"_s, Container::List},
            {u"IE"_s, Container::Enumerable}, {u"QUE"_s, Container::Queue}, {u"STK"_s, Container::Stack}};
        if (role == u"types") {
            object.typeNames = typeNames(child);
        } else if (role == u"ToString") {
            object.toString = unescape(textOf(child));
        } else if (role == u"Props" || role == u"MS") {
            (role == u"MS" ? object.extended : object.adapted) = properties(child);
        } else if (lists.contains(child.name)) {
            blankOnly(child);
            object.container = lists.value(child.name);
            for (const Node& item : child.children)
                object.items.push_back(value(item));
        } else if (child.name == u"DCT") {
            blankOnly(child);
            object.container = Container::Dictionary;
            for (const Node& item : child.children)
                object.entries.push_back(entry(item));
        } else {
            object.value = value(child);
        }
    }

    QStringList typeNames(const Node& node)
    {
        if (node.name == u"TNRef") {
            emptyOnly(node);
            require(m_typeNames.contains(refId(node)));
            return m_typeNames.value(refId(node));
        }
        blankOnly(node);
        QStringList names;
        for (const Node& child : node.children) {
            require(child.name == u"T");
            names.append(unescape(textOf(child)));
        }
        if (node.attributes.contains(u"RefId"_s)) {
            require(!m_typeNames.contains(refId(node)));
            m_typeNames.insert(refId(node), names);
        }
        return names;
    }

    std::vector<Property> properties(const Node& node)
    {
        blankOnly(node);
        std::vector<Property> result;
        for (const Node& child : node.children) {
            require(child.attributes.contains(u"N"_s));
            const QString name = unescape(child.attributes.value(u"N"_s));
            if (child.name == u"MS" && node.name == u"MS") {
                Object set;
                set.container = Container::MemberSet;
                ++m_level;
                set.extended = properties(child);
                --m_level;
                result.push_back({name, Value::fromObject(std::move(set))});
            } else {
                result.push_back({name, value(child)});
            }
        }
        return result;
    }

    std::pair<Value, Value> entry(const Node& node)
    {
        blankOnly(node);
        require(node.name == u"En" && node.children.size() == 2);
        std::pair<Value, Value> result;
        QSet<QString> seen;
        for (const Node& child : node.children) {
            const QString name = unescape(child.attributes.value(u"N"_s)).toLower();
            require((name == u"key" || name == u"value") && !seen.contains(name));
            seen.insert(name);
            (name == u"key" ? result.first : result.second) = value(child);
        }
        return result;
    }

    static Value progress(const Node& node)
    {
        blankOnly(node);
        ProgressRecord record;
        QSet<QString> seen;
        for (const Node& child : node.children) {
            const QString role = child.name == u"S" ? u"Nil"_s : child.name;
            require(!seen.contains(role));
            seen.insert(role);
            const QString text = unescape(textOf(child));
            const auto number = [&] { return qint32(need(Lexical::integer(Tag::I32, child.text.toUtf8()))); };
            if (child.name == u"AV")
                record.activity = text;
            else if (child.name == u"AI")
                record.activityId = number();
            else if (child.name == u"S")
                record.currentOperation = text;
            else if (child.name == u"Nil")
                emptyOnly(child);
            else if (child.name == u"PI")
                record.parentActivityId = number();
            else if (child.name == u"PC")
                record.percentComplete = number();
            else if (child.name == u"T")
                record.type = text;
            else if (child.name == u"SR")
                record.secondsRemaining = number();
            else if (child.name == u"SD")
                record.statusDescription = text;
            else
                throw Refused();
        }
        return Value::fromProgress(std::move(record));
    }

    QHash<int, Known> m_objects;
    QHash<int, QStringList> m_typeNames;
    int m_level = 0;
};

} // namespace

std::optional<std::vector<FileItem>> readByReference(const QByteArray& document)
{
    try {
        return Interpreter().file(readDocument(document));
    } catch (const Refused&) {
        return std::nullopt;
    }
}

} // namespace postern::clixml::testing

#include "app/lab/psrp/ClixmlOut.h"

#include <array>
#include <cstdio>

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

void appendUnit(std::string& out, unsigned unit)
{
    std::array<char, 10> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "_x%04X_", unit & 0xffffU);
    out += buffer.data();
}

// Decodes one UTF-8 sequence at `at`; malformed bytes become U+FFFD.
unsigned codePoint(std::string_view s, size_t& at)
{
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned first = byte(at);
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    if (at + length > s.size() || (first >= 0x80 && first < 0xc0)) {
        ++at;
        return 0xfffd;
    }
    unsigned value = length == 1 ? first : first & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; ++i)
        value = (value << 6) | (byte(at + i) & 0x3f);
    at += length;
    return value;
}

std::string duration(std::int64_t ms)
{
    std::array<char, 64> buffer{};
    const char* sign = ms < 0 ? "-" : "";
    ms = ms < 0 ? -ms : ms;
    std::snprintf(buffer.data(), buffer.size(), "%sP%lldDT%lldH%lldM%lldS", sign,
        static_cast<long long>(ms / 86400000), static_cast<long long>(ms / 3600000 % 24),
        static_cast<long long>(ms / 60000 % 60), static_cast<long long>(ms / 1000 % 60));
    return buffer.data();
}

// The head of a .NET BinaryFormatter stream and opaque bytes: what a client must skip without looking.
std::string blobFor(const Object& object)
{
    std::string blob("\0\1\0\0\0\xff\xff\xff\xff\1\0\0\0\0\0\0\0", 17);
    blob += "Microsoft.Exchange.Data.Serialization;";
    const std::string seed = object.text.value_or("object");
    while (blob.size() < 480)
        blob += seed + '\0';
    blob.resize(480);
    return blob;
}

} // namespace

void ClixmlOut::appendEscaped(std::string& out, std::string_view text)
{
    for (size_t at = 0; at < text.size();) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c >= 0x80) {
            const size_t from = at;
            const unsigned point = codePoint(text, at);
            if (point >= 0x10000) {
                appendUnit(out, 0xd800 + ((point - 0x10000) >> 10));
                appendUnit(out, 0xdc00 + ((point - 0x10000) & 0x3ff));
            } else if (point <= 0x9f || (point >= 0xd800 && point < 0xe000)) {
                appendUnit(out, point);
            } else {
                out += text.substr(from, at - from);
            }
            continue;
        }
        const bool underscore
            = c == '_' && at + 1 < text.size() && (text[at + 1] == 'x' || text[at + 1] == 'X');
        if (c < 0x20 || c == 0x7f || underscore)
            appendUnit(out, c);
        else
            appendXmlEscaped(out, text.substr(at, 1));
        ++at;
    }
}

void ClixmlOut::open(const char* tag, std::string_view name)
{
    m_out += '<';
    m_out += tag;
    if (!name.empty()) {
        m_out += " N=\"";
        appendEscaped(m_out, name);
        m_out += '"';
    }
}

void ClixmlOut::element(const char* tag, std::string_view name, std::string_view text)
{
    open(tag, name);
    m_out += '>';
    m_out += text;
    m_out += "</";
    m_out += tag;
    m_out += '>';
}

void ClixmlOut::escapedElement(const char* tag, std::string_view name, std::string_view text)
{
    open(tag, name);
    m_out += '>';
    appendEscaped(m_out, text);
    m_out += "</";
    m_out += tag;
    m_out += '>';
}

void ClixmlOut::write(const Value& value, std::string_view name)
{
    if (const auto* s = std::get_if<std::string>(&value))
        return escapedElement("S", name, *s);
    if (const auto* o = std::get_if<ObjectPtr>(&value); o && *o)
        return object(**o, name);
    if (const auto* b = std::get_if<bool>(&value))
        return element("B", name, *b ? "true" : "false");
    if (std::holds_alternative<std::int32_t>(value))
        return element("I32", name, toText(value));
    if (std::holds_alternative<std::int64_t>(value))
        return element("I64", name, toText(value));
    if (std::holds_alternative<std::uint32_t>(value))
        return element("U32", name, toText(value));
    if (std::holds_alternative<std::uint8_t>(value))
        return element("By", name, toText(value));
    if (std::holds_alternative<double>(value))
        return element("Db", name, toText(value));
    if (std::holds_alternative<DateTime>(value))
        return element("DT", name, toText(value));
    if (const auto* t = std::get_if<TimeSpan>(&value))
        return element("TS", name, duration(t->ms));
    if (std::holds_alternative<Guid>(value))
        return element("G", name, toText(value));
    if (const auto* v = std::get_if<VersionText>(&value))
        return element("Version", name, v->text);
    if (const auto* bytes = std::get_if<Bytes>(&value))
        return element("BA", name, base64(bytes->data));
    if (const auto* same = std::get_if<SameAs>(&value)) {
        for (const Sibling& sibling : m_siblings) {
            if (sibling.name != same->property)
                continue;
            if (collapses(*sibling.object))
                return object(*sibling.object, name);
            open("Ref", name);
            m_out += " RefId=\"" + std::to_string(sibling.ref) + "\" />";
            return;
        }
    }
    open("Nil", name);
    m_out += " />";
}

void ClixmlOut::typeNames(const TypeChain& types)
{
    for (const auto& [known, id] : m_types) {
        if (known == &types) {
            m_out += "<TNRef RefId=\"" + std::to_string(id) + "\" />";
            return;
        }
    }
    m_types.emplace_back(&types, m_nextTypes);
    m_out += "<TN RefId=\"" + std::to_string(m_nextTypes++) + "\">";
    for (const std::string& type : types.names)
        escapedElement("T", {}, type);
    m_out += "</TN>";
}

void ClixmlOut::container(const Object& object)
{
    if (object.container == Container::List) {
        if (object.items.empty()) {
            m_out += "<LST />";
            return;
        }
        m_out += "<LST>";
        for (const Value& item : object.items)
            write(item);
        m_out += "</LST>";
    } else if (object.container == Container::Dictionary) {
        if (object.entries.empty()) {
            m_out += "<DCT />";
            return;
        }
        m_out += "<DCT>";
        for (const auto& [key, value] : object.entries) {
            m_out += "<En>";
            write(key, "Key");
            write(value, "Value");
            m_out += "</En>";
        }
        m_out += "</DCT>";
    }
}

void ClixmlOut::properties(const char* tag, const Object& object, const std::vector<Property>& list)
{
    const bool blob
        = m_serialization == Serialization::Full && object.serializationData && std::string_view(tag) == "MS";
    if (list.empty() && !blob)
        return;
    m_out += '<';
    m_out += tag;
    m_out += '>';
    std::vector<Sibling> outer;
    outer.swap(m_siblings);
    for (const Property& property : list) {
        const auto* child = std::get_if<ObjectPtr>(&property.value);
        if (child && *child)
            m_siblings.push_back({property.name, m_nextRef, child->get()});
        write(property.value, property.name);
    }
    m_siblings.swap(outer);
    if (blob)
        write(Bytes{blobFor(object)}, "SerializationData");
    m_out += "</";
    m_out += tag;
    m_out += '>';
}

bool ClixmlOut::collapses(const Object& object) const
{
    return m_serialization == Serialization::None && m_depth > 0 && object.container == Container::None
        && object.text;
}

void ClixmlOut::object(const Object& object, std::string_view name)
{
    if (m_serialization == Serialization::None && m_depth > 0 && object.serializationData)
        return escapedElement("S", name, object.text.value_or(std::string{}));
    ++m_depth;
    open("Obj", name);
    m_out += " RefId=\"" + std::to_string(m_nextRef++) + "\">";
    if (object.types)
        typeNames(*object.types);
    if (object.text && object.text->empty())
        m_out += "<ToString />";
    else if (object.text)
        escapedElement("ToString", {}, *object.text);
    if (!isNil(object.primitive))
        write(object.primitive);
    container(object);
    properties("Props", object, object.properties);
    properties("MS", object, object.extended);
    m_out += "</Obj>";
    --m_depth;
}

std::string clixml(const Value& value, Serialization serialization)
{
    std::string out;
    ClixmlOut(out, serialization).write(value);
    return out;
}

} // namespace postern::lab

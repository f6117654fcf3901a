#include "tests/services/clixml/MangledXml.h"

#include <QXmlStreamReader>
#include <array>

namespace postern::clixml::testing {

namespace {

// Damage that means something to an XML reader is found sooner than by flipping bits.
const std::array<QByteArray, 48> kTokens{"<", ">", "&", "\"", "'", "/", "]]>", "<!--", "-->", "<![CDATA[",
    "<?xml version=\"1.0\"?>", "<?pi x?>", "<!DOCTYPE Obj [<!ENTITY a \"b\">]>", "&a;", "&lt;", "&#0;",
    "&#xD800;", "&#x41;", "&#95;x0041_", "_x0041_", "_x", "<Obj RefId=\"0\">", "</Obj>", "<S>", "</S>",
    "<Nil/>", "<Nil />", "<Ref RefId=\"0\"/>", " N=\"x\"", " N='y'", " RefId=\"1\"", "<Foo/>", "<p:S>",
    "</p:S>", "<MS>", "</MS>", "<LST/>", "<T>", "</T>", "\r\n", "\t", " ", "\xC3\xA4", "\xFF", "\xED\xA0\x80",
    QByteArray("\0", 1), "\x01", "\xEF\xBF\xBE"};

class Redresser
{
public:
    Redresser(const QByteArray& document, RandomValues& random)
        : m_xml(document)
        , m_random(random)
        , m_prefix(random.chance(20) ? "ps:" : "")
    {
    }

    QByteArray run()
    {
        if (m_random.chance(30))
            m_out = m_random.chance(50) ? "\xEF\xBB\xBF" : "<?xml version='1.0' encoding=\"utf-8\" ?>\n";
        while (!m_xml.atEnd())
            token(m_xml.readNext());
        return m_out;
    }

private:
    void token(QXmlStreamReader::TokenType type)
    {
        if (type == QXmlStreamReader::StartElement) {
            closeStart();
            between();
            start();
        } else if (type == QXmlStreamReader::EndElement) {
            const bool empty = m_open && m_random.chance(50);
            if (empty) {
                m_out += m_random.chance(50) ? "/>" : " />";
                m_open = false;
            } else {
                closeStart();
                if (!m_wasText && m_hadChild)
                    between();
                m_out += "</" + m_prefix + m_xml.name().toUtf8() + (m_random.chance(10) ? " \n>" : ">");
            }
            m_wasText = false;
            m_hadChild = true;
        } else if (type == QXmlStreamReader::Characters) {
            closeStart();
            text(m_xml.text().toUtf8());
            m_wasText = true;
        }
    }
    void start()
    {
        m_out += "<" + m_prefix + m_xml.name().toUtf8();
        for (const auto& attribute : m_xml.attributes()) {
            const QByteArray quote = m_random.chance(30) ? "'" : "\"";
            QByteArray value = attribute.value().toUtf8();
            value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&#34;").replace('\'', "&apos;");
            m_out += (m_random.chance(10) ? "\n " : " ") + attribute.name().toUtf8()
                + (m_random.chance(10) ? " = " : "=") + quote + value + quote;
        }
        m_open = true;
        m_wasText = false;
        m_hadChild = false;
    }
    void closeStart()
    {
        if (m_open)
            m_out += m_random.chance(10) ? " >" : ">";
        m_open = false;
    }
    void between()
    {
        if (m_random.chance(40))
            m_out += "\r\n  ";
        if (m_random.chance(5))
            m_out += "<!-- a < comment - here -->";
    }
    void text(const QByteArray& text)
    {
        if (m_random.chance(10) && !text.contains("]]>") && !text.contains('\r')) {
            m_out += "<![CDATA[" + text + "]]>";
            return;
        }
        // "]" stays as it is: QXmlStreamReader takes "&#93;]>" for the "]]>" that is forbidden.
        for (const char c : text) {
            if (c == '<' || c == '&' || c == '>' || c == '\r' || (c > 0x20 && c != ']' && m_random.chance(5)))
                m_out += m_random.chance(50) ? "&#" + QByteArray::number(int(c)) + ";"
                                             : "&#x" + QByteArray::number(int(c), 16) + ";";
            else
                m_out += c;
            if (m_random.chance(1) && (c & 0x80) == 0)
                m_out += "<!--in text-->";
        }
    }

    QXmlStreamReader m_xml;
    RandomValues& m_random;
    QByteArray m_prefix;
    QByteArray m_out;
    bool m_open = false;
    bool m_wasText = false;
    bool m_hadChild = false;
};

} // namespace

QByteArray redressed(const QByteArray& document, RandomValues& random)
{
    return Redresser(document, random).run();
}

QByteArray damaged(QByteArray document, RandomValues& random)
{
    for (int i = random.chance(70) ? 0 : random.below(4); i >= 0 && !document.isEmpty(); --i) {
        const int at = random.below(int(document.size()));
        switch (random.below(6)) {
        case 0:
            document.truncate(at);
            break;
        case 1:
            document.remove(at, 1 + random.below(8));
            break;
        case 2:
            document[at] = char(random.below(256));
            break;
        case 3:
            document.insert(at, document.mid(random.below(int(document.size())), random.below(40)));
            break;
        default: {
            // Between two tags rather than anywhere, half of the time.
            const auto tag = random.chance(50) ? document.indexOf('<', at) : -1;
            document.insert(tag < 0 ? at : tag, kTokens[size_t(random.below(int(kTokens.size())))]);
        }
        }
    }
    return document;
}

} // namespace postern::clixml::testing

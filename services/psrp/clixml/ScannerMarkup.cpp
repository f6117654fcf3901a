// The parts of Scanner that Windows' own documents seldom need: general start tags, comments, CDATA,
// references.
#include <algorithm>
#include <cstring>

#include "services/psrp/clixml/ByteScan.h"
#include "services/psrp/clixml/Scanner.h"

namespace postern::clixml {

using ByteScan::isBlank;

// From here over blanks and comments, to what else there is.
bool Scanner::skipMisc()
{
    while (true) {
        while (m_at != m_end && isBlank(*m_at))
            ++m_at;
        if (m_end - m_at < 2 || *m_at != '<' || (m_at[1] != '!' && m_at[1] != '?'))
            return true;
        if (m_at[1] == '?') {
            malformed(m_at, "a processing instruction is not allowed");
            return false;
        }
        if (!skipComment())
            return false;
    }
}

// At "<!": anything but a comment is refused here; CDATA is accepted inside text elements only.
bool Scanner::skipComment()
{
    if (m_end - m_at < 4 || std::memcmp(m_at, "<!--", 4) != 0) {
        malformed(m_at, "a document type, an entity or CDATA is not allowed here");
        return false;
    }
    const QByteArrayView rest(m_at, m_end);
    const qsizetype close = rest.indexOf(QByteArrayView("--"), 4);
    if (close < 0 || close + 2 >= rest.size() || rest[close + 2] != '>') {
        malformed(m_at, "a comment is not closed, or has -- inside");
        return false;
    }
    m_at += close + 3;
    return true;
}

// From "<?xml" to behind "?>": version, then perhaps encoding, then perhaps standalone.
bool Scanner::skipDeclaration()
{
    m_at += 5;
    int step = 0;
    while (true) {
        const char* blanksFrom = m_at;
        while (m_at != m_end && isBlank(*m_at))
            ++m_at;
        if (m_end - m_at >= 2 && m_at[0] == '?' && m_at[1] == '>')
            break;
        const QByteArrayView rest(m_at, m_end);
        const qsizetype equals = rest.indexOf('=');
        if (m_at == blanksFrom || equals < 0 || equals > 16)
            return false;
        const QByteArrayView name = rest.first(equals).trimmed();
        m_at += equals + 1;
        while (m_at != m_end && isBlank(*m_at))
            ++m_at;
        RawText value;
        if (m_at == m_end || (*m_at != '"' && *m_at != '\'') || !readAttributeValue(*m_at, value)
            || value.flags != RawText::Attribute || !isDeclared(name, value.bytes, step))
            return false;
    }
    m_at += 2;
    return step > 0;
}

// `step`: how far the order has come. UTF-16 is named in documents that the Reader has converted.
bool Scanner::isDeclared(QByteArrayView name, QByteArrayView value, int& step)
{
    const int place = name == "version" ? 1 : name == "encoding" ? 2 : name == "standalone" ? 3 : 0;
    if (place <= step || (step == 0 && place != 1))
        return false;
    step = place;
    const auto isOneOf = [value](std::initializer_list<QByteArrayView> allowed) {
        return std::any_of(allowed.begin(), allowed.end(),
            [value](QByteArrayView text) { return value.compare(text, Qt::CaseInsensitive) == 0; });
    };
    if (place == 1)
        return value == "1.0";
    return place == 2 ? isOneOf({"utf-8", "utf-16", "us-ascii"}) : value == "yes" || value == "no";
}

// The general start tag, in all its XML forms.
bool Scanner::readTag(bool& empty)
{
    const char* from = m_at;
    while (
        m_at != m_end && !isBlank(*m_at) && *m_at != '>' && *m_at != '/' && m_at - from <= m_limits.nameBytes)
        ++m_at;
    m_elementName = QByteArrayView(from, m_at);
    m_nameWord = 0;
    m_tag = tagFromName(m_elementName);
    const qsizetype colon = m_elementName.indexOf(':');
    if (m_tag == Tag::Unknown && colon > 0 && isNameOfAscii(m_elementName.first(colon)))
        m_tag = tagFromName(m_elementName.sliced(colon + 1));
    if (m_tag == Tag::Unknown) {
        malformed(m_tokenAt, "an element that CLIXML does not know");
        return false;
    }
    return readAttributes(empty);
}

// A name of letters, digits, '-', '_' and '.', with at most one prefix.
bool Scanner::isNameOfAscii(QByteArrayView name)
{
    const auto isLetter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
    const auto isPart = [&isLetter](QByteArrayView part) {
        return !part.isEmpty() && isLetter(part.front())
            && std::all_of(part.begin(), part.end(),
                [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
    };
    const qsizetype colon = name.indexOf(':');
    return colon < 0 ? isPart(name) : isPart(name.first(colon)) && isPart(name.sliced(colon + 1));
}

// From behind the element's name to behind the '>'.
bool Scanner::readAttributes(bool& empty)
{
    for (int index = 0;; ++index) {
        const char* blanksFrom = m_at;
        while (m_at != m_end && isBlank(*m_at))
            ++m_at;
        if (m_at == m_end) {
            malformed(m_at, "the document ends inside a tag");
            return false;
        }
        if (*m_at == '>') {
            ++m_at;
            return true;
        }
        if (*m_at == '/') {
            empty = true;
            if (m_end - m_at < 2 || m_at[1] != '>') {
                malformed(m_at, "a / without > in a tag");
                return false;
            }
            m_at += 2;
            return true;
        }
        if (m_at == blanksFrom) {
            malformed(m_at, "attributes are not separated");
            return false;
        }
        if (index >= qMin(kMaxAttributes, m_limits.attributes)) {
            fail(ErrorCode::LimitExceeded, m_at, "too many attributes");
            return false;
        }
        if (!readAttribute(index))
            return false;
    }
}

bool Scanner::readAttribute(int index)
{
    const char* from = m_at;
    while (
        m_at != m_end && *m_at != '=' && *m_at != '>' && !isBlank(*m_at) && m_at - from <= m_limits.nameBytes)
        ++m_at;
    const QByteArrayView name(from, m_at);
    while (m_at != m_end && isBlank(*m_at))
        ++m_at;
    if (m_at == m_end || *m_at != '=' || !isNameOfAscii(name)) {
        malformed(from, "not an attribute");
        return false;
    }
    for (int i = 0; i < index; ++i) {
        if (m_attributes[size_t(i)] == name) {
            malformed(from, "an attribute occurs twice");
            return false;
        }
    }
    m_attributes[size_t(index)] = name;
    ++m_at;
    while (m_at != m_end && isBlank(*m_at))
        ++m_at;
    if (m_at == m_end || (*m_at != '"' && *m_at != '\'')) {
        malformed(m_at, "an attribute without quotes");
        return false;
    }
    RawText value;
    return readAttributeValue(*m_at, value) && keepAttribute(name, value);
}

// At the opening quote.
bool Scanner::readAttributeValue(char quote, RawText& value)
{
    const char* from = ++m_at;
    value.flags = RawText::Attribute;
    m_at = ByteScan::toQuote(m_at, m_end, quote, value.flags);
    value.bytes = QByteArrayView(from, m_at);
    if (m_at == m_end || *m_at != quote) {
        malformed(m_at, m_at == m_end ? "the document ends inside an attribute" : "a < in an attribute");
        return false;
    }
    if (value.bytes.size() > m_limits.nameBytes) {
        fail(ErrorCode::LimitExceeded, from, "an attribute is too long");
        return false;
    }
    ++m_at;
    return checkText(value);
}

bool Scanner::keepAttribute(QByteArrayView name, const RawText& value)
{
    if (name == "N") {
        m_name = value;
    } else if (name == "RefId") {
        return readRefId(value);
    } else if (name == "S") {
        m_stream = value;
    }
    return true;
}

bool Scanner::readRefId(const RawText& value)
{
    QByteArray decoded;
    QByteArrayView digits = value.bytes;
    if (!value.isPlain()) {
        decoded = decodeXml(value);
        digits = decoded;
    }
    quint64 id = 0;
    for (const char c : digits) {
        id = id * 10 + quint64(c - '0');
        if (c < '0' || c > '9' || id > 0x7FFFFFFF) {
            malformed(value.bytes.data(), "a RefId that is not a number up to 2147483647");
            return false;
        }
    }
    if (digits.isEmpty()) {
        malformed(value.bytes.data(), "an empty RefId");
        return false;
    }
    m_hasRefId = true;
    m_refId = quint32(id);
    return true;
}

// Every reference in a text must be one of the five entities or name a character.
bool Scanner::checkText(const RawText& text)
{
    if ((text.flags & RawText::References) == 0)
        return true;
    const char* at = text.bytes.begin();
    const char* end = text.bytes.end();
    while (at != end && (at = static_cast<const char*>(std::memchr(at, '&', size_t(end - at)))) != nullptr) {
        const Reference reference = decodeReference(QByteArrayView(at, end));
        if (reference.length == 0) {
            malformed(at, "a reference that is neither a predefined entity nor a character");
            return false;
        }
        at += reference.length;
    }
    return true;
}

// Blank but for comments.
bool Scanner::isIgnorable(const RawText& text)
{
    if (text.bytes.contains(QByteArrayView("<![CDATA[")) || (text.flags & RawText::References) != 0)
        return false;
    const QByteArray decoded = decodeXml(text);
    return std::all_of(decoded.begin(), decoded.end(), isBlank);
}

// At a '<' that is not the plain end tag, at "]]>", or at the end: comments, CDATA, an end tag with blanks,
// or an error.
bool Scanner::finishText(const char* from)
{
    const char* runFrom = from;
    while (true) {
        if (!checkText({QByteArrayView(runFrom, m_at), m_text.flags}))
            return false;
        m_text.bytes = QByteArrayView(from, m_at);
        if (m_end - m_at < 2 || *m_at == ']') {
            malformed(m_at, m_end - m_at < 2 ? "the document ends inside an element" : "]]> in text");
            return false;
        }
        if (m_at[1] == '/')
            return closeTag(m_at + 2, m_elementName);
        if (m_at[1] != '!') {
            malformed(m_at,
                m_at[1] == '?' ? "a processing instruction is not allowed" : "an element inside a text");
            return false;
        }
        m_text.flags |= RawText::Markup;
        if (!skipInsideText())
            return false;
        runFrom = m_at;
        m_at = ByteScan::toMarkup(m_at, m_end, m_text.flags);
    }
}

bool Scanner::skipInsideText()
{
    const QByteArrayView rest(m_at, m_end);
    if (!rest.startsWith("<![CDATA["))
        return skipComment();
    const qsizetype close = rest.indexOf(QByteArrayView("]]>"), 9);
    if (close < 0) {
        malformed(m_at, "a CDATA section is not closed");
        return false;
    }
    m_at += close + 3;
    return true;
}

// From behind "</": the name, blanks, '>'.
bool Scanner::closeTag(const char* from, QByteArrayView name)
{
    const bool same = m_end - from > name.size() && std::memcmp(from, name.data(), size_t(name.size())) == 0;
    const char* at = from + (same ? name.size() : 0);
    while (same && at != m_end && isBlank(*at))
        ++at;
    if (!same || at == m_end || *at != '>') {
        malformed(from - 2, "an end tag that does not match");
        return false;
    }
    m_at = at + 1;
    return true;
}

} // namespace postern::clixml

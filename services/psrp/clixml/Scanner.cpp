#include "services/psrp/clixml/Scanner.h"

#include <cstring>

#include "services/psrp/clixml/ByteScan.h"
#include "services/psrp/clixml/XmlCharacters.h"

namespace postern::clixml {

using ByteScan::isBlank;

void Scanner::reset(QByteArrayView document, const Limits& limits)
{
    m_begin = document.data();
    m_at = m_begin;
    m_end = m_begin + document.size();
    m_tokenAt = m_begin;
    m_limits = limits;
    m_elements = 0;
    m_depth = 0;
    m_objectDepth = 0;
    m_elementDepth
        = qMin(kMaxDepth, limits.objectDepth * 3 + 8); // Obj, DCT, En is a level of the longest kind
    m_rootSeen = false;
    m_pendingEnd = false;
    m_failed = false;
    if (document.size() > limits.documentBytes) {
        fail(ErrorCode::LimitExceeded, m_begin + limits.documentBytes, "the document is too large");
        return;
    }
    if (document.startsWith("\xEF\xBB\xBF"))
        m_at += 3;
    const qsizetype bad = firstForbiddenCharacter(document);
    if (bad >= 0)
        malformed(m_begin + bad, "not UTF-8, or a character that XML forbids");
    else if (m_end - m_at >= 5 && std::memcmp(m_at, "<?xml", 5) == 0 && !skipDeclaration())
        malformed(m_at, "the XML declaration is not one of XML 1.0 in UTF-8");
}

Scanner::Token Scanner::fail(ErrorCode code, const char* at, const char* what)
{
    if (!m_failed) {
        m_failed = true;
        m_errorCode = code;
        m_errorOffset = at - m_begin;
        m_errorText = what;
    }
    return Token::Failed;
}

Error Scanner::error() const
{
    return errorAt(m_errorCode, m_errorOffset, QLatin1String(m_errorText));
}

Error Scanner::errorAt(ErrorCode code, qsizetype offset, const QString& what)
{
    return Error{
        code, QStringLiteral("offset %1: %2").arg(offset).arg(what), QStringLiteral("CLIXML"), std::nullopt};
}

Scanner::Token Scanner::next()
{
    if (m_failed)
        return Token::Failed;
    if (m_pendingEnd) {
        m_pendingEnd = false;
        m_tag = m_open[size_t(m_depth - 1)].tag;
        leaveElement();
        return Token::End;
    }
    if (!skipMisc())
        return Token::Failed;
    m_tokenAt = m_at;
    if (m_at == m_end)
        return endOfDocument();
    if (*m_at != '<')
        return malformed(m_at, "text where only elements may stand");
    ++m_at;
    if (m_at == m_end)
        return malformed(m_at, "the document ends inside a tag");
    return *m_at == '/' ? endElement() : start();
}

Scanner::Token Scanner::endOfDocument()
{
    if (m_depth != 0)
        return malformed(m_at, "the document ends inside an element");
    if (!m_rootSeen)
        return malformed(m_at, "there is no element");
    return Token::Done;
}

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

bool Scanner::skipDeclaration()
{
    m_at += 5;
    QByteArrayView version, encoding;
    while (true) {
        const char* blanksFrom = m_at;
        while (m_at != m_end && isBlank(*m_at))
            ++m_at;
        if (m_end - m_at >= 2 && m_at[0] == '?' && m_at[1] == '>')
            break;
        const QByteArrayView rest(m_at, m_end);
        const qsizetype equals = rest.indexOf('=');
        if (m_at == blanksFrom || equals < 0 || equals > 16 || equals + 1 >= rest.size())
            return false;
        const QByteArrayView name = rest.first(equals).trimmed();
        m_at += equals + 1;
        while (m_at != m_end && isBlank(*m_at))
            ++m_at;
        RawText value;
        if (m_at == m_end || (*m_at != '"' && *m_at != '\'') || !readAttributeValue(*m_at, value)
            || value.flags != RawText::Attribute)
            return false;
        if (name == "version" && version.isEmpty() && encoding.isEmpty())
            version = value.bytes;
        else if (name == "encoding" && encoding.isEmpty() && !version.isEmpty())
            encoding = value.bytes;
        else if (name != "standalone" || version.isEmpty() || (value.bytes != "yes" && value.bytes != "no"))
            return false;
    }
    m_at += 2;
    const auto isEncoding
        = [encoding](QByteArrayView name) { return encoding.compare(name, Qt::CaseInsensitive) == 0; };
    return version == "1.0"
        && (encoding.isEmpty() || isEncoding("utf-8") || isEncoding("utf-16") || isEncoding("us-ascii"));
}

Scanner::Token Scanner::start()
{
    if (m_depth == 0 && m_rootSeen)
        return malformed(m_tokenAt, "a second element at the top");
    m_rootSeen = true;
    if (++m_elements > m_limits.elements)
        return fail(ErrorCode::LimitExceeded, m_tokenAt, "too many elements");
    if (!readTagName())
        return Token::Failed;
    m_name = {};
    m_stream = {};
    m_hasRefId = false;
    bool empty = false;
    if (!readAttributes(empty))
        return Token::Failed;
    if (contentOf(m_tag) == Content::Elements)
        return open(empty);
    return leaf(empty);
}

bool Scanner::readTagName()
{
    const char* from = m_at;
    quint64 word = 0;
    int length = 0;
    for (; m_at != m_end && !isBlank(*m_at) && *m_at != '>' && *m_at != '/'; ++m_at, ++length) {
        if (length < 8)
            word |= quint64(static_cast<unsigned char>(*m_at)) << (8 * length);
        else if (length > m_limits.nameBytes)
            break;
    }
    m_elementName = QByteArrayView(from, m_at);
    m_tag = length <= 8 ? tagFromWord(word) : Tag::Unknown;
    if (m_tag == Tag::Unknown) {
        const qsizetype colon = m_elementName.indexOf(':');
        if (colon > 0 && isNameOfAscii(m_elementName.first(colon)))
            m_tag = tagFromName(m_elementName.sliced(colon + 1));
    }
    if (m_tag == Tag::Unknown) {
        malformed(m_tokenAt, "an element that CLIXML does not know");
        return false;
    }
    if (!mayContain(parent(), m_tag)) {
        malformed(m_tokenAt, "an element where it may not stand");
        return false;
    }
    return true;
}

bool Scanner::isNameOfAscii(QByteArrayView name)
{
    const auto isLetter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
    if (name.isEmpty() || !isLetter(name.front()))
        return false;
    return std::all_of(name.begin(), name.end(),
        [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'; });
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

Scanner::Token Scanner::open(bool empty)
{
    const bool level = m_tag == Tag::Obj || (m_tag == Tag::MS && parent() == Tag::MS);
    if (m_depth >= m_elementDepth || (level && ++m_objectDepth > m_limits.objectDepth))
        return fail(ErrorCode::LimitExceeded, m_tokenAt, "nested too deep");
    m_open[size_t(m_depth)] = {m_elementName.data(), quint32(m_elementName.size()), m_tag, level};
    ++m_depth;
    m_pendingEnd = empty;
    return Token::Start;
}

void Scanner::leaveElement()
{
    --m_depth;
    m_objectDepth -= m_open[size_t(m_depth)].isLevel ? 1 : 0;
}

Scanner::Token Scanner::leaf(bool empty)
{
    m_text = {};
    if (empty)
        return Token::Leaf;
    const char* from = m_at;
    m_at = ByteScan::toMarkup(m_at, m_end, m_text.flags);
    const qsizetype length = m_elementName.size();
    m_text.bytes = QByteArrayView(from, m_at);
    const bool closed = m_end - m_at >= length + 3 && m_at[1] == '/' && m_at[2 + length] == '>'
        && std::memcmp(m_at + 2, m_elementName.data(), size_t(length)) == 0;
    if (closed)
        m_at += length + 3;
    else if (!finishText(from))
        return Token::Failed;
    if (!m_text.isPlain() && (m_text.flags & RawText::Markup) == 0 && !checkText(m_text))
        return Token::Failed;
    if (contentOf(m_tag) == Content::Empty && !m_text.bytes.isEmpty() && !isIgnorable(m_text))
        return malformed(from, "content in an element that must be empty");
    return Token::Leaf;
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

Scanner::Token Scanner::endElement()
{
    if (m_depth == 0)
        return malformed(m_tokenAt, "an end tag without element");
    const OpenElement& top = m_open[size_t(m_depth - 1)];
    if (!closeTag(m_at + 1, QByteArrayView(top.name, top.nameLength)))
        return Token::Failed;
    m_tag = top.tag;
    leaveElement();
    return Token::End;
}

} // namespace postern::clixml

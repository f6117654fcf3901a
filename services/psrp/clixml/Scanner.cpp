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
    const bool isTag = m_end - m_at >= 2 && *m_at == '<' && m_at[1] != '!' && m_at[1] != '?';
    if (!isTag && !skipMisc())
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

Scanner::Token Scanner::start()
{
    if (m_depth == 0 && m_rootSeen)
        return malformed(m_tokenAt, "a second element at the top");
    m_rootSeen = true;
    if (++m_elements > m_limits.elements)
        return fail(ErrorCode::LimitExceeded, m_tokenAt, "too many elements");
    bool empty = false;
    m_name = {};
    m_stream = {};
    m_hasRefId = false;
    if (!readPlainTag(empty)) {
        m_name = {};
        m_hasRefId = false;
        if (!readTag(empty))
            return Token::Failed;
    }
    if (!mayContain(parent(), m_tag))
        return malformed(m_tokenAt, "an element where it may not stand");
    return contentOf(m_tag) == Content::Elements ? open(empty) : leaf(empty);
}

// The form that nearly every start tag has, as Windows writes it: a known name, N="…", RefId="…", each or
// not. False: it is another, or has a fault; then readTag() decides from the start.
bool Scanner::readPlainTag(bool& empty)
{
#if defined(__SSE2__)
    if (m_end - m_at < 16 || m_limits.attributes < 2)
        return false;
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(m_at));
    // Blanks and '/' are below '0'; so are other characters that end no name, which the checks below find.
    const int stop = _mm_movemask_epi8(
        _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8('0')), _mm_cmpeq_epi8(v, _mm_set1_epi8('>'))));
    const int length = stop == 0 ? 16 : __builtin_ctz(unsigned(stop));
    if (length == 0 || length > 8)
        return false;
    m_nameWord = ByteScan::loadWord(m_at) & (~quint64(0) >> (64 - 8 * length));
    m_tag = tagFromWord(m_nameWord);
    m_elementName = QByteArrayView(m_at, length);
    const char* at = m_at + length;
    if (m_tag == Tag::Unknown || !readPlainAttributes(at))
        return false;
    if (at != m_end && *at == '>') {
        m_at = at + 1;
        return true;
    }
    empty = m_end - at >= 3 && at[0] == ' ' && at[1] == '/' && at[2] == '>';
    m_at = empty ? at + 3 : m_at;
    return empty;
#else
    Q_UNUSED(empty)
    return false;
#endif
}

bool Scanner::readPlainAttributes(const char*& at)
{
    if (m_end - at < 8)
        return true;
    const quint64 first = ByteScan::loadWord(at);
    if ((first & 0xFFFFFFFF) == 0x223D4E20) { // blank, N="
        const char* from = at + 4;
        m_name.flags = RawText::Attribute;
        at = ByteScan::toQuote(from, m_end, '"', m_name.flags);
        m_name.bytes = QByteArrayView(from, at);
        if (m_end - at < 8 || *at != '"' || at - from > m_limits.nameBytes
            || (m_name.flags & RawText::References) != 0)
            return false;
        ++at;
    }
    if (m_end - at < 8 || ByteScan::loadWord(at) != 0x223D644966655220) // blank, RefId="
        return true;
    at += 8;
    const char* from = at;
    m_refId = 0;
    for (; at != m_end && *at >= '0' && *at <= '9' && at - from < 9; ++at)
        m_refId = m_refId * 10 + quint32(*at - '0');
    m_hasRefId = at != from && at != m_end && *at == '"';
    ++at;
    return m_hasRefId;
}

Scanner::Token Scanner::open(bool empty)
{
    const bool level = m_tag == Tag::Obj || (m_tag == Tag::MS && parent() == Tag::MS);
    if (m_depth >= m_elementDepth || (level && ++m_objectDepth > m_limits.objectDepth))
        return fail(ErrorCode::LimitExceeded, m_tokenAt, "nested too deep");
    m_open[size_t(m_depth)] = {m_elementName.data(), m_nameWord, quint32(m_elementName.size()), m_tag, level};
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
    m_text.bytes = QByteArrayView(from, m_at);
    if (closes(m_at, m_elementName, m_nameWord))
        m_at += m_elementName.size() + 3;
    else if (!finishText(from))
        return Token::Failed;
    if (!m_text.isPlain() && (m_text.flags & RawText::Markup) == 0 && !checkText(m_text))
        return Token::Failed;
    if (contentOf(m_tag) == Content::Empty && !m_text.bytes.isEmpty() && !isIgnorable(m_text))
        return malformed(from, "content in an element that must be empty");
    return Token::Leaf;
}

// At '<': whether "</name>" stands there without any blanks. False is not yet a fault.
bool Scanner::closes(const char* at, QByteArrayView name, quint64 word) const
{
    const qsizetype length = name.size();
    if (m_end - at < length + 3 || at[1] != '/' || at[2 + length] != '>')
        return false;
    if (word != 0 && m_end - at >= 10)
        return (ByteScan::loadWord(at + 2) & (~quint64(0) >> (64 - 8 * length))) == word;
    return std::memcmp(at + 2, name.data(), size_t(length)) == 0;
}

Scanner::Token Scanner::endElement()
{
    if (m_depth == 0)
        return malformed(m_tokenAt, "an end tag without element");
    const OpenElement& top = m_open[size_t(m_depth - 1)];
    const QByteArrayView name(top.name, top.nameLength);
    if (closes(m_tokenAt, name, top.word))
        m_at = m_tokenAt + name.size() + 3;
    else if (!closeTag(m_at + 1, name))
        return Token::Failed;
    m_tag = top.tag;
    leaveElement();
    return Token::End;
}

} // namespace postern::clixml

// The fast reader of Receive answers: one pass with memchr over a document of the plain shape that Windows
// writes. Whatever it does not know well (DTD, comment, CDATA, processing instruction, entity, odd names,
// UTF-16, a fault) makes it give up, and the strict reader decides. What it accepts the strict reader accepts
// with the same result, but for the characters inside a Stream, which the base64 decoder checks
// (tst_wsman_answer compares the two).
#include <array>
#include <cstring>

#include "services/wsman/Answer.h"

namespace postern::wsman {

namespace {

constexpr QByteArrayView kSoap12 = "http://www.w3.org/2003/05/soap-envelope";
constexpr QByteArrayView kStates = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/";
constexpr int kMaxDepth = 12;
constexpr int kMaxAttributes = 16;
constexpr int kMaxPrefixes = 32;

bool isNameStart(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool isNameByte(char c)
{
    return isNameStart(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool isBlank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

struct QualifiedName
{
    QByteArrayView prefix, local;
    [[nodiscard]] QByteArrayView whole() const
    {
        return prefix.isEmpty() ? local
                                : QByteArrayView(prefix.data(), local.data() + local.size() - prefix.data());
    }
};

struct Attribute
{
    QualifiedName name;
    QByteArrayView value;
};

class ReceiveScanner
{
public:
    explicit ReceiveScanner(const QByteArray& body)
        : m_at(body.constData())
        , m_end(m_at + body.size())
    {
        m_answer.storage = body;
    }

    std::optional<Answer> scan();

private:
    bool startTag();
    bool endTag();
    bool text(QByteArrayView text);
    bool name(QualifiedName& out);
    bool attribute();
    bool declare(const Attribute& attribute);
    [[nodiscard]] bool declared(QByteArrayView prefix) const;
    [[nodiscard]] bool namesResolve() const;
    bool opened();
    bool receiveElement(QByteArrayView local);
    void closed();
    bool skipBlanks();
    [[nodiscard]] QByteArrayView valueOf(QByteArrayView local) const;
    [[nodiscard]] QByteArrayView local(int up) const
    {
        return m_depth > up ? m_path[size_t(m_depth - 1 - up)].local : QByteArrayView();
    }

    const char* m_at;
    const char* m_end;
    std::array<QualifiedName, kMaxDepth> m_path;
    int m_depth = 0;
    std::array<Attribute, kMaxAttributes> m_attributes;
    int m_attributeCount = 0;
    std::array<std::pair<QByteArrayView, int>, kMaxPrefixes>
        m_prefixes; // with the depth they were declared at
    int m_prefixCount = 0;
    QByteArrayView m_content; // text since the innermost tag
    bool m_seenRoot = false;
    bool m_seenResponse = false;
    Answer m_answer;
};

std::optional<Answer> ReceiveScanner::scan()
{
    if (m_end - m_at >= 3 && std::memcmp(m_at, "\xEF\xBB\xBF", 3) == 0)
        m_at += 3;
    while (m_at < m_end) {
        const char* open = static_cast<const char*>(std::memchr(m_at, '<', size_t(m_end - m_at)));
        if (!text(QByteArrayView(m_at, open ? open : m_end)))
            return std::nullopt;
        if (!open) {
            m_at = m_end;
            break;
        }
        m_at = open + 1;
        if (m_at == m_end)
            return std::nullopt;
        if (!(*m_at == '/' ? endTag() : startTag()))
            return std::nullopt;
    }
    if (m_depth != 0 || !m_seenResponse)
        return std::nullopt;
    return std::move(m_answer);
}

// Text outside of a Stream must be plain ASCII; between elements only blanks.
bool ReceiveScanner::text(QByteArrayView text)
{
    m_content = text;
    if (local(0) == "Stream")
        return std::memchr(text.data(), '&', size_t(text.size())) == nullptr;
    bool words = false;
    bool returns = false; // XML makes \r\n and \r one \n; between elements nobody sees that
    for (const char c : text) {
        if (isBlank(c)) {
            returns |= c == '\r';
            continue;
        }
        if (m_depth == 0 || c < ' ' || c > '~' || c == '&' || c == '>')
            return false;
        words = true;
    }
    return !(words && returns);
}

bool ReceiveScanner::name(QualifiedName& out)
{
    const auto part = [this](QByteArrayView& view) {
        const char* from = m_at;
        if (m_at == m_end || !isNameStart(*m_at))
            return false;
        while (m_at < m_end && isNameByte(*m_at))
            ++m_at;
        view = QByteArrayView(from, m_at);
        return true;
    };
    out = {};
    if (!part(out.local))
        return false;
    if (m_at < m_end && *m_at == ':') {
        ++m_at;
        out.prefix = out.local;
        return part(out.local);
    }
    return true;
}

bool ReceiveScanner::skipBlanks()
{
    const char* from = m_at;
    while (m_at < m_end && isBlank(*m_at))
        ++m_at;
    return m_at != from;
}

bool ReceiveScanner::attribute()
{
    if (m_attributeCount == kMaxAttributes)
        return false;
    Attribute& attribute = m_attributes[size_t(m_attributeCount)];
    if (!name(attribute.name) || m_end - m_at < 2 || m_at[0] != '=' || (m_at[1] != '"' && m_at[1] != '\''))
        return false;
    const char quote = m_at[1];
    m_at += 2;
    const char* close = static_cast<const char*>(std::memchr(m_at, quote, size_t(m_end - m_at)));
    if (!close)
        return false;
    for (const char* c = m_at; c < close; ++c) {
        if (*c < ' ' || *c > '~' || *c == '<' || *c == '&')
            return false;
    }
    attribute.value = QByteArrayView(m_at, close);
    m_at = close + 1;
    for (int i = 0; i < m_attributeCount; ++i) {
        if (m_attributes[size_t(i)].name.local == attribute.name.local)
            return false; // doubled, or the same name in two namespaces: not ours to decide
    }
    ++m_attributeCount;
    return declare(attribute);
}

bool ReceiveScanner::declare(const Attribute& attribute)
{
    const bool prefixed = attribute.name.prefix == "xmlns";
    if (!prefixed && !(attribute.name.prefix.isEmpty() && attribute.name.local == "xmlns"))
        return true;
    if (m_prefixCount == kMaxPrefixes || attribute.value.isEmpty())
        return false;
    const QByteArrayView prefix = prefixed ? attribute.name.local : QByteArrayView();
    if (prefix.startsWith("xml"))
        return false;
    m_prefixes[size_t(m_prefixCount++)] = {prefix, m_depth};
    return true;
}

bool ReceiveScanner::declared(QByteArrayView prefix) const
{
    if (prefix.isEmpty() || prefix == "xml" || prefix == "xmlns")
        return true;
    for (int i = 0; i < m_prefixCount; ++i) {
        if (m_prefixes[size_t(i)].first == prefix)
            return true;
    }
    return false;
}

bool ReceiveScanner::namesResolve() const
{
    if (!declared(local(0).isEmpty() ? QByteArrayView() : m_path[size_t(m_depth - 1)].prefix))
        return false;
    for (int i = 0; i < m_attributeCount; ++i) {
        if (!declared(m_attributes[size_t(i)].name.prefix))
            return false;
    }
    return true;
}

bool ReceiveScanner::startTag()
{
    if (m_depth == kMaxDepth || (m_depth == 0 && m_seenRoot))
        return false;
    m_seenRoot = true;
    m_attributeCount = 0;
    if (!name(m_path[size_t(m_depth)]))
        return false; // also <! and <?
    ++m_depth;
    while (skipBlanks() && m_at < m_end && isNameStart(*m_at)) {
        if (!attribute())
            return false;
    }
    if (m_at == m_end)
        return false;
    const bool empty = *m_at == '/';
    m_at += empty ? 1 : 0;
    if (m_at == m_end || *m_at != '>')
        return false;
    ++m_at;
    if (!namesResolve() || !opened())
        return false;
    m_content = {};
    if (empty)
        closed();
    return true;
}

bool ReceiveScanner::endTag()
{
    ++m_at;
    QualifiedName end;
    if (!name(end) || m_depth == 0 || end.whole() != m_path[size_t(m_depth - 1)].whole())
        return false;
    skipBlanks();
    if (m_at == m_end || *m_at != '>')
        return false;
    ++m_at;
    closed();
    return true;
}

bool ReceiveScanner::opened()
{
    const QByteArrayView element = local(0);
    if (m_depth == 1) {
        const QByteArrayView prefix = m_path[0].prefix;
        for (int i = 0; i < m_attributeCount; ++i) {
            const Attribute& attribute = m_attributes[size_t(i)];
            const bool names = prefix.isEmpty()
                ? attribute.name.prefix.isEmpty() && attribute.name.local == "xmlns"
                : attribute.name.prefix == "xmlns" && attribute.name.local == prefix;
            if (names)
                return element == "Envelope" && attribute.value == kSoap12;
        }
        return false;
    }
    if (local(1) == "Stream" || element == "Fault")
        return false;
    if (local(1) == "Body") {
        m_seenResponse = element == "ReceiveResponse";
        return m_seenResponse;
    }
    return local(1) != "ReceiveResponse" || receiveElement(element);
}

bool ReceiveScanner::receiveElement(QByteArrayView element)
{
    if (element == "Stream") {
        StreamText stream;
        stream.name = valueOf("Name").toByteArray();
        stream.commandId = valueOf("CommandId").toByteArray();
        stream.end = valueOf("End").compare("true", Qt::CaseInsensitive) == 0;
        m_answer.streams.push_back(std::move(stream));
        return true;
    }
    if (element != "CommandState")
        return false;
    const QByteArrayView state = valueOf("State");
    const QByteArrayView word = state.startsWith(kStates) ? state.sliced(kStates.size()) : QByteArrayView();
    m_answer.commandState = word == "Done" ? CommandState::Done
        : word == "Running"                ? CommandState::Running
        : word == "Pending"                ? CommandState::Pending
                                           : CommandState::Unknown;
    return true;
}

QByteArrayView ReceiveScanner::valueOf(QByteArrayView wanted) const
{
    for (int i = 0; i < m_attributeCount; ++i) {
        const Attribute& attribute = m_attributes[size_t(i)];
        if (attribute.name.prefix.isEmpty() && attribute.name.local == wanted)
            return attribute.value;
    }
    return {};
}

void ReceiveScanner::closed()
{
    const QByteArrayView element = local(0);
    const QByteArrayView parent = local(1);
    if (element == "Stream" && parent == "ReceiveResponse") {
        m_answer.streams.back().base64 = m_content;
    } else if (element == "RelatesTo" && parent == "Header") {
        m_answer.relatesTo = m_content.trimmed().toByteArray();
    } else if (element == "Action" && parent == "Header") {
        m_answer.action = QString::fromLatin1(m_content.trimmed());
    } else if (element == "ExitCode" && parent == "CommandState") {
        bool isNumber = false;
        const qint64 code = m_content.trimmed().toByteArray().toLongLong(&isNumber);
        if (isNumber)
            m_answer.exitCode = quint32(code);
    }
    m_content = {};
    --m_depth;
    while (m_prefixCount > 0 && m_prefixes[size_t(m_prefixCount - 1)].second > m_depth)
        --m_prefixCount;
}

} // namespace

std::optional<Answer> scanReceive(const QByteArray& body)
{
    return ReceiveScanner(body).scan();
}

} // namespace postern::wsman

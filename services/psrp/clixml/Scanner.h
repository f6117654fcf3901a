// The pull scanner under Reader and PropertyBag: XML as far as CLIXML goes, and CLIXML's grammar, over bytes
// in place. It refuses what a hostile document could try (DTD, entities, processing instructions, depth,
// counts, sizes, invalid UTF-8, characters XML forbids, mixed content, elements out of place) and never reads
// outside the view. One object a document at a time, reusable without allocation; not thread-safe. Errors
// carry "offset N". [MS-PSRP] 2.2.5.
#pragma once

#include <QByteArrayView>
#include <array>
#include <optional>

#include "models/base/Error.h"
#include "services/psrp/clixml/Limits.h"
#include "services/psrp/clixml/Tag.h"
#include "services/psrp/clixml/TextCodec.h"

namespace postern::clixml {

class Scanner
{
public:
    enum class Token : quint8 {
        Start, // an element that holds elements; End follows, also for <LST/>
        Leaf, // a whole element that holds text or nothing: text() has the content
        End,
        Done, // the document is complete and well-formed
        Failed, // error() says why; every further next() is Failed
    };

    // Views the document, which must outlive the scanning; checks its size and characters.
    void reset(QByteArrayView document, const Limits& limits);
    [[nodiscard]] Token next();

    // Of the last Start or Leaf.
    [[nodiscard]] Tag tag() const { return m_tag; }
    [[nodiscard]] const RawText& text() const { return m_text; } // of a Leaf
    [[nodiscard]] bool hasName() const { return m_name.bytes.data() != nullptr; }
    [[nodiscard]] const RawText& name() const { return m_name; } // attribute N
    [[nodiscard]] const RawText& stream() const { return m_stream; } // attribute S
    [[nodiscard]] bool hasRefId() const { return m_hasRefId; }
    [[nodiscard]] quint32 refId() const { return m_refId; }
    [[nodiscard]] int depth() const { return m_depth; } // open elements
    [[nodiscard]] Tag parent() const { return m_depth == 0 ? Tag::Unknown : m_open[size_t(m_depth - 1)].tag; }
    // Where the last token began.
    [[nodiscard]] qsizetype offset() const { return m_tokenAt - m_begin; }
    [[nodiscard]] qsizetype offsetOf(QByteArrayView part) const { return part.data() - m_begin; }

    [[nodiscard]] Error error() const;
    // For the layers above: an error at a place of the document, in the scanner's words.
    [[nodiscard]] static Error errorAt(ErrorCode code, qsizetype offset, const QString& what);

private:
    struct OpenElement
    {
        const char* name;
        quint64 word; // the name, if it has no prefix, else 0
        quint32 nameLength;
        Tag tag;
        bool isLevel; // counts for Limits::objectDepth
    };
    static constexpr int kMaxDepth = 512;
    static constexpr int kMaxAttributes = 64;

    Token fail(ErrorCode code, const char* at, const char* what);
    Token malformed(const char* at, const char* what) { return fail(ErrorCode::Malformed, at, what); }
    Token start();
    Token open(bool empty);
    Token leaf(bool empty);
    Token endElement();
    Token endOfDocument();
    void leaveElement();
    bool skipMisc();
    bool skipComment();
    bool skipDeclaration();
    bool readPlainTag(bool& empty);
    bool readPlainAttributes(const char*& at);
    bool readTag(bool& empty);
    bool readAttributes(bool& empty);
    bool readAttribute(int index);
    bool readAttributeValue(char quote, RawText& value);
    bool keepAttribute(QByteArrayView name, const RawText& value);
    bool readRefId(const RawText& value);
    bool checkText(const RawText& text);
    bool finishText(const char* from);
    bool skipInsideText();
    [[nodiscard]] bool closes(const char* at, QByteArrayView name, quint64 word) const;
    bool closeTag(const char* from, QByteArrayView name);
    [[nodiscard]] static bool isDeclared(QByteArrayView name, QByteArrayView value, int& step);
    [[nodiscard]] static bool isNameOfAscii(QByteArrayView name);
    [[nodiscard]] static bool isIgnorable(const RawText& text);

    const char* m_begin = nullptr;
    const char* m_at = nullptr;
    const char* m_end = nullptr;
    const char* m_tokenAt = nullptr;
    Limits m_limits;
    qint64 m_elements = 0;
    int m_depth = 0;
    int m_objectDepth = 0;
    int m_elementDepth = 0; // the limit that follows from Limits::objectDepth
    bool m_rootSeen = false;
    bool m_pendingEnd = false; // of an empty element reported as Start
    bool m_failed = false;

    Tag m_tag = Tag::Unknown;
    bool m_hasRefId = false;
    quint32 m_refId = 0;
    RawText m_text;
    RawText m_name;
    RawText m_stream;
    QByteArrayView m_elementName; // as written, with its prefix
    quint64 m_nameWord = 0;
    std::array<QByteArrayView, kMaxAttributes> m_attributes; // names, to find doubles
    std::array<OpenElement, kMaxDepth> m_open;

    ErrorCode m_errorCode = ErrorCode::Malformed;
    qsizetype m_errorOffset = 0;
    const char* m_errorText = "";
};

} // namespace postern::clixml

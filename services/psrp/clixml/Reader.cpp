#include "services/psrp/clixml/Reader.h"

#include <QStringDecoder>

#include "services/psrp/clixml/Decoder.h"

namespace postern::clixml {

namespace {

bool isBlank(QByteArrayView text)
{
    return std::all_of(
        text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

// UTF-16 with a byte order mark, in UTF-8; anything else as it is.
Expected<QByteArray> fromUtf16(QByteArrayView document)
{
    const bool little = document.startsWith("\xFF\xFE");
    QStringDecoder decoder(
        little ? QStringDecoder::Utf16LE : QStringDecoder::Utf16BE, QStringDecoder::Flag::Stateless);
    QByteArray utf8 = QString(decoder.decode(document.sliced(2))).toUtf8();
    if (decoder.hasError() || document.size() % 2 != 0)
        return fail(
            Scanner::errorAt(ErrorCode::Malformed, document.size(), QStringLiteral("invalid UTF-16")));
    return utf8;
}

} // namespace

Expected<Value> Reader::read(QByteArrayView document) const
{
    const QByteArrayView text = document.startsWith("\xEF\xBB\xBF") ? document.sliced(3) : document;
    if (text.size() < 256 && isBlank(text))
        return Value();
    Decoder decoder(document, m_limits);
    return decoder.readValue();
}

Expected<std::vector<FileItem>> Reader::readFile(QByteArrayView document) const
{
    Limits limits = m_limits;
    limits.documentBytes = m_limits.fileBytes;
    constexpr QByteArrayView mark = "#< CLIXML";
    if (document.startsWith(mark)) {
        const qsizetype lineEnd = document.indexOf('\n');
        document = lineEnd < 0 ? document.last(0) : document.sliced(lineEnd + 1);
    }
    if (!document.startsWith("\xFF\xFE") && !document.startsWith("\xFE\xFF"))
        return Decoder(document, limits).readItems();
    if (document.size() / 2 > limits.documentBytes) // not worth converting
        return fail(Scanner::errorAt(
            ErrorCode::LimitExceeded, limits.documentBytes, QStringLiteral("the document is too large")));
    const Expected<QByteArray> utf8 = fromUtf16(document);
    return utf8 ? Decoder(*utf8, limits).readItems() : tl::unexpected(utf8.error());
}

} // namespace postern::clixml

#include "models/frame/TextFold.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace postern::frame {

bool isAscii(std::string_view text)
{
    constexpr std::uint64_t highBits = 0x8080808080808080;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, 8);
        if ((word & highBits) != 0)
            return false;
    }
    for (; i < text.size(); ++i) {
        if ((text[i] & 0x80) != 0)
            return false;
    }
    return true;
}

bool isUtf8(std::string_view text)
{
    if (isAscii(text))
        return true;
    return QByteArrayView(text.data(), qsizetype(text.size())).isValidUtf8();
}

namespace {

// QString folds character by character; the sharp s is the one common letter that folds to two.
QString caseFolded(const QString& text)
{
    QString result = text.toCaseFolded();
    if (result.contains(u'\u00DF'))
        result.replace(u'\u00DF', QStringLiteral("ss"));
    return result;
}

} // namespace

QByteArray folded(QStringView text)
{
    return caseFolded(text.toString()).toUtf8();
}

std::string folded(std::string_view utf8)
{
    std::string out(utf8);
    if (isAscii(utf8)) {
        std::ranges::transform(out, out.begin(), asciiLower);
        return out;
    }
    return caseFolded(QString::fromUtf8(utf8.data(), qsizetype(utf8.size()))).toUtf8().toStdString();
}

bool foldsBeyondAscii(std::string_view utf8, std::string& foldedText)
{
    if (isAscii(utf8))
        return false;
    foldedText = folded(utf8);
    return !std::ranges::equal(foldedText, utf8, [](char a, char b) { return a == asciiLower(b); });
}

namespace {

// A run of digits orders by its value: length without leading zeros first, then the digits. The length is
// written as a digit so that numbers stay where digits belong among other characters; 9 or more is '9' and a
// byte.
std::size_t appendNumber(std::string& out, std::string_view text, std::size_t i)
{
    const auto isDigit
        = [&text](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    while (text[i] == '0' && isDigit(i + 1))
        ++i;
    std::size_t end = i;
    while (isDigit(end))
        ++end;
    const std::size_t length = end - i;
    if (length < 9) {
        out += char('0' + length);
    } else {
        out += '9';
        out += char(std::min<std::size_t>(length, 255));
    }
    out.append(text.substr(i, length));
    return end;
}

void appendAscii(std::string& out, std::string_view text, Digits digits)
{
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (digits == Digits::ByValue && c >= '0' && c <= '9') {
            i = appendNumber(out, text, i);
            continue;
        }
        out += c == '\0' ? '\1' : asciiLower(c);
        ++i;
    }
}

} // namespace

void SortKeyWriter::append(std::string& out, std::string_view utf8, Digits digits)
{
    // Character by character folding and taking accents off treat runs of ASCII and of other characters
    // apart.
    for (std::size_t at = 0; at < utf8.size();) {
        const std::string_view rest = utf8.substr(at);
        const auto ascii
            = std::size_t(std::ranges::find_if(rest, [](char c) { return (c & 0x80) != 0; }) - rest.begin());
        appendAscii(out, rest.substr(0, ascii), digits);
        const std::string_view other = rest.substr(ascii);
        const auto length = std::size_t(
            std::ranges::find_if(other, [](char c) { return (c & 0x80) == 0; }) - other.begin());
        if (length > 0)
            out += withoutAccents(other.substr(0, length));
        at += ascii + length;
    }
}

const std::string& SortKeyWriter::withoutAccents(std::string_view run)
{
    constexpr std::size_t most = 4096;
    const auto known = m_known.find(std::string(run));
    if (known != m_known.end())
        return known->second;
    if (m_known.size() >= most)
        m_known.clear();
    // Taken off for the order only, so that "Émile" stands beside "Emile".
    const QString decomposed = caseFolded(QString::fromUtf8(run.data(), qsizetype(run.size())))
                                   .normalized(QString::NormalizationForm_KD);
    QString base;
    std::ranges::copy_if(
        decomposed, std::back_inserter(base), [](QChar c) { return c.category() != QChar::Mark_NonSpacing; });
    std::string key;
    appendAscii(key, base.toUtf8().toStdString(), Digits::AsText);
    return m_known.emplace(run, std::move(key)).first->second;
}

} // namespace postern::frame

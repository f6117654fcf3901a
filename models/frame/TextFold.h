// Text as the frame compares it: UTF-8, full Unicode case folding for search; for sorting also without
// accents and with digits by value. ASCII, which is nearly everything, takes a short path. Any thread.
#pragma once

#include <QByteArray>
#include <QString>
#include <string>
#include <string_view>
#include <unordered_map>

namespace postern::frame {

[[nodiscard]] bool isAscii(std::string_view text);
[[nodiscard]] bool isUtf8(std::string_view text);
[[nodiscard]] inline char asciiLower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c;
}

[[nodiscard]] QByteArray folded(QStringView text);
[[nodiscard]] std::string folded(std::string_view utf8);
// Whether folding is more than making ASCII letters small, i.e. whether searching the original would miss
// something.
[[nodiscard]] bool foldsBeyondAscii(std::string_view utf8, std::string& foldedText);

enum class Digits { AsText, ByValue };
// Appends bytes that order as people expect and contain no zero byte. Remembers the few accented letters that
// a column has over and over. One object a thread.
class SortKeyWriter
{
public:
    void append(std::string& out, std::string_view utf8, Digits digits);

private:
    const std::string& withoutAccents(std::string_view run);
    std::unordered_map<std::string, std::string> m_known;
};

} // namespace postern::frame

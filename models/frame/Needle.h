// A folded search text and the search for it in a stretch of UTF-8, ASCII letters compared without case:
// sixteen positions at a time on x86-64. The stretch must be followed by Needle::padding readable bytes.
// Immutable; any thread.
#pragma once

#include <QStringView>
#include <string>
#include <string_view>
#include <vector>

namespace postern::frame {

class Needle
{
public:
    static constexpr std::size_t padding = 32;

    explicit Needle(QStringView text);
    [[nodiscard]] bool isEmpty() const { return m_bytes.empty(); }
    [[nodiscard]] std::string_view bytes() const { return m_bytes; }
    // The first match that begins at or after `from` and ends at or before `end`; nullptr when there is none.
    [[nodiscard]] const char* find(const char* from, const char* end) const;
    // For many texts that each end with 0xFF, where most have a match: the numbers of those that do, counted
    // from `first` at `from`, ascending. Needs no look at where texts begin; dearer than find() where matches
    // are rare.
    void findTexts(
        const char* from, const char* end, std::uint32_t first, std::vector<std::uint32_t>& matches) const;
    // For a text that stands alone and has no padding after it.
    [[nodiscard]] bool isIn(std::string_view text) const;
    [[nodiscard]] bool equals(std::string_view text) const;
    [[nodiscard]] bool begins(std::string_view text) const;

private:
    [[nodiscard]] bool matchesAt(const char* at) const;

    std::string m_bytes;
    std::string m_masks; // 0x20 where a byte is a letter, so that (x | mask) == byte ignores case
};

} // namespace postern::frame

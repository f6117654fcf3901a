// Many short texts in one stretch of UTF-8, each followed by 0xFF (never part of UTF-8), so that one search
// runs over all of them and cannot match across two. Texts whose folding is more than ASCII letters are kept
// folded as well, in a second stretch. Immutable after build; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/frame/Needle.h"
#include "models/frame/PackedInts.h"

namespace postern::frame {

class TextArena
{
public:
    TextArena() = default;
    explicit TextArena(std::span<const std::string_view> texts);
    [[nodiscard]] std::size_t size() const { return m_texts.count; }
    [[nodiscard]] std::string_view at(std::size_t index) const { return m_texts.at(index); }
    // Calls hit(index) for each text that contains the needle, possibly twice for the same one.
    template <class Hit> void search(const Needle& needle, Hit hit) const
    {
        m_texts.search(needle, hit);
        if (!m_foldedOf.empty())
            m_folded.search(needle, [this, &hit](std::size_t index) { hit(m_foldedOf[index]); });
    }
    [[nodiscard]] qint64 memoryBytes() const;

private:
    struct Stretch
    {
        std::unique_ptr<char[]> bytes;
        std::size_t length = 0;
        std::size_t count = 0;
        PackedInts offsets; // of each text, and one at the end

        void assign(std::span<const std::string_view> texts);
        [[nodiscard]] std::string_view at(std::size_t index) const
        {
            const auto from = std::size_t(offsets.at(index));
            return {bytes.get() + from, std::size_t(offsets.at(index + 1)) - from - 1};
        }
        // Hits come in ascending order, so the text of a position is found by stepping on in growing strides.
        [[nodiscard]] std::size_t textAt(std::size_t position, std::size_t from) const
        {
            std::size_t low = from;
            std::size_t step = 1;
            while (low + step < count && std::size_t(offsets.at(low + step)) <= position) {
                low += step;
                step *= 2;
            }
            for (; step > 0; step /= 2) {
                if (low + step < count && std::size_t(offsets.at(low + step)) <= position)
                    low += step;
            }
            return low;
        }
        template <class Hit> void search(const Needle& needle, Hit hit) const
        {
            const char* const end = bytes.get() + length;
            std::size_t text = 0;
            for (const char* at = needle.find(bytes.get(), end); at != nullptr;) {
                text = textAt(std::size_t(at - bytes.get()), text);
                hit(text);
                at = needle.find(bytes.get() + std::size_t(offsets.at(text + 1)), end);
            }
        }
    };

    Stretch m_texts;
    Stretch m_folded;
    std::vector<std::uint32_t> m_foldedOf; // index of the text that m_folded's entry belongs to
};

} // namespace postern::frame

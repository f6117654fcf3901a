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
        // Texts are of similar length, so a position nearly says which text it is in; from there in growing
        // strides.
        [[nodiscard]] std::size_t textAt(std::size_t position, std::size_t from) const
        {
            const auto begins = [this](std::size_t text) { return std::size_t(offsets.at(text)); };
            const std::size_t guess = from + (position - begins(from)) * count / length;
            std::size_t low = from;
            std::size_t high = count; // the answer is in [low, high)
            if (guess < count && begins(guess) <= position) {
                low = guess;
                std::size_t step = 1;
                for (; low + step < high && begins(low + step) <= position; step *= 2)
                    low += step;
                high = std::min(high, low + step);
            } else {
                high = std::min(count, guess);
                std::size_t step = 1;
                for (; low + step < high && begins(high - step) > position; step *= 2)
                    high -= step;
                low = high - low > step ? high - step : low;
            }
            while (high - low > 1) {
                const std::size_t middle = low + (high - low) / 2;
                (begins(middle) <= position ? low : high) = middle;
            }
            return low;
        }
        template <class Hit> void search(const Needle& needle, Hit hit) const
        {
            // The loads of a needle that is longer than all texts together would leave the stretch.
            if (needle.bytes().size() > length)
                return;
            const char* const end = bytes.get() + length;
            std::size_t text = 0;
            int found = 0;
            for (const char* at = needle.find(bytes.get(), end); at != nullptr;) {
                text = textAt(std::size_t(at - bytes.get()), text);
                hit(text);
                const char* const next = bytes.get() + std::size_t(offsets.at(text + 1));
                if (++found == sample && text < sample * sparse) {
                    searchDense(needle, next, text + 1, hit);
                    return;
                }
                at = needle.find(next, end);
            }
        }
        template <class Hit>
        void searchDense(const Needle& needle, const char* from, std::size_t text, Hit hit) const
        {
            std::vector<std::uint32_t> matches;
            needle.findTexts(from, bytes.get() + length, std::uint32_t(text), matches);
            for (const std::uint32_t match : matches)
                hit(match);
        }
        static constexpr int sample = 16; // matches after which to judge how dense they are
        static constexpr std::size_t sparse = 6; // one text in so many
    };

    Stretch m_texts;
    Stretch m_folded;
    std::vector<std::uint32_t> m_foldedOf; // index of the text that m_folded's entry belongs to
};

} // namespace postern::frame

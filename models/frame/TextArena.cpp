#include "models/frame/TextArena.h"

#include <cstring>
#include <deque>

#include "models/frame/TextFold.h"

namespace postern::frame {

namespace {

constexpr char separator = '\xFF';

} // namespace

void TextArena::Stretch::assign(std::span<const std::string_view> texts)
{
    count = texts.size();
    std::vector<qint64> starts;
    starts.reserve(count + 1);
    for (const std::string_view text : texts) {
        starts.push_back(qint64(length));
        length += text.size() + 1;
    }
    starts.push_back(qint64(length));
    offsets = PackedInts(starts);
    bytes = std::make_unique_for_overwrite<char[]>(length + Needle::padding);
    char* to = bytes.get();
    for (const std::string_view text : texts) {
        if (!text.empty())
            std::memcpy(to, text.data(), text.size());
        to += text.size();
        *to++ = separator;
    }
    std::memset(to, separator, Needle::padding);
}

TextArena::TextArena(std::span<const std::string_view> texts)
{
    m_texts.assign(texts);
    std::deque<std::string> foldedTexts; // a deque: the views below must stay valid
    std::vector<std::string_view> views;
    std::string scratch;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (!foldsBeyondAscii(texts[i], scratch))
            continue;
        views.push_back(foldedTexts.emplace_back(scratch));
        m_foldedOf.push_back(std::uint32_t(i));
    }
    if (!views.empty())
        m_folded.assign(views);
    m_foldedOf.shrink_to_fit();
}

qint64 TextArena::memoryBytes() const
{
    const auto ofStretch
        = [](const Stretch& stretch) { return qint64(stretch.length) + stretch.offsets.memoryBytes(); };
    return ofStretch(m_texts) + ofStretch(m_folded) + qint64(m_foldedOf.size() * sizeof(std::uint32_t));
}

} // namespace postern::frame

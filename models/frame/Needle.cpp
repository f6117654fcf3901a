#include "models/frame/Needle.h"

#include <bit>
#include <cstring>

#include "models/frame/TextFold.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace postern::frame {

Needle::Needle(QStringView text)
    : m_bytes(folded(text).toStdString())
    , m_masks(m_bytes.size(), '\0')
{
    for (std::size_t i = 0; i < m_bytes.size(); ++i)
        m_masks[i] = m_bytes[i] >= 'a' && m_bytes[i] <= 'z' ? 0x20 : 0;
}

bool Needle::matchesAt(const char* at) const
{
    for (std::size_t i = 0; i < m_bytes.size(); ++i) {
        if ((at[i] | m_masks[i]) != m_bytes[i])
            return false;
    }
    return true;
}

#ifdef __SSE2__
namespace {

__m128i loadOr(const char* from, __m128i mask)
{
    __m128i block;
    std::memcpy(&block, from, sizeof block);
    return _mm_or_si128(block, mask);
}

} // namespace

// First and last byte together are rare enough that the byte-by-byte check seldom runs in vain.
const char* Needle::find(const char* from, const char* end) const
{
    const std::size_t length = m_bytes.size();
    const __m128i first = _mm_set1_epi8(m_bytes.front());
    const __m128i firstMask = _mm_set1_epi8(m_masks.front());
    const __m128i last = _mm_set1_epi8(m_bytes.back());
    const __m128i lastMask = _mm_set1_epi8(m_masks.back());
    for (const char* at = from; at + length <= end; at += 16) {
        const __m128i hitFirst = _mm_cmpeq_epi8(loadOr(at, firstMask), first);
        const __m128i hitLast = _mm_cmpeq_epi8(loadOr(at + length - 1, lastMask), last);
        auto hits = unsigned(_mm_movemask_epi8(_mm_and_si128(hitFirst, hitLast)));
        for (; hits != 0; hits &= hits - 1) {
            const char* candidate = at + std::countr_zero(hits);
            if (candidate + length > end)
                return nullptr;
            if (matchesAt(candidate))
                return candidate;
        }
    }
    return nullptr;
}

void Needle::findTexts(
    const char* from, const char* end, std::uint32_t first, std::vector<std::uint32_t>& matches) const
{
    const std::size_t length = m_bytes.size();
    const __m128i lead = _mm_set1_epi8(m_bytes.front());
    const __m128i leadMask = _mm_set1_epi8(m_masks.front());
    const __m128i last = _mm_set1_epi8(m_bytes.back());
    const __m128i lastMask = _mm_set1_epi8(m_masks.back());
    const __m128i separator = _mm_set1_epi8(char(0xFF));
    std::uint32_t text = first;
    bool isKnown = false;
    for (const char* at = from; at + length <= end; at += 16) {
        const __m128i hitLead = _mm_cmpeq_epi8(loadOr(at, leadMask), lead);
        const __m128i hitLast = _mm_cmpeq_epi8(loadOr(at + length - 1, lastMask), last);
        const auto hits = unsigned(_mm_movemask_epi8(_mm_and_si128(hitLead, hitLast)));
        const auto ends
            = unsigned(_mm_movemask_epi8(_mm_cmpeq_epi8(loadOr(at, _mm_setzero_si128()), separator)));
        for (unsigned marks = hits | ends; marks != 0; marks &= marks - 1) {
            const int bit = std::countr_zero(marks);
            if ((ends >> bit & 1) != 0) {
                ++text;
                isKnown = false;
            } else if (!isKnown && at + bit + length <= end && matchesAt(at + bit)) {
                isKnown = true;
                matches.push_back(text);
            }
        }
    }
}
#else
void Needle::findTexts(
    const char* from, const char* end, std::uint32_t first, std::vector<std::uint32_t>& matches) const
{
    std::uint32_t text = first;
    for (const char* at = from; at < end; ++at) {
        if (*at == char(0xFF))
            ++text;
        else if ((matches.empty() || matches.back() != text) && at + m_bytes.size() <= end && matchesAt(at))
            matches.push_back(text);
    }
}

const char* Needle::find(const char* from, const char* end) const
{
    for (const char* at = from; at + m_bytes.size() <= end; ++at) {
        if (matchesAt(at))
            return at;
    }
    return nullptr;
}
#endif

bool Needle::isIn(std::string_view text) const
{
    if (!isAscii(text))
        return folded(text).find(m_bytes) != std::string::npos;
    for (std::size_t i = 0; i + m_bytes.size() <= text.size(); ++i) {
        if (matchesAt(text.data() + i))
            return true;
    }
    return false;
}

bool Needle::equals(std::string_view text) const
{
    if (!isAscii(text))
        return folded(text) == m_bytes;
    return text.size() == m_bytes.size() && matchesAt(text.data());
}

bool Needle::begins(std::string_view text) const
{
    if (!isAscii(text))
        return folded(text).starts_with(m_bytes);
    return text.size() >= m_bytes.size() && matchesAt(text.data());
}

} // namespace postern::frame

// The inner loops of Scanner: from here to the next character that means something, 16 bytes at a time where
// SSE2 is (on x86-64 always), else byte by byte. They never read at or behind `end`. Pure, any thread.
#pragma once

#include <QtEndian>
#include <algorithm>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "services/psrp/clixml/TextCodec.h"

namespace postern::clixml::ByteScan {

// Up to 8 bytes as a word, the first in the lowest byte; all 8 must be readable.
[[nodiscard]] inline quint64 loadWord(const char* at)
{
    return qFromLittleEndian<quint64>(at);
}

[[nodiscard]] inline bool equal(const char* a, const char* b, qsizetype size)
{
    if (size < 8)
        return std::equal(a, a + size, b);
    for (qsizetype i = 0; i + 8 <= size; i += 8) {
        if (loadWord(a + i) != loadWord(b + i))
            return false;
    }
    return loadWord(a + size - 8) == loadWord(b + size - 8);
}

[[nodiscard]] inline bool isBlank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Notes what a special character means for decoding; true: it is the "]" of a "]]>", which may not stand in
// text.
inline bool noteSpecial(const char* at, const char* end, quint8& flags)
{
    switch (*at) {
    case '&':
        flags |= RawText::References;
        break;
    case '_':
        if (end - at > 1 && (at[1] | 0x20) == 'x')
            flags |= RawText::Escapes;
        break;
    case ']':
        return end - at > 2 && at[1] == ']' && at[2] == '>';
    default:
        flags |= RawText::LineEnds;
    }
    return false;
}

// To the '<' that ends a text; to a "]]>", which the caller must refuse; or to `end`.
Q_ALWAYS_INLINE const char* toMarkup(const char* at, const char* end, quint8& flags)
{
#if defined(__SSE2__)
    for (; end - at >= 16; at += 16) {
        const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const auto equals = [v](char c) { return _mm_cmpeq_epi8(v, _mm_set1_epi8(c)); };
        const unsigned stop = unsigned(_mm_movemask_epi8(equals('<')));
        unsigned special = unsigned(_mm_movemask_epi8(
            _mm_or_si128(_mm_or_si128(equals('&'), equals('_')), _mm_or_si128(equals(']'), equals('\r')))));
        if (stop != 0)
            special &= (stop & (0 - stop)) - 1;
        for (; special != 0; special &= special - 1) {
            const char* found = at + __builtin_ctz(special);
            if (noteSpecial(found, end, flags))
                return found;
        }
        if (stop != 0)
            return at + __builtin_ctz(stop);
    }
#endif
    for (; at != end && *at != '<'; ++at) {
        if ((*at == '&' || *at == '_' || *at == ']' || *at == '\r') && noteSpecial(at, end, flags))
            return at;
    }
    return at;
}

// To the closing quote, to a '<' (forbidden there), or to `end`. White space to be normalised counts as
// LineEnds.
Q_ALWAYS_INLINE const char* toQuote(const char* at, const char* end, char quote, quint8& flags)
{
#if defined(__SSE2__)
    for (; end - at >= 16; at += 16) {
        const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const auto equals = [v](char c) { return _mm_cmpeq_epi8(v, _mm_set1_epi8(c)); };
        const unsigned stop = unsigned(_mm_movemask_epi8(_mm_or_si128(equals(quote), equals('<'))));
        // Control characters but tab, LF and CR do not occur: the document was checked.
        unsigned special = unsigned(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(equals('&'), equals('_')),
            _mm_or_si128(equals('\t'), _mm_or_si128(equals('\n'), equals('\r'))))));
        if (stop != 0)
            special &= (stop & (0 - stop)) - 1;
        for (; special != 0; special &= special - 1)
            noteSpecial(at + __builtin_ctz(special), end, flags);
        if (stop != 0)
            return at + __builtin_ctz(stop);
    }
#endif
    for (; at != end && *at != quote && *at != '<'; ++at) {
        if (*at == '&' || *at == '_' || *at == '\t' || *at == '\n' || *at == '\r')
            noteSpecial(at, end, flags);
    }
    return at;
}

} // namespace postern::clixml::ByteScan

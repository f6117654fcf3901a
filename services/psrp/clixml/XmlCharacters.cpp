#include "services/psrp/clixml/XmlCharacters.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace postern::clixml {

namespace {

bool isContinuation(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

// Length of the well-formed, allowed character at `at`, 0 when it is neither.
int characterLength(const char* at, const char* end)
{
    const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return lead >= 0x20 || lead == '\t' || lead == '\n' || lead == '\r' ? 1 : 0;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    if (lead < 0xE0)
        return end - at >= 2 && isContinuation(byte(1)) ? 2 : 0;
    if (lead < 0xF0) {
        if (end - at < 3 || !isContinuation(byte(1)) || !isContinuation(byte(2)))
            return 0;
        const unsigned code = unsigned(lead & 0x0F) << 12 | unsigned(byte(1) & 0x3F) << 6 | (byte(2) & 0x3Fu);
        return code >= 0x800 && (code < 0xD800 || code > 0xDFFF) && code < 0xFFFE ? 3 : 0;
    }
    if (end - at < 4 || !isContinuation(byte(1)) || !isContinuation(byte(2)) || !isContinuation(byte(3)))
        return 0;
    const unsigned top = unsigned(lead & 0x07) << 6 | (byte(1) & 0x3Fu);
    return top >= 0x10 && top <= 0x10F ? 4 : 0;
}

#if defined(__x86_64__)
// Of the bytes in `low` (below the blank, or not ASCII) those that are no white space: worth a closer look.
[[gnu::target("avx2")]] inline __m256i suspects(__m256i v, __m256i low)
{
    const __m256i tab = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\t'));
    const __m256i lf = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\n'));
    const __m256i cr = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\r'));
    return _mm256_andnot_si256(_mm256_or_si256(tab, _mm256_or_si256(lf, cr)), low);
}

// To the first suspect, or to the last whole block of 64 bytes.
[[gnu::target("avx2")]] const char* skipPlainAvx2(const char* at, const char* end)
{
    const __m256i space = _mm256_set1_epi8(0x20);
    for (; end - at >= 64; at += 64) {
        const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
        const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32));
        // Signed comparison: bytes from 0x80 count as below the blank, too.
        const __m256i lowA = _mm256_cmpgt_epi8(space, a);
        const __m256i lowB = _mm256_cmpgt_epi8(space, b);
        const __m256i low = _mm256_or_si256(lowA, lowB);
        if (_mm256_testz_si256(low, low))
            continue;
        const auto badA = quint32(_mm256_movemask_epi8(suspects(a, lowA)));
        const auto badB = quint32(_mm256_movemask_epi8(suspects(b, lowB)));
        if ((badA | badB) != 0)
            return at + __builtin_ctzll(quint64(badB) << 32 | badA);
    }
    return at;
}

const char* skipPlainSse2(const char* at, const char* end)
{
    const __m128i space = _mm_set1_epi8(0x20);
    const __m128i tab = _mm_set1_epi8('\t');
    const __m128i lf = _mm_set1_epi8('\n');
    const __m128i cr = _mm_set1_epi8('\r');
    for (; end - at >= 16; at += 16) {
        const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i blank = _mm_or_si128(
            _mm_cmpeq_epi8(v, tab), _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr)));
        const int bad = _mm_movemask_epi8(_mm_andnot_si128(blank, _mm_cmpgt_epi8(space, v)));
        if (bad != 0)
            return at + __builtin_ctz(unsigned(bad));
    }
    return at;
}
#endif

using Skip = const char* (*)(const char* at, const char* end);

Skip chooseSkip()
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") ? skipPlainAvx2 : skipPlainSse2;
#else
    return [](const char* at, const char*) { return at; };
#endif
}

} // namespace

qsizetype firstForbiddenCharacter(QByteArrayView text)
{
    static const Skip skip = chooseSkip();
    const char* at = text.begin();
    const char* end = text.end();
    while (true) {
        at = skip(at, end);
        // The suspects that follow each other, or the rest that is shorter than a block.
        const bool rest = end - at < 64;
        do {
            if (at == end)
                return -1;
            const int length = characterLength(at, end);
            if (length == 0)
                return at - text.begin();
            at += length;
        } while (at == end || rest || (*at & 0x80) != 0);
    }
}

qsizetype firstForbiddenCharacterScalar(QByteArrayView text)
{
    for (const char* at = text.begin(); at != text.end();) {
        const int length = characterLength(at, text.end());
        if (length == 0)
            return at - text.begin();
        at += length;
    }
    return -1;
}

} // namespace postern::clixml

#include "services/psrp/clixml/Base64Vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace postern::clixml::Base64 {

#if defined(__x86_64__)
namespace {

[[gnu::target("avx2")]] void decodeAvx2(const char*& in, const char* end, char*& out)
{
    // Valid characters by their two nibbles: lutLow[low] & lutHigh[high] is zero for those of the alphabet
    // only.
    const __m256i lutLow = _mm256_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13,
        0x1A, 0x1B, 0x1B, 0x1B, 0x1A, 0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A,
        0x1B, 0x1B, 0x1B, 0x1A);
    const __m256i lutHigh = _mm256_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10,
        0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10,
        0x10, 0x10, 0x10, 0x10);
    // What to add to a character to get its value, by the high nibble ('/' apart).
    const __m256i lutRoll = _mm256_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16,
        19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i slash = _mm256_set1_epi8(0x2F);
    const __m256i pack = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, 2, 1, 0, 6,
        5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    const __m256i gather = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, -1, -1);
    for (; end - in >= 32; in += 32, out += 24) {
        const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in));
        const __m256i high = _mm256_and_si256(_mm256_srli_epi32(v, 4), slash);
        const __m256i low = _mm256_and_si256(v, slash);
        const __m256i check
            = _mm256_and_si256(_mm256_shuffle_epi8(lutLow, low), _mm256_shuffle_epi8(lutHigh, high));
        if (!_mm256_testz_si256(check, check))
            return;
        const __m256i roll = _mm256_shuffle_epi8(lutRoll, _mm256_add_epi8(_mm256_cmpeq_epi8(v, slash), high));
        const __m256i values = _mm256_add_epi8(v, roll);
        const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
        const __m256i words = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
        const __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(words, pack), gather);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), bytes);
    }
}

[[gnu::target("avx2")]] void encodeAvx2(const char*& in, const char* end, char*& out)
{
    const __m256i spread = _mm256_setr_epi8(5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14, 1, 0, 2,
        1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
    const __m256i lut = _mm256_setr_epi8(65, 71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 0, 0, 65,
        71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 0, 0);
    if (end - in < 32)
        return;
    // The loop reads from 4 bytes before the group, so the first group is left to be read from its own start.
    const char* const first = in;
    for (; end - in >= 28; in += 24, out += 32) {
        __m256i v;
        if (in == first) {
            const __m256i plain = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in));
            v = _mm256_permutevar8x32_epi32(plain, _mm256_setr_epi32(0, 0, 1, 2, 3, 4, 5, 6));
        } else {
            v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in - 4));
        }
        v = _mm256_shuffle_epi8(v, spread);
        const __m256i a = _mm256_mulhi_epu16(
            _mm256_and_si256(v, _mm256_set1_epi32(0x0FC0FC00)), _mm256_set1_epi32(0x04000040));
        const __m256i b = _mm256_mullo_epi16(
            _mm256_and_si256(v, _mm256_set1_epi32(0x003F03F0)), _mm256_set1_epi32(0x01000010));
        const __m256i values = _mm256_or_si256(a, b);
        const __m256i reduced = _mm256_subs_epu8(values, _mm256_set1_epi8(51));
        const __m256i above = _mm256_cmpgt_epi8(values, _mm256_set1_epi8(25));
        const __m256i shift = _mm256_shuffle_epi8(lut, _mm256_sub_epi8(reduced, above));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm256_add_epi8(values, shift));
    }
}

bool hasAvx2()
{
    static const bool has = __builtin_cpu_supports("avx2");
    return has;
}

} // namespace
#endif

void decodeVector(
    [[maybe_unused]] const char*& in, [[maybe_unused]] const char* end, [[maybe_unused]] char*& out)
{
#if defined(__x86_64__)
    if (hasAvx2())
        decodeAvx2(in, end, out);
#endif
}

void encodeVector(
    [[maybe_unused]] const char*& in, [[maybe_unused]] const char* end, [[maybe_unused]] char*& out)
{
#if defined(__x86_64__)
    if (hasAvx2())
        encodeAvx2(in, end, out);
#endif
}

} // namespace postern::clixml::Base64

// The AVX2 inner loops of Base64, chosen at run time; on other processors they do nothing and the scalar code
// does all. The method is that of W. Mula and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2
// Instructions" (2018). Pure, any thread.
#pragma once

#include <QtGlobal>

namespace postern::clixml::Base64 {

// The decoder may write so many bytes behind what it reports.
inline constexpr qsizetype kVectorSlack = 32;

// Decodes whole groups while 32 characters are of the alphabet; stops, without error, at the first block that
// has another character. `in` and `out` move on. `out` needs kVectorSlack bytes of room behind the result.
void decodeVector(const char*& in, const char* end, char*& out);
// Encodes whole groups of three bytes; leaves at least the last few bytes to the caller.
void encodeVector(const char*& in, const char* end, char*& out);

} // namespace postern::clixml::Base64

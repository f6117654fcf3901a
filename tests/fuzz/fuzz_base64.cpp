// Base64: both modes against QByteArray, and back.
#include "services/psrp/clixml/Base64.h"
#include "tests/fuzz/FuzzCheck.h"

using namespace postern::clixml;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const QByteArrayView input(reinterpret_cast<const char*>(data), qsizetype(size));
    const QByteArray encoded = Base64::encode(input);
    FUZZ_CHECK(encoded == input.toByteArray().toBase64());
    const auto back = Base64::decode(encoded, Base64::Mode::Strict);
    FUZZ_CHECK(back && *back == input.toByteArray());

    const auto strict = Base64::decode(input, Base64::Mode::Strict);
    const auto lenient = Base64::decode(input, Base64::Mode::Lenient);
    if (strict) {
        FUZZ_CHECK(lenient && *lenient == *strict);
        FUZZ_CHECK(Base64::encode(*strict) == input.toByteArray());
    }
    QByteArray dense = input.toByteArray();
    for (const char blank : {' ', '\t', '\r', '\n'})
        dense.replace(blank, QByteArray());
    const auto byQt = QByteArray::fromBase64Encoding(dense, QByteArray::AbortOnBase64DecodingErrors);
    if (lenient)
        FUZZ_CHECK(byQt && *byQt == *lenient);
    else
        FUZZ_CHECK(!byQt || dense.size() % 4 != 0);
    return 0;
}

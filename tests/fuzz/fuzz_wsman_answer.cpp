// SOAP answers: what the fast Receive reader takes, the strict reader takes with the same result; faults
// become errors.
#include "services/wsman/Answer.h"
#include "tests/fuzz/FuzzCheck.h"

using namespace postern;
using namespace postern::wsman;

namespace {

// The fast reader leaves the characters of a stream to the base64 decoder.
bool isBase64(QByteArrayView text)
{
    for (const char c : text) {
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && c != '+' && c != '/' && c != '=' && c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return false;
    }
    return true;
}

QByteArray withoutLineEnds(QByteArrayView text)
{
    return text.toByteArray().replace('\r', QByteArray()).replace('\n', QByteArray());
}

void compare(const Answer& fast, const Answer& strict)
{
    FUZZ_CHECK(!strict.fault);
    FUZZ_CHECK(fast.relatesTo == strict.relatesTo && fast.action == strict.action);
    FUZZ_CHECK(fast.commandState == strict.commandState && fast.exitCode == strict.exitCode);
    FUZZ_CHECK(fast.streams.size() == strict.streams.size());
    for (size_t i = 0; i < fast.streams.size(); ++i) {
        const StreamText& a = fast.streams[i];
        const StreamText& b = strict.streams[i];
        FUZZ_CHECK(a.name == b.name && a.commandId == b.commandId && a.end == b.end);
        FUZZ_CHECK(withoutLineEnds(a.base64) == withoutLineEnds(b.base64));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const QByteArray body(reinterpret_cast<const char*>(data), qsizetype(size));
    const auto strict = readAnswer(body);
    const auto fast = scanReceive(body);
    if (fast) {
        bool plain = true;
        for (const StreamText& stream : fast->streams)
            plain = plain && isBase64(stream.base64);
        if (plain) {
            FUZZ_CHECK(strict);
            compare(*fast, *strict);
        }
    }
    if (!strict) {
        const ErrorCode code = strict.error().code;
        FUZZ_CHECK(code == ErrorCode::Malformed || code == ErrorCode::LimitExceeded);
    } else if (strict->fault) {
        FUZZ_CHECK(!toError(*strict->fault, {}).detail.isNull());
        (void)strict->fault->redirectTarget();
    }
    (void)looksLikeSoap(body);
    return 0;
}

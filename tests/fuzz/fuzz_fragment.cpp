// Fragments: the stream fed whole and cut in pieces must give the same messages or both fail; messages
// survive decoding.
#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"
#include "tests/fuzz/FuzzCheck.h"

using namespace postern;
using namespace postern::psrp;

namespace {

void checkMessage(QByteArrayView bytes)
{
    const auto view = decodeMessage(bytes);
    if (!view)
        return;
    const Message message = toMessage(*view);
    const QByteArray encoded = encodeMessage(message);
    const auto again = decodeMessage(encoded);
    FUZZ_CHECK(again);
    FUZZ_CHECK(message.data.startsWith("\xEF\xBB\xBF") || toMessage(*again) == message);
}

} // namespace

// The first byte is the size of the pieces.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0)
        return 0;
    const Defragmenter::Limits limits{.objectBytes = 4096, .openBytes = 8192, .openObjects = 4};
    const QByteArrayView stream(reinterpret_cast<const char*>(data + 1), qsizetype(size - 1));
    Defragmenter whole(limits);
    QList<QByteArray> messages;
    const auto result
        = whole.feed(stream, [&messages](QByteArrayView message) { messages.append(message.toByteArray()); });
    for (const QByteArray& message : std::as_const(messages))
        checkMessage(message);

    Defragmenter cut(limits);
    QList<QByteArray> pieces;
    Expected<void> cutResult;
    for (qsizetype at = 0; cutResult && at < stream.size(); at += 1 + data[0])
        cutResult = cut.feed(stream.sliced(at, qMin<qsizetype>(1 + data[0], stream.size() - at)),
            [&pieces](QByteArrayView message) { pieces.append(message.toByteArray()); });
    FUZZ_CHECK(result.has_value() == cutResult.has_value());
    FUZZ_CHECK(messages == pieces);
    if (result)
        FUZZ_CHECK(whole.finish().has_value() == cut.finish().has_value());
    else
        FUZZ_CHECK(result.error().detail == cutResult.error().detail);
    return 0;
}

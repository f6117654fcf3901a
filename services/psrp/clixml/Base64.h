// Base64 of the WSMan streams and BA elements: AVX2 where the processor has it, else scalar; the same results
// and errors. Pure, any thread. Errors: Malformed, detail "offset N: ..." where N counts in the text given.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include "models/base/Error.h"

namespace postern::clixml::Base64 {

enum class Mode {
    Strict, // the alphabet and closing padding only, unused bits zero
    Lenient, // also blanks, tabs and line ends anywhere, as .NET accepts them; unused bits are not looked at
};

[[nodiscard]] Expected<QByteArray> decode(QByteArrayView text, Mode mode = Mode::Lenient);
// Appends to `out`, whose capacity is reused: no allocation after warm-up. On an error `out` is as it was.
[[nodiscard]] Expected<void> decodeInto(QByteArrayView text, QByteArray& out, Mode mode = Mode::Lenient);
[[nodiscard]] QByteArray encode(QByteArrayView bytes);

} // namespace postern::clixml::Base64

// Get-MobileDevice results as Exchange sends them, from a seed: 37 properties, about 2 KB of CLIXML each, and
// the WSMan Receive answers that carry them. For benchmarks; no real data.
#pragma once

#include <QByteArray>
#include <vector>

namespace postern::benchmarks {

// One PIPELINE_OUTPUT object, without the PSRP header.
[[nodiscard]] QByteArray deviceObject(int number);
// PSRP message with header and byte order mark, in one fragment.
[[nodiscard]] QByteArray deviceFragment(int number);
// A ReceiveResponse with one Stream an object, as Windows sends it.
[[nodiscard]] QByteArray receiveResponse(int firstNumber, int count);

} // namespace postern::benchmarks

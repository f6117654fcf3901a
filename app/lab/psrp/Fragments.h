// PSRP fragments both ways, the server's side. The 21-byte header is big-endian, [MS-PSRP] 2.2.4. Reading is
// strict: a gap, a start inside an unfinished object or a length over the cap is an error that names the
// offset. One reader a stream (shell or command); not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/Error.h"

namespace postern::lab {

inline constexpr size_t fragmentHeaderSize = 21;

class FragmentReader
{
public:
    // Whole messages that became complete with these bytes.
    [[nodiscard]] Expected<std::vector<std::string>> feed(std::string_view bytes);

private:
    [[nodiscard]] Expected<void> take(
        std::string_view blob, std::uint64_t objectId, std::uint64_t fragmentId, bool start);

    std::string m_pending;
    std::uint64_t m_objectId = 0;
    std::uint64_t m_nextFragment = 0;
    bool m_open = false;
};

// One fragment per entry; `maximum` includes the header.
[[nodiscard]] std::vector<std::string> fragments(
    std::string_view message, std::uint64_t objectId, size_t maximum);

} // namespace postern::lab

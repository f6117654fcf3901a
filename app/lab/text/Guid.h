// A GUID with both orders that PSRP mixes: textual (big-endian) in XML, .NET's (first three groups
// little-endian) in message headers ([MS-PSRP] 2.2.1). Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern::lab {

struct Guid
{
    std::array<std::uint8_t, 16> bytes{}; // in textual order

    [[nodiscard]] static std::optional<Guid> parse(std::string_view text); // with or without braces
    [[nodiscard]] static Guid random();
    [[nodiscard]] static Guid fromWire(const char* sixteen);
    [[nodiscard]] static Guid fromNumbers(
        std::uint64_t high, std::uint64_t low); // version and variant bits set

    [[nodiscard]] std::string lower() const;
    [[nodiscard]] std::string upper() const;
    void appendWire(std::string& out) const;
    [[nodiscard]] bool isNull() const { return *this == Guid{}; }
    friend auto operator<=>(const Guid&, const Guid&) = default;
};

} // namespace postern::lab

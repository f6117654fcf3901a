// The lists people, places and departments are made of. Constant data, any thread.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace postern::lab {

struct GivenName
{
    std::string_view text, ascii;
};
struct Place
{
    std::string_view city, unit, areaCode;
};
// A whole name that somebody must get right: quoting, scripts, astral characters, markup.
struct HardName
{
    std::string_view first, last, display, alias;
};

[[nodiscard]] std::span<const GivenName> givenNames();
[[nodiscard]] std::span<const GivenName> familyNames();
[[nodiscard]] std::span<const HardName> hardNames();
[[nodiscard]] std::span<const Place> places();
[[nodiscard]] std::span<const std::string_view> departments();
[[nodiscard]] std::span<const std::string_view> titles();

} // namespace postern::lab

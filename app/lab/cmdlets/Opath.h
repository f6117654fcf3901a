// OPATH filters (-Filter): `DeviceType -eq 'iPhone' -and (FirstSyncTime -gt '01/31/2024' -or -not (DeviceOS
// -like 'iOS*'))`. A real parser: precedence -not, -and, -or; quotes doubled inside text; $true, $false,
// $null. Values compare by the type of the property. Immutable once parsed; any thread.
#pragma once

#include <memory>
#include <optional>
#include <tl/expected.hpp>

#include "app/lab/psrp/Value.h"

namespace postern::lab {

class OpathFilter
{
public:
    [[nodiscard]] static tl::expected<OpathFilter, std::string> parse(
        std::string_view text, std::string_view culture = "en-US");
    [[nodiscard]] std::vector<std::string> properties() const;
    // When the filter can only hold for what changed at or after a time: that time.
    [[nodiscard]] std::optional<std::int64_t> notBefore() const;
    [[nodiscard]] bool matches(const Object& object) const;

    struct Node;

private:
    std::shared_ptr<const Node> m_root;
};

// A date as .NET reads it in a culture: month or day first ("03/04/2026"), year first, ISO, with or without a
// time; as UTC milliseconds. In the calendar of ar-SA no year of ours exists.
[[nodiscard]] std::optional<std::int64_t> parseFilterTime(
    std::string_view text, std::string_view culture = "en-US");

} // namespace postern::lab

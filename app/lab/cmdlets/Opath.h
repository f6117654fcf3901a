// OPATH filters (-Filter): `DeviceType -eq 'iPhone' -and (FirstSyncTime -gt '01/31/2024' -or -not (DeviceOS
// -like 'iOS*'))`. A real parser: precedence -not, -and, -or; quotes doubled inside text; $true, $false,
// $null. Values compare by the type of the property. Immutable once parsed; any thread.
#pragma once

#include <memory>
#include <tl/expected.hpp>

#include "app/lab/psrp/Value.h"

namespace postern::lab {

class OpathFilter
{
public:
    [[nodiscard]] static tl::expected<OpathFilter, std::string> parse(std::string_view text);
    [[nodiscard]] std::vector<std::string> properties() const;
    [[nodiscard]] bool matches(const Object& object) const;

    struct Node;

private:
    std::shared_ptr<const Node> m_root;
};

// 'MM/dd/yyyy HH:mm:ss', ISO, with or without time; as UTC milliseconds.
[[nodiscard]] std::optional<std::int64_t> parseFilterTime(std::string_view text);

} // namespace postern::lab

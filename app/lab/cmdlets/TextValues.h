// What is left of an object that was serialised twice, as happens behind a proxy session (SYN-30): its type
// names carry "Deserialized.", dates and time spans are text in the server's culture (the general pattern of
// .NET; ar-SA counts in its own calendar), enums and nested objects are their ToString, which no culture
// changes. Pure, any thread.
#pragma once

#include "app/lab/psrp/Value.h"

namespace postern::lab {

[[nodiscard]] ObjectPtr deserialised(const Object& object, const std::string& culture);
// "24.11.2026 06:05:04", "11/24/2026 6:05:04 AM", "2026/11/24 6:05:04", "13/06/48 06:05:04 ص".
[[nodiscard]] std::string dateText(std::int64_t ms, const std::string& culture);

} // namespace postern::lab

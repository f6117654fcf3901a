// A ZIP archive with one deflated file (APPNOTE 4.3), as export jobs hand out. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace postern::lab {

[[nodiscard]] std::string zipOf(std::string_view fileName, std::string_view contents);

} // namespace postern::lab

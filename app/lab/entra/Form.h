// application/x-www-form-urlencoded, as bodies and as queries. Pure, any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace postern::lab {

using Form = std::map<std::string, std::string>;

// Of a name that comes twice the first value counts, and `repeated` names it.
[[nodiscard]] Form parsedForm(std::string_view text, std::string* repeated = nullptr);
[[nodiscard]] std::string urlEncoded(std::string_view text);
[[nodiscard]] std::string htmlEscaped(std::string_view text);
[[nodiscard]] std::string valueOf(const Form& form, const std::string& name);

} // namespace postern::lab

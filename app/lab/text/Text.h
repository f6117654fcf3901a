// Small text functions on UTF-8 std::string, which is what the lab works with from the socket to the answer.
// Pure, any thread. Base64 decoding is strict: a character outside the alphabet or wrong padding is nullopt,
// never a guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::lab {

[[nodiscard]] std::string base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

void appendXmlEscaped(std::string& out, std::string_view text);
[[nodiscard]] std::string xmlEscaped(std::string_view text);

// ASCII only, which is what protocol names are made of.
[[nodiscard]] bool equalsIgnoreCase(std::string_view a, std::string_view b);
[[nodiscard]] bool startsWithIgnoreCase(std::string_view text, std::string_view prefix);
[[nodiscard]] std::string asciiLower(std::string_view text);
// Whole Unicode, for identities that people typed.
[[nodiscard]] std::string caseFolded(std::string_view text);
// Exchange's wildcard comparison: '*' only, case-insensitive.
[[nodiscard]] bool matchesWildcard(std::string_view text, std::string_view pattern);

[[nodiscard]] std::string trimmed(std::string_view text);
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view separator);
[[nodiscard]] std::string upperHex(std::string_view bytes);
// No data-dependent branch: the time must not tell how much of a secret was right.
[[nodiscard]] bool constantTimeEquals(std::string_view a, std::string_view b);

} // namespace postern::lab

// NTLM, the accepting side, NTLMv2 only ([MS-NLMP] 2.2.1, 3.3.2). Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern::lab::ntlm {

struct Challenge
{
    std::string serverChallenge; // 8 bytes
    std::string message; // CHALLENGE_MESSAGE
};
struct UserName
{
    std::string domain, user; // UTF-8
    [[nodiscard]] std::string qualified() const { return domain.empty() ? user : domain + "\\" + user; }
};

[[nodiscard]] bool isMessage(std::string_view token); // NTLMSSP
[[nodiscard]] bool isNegotiate(std::string_view token); // type 1
[[nodiscard]] Challenge challengeFor(std::string_view negotiate);
[[nodiscard]] std::optional<UserName> userOf(
    std::string_view authenticate); // nullopt: not a well-formed type 3
[[nodiscard]] bool verifies(
    std::string_view authenticate, std::string_view serverChallenge, std::string_view password);

// The key of NTLMv2: HMAC-MD5 over upper-cased user and domain with the password's MD4. Exposed for
// known-answer tests.
[[nodiscard]] std::string ntowfv2(std::string_view user, std::string_view domain, std::string_view password);
[[nodiscard]] std::string md4(
    std::string_view data); // [RFC 1320]; OpenSSL 3 keeps it in a provider that may be absent

} // namespace postern::lab::ntlm

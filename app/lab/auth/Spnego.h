// As much of SPNEGO ([RFC 4178]) as NTLM inside Negotiate needs: the mechanism token of a client's message,
// and the answer around ours. Kerberos' SPNEGO is GSSAPI's business. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern::lab::spnego {

// The NTLMSSP message inside a NegTokenInit or NegTokenResp; nullopt: none, or not well-formed DER.
[[nodiscard]] std::optional<std::string> ntlmInside(std::string_view token);
// NegTokenResp, accept-incomplete with the challenge, or accept-completed without one.
[[nodiscard]] std::string answer(std::string_view responseToken, bool completed);

} // namespace postern::lab::spnego

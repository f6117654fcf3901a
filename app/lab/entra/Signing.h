// Keys, certificates and signed tokens (JWT, RFC 7515/7519) for the lab's Entra, with OpenSSL: RS256 and
// PS256 (RFC 7518 3.3, 3.5), thumbprints as certificate credentials name them. Any thread.
#pragma once

#include <QJsonObject>
#include <optional>
#include <string>
#include <string_view>

#include "app/lab/http/Certificates.h"

namespace postern::lab {

[[nodiscard]] std::string base64Url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> fromBase64Url(std::string_view text); // strict, no padding

[[nodiscard]] KeyPtr newRsaKey();
[[nodiscard]] CertificatePtr selfSignedCertificate(EVP_PKEY* key, const std::string& commonName);
[[nodiscard]] std::string pemOf(X509* certificate);
[[nodiscard]] std::string pemOf(EVP_PKEY* key);
[[nodiscard]] CertificatePtr certificateFromPem(const std::string& text); // nullptr: none in it

[[nodiscard]] std::string sha256(std::string_view bytes);
[[nodiscard]] std::string hmacSha256(std::string_view key, std::string_view bytes);
[[nodiscard]] std::string thumbprintSha256(X509* certificate); // base64url of SHA-256 over the DER: x5t#S256
[[nodiscard]] std::string thumbprintSha1(X509* certificate); // x5t
[[nodiscard]] QJsonObject publicJwk(EVP_PKEY* key, const std::string& kid);

struct Jwt
{
    QJsonObject header, claims;
    std::string signedPart, signature;
};
[[nodiscard]] std::optional<Jwt> parsedJwt(std::string_view token);
[[nodiscard]] std::string signedJwt(const QJsonObject& header, const QJsonObject& claims, EVP_PKEY* key);
// alg is "RS256" or "PS256" (salt of 32 bytes); anything else is not verified.
[[nodiscard]] bool verifies(const Jwt& jwt, const std::string& alg, EVP_PKEY* publicKey);

} // namespace postern::lab

// Access tokens: signed JWTs that the lab remembers, so that Graph knows them again at the price of a
// look-up, can expire them early, and tells an expired token from one it never issued. Lifetimes are in real
// time. Any thread.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <unordered_map>

#include "app/lab/entra/Signing.h"

namespace postern::lab {

struct Claims
{
    std::string audience; // the resource as asked for
    std::string clientId, oid, upn, name;
    bool delegated = false; // scp instead of roles
    bool intuneAdministrator = false;
    bool takesChallenges = false; // xms_cc cp1
    std::set<std::string> permissions;
    std::int64_t expiresMs = 0; // epoch, real time
};

enum class TokenState { Good, Expired, Malformed, WrongSignature };

class Tokens
{
public:
    Tokens(std::string tenantId, std::string issuerBase);

    struct Issued
    {
        std::string token;
        std::int64_t seconds = 0;
    };
    [[nodiscard]] Issued issue(Claims claims);
    [[nodiscard]] std::string idToken(const Claims& claims, const std::string& nonce);
    [[nodiscard]] TokenState check(const std::string& token, Claims& claims) const;
    void expire(const std::string& token); // one, before its time
    void expireAll();

    void setSeconds(std::int64_t seconds) { m_seconds.store(seconds); }
    [[nodiscard]] QJsonObject keySet(); // JWKS
    [[nodiscard]] std::string issuer() const { return m_base + "/" + m_tenant + "/v2.0"; }

private:
    [[nodiscard]] EVP_PKEY* key();
    [[nodiscard]] QJsonObject common(const Claims& claims, std::int64_t nowMs) const;
    void forgetOld(std::int64_t nowMs);

    std::string m_tenant, m_base;
    std::once_flag m_keyMade; // an RSA key costs a tenth of a second: only a lab that signs pays it
    KeyPtr m_key;
    std::string m_kid;
    mutable std::shared_mutex m_mutex;
    std::unordered_map<std::string, Claims> m_issued;
    std::atomic<std::int64_t> m_seconds{3600};
};

} // namespace postern::lab

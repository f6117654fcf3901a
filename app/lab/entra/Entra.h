// The lab's Entra: discovery, authorize (a page with a form, or straight on when told to), token, devicecode,
// keys. Strict: what the real one refuses is refused with its number. graph-reference 2. Any thread.
#pragma once

#include <map>

#include "app/lab/entra/Applications.h"
#include "app/lab/entra/EntraErrors.h"
#include "app/lab/entra/Form.h"
#include "app/lab/entra/Scopes.h"
#include "app/lab/entra/Tokens.h"

namespace postern::lab {

struct EntraOptions
{
    std::string base; // https://localhost:1234
    std::string tenantId;
    std::int64_t codeSeconds = 600, deviceSeconds = 900;
    int deviceInterval = 5;
};

class Entra
{
public:
    Entra(Applications& applications, Tokens& tokens, CertificatePtr clientCertificate, std::uint64_t seed,
        EntraOptions options);

    [[nodiscard]] static bool serves(const std::string& path);
    [[nodiscard]] WebAnswer answer(const WebRequest& request);

    // Controls. With a name set, authorize and device codes go through without a page.
    void signInAs(const std::string& upn);
    void declineNext();
    void revokeRefreshTokens() { m_generation.fetch_add(1); }
    void setDeviceInterval(int seconds) { m_deviceInterval.store(seconds); }
    bool approveDeviceCode(const std::string& userCode, const std::string& upn);

private:
    struct Code // an authorization code waiting to be redeemed
    {
        std::string clientId, redirect, challenge, upn, scope, nonce;
        bool takesChallenges = false, redeemed = false;
        std::int64_t createdMs = 0;
    };
    struct Device
    {
        std::string userCode, clientId, scope, upn;
        bool declined = false, redeemed = false;
        std::int64_t createdMs = 0;
    };
    struct AuthorizeRequest
    {
        Application application;
        Form form;
        std::string redirect;
    };
    enum class Flow { Public, Confidential };

    // Entra.cpp
    [[nodiscard]] Granted<void> checkTenant(const std::string& tenant) const;
    [[nodiscard]] WebAnswer discovery(const std::string& tenant) const;
    // TokenGrants.cpp
    [[nodiscard]] WebAnswer token(const WebRequest& request, const std::string& tenant);
    [[nodiscard]] Granted<std::string> granted(const Form& form, const std::string& tenant);
    [[nodiscard]] Granted<std::string> byClientCredentials(const Form& form, const std::string& tenant);
    [[nodiscard]] Granted<std::string> byCode(const Form& form);
    [[nodiscard]] Granted<std::string> byRefreshToken(const Form& form);
    [[nodiscard]] Granted<std::string> byDeviceCode(const Form& form);
    struct UserGrant
    {
        std::string upn, scope, nonce;
        bool takesChallenges = false;
    };
    [[nodiscard]] Granted<std::string> forUser(const Application& application, const UserGrant& grant);
    [[nodiscard]] std::string refreshToken(const Application& application, const UserGrant& grant) const;
    // ClientProof.cpp
    [[nodiscard]] Granted<Application> application(const Form& form) const;
    [[nodiscard]] Granted<void> publicProof(const Application& application, const Form& form) const;
    [[nodiscard]] Granted<void> proof(
        const Application& application, const Form& form, const std::string& tenant) const;
    [[nodiscard]] Granted<void> assertion(
        const Application& application, const std::string& assertion, const std::string& tenant) const;
    // Authorize.cpp
    [[nodiscard]] WebAnswer authorize(const WebRequest& request, const std::string& tenant);
    [[nodiscard]] Granted<AuthorizeRequest> checkedAuthorize(const Form& form) const;
    [[nodiscard]] Granted<void> checkedParameters(const AuthorizeRequest& asked) const;
    [[nodiscard]] WebAnswer redirected(const AuthorizeRequest& asked, const std::string& upn);
    [[nodiscard]] static WebAnswer redirectedError(
        const AuthorizeRequest& asked, std::string_view error, const EntraProblem& problem);
    // DeviceLogin.cpp
    [[nodiscard]] WebAnswer deviceCode(const WebRequest& request, const std::string& tenant);
    [[nodiscard]] WebAnswer deviceLogin(const WebRequest& request);

    Applications& m_applications;
    Tokens& m_tokens;
    CertificatePtr m_clientCertificate;
    KeyPtr m_clientKey; // the public half
    EntraOptions m_options;
    std::string m_refreshKey;
    std::atomic<int> m_generation{0}, m_deviceInterval{5};
    mutable std::mutex m_mutex;
    std::map<std::string, Code> m_codes;
    std::map<std::string, Device> m_devices;
    std::string m_autoUpn;
    bool m_declineNext = false;
};

[[nodiscard]] std::int64_t realNowMs();

} // namespace postern::lab

#include "app/lab/entra/Entra.h"

#include <QJsonDocument>
#include <chrono>

#include "app/lab/json/JsonOut.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

struct EntraPath
{
    std::string tenant, rest; // "oauth2/v2.0/token"
};

std::optional<EntraPath> parsedPath(const std::string& path)
{
    const auto slash = path.find('/', 1);
    if (path.empty() || path[0] != '/' || slash == std::string::npos)
        return std::nullopt;
    EntraPath out{path.substr(1, slash - 1), path.substr(slash + 1)};
    for (const char* known : {"oauth2/v2.0/authorize", "oauth2/v2.0/token", "oauth2/v2.0/devicecode",
             "v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"}) {
        if (equalsIgnoreCase(out.rest, known)) {
            out.rest = known;
            return out;
        }
    }
    return std::nullopt;
}

WebAnswer notAllowed()
{
    WebAnswer answer;
    answer.status = 405;
    answer.contentType = "text/html; charset=utf-8";
    return answer;
}

WebAnswer json(std::string body)
{
    WebAnswer answer;
    answer.contentType = "application/json; charset=utf-8";
    answer.body = std::move(body);
    return answer;
}

} // namespace

std::int64_t realNowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

Entra::Entra(Applications& applications, Tokens& tokens, CertificatePtr clientCertificate, std::uint64_t seed,
    EntraOptions options)
    : m_applications(applications)
    , m_tokens(tokens)
    , m_clientCertificate(std::move(clientCertificate))
    , m_clientKey(X509_get_pubkey(m_clientCertificate.get()))
    , m_options(std::move(options))
    // From the seed, so that a lab that starts again honours the refresh tokens it gave out.
    , m_refreshKey(sha256("refresh tokens of lab " + std::to_string(seed) + m_options.tenantId))
    , m_deviceInterval(m_options.deviceInterval)
{
}

bool Entra::serves(const std::string& path)
{
    return equalsIgnoreCase(path, "/devicelogin") || parsedPath(path).has_value();
}

Granted<void> Entra::checkTenant(const std::string& tenant) const
{
    if (equalsIgnoreCase(tenant, m_options.tenantId) || equalsIgnoreCase(tenant, "contoso.lab")
        || equalsIgnoreCase(tenant, cloudDomain) || equalsIgnoreCase(tenant, "organizations")
        || equalsIgnoreCase(tenant, "common"))
        return {};
    return refusal(90002, tenant);
}

WebAnswer Entra::answer(const WebRequest& request)
{
    if (equalsIgnoreCase(request.path, "/devicelogin"))
        return deviceLogin(request);
    const auto path = parsedPath(request.path);
    if (!path)
        return entraError({90002, {}}, request);
    if (const auto tenant = checkTenant(path->tenant); !tenant)
        return entraError(tenant.error(), request);
    if (path->rest == "v2.0/.well-known/openid-configuration")
        return request.method == "GET" ? discovery(path->tenant) : notAllowed();
    if (path->rest == "discovery/v2.0/keys")
        return request.method == "GET"
            ? json(QJsonDocument(m_tokens.keySet()).toJson(QJsonDocument::Compact).toStdString())
            : notAllowed();
    if (path->rest == "oauth2/v2.0/authorize")
        return authorize(request, path->tenant);
    if (request.method != "POST")
        return entraError({900144, "grant_type"}, request);
    return path->rest == "oauth2/v2.0/token" ? token(request, path->tenant)
                                             : deviceCode(request, path->tenant);
}

WebAnswer Entra::discovery(const std::string& tenant) const
{
    const std::string own = m_options.base + "/" + tenant;
    return json(
        JsonOut()
            .text("token_endpoint", own + "/oauth2/v2.0/token")
            .strings("token_endpoint_auth_methods_supported",
                {"client_secret_post", "private_key_jwt", "client_secret_basic"})
            .text("jwks_uri", own + "/discovery/v2.0/keys")
            .strings("response_modes_supported", {"query", "fragment", "form_post"})
            .strings("subject_types_supported", {"pairwise"})
            .strings("id_token_signing_alg_values_supported", {"RS256"})
            .strings("response_types_supported", {"code", "id_token", "code id_token", "id_token token"})
            .strings("scopes_supported", {"openid", "profile", "email", "offline_access"})
            .text("issuer", m_tokens.issuer())
            .text("authorization_endpoint", own + "/oauth2/v2.0/authorize")
            .text("device_authorization_endpoint", own + "/oauth2/v2.0/devicecode")
            .strings("claims_supported",
                {"sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "oid"})
            .text("tenant_region_scope", "EU")
            .text("cloud_instance_name", "microsoftonline.com")
            .text("msgraph_host", m_options.base.substr(m_options.base.find("//") + 2))
            .finish());
}

void Entra::signInAs(const std::string& upn)
{
    const std::scoped_lock lock(m_mutex);
    m_autoUpn = upn;
}

void Entra::declineNext()
{
    const std::scoped_lock lock(m_mutex);
    m_declineNext = true;
}

} // namespace postern::lab

// How a client proves who it is: not at all (public), by secret, or by an assertion signed with its
// certificate (graph-reference 2.3).
#include "app/lab/entra/Entra.h"
#include "app/lab/json/JsonOut.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr std::int64_t clockToleranceMs = 300000;
constexpr std::string_view assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

std::string textOf(const QJsonObject& object, const char* name)
{
    return object.value(QLatin1String(name)).toString().toStdString();
}

} // namespace

Granted<Application> Entra::application(const Form& form) const
{
    const std::string id = valueOf(form, "client_id");
    if (id.empty())
        return refusal(900144, "client_id");
    const auto found = m_applications.find(id);
    if (!found)
        return refusal(700016, id);
    return *found;
}

Granted<void> Entra::publicProof(const Application& application, const Form& form) const
{
    if (form.contains("client_secret") || form.contains("client_assertion"))
        return refusal(700025);
    if (!application.publicClient)
        return refusal(7000218);
    return {};
}

Granted<void> Entra::proof(const Application& application, const Form& form, const std::string& tenant) const
{
    if (form.contains("client_assertion")) {
        if (valueOf(form, "client_assertion_type") != assertionType)
            return refusal(900144, "client_assertion_type");
        return assertion(application, valueOf(form, "client_assertion"), tenant);
    }
    const std::string secret = valueOf(form, "client_secret");
    if (secret.empty())
        return refusal(7000218);
    if (!constantTimeEquals(secret, application.secret))
        return refusal(7000215, application.clientId);
    if (application.secretExpired)
        return refusal(7000222, application.clientId);
    return {};
}

Granted<void> Entra::assertion(
    const Application& application, const std::string& text, const std::string& tenant) const
{
    const auto jwt = parsedJwt(text);
    if (!jwt)
        return refusal(50027, "JWT format is wrong.");
    const std::string alg = textOf(jwt->header, "alg");
    if (textOf(jwt->header, "typ") != "JWT" || (alg != "PS256" && alg != "RS256"))
        return refusal(50012, "Client assertion contains an invalid header.");
    const std::string thumbprint = textOf(jwt->header, "x5t#S256"), old = textOf(jwt->header, "x5t");
    const bool named = thumbprint == thumbprintSha256(m_clientCertificate.get())
        || (thumbprint.empty() && alg == "RS256" && old == thumbprintSha1(m_clientCertificate.get()));
    if (!application.certificate || !named)
        return refusal(700027,
            "[Reason - The key was not found., Thumbprint of key used by client: '"
                + (thumbprint.empty() ? old : thumbprint) + "']");
    if (!verifies(*jwt, alg, m_clientKey.get()))
        return refusal(700027, "[Reason - The key used is expired or the signature is wrong.]");
    if (textOf(jwt->claims, "iss") != application.clientId
        || textOf(jwt->claims, "sub") != application.clientId)
        return refusal(700021);
    const std::string audience = textOf(jwt->claims, "aud"), endpoint = "/oauth2/v2.0/token";
    if (audience != m_options.base + "/" + tenant + endpoint
        && audience != m_options.base + "/" + m_options.tenantId + endpoint
        && audience != m_options.base + "/" + m_options.tenantId + "/v2.0")
        return refusal(700023);
    if (textOf(jwt->claims, "jti").empty())
        return refusal(50027, "The claim 'jti' is missing.");
    const auto expires = std::int64_t(jwt->claims.value("exp"_L1).toDouble() * 1000),
               from = std::int64_t(jwt->claims.value("nbf"_L1).toDouble() * 1000), now = realNowMs();
    if (expires + clockToleranceMs < now || from - clockToleranceMs > now || expires - from > 86400000)
        return refusal(700024,
            "Current time: " + graphTime(now) + ", assertion valid from " + graphTime(from)
                + ", expiry time of assertion " + graphTime(expires) + ".");
    return {};
}

} // namespace postern::lab

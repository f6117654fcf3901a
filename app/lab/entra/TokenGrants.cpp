// The token endpoint: what each grant type asks for and gives (graph-reference 2.1 to 2.4).
#include <QJsonArray>
#include <QJsonDocument>

#include "app/lab/entra/Entra.h"
#include "app/lab/json/JsonOut.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

// {"access_token":{"xms_cc":{"values":["cp1"]}}}
bool takesChallenges(const std::string& claims)
{
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(claims));
    const auto values = document.object()
                            .value("access_token"_L1)
                            .toObject()
                            .value("xms_cc"_L1)
                            .toObject()
                            .value("values"_L1)
                            .toArray();
    for (const auto& value : values) {
        if (value.toString().compare("cp1"_L1, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

std::string scopesWithResource(const AskedScopes& asked, const std::set<std::string>& permissions)
{
    std::string out;
    for (const std::string& permission : permissions)
        out += (out.empty() ? "" : " ") + asked.audience + "/" + permission;
    for (const auto& [present, name] : {std::pair{asked.openId, " openid profile"}, {asked.offline, ""}}) {
        if (present)
            out += name;
    }
    return out;
}

} // namespace

WebAnswer Entra::token(const WebRequest& request, const std::string& tenant)
{
    if (!startsWithIgnoreCase(request.header("content-type"), "application/x-www-form-urlencoded"))
        return entraError({900144, "grant_type"}, request);
    std::string repeated;
    const Form form = parsedForm(request.body, &repeated);
    auto made = !repeated.empty()
        ? Granted<std::string>(refusal(90014, "The parameter '" + repeated + "' was sent twice."))
        : granted(form, tenant);
    if (!made)
        return entraError(made.error(), request);
    WebAnswer answer;
    answer.contentType = "application/json; charset=utf-8";
    answer.headers = {{"Cache-Control", "no-store, no-cache"}, {"Pragma", "no-cache"}};
    answer.body = std::move(*made);
    return answer;
}

Granted<std::string> Entra::granted(const Form& form, const std::string& tenant)
{
    const std::string type = valueOf(form, "grant_type");
    if (type.empty())
        return refusal(900144, "grant_type");
    if (type == "client_credentials")
        return byClientCredentials(form, tenant);
    if (type == "authorization_code")
        return byCode(form);
    if (type == "refresh_token")
        return byRefreshToken(form);
    if (type == "urn:ietf:params:oauth:grant-type:device_code" || type == "device_code")
        return byDeviceCode(form);
    return refusal(70003, type);
}

Granted<std::string> Entra::byClientCredentials(const Form& form, const std::string& tenant)
{
    const auto known = application(form);
    if (!known)
        return tl::unexpected(known.error());
    if (equalsIgnoreCase(tenant, "common") || equalsIgnoreCase(tenant, "organizations"))
        return refusal(50059);
    const std::string scope = valueOf(form, "scope");
    if (scope.empty())
        return refusal(900144, "scope");
    const auto asked = askedScopes(scope, m_options.base);
    if (!asked)
        return tl::unexpected(asked.error());
    if (!asked->isDefault() || asked->openId || asked->offline)
        return refusal(1002012, scope);
    if (const auto proved = proof(*known, form, tenant); !proved)
        return tl::unexpected(proved.error());
    Claims claims;
    claims.audience = asked->audience;
    claims.clientId = claims.oid = known->clientId;
    claims.takesChallenges = takesChallenges(valueOf(form, "claims"));
    claims.permissions = known->roles;
    if (asked->resource == Resource::Exchange)
        claims.permissions
            = known->role == "full" ? std::set<std::string>{"Exchange.ManageAsApp"} : std::set<std::string>{};
    const Tokens::Issued issued = m_tokens.issue(std::move(claims));
    return JsonOut()
        .text("token_type", "Bearer")
        .number("expires_in", issued.seconds)
        .number("ext_expires_in", issued.seconds)
        .text("access_token", issued.token)
        .finish();
}

Granted<std::string> Entra::byCode(const Form& form)
{
    const auto known = application(form);
    if (!known)
        return tl::unexpected(known.error());
    for (const char* needed : {"code", "redirect_uri"}) {
        if (valueOf(form, needed).empty())
            return refusal(900144, needed);
    }
    if (const auto proved = publicProof(*known, form); !proved)
        return tl::unexpected(proved.error());
    Code code;
    {
        const std::scoped_lock lock(m_mutex);
        const auto at = m_codes.find(valueOf(form, "code"));
        if (at == m_codes.end())
            return refusal(70000);
        code = at->second;
        at->second.redeemed = true;
    }
    if (code.redeemed)
        return refusal(54005);
    if (code.createdMs + m_options.codeSeconds * 1000 < realNowMs())
        return refusal(70008);
    if (code.clientId != known->clientId)
        return refusal(70000);
    if (code.redirect != valueOf(form, "redirect_uri"))
        return refusal(50011, valueOf(form, "redirect_uri"));
    const std::string verifier = valueOf(form, "code_verifier");
    if (verifier.empty())
        return refusal(50148);
    if (verifier.size() < 43 || verifier.size() > 128 || base64Url(sha256(verifier)) != code.challenge)
        return refusal(501481);
    const std::string scope = valueOf(form, "scope");
    return forUser(*known,
        {code.upn, scope.empty() ? code.scope : scope, code.nonce,
            code.takesChallenges || takesChallenges(valueOf(form, "claims"))});
}

Granted<std::string> Entra::forUser(const Application& application, const UserGrant& grant)
{
    const auto person = m_applications.person(grant.upn);
    if (!person)
        return refusal(50034, grant.upn);
    if (!person->enabled)
        return refusal(50057);
    const auto asked = askedScopes(grant.scope, m_options.base);
    if (!asked)
        return tl::unexpected(asked.error());
    if (application.scopes.empty())
        return refusal(65001, application.clientId);
    for (const std::string& permission : asked->permissions) {
        if (permission != ".default" && asked->resource == Resource::Graph
            && !application.scopes.contains(permission))
            return refusal(65001, application.clientId);
    }
    Claims claims;
    claims.audience = asked->audience.empty() ? "https://graph.microsoft.com" : asked->audience;
    claims.clientId = application.clientId;
    claims.oid = person->oid;
    claims.upn = person->upn;
    claims.name = person->name;
    claims.delegated = true;
    claims.intuneAdministrator = person->intuneAdministrator;
    claims.takesChallenges = grant.takesChallenges;
    claims.permissions
        = asked->resource == Resource::Graph ? application.scopes : std::set<std::string>{"Exchange.Manage"};
    JsonOut out;
    const std::string scope = scopesWithResource(*asked, claims.permissions);
    if (asked->openId)
        out.text("id_token", m_tokens.idToken(claims, grant.nonce));
    const Tokens::Issued issued = m_tokens.issue(std::move(claims));
    out.text("token_type", "Bearer")
        .text("scope", scope)
        .number("expires_in", issued.seconds)
        .number("ext_expires_in", issued.seconds)
        .text("access_token", issued.token);
    if (asked->offline)
        out.text("refresh_token", refreshToken(application, grant));
    return out.finish();
}

// Stateless, as the real one's: each use gives a new one, and the old ones stay good until all are revoked.
std::string Entra::refreshToken(const Application& application, const UserGrant& grant) const
{
    const std::string payload = JsonOut()
                                    .text("c", application.clientId)
                                    .text("u", grant.upn)
                                    .text("s", grant.scope)
                                    .flag("x", grant.takesChallenges)
                                    .number("g", m_generation.load())
                                    .text("n", Guid::random().lower())
                                    .finish();
    const std::string body = base64Url(payload);
    return "1.A" + body + "." + base64Url(hmacSha256(m_refreshKey, body));
}

Granted<std::string> Entra::byRefreshToken(const Form& form)
{
    const auto known = application(form);
    if (!known)
        return tl::unexpected(known.error());
    const std::string token = valueOf(form, "refresh_token");
    if (token.empty())
        return refusal(900144, "refresh_token");
    if (const auto proved = publicProof(*known, form); !proved)
        return tl::unexpected(proved.error());
    const auto dot = token.rfind('.');
    if (!token.starts_with("1.A") || dot <= 3)
        return refusal(70000);
    const std::string body = token.substr(3, dot - 3);
    const auto payload = fromBase64Url(body);
    if (!payload || !constantTimeEquals(base64Url(hmacSha256(m_refreshKey, body)), token.substr(dot + 1)))
        return refusal(70000);
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(*payload)).object();
    if (object.value("c"_L1).toString().toStdString() != known->clientId)
        return refusal(70000);
    if (object.value("g"_L1).toInt() != m_generation.load())
        return refusal(50173);
    std::string scope = valueOf(form, "scope");
    if (scope.empty())
        scope = object.value("s"_L1).toString().toStdString();
    if ((" " + scope + " ").find(" offline_access ") == std::string::npos)
        scope += " offline_access"; // a renewal always brings the next refresh token
    return forUser(*known,
        {object.value("u"_L1).toString().toStdString(), scope, {},
            object.value("x"_L1).toBool() || takesChallenges(valueOf(form, "claims"))});
}

Granted<std::string> Entra::byDeviceCode(const Form& form)
{
    const auto known = application(form);
    if (!known)
        return tl::unexpected(known.error());
    if (const auto proved = publicProof(*known, form); !proved)
        return tl::unexpected(proved.error());
    if (valueOf(form, "device_code").empty())
        return refusal(900144, "device_code");
    Device device;
    {
        const std::scoped_lock lock(m_mutex);
        const auto at = m_devices.find(valueOf(form, "device_code"));
        if (at == m_devices.end() || at->second.clientId != known->clientId)
            return refusal(70018);
        if (at->second.upn.empty() && !m_autoUpn.empty() && !m_declineNext)
            at->second.upn = m_autoUpn;
        device = at->second;
        if (!device.upn.empty())
            at->second.redeemed = true;
    }
    if (device.redeemed)
        return refusal(70000);
    if (device.declined)
        return refusal(70020);
    if (device.createdMs + m_options.deviceSeconds * 1000 < realNowMs())
        return refusal(70019);
    if (device.upn.empty())
        return refusal(70016);
    return forUser(*known, {device.upn, device.scope, {}, takesChallenges(valueOf(form, "claims"))});
}

} // namespace postern::lab

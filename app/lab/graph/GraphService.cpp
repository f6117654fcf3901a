#include "app/lab/graph/GraphService.h"

#include <chrono>
#include <ctime>
#include <thread>

#include "app/lab/text/Guid.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr const char* graphAppId = "00000003-0000-0000-c000-000000000000";

Throttle::Limits limitsFor(std::uint32_t users)
{
    Throttle::Limits limits;
    limits.directoryUnits = users < 50 ? 3500 : users <= 500 ? 5000 : 8000;
    return limits;
}

std::string httpDate()
{
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::string out(40, '\0');
    out.resize(std::strftime(out.data(), out.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc));
    return out;
}

} // namespace

GraphService::GraphService(
    EntraDirectory& directory, Tokens& tokens, FaultPlan& faults, Counters& counters, const std::string& base)
    : m_directory(directory)
    , m_tenant(directory.tenant())
    , m_tokens(tokens)
    , m_faults(faults)
    , m_counters(counters)
    , m_throttle(limitsFor(directory.tenant().people().userCount()))
    , m_exports(directory.tenant(), base)
{
    m_options.base = base;
}

bool GraphService::serves(const std::string& lowerPath)
{
    return lowerPath.starts_with("/v1.0/") || lowerPath == "/v1.0" || lowerPath.starts_with("/beta/");
}

GraphAnswer GraphService::unauthorized(const std::string& message, const std::string& challenge) const
{
    GraphAnswer answer = graphError(401, "InvalidAuthenticationToken", message);
    answer.headers.emplace_back("WWW-Authenticate",
        "Bearer realm=\"\", authorization_uri=\"" + m_options.base
            + "/common/oauth2/authorize\", client_id=\"" + graphAppId + "\"" + challenge);
    return answer;
}

Answered<Claims> GraphService::authenticated(const WebRequest& request)
{
    const std::string header = request.header("authorization");
    if (header.empty() || equalsIgnoreCase(trimmed(header), "bearer"))
        return tl::unexpected(unauthorized("Access token is empty."));
    if (!startsWithIgnoreCase(header, "Bearer "))
        return tl::unexpected(unauthorized("Access token is empty."));
    const std::string token = trimmed(std::string_view(header).substr(7));
    Claims claims;
    switch (m_tokens.check(token, claims)) {
    case TokenState::Malformed:
        return tl::unexpected(
            unauthorized("IDX14100: JWT is not well formed, there are no dots (.).\n"
                         "The token needs to be in JWS or JWE Compact Serialization Format."));
    case TokenState::WrongSignature:
        return tl::unexpected(unauthorized("Access token validation failure. Invalid signature."));
    case TokenState::Expired:
        return tl::unexpected(unauthorized("Lifetime validation failed, the token is expired."));
    case TokenState::Good:
        break;
    }
    if (claims.audience != "https://graph.microsoft.com" && claims.audience != graphAppId
        && claims.audience != m_options.base)
        return tl::unexpected(unauthorized("Access token validation failure. Invalid audience."));
    if (const auto refusal = m_faults.any() ? challenged(request, token, claims) : std::nullopt)
        return tl::unexpected(*refusal);
    return claims;
}

// Two faults that meet a token in the middle of its life.
std::optional<GraphAnswer> GraphService::challenged(
    const WebRequest& request, const std::string& token, const Claims& claims)
{
    if (m_faults.forRequest({"expiredToken"}, request.path, claims.upn)) {
        m_counters.fault("expiredToken");
        m_tokens.expire(token);
        return unauthorized("Lifetime validation failed, the token is expired.");
    }
    if (!claims.takesChallenges || !m_faults.forRequest({"claimsChallenge"}, request.path, claims.upn))
        return std::nullopt;
    m_counters.fault("claimsChallenge");
    m_tokens.expire(token);
    const std::string wanted = R"({"access_token":{"nbf":{"essential":true,"value":")"
        + std::to_string(std::time(nullptr)) + R"("}}})";
    return unauthorized(
        "Continuous access evaluation resulted in challenge with result: InteractionRequired and "
        "code: TokenIssuedBeforeRevocationTimestamp.",
        ", error=\"insufficient_claims\", claims=\"" + base64(wanted) + "\"");
}

GraphAnswer GraphService::busy(const FaultRule& fault)
{
    GraphAnswer answer = fault.kind == "503"
        ? graphError(503, "ServiceUnavailable", "The service is temporarily unavailable.")
        : graphError(429, "TooManyRequests", "Too many requests");
    if (fault.kind != "429NoRetryAfter")
        answer.headers.emplace_back("Retry-After", std::to_string(fault.retryAfterSeconds));
    return answer;
}

std::optional<GraphAnswer> GraphService::faulty(const WebRequest& request, WebAnswer& out)
{
    const auto fault = m_faults.forRequest(
        {"429", "429NoRetryAfter", "503", "cut", "stall", "slow", "htmlAs200"}, request.path);
    if (!fault)
        return std::nullopt;
    m_counters.fault(fault->kind);
    if (fault->kind == "stall" || fault->kind == "slow") {
        std::this_thread::sleep_for(std::chrono::milliseconds(fault->ms));
        return std::nullopt;
    }
    if (fault->kind == "cut") {
        out.cut = true;
        return GraphAnswer{};
    }
    if (fault->kind == "htmlAs200") {
        GraphAnswer answer = graphJson("<html><head><title>Sign in to continue</title></head></html>");
        answer.contentType = "text/html";
        return answer;
    }
    return busy(*fault);
}

GraphAnswer GraphService::answered(const WebRequest& request)
{
    if (!startsWithIgnoreCase(request.path, "/v1.0"))
        return noSuchSegment("beta"); // the lab has v1.0 only
    auto claims = authenticated(request);
    if (!claims)
        return claims.error();
    GraphCall call;
    call.method = request.method;
    call.path = request.path.substr(5);
    call.segments = graphSegments(call.path);
    auto query = parsedQuery(request.query);
    if (!query)
        return query.error();
    call.query = std::move(*query);
    call.body = request.body;
    for (const auto& [name, value] : request.headers)
        call.headers.emplace(name, value);
    call.claims = std::move(*claims);
    call.base = m_options.base + "/v1.0";
    return dispatched(call);
}

WebAnswer GraphService::answer(const WebRequest& request)
{
    WebAnswer out;
    auto fault = m_faults.any() ? faulty(request, out) : std::nullopt;
    if (out.cut)
        return out;
    out = finished(fault ? std::move(*fault) : answered(request), request);
    if (m_faults.any() && !fault && out.body.size() > 40 && m_faults.forRequest({"truncate"}, request.path)) {
        m_counters.fault("truncate");
        out.truncateTo = out.body.size() * 2 / 3;
    }
    return out;
}

WebAnswer GraphService::finished(GraphAnswer made, const WebRequest& request) const
{
    WebAnswer out;
    out.status = made.status;
    const std::string id = Guid::random().lower(), client = request.header("client-request-id");
    out.body = made.isError ? graphErrorBody(made, id, client.empty() ? id : client) : std::move(made.body);
    out.contentType = made.contentType;
    out.headers = std::move(made.headers);
    out.headers.emplace_back("request-id", id);
    if (!client.empty() && equalsIgnoreCase(request.header("return-client-request-id"), "true"))
        out.headers.emplace_back("client-request-id", client);
    out.headers.emplace_back("Date", httpDate());
    out.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
    out.headers.emplace_back("x-ms-ags-diagnostic",
        R"({"ServerInfo":{"DataCenter":"Lab","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"LAB0001"}})");
    if (!made.isError && made.contentType.starts_with("application/json"))
        out.headers.emplace_back("OData-Version", "4.0");
    return out;
}

} // namespace postern::lab

#include "app/lab/entra/EntraErrors.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "app/lab/json/JsonOut.h"
#include "app/lab/text/Guid.h"

namespace postern::lab {

namespace {

constexpr std::string_view grant = "invalid_grant", client = "invalid_client", request = "invalid_request";

constexpr std::array<EntraErrorText, 46> table{{
    {50011, 400, request,
        "The redirect URI '%1' specified in the request does not match the redirect URIs configured for the "
        "application."},
    {50012, 401, client, "Authentication failed. %1"},
    {50034, 400, grant, "The user account %1 does not exist in the directory."},
    {50053, 400, grant, "The account is locked, you've tried to sign in too many times."},
    {50055, 400, grant, "The password is expired."},
    {50057, 400, grant, "The user account is disabled."},
    {50058, 400, "login_required", "A silent sign-in request was sent but no user is signed in."},
    {50059, 400, request,
        "No tenant-identifying information found in either the request or implied by any provided "
        "credentials."},
    {50076, 400, grant,
        "Due to a configuration change made by your administrator, or because you moved to a new location, "
        "you must use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.",
        "basic_action"},
    {50079, 400, grant,
        "Due to a configuration change made by your administrator, you must enroll in multi-factor "
        "authentication to access '00000003-0000-0000-c000-000000000000'.",
        "basic_action"},
    {50105, 400, grant, "The signed in user is not assigned to a role for the application.", ""},
    {50126, 400, grant, "Error validating credentials due to invalid username or password."},
    {50148, 400, grant,
        "The code_verifier is required because a code_challenge was sent with the authorization request."},
    {501481, 400, grant,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request."},
    {50173, 400, grant,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user "
        "might "
        "have changed or reset their password.",
        "bad_token"},
    {50196, 400, grant, "The server terminated an operation because it encountered a client request loop."},
    {500011, 400, "invalid_resource",
        "The resource principal named %1 was not found in the tenant named Contoso Lab. This can happen if "
        "the "
        "application has not been installed by the administrator of the tenant or consented to by any user "
        "in "
        "the tenant. You might have sent your authentication request to the wrong tenant."},
    {50027, 401, client, "JWT token is invalid or malformed. %1"},
    {53000, 400, "interaction_required", "Device is not in required device state: compliant.",
        "message_only"},
    {53003, 400, grant,
        "Access has been blocked by Conditional Access policies. The access policy does not allow token "
        "issuance.",
        "message_only"},
    {54005, 400, grant,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an "
        "existing "
        "refresh token."},
    {65001, 400, grant,
        "The user or administrator has not consented to use the application with ID '%1'. Send an "
        "interactive "
        "authorization request for this user and resource.",
        "consent_required"},
    {65004, 400, "access_denied", "User declined to consent to access the app."},
    {70000, 400, grant, "Provided grant is invalid or malformed."},
    {70003, 400, "unsupported_grant_type", "The app requested an unsupported grant type '%1'."},
    {70008, 400, grant, "The provided authorization code or refresh token has expired due to inactivity."},
    {70011, 400, "invalid_scope",
        "The provided request must include a 'scope' input parameter. The provided value for the input "
        "parameter 'scope' is not valid. The scope %1 is not valid."},
    {70016, 400, "authorization_pending",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling."},
    {70018, 400, "bad_verification_code", "Invalid verification code."},
    {70019, 400, "expired_token", "Verification code expired."},
    {70020, 400, "authorization_declined", "The end user denied the authorization request."},
    {70043, 400, grant,
        "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.",
        "token_expired"},
    {700016, 400, "unauthorized_client",
        "Application with identifier '%1' was not found in the directory 'Contoso Lab'. This can happen if "
        "the "
        "application has not been installed by the administrator of the tenant."},
    {700021, 401, client, "Client assertion application identifier doesn't match 'client_id' parameter."},
    {700023, 401, client, "Client assertion audience claim does not match Realm issuer."},
    {700024, 401, client, "Client assertion is not within its valid time range. %1"},
    {700025, 401, client,
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."},
    {700027, 401, client,
        "The certificate with identifier used to sign the client assertion is not registered on application. "
        "%1"},
    {700030, 401, client, "Invalid certificate - the certificate is expired. %1"},
    {700082, 400, grant, "The refresh token has expired due to inactivity.", "bad_token"},
    {7000215, 401, client,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
        "value, not the client secret ID, for a secret added to app '%1'."},
    {7000218, 401, client,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."},
    {7000222, 401, client, "The provided client secret keys for app '%1' are expired."},
    {900144, 400, request, "The request body must contain the following parameter: '%1'."},
    {90002, 400, request,
        "Tenant '%1' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud."},
    {1002012, 400, "invalid_scope",
        "The provided value for scope %1 is not valid. Client credential flows must have a scope value with "
        "/.default suffixed to the resource identifier (application ID URI)."},
}};

std::string timestamp()
{
    using namespace std::chrono;
    std::string text = graphTime(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
    text[10] = ' ';
    return text;
}

} // namespace

EntraErrorText entraErrorText(int number)
{
    const auto at = std::find_if(
        table.begin(), table.end(), [number](const EntraErrorText& e) { return e.number == number; });
    return at != table.end() ? *at : EntraErrorText{number, 400, request, "%1"};
}

std::string entraDescription(const EntraProblem& problem)
{
    std::string text(entraErrorText(problem.number).text);
    if (const auto at = text.find("%1"); at != std::string::npos)
        text.replace(at, 2, problem.detail);
    return "AADSTS" + std::to_string(problem.number) + ": " + text;
}

WebAnswer entraError(const EntraProblem& problem, const WebRequest& from)
{
    const EntraErrorText known = entraErrorText(problem.number);
    const auto asked = Guid::parse(from.header("client-request-id"));
    const std::string trace = Guid::random().lower(), correlation = asked.value_or(Guid::random()).lower();
    JsonOut body;
    body.text("error", known.error)
        .text("error_description",
            entraDescription(problem) + " Trace ID: " + trace + " Correlation ID: " + correlation
                + " Timestamp: " + timestamp())
        .raw("error_codes", "[" + std::to_string(problem.number) + "]")
        .text("timestamp", timestamp())
        .text("trace_id", trace)
        .text("correlation_id", correlation)
        .text("error_uri", "https://login.microsoftonline.com/error?code=" + std::to_string(problem.number));
    if (!known.suberror.empty())
        body.text("suberror", known.suberror);
    if (problem.number == 50076 || problem.number == 50079)
        body.text("claims",
            R"({"access_token":{"capolids":{"essential":true,"values":["5f4b1e4c-0d1c-4b7e-9a55-3f0c1a3f2b10"]}}})");
    WebAnswer answer;
    answer.status = known.status;
    answer.contentType = "application/json; charset=utf-8";
    answer.body = body.finish();
    return answer;
}

} // namespace postern::lab

// The authorize endpoint: who may ask, and the page where a person signs in (graph-reference 2.1).
#include "app/lab/entra/Entra.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

std::string page(const std::string& title, const std::string& body)
{
    return "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + htmlEscaped(title)
        + "</title></head><body><h1>" + htmlEscaped(title) + "</h1>" + body + "</body></html>";
}

WebAnswer html(int status, std::string body)
{
    WebAnswer answer;
    answer.status = status;
    answer.contentType = "text/html; charset=utf-8";
    answer.body = std::move(body);
    return answer;
}

// Never sent back to the application: the address to send it to is what is in doubt.
WebAnswer errorPage(const EntraProblem& problem)
{
    return html(400, page("Sign in", "<p id=\"error\">" + htmlEscaped(entraDescription(problem)) + "</p>"));
}

// Loopback redirects of mobile and desktop clients: http, localhost or 127.0.0.1, any port, path empty or
// "/".
bool isRegisteredRedirect(const std::string& uri)
{
    for (const std::string_view host : {"http://localhost", "http://127.0.0.1"}) {
        if (!uri.starts_with(host))
            continue;
        std::string_view rest = std::string_view(uri).substr(host.size());
        if (rest.starts_with(":")) {
            rest.remove_prefix(1);
            const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
            if (digits == 0 || digits > 5)
                return false;
            rest.remove_prefix(digits);
        }
        return rest.empty() || rest == "/";
    }
    return false;
}

std::string signInForm(const Form& form, const std::string& message)
{
    std::string fields;
    for (const auto& [name, value] : form) {
        if (name != "login" && name != "passwd" && name != "decision")
            fields += "<input type=\"hidden\" name=\"" + htmlEscaped(name) + "\" value=\""
                + htmlEscaped(value) + "\">";
    }
    const std::string problem
        = message.empty() ? "" : "<p id=\"error\" role=\"alert\">" + htmlEscaped(message) + "</p>";
    return page("Sign in to Contoso Lab",
        problem + "<form method=\"post\" action=\"authorize\">" + fields
            + "<p><label>Account <input name=\"login\" autocomplete=\"username\" value=\""
            + htmlEscaped(valueOf(form, "login_hint"))
            + "\"></label></p><p><label>Password <input name=\"passwd\" type=\"password\" "
              "autocomplete=\"current-password\"></label></p>"
              "<p><button name=\"decision\" value=\"accept\">Sign in</button> "
              "<button name=\"decision\" value=\"decline\">Cancel</button></p></form>");
}

WebAnswer redirectTo(const std::string& redirect, const std::string& parameters)
{
    WebAnswer answer;
    answer.status = 302;
    // Without a path the answer comes back with a trailing slash.
    const bool bare = redirect.find('/', redirect.find("//") + 2) == std::string::npos;
    answer.headers.emplace_back("Location", redirect + (bare ? "/" : "") + "?" + parameters);
    answer.headers.emplace_back("Cache-Control", "no-store, no-cache");
    return answer;
}

} // namespace

Granted<Entra::AuthorizeRequest> Entra::checkedAuthorize(const Form& form) const
{
    const auto known = application(form);
    if (!known)
        return tl::unexpected(known.error());
    const std::string redirect = valueOf(form, "redirect_uri");
    if (redirect.empty())
        return refusal(900144, "redirect_uri");
    if (!isRegisteredRedirect(redirect))
        return refusal(50011, redirect);
    return AuthorizeRequest{*known, form, redirect};
}

Granted<void> Entra::checkedParameters(const AuthorizeRequest& asked) const
{
    if (valueOf(asked.form, "response_type") != "code")
        return refusal(900144, "response_type");
    const std::string mode = valueOf(asked.form, "response_mode");
    if (!mode.empty() && mode != "query")
        return refusal(70007, "'" + mode + "' is not a supported value of 'response_mode' in this lab.");
    if (valueOf(asked.form, "code_challenge").empty())
        return refusal(900144, "code_challenge");
    if (valueOf(asked.form, "code_challenge_method") != "S256"
        || valueOf(asked.form, "code_challenge").size() != 43)
        return refusal(50147, "The size or the method of the Code_Challenge parameter is not valid.");
    const std::string scope = valueOf(asked.form, "scope");
    if (scope.empty())
        return refusal(900144, "scope");
    const auto scopes = askedScopes(scope, m_options.base);
    if (!scopes)
        return tl::unexpected(scopes.error());
    for (const std::string& permission : scopes->permissions) {
        const bool consented = permission == ".default" ? !asked.application.scopes.empty()
                                                        : asked.application.scopes.contains(permission);
        if (!consented && scopes->resource == Resource::Graph)
            return refusal(65001, asked.application.clientId);
    }
    return {};
}

WebAnswer Entra::redirectedError(
    const AuthorizeRequest& asked, std::string_view error, const EntraProblem& problem)
{
    std::string parameters = "error=" + urlEncoded(error)
        + "&error_description=" + urlEncoded(entraDescription(problem)) + "&error_uri="
        + urlEncoded("https://login.microsoftonline.com/error?code=" + std::to_string(problem.number));
    if (asked.form.contains("state"))
        parameters += "&state=" + urlEncoded(valueOf(asked.form, "state"));
    return redirectTo(asked.redirect, parameters);
}

WebAnswer Entra::redirected(const AuthorizeRequest& asked, const std::string& upn)
{
    Code code;
    code.clientId = asked.application.clientId;
    code.redirect = asked.redirect;
    code.challenge = valueOf(asked.form, "code_challenge");
    code.upn = upn;
    code.scope = valueOf(asked.form, "scope");
    code.nonce = valueOf(asked.form, "nonce");
    code.takesChallenges = valueOf(asked.form, "claims").find("xms_cc") != std::string::npos;
    code.createdMs = realNowMs();
    const std::string text = "1.AQ" + base64Url(sha256(Guid::random().lower())) + "."
        + base64Url(sha256(Guid::random().lower()));
    {
        const std::scoped_lock lock(m_mutex);
        m_codes.emplace(text, std::move(code));
    }
    std::string parameters = "code=" + urlEncoded(text);
    if (asked.form.contains("state"))
        parameters += "&state=" + urlEncoded(valueOf(asked.form, "state"));
    return redirectTo(asked.redirect, parameters + "&session_state=" + Guid::random().lower());
}

WebAnswer Entra::authorize(const WebRequest& request, const std::string&)
{
    const bool posted = request.method == "POST";
    const Form form = parsedForm(posted ? request.body : request.query);
    const auto asked = checkedAuthorize(form);
    if (!asked)
        return errorPage(asked.error());
    if (const auto checked = checkedParameters(*asked); !checked) {
        const bool consent = checked.error().number == 65001;
        return redirectedError(*asked,
            consent ? std::string_view("consent_required") : entraErrorText(checked.error().number).error,
            checked.error());
    }
    std::string autoUpn;
    bool declined = valueOf(form, "decision") == "decline";
    {
        const std::scoped_lock lock(m_mutex);
        autoUpn = m_autoUpn;
        declined = declined || std::exchange(m_declineNext, false);
    }
    if (declined)
        return redirectedError(*asked, "access_denied", {65004, {}});
    if (!autoUpn.empty())
        return redirected(*asked, autoUpn);
    if (valueOf(form, "prompt") == "none")
        return redirectedError(*asked, "login_required", {50058, {}});
    if (!posted || !form.contains("passwd"))
        return html(200, signInForm(form, {}));
    const auto person = m_applications.signIn(valueOf(form, "login"), valueOf(form, "passwd"));
    if (!person)
        return html(200, signInForm(form, "Your account or password is incorrect. (AADSTS50126)"));
    if (!person->enabled)
        return html(200, signInForm(form, "Your account has been locked. (AADSTS50057)"));
    return redirected(*asked, person->upn);
}

} // namespace postern::lab

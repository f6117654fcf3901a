#include "app/lab/auth/Gate.h"

#include "app/lab/auth/Kerberos.h"
#include "app/lab/auth/Ntlm.h"
#include "app/lab/auth/Spnego.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

Admission Gate::refused(bool windows) const
{
    Admission out;
    out.refusal.status = 401;
    out.refusal.contentType = "text/html";
    out.refusal.body = "<html><head><title>401 - Unauthorized: Access is denied due to invalid "
                       "credentials.</title></head></html>";
    if (windows) {
        out.refusal.headers.emplace_back("WWW-Authenticate", "Negotiate");
        out.refusal.headers.emplace_back("WWW-Authenticate", "NTLM");
    }
    out.refusal.headers.emplace_back("WWW-Authenticate", "Basic realm=\"contoso.lab\"");
    return out;
}

Admission Gate::basic(const std::string& credentials, bool windows) const
{
    const auto decoded = fromBase64(credentials);
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return refused(windows);
    auto principal
        = m_accounts.signIn(decoded->substr(0, colon), std::string_view(*decoded).substr(colon + 1));
    if (!principal)
        return refused(windows);
    principal->scheme = "Basic";
    Admission out;
    out.principal = principal;
    return out;
}

Admission Gate::ntlm(
    WebRequest& request, const std::string& scheme, const std::string& token, bool wrapped) const
{
    ConnectionState& connection = *request.connection;
    if (ntlm::isNegotiate(token)) {
        const ntlm::Challenge challenge = ntlm::challengeFor(token);
        connection.ntlmChallenge = challenge.serverChallenge;
        connection.principal.reset();
        Admission out = refused(true);
        const std::string answer = wrapped ? spnego::answer(challenge.message, false) : challenge.message;
        out.refusal.headers = {{"WWW-Authenticate", scheme + " " + base64(answer)}};
        return out;
    }
    if (connection.ntlmChallenge.empty())
        return refused(true);
    const std::string challenge = std::exchange(connection.ntlmChallenge, {}); // good for one answer
    const auto identity = ntlm::userOf(token);
    const auto password = identity ? m_accounts.passwordOf(identity->qualified()) : std::nullopt;
    if (!password || !ntlm::verifies(token, challenge, *password))
        return refused(true);
    Admission out;
    out.principal = m_accounts.known(identity->qualified());
    out.principal->scheme = "NTLM";
    if (wrapped)
        out.headers.emplace_back("WWW-Authenticate", scheme + " " + base64(spnego::answer({}, true)));
    connection.principal = out.principal;
    return out;
}

Admission Gate::negotiate(WebRequest& request, const std::string& scheme, const std::string& token) const
{
    if (ntlm::isMessage(token))
        return ntlm(request, scheme, token, false);
    if (const auto inside = spnego::ntlmInside(token))
        return ntlm(request, scheme, *inside, true);
    if (!m_kerberos)
        return refused(true);
    const KerberosAcceptor::Step step = m_kerberos->accept(request.connection->kerberosContext, token);
    const std::string answer = step.token.empty() ? std::string{} : scheme + " " + base64(step.token);
    if (step.continues) {
        Admission out = refused(true);
        out.refusal.headers = {{"WWW-Authenticate", answer.empty() ? scheme : answer}};
        return out;
    }
    const auto principal = step.name.empty() ? std::nullopt : m_accounts.known(step.name);
    if (!principal)
        return refused(true);
    Admission out;
    out.principal = principal;
    out.principal->scheme = "Negotiate";
    request.connection->principal = out.principal;
    if (!answer.empty())
        out.headers.emplace_back("WWW-Authenticate", answer);
    return out;
}

Admission Gate::check(WebRequest& request, bool windows) const
{
    const std::string header = trimmed(request.header("authorization"));
    if (header.empty()) {
        if (windows && request.connection->principal) { // the connection is authenticated already
            Admission out;
            out.principal = request.connection->principal;
            return out;
        }
        return refused(windows);
    }
    const auto space = header.find(' ');
    const std::string scheme = header.substr(0, space);
    const std::string rest
        = space == std::string::npos ? std::string{} : trimmed(std::string_view(header).substr(space + 1));
    if (equalsIgnoreCase(scheme, "Basic"))
        return basic(rest, windows);
    const auto token = fromBase64(rest);
    if (!windows || !token || token->empty())
        return refused(windows);
    if (equalsIgnoreCase(scheme, "NTLM"))
        return ntlm(request, "NTLM", *token, false);
    if (equalsIgnoreCase(scheme, "Negotiate") || equalsIgnoreCase(scheme, "Kerberos"))
        return negotiate(request, scheme, *token);
    return refused(windows);
}

} // namespace postern::lab

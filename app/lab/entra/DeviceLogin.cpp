// Device codes: the end point that makes them and the page where a person enters one (graph-reference 2.2).
#include "app/lab/entra/Entra.h"
#include "app/lab/json/JsonOut.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

// Without letters that look like others, as Entra's.
std::string newUserCode()
{
    constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    std::string out;
    for (const std::uint8_t byte : Guid::random().bytes) {
        if (out.size() < 9)
            out += letters[byte % letters.size()];
    }
    return out;
}

WebAnswer devicePage(const std::string& message)
{
    WebAnswer answer;
    answer.contentType = "text/html; charset=utf-8";
    answer.body
        = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Enter code</title></head>"
          "<body><h1>Enter code</h1><p id=\"message\">"
        + htmlEscaped(message)
        + "</p><form method=\"post\" action=\"/devicelogin\"><p><label>Code <input name=\"otc\"></label></p>"
          "<p><label>Account <input name=\"login\"></label></p><p><label>Password <input name=\"passwd\" "
          "type=\"password\"></label></p><p><button name=\"decision\" value=\"accept\">Continue</button> "
          "<button name=\"decision\" value=\"decline\">Cancel</button></p></form></body></html>";
    return answer;
}

} // namespace

WebAnswer Entra::deviceCode(const WebRequest& request, const std::string&)
{
    const Form form = parsedForm(request.body);
    const auto known = application(form);
    if (!known)
        return entraError(known.error(), request);
    const auto scopes = askedScopes(valueOf(form, "scope"), m_options.base);
    if (valueOf(form, "scope").empty())
        return entraError({900144, "scope"}, request);
    if (!scopes)
        return entraError(scopes.error(), request);
    Device device;
    device.userCode = newUserCode();
    device.clientId = known->clientId;
    device.scope = valueOf(form, "scope");
    device.createdMs = realNowMs();
    const std::string code = "DA" + base64Url(sha256(Guid::random().lower()));
    const std::string where = m_options.base + "/devicelogin";
    WebAnswer answer;
    answer.contentType = "application/json; charset=utf-8";
    answer.body = JsonOut()
                      .text("user_code", device.userCode)
                      .text("device_code", code)
                      .text("verification_uri", where)
                      .number("expires_in", m_options.deviceSeconds)
                      .number("interval", m_deviceInterval.load())
                      .text("message",
                          "To sign in, use a web browser to open the page " + where + " and enter the code "
                              + device.userCode + " to authenticate.")
                      .finish();
    const std::scoped_lock lock(m_mutex);
    m_devices.emplace(code, std::move(device));
    return answer;
}

bool Entra::approveDeviceCode(const std::string& userCode, const std::string& upn)
{
    const std::scoped_lock lock(m_mutex);
    for (auto& [code, device] : m_devices) {
        if (!equalsIgnoreCase(device.userCode, userCode) || device.redeemed)
            continue;
        device.upn = upn;
        device.declined = upn.empty();
        return true;
    }
    return false;
}

WebAnswer Entra::deviceLogin(const WebRequest& request)
{
    if (request.method != "POST")
        return devicePage("Enter the code that your app displays.");
    const Form form = parsedForm(request.body);
    if (valueOf(form, "decision") == "decline")
        return devicePage(
            approveDeviceCode(valueOf(form, "otc"), {}) ? "You have cancelled." : "That code didn't work.");
    const auto person = m_applications.signIn(valueOf(form, "login"), valueOf(form, "passwd"));
    if (!person)
        return devicePage("Your account or password is incorrect. (AADSTS50126)");
    if (!approveDeviceCode(valueOf(form, "otc"), person->upn))
        return devicePage("That code didn't work. Check the code and try again.");
    return devicePage("You have signed in to the application on your device.");
}

} // namespace postern::lab

#include "app/lab/http/FrontDoor.h"

#include <chrono>
#include <thread>

#include "app/lab/graph/Cloud.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

WebAnswer plain(int status, const char* text)
{
    WebAnswer answer;
    answer.status = status;
    answer.contentType = "text/html";
    answer.body = std::string("<html><head><title>") + text + "</title></head><body><h1>" + text
        + "</h1></body></html>";
    return answer;
}

bool isLoopback(const std::string& address)
{
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

// Only the routes are counted, never what a client made up: the map of counters stays small.
std::string countedPath(const std::string& path)
{
    for (const char* known : {"/powershell", "/ews", "/autodiscover", "/microsoft-server-activesync",
             "/lab/truth", "/lab/state", "/lab/faults", "/lab/sync", "/v1.0/devicemanagement", "/v1.0/"}) {
        if (path.starts_with(known))
            return known;
    }
    return "other";
}

} // namespace

std::optional<WebAnswer> FrontDoor::faultBefore(const std::string& path)
{
    const auto fault
        = m_faults.forRequest({"429", "503", "cut", "stall", "slow", "htmlAs200", "unauthorized"}, path);
    if (!fault)
        return std::nullopt;
    m_counters.fault(fault->kind);
    if (fault->kind == "stall" || fault->kind == "slow") {
        std::this_thread::sleep_for(std::chrono::milliseconds(fault->ms));
        return std::nullopt;
    }
    if (fault->kind == "cut") {
        WebAnswer answer;
        answer.cut = true;
        return answer;
    }
    if (fault->kind == "htmlAs200")
        return plain(200, "Sign in to continue");
    if (fault->kind == "unauthorized") {
        WebAnswer answer = plain(401, "401 - Unauthorized");
        answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"contoso.lab\"");
        return answer;
    }
    WebAnswer answer = plain(
        fault->kind == "429" ? 429 : 503, fault->kind == "429" ? "Too Many Requests" : "Service Unavailable");
    answer.headers.emplace_back("Retry-After", std::to_string(fault->retryAfterSeconds));
    return answer;
}

void FrontDoor::faultAfter(WebAnswer& answer, const std::string& path)
{
    if (answer.body.size() > 40 && m_faults.forRequest({"truncate"}, path)) {
        m_counters.fault("truncate");
        answer.truncateTo = answer.body.size() * 2 / 3;
    }
}

// The fault "serverDown" names a server; what the lab itself is asked (/lab/) still gets through.
bool FrontDoor::isDown(const std::string& server)
{
    if (!m_faults.any() || server.empty() || !m_faults.forCmdlet("serverDown", {}, {}, server))
        return false;
    m_counters.fault("serverDown");
    return true;
}

WebAnswer FrontDoor::answer(WebRequest& request, const std::string& server)
{
    const std::string path = asciiLower(request.path);
    WebAnswer answer;
    if (path.starts_with("/lab/")) {
        answer = !isLoopback(request.remoteAddress)                   ? plain(403, "403 - Forbidden")
            : path == "/lab/cloud" || path.starts_with("/lab/cloud/") ? m_cloud.control(request)
                                                                      : m_api.answer(request);
    } else if (isDown(server)) {
        answer.cut = true;
    } else if (m_cloud.serves(path)) {
        answer = m_cloud.answer(request);
    } else {
        // A round trip as a distant server has it: half the time on the way in, while pipelines go on filling
        // their queues, half on the way out.
        const int wayIn = m_latencyMs / 2;
        if (wayIn > 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(wayIn));
        auto faulty = m_faults.any() ? faultBefore(path) : std::nullopt;
        answer = faulty ? std::move(*faulty) : routed(request, path);
        if (m_faults.any() && !faulty)
            faultAfter(answer, path);
        answer.delayMs += m_latencyMs - wayIn;
        answer.headers.emplace_back("Server", "Microsoft-IIS/10.0");
        answer.headers.emplace_back("X-FEServer", server.empty() ? "EX1" : server);
    }
    m_counters.request(countedPath(path), answer.cut ? 0 : answer.status);
    return answer;
}

WebAnswer FrontDoor::routed(WebRequest& request, const std::string& path)
{
    const Mailboxes mailboxes(m_estate, m_faults);
    if (path == "/powershell" || path == "/powershell/")
        return powerShell(request);
    if (path == "/autodiscover/autodiscover.xml")
        return autodiscoverPox(request, m_gate, mailboxes, m_urls);
    if (path == "/autodiscover/autodiscover.json" || path.starts_with("/autodiscover/autodiscover.json/"))
        return autodiscoverJson(request, m_urls);
    if (path.starts_with("/ews/"))
        return exchangeWebServices(request, m_gate, m_estate, mailboxes);
    if (path == "/microsoft-server-activesync" || path == "/microsoft-server-activesync/")
        return activeSync(request, m_gate, m_estate);
    return plain(404, "404 - File or directory not found.");
}

WebAnswer FrontDoor::powerShell(WebRequest& request)
{
    const Admission admission = m_gate.check(request, true);
    if (!admission.principal)
        return admission.refusal;
    if (request.method != "POST")
        return plain(405, "405 - HTTP verb used to access this page is not allowed.");
    if (!startsWithIgnoreCase(request.header("content-type"), "application/soap+xml"))
        return plain(415, "415 - Unsupported Media Type");
    PowerShellCall call;
    call.body = request.body;
    call.query = request.query;
    call.url = m_urls.powerShell() + (request.query.empty() ? "" : "?" + request.query);
    call.clientAddress = request.remoteAddress;
    call.principal = &*admission.principal;
    HttpAnswer made = m_powerShell.post(call);
    WebAnswer answer;
    answer.status = made.status;
    answer.body = std::move(made.body);
    answer.contentType = std::move(made.contentType);
    answer.headers = admission.headers;
    return answer;
}

} // namespace postern::lab

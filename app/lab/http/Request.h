// What the lab's services see of an HTTP request, free of the HTTP library. Plain values.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/lab/auth/Accounts.h"

namespace postern::lab {

// Lives as long as the TCP connection: what NTLM and Kerberos authenticate.
struct ConnectionState
{
    std::string ntlmChallenge;
    std::optional<Principal> principal;
    std::shared_ptr<void> kerberosContext;
};

struct WebRequest
{
    std::string method, path, query, body, remoteAddress;
    std::multimap<std::string, std::string> headers; // names in lower case
    ConnectionState* connection = nullptr;
    [[nodiscard]] std::string header(const std::string& lowerName) const
    {
        const auto at = headers.find(lowerName);
        return at == headers.end() ? std::string{} : at->second;
    }
};

struct WebAnswer
{
    int status = 200;
    std::string body, contentType = "text/plain; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers;
    bool cut = false; // the connection ends without an answer
    std::size_t truncateTo = 0; // 0: whole; else the connection ends after so many bytes of the body
    int delayMs = 0; // before the first byte
};

using WebHandler = std::function<WebAnswer(WebRequest&)>;

} // namespace postern::lab

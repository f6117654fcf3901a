// `/PowerShell/`: takes the body of an authenticated POST and gives the answer. Blocks as long as a Receive
// polls; called from the HTTP server's threads. Never fails: every problem is a SOAP fault.
#pragma once

#include "app/lab/directory/ClientAccessServer.h"
#include "app/lab/wsman/ShellRegistry.h"

namespace postern::lab {

struct HttpAnswer
{
    int status = 200;
    std::string body;
    std::string contentType = "application/soap+xml;charset=UTF-8";
    bool cut = false; // close the connection without an answer
};

struct PowerShellCall
{
    std::string_view body;
    std::string query; // of the URL, as the client sent it
    std::string url; // what a:To should be
    std::string clientAddress;
    const Principal* principal = nullptr;
};

struct EndpointSettings
{
    std::string culture = "en-US"; // of the server
    std::vector<ClientAccessServer> servers = ClientAccessServer::usual();
};

class PowerShellEndpoint
{
public:
    PowerShellEndpoint(Estate& estate, FaultPlan& faults, Counters& counters, EndpointSettings settings)
        : m_estate(estate)
        , m_faults(faults)
        , m_counters(counters)
        , m_registry(counters)
        , m_settings(std::move(settings))
    {
    }
    [[nodiscard]] HttpAnswer post(const PowerShellCall& call);
    [[nodiscard]] ShellRegistry& shells() { return m_registry; }

private:
    using Result = tl::expected<std::string, SoapFault>;
    Result dispatch(const PowerShellCall& call, const SoapRequest& request, const Answering& to);
    [[nodiscard]] std::optional<SoapFault> noMoreRunspaces(const std::string& account);
    Result create(const PowerShellCall& call, const SoapRequest& request, const Answering& to);
    Result onShell(const std::shared_ptr<Shell>& shell, const SoapRequest& request, const Answering& to,
        std::string_view operation);
    Result command(Shell& shell, const SoapRequest& request, const Answering& to);
    Result send(Shell& shell, const SoapRequest& request, const Answering& to);
    Result receive(Shell& shell, const SoapRequest& request, const Answering& to);
    std::string receiveBody(
        const OutputQueue::Taken& taken, const std::string& commandId, std::string_view account);

    Estate& m_estate;
    FaultPlan& m_faults;
    Counters& m_counters;
    ShellRegistry m_registry;
    const EndpointSettings m_settings;
};

} // namespace postern::lab

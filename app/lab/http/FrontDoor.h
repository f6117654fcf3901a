// Routes a request to its service: loopback check, HTTP faults, authentication, latency. Any thread.
#pragma once

#include "app/lab/http/LabApi.h"
#include "app/lab/http/Services.h"
#include "app/lab/wsman/PowerShellEndpoint.h"

namespace postern::lab {

class Cloud;

class FrontDoor
{
public:
    FrontDoor(Estate& estate, FaultPlan& faults, Counters& counters, PowerShellEndpoint& powerShell,
        LabApi& api, const Gate& gate, Cloud& cloud, ServiceUrls urls, int latencyMs)
        : m_estate(estate)
        , m_faults(faults)
        , m_counters(counters)
        , m_powerShell(powerShell)
        , m_api(api)
        , m_gate(gate)
        , m_cloud(cloud)
        , m_urls(std::move(urls))
        , m_latencyMs(latencyMs)
    {
    }
    // `server`: the name of the Client Access server whose listener took the request.
    [[nodiscard]] WebAnswer answer(WebRequest& request, const std::string& server);

private:
    WebAnswer routed(WebRequest& request, const std::string& path);
    WebAnswer powerShell(WebRequest& request);
    [[nodiscard]] std::optional<WebAnswer> faultBefore(const std::string& path);
    [[nodiscard]] bool isDown(const std::string& server);
    void faultAfter(WebAnswer& answer, const std::string& path);

    Estate& m_estate;
    FaultPlan& m_faults;
    Counters& m_counters;
    PowerShellEndpoint& m_powerShell;
    LabApi& m_api;
    const Gate& m_gate;
    Cloud& m_cloud;
    ServiceUrls m_urls;
    int m_latencyMs;
};

} // namespace postern::lab

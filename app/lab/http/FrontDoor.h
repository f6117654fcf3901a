// Routes a request to its service: loopback check, HTTP faults, authentication, latency. Any thread.
#pragma once

#include "app/lab/http/LabApi.h"
#include "app/lab/http/Services.h"
#include "app/lab/wsman/PowerShellEndpoint.h"

namespace postern::lab {

class FrontDoor
{
public:
    FrontDoor(Estate& estate, FaultPlan& faults, Counters& counters, PowerShellEndpoint& powerShell,
        LabApi& api, const Gate& gate, ServiceUrls urls, int latencyMs)
        : m_estate(estate)
        , m_faults(faults)
        , m_counters(counters)
        , m_powerShell(powerShell)
        , m_api(api)
        , m_gate(gate)
        , m_urls(std::move(urls))
        , m_latencyMs(latencyMs)
    {
    }
    [[nodiscard]] WebAnswer answer(WebRequest& request);

private:
    WebAnswer routed(WebRequest& request, const std::string& path);
    WebAnswer powerShell(WebRequest& request);
    [[nodiscard]] std::optional<WebAnswer> faultBefore(const std::string& path);
    void faultAfter(WebAnswer& answer, const std::string& path);

    Estate& m_estate;
    FaultPlan& m_faults;
    Counters& m_counters;
    PowerShellEndpoint& m_powerShell;
    LabApi& m_api;
    const Gate& m_gate;
    ServiceUrls m_urls;
    int m_latencyMs;
};

} // namespace postern::lab

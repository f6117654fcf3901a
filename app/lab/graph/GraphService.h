// Microsoft Graph v1.0 as far as Postern uses it: token, permission, throttling, faults, then the resource.
// Strict: unknown segments, properties, options and bodies are refused in Graph's own words. graph-reference
// 3, 7 to 10. Any thread.
#pragma once

#include "app/lab/entra/Tokens.h"
#include "app/lab/faults/FaultPlan.h"
#include "app/lab/graph/GraphCall.h"
#include "app/lab/graph/Tenant.h"
#include "app/lab/graph/Throttle.h"
#include "app/lab/http/Counters.h"
#include "app/lab/http/Request.h"

namespace postern::lab {

struct GraphOptions
{
    std::string base; // https://localhost:1234
    std::atomic<int> pageSize{0}; // 0: as the real services
    std::atomic<bool> throttling{true};
};

class GraphService
{
public:
    GraphService(Tenant& tenant, Tokens& tokens, FaultPlan& faults, Counters& counters, std::string base);

    [[nodiscard]] static bool serves(const std::string& lowerPath);
    [[nodiscard]] WebAnswer answer(const WebRequest& request);
    [[nodiscard]] GraphOptions& options() { return m_options; }

private:
    struct Ids
    {
        std::string request, client;
        bool returnClientId = false;
    };
    [[nodiscard]] Answered<Claims> authenticated(const WebRequest& request);
    [[nodiscard]] GraphAnswer unauthorized(
        const std::string& message, const std::string& challenge = {}) const;
    [[nodiscard]] GraphAnswer answered(const WebRequest& request);
    [[nodiscard]] std::optional<GraphAnswer> faulty(const WebRequest& request, WebAnswer& out);
    [[nodiscard]] WebAnswer finished(GraphAnswer answer, const WebRequest& request) const;

    // Routes; segments begin after the version.
    [[nodiscard]] GraphAnswer dispatched(GraphCall& call);
    [[nodiscard]] GraphAnswer deviceManagement(GraphCall& call);
    [[nodiscard]] GraphAnswer managedDevices(GraphCall& call, size_t at);
    [[nodiscard]] GraphAnswer listDevices(GraphCall& call);

    Tenant& m_tenant;
    Tokens& m_tokens;
    FaultPlan& m_faults;
    Counters& m_counters;
    GraphOptions m_options;
    Throttle m_throttle;
};

} // namespace postern::lab

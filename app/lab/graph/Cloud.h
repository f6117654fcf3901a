// The cloud half of the lab in one piece: applications, tokens, Entra, tenant, Graph. What LabServer wires
// and the start-up line tells. Any thread after construction.
#pragma once

#include "app/lab/entra/Entra.h"
#include "app/lab/graph/GraphService.h"

namespace postern::lab {

struct CloudAddresses
{
    std::string tenant, clientId, clientSecret, authority, graph, certificateFile, userUpn, userPassword;
    std::vector<Application> applications;
    [[nodiscard]] QJsonObject toJson() const;
};

class Cloud
{
public:
    // Writes the client's certificate and key into `directory`; base is known once the lab listens.
    [[nodiscard]] static Expected<std::unique_ptr<Cloud>> open(Estate& estate, FaultPlan& faults,
        Counters& counters, const std::string& directory, const std::string& base, double timeScale);

    [[nodiscard]] bool serves(const std::string& lowerPath) const;
    [[nodiscard]] WebAnswer answer(const WebRequest& request);
    [[nodiscard]] const CloudAddresses& addresses() const { return m_addresses; }

private:
    Cloud(Estate& estate, FaultPlan& faults, Counters& counters, CertificatePtr certificate,
        const std::string& base, double timeScale);
    [[nodiscard]] WebAnswer entraAnswer(const WebRequest& request);

    FaultPlan& m_faults;
    Counters& m_counters;
    Applications m_applications;
    Tenant m_tenant;
    Tokens m_tokens;
    Entra m_entra;
    GraphService m_graph;
    CloudAddresses m_addresses;
};

} // namespace postern::lab

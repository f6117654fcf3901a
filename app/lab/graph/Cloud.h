// The cloud half of the lab in one piece: applications, tokens, Entra, tenant, directory, Graph; what
// LabServer wires, what the start-up line tells, and the controls under /lab/cloud. Any thread after
// construction.
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

    [[nodiscard]] static bool serves(const std::string& lowerPath);
    [[nodiscard]] WebAnswer answer(const WebRequest& request);
    [[nodiscard]] WebAnswer control(const WebRequest& request); // /lab/cloud/…, see CloudControl.cpp
    [[nodiscard]] QJsonObject truthOf(std::uint32_t phone) const; // which managed device a partnership is
    // For --state; CloudFile.cpp. The revision grows with every change.
    [[nodiscard]] std::uint64_t revision() const;
    [[nodiscard]] std::string saved() const;
    [[nodiscard]] Expected<void> restore(const QJsonObject& root);
    void everySecond() { m_tenant.advanceActions(); }
    [[nodiscard]] const CloudAddresses& addresses() const { return m_addresses; }

private:
    Cloud(Estate& estate, FaultPlan& faults, Counters& counters, CertificatePtr certificate,
        const std::string& base, double timeScale);
    [[nodiscard]] WebAnswer entraAnswer(const WebRequest& request);

    [[nodiscard]] Expected<QJsonObject> changeSettings(const QJsonObject& body);
    [[nodiscard]] Expected<QJsonObject> changeDevice(const QJsonObject& body);
    [[nodiscard]] Expected<std::uint32_t> deviceOf(const QJsonObject& body);
    [[nodiscard]] Expected<std::uint32_t> phoneOf(const QJsonObject& body) const;
    [[nodiscard]] Expected<QJsonObject> changeUser(const QJsonObject& body);
    [[nodiscard]] Expected<QJsonObject> changeGroup(const QJsonObject& body);
    [[nodiscard]] Expected<QJsonObject> signIn(const QJsonObject& body);
    [[nodiscard]] Expected<QJsonObject> consent(const QJsonObject& body);
    [[nodiscard]] Expected<QJsonObject> revoke(const QJsonObject& body);
    [[nodiscard]] QJsonObject settings() const;
    [[nodiscard]] QJsonObject mail() const;

    FaultPlan& m_faults;
    Counters& m_counters;
    Applications m_applications;
    Tenant m_tenant;
    EntraDirectory m_directory;
    Tokens m_tokens;
    Entra m_entra;
    GraphService m_graph;
    CloudAddresses m_addresses;
};

} // namespace postern::lab

// A whole lab in one object: start() listens on its own threads (no Qt event loop needed), stop() or the
// destructor ends it. start and stop from one thread; everything it serves is thread-safe.
#pragma once

#include <QByteArray>
#include <memory>
#include <string>
#include <vector>

#include <QJsonObject>

#include "app/lab/LabOptions.h"
#include "models/base/Error.h"

namespace postern::lab {

struct LabAccount
{
    std::string user, upn, password, role, description;
};

struct LabAddresses
{
    std::string powerShell, ews, autodiscover, autodiscoverJson, activeSync, lab; // URLs
    std::string caFile; // PEM
    std::string expired, wrongHost, selfSigned, untrusted; // PowerShell URLs behind bad certificates
    std::string organization;
    std::uint32_t users = 0, devices = 0;
    std::vector<LabAccount> accounts; // the first may do everything
    QJsonObject cloud; // tenant, clientId, clientSecret, authority, graphUrl, certificateFile, user

    [[nodiscard]] QByteArray toJson() const; // the one line postern-lab prints
};

class LabServer
{
public:
    LabServer();
    ~LabServer();
    LabServer(const LabServer&) = delete;
    LabServer& operator=(const LabServer&) = delete;

    [[nodiscard]] Expected<LabAddresses> start(const LabOptions& options);
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace postern::lab

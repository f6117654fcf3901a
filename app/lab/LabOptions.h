// How a lab is started. Plain value.
#pragma once

#include <cstdint>
#include <string>

#include "app/lab/directory/ClientAccessServer.h"
#include "app/lab/faults/ThrottlingPolicy.h"

namespace postern::lab {

struct LabOptions
{
    std::uint32_t users = 500;
    double devicesPerUser = 1.4;
    std::uint64_t seed = 1;
    std::string host = "127.0.0.1";
    int port = 0; // 0: any free one
    std::string stateDirectory; // empty: a private temporary one, removed at the end
    int latencyMs = 0; // added once to each answer of the Exchange end points
    double timeScale = 1.0; // lab seconds a second; 0: phones connect only when asked to
    std::string culture = "en-US";
    ThrottlingPolicy throttling;
    std::vector<ClientAccessServer> servers = ClientAccessServer::usual();
    std::string kerberosKeytab, kerberosService;
    std::int64_t referenceMs = 0; // 0: today, midnight UTC
    int maximumThreads = 384;
    bool badCertificates = true; // also listen with certificates that must be refused
};

} // namespace postern::lab

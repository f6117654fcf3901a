// The smaller Exchange services: Autodiscover, EWS as far as checks go, ActiveSync. Stateless but for the
// estate. Any thread.
#pragma once

#include "app/lab/auth/Gate.h"
#include "app/lab/directory/Estate.h"
#include "app/lab/http/Mailboxes.h"

namespace postern::lab {

struct ServiceUrls
{
    std::string base; // https://localhost:1234
    [[nodiscard]] std::string ews() const { return base + "/EWS/Exchange.asmx"; }
    [[nodiscard]] std::string activeSync() const { return base + "/Microsoft-Server-ActiveSync"; }
    [[nodiscard]] std::string autodiscover() const { return base + "/autodiscover/autodiscover.xml"; }
    [[nodiscard]] std::string powerShell() const { return base + "/PowerShell/"; }
};

[[nodiscard]] WebAnswer autodiscoverPox(
    WebRequest& request, const Gate& gate, const Mailboxes& mailboxes, const ServiceUrls& urls);
[[nodiscard]] WebAnswer autodiscoverJson(const WebRequest& request, const ServiceUrls& urls);
[[nodiscard]] WebAnswer exchangeWebServices(
    WebRequest& request, const Gate& gate, const Estate& estate, const Mailboxes& mailboxes);
[[nodiscard]] WebAnswer activeSync(WebRequest& request, const Gate& gate, Estate& estate);

} // namespace postern::lab

// The Client Access servers that the organisation has: what Get-ExchangeServer lists, and with
// --client-access-servers also the addresses that the lab listens on. Plain value.
#pragma once

#include <string>
#include <vector>

#include "models/base/Error.h"

namespace postern::lab {

struct ClientAccessServer
{
    std::string name; // EX1
    std::string fqdn; // ex1.contoso.lab, or what the option said
    std::string site; // of Active Directory
    bool listens = false; // the option named it

    // EX1 and EX2 in one site, names that only the organisation's own DNS would know.
    [[nodiscard]] static std::vector<ClientAccessServer> usual();
    // "localhost,127.0.0.2,127.0.0.3@Branch-Office": each listens; the first is where the lab itself is.
    [[nodiscard]] static Expected<std::vector<ClientAccessServer>> fromText(const std::string& text);
};

} // namespace postern::lab

// The Entra side of a person of the lab: identifiers, addresses, licences. Computed from the seed. Some
// people's sign-in name differs from their mail address, some from their name on-premises; some have no
// Intune licence, or one whose Intune plan is switched off. Pure, any thread.
#pragma once

#include <vector>

#include "app/lab/population/Population.h"

namespace postern::lab {

enum class Licence : std::uint8_t {
    Microsoft365E3,
    Office365WithEms,
    Office365,
    Microsoft365WithoutIntune,
    None
};

struct CloudUser
{
    Guid id; // Entra's object id
    std::string upn, mail;
    std::vector<std::string> proxyAddresses; // SMTP: the primary one, smtp: the others
    std::string sid, immutableId;
    Licence licence = Licence::Microsoft365E3;
    bool enabled = true;

    [[nodiscard]] bool hasIntune() const
    {
        return licence == Licence::Microsoft365E3 || licence == Licence::Office365WithEms;
    }
};

inline constexpr std::string_view cloudDomain = "contosolab.onmicrosoft.example";

[[nodiscard]] CloudUser cloudUserOf(const Population& people, const Person& person);
[[nodiscard]] Guid tenantIdOf(std::uint64_t seed);
[[nodiscard]] std::string domainSid();

} // namespace postern::lab

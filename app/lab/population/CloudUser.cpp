#include "app/lab/population/CloudUser.h"

#include "app/lab/population/Dice.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

enum Kind : std::uint64_t { CloudKind = 95, TenantKind = 96 };

Licence licenceFor(std::uint64_t roll)
{
    return roll < 55 ? Licence::Microsoft365E3
        : roll < 88  ? Licence::Office365WithEms
        : roll < 93  ? Licence::Office365
        : roll < 97  ? Licence::Microsoft365WithoutIntune
                     : Licence::None;
}

} // namespace

std::string domainSid()
{
    return "S-1-5-21-3623811015-3361044348-30300820";
}

Guid tenantIdOf(std::uint64_t seed)
{
    Dice dice(seed, TenantKind, 0);
    const std::uint64_t high = dice.next();
    return Guid::fromNumbers(high, dice.next());
}

CloudUser cloudUserOf(const Population& people, const Person& person)
{
    Dice dice(people.options().seed, CloudKind, person.index);
    CloudUser user;
    const std::uint64_t high = dice.next();
    user.id = Guid::fromNumbers(high, dice.next());
    // An alternate sign-in name, as tenants whose forest has no routable suffix use it.
    user.upn = dice.oneIn(25) ? person.alias + "@" + std::string(cloudDomain) : person.upn;
    user.mail = person.smtp;
    user.proxyAddresses = {"SMTP:" + person.smtp};
    if (person.smtp != person.upn)
        user.proxyAddresses.push_back("smtp:" + person.upn);
    user.proxyAddresses.push_back("smtp:" + person.alias + "@" + std::string(cloudDomain));
    user.proxyAddresses.push_back(
        "x500:/o=Contoso Lab/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn="
        + person.alias);
    user.sid = domainSid() + "-" + std::to_string(1104 + person.index);
    std::string objectGuid;
    person.guid.appendWire(objectGuid);
    user.immutableId = base64(objectGuid);
    user.licence = licenceFor(dice.below(100));
    user.enabled = !dice.oneIn(80);
    return user;
}

} // namespace postern::lab

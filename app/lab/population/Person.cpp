#include "app/lab/population/Person.h"

namespace postern::lab {

std::string escapedForDn(std::string_view value)
{
    std::string out;
    for (size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const bool special = std::string_view(",+\"\\<>;=").find(c) != std::string_view::npos;
        const bool edge = (i == 0 && (c == '#' || c == ' ')) || (i + 1 == value.size() && c == ' ');
        if (special || edge)
            out += '\\';
        out += c;
    }
    return out;
}

std::string escapedForCanonical(std::string_view value)
{
    std::string out;
    for (const char c : value) {
        if (c == '/' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

std::string Person::organizationalUnit() const
{
    return "contoso.lab/Staff/" + unit;
}
std::string Person::canonical() const
{
    return organizationalUnit() + "/" + escapedForCanonical(commonName);
}

std::string Person::distinguishedName() const
{
    return "CN=" + escapedForDn(commonName) + ",OU=" + unit + ",OU=Staff,DC=contoso,DC=lab";
}

std::string Person::legacyDn() const
{
    return "/o=Contoso Lab/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn="
        + exchangeGuid.lower().substr(0, 32) + "-" + alias;
}

std::string PhoneFacts::name() const
{
    // A paragraph sign, as Exchange separates the parts of a device's name.
    return client == PhoneClient::Eas ? type + "\u00a7" + deviceId : "REST\u00a7Outlook\u00a7" + deviceId;
}

} // namespace postern::lab

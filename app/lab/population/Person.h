// One mailbox user and one phone, computed from the seed. Plain values, UTF-8. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "app/lab/text/Guid.h"

namespace postern::lab {

struct Person
{
    std::uint32_t index = 0;
    std::string first, last, display;
    std::string commonName; // unique in its organizational unit
    std::string alias; // unique
    std::string upn, smtp; // differ for some
    std::string department, title, office, city, phone, unit;
    Guid guid; // the directory object
    Guid exchangeGuid; // the mailbox
    std::int64_t createdMs = 0;

    [[nodiscard]] std::string canonical() const; // contoso.lab/Staff/Berlin/Anna Berg
    [[nodiscard]] std::string distinguishedName() const;
    [[nodiscard]] std::string organizationalUnit() const;
    [[nodiscard]] std::string legacyDn() const;
};

enum class PhoneClient : std::uint8_t { Eas, Outlook, Rest };

struct PhoneFacts
{
    std::uint32_t index = 0;
    std::uint32_t owner = 0;
    std::string deviceId, type, model, os, osLanguage, userAgent, friendlyName, imei, number, carrier,
        protocol;
    PhoneClient client = PhoneClient::Eas;
    bool provisionable = true; // can apply a mailbox policy
    bool hasStatistics = true;
    Guid guid;
    std::int64_t firstSyncMs = 0;

    [[nodiscard]] std::string name() const; // iPhone§Appl…; REST§Outlook§…
};

// RFC 4514 escaping of a value, and the escaping of a canonical name's part.
[[nodiscard]] std::string escapedForDn(std::string_view value);
[[nodiscard]] std::string escapedForCanonical(std::string_view value);

} // namespace postern::lab

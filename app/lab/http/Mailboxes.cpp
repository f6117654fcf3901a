#include "app/lab/http/Mailboxes.h"

#include "app/lab/text/Text.h"

namespace postern::lab {

std::optional<std::uint32_t> Mailboxes::withAddress(const std::string& address) const
{
    for (const std::uint32_t user : m_estate.people().usersNamed(address)) {
        const Person person = m_estate.people().person(user);
        const bool named = equalsIgnoreCase(person.smtp, address) || equalsIgnoreCase(person.upn, address);
        if (named && isActive(user))
            return user;
    }
    return std::nullopt;
}

bool Mailboxes::isActive(std::uint32_t user) const
{
    return !m_faults.any()
        || !m_faults.forCmdlet("mailboxDisabled", {}, {}, m_estate.people().person(user).smtp);
}

} // namespace postern::lab

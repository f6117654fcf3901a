// The people and phones of a lab, computed from (seed, users, devices per user) when asked for: 100,000
// phones cost one 32-bit number a user and an index of hashes for look-ups. Immutable after construction, any
// thread.
#pragma once

#include <vector>

#include "app/lab/population/Person.h"

namespace postern::lab {

struct PopulationOptions
{
    std::uint32_t users = 500;
    double devicesPerUser = 1.4;
    std::uint64_t seed = 1;
    std::int64_t referenceMs = 0; // "now" of the lab's history
};

class Population
{
public:
    explicit Population(PopulationOptions options);

    [[nodiscard]] const PopulationOptions& options() const { return m_options; }
    [[nodiscard]] std::uint32_t userCount() const { return m_options.users; }
    [[nodiscard]] std::uint32_t phoneCount() const { return m_firstPhone.empty() ? 0 : m_firstPhone.back(); }
    [[nodiscard]] Person person(std::uint32_t user) const;
    [[nodiscard]] PhoneFacts phone(std::uint32_t phone) const;
    [[nodiscard]] std::uint32_t ownerOf(std::uint32_t phone) const;
    [[nodiscard]] std::uint32_t firstPhoneOf(std::uint32_t user) const { return m_firstPhone[user]; }
    [[nodiscard]] std::uint32_t phoneCountOf(std::uint32_t user) const
    {
        return m_firstPhone[user + 1] - m_firstPhone[user];
    }

    // Users whose alias, UPN, SMTP address, SAM name, display name, common name, canonical name, DN, GUID or
    // legacy DN is `identity`, case-insensitive. Several: ambiguous.
    [[nodiscard]] std::vector<std::uint32_t> usersNamed(std::string_view identity) const;
    [[nodiscard]] std::vector<std::uint32_t> phonesWithId(std::string_view deviceId) const;
    [[nodiscard]] std::vector<std::uint32_t> phonesWithGuid(const Guid& guid) const;
    [[nodiscard]] std::string passwordOf(std::uint32_t user) const; // what the user's phone signs in with

    // Which phone's body a partnership has: its own; that of the user before (one phone in two mailboxes); or
    // that of the user's partnership before (the same phone after a reset, with a new id).
    [[nodiscard]] std::uint32_t bodyOf(std::uint32_t phone) const;
    // The id that this body sends today.
    [[nodiscard]] std::string idAfterReset(std::uint32_t body) const;

private:
    struct Entry
    {
        std::uint64_t hash;
        std::uint32_t index;
    };
    [[nodiscard]] std::uint32_t phonesDrawn(std::uint32_t user) const;
    void name(Person& p) const;
    [[nodiscard]] static std::vector<std::uint32_t> matches(
        const std::vector<Entry>& entries, std::uint64_t hash);
    void dress(PhoneFacts& phone, std::uint32_t body) const;
    [[nodiscard]] std::uint32_t neighboursBodyOf(std::uint32_t phone, std::uint32_t owner) const;
    [[nodiscard]] bool isReset(std::uint32_t phone, std::uint32_t owner) const;

    PopulationOptions m_options;
    std::vector<std::uint32_t> m_firstPhone; // users + 1
    std::vector<Entry> m_userIndex, m_phoneIndex, m_guidIndex;
};

} // namespace postern::lab

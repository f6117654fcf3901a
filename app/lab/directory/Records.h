// What can be changed in the lab's directory: organisation settings, mailbox policies, client-access settings
// of a mailbox, the stored state of a phone. Plain values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/lab/population/Person.h"
#include "app/lab/truth/AccessOrder.h"

namespace postern::lab {

struct OrganizationSettings
{
    Level defaultLevel = Level::Allow;
    std::string userMailInsert, otaMailInsert;
    std::vector<std::string> adminMailRecipients;
    bool allowUnsupportedPlatform = false;
    std::int64_t changedMs = 0;
};

struct MailboxPolicyRecord
{
    std::string name;
    bool isDefault = false;
    Guid guid;
    std::int64_t createdMs = 0, changedMs = 0;
    // By the MobileDevice cmdlets' names; "true"/"false", numbers, "Unlimited", comma lists as text.
    std::map<std::string, std::string> settings;

    [[nodiscard]] bool flag(const std::string& setting) const
    {
        const auto at = settings.find(setting);
        return at != settings.end() && at->second == "true";
    }
};

struct CasSettings
{
    std::vector<std::string> allowedIds, blockedIds;
    bool easEnabled = true;
    bool debugLogging = false;
    bool suppressReadReceipt = false;
    bool owaForDevices = true;
    std::string policy; // empty: the default policy
    std::int64_t changedMs = 0;
};

enum class Wipe : std::uint8_t { None, Pending, Sent, Acknowledged };

struct PhoneState
{
    Access access = Access::Unknown;
    Reason reason = Reason::Unknown;
    Wipe wipe = Wipe::None;
    bool accountOnly = false;
    bool removed = false;
    std::uint32_t rule = 0; // 0: none
    std::int64_t changedMs = 0, lastSuccessMs = 0, lastAttemptMs = 0, policyMs = 0; // 0: never
    std::int64_t wipeRequestedMs = 0, wipeSentMs = 0, wipeAckedMs = 0;
    std::uint32_t requestor = 0; // index into the estate's requestors; 0: none
};

// A phone with its owner's view of it: the facts and the stored state at the time of asking.
struct Phone
{
    PhoneFacts facts;
    PhoneState state;
};

} // namespace postern::lab

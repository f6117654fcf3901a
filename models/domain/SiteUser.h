// A person of the site (OBJ-03, SHL-32): what directory and Exchange know together. Plain value, any thread.
#pragma once

#include <QDateTime>
#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

#include "models/base/EnumText.h"
#include "models/base/Ids.h"

namespace postern {

enum class MailboxLocation { None, OnPremises, Online };

template <> struct EnumTable<MailboxLocation>
{
    static std::span<const EnumEntry<MailboxLocation>> entries();
};

struct SiteUser
{
    UserId id;
    QString name;
    QString userPrincipalName;
    QString emailAddress;
    QString department;
    QString objectId; // of the directory; empty: only Exchange knows this person
    QStringList licenses; // names of the subscriptions, as the directory calls them
    bool intuneLicensed = false;
    QStringList groups; // names, transitive
    MailboxLocation mailbox = MailboxLocation::None;
    bool accountEnabled = true;
    int deviceCount = 0; // rows of the device list
    int blockedCount = 0; // of them
    std::optional<QDateTime> lastSeen; // newest successful sync of any device
    bool operator==(const SiteUser&) const = default;
};

// Many, shared and immutable: a hundred thousand people are handed over by pointer. In id order.
using SiteUsers = std::vector<SiteUser>;
using SharedUsers = std::shared_ptr<const SiteUsers>;

} // namespace postern

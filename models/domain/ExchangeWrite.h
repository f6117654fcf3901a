// Everything that Postern ever changes in Exchange, as values: what the plan says, what the journal keeps and
// what ExchangeOrganization::apply sends are one and the same. Any thread. toJson()/exchangeWriteFromJson()
// are the journal's form.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <variant>

#include "models/base/Error.h"
#include "models/domain/ConnectorSettings.h"
#include "models/domain/Exchange.h"

namespace postern {

// One Set-CASMailbox with @{Add=...; Remove=...}: never a whole list (SYN-21). Raw ids, as Exchange has them.
struct ListWrite
{
    QString mailboxIdentity;
    QStringList addAllowed, removeAllowed, addBlocked, removeBlocked;
    bool operator==(const ListWrite&) const = default;
    [[nodiscard]] bool isEmpty() const
    {
        return addAllowed.isEmpty() && removeAllowed.isEmpty() && addBlocked.isEmpty()
            && removeBlocked.isEmpty();
    }
    // Takes access away from somebody: such writes go last (SYN-21).
    [[nodiscard]] bool blocks() const { return !addBlocked.isEmpty() || !removeAllowed.isEmpty(); }
};

struct OrganizationWrite
{
    OrganizationSettings settings;
    bool operator==(const OrganizationWrite&) const = default;
};

struct AccessRuleCreate
{
    AccessRule rule;
    bool operator==(const AccessRuleCreate&) const = default;
};
struct AccessRuleChange // Exchange changes the level only
{
    QString identity;
    AccessLevel level = AccessLevel::Allow;
    bool operator==(const AccessRuleChange&) const = default;
};
struct AccessRuleRemove
{
    QString identity;
    bool operator==(const AccessRuleRemove&) const = default;
};

struct MailboxPolicyCreate
{
    QString name;
    bool isDefault = true;
    MailboxPolicySettings settings; // only configured groups are sent
    bool allowExternalDeviceManagement = false;
    bool operator==(const MailboxPolicyCreate&) const = default;
};
struct MailboxPolicyChange
{
    QString identity;
    MailboxPolicySettings settings;
    bool allowExternalDeviceManagement = false; // true: set it; false: not sent
    bool operator==(const MailboxPolicyChange&) const = default;
};

struct DeviceClear // wipe at the phone's next contact
{
    QString deviceIdentity;
    bool accountOnly = false; // Exchange 2016 and newer
    bool cancel = false; // of a wipe that has not been sent
    QStringList notify; // SMTP addresses
    bool operator==(const DeviceClear&) const = default;
};
struct DeviceRemove // the partnership; it comes back when the phone still synchronises
{
    QString deviceIdentity;
    bool operator==(const DeviceRemove&) const = default;
};

using ExchangeWrite = std::variant<ListWrite, OrganizationWrite, AccessRuleCreate, AccessRuleChange,
    AccessRuleRemove, MailboxPolicyCreate, MailboxPolicyChange, DeviceClear, DeviceRemove>;

// Stable English key of the kind: "list", "organization", "accessRuleCreate", ...
[[nodiscard]] QString kindOf(const ExchangeWrite& write);
// The Exchange identity that it is about, for the journal and people; a rule to be made: its query.
[[nodiscard]] QString targetOf(const ExchangeWrite& write);

[[nodiscard]] QByteArray toJson(const ExchangeWrite& write);
[[nodiscard]] Expected<ExchangeWrite> exchangeWriteFromJson(const QByteArray& json);

// A mailbox' lists as Exchange has them now: the read-back of a ListWrite (SYN-23).
struct MailboxLists
{
    QStringList allowedIds;
    QStringList blockedIds;
    bool operator==(const MailboxLists&) const = default;
};

} // namespace postern

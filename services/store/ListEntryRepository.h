// Whose entries of the mailboxes' allow and block lists are Postern's (SYN-22): a row for each that a
// confirmed write put there, none for what was in the list before. Store thread, inside a Session.
#pragma once

#include <optional>
#include <vector>

#include "models/domain/WriteRecord.h"
#include "services/store/Session.h"

namespace postern::store {

enum class AccessList { Allowed, Blocked };

struct ListEntry
{
    ConnectorId connectorId;
    MailboxId mailboxId;
    QString mailboxIdentity; // as the mailbox is called now
    AccessList list = AccessList::Blocked;
    QString deviceId; // raw, as Exchange has it
    WriteOrigin origin = WriteOrigin::Policy;
    QString reason;
    WriteId writeId; // the journal's entry
    QDateTime writtenAt;
    std::optional<QDateTime> expiresAt;
    bool operator==(const ListEntry&) const = default;
};

class ListEntryRepository
{
public:
    explicit ListEntryRepository(Session& session)
        : m_session(session)
    {
    }
    // What a confirmed write means: what it added is Postern's, what it removed is nobody's.
    [[nodiscard]] Expected<void> record(const WriteRecord& write, const std::optional<QDateTime>& expiresAt);
    [[nodiscard]] Expected<std::vector<ListEntry>> ofConnector(ConnectorId connector); // by mailbox
    [[nodiscard]] Expected<std::vector<ListEntry>> ofMailbox(MailboxId mailbox);
    // Those whose time is over.
    [[nodiscard]] Expected<std::vector<ListEntry>> expired(ConnectorId connector, const QDateTime& now);
    [[nodiscard]] Expected<qint64> count(ConnectorId connector);
    // SYN-22: takes out of `write` what would remove an entry that is not Postern's. Returns those ids.
    [[nodiscard]] Expected<QStringList> spareForeign(MailboxId mailbox, ListWrite& write);

private:
    [[nodiscard]] Expected<void> add(const WriteRecord& write, AccessList list, const QStringList& ids,
        const std::optional<QDateTime>& expiresAt);
    [[nodiscard]] Expected<void> drop(MailboxId mailbox, AccessList list, const QStringList& ids);

    Session& m_session;
};

// How Exchange compares ids of a list: without regard to case.
[[nodiscard]] QString listKey(const QString& deviceId);

} // namespace postern::store

template <> struct postern::EnumTable<postern::store::AccessList>
{
    static std::span<const EnumEntry<store::AccessList>> entries();
};

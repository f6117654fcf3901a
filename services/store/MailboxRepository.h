// Mailboxes (OBJ-03, the Exchange part). The key is (connector, mailbox GUID); a row whose content hash is
// the stored one is not written. Store thread, inside a Session.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "models/domain/Exchange.h"
#include "services/store/MailboxKeyMap.h"
#include "services/store/SyncRun.h"

namespace postern::store {

struct PageCounts
{
    int added = 0; // new, or back after being gone
    int changed = 0;
    int unchanged = 0;
    bool operator==(const PageCounts&) const = default;
};

struct MailboxPage
{
    std::vector<MailboxId> ids; // parallel to the rows given
    PageCounts counts;
};

struct MailboxRef
{
    MailboxId id;
    QUuid guid;
    QString identity;
    bool operator==(const MailboxRef&) const = default;
};

class MailboxRepository
{
public:
    explicit MailboxRepository(Session& session)
        : m_session(session)
    {
    }
    // `run` invalid: a delta, which never counts as having seen everything.
    [[nodiscard]] Expected<MailboxPage> upsertPage(
        ConnectorId connector, SyncRunId run, const std::vector<Mailbox>& rows);
    [[nodiscard]] Expected<MailboxKeyMap> loadKeyMap(ConnectorId connector);
    [[nodiscard]] Expected<qint64> count(ConnectorId connector); // without gone ones
    [[nodiscard]] Expected<std::optional<Mailbox>> find(MailboxId id);
    // Every mailbox of the connector that is not gone (CON-16: which of them are in its containers).
    [[nodiscard]] Expected<void> eachPresent(
        ConnectorId connector, const std::function<void(MailboxId, const QString& identity)>& each);
    // Those with a partnership that is not gone, by id: the input of the statistics pass. Page by page:
    // `after` is the last id of the page before.
    [[nodiscard]] Expected<std::vector<MailboxRef>> withPartnerships(
        ConnectorId connector, MailboxId after, int limit);
    // Only after a complete, unfiltered listing of run (SYN-05). Returns how many.
    [[nodiscard]] Expected<int> markGone(ConnectorId connector, SyncRunId run, const QDateTime& now);
    // Gone since before `before` and without any partnership left.
    [[nodiscard]] Expected<int> purgeGone(const QDateTime& before);

private:
    Session& m_session;
};

} // namespace postern::store

// SYN-01 step 3: the mailboxes with a partnership, page by page into the store, and the key by which
// partnerships find their owner. A page is stored while the next one is read. Service thread.
#pragma once

#include "services/store/MailboxRepository.h"
#include "services/sync/SyncContext.h"

namespace postern::sync {

class MailboxPass
{
public:
    explicit MailboxPass(SyncContext& context);

    // Sets progress.total. A list that the server cut is no error here: complete() is false then.
    QCoro::Task<Expected<void>> run(std::stop_token token);
    [[nodiscard]] bool complete() const { return m_complete; }
    [[nodiscard]] qint64 read() const { return m_read; } // different mailboxes

    // A mailbox that some partnership names and the listing did not have; also under the name it was asked
    // by.
    QCoro::Task<Expected<MailboxId>> lookUp(QString identity, std::stop_token token);

private:
    QCoro::Task<Expected<void>> readAll(std::stop_token token);
    QCoro::Task<Expected<void>> loadBefore(std::stop_token token);
    QCoro::Task<Expected<std::vector<MailboxId>>> nameless(
        std::shared_ptr<const std::vector<Mailbox>> rows, std::stop_token token);
    QCoro::Task<Expected<void>> store(std::vector<Mailbox> rows, std::stop_token token);

    SyncContext& m_context;
    std::vector<qint64> m_ids; // as listed; duplicates are taken out at the end
    std::optional<store::MailboxKeyMap> m_before; // what the site had, once a mailbox without names needs it
    qint64 m_read = 0;
    bool m_complete = false;
};

} // namespace postern::sync

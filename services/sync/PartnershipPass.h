// SYN-01 step 4: the partnerships, page by page into the store, joined to their mailboxes by the owner's
// identity. Owners that the mailbox listing did not have are asked for singly when the listing has ended (a
// listing may hold the only session). Service thread.
#pragma once

#include "services/store/PartnershipRepository.h"
#include "services/sync/EarlyPartnerships.h"
#include "services/sync/Inactivity.h"
#include "services/sync/MailboxPass.h"
#include "services/sync/SyncContext.h"

namespace postern::sync {

class PartnershipPass
{
public:
    // Called with the owners of each stored page, so that their statistics may begin.
    using OwnersStored = std::function<void(const std::vector<store::MailboxRef>& owners)>;

    // `early` has ended its reading ahead.
    PartnershipPass(SyncContext& context, MailboxPass& mailboxes, EarlyPartnerships& early,
        Inactivity& inactivity, OwnersStored ownersStored);

    QCoro::Task<Expected<void>> run(std::stop_token token);
    // Every page came, every object was understood, every owner is known or known not to exist.
    [[nodiscard]] bool complete() const { return m_complete; }

private:
    QCoro::Task<Expected<void>> readAll(std::stop_token token);
    QCoro::Task<Expected<void>> store(std::vector<store::PartnershipRow> rows, std::stop_token token);
    QCoro::Task<Expected<void>> findOwners(std::stop_token token);
    void add(MailboxId owner, Partnership partnership, std::vector<store::PartnershipRow>& rows);
    void join(std::vector<Partnership> items, std::vector<store::PartnershipRow>& rows);

    SyncContext& m_context;
    MailboxPass& m_mailboxes;
    EarlyPartnerships& m_early;
    Inactivity& m_inactivity;
    OwnersStored m_ownersStored;
    std::vector<Partnership> m_ownerless; // at most ownerlessKept
    qint64 m_ownerlessDropped = 0;
    bool m_complete = false;
};

} // namespace postern::sync

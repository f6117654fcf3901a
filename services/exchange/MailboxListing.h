// Mailboxes that have a partnership, completed by a listing of users or recipients, which knows their user
// principal names and departments. That one begins first; the
// mailboxes are read ahead beside it when there is a session for them. Where the account does not have it,
// the mailboxes come without (a warning, no error: they are matched by GUID and SMTP address). A mailbox that
// it merely did not have, because its object was garbled, is asked for alone and comes with the last page, so
// that nothing known is forgotten (without a `streamOfOne` it comes as it is). Service thread.
#pragma once

#include "services/exchange/Listing.h"
#include "services/exchange/RecipientIndex.h"

namespace postern::exchange {

class MailboxListing final : public PageReader<Mailbox>
{
public:
    // A stream of the one recipient with this identity.
    using StreamOfOne = std::function<std::unique_ptr<ListingStream>(const QString& identity)>;

    MailboxListing(std::unique_ptr<ListingStream> mailboxes, std::unique_ptr<ListingStream> recipients,
        StreamOfOne streamOfOne, tracelog::TraceLogWriter& log);
    QCoro::Task<Expected<Page<Mailbox>>> next(std::stop_token token) override;

private:
    QCoro::Task<Expected<void>> readRecipients(std::stop_token token);
    QCoro::Task<void> readAhead(std::stop_token token);
    [[nodiscard]] Expected<Page<Mailbox>> takeAhead();
    QCoro::Task<Expected<void>> readAlone(Mailbox* mailbox, std::stop_token token);
    void holdIncomplete(Page<Mailbox>& page);

    std::unique_ptr<ListingStream> m_recipientStream;
    Listing<Mailbox> m_mailboxes;
    StreamOfOne m_streamOfOne;
    tracelog::TraceLogWriter& m_log;
    RecipientIndex m_index;
    std::vector<Mailbox> m_held; // not in the index; a listing may hold the only session until its end
    // Read beside the recipients, up to a bound.
    std::vector<Expected<Page<Mailbox>>> m_ahead;
    size_t m_aheadTaken = 0;
    bool m_indexRead = false;
    bool m_indexUsable = false;
};

} // namespace postern::exchange

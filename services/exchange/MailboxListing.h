// Mailboxes that have a partnership, completed by a listing of users or recipients, which knows their user
// principal names and departments. That one runs first, beside whatever else the connector does; when it
// fails the mailboxes come without (a warning, no error): they are matched by GUID and SMTP address. Service
// thread.
#pragma once

#include "services/exchange/Listing.h"
#include "services/exchange/RecipientIndex.h"

namespace postern::exchange {

class MailboxListing final : public PageReader<Mailbox>
{
public:
    MailboxListing(std::unique_ptr<ListingStream> mailboxes, std::unique_ptr<ListingStream> recipients,
        tracelog::TraceLogWriter& log);
    QCoro::Task<Expected<Page<Mailbox>>> next(std::stop_token token) override;

private:
    QCoro::Task<Expected<void>> readRecipients(std::stop_token token);

    std::unique_ptr<ListingStream> m_recipientStream;
    Listing<Mailbox> m_mailboxes;
    tracelog::TraceLogWriter& m_log;
    RecipientIndex m_index;
    bool m_indexRead = false;
};

} // namespace postern::exchange

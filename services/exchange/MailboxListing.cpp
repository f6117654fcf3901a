#include "services/exchange/MailboxListing.h"

#include "services/exchange/MailboxMapper.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

MailboxListing::MailboxListing(std::unique_ptr<ListingStream> mailboxes,
    std::unique_ptr<ListingStream> recipients, tracelog::TraceLogWriter& log)
    : m_recipientStream(std::move(recipients))
    , m_mailboxes(std::move(mailboxes), mapChunkWith<Mailbox, MailboxMapper>(u"Get-CASMailbox"_s))
    , m_log(log)
{
}

QCoro::Task<Expected<Page<Mailbox>>> MailboxListing::next(std::stop_token token)
{
    if (!m_indexRead) {
        m_indexRead = true;
        const Expected<void> read = co_await readRecipients(token);
        if (!read)
            co_return fail(read.error());
    }
    Expected<Page<Mailbox>> page = co_await m_mailboxes.next(token);
    if (page) {
        for (Mailbox& mailbox : page->items)
            m_index.complete(mailbox);
    }
    co_return page;
}

QCoro::Task<Expected<void>> MailboxListing::readRecipients(std::stop_token token)
{
    const QString cmdlet = m_recipientStream->cmdlet();
    Listing<Mailbox> recipients(std::move(m_recipientStream), mapChunkWith<Mailbox, MailboxMapper>(cmdlet));
    for (bool last = false; !last;) {
        Expected<Page<Mailbox>> page = co_await recipients.next(token);
        if (!page) {
            const ErrorCode code = page.error().code;
            const bool worthATry = isTransient(code) || code == ErrorCode::Cancelled;
            if (worthATry)
                co_return fail(page.error());
            m_log.write(tracelog::lines::cmdletFailed(cmdlet, page.error().toLogText()));
            break;
        }
        for (const Mailbox& recipient : page->items)
            m_index.add(recipient);
        last = page->last;
    }
    m_index.sort();
    co_return Expected<void>();
}

} // namespace postern::exchange

#include "services/exchange/MailboxListing.h"

#include "services/exchange/MailboxMapper.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t aheadLimit = 5000; // mailboxes
constexpr size_t heldLimit = 100; // more are no accident: those recipients are hidden from the account

// The account's role does not have it, as the checks say (CON-33). Any other refusal is a fault: going on
// without names would empty those that are known.
bool isRefusal(ErrorCode code)
{
    return code == ErrorCode::CmdletMissing || code == ErrorCode::ParameterMissing;
}

} // namespace

MailboxListing::MailboxListing(std::unique_ptr<ListingStream> mailboxes,
    std::unique_ptr<ListingStream> recipients, StreamOfOne streamOfOne, tracelog::TraceLogWriter& log)
    : m_recipientStream(std::move(recipients))
    , m_mailboxes(std::move(mailboxes), mapChunkWith<Mailbox, MailboxMapper>(u"Get-CASMailbox"_s))
    , m_streamOfOne(std::move(streamOfOne))
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
    Expected<Page<Mailbox>> page = Page<Mailbox>();
    if (m_aheadTaken < m_ahead.size())
        page = takeAhead();
    else
        page = co_await m_mailboxes.next(token);
    if (!page)
        co_return page;
    holdIncomplete(*page);
    if (!page->last)
        co_return page;
    for (Mailbox& mailbox : m_held) {
        const Expected<void> read = co_await readAlone(&mailbox, token);
        if (!read)
            co_return fail(read.error());
        page->items.push_back(std::move(mailbox));
    }
    m_held.clear();
    co_return page;
}

void MailboxListing::holdIncomplete(Page<Mailbox>& page)
{
    std::vector<Mailbox> complete;
    complete.reserve(page.items.size());
    for (Mailbox& mailbox : page.items) {
        const bool found = m_index.complete(mailbox);
        if (found || !m_indexUsable || !m_streamOfOne || m_held.size() >= heldLimit)
            complete.push_back(std::move(mailbox));
        else
            m_held.push_back(std::move(mailbox));
    }
    page.items = std::move(complete);
}

Expected<Page<Mailbox>> MailboxListing::takeAhead()
{
    Expected<Page<Mailbox>> page = std::move(m_ahead[m_aheadTaken++]);
    if (m_aheadTaken == m_ahead.size())
        m_ahead = {};
    m_aheadTaken = m_ahead.empty() ? 0 : m_aheadTaken;
    return page;
}

// Begins when the recipients have their session, so that with one session only it simply comes after them.
QCoro::Task<void> MailboxListing::readAhead(std::stop_token token)
{
    size_t mailboxes = 0;
    for (bool over = false; !over;) {
        Expected<Page<Mailbox>> page = co_await m_mailboxes.next(token);
        mailboxes += page ? page->items.size() : 0;
        over = !page || page->last || mailboxes >= aheadLimit;
        m_ahead.push_back(std::move(page));
    }
}

QCoro::Task<Expected<void>> MailboxListing::readRecipients(std::stop_token token)
{
    const QString cmdlet = m_recipientStream->cmdlet();
    Listing<Mailbox> recipients(std::move(m_recipientStream), mapChunkWith<Mailbox, MailboxMapper>(cmdlet));
    std::optional<QCoro::Task<void>> ahead;
    Expected<void> outcome;
    for (bool last = false; !last;) {
        Expected<Page<Mailbox>> page = co_await recipients.next(token);
        if (!ahead)
            ahead.emplace(readAhead(token));
        if (!page) {
            if (!isRefusal(page.error().code))
                outcome = fail(page.error());
            else
                m_log.write(tracelog::lines::cmdletFailed(cmdlet, page.error().toLogText()));
            break;
        }
        for (const Mailbox& recipient : page->items)
            m_index.add(recipient);
        last = page->last;
        m_indexUsable = last;
    }
    if (ahead)
        co_await std::move(*ahead);
    m_index.sort();
    co_return outcome;
}

// That one recipient cannot be read is no reason to do without its mailbox.
QCoro::Task<Expected<void>> MailboxListing::readAlone(Mailbox* mailbox, std::stop_token token)
{
    auto stream = m_streamOfOne(mailbox->identity);
    const QString cmdlet = stream->cmdlet();
    Listing<Mailbox> recipient(std::move(stream), mapChunkWith<Mailbox, MailboxMapper>(cmdlet));
    RecipientIndex index;
    for (bool last = false; !last;) {
        Expected<Page<Mailbox>> page = co_await recipient.next(token);
        if (!page) {
            if (isTransient(page.error().code) || page.error().code == ErrorCode::Cancelled)
                co_return fail(page.error());
            m_log.write(tracelog::lines::objectProblem(mailbox->identity, page.error().toLogText()));
            co_return Expected<void>();
        }
        for (const Mailbox& found : page->items)
            index.add(found);
        last = page->last;
    }
    index.sort();
    index.complete(*mailbox);
    co_return Expected<void>();
}

} // namespace postern::exchange

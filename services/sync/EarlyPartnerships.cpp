#include "services/sync/EarlyPartnerships.h"

namespace postern::sync {

using namespace std::chrono_literals;

namespace {

constexpr size_t rowsAhead = 7000; // some 15 MB
constexpr int sessionsNeeded = 3; // for users, mailboxes and partnerships
constexpr auto lookAgain = 20ms; // whether the mailboxes are there, or a session is needed more elsewhere

} // namespace

EarlyPartnerships::EarlyPartnerships(SyncContext& context)
    : m_context(context)
{
}

void EarlyPartnerships::start(std::stop_token token)
{
    const int sessions
        = std::min(m_context.connector.parallelSessions, m_context.with.organization.parallelism());
    if (sessions >= sessionsNeeded)
        m_reading.emplace(read(token));
}

QCoro::Task<void> EarlyPartnerships::finish()
{
    m_wanted = false;
    if (m_reading)
        co_await std::move(*m_reading);
    m_reading.reset();
}

void EarlyPartnerships::giveUp()
{
    m_reader.reset();
    m_pages = {};
}

QCoro::Task<void> EarlyPartnerships::read(std::stop_token token)
{
    m_reader = m_context.with.organization.readPartnerships();
    size_t rows = 0;
    while (m_wanted) {
        if (token.stop_requested() || m_context.with.organization.parallelism() < sessionsNeeded) {
            giveUp();
            co_return;
        }
        if (rows >= rowsAhead) {
            co_await core::delay(lookAgain, token);
            continue;
        }
        Read page = co_await m_reader->next(token);
        if (!page) {
            giveUp(); // the pass begins it again, with patience
            co_return;
        }
        rows += page->items.size();
        const bool last = page->last;
        m_pages.push_back(std::move(page));
        if (last)
            co_return;
    }
}

} // namespace postern::sync

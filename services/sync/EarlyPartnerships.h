// The first partnerships, read while the mailboxes are still listed, when there are sessions for both: what
// the way to the server and back costs is then paid once for both lists. They wait here, bounded, until their
// owners are known. Given up when the server slows us down: a listing that waits must not hold what another
// one needs. Service thread.
#pragma once

#include "services/sync/SyncContext.h"

namespace postern::sync {

class EarlyPartnerships
{
public:
    using Reader = std::unique_ptr<exchange::PageReader<Partnership>>;
    using Read = Expected<exchange::Page<Partnership>>;

    explicit EarlyPartnerships(SyncContext& context);

    // Does nothing when there are too few sessions.
    void start(std::stop_token token);
    // The mailboxes are known, or will not be: ends the reading ahead and waits for it.
    QCoro::Task<void> finish();

    // What was read, in order; then the reader goes on where they end. Empty and null when nothing was.
    [[nodiscard]] std::vector<Read> takePages() { return std::exchange(m_pages, {}); }
    [[nodiscard]] Reader takeReader() { return std::move(m_reader); }

private:
    QCoro::Task<void> read(std::stop_token token);
    void giveUp();

    SyncContext& m_context;
    std::optional<QCoro::Task<void>> m_reading;
    Reader m_reader;
    std::vector<Read> m_pages;
    bool m_wanted = true;
};

} // namespace postern::sync

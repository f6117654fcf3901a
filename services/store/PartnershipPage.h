// One page of a listing on its way into the table: which rows are new, changed or as they were, then the
// writes. Store thread, inside a Session.
#pragma once

#include <vector>

#include "services/store/PartnershipIndex.h"
#include "services/store/PartnershipRepository.h"

namespace postern::store {

class PartnershipPage
{
public:
    PartnershipPage(Session& session, ConnectorId connector, const std::vector<PartnershipRow>& rows,
        const QDateTime& now);

    // `whole`: a full sync asks about every row, so the index is worth loading.
    [[nodiscard]] Expected<PageCounts> upsert(bool whole);
    [[nodiscard]] std::vector<qint64> takeSeen() { return std::move(m_seen); }

private:
    struct Entry
    {
        quint64 key = 0;
        quint64 hash = 0;
        qint64 id = 0;
        bool superseded = false; // the same key comes again later in the page
    };
    [[nodiscard]] Expected<void> hashRows();
    void dropDuplicates();
    [[nodiscard]] Expected<void> classify(PartnershipIndex* index);
    [[nodiscard]] Expected<PartnershipIndex::Found> lookUp(std::size_t row);
    [[nodiscard]] Expected<void> writeAll(PartnershipIndex* index);
    [[nodiscard]] Expected<void> write(
        const struct BulkShape& shape, const std::vector<std::size_t>& rows, qint64 revision);

    Session& m_session;
    ConnectorId m_connector;
    const std::vector<PartnershipRow>& m_rows;
    QDateTime m_now;
    std::vector<Entry> m_entries;
    std::vector<std::size_t> m_added, m_changed;
    std::vector<qint64> m_seen;
    PageCounts m_counts;
};

} // namespace postern::store

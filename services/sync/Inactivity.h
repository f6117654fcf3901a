// CON-15: phones whose last success is older than connector.maxInactiveDays are not imported. That is known
// only from their statistics, which come after the listing: those known from earlier runs are held back when
// they are listed again and come in only when this run's statistics say that they are active; the others go
// at the end of the run. A phone without a last success is imported. Service thread.
#pragma once

#include <unordered_set>

#include "services/store/PartnershipRepository.h"
#include "services/sync/SyncContext.h"

namespace postern::sync {

class Inactivity
{
public:
    explicit Inactivity(SyncContext& context);

    // nullopt: every phone is imported.
    [[nodiscard]] const std::optional<QDateTime>& cutOff() const { return m_cutOff; }
    QCoro::Task<Expected<void>> load(std::stop_token token);

    // The listing begins (again): what was held is forgotten.
    void restart();
    // Takes the row when it is known to be inactive. Too many are let through; they go again at the end.
    [[nodiscard]] bool hold(store::PartnershipRow& row);
    // Whether it is known to be inactive (or, rarely, has the hash of one that is).
    [[nodiscard]] bool knows(const store::PartnershipRow& row) const;
    [[nodiscard]] qint64 held() const { return qint64(m_held.size()); }
    [[nodiscard]] std::vector<store::MailboxRef> heldOwners() const;

    // Statistics of this run: remembers those that show a held phone to be active again.
    void see(const store::StatisticsRow& row);
    // These mailboxes could not be read: their phones that are still there stay (SYN-07).
    void keep(const std::vector<MailboxId>& notRead);
    // Brings in what is active or kept.
    QCoro::Task<Expected<void>> bringIn(std::stop_token token);

private:
    [[nodiscard]] static quint64 keyOf(MailboxId mailbox, const QString& device);

    SyncContext& m_context;
    std::optional<QDateTime> m_cutOff;
    std::unordered_set<quint64> m_known; // hashes; a false match is corrected by the statistics
    std::unordered_set<quint64> m_present; // of those, the ones that are not gone yet
    std::vector<store::PartnershipRow> m_held;
    std::vector<store::StatisticsRow> m_active;
    std::unordered_set<qint64> m_notRead; // mailboxes
};

} // namespace postern::sync

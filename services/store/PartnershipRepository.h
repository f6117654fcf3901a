// Partnerships (OBJ-04): the unit of allow and block, keyed by (mailbox, normalised EAS device id), never by
// name or EAS id alone (GLO-03). Rows whose content hash is the stored one are not written. Every change of
// access state or reason leaves a history row (SYN-17). Store thread, inside a Session; a page is one
// transaction.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "services/store/MailboxRepository.h"

namespace postern::store {

struct PartnershipRow
{
    MailboxId mailboxId;
    Partnership partnership;
};

struct StatisticsRow
{
    MailboxId mailboxId;
    PartnershipStatistics statistics;
};

struct StatisticsCounts
{
    int changed = 0;
    int unchanged = 0;
    int unknown = 0; // no such partnership: the listing has not had it yet; the next sync will
    bool operator==(const StatisticsCounts&) const = default;
};

struct AccessChange
{
    QDateTime at;
    AccessState from = AccessState::NotSeen, to = AccessState::NotSeen;
    AccessStateReason fromReason = AccessStateReason::None, toReason = AccessStateReason::None;
    QString toReasonText;
    bool operator==(const AccessChange&) const = default;
};

// Everything stored about one partnership.
struct StoredPartnership
{
    PartnershipId id;
    ConnectorId connectorId;
    MailboxId mailboxId;
    Partnership partnership;
    PartnershipStatistics statistics; // ids and access state are the partnership's
    std::optional<QDateTime> asOf, goneSince;
    bool stale = false;
    qint64 revision = 0;
};

struct PartnershipCounts
{
    qint64 present = 0;
    qint64 gone = 0;
    qint64 stale = 0;
    bool operator==(const PartnershipCounts&) const = default;
};

// The normalised id as the database has it: ids that differ only in what cannot be stored are one.
[[nodiscard]] QString storedKey(const EasDeviceId& device);

struct InactiveCounts
{
    int marked = 0;
    int ofNewOnes = 0; // of those, the ones with an id above the one asked about
    bool operator==(const InactiveCounts&) const = default;
};

class PartnershipRepository
{
public:
    explicit PartnershipRepository(Session& session)
        : m_session(session)
    {
    }
    // `run` invalid: a delta. Rows twice in a page: the last one counts. Gone ones come back with their
    // history (SYN-19). `now` stamps new and changed rows ("data as of").
    [[nodiscard]] Expected<PageCounts> upsertPage(
        ConnectorId connector, SyncRunId run, const std::vector<PartnershipRow>& rows, const QDateTime& now);
    // SYN-07: the second pass. Clears the stale flag of what it touches.
    [[nodiscard]] Expected<StatisticsCounts> applyStatistics(
        ConnectorId connector, const std::vector<StatisticsRow>& rows, const QDateTime& now);
    // SYN-07: these mailboxes could not be read; their partnerships keep the old values and are marked stale.
    [[nodiscard]] Expected<int> markNotRead(std::span<const MailboxId> mailboxes);
    // SYN-05, SYN-19: those that the complete listing of `run` did not have. Only after such a listing.
    // Returns how many.
    [[nodiscard]] Expected<int> markGone(ConnectorId connector, SyncRunId run, const QDateTime& now);
    // CON-48: the connector is removed. Returns how many.
    [[nodiscard]] Expected<int> markAllGone(ConnectorId connector, const QDateTime& now);
    // SYN-20: this one was removed in Exchange, which was read back.
    [[nodiscard]] Expected<int> markGone(PartnershipId id, const QDateTime& now);
    // Every one of the connector that is not gone, with its mailbox (CON-16).
    [[nodiscard]] Expected<void> eachPresent(
        ConnectorId connector, const std::function<void(PartnershipId, MailboxId)>& each);
    // Those of Outlook, REST and the like, which not every listing has (SYN-08).
    [[nodiscard]] Expected<std::vector<PartnershipId>> presentOfOtherClients(ConnectorId connector);
    // How many markGone() would mark: for the shrink guard (SYN-06).
    [[nodiscard]] Expected<qint64> countUnseen(ConnectorId connector, SyncRunId run);
    // CON-15: those whose last success is known and older than `before`, gone or not, by their normalised id.
    [[nodiscard]] Expected<void> eachInactive(ConnectorId connector, const QDateTime& before,
        const std::function<void(MailboxId, const QString& device, bool gone)>& each);
    // Marks them gone, but for stale ones, of which the last success is not known; `sinceId` tells the new
    // ones of this run apart.
    [[nodiscard]] Expected<InactiveCounts> markInactive(
        ConnectorId connector, const QDateTime& before, PartnershipId sinceId, const QDateTime& now);
    [[nodiscard]] Expected<PartnershipId> newestId();
    // How many present ones were added or changed by transactions after `revision`.
    [[nodiscard]] Expected<qint64> changedAfter(ConnectorId connector, qint64 revision);
    // Removes for good what has been gone since before `before`, history included.
    [[nodiscard]] Expected<int> purgeGone(const QDateTime& before);

    [[nodiscard]] Expected<PartnershipCounts> counts(ConnectorId connector);
    [[nodiscard]] Expected<std::optional<StoredPartnership>> find(PartnershipId id);
    [[nodiscard]] Expected<std::optional<StoredPartnership>> find(
        MailboxId mailbox, const EasDeviceId& device);
    [[nodiscard]] Expected<std::vector<AccessChange>> history(PartnershipId id); // oldest first

private:
    Session& m_session;
};

} // namespace postern::store

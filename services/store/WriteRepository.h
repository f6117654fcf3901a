// The journal of writes to Exchange: an entry before anything is sent, and each step of it in a transaction
// of its own. Entries end Confirmed, Failed or Superseded and are never changed afterwards. Store thread,
// inside a Session; services/enforce is the only writer.
#pragma once

#include <optional>
#include <vector>

#include "models/domain/WriteRecord.h"
#include "services/store/Session.h"

namespace postern::store {

struct PlannedWrite
{
    WriteOrigin origin = WriteOrigin::Settings;
    QString cause; // who and why, a sentence
    ExchangeWrite write;
    int stage = 0; // lower ones are over before higher ones begin (SYN-21)
    MailboxId mailboxId{}; // of list writes
    RequestId requestId{};
    std::optional<QDateTime> expiresAt{}; // of the entries it adds
};

struct JournalEntry
{
    WriteRecord record;
    int stage = 0;
    RequestId requestId{};
    std::optional<QDateTime> expiresAt{};
};

// What the read-back of a write showed.
struct Confirmation
{
    QDateTime at;
    std::optional<MailboxLists> lists{}; // of a list write
    QString ruleIdentity{}; // of a rule that was created
    std::vector<PartnershipStatistics> phones{}; // of the mailbox whose phone was wiped or removed
};

class WriteRepository
{
public:
    explicit WriteRepository(Session& session)
        : m_session(session)
    {
    }
    // An open entry of the same origin and content is found again; a planned one of the same origin for the
    // same target is superseded, except a person's. Entries of others (SYN-22) are taken out of a list write
    // unless a person wants it; what is empty then is not planned. Returns the entries that are open now.
    [[nodiscard]] Expected<std::vector<WriteId>> plan(
        ConnectorId connector, const std::vector<PlannedWrite>& writes, const QDateTime& now);
    [[nodiscard]] Expected<std::vector<JournalEntry>> open(ConnectorId connector); // by stage and id
    [[nodiscard]] Expected<qint64> openCount(ConnectorId connector);
    [[nodiscard]] Expected<std::optional<JournalEntry>> find(WriteId id);
    [[nodiscard]] Expected<std::vector<WriteRecord>> list(ConnectorId connector, int limit); // newest first
    // The newest confirmed ones of a kind and target, for what cannot be read back.
    [[nodiscard]] Expected<std::vector<WriteRecord>> confirmedOnes(
        ConnectorId connector, const QString& kind, const QString& target, int limit);

    // `write`: what is really sent, which may be less than was planned. Conflict: the entry is over.
    [[nodiscard]] Expected<void> sent(
        WriteId id, const ExchangeWrite& write, const QString& command, const QDateTime& at);
    [[nodiscard]] Expected<void> applied(WriteId id, const QDateTime& at);
    // Also says whose the entries are now, what the mailbox' lists are, and how its phones are.
    [[nodiscard]] Expected<void> confirmed(WriteId id, const Confirmation& seen);
    // It was not done, which is certain: to be sent again.
    [[nodiscard]] Expected<void> plannedAgain(WriteId id, const QString& problem);
    [[nodiscard]] Expected<void> problem(WriteId id, const QString& problem); // the state stays
    [[nodiscard]] Expected<void> failed(WriteId id, const QString& problem, const QDateTime& at);
    // All that are planned and not sent, but for those of one origin.
    [[nodiscard]] Expected<int> supersede(
        ConnectorId connector, WriteOrigin except, const QString& why, const QDateTime& at);
    // Those of one origin that are planned, not sent, and not among `keep`.
    [[nodiscard]] Expected<int> supersedeOthers(
        ConnectorId connector, WriteOrigin origin, const std::vector<WriteId>& keep, const QDateTime& at);
    // All that are open: the connector is removed, nothing is sent any more.
    [[nodiscard]] Expected<int> abandon(ConnectorId connector, const QDateTime& at);
    [[nodiscard]] Expected<int> prune(const QDateTime& endedBefore);

    // Device access rules that Postern created: characteristic and case-folded query.
    using RuleKey = std::pair<AccessRuleCharacteristic, QString>;
    [[nodiscard]] Expected<std::vector<RuleKey>> writtenRules(ConnectorId connector);

private:
    [[nodiscard]] Expected<WriteId> planOne(
        ConnectorId connector, const PlannedWrite& planned, const QDateTime& now);
    [[nodiscard]] Expected<WriteId> insert(
        ConnectorId connector, const PlannedWrite& planned, const QDateTime& now);
    [[nodiscard]] Expected<void> recordRules(const WriteRecord& record, const Confirmation& seen);
    [[nodiscard]] Expected<void> recordLists(MailboxId mailbox, const MailboxLists& lists);

    Session& m_session;
};

} // namespace postern::store

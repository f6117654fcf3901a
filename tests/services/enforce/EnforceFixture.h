// A synchronised site of numbers, and the means to plan writes into its journal, to apply them, to let the
// process die at any statement, and to look at what that left. Test thread.
#pragma once

#include <atomic>

#include "services/enforce/Apply.h"
#include "services/store/ListEntryRepository.h"
#include "tests/services/sync/SyncFixture.h"

namespace postern::enforce::test {

class EnforceFixture
{
public:
    explicit EnforceFixture(sync::test::FakeEstate estate);

    [[nodiscard]] static QString identity(int mailbox) { return sync::test::mailboxIdentity(mailbox); }
    [[nodiscard]] MailboxId mailboxId(int mailbox) const { return m_ids.at(identity(mailbox)); }
    [[nodiscard]] ConnectorId id() const { return sync.connector.id; }

    // A list write of that mailbox as Policy, in the stage that it belongs to.
    [[nodiscard]] store::PlannedWrite block(int mailbox, const QStringList& ids) const;
    [[nodiscard]] store::PlannedWrite unblock(int mailbox, const QStringList& ids) const;
    [[nodiscard]] store::PlannedWrite allow(int mailbox, const QStringList& ids) const;
    [[nodiscard]] static store::PlannedWrite other(const ExchangeWrite& write, int stage);

    [[nodiscard]] static DeviceClear wipeOf(const QString& device);

    std::vector<WriteId> plan(const std::vector<store::PlannedWrite>& writes);
    ApplyOutcome apply(); // one run
    // Runs on until nothing is open, at most `runs` times; false: something stays.
    bool applyAll(int runs = 5);
    [[nodiscard]] static ApplyOptions quick();

    [[nodiscard]] WriteRecord record(WriteId id);
    [[nodiscard]] QStringList states(); // "list contoso.lab/… Confirmed", oldest first
    [[nodiscard]] QStringList entries(); // "1 Blocked APPL…"
    [[nodiscard]] QStringList estateText() const; // all that writes can change in Exchange
    [[nodiscard]] bool wasSaid(int messageId);

    // The process "dies": from the n-th statement on none succeeds any more, until revive(). -1: never.
    void dieAfter(int statements) { m_statementsLeft = statements; }
    void revive() { m_statementsLeft = -1; }
    [[nodiscard]] int statementsRun() const { return m_statements; }
    void countStatements() { m_statements = 0; }

    std::atomic<int> m_statementsLeft{-1};
    std::atomic<int> m_statements{0};
    sync::test::SyncFixture sync;
    sync::test::FakeOrganization organization;
    std::stop_source stop;

private:
    bool statementFails();

    std::map<QString, MailboxId> m_ids;
};

} // namespace postern::enforce::test

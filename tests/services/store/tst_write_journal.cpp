// The journal of writes, whose entries are whose, stored checks, and what stays of a removed connector; the
// same class on both databases (POSTERN_TEST_DIALECT).
#include "services/store/CheckRepository.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/ListEntryRepository.h"
#include "services/store/OrganizationRepository.h"
#include "services/store/StatusMessageRepository.h"
#include "services/store/WriteRepository.h"
#include "tests/services/store/EstateTest.h"

using namespace Qt::StringLiterals;

namespace postern::store {

class WriteJournalTest : public EstateTest
{
    Q_OBJECT
public:
    WriteJournalTest()
        : EstateTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void stepsOfAnEntry();
    void planningAgainFindsOrSupersedes();
    void entriesBelongToWhoeverWroteThem();
    void foreignEntriesAreSpared();
    void rulesThatPosternCreated();
    void sentIsWhatIsKept();
    void checksAreReplaced();
    void aRemovedConnectorKeepsItsHistoryForAWhile();

private:
    [[nodiscard]] PlannedWrite listWrite(int mailbox, const QStringList& block,
        const QStringList& unblock = {}, WriteOrigin origin = WriteOrigin::Policy) const;
    [[nodiscard]] std::vector<WriteId> plan(const std::vector<PlannedWrite>& writes);
    [[nodiscard]] JournalEntry entry(WriteId id);
    [[nodiscard]] Expected<void> confirm(WriteId id, const MailboxLists& lists = {});
    [[nodiscard]] QStringList entries();
};

PlannedWrite WriteJournalTest::listWrite(
    int mailbox, const QStringList& block, const QStringList& unblock, WriteOrigin origin) const
{
    ListWrite write;
    write.mailboxIdentity = sampleMailbox(mailbox).identity;
    write.addBlocked = block;
    write.removeBlocked = unblock;
    PlannedWrite planned{origin, u"not compliant"_s, write};
    planned.mailboxId = m_estate.mailboxes[std::size_t(mailbox)];
    return planned;
}

std::vector<WriteId> WriteJournalTest::plan(const std::vector<PlannedWrite>& writes)
{
    const auto ids = write([=, connector = m_estate.connector](Session& s) {
        return WriteRepository(s).plan(connector, writes, sampleTime());
    });
    if (!ids)
        qWarning() << ids.error().toLogText();
    return ids.value_or(std::vector<WriteId>());
}

JournalEntry WriteJournalTest::entry(WriteId id)
{
    const auto found = read([id](Session& s) { return WriteRepository(s).find(id); });
    return found && *found ? **found : JournalEntry();
}

Expected<void> WriteJournalTest::confirm(WriteId id, const MailboxLists& lists)
{
    return write([=](Session& s) {
        return WriteRepository(s).confirmed(id, Confirmation{sampleTime(9), lists, {}});
    });
}

QStringList WriteJournalTest::entries()
{
    QStringList texts;
    const auto found
        = read([c = m_estate.connector](Session& s) { return ListEntryRepository(s).ofConnector(c); });
    for (const ListEntry& e : found.value_or(std::vector<ListEntry>()))
        texts << u"%1 %2 %3"_s.arg(
            e.mailboxIdentity.section(u' ', -1), enumText(e.list).toString(), e.deviceId);
    return texts;
}

void WriteJournalTest::stepsOfAnEntry()
{
    PlannedWrite planned = listWrite(1, {u"APPL9"_s});
    planned.stage = 5;
    planned.expiresAt = sampleTime(100);
    const auto ids = plan({planned});
    QCOMPARE(ids.size(), 1U);
    QCOMPARE(entry(ids[0]).record.state, WriteState::Planned);
    QCOMPARE(entry(ids[0]).stage, 5);
    VERIFY_OK(write([=](Session& s) {
        return WriteRepository(s).sent(ids[0], planned.write, u"Set-CASMailbox"_s, sampleTime(1));
    }));
    QCOMPARE(entry(ids[0]).record.attempts, 1);
    QCOMPARE(entry(ids[0]).record.sentAt, sampleTime(1));
    VERIFY_OK(write([=](Session& s) { return WriteRepository(s).problem(ids[0], u"lost"_s); }));
    VERIFY_OK(write([=](Session& s) { return WriteRepository(s).plannedAgain(ids[0], u"not done"_s); }));
    QCOMPARE(entry(ids[0]).record.state, WriteState::Planned);
    VERIFY_OK(write([=](Session& s) {
        return WriteRepository(s).sent(ids[0], planned.write, u"Set-CASMailbox"_s, sampleTime(2));
    }));
    VERIFY_OK(write([=](Session& s) { return WriteRepository(s).applied(ids[0], sampleTime(3)); }));
    VERIFY_OK(confirm(ids[0], {{u"A"_s}, {u"APPL9"_s}}));
    const WriteRecord record = entry(ids[0]).record;
    QCOMPARE(record.state, WriteState::Confirmed);
    QCOMPARE(record.attempts, 2);
    QCOMPARE(record.appliedAt, sampleTime(3));
    QCOMPARE(record.confirmedAt, sampleTime(9));
    QVERIFY(record.write == planned.write);
    // Over is over.
    QCOMPARE(confirm(ids[0]).error().code, ErrorCode::Conflict);
    const auto again = write(
        [=](Session& s) { return WriteRepository(s).sent(ids[0], planned.write, {}, sampleTime(10)); });
    QCOMPARE(again.error().code, ErrorCode::Conflict);
    const auto open = read([c = m_estate.connector](Session& s) { return WriteRepository(s).openCount(c); });
    QCOMPARE(open.value(), 0);
    const auto mailbox
        = read([m = planned.mailboxId](Session& s) { return MailboxRepository(s).find(m); }).value().value();
    QCOMPARE(mailbox.blockedIds, QStringList{u"APPL9"_s});
    QCOMPARE(mailbox.allowedIds, QStringList{u"A"_s});
}

void WriteJournalTest::planningAgainFindsOrSupersedes()
{
    const auto first = plan({listWrite(1, {u"A"_s}), listWrite(2, {u"B"_s})});
    QCOMPARE(first.size(), 2U);
    QCOMPARE(plan({listWrite(1, {u"A"_s})}), std::vector<WriteId>{first[0]});
    const auto second = plan({listWrite(1, {u"C"_s})});
    QVERIFY(second[0] != first[0]);
    QCOMPARE(entry(first[0]).record.state, WriteState::Superseded);
    QCOMPARE(entry(first[1]).record.state, WriteState::Planned);
    // A person's are not superseded by another of the same mailbox, nor by a policy's.
    const auto mine = plan({listWrite(1, {u"X"_s}, {}, WriteOrigin::Operator)});
    const auto other = plan({listWrite(1, {u"Y"_s}, {}, WriteOrigin::Operator)});
    QCOMPARE(entry(mine[0]).record.state, WriteState::Planned);
    QVERIFY(mine[0] != other[0]);
    // Nor is one that is under way.
    const auto underWay = listWrite(1, {u"C"_s}).write;
    VERIFY_OK(write([second, underWay](Session& s) {
        return WriteRepository(s).sent(second[0], underWay, {}, sampleTime(1));
    }));
    QCOMPARE(plan({listWrite(1, {u"C"_s})}), second);
    (void)plan({listWrite(1, {u"D"_s})});
    QCOMPARE(entry(second[0]).record.state, WriteState::Sent);
    const auto dropped = write([c = m_estate.connector](Session& s) {
        return WriteRepository(s).supersede(c, WriteOrigin::Operator, u"removed"_s, sampleTime(2));
    });
    QCOMPARE(dropped.value(), 2); // B and D
    PlannedWrite nameless = listWrite(1, {u"E"_s});
    nameless.mailboxId = {};
    const auto refused = write([=, c = m_estate.connector](Session& s) {
        return WriteRepository(s).plan(c, {nameless}, sampleTime());
    });
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
}

void WriteJournalTest::entriesBelongToWhoeverWroteThem()
{
    const auto ids = plan({listWrite(1, {u"APPL1"_s, u"APPL2"_s}), listWrite(3, {u"APPL3"_s})});
    QVERIFY(entries().isEmpty()); // only what was confirmed
    VERIFY_OK(confirm(ids[0]));
    VERIFY_OK(confirm(ids[1]));
    QCOMPARE(entries(), (QStringList{u"1 Blocked APPL1"_s, u"1 Blocked APPL2"_s, u"3 Blocked APPL3"_s}));
    const auto removal = plan({listWrite(1, {}, {u"appl1"_s})});
    VERIFY_OK(confirm(removal[0]));
    QCOMPARE(entries(), (QStringList{u"1 Blocked APPL2"_s, u"3 Blocked APPL3"_s}));
    PlannedWrite forAWhile = listWrite(3, {u"APPL4"_s});
    forAWhile.expiresAt = sampleTime(60);
    VERIFY_OK(confirm(plan({forAWhile})[0]));
    const auto expired = [&](int minute) {
        return read([=, c = m_estate.connector](Session& s) {
            return ListEntryRepository(s).expired(c, sampleTime(minute));
        }).value();
    };
    QVERIFY(expired(59).empty());
    QCOMPARE(expired(60).at(0).deviceId, u"APPL4"_s);
    QCOMPARE(expired(60).at(0).reason, u"not compliant"_s);
}

void WriteJournalTest::foreignEntriesAreSpared()
{
    VERIFY_OK(confirm(plan({listWrite(2, {u"OURS"_s})})[0]));
    const auto mixed = plan({listWrite(2, {}, {u"ours"_s, u"A,B"_s})});
    QCOMPARE(mixed.size(), 1U);
    QCOMPARE(std::get<ListWrite>(entry(mixed[0]).record.write).removeBlocked, QStringList{u"ours"_s});
    QVERIFY(plan({listWrite(2, {}, {u"A,B"_s})}).empty());
    const auto explicitly = plan({listWrite(2, {}, {u"A,B"_s}, WriteOrigin::Operator)});
    QCOMPARE(std::get<ListWrite>(entry(explicitly[0]).record.write).removeBlocked, QStringList{u"A,B"_s});
}

void WriteJournalTest::rulesThatPosternCreated()
{
    const AccessRule rule{
        u"r"_s, AccessRuleCharacteristic::DeviceModel, u"iPhone 7"_s, AccessLevel::Block, {}};
    const auto created = plan({{WriteOrigin::Settings, u"settings"_s, AccessRuleCreate{rule}}});
    VERIFY_OK(write([=](Session& s) {
        return WriteRepository(s).confirmed(created[0], Confirmation{sampleTime(), {}, u"r id"_s});
    }));
    const auto rules = [&] {
        return read([c = m_estate.connector](Session& s) {
            return WriteRepository(s).writtenRules(c);
        }).value();
    };
    const WriteRepository::RuleKey key{AccessRuleCharacteristic::DeviceModel, u"iphone 7"_s};
    QCOMPARE(rules(), std::vector{key});
    const auto removed = plan({{WriteOrigin::Settings, u"settings"_s, AccessRuleRemove{u"r id"_s}}});
    VERIFY_OK(confirm(removed[0]));
    QVERIFY(rules().empty());
    const auto last = read([c = m_estate.connector](Session& s) {
        return WriteRepository(s).confirmedOnes(c, u"accessRuleRemove"_s, u"r id"_s, 3);
    });
    QCOMPARE(last.value().at(0).id, removed[0]);
}

void WriteJournalTest::sentIsWhatIsKept()
{
    const auto ids = plan({listWrite(1, {u"THEIRS"_s, u"OURS"_s})});
    ListWrite less = std::get<ListWrite>(listWrite(1, {u"OURS"_s}).write);
    VERIFY_OK(
        write([=](Session& s) { return WriteRepository(s).sent(ids[0], less, u"line"_s, sampleTime()); }));
    VERIFY_OK(confirm(ids[0]));
    QCOMPARE(entries(), QStringList{u"1 Blocked OURS"_s});
    const auto listed = read([c = m_estate.connector](Session& s) { return WriteRepository(s).list(c, 5); });
    QCOMPARE(listed->at(0).commandText, u"line"_s);
    const auto pruned = write([](Session& s) { return WriteRepository(s).prune(sampleTime(1'000'000)); });
    QCOMPARE(pruned.value(), 0); // its entry is still in the list
}

void WriteJournalTest::checksAreReplaced()
{
    const ConnectorId id = m_estate.connector;
    QVERIFY(!read([id](Session& s) { return CheckRepository(s).last(id); })->has_value());
    StoredCheck check{
        {{u"CON-31"_s, u"Server certificate"_s, CheckResult::Outcome::Fail, u"\"x\" ≠ y"_s, false}},
        sampleTime()};
    for (int i = 0; i < 2; ++i) {
        check.checkedAt = sampleTime(i);
        VERIFY_OK(write([=](Session& s) { return CheckRepository(s).replace(id, check); }));
        QVERIFY(read([id](Session& s) { return CheckRepository(s).last(id); }).value() == check);
    }
    const auto gone = write([=](Session& s) { return CheckRepository(s).replace({99}, check); });
    QCOMPARE(gone.error().code, ErrorCode::NotFound);
    const MailboxPolicySettings policy{{}, PasswordPolicySettings(), {}, {}, {}};
    const auto replace = [&] {
        return write([=](Session& s) {
            return OrganizationRepository(s).replacePolicySettings(id, u"Default"_s, policy, sampleTime());
        });
    };
    QCOMPARE(replace().value(), true);
    QCOMPARE(replace().value(), false);
    QVERIFY(
        read([id](Session& s) { return OrganizationRepository(s).policySettings(id, u"Default"_s); }).value()
        == policy);
}

void WriteJournalTest::aRemovedConnectorKeepsItsHistoryForAWhile()
{
    const ConnectorId id = m_estate.connector;
    VERIFY_OK(upsert({m_estate.row(0), m_estate.row(1)}));
    const PartnershipId phone = stored(m_estate.row(0)).id;
    VERIFY_OK(write([=](Session& s) {
        return ConnectorRepository(s).recordOrganization(id, {u"org"_s, u"Contoso"_s, {}, {}});
    }));
    VERIFY_OK(confirm(plan({listWrite(1, {u"X"_s})})[0]));
    StatusMessage message;
    message.time = sampleTime();
    message.connectorId = id;
    VERIFY_OK(write([=](Session& s) { return StatusMessageRepository(s).append(message); }));
    Devices devices = readAll();
    QCOMPARE(devices.size(), 2U);
    const qint64 before = revision();
    VERIFY_OK(write([=](Session& s) { return ConnectorRepository(s).retire(id, sampleTime(10)); }));
    VERIFY_OK(readInto(devices, before));
    QVERIFY(devices.empty());
    QVERIFY(read([](Session& s) { return ConnectorRepository(s).list(); })->empty());
    QVERIFY(!read([id](Session& s) { return ConnectorRepository(s).find(id); })->has_value());
    // Name and organisation are free.
    const ConnectorId next = addConnector();
    QVERIFY(next.isValid() && next != id);
    VERIFY_OK(write([=](Session& s) {
        return ConnectorRepository(s).recordOrganization(next, {u"org"_s, u"Contoso"_s, {}, {}});
    }));
    const auto purge = [&](int minute) {
        return write([=](Session& s) {
            return ConnectorRepository(s).purgeRemoved(sampleTime(minute));
        }).value();
    };
    QCOMPARE(purge(10), 0);
    QCOMPARE(history(phone).back().at, sampleTime(10));
    QCOMPARE(read([id](Session& s) { return WriteRepository(s).list(id, 9); })->size(), 1U);
    QCOMPARE(purge(11), 1);
    QVERIFY(history(phone).empty());
    QVERIFY(read([id](Session& s) { return WriteRepository(s).list(id, 9); })->empty());
    QVERIFY(read([](Session& s) { return StatusMessageRepository(s).list({}); })->empty());
    QCOMPARE(read([](Session& s) { return ConnectorRepository(s).list(); })->size(), 1U);
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::WriteJournalTest)
#include "tst_write_journal.moc"

// Site, connectors, organisation, mailboxes, settings and transactions, the same class on both databases
// (POSTERN_TEST_DIALECT).
#include "services/store/ConnectorRepository.h"
#include "services/store/OrganizationRepository.h"
#include "services/store/Query.h"
#include "services/store/RequestRepository.h"
#include "services/store/SettingsRepository.h"
#include "services/store/SyncRunRepository.h"
#include "tests/services/store/StoreTest.h"

using namespace Qt::StringLiterals;

namespace postern::store {

class RepositoryTest : public StoreTest
{
    Q_OBJECT
public:
    RepositoryTest()
        : StoreTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void siteIsInitialisedOnce();
    void connectorKeepsEveryField();
    void connectorUpdateIsLockedOptimistically();
    void connectorNamesAreUnique();
    void organizationHasOneConnector();
    void connectorStateDoesNotDisturbTheLock();
    void removingAConnectorRemovesWhatItHad();
    void organizationIsReplacedOnlyWhenChanged();
    void mailboxPages();
    void mailboxKeyMap();
    void mailboxesGoAndComeBack();
    void settings();
    void failedWorkLeavesNothing();
    void readersCannotWrite();
    void revisionsGrowInCommitOrder();
};

void RepositoryTest::siteIsInitialisedOnce()
{
    QCOMPARE(finished(m_store->site()).error().code, ErrorCode::NotFound);
    QCOMPARE(finished(m_store->initialise(u"P1"_s, sampleTime())).error().code, ErrorCode::InvalidInput);
    const auto made = finished(m_store->initialise(u"PS1"_s, sampleTime()));
    VERIFY_OK(made);
    QCOMPARE(made->siteCode, u"PS1"_s);
    QCOMPARE(made->createdAt, sampleTime());
    QVERIFY(made->schemaVersion >= 2);
    const auto again = finished(m_store->initialise(u"PS1"_s, sampleTime(5)));
    VERIFY_OK(again);
    QCOMPARE(again->createdAt, sampleTime());
    QCOMPARE(finished(m_store->initialise(u"PS2"_s, sampleTime())).error().code, ErrorCode::Conflict);
}

void RepositoryTest::connectorKeepsEveryField()
{
    Connector connector = sampleConnector(u"O'Brien \"; DROP TABLE connector; --"_s);
    connector.kind = ConnectorKind::Hosted;
    connector.authentication = Authentication::Certificate;
    connector.caFile = u"/etc/ca.pem"_s;
    connector.notificationAccount = u"it@contoso.lab"_s;
    connector.deltaMinutes = 30;
    connector.maxInactiveDays = 0;
    connector.parallelSessions = 8;
    connector.enabled = false;
    const auto added = write([connector](Session& s) { return ConnectorRepository(s).insert(connector); });
    VERIFY_OK(added);
    connector.id = added->id;
    connector.revision = added->revision;
    QVERIFY(*added == connector);
    SyncOutcome outcome{SyncKind::Full, sampleTime(1), sampleTime(2), u"Succeeded"_s, sampleTime(1), 7, 5};
    const OrganizationInfo info{u"guid-1"_s, u"Contoso"_s, u"EX1"_s, u"15.2.1"_s};
    VERIFY_OK(write([=](Session& s) -> Expected<void> {
        ConnectorRepository repository(s);
        return repository.recordOrganization(connector.id, info)
            .and_then([&] { return repository.recordSync(connector.id, outcome); })
            .and_then([&] { return repository.setState(connector.id, ConnectorState::Degraded, u"slow"_s); });
    }));
    connector.organizationId = info.id;
    connector.organizationName = info.name;
    connector.exchangeVersion = info.version;
    connector.lastFullStart = sampleTime(1);
    connector.lastFullEnd = sampleTime(2);
    connector.lastFullResult = u"Succeeded"_s;
    connector.watermark = sampleTime(1);
    connector.deviceCount = 7;
    connector.mailboxCount = 5;
    connector.state = ConnectorState::Degraded;
    connector.stateDetail = u"slow"_s;
    const auto listed = read([](Session& s) { return ConnectorRepository(s).list(); });
    VERIFY_OK(listed);
    QCOMPARE(listed->size(), std::size_t(1));
    QVERIFY(listed->front() == connector);
}

void RepositoryTest::connectorUpdateIsLockedOptimistically()
{
    const auto id = addConnector();
    auto mine = read([id](Session& s) { return ConnectorRepository(s).find(id); }).value().value();
    auto theirs = mine;
    theirs.deltaMinutes = 60;
    const auto saved = write([theirs](Session& s) { return ConnectorRepository(s).update(theirs); });
    VERIFY_OK(saved);
    QCOMPARE(saved->deltaMinutes, 60);
    mine.deltaMinutes = 15;
    const auto lost = write([mine](Session& s) { return ConnectorRepository(s).update(mine); });
    QVERIFY(!lost);
    QCOMPARE(lost.error().code, ErrorCode::Conflict);
    QCOMPARE(read([id](Session& s) { return ConnectorRepository(s).find(id); }).value()->deltaMinutes, 60);
    mine.id = {4711};
    QCOMPARE(write([mine](Session& s) { return ConnectorRepository(s).update(mine); }).error().code,
        ErrorCode::NotFound);
}

void RepositoryTest::connectorNamesAreUnique()
{
    QVERIFY(addConnector(u"Straße"_s).isValid());
    const auto second
        = write([](Session& s) { return ConnectorRepository(s).insert(sampleConnector(u"STRASSE"_s)); });
    if (u"Straße"_s.toCaseFolded() == u"STRASSE"_s.toCaseFolded())
        QCOMPARE(second.error().code, ErrorCode::Conflict);
    const auto third
        = write([](Session& s) { return ConnectorRepository(s).insert(sampleConnector(u"STRAßE"_s)); });
    QCOMPARE(third.error().code, ErrorCode::Conflict);
    QVERIFY(third.error().detail.contains(u"Straße"_s));
    const auto empty
        = write([](Session& s) { return ConnectorRepository(s).insert(sampleConnector(u" "_s)); });
    QCOMPARE(empty.error().code, ErrorCode::InvalidInput);
}

void RepositoryTest::organizationHasOneConnector()
{
    const auto first = addConnector(u"A"_s);
    const auto second = addConnector(u"B"_s);
    const OrganizationInfo info{u"org"_s, u"Contoso"_s, {}, {}};
    VERIFY_OK(write([=](Session& s) { return ConnectorRepository(s).recordOrganization(first, info); }));
    VERIFY_OK(write([=](Session& s) { return ConnectorRepository(s).recordOrganization(first, info); }));
    const auto refused
        = write([=](Session& s) { return ConnectorRepository(s).recordOrganization(second, info); });
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY(refused.error().detail.contains(u"\"A\""_s));
    QCOMPARE(read([](Session& s) { return ConnectorRepository(s).byOrganizationId(u"org"_s); }).value()->id,
        first);
}

void RepositoryTest::connectorStateDoesNotDisturbTheLock()
{
    const auto id = addConnector();
    auto mine
        = read([id](Session& s) { return ConnectorRepository(s).byName(u"HEAD office"_s); }).value().value();
    VERIFY_OK(write(
        [id](Session& s) { return ConnectorRepository(s).setState(id, ConnectorState::Connected, {}); }));
    mine.enabled = false;
    const auto saved = write([mine](Session& s) { return ConnectorRepository(s).update(mine); });
    VERIFY_OK(saved);
    QCOMPARE(saved->state, ConnectorState::Connected);
}

void RepositoryTest::removingAConnectorRemovesWhatItHad()
{
    const auto estate = write([](Session& s) { return SampleEstate::make(s, 3); });
    VERIFY_OK(estate);
    VERIFY_OK(write([e = *estate](Session& s) {
        return PartnershipRepository(s).upsertPage(e.connector, {}, {e.row(0), e.row(1)}, sampleTime());
    }));
    VERIFY_OK(write([e = *estate](Session& s) { return ConnectorRepository(s).remove(e.connector); }));
    const auto counts
        = read([e = *estate](Session& s) { return PartnershipRepository(s).counts(e.connector); });
    QCOMPARE(counts.value(), PartnershipCounts());
    QCOMPARE(read([e = *estate](Session& s) { return MailboxRepository(s).count(e.connector); }).value(), 0);
}

void RepositoryTest::organizationIsReplacedOnlyWhenChanged()
{
    const auto id = addConnector();
    OrganizationSettings settings{AccessLevel::Quarantine, u"<b>Hi</b>"_s, {u"a@x"_s, u"b,c@x"_s}};
    std::vector<AccessRule> rules{
        {u"r1"_s, AccessRuleCharacteristic::DeviceOS, u"iOS 1*"_s, AccessLevel::Block, u"r1 id"_s},
        {u"r0"_s, AccessRuleCharacteristic::DeviceType, u"iPhone"_s, AccessLevel::Allow, {}}};
    std::vector<MailboxPolicy> policies{{u"Default"_s, u"id"_s, true, false, true}};
    const auto store = [&] {
        return write([=](Session& s) -> Expected<bool> {
            OrganizationRepository repository(s);
            auto one = repository.replaceSettings(id, settings);
            auto two = repository.replaceAccessRules(id, rules);
            auto three = repository.replaceMailboxPolicies(id, policies);
            if (!one || !two || !three)
                return fail(ErrorCode::StoreFailed, {});
            return *one || *two || *three;
        });
    };
    QCOMPARE(store().value(), true);
    const qint64 before = revision();
    QCOMPARE(store().value(), false);
    QCOMPARE(revision(), before);
    rules.pop_back();
    QCOMPARE(store().value(), true);
    QVERIFY(revision() > before);
    QVERIFY(read([id](Session& s) { return OrganizationRepository(s).accessRules(id); }).value() == rules);
    QVERIFY(
        read([id](Session& s) { return OrganizationRepository(s).mailboxPolicies(id); }).value() == policies);
    QVERIFY(read([id](Session& s) { return OrganizationRepository(s).settings(id); }).value().value()
        == settings);
}

void RepositoryTest::mailboxPages()
{
    const auto connector = addConnector();
    std::vector<Mailbox> rows{sampleMailbox(1), sampleMailbox(2), sampleMailbox(1)};
    rows[2].department = u"the later one"_s;
    const auto upsert = [&] {
        return write([=](Session& s) { return MailboxRepository(s).upsertPage(connector, {}, rows); });
    };
    const auto first = upsert();
    VERIFY_OK(first);
    QCOMPARE(first->counts, (PageCounts{2, 0, 0}));
    QCOMPARE(first->ids[0], first->ids[2]);
    QVERIFY(first->ids[0] != first->ids[1]);
    QVERIFY(read([id = first->ids[0]](Session& s) { return MailboxRepository(s).find(id); }).value().value()
        == rows[2]);
    const qint64 before = revision();
    QCOMPARE(upsert()->counts, (PageCounts{0, 0, 2}));
    QCOMPARE(revision(), before);
    rows[1].proxyAddresses.append(u"smtp:new@contoso.lab"_s);
    rows.push_back(sampleMailbox(3));
    const auto third = upsert();
    QCOMPARE(third->counts, (PageCounts{1, 1, 1}));
    QCOMPARE(third->ids[1], first->ids[1]);
    QVERIFY(read([id = third->ids[1]](Session& s) { return MailboxRepository(s).find(id); }).value().value()
        == rows[1]);
    rows[0].guid = QUuid();
    QCOMPARE(upsert().error().code, ErrorCode::InvalidInput);
}

void RepositoryTest::mailboxKeyMap()
{
    const auto estate = write([](Session& s) { return SampleEstate::make(s, 200); });
    VERIFY_OK(estate);
    auto map = read([e = *estate](Session& s) { return MailboxRepository(s).loadKeyMap(e.connector); });
    VERIFY_OK(map);
    QCOMPARE(map->size(), std::size_t(200));
    for (int i = 0; i < 200; ++i)
        QCOMPARE(map->find(sampleMailbox(i).identity.toUpper()), estate->mailboxes[std::size_t(i)]);
    QVERIFY(!map->find(u"contoso.lab/Users/nobody"_s).isValid());
    map->insert(u"contoso.lab/Users/new"_s, {777});
    QCOMPARE(map->find(u"contoso.lab/users/NEW"_s), MailboxId{777});
}

void RepositoryTest::mailboxesGoAndComeBack()
{
    const auto estate = write([](Session& s) { return SampleEstate::make(s, 3); }).value();
    const auto listing = [&](std::vector<int> numbers, int minute) {
        return write([=](Session& s) -> Expected<int> {
            auto run = SyncRunRepository(s).begin(
                {{}, estate.connector, {}, SyncKind::Full, u"mailboxes"_s, sampleTime()});
            if (!run)
                return tl::unexpected(run.error());
            std::vector<Mailbox> rows;
            for (int number : numbers)
                rows.push_back(sampleMailbox(number));
            auto page = MailboxRepository(s).upsertPage(estate.connector, run->id, rows);
            if (!page)
                return tl::unexpected(page.error());
            auto gone = MailboxRepository(s).markGone(estate.connector, run->id, sampleTime(minute));
            auto finished = SyncRunRepository(s).finish(run->id);
            return finished ? gone : Expected<int>(tl::unexpected(finished.error()));
        });
    };
    QCOMPARE(listing({0, 2}, 1).value(), 1);
    QCOMPARE(read([=](Session& s) { return MailboxRepository(s).count(estate.connector); }).value(), 2);
    QCOMPARE(listing({0, 1, 2}, 2).value(), 0);
    QCOMPARE(read([=](Session& s) { return MailboxRepository(s).count(estate.connector); }).value(), 3);
    QCOMPARE(listing({0}, 3).value(), 2);
    QCOMPARE(write([](Session& s) { return MailboxRepository(s).purgeGone(sampleTime(3)); }).value(), 0);
    QCOMPARE(write([](Session& s) { return MailboxRepository(s).purgeGone(sampleTime(4)); }).value(), 2);
}

void RepositoryTest::settings()
{
    const QString value = u"ü𐍈\u202e';--\n"_s;
    VERIFY_OK(write([=](Session& s) { return SettingsRepository(s).set(u"a.b"_s, u"old"_s); }));
    VERIFY_OK(write([=](Session& s) { return SettingsRepository(s).set(u"a.b"_s, value); }));
    QCOMPARE(read([](Session& s) { return SettingsRepository(s).value(u"a.b"_s); }).value().value(), value);
    QVERIFY(!read([](Session& s) { return SettingsRepository(s).value(u"A.B"_s); })->has_value());
    QCOMPARE(read([](Session& s) { return SettingsRepository(s).all(); })->size(), 1);
    VERIFY_OK(write([](Session& s) { return SettingsRepository(s).remove(u"a.b"_s); }));
    QCOMPARE(read([](Session& s) { return SettingsRepository(s).all(); })->size(), 0);
}

void RepositoryTest::failedWorkLeavesNothing()
{
    const qint64 before = revision();
    const auto refused = write([](Session& s) -> Expected<void> {
        if (auto set = SettingsRepository(s).set(u"x"_s, u"y"_s); !set)
            return set;
        return fail(ErrorCode::Cancelled, u"thought better of it"_s);
    });
    QCOMPARE(refused.error().detail, u"thought better of it"_s);
    // Work that ignores a failed statement does not commit either.
    const auto ignored = write([](Session& s) -> Expected<int> {
        auto set = SettingsRepository(s).set(u"x"_s, u"y"_s);
        Request orphan;
        orphan.connectorId = {999};
        orphan.requestedAt = sampleTime();
        auto failed = RequestRepository(s).insert(orphan);
        return set && !failed ? 1 : 0;
    });
    QCOMPARE(ignored.error().code, ErrorCode::NotFound);
    QCOMPARE(read([](Session& s) { return SettingsRepository(s).all(); })->size(), 0);
    QCOMPARE(revision(), before);
}

void RepositoryTest::readersCannotWrite()
{
    const auto refused = read([](Session& s) { return SettingsRepository(s).set(u"x"_s, u"y"_s); });
    QVERIFY(!refused);
    const auto raw = read([](Session& s) -> Expected<void> {
        Query query(s, "UPDATE site SET revision = 0");
        return query.run();
    });
    QVERIFY2(!raw, "the database itself refuses");
}

void RepositoryTest::revisionsGrowInCommitOrder()
{
    QSignalSpy changes(m_store.get(), &Store::changed);
    const qint64 start = revision();
    const auto connector = addConnector();
    QVERIFY(connector.isValid());
    QCOMPARE(revision(), start + 1);
    QTRY_COMPARE(changes.size(), 1);
    auto announced = changes.takeFirst().front().value<ChangeSet>();
    QCOMPARE(announced.revision(), start + 1);
    QVERIFY(announced.contains(Table::Connector));
    QVERIFY(!announced.contains(Table::Partnership));
    for (int i = 0; i < 50; ++i)
        VERIFY_OK(write([i](Session& s) { return SettingsRepository(s).set(u"k"_s, QString::number(i)); }));
    QTRY_VERIFY(!changes.isEmpty());
    announced = changes.takeLast().front().value<ChangeSet>();
    QCOMPARE(announced.revision(), start + 51);
    QVERIFY(changes.size() < 50); // merged
    const auto since = read([start](Session& s) { return changesSince(s, start + 1); });
    QCOMPARE(since->revision(), start + 51);
    QVERIFY(since->contains(Table::Setting));
    QVERIFY(!since->contains(Table::Connector));
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::RepositoryTest)
#include "tst_repositories.moc"

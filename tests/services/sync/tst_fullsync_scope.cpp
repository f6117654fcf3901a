// CON-16: a connector that reads some containers only. What its lists cannot have is never gone; it stays as
// it was last read and is marked stale.
#include <QtTest>

#include "services/store/ConnectorRepository.h"
#include "services/store/PartnershipRepository.h"
#include "tests/services/sync/SyncFixture.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int each = 12; // mailboxes of a container, a phone each

// Three containers: Users, Staff and Staff/Berlin.
FakeEstate estate()
{
    FakeEstate made = FakeEstate::make(each);
    const std::vector<FakePhone> phones = made.phones;
    for (const int from : {staffFrom, berlinFrom}) {
        for (int i = 0; i < each; ++i) {
            made.mailboxes.push_back(from + i);
            FakePhone phone = phones.at(size_t(i));
            phone.owner = from + i;
            phone.id = u"APPL%1"_s.arg(from + i);
            made.phones.push_back(phone);
        }
    }
    return made;
}

class Scoped
{
public:
    explicit Scoped(int inactiveDays = 0)
        : fixture(inactiveDays)
        , organization(estate())
    {
    }

    SyncOutcome run(const QStringList& containers, SyncOptions options = SyncFixture::quick())
    {
        Connector changed = fixture.stored();
        changed.adContainers = containers;
        auto future = fixture.site->write([changed](store::Session& session) {
            return store::ConnectorRepository(session).update(changed);
        });
        future.waitForFinished();
        if (!future.result())
            qFatal("%s", qPrintable(future.result().error().toLogText()));
        organization.containers = containers;
        fixture.clock.time = fixture.clock.time.addSecs(3600);
        organization.asked.clear();
        return fixture.run(organization, std::move(options));
    }

    store::PartnershipCounts counts()
    {
        const ConnectorId id = fixture.connector.id;
        auto future = fixture.site->read(
            [id](store::Session& session) { return store::PartnershipRepository(session).counts(id); });
        future.waitForFinished();
        return *future.result();
    }

    [[nodiscard]] bool askedFor(int mailbox) const
    {
        const auto& asked = organization.asked;
        return std::find(asked.begin(), asked.end(), mailboxIdentity(mailbox)) != asked.end();
    }

    void removePhone(int owner)
    {
        std::erase_if(
            organization.estate.phones, [owner](const FakePhone& phone) { return phone.owner == owner; });
    }

    SyncFixture fixture;
    FakeOrganization organization;
};

const QStringList staff = {u"contoso.lab/Staff"_s};
const QStringList berlin = {u"contoso.lab/Staff/Berlin"_s};

} // namespace

class TestFullSyncScope : public QObject
{
    Q_OBJECT
private slots:
    void narrowing();
    void narrowedAgain();
    void widening();
    void removedInside();
    void guardCountsInside();
    void staleIsNotInactive();
    void containerThatIsGone();
    void containerThatIsNoName();
};

void TestFullSyncScope::narrowing()
{
    Scoped site;
    QVERIFY(site.run({}).complete);
    const SyncOutcome narrow = site.run(staff);
    QVERIFY2(narrow.complete, qPrintable(narrow.sentence)); // the guard compares like with like
    QCOMPARE(narrow.mailboxes, 2 * each); // Berlin is in Staff
    QCOMPARE(narrow.counts.devicesRead, 2 * each);
    QCOMPARE(narrow.counts.removed, 0);
    QCOMPARE(narrow.counts.added, 0);
    QCOMPARE(narrow.counts.changed, 0);
    QCOMPARE(site.fixture.names().size(), 3 * each);
    QCOMPARE(site.counts(), (store::PartnershipCounts{3 * each, 0, each}));
    QVERIFY(!site.askedFor(1));
    QVERIFY(site.askedFor(staffFrom) && site.askedFor(berlinFrom));
    QCOMPARE(site.fixture.stored().deviceCount, 3 * each); // as the grid shows them
}

void TestFullSyncScope::narrowedAgain()
{
    Scoped site;
    QVERIFY(site.run({}).complete);
    QVERIFY(site.run(staff).complete);
    const SyncOutcome deeper = site.run(berlin);
    QVERIFY2(deeper.complete, qPrintable(deeper.sentence));
    QCOMPARE(deeper.counts.devicesRead, each);
    QCOMPARE(deeper.counts.removed, 0);
    QCOMPARE(site.counts(), (store::PartnershipCounts{3 * each, 0, 2 * each}));
    const SyncOutcome same = site.run(berlin);
    QVERIFY(same.complete);
    QCOMPARE(same.counts.changed, 0);
}

// What went meanwhile is gone as soon as somebody looks there again.
void TestFullSyncScope::widening()
{
    Scoped site;
    QVERIFY(site.run({}).complete);
    QVERIFY(site.run(staff).complete);
    site.removePhone(3);
    const SyncOutcome still = site.run(staff);
    QCOMPARE(still.counts.removed, 0);
    const SyncOutcome wide = site.run({u"contoso.lab/Users"_s, u"contoso.lab/Staff"_s});
    QVERIFY2(wide.complete, qPrintable(wide.sentence));
    QCOMPARE(wide.counts.added, 0);
    QCOMPARE(wide.counts.removed, 1);
    QCOMPARE(site.counts(), (store::PartnershipCounts{3 * each - 1, 1, 0}));
    QVERIFY(site.askedFor(1));
}

void TestFullSyncScope::removedInside()
{
    Scoped site;
    QVERIFY(site.run({}).complete);
    site.removePhone(3); // outside from now on
    site.removePhone(berlinFrom + 3);
    const SyncOutcome narrow = site.run(staff);
    QVERIFY2(narrow.complete, qPrintable(narrow.sentence));
    QCOMPARE(narrow.counts.removed, 1);
    QCOMPARE(site.fixture.names().size(), 3 * each - 1);
    QVERIFY(!site.fixture.names().join(u' ').contains(u"APPL%1"_s.arg(berlinFrom + 3)));
}

// Half of Berlin is missing: 30 of 36 phones would be enough, 6 of the 12 in Berlin are not.
void TestFullSyncScope::guardCountsInside()
{
    Scoped site;
    QVERIFY(site.run({}).complete);
    for (int i = 0; i < each / 2; ++i)
        site.removePhone(berlinFrom + i);
    const SyncOutcome guarded = site.run(berlin);
    QVERIFY(guarded.needsConfirmation);
    QCOMPARE(guarded.error->detail, u"6 of 12 partnerships"_s);
    QCOMPARE(site.fixture.names().size(), 3 * each);
    SyncOptions confirmed = SyncFixture::quick();
    confirmed.shrinkConfirmed = true;
    const SyncOutcome done = site.run(berlin, confirmed);
    QVERIFY(done.complete);
    QCOMPARE(done.counts.removed, each / 2);
    QCOMPARE(site.fixture.names().size(), 3 * each - each / 2);
}

// CON-15 goes by the last success, which nobody reads out there any more.
void TestFullSyncScope::staleIsNotInactive()
{
    Scoped site(30);
    QVERIFY(site.run({}).complete);
    QVERIFY(site.run(staff).complete);
    site.fixture.clock.time = site.fixture.clock.time.addDays(60);
    for (FakePhone& phone : site.organization.estate.phones)
        phone.lastSuccess = site.fixture.clock.time;
    const SyncOutcome later = site.run(staff);
    QVERIFY2(later.complete, qPrintable(later.sentence));
    QCOMPARE(site.fixture.names().size(), 3 * each);
}

void TestFullSyncScope::containerThatIsGone()
{
    Scoped site;
    QVERIFY(site.run({}).complete);
    const QStringList before = site.fixture.devices();
    const auto watermark = site.fixture.stored().watermark;
    site.organization.hasContainers = false;
    const SyncOutcome failed = site.run(staff);
    QVERIFY(!failed.complete);
    QVERIFY(failed.error && failed.error->code == ErrorCode::NotFound);
    QVERIFY2(failed.error->toLogText().contains(u"contoso.lab/Staff"_s), qPrintable(failed.sentence));
    QCOMPARE(site.fixture.devices(), before); // neither gone nor stale
    QCOMPARE(site.fixture.stored().watermark, watermark);
}

void TestFullSyncScope::containerThatIsNoName()
{
    Scoped site;
    QVERIFY(site.run({}).complete);
    const QStringList before = site.fixture.devices();
    const SyncOutcome failed = site.run({u"Staff"_s});
    QVERIFY(failed.error && failed.error->code == ErrorCode::InvalidInput);
    QCOMPARE(site.fixture.devices(), before);
}

QTEST_GUILESS_MAIN(TestFullSyncScope)
#include "tst_fullsync_scope.moc"

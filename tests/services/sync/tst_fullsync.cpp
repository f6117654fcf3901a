// Full synchronisation against a fake organisation and a real SQLite site: what is stored, counted and said.
#include <QTest>

#include "models/frame/DeviceColumns.h"
#include "tests/services/sync/SyncFixture.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestFullSync : public QObject
{
    Q_OBJECT
private slots:
    void firstRun();
    void secondRunChangesNothing();
    void countsChanges();
    void progressIsMonotonous();
    void statisticsOverlapTheListing();
    void namesAreKept();
    void twoMailboxesOneEasId();
    void twoPhonesOfOneName();
    void unlistedOwner();
    void unknownOwner();
    void mailboxNotRead();
    void duplicatePages();
    void removedAndReappearing();
    void inactivePhones();
    void inactiveButUnreadable();
};

void TestFullSync::firstRun()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(25, 2));
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.state, JobState::Succeeded);
    QVERIFY(outcome.complete && !outcome.needsConfirmation && !outcome.error);
    QCOMPARE(outcome.counts, (SyncCounts{50, 50, 0, 0, 0}));
    QCOMPARE(outcome.mailboxes, 25);
    QCOMPARE(outcome.mailboxesDone, 25);
    QCOMPARE(fixture.names().size(), 50);
    QVERIFY(fixture.names().contains(u"User 7/APPL7N1"_s));
    QCOMPARE(organization.opened, 1);
    QCOMPARE(organization.closed, 1);
    const Connector stored = fixture.stored();
    QCOMPARE(stored.deviceCount, 50);
    QCOMPARE(stored.mailboxCount, 25);
    QCOMPARE(stored.watermark, std::optional(fixture.clock.time));
    QCOMPARE(stored.organizationId, u"CN=Contoso"_s);
    QCOMPARE(stored.lastFullResult, outcome.sentence);
    QVERIFY(outcome.sentence.startsWith(
        u"Full synchronization completed: 50 devices, 50 added, 0 changed, 0 removed"_s));
    QCOMPARE(fixture.statusIds(), (std::vector<int>{30001, 30002}));
    const QString log = fixture.log();
    QVERIFY(log.contains(u"Exchange Connector: full sync started (no time filter) for 25 users"_s));
    QVERIFY(log.contains(
        u"Exchange Connector: full sync completed, 50 devices inventoried, 50 added, 0 changed, 0 removed"_s));
    QVERIFY(log.contains(u"Exchange Connector: running, 50 devices connected"_s));
    QVERIFY(!fixture.hasUnfinishedRun());
    // LastSuccessSync came from the statistics.
    for (const QString& row : fixture.devices())
        QVERIFY(row.contains(u"Default"_s));
}

void TestFullSync::secondRunChangesNothing()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(25, 2));
    fixture.run(organization);
    const QStringList before = fixture.devices();
    const SyncOutcome again = fixture.run(organization);
    QCOMPARE(again.state, JobState::Succeeded);
    QCOMPARE(again.counts, (SyncCounts{50, 0, 0, 0, 0}));
    QCOMPARE(fixture.devices(), before);
}

// A phone that both the listing and the statistics changed is one change.
void TestFullSync::countsChanges()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(20, 1));
    fixture.run(organization);
    organization.estate.phones[3].state = AccessState::Blocked;
    organization.estate.phones[3].lastSuccess = fixture.clock.time;
    organization.estate.phones[4].lastSuccess = fixture.clock.time;
    organization.estate.phones.erase(organization.estate.phones.begin());
    FakePhone fresh;
    fresh.owner = 5;
    fresh.id = u"NEW"_s;
    organization.estate.phones.push_back(fresh);
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.counts, (SyncCounts{20, 1, 2, 1, 0}));
    QVERIFY(!fixture.names().contains(u"User 0/APPL0N0"_s));
    QVERIFY(fixture.names().contains(u"User 5/NEW"_s));
}

void TestFullSync::progressIsMonotonous()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(350, 1));
    fixture.run(organization);
    QVERIFY(!fixture.progress.empty());
    qint64 done = 0;
    QStringList steps;
    for (const SyncProgress& step : fixture.progress) {
        QVERIFY(step.done >= done);
        QVERIFY(step.total < 0 || step.done <= step.total);
        done = step.done;
        if (steps.isEmpty() || steps.constLast() != step.step)
            steps << step.step;
    }
    QCOMPARE(steps,
        QStringList({u"connecting"_s, u"mailboxes"_s, u"partnerships"_s, u"statistics"_s, u"deletions"_s}));
    QCOMPARE(fixture.progress.back().done, 350);
    QCOMPARE(fixture.progress.back().total, 350);
}

void TestFullSync::statisticsOverlapTheListing()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(1000, 1));
    organization.pageSize = 20;
    organization.pageTime = 2ms;
    organization.statisticsTime = 20ms;
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.state, JobState::Succeeded);
    QVERIFY(organization.statisticsWhileListing > 0);
    QCOMPARE(organization.statisticsAtOnce, 2);
    QCOMPARE(organization.asked.size(), size_t(1000)); // each once
    QVERIFY(organization.statisticsCalls <= 12);
}

// The account's role lost Get-User: what is known of a mailbox stays.
void TestFullSync::namesAreKept()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(30, 1));
    QVERIFY(fixture.run(organization).complete);
    const QStringList before = fixture.devices();
    QVERIFY(before.join(u' ').contains(u"user7@contoso.lab"_s));
    organization.refusesNames = true;
    organization.estate.mailboxes.push_back(30); // a new one comes without
    const SyncOutcome outcome = fixture.run(organization);
    QVERIFY2(outcome.complete, qPrintable(outcome.sentence));
    QCOMPARE(fixture.devices(), before);
}

// GLO-03: an EAS id is unique only inside one mailbox.
void TestFullSync::twoMailboxesOneEasId()
{
    SyncFixture fixture;
    FakeEstate estate = FakeEstate::make(2, 1);
    estate.phones[0].id = estate.phones[1].id = u"SHARED"_s;
    estate.phones[1].state = AccessState::Blocked;
    FakeOrganization organization(estate);
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.counts.devicesRead, 2);
    QCOMPARE(fixture.names(), QStringList({u"User 0/SHARED"_s, u"User 1/SHARED"_s}));
}

// TRP-01: two iPhones of one user have the same display name.
void TestFullSync::twoPhonesOfOneName()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(1, 3));
    fixture.run(organization);
    QCOMPARE(fixture.names().size(), 3);
    organization.estate.phones.erase(organization.estate.phones.begin());
    SyncOptions confirmed = SyncFixture::quick();
    confirmed.shrinkConfirmed = true; // 2 of 3
    QCOMPARE(fixture.run(organization, confirmed).counts.removed, 1);
    QCOMPARE(fixture.names(), QStringList({u"User 0/APPL0N1"_s, u"User 0/APPL0N2"_s}));
}

void TestFullSync::unlistedOwner()
{
    SyncFixture fixture;
    FakeEstate estate = FakeEstate::make(12, 2);
    estate.unlisted = {3, 7};
    FakeOrganization organization(estate);
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.state, JobState::Succeeded);
    QCOMPARE(outcome.counts.devicesRead, 24);
    QCOMPARE(outcome.mailboxes, 12);
    QVERIFY(fixture.names().contains(u"User 7/APPL7N1"_s));
    // Their statistics were read, too, and a second run finds everything as it is.
    QCOMPARE(QSet<QString>(organization.asked.begin(), organization.asked.end()).size(), 12);
    QCOMPARE(fixture.run(organization).counts, (SyncCounts{24, 0, 0, 0, 0}));
}

void TestFullSync::unknownOwner()
{
    SyncFixture fixture;
    FakeEstate estate = FakeEstate::make(10, 1);
    FakePhone stray;
    stray.owner = 99; // no such mailbox
    stray.id = u"STRAY"_s;
    estate.phones.push_back(stray);
    estate.phones.push_back(stray);
    FakeOrganization organization(estate);
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.state, JobState::Succeeded);
    QCOMPARE(outcome.counts.devicesRead, 10);
    QCOMPARE(outcome.problemCount, 1); // asked for once
    QCOMPARE(outcome.problems.front().object, mailboxIdentity(99));
}

// SYN-07: the old values stay and are marked stale; the next good run mends it.
void TestFullSync::mailboxNotRead()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(10, 1));
    fixture.run(organization);
    const QStringList before = fixture.devices();
    organization.estate.unreadable = {4};
    organization.estate.phones[4].lastSuccess = fixture.clock.time;
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.state, JobState::Succeeded);
    QCOMPARE(outcome.counts.notRead, 1);
    QVERIFY(outcome.sentence.contains(u"1 mailboxes could not be read"_s));
    QVERIFY(fixture.log().contains(u"Mailbox not read, former values kept: "_s + mailboxIdentity(4)));
    QStringList changed;
    const QStringList now = fixture.devices();
    for (const QString& row : now) {
        if (!before.contains(row))
            changed << row;
    }
    QCOMPARE(changed.size(), 1);
    const QString lastSuccess
        = QString::number(QDateTime(QDate(2026, 3, 1), QTime(0, 0), Qt::UTC).addSecs(4).toMSecsSinceEpoch());
    QVERIFY(changed.constFirst().contains(lastSuccess)); // the old one
    const QStringList cells = changed.constFirst().split(u'|'); // text and number of each column
    QCOMPARE(cells.at(int(postern::frame::DeviceColumn::Stale) * 2 + 1), u"1"_s);
    organization.estate.unreadable = {};
    QCOMPARE(fixture.run(organization).counts, (SyncCounts{10, 0, 1, 0, 0}));
}

void TestFullSync::duplicatePages()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(25, 2));
    organization.repeatsPages = true;
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.counts, (SyncCounts{50, 50, 0, 0, 0}));
    QCOMPARE(outcome.mailboxes, 25);
}

void TestFullSync::removedAndReappearing()
{
    SyncFixture fixture;
    const FakeEstate whole = FakeEstate::make(20, 1);
    FakeOrganization organization(whole);
    fixture.run(organization);
    organization.estate.phones.pop_back();
    QCOMPARE(fixture.run(organization).counts, (SyncCounts{19, 0, 0, 1, 0}));
    organization.estate = whole;
    QCOMPARE(fixture.run(organization).counts, (SyncCounts{20, 1, 0, 0, 0}));
    QVERIFY(fixture.names().contains(u"User 19/APPL19N0"_s));
}

// CON-15: not imported when the last success is older; unknown is imported; back when it synchronises again.
void TestFullSync::inactivePhones()
{
    SyncFixture fixture(60);
    FakeEstate estate = FakeEstate::make(10, 1);
    estate.phones[0].lastSuccess = fixture.clock.time.addDays(-61);
    estate.phones[1].lastSuccess = fixture.clock.time.addDays(-59);
    estate.phones[2].lastSuccess = std::nullopt;
    FakeOrganization organization(estate);
    QCOMPARE(fixture.run(organization).counts, (SyncCounts{9, 9, 0, 0, 0}));
    QVERIFY(!fixture.names().contains(u"User 0/APPL0N0"_s));
    QVERIFY(fixture.names().contains(u"User 1/APPL1N0"_s));
    QVERIFY(fixture.names().contains(u"User 2/APPL2N0"_s));
    // It does not come and go with every run.
    QCOMPARE(fixture.run(organization).counts, (SyncCounts{9, 0, 0, 0, 0}));
    // One becomes inactive by the passing of time.
    fixture.clock.time = fixture.clock.time.addDays(2);
    QCOMPARE(fixture.run(organization).counts, (SyncCounts{8, 0, 0, 1, 0}));
    // One comes back.
    organization.estate.phones[0].lastSuccess = fixture.clock.time;
    QCOMPARE(fixture.run(organization).counts, (SyncCounts{9, 1, 0, 0, 0}));
    QVERIFY(fixture.names().contains(u"User 0/APPL0N0"_s));
    QCOMPARE(fixture.run(organization).counts, (SyncCounts{9, 0, 0, 0, 0}));
}

// A phone whose mailbox could not be read may have synchronised meanwhile: it stays.
void TestFullSync::inactiveButUnreadable()
{
    SyncFixture fixture(60);
    FakeEstate estate = FakeEstate::make(10, 1);
    estate.phones[3].lastSuccess = fixture.clock.time.addDays(-59);
    FakeOrganization organization(estate);
    fixture.run(organization);
    fixture.clock.time = fixture.clock.time.addDays(2);
    organization.estate.unreadable = {3};
    const SyncOutcome outcome = fixture.run(organization);
    QVERIFY(outcome.complete);
    QCOMPARE(outcome.counts.removed, 0);
    QVERIFY(fixture.names().contains(u"User 3/APPL3N0"_s));
    organization.estate.unreadable = {};
    QCOMPARE(fixture.run(organization).counts.removed, 1);
}

QTEST_GUILESS_MAIN(TestFullSync)
#include "tst_fullsync.moc"

// Full synchronisation when something goes wrong: what is never removed, what is taken up again, and what
// each fault ends as.
#include <QTest>

#include "services/sync/Completion.h"
#include "tests/services/sync/SyncFixture.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Error fault(ErrorCode code, std::optional<std::chrono::milliseconds> retryAfter = {})
{
    return Error{code, u"scripted"_s, u"fake"_s, retryAfter};
}

// open, settings, rules, policies, two pages of mailboxes, two of partnerships, one batch of statistics.
constexpr int callsOfARun = 9;

} // namespace

class TestFullSyncFaults : public QObject
{
    Q_OBJECT
private slots:
    void cutListingRemovesNothing();
    void everyCallMayFail_data();
    void everyCallMayFail();
    void storeFaults();
    void cancelled_data();
    void cancelled();
    void resumesWithWhatIsLeft();
    void oldRunIsNotResumed();
    void shrinkGuardAt_data();
    void shrinkGuardAt();
    void emptyListIsAnOutage();
    void lostConnectionIsSaid();
    void busyIsThrottledNotFailed();
    void otherOrganization();
    void guardFunction();
};

// SYN-05: whatever a cut listing does not have is not gone.
void TestFullSyncFaults::cutListingRemovesNothing()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(30, 1));
    fixture.run(organization);
    const auto watermark = fixture.stored().watermark;
    fixture.clock.time = fixture.clock.time.addDays(2);
    organization.cutsPartnerships = true;
    organization.estate.phones.resize(28);
    organization.estate.phones[0].state = AccessState::Blocked;
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.state, JobState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::Incomplete);
    QCOMPARE(fixture.names().size(), 30);
    QCOMPARE(fixture.stored().watermark, watermark);
    QVERIFY(outcome.counts.changed > 0); // what was read is kept
    QVERIFY(fixture.log().contains(u"The list of partnerships is incomplete"_s));
    organization.cutsPartnerships = false;
    const SyncOutcome whole = fixture.run(organization);
    QCOMPARE(whole.counts.removed, 2);
    QVERIFY(whole.complete);
}

void TestFullSyncFaults::everyCallMayFail_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<bool>("isPermanent");
    QTest::newRow("connection lost") << ErrorCode::ConnectionLost << false;
    QTest::newRow("session lost") << ErrorCode::SessionLost << false;
    QTest::newRow("busy") << ErrorCode::ServerBusy << false;
    QTest::newRow("garbled") << ErrorCode::Malformed << false;
    QTest::newRow("access denied") << ErrorCode::AccessDenied << true;
    QTest::newRow("incomplete") << ErrorCode::Incomplete << false;
}

// For every i: the i-th call fails. The run ends as if nothing had happened, or it ends incomplete and
// nothing was removed; the next run ends as if nothing had happened in either case.
void TestFullSyncFaults::everyCallMayFail()
{
    QFETCH(ErrorCode, code);
    QFETCH(bool, isPermanent);
    const FakeEstate first = FakeEstate::make(24, 1);
    FakeEstate second = first;
    second.phones.erase(second.phones.begin());
    second.phones[5].state = AccessState::Quarantined;
    second.phones[6].lastSuccess = QDateTime(QDate(2026, 3, 2), QTime(1, 0), Qt::UTC);
    second.unlisted = {9};

    SyncFixture reference;
    FakeOrganization good(first);
    reference.run(good);
    good.estate = second;
    QVERIFY(reference.run(good).complete);
    const QStringList expected = reference.devices();
    const int calls = good.calls;
    QVERIFY(calls > 10);

    for (int i = 1; i <= calls; ++i) {
        SyncFixture fixture;
        FakeOrganization organization(first);
        fixture.run(organization);
        organization.estate = second;
        organization.faults.emplace(
            i, fault(code, code == ErrorCode::ServerBusy ? std::optional(1ms) : std::nullopt));
        const SyncOutcome outcome = fixture.run(organization);
        QVERIFY2(organization.faults.empty(), qPrintable(QString::number(i)));
        QVERIFY(organization.closed >= 2);
        const bool beforeItBegan = i == 1 && code != ErrorCode::ServerBusy; // said at once
        QCOMPARE(outcome.complete, !isPermanent && !beforeItBegan);
        if (outcome.complete) {
            QCOMPARE(fixture.devices(), expected);
            continue;
        }
        QVERIFY(outcome.error.has_value());
        QVERIFY(fixture.names().contains(u"User 0/APPL0N0"_s)); // nothing removed
        QVERIFY(fixture.run(organization).complete);
        QCOMPARE(fixture.devices(), expected);
    }
}

// The same with every statement of the store, one by one.
void TestFullSyncFaults::storeFaults()
{
    const FakeEstate first = FakeEstate::make(6, 1);
    FakeEstate second = first;
    second.phones.pop_back();
    second.phones[2].state = AccessState::Blocked;
    QStringList expected;
    {
        SyncFixture reference;
        FakeOrganization good(first);
        reference.run(good);
        good.estate = second;
        reference.run(good);
        expected = reference.devices();
    }
    int complete = 0, incomplete = 0;
    for (int i = 1;; ++i) {
        auto countdown = std::make_shared<std::atomic<int>>(0);
        SyncFixture fixture(0, [countdown] { return countdown->load() > 0 && countdown->fetch_sub(1) == 1; });
        FakeOrganization organization(first);
        fixture.run(organization);
        organization.estate = second;
        *countdown = i;
        const SyncOutcome outcome = fixture.run(organization);
        const bool wasReached = countdown->load() <= 0;
        *countdown = 0;
        if (outcome.complete) {
            ++complete;
            QCOMPARE(fixture.devices(), expected);
        } else {
            ++incomplete;
            QVERIFY(fixture.names().contains(u"User 5/APPL5N0"_s));
            QVERIFY(fixture.run(organization).complete);
            QCOMPARE(fixture.devices(), expected);
        }
        if (!wasReached)
            break;
    }
    QVERIFY2(incomplete > 20, qPrintable(u"%1 incomplete, %2 complete"_s.arg(incomplete).arg(complete)));
}

void TestFullSyncFaults::cancelled_data()
{
    QTest::addColumn<int>("call"); // 0: before the start
    QTest::newRow("before the start") << 0;
    for (int call = 1; call <= callsOfARun; ++call)
        QTest::addRow("in call %d", call) << call;
}

void TestFullSyncFaults::cancelled()
{
    QFETCH(int, call);
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(20, 1));
    fixture.run(organization);
    const auto watermark = fixture.stored().watermark;
    fixture.clock.time = fixture.clock.time.addDays(2);
    organization.estate.phones.pop_back();
    QCOMPARE(organization.calls, callsOfARun);
    organization.onCall = [&](int number) {
        if (number == call)
            fixture.stop.request_stop();
    };
    const SyncOutcome outcome = fixture.run(organization, SyncFixture::quick(), call == 0);
    QCOMPARE(outcome.state, JobState::Cancelled);
    QCOMPARE(outcome.error->code, ErrorCode::Cancelled);
    QVERIFY(outcome.sentence.startsWith(u"Cancelled"_s));
    QCOMPARE(fixture.stored().watermark, watermark);
    QCOMPARE(fixture.names().size(), 20);
    QCOMPARE(organization.opened, organization.closed);
    organization.onCall = nullptr;
    QVERIFY(fixture.run(organization).complete);
    QCOMPARE(fixture.names().size(), 19);
}

// CON-42: the mailboxes that are done are not asked again.
void TestFullSyncFaults::resumesWithWhatIsLeft()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(500, 1));
    organization.pageSize = 100;
    int statisticsSeen = 0;
    organization.onCall = [&](int) {
        if (organization.statisticsCalls == 3 && ++statisticsSeen == 1)
            fixture.stop.request_stop();
    };
    const QDateTime begun = fixture.clock.time;
    QCOMPARE(fixture.run(organization).state, JobState::Cancelled);
    QVERIFY(fixture.hasUnfinishedRun());
    const size_t askedBefore = organization.asked.size();
    QVERIFY(askedBefore > 0 && askedBefore < 500);
    organization.onCall = nullptr;
    fixture.clock.time = begun.addSecs(3600);
    const SyncOutcome outcome = fixture.run(organization);
    QVERIFY(outcome.complete);
    QCOMPARE(organization.asked.size(), size_t(500)); // in both runs together, each once
    QCOMPARE(QSet<QString>(organization.asked.begin(), organization.asked.end()).size(), 500);
    QCOMPARE(outcome.mailboxesDone, 500);
    QCOMPARE(fixture.stored().watermark, std::optional(begun)); // of the run, not of its second half
    QVERIFY(fixture.log().contains(u"full sync resumed"_s));
}

void TestFullSyncFaults::oldRunIsNotResumed()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(300, 1));
    organization.pageSize = 100;
    organization.onCall = [&](int) {
        if (organization.statisticsCalls == 2)
            fixture.stop.request_stop();
    };
    QCOMPARE(fixture.run(organization).state, JobState::Cancelled);
    organization.onCall = nullptr;
    organization.asked.clear();
    fixture.clock.time = fixture.clock.time.addDays(2);
    QVERIFY(fixture.run(organization).complete);
    QCOMPARE(organization.asked.size(), size_t(300));
    QCOMPARE(fixture.stored().watermark, std::optional(fixture.clock.time));
}

void TestFullSyncFaults::shrinkGuardAt_data()
{
    QTest::addColumn<int>("percent");
    QTest::addColumn<bool>("mailboxesToo");
    QTest::addColumn<bool>("trips");
    QTest::newRow("79 % of the phones") << 79 << false << true;
    QTest::newRow("80 % of the phones") << 80 << false << false;
    QTest::newRow("81 % of the phones") << 81 << false << false;
    QTest::newRow("79 % of both") << 79 << true << true;
    QTest::newRow("80 % of both") << 80 << true << false;
}

void TestFullSyncFaults::shrinkGuardAt()
{
    QFETCH(int, percent);
    QFETCH(bool, mailboxesToo);
    QFETCH(bool, trips);
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(100, 1));
    fixture.run(organization);
    const auto watermark = fixture.stored().watermark;
    fixture.clock.time = fixture.clock.time.addDays(2);
    organization.estate.phones.resize(size_t(percent));
    if (mailboxesToo)
        organization.estate.mailboxes.resize(size_t(percent));
    const SyncOutcome outcome = fixture.run(organization);
    QCOMPARE(outcome.needsConfirmation, trips);
    if (!trips) {
        QVERIFY(outcome.complete);
        QCOMPARE(fixture.names().size(), percent);
        return;
    }
    QCOMPARE(outcome.state, JobState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::ShrinkGuard);
    QCOMPARE(fixture.names().size(), 100);
    QCOMPARE(fixture.stored().watermark, watermark);
    QCOMPARE(fixture.statusIds().back(), 30015);
    QVERIFY(fixture.log().contains(u"Guard: only 79 of 100 partnerships came back"_s));
    const size_t asked = organization.asked.size();
    SyncOptions confirmed = SyncFixture::quick();
    confirmed.shrinkConfirmed = true;
    const SyncOutcome accepted = fixture.run(organization, confirmed);
    QVERIFY(accepted.complete);
    QCOMPARE(accepted.counts.removed, 21);
    QCOMPARE(organization.asked.size(), asked); // the confirmation does not read the mailboxes again
}

// The smallest case of the guard: nothing came.
void TestFullSyncFaults::emptyListIsAnOutage()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(1, 1));
    fixture.run(organization);
    organization.estate = FakeEstate();
    const SyncOutcome outcome = fixture.run(organization);
    QVERIFY(outcome.needsConfirmation);
    QCOMPARE(fixture.names().size(), 1);
    // A site that never had anything has nothing to lose.
    SyncFixture fresh;
    FakeOrganization nothing{FakeEstate()};
    QVERIFY(fresh.run(nothing).complete);
}

// Whoever watches sees that it waits for the next try, and not a number that stands still.
void TestFullSyncFaults::lostConnectionIsSaid()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(30, 1));
    for (int call = 4; call < 6; ++call)
        organization.faults.emplace(call, fault(ErrorCode::ConnectionLost));
    const SyncOutcome outcome = fixture.run(organization);
    QVERIFY(outcome.complete);
    const auto waiting = std::count_if(fixture.progress.begin(), fixture.progress.end(),
        [](const SyncProgress& step) { return step.step == "reconnecting"_L1; });
    QVERIFY(waiting > 0);
    QVERIFY(fixture.progress.back().step != "reconnecting"_L1);
}

void TestFullSyncFaults::busyIsThrottledNotFailed()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(30, 1));
    for (int call = 2; call < 12; ++call)
        organization.faults.emplace(call, fault(ErrorCode::ServerBusy, 5ms));
    const SyncOutcome outcome = fixture.run(organization);
    QVERIFY(outcome.complete);
    const auto throttled = std::count_if(fixture.progress.begin(), fixture.progress.end(),
        [](const SyncProgress& step) { return step.step == "throttled"_L1; });
    QVERIFY(throttled > 0);
    QVERIFY(fixture.progress.back().step != "throttled"_L1);
    const auto ids = fixture.statusIds();
    QCOMPARE(std::count(ids.begin(), ids.end(), 30007), 1); // once a run
    QVERIFY(fixture.log().contains(u"Throttled: "_s));
}

// CON-06: another organisation behind the same address must not empty the site.
void TestFullSyncFaults::otherOrganization()
{
    SyncFixture fixture;
    FakeOrganization organization(FakeEstate::make(10, 1));
    fixture.run(organization);
    FakeOrganization other(FakeEstate::make(3, 1));
    other.organizationId = u"CN=Fabrikam"_s;
    SyncOptions confirmed = SyncFixture::quick();
    confirmed.shrinkConfirmed = true;
    const SyncOutcome outcome = fixture.run(other, confirmed);
    QCOMPARE(outcome.state, JobState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::Conflict);
    QCOMPARE(fixture.statusIds().back(), 30008);
    QCOMPARE(fixture.names().size(), 10);
    QCOMPARE(fixture.stored().organizationId, u"CN=Contoso"_s);
}

void TestFullSyncFaults::guardFunction()
{
    for (qint64 previous = 0; previous < 200; ++previous) {
        for (qint64 now = 0; now <= previous; ++now) {
            Previous before;
            before.partnerships = previous;
            Listed listed;
            listed.partnerships = now;
            QCOMPARE(shrinkGuard(before, listed).has_value(), double(now) < 0.8 * double(previous) - 1e-9);
        }
    }
}

QTEST_GUILESS_MAIN(TestFullSyncFaults)
#include "tst_fullsync_faults.moc"

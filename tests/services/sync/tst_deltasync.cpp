// Delta synchronisation against a fake organisation and a real SQLite site: what it reads, what it leaves
// alone, and when its watermark moves.
#include <QCoroTask>
#include <QTest>

#include "services/store/DeviceReader.h"
#include "services/sync/DeltaSync.h"
#include "tests/services/sync/SyncFixture.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// A site that a full synchronisation has filled, an hour ago.
class DeltaFixture : public SyncFixture
{
public:
    explicit DeltaFixture(int count = 25, int phonesEach = 2, int inactiveDays = 0)
        : SyncFixture(inactiveDays)
        , organization(FakeEstate::make(count, phonesEach))
    {
    }
    void fill()
    {
        if (run(organization).state != JobState::Succeeded)
            qFatal("the first full failed");
        clock.time = clock.time.addSecs(3600);
        organization.asked.clear();
        organization.listed = 0;
    }
    SyncOutcome runDelta(bool stopBefore = false)
    {
        stop = std::stop_source();
        if (stopBefore)
            stop.request_stop();
        organization.calls = 0;
        progress.clear();
        DeltaSync sync(stored(), {organization, *site, *trace, clock}, quick());
        return QCoro::waitFor(
            sync.run([this](const SyncProgress& step) { progress.push_back(step); }, stop.get_token()));
    }
    void change(size_t phone, AccessState state)
    {
        organization.estate.phones[phone].state = state;
        organization.estate.phones[phone].changed = clock.time.addSecs(-600);
        organization.estate.phones[phone].lastSuccess = clock.time.addSecs(-600);
    }
    void addPhone(int owner, const QString& id)
    {
        FakePhone fresh;
        fresh.owner = owner;
        fresh.id = id;
        fresh.changed = clock.time.addSecs(-60);
        fresh.lastSuccess = clock.time.addSecs(-60);
        organization.estate.phones.push_back(fresh);
    }
    // "User 1/APPL1N1 Blocked 1772430000000 user1@contoso.lab", sorted: all but when it was last read.
    QStringList facts()
    {
        const auto read = [](store::Session& session) -> Expected<QStringList> {
            QStringList rows;
            auto done = store::readDevices(session, 0, [&rows](const frame::DeviceRow& row) {
                const auto text = [&row](frame::DeviceColumn column) {
                    const auto view = row.text[size_t(column)];
                    return QString::fromUtf8(view.data(), qsizetype(view.size()));
                };
                const auto number = [&row](frame::DeviceColumn column) { return row.number[size_t(column)]; };
                rows << u"%1/%2 %3 %4 %5 %6"_s.arg(text(frame::DeviceColumn::UserName),
                    text(frame::DeviceColumn::EasDeviceId),
                    enumText(AccessState(number(frame::DeviceColumn::AccessState))).toString(),
                    QString::number(number(frame::DeviceColumn::LastSuccessSync)),
                    text(frame::DeviceColumn::UserPrincipalName),
                    QString::number(number(frame::DeviceColumn::Stale)));
            });
            if (!done)
                return tl::unexpected(done.error());
            rows.sort();
            return rows;
        };
        auto future = site->read(read);
        future.waitForFinished();
        return future.result().value();
    }
    QString rowOf(const QString& id)
    {
        const QStringList rows = facts().filter(u'/' + id + u' ');
        return rows.value(0);
    }
    QStringList asked() const
    {
        QStringList sorted(organization.asked.begin(), organization.asked.end());
        sorted.sort();
        return sorted;
    }

    FakeOrganization organization;
};

} // namespace

class TestDeltaSync : public QObject
{
    Q_OBJECT
private slots:
    void changesOnly_data();
    void changesOnly();
    void nothingChanged();
    void overlap();
    void neverRemoves();
    void everyCallMayFail_data();
    void everyCallMayFail();
    void cancelled();
    void cutListingLeavesTheWatermark();
    void needsAFullBefore();
    void otherOrganization();
    void leavesAnInterruptedFullAlone();
    void inactivePhones_data();
    void inactivePhones();
    void mailboxNotRead();
};

void TestDeltaSync::changesOnly_data()
{
    QTest::addColumn<bool>("refusesFilter");
    QTest::newRow("filtered") << false;
    QTest::newRow("the server refuses the filter") << true;
}

void TestDeltaSync::changesOnly()
{
    QFETCH(bool, refusesFilter);
    DeltaFixture fixture;
    fixture.fill();
    FakeOrganization& organization = fixture.organization;
    organization.refusesFilter = refusesFilter;
    const QString before = fixture.rowOf(u"APPL20N0"_s);
    fixture.change(3, AccessState::Blocked); // of user 1
    fixture.addPhone(5, u"NEW"_s);
    organization.estate.phones[40].lastSuccess = fixture.clock.time; // of user 20; no change of its object
    organization.estate.blockedIds[7] = {u"APPL7N0"_s};
    organization.estate.changedMailboxes[7] = fixture.clock.time.addSecs(-60);
    const SyncOutcome outcome = fixture.runDelta();
    QCOMPARE(outcome.state, JobState::Succeeded);
    QVERIFY(outcome.complete && !outcome.error);
    QCOMPARE(outcome.counts.added, 1);
    QCOMPARE(outcome.counts.changed, 1);
    QCOMPARE(outcome.counts.removed, 0);
    QCOMPARE(fixture.asked(), (QStringList{mailboxIdentity(1), mailboxIdentity(5)}));
    QCOMPARE(outcome.mailboxesDone, 2);
    QVERIFY(fixture.rowOf(u"APPL1N1"_s).contains(u"Blocked"_s));
    QCOMPARE(fixture.names().size(), 51);
    QVERIFY(fixture.names().contains(u"User 5/NEW"_s));
    QCOMPARE(fixture.rowOf(u"APPL20N0"_s), before); // its success is as old as the last full
    for (const QString& row : fixture.facts())
        QVERIFY2(row.contains(u"@contoso.lab"_s), "a principal name was lost");
    if (!refusesFilter)
        QCOMPARE(organization.listed, 3);
    const Connector stored = fixture.stored();
    QCOMPARE(stored.watermark, std::optional(fixture.clock.time));
    QCOMPARE(stored.deviceCount, 51);
    QCOMPARE(stored.lastDeltaStart, std::optional(fixture.clock.time));
    QCOMPARE(stored.lastDeltaResult, outcome.sentence);
    QCOMPARE(stored.lastFullStart, std::optional(fixture.clock.time.addSecs(-3600)));
    QCOMPARE(fixture.statusIds(), (std::vector<int>{30001, 30002, 30003}));
    QVERIFY(fixture.log().contains(
        u"Exchange Connector: delta sync started, changes since 2026-03-02T06:00:00Z"_s));
    QVERIFY(fixture.log().contains(u"Exchange Connector: delta sync completed, "_s));
    QVERIFY(!fixture.hasUnfinishedRun());
    QCOMPARE(organization.opened, organization.closed);
}

void TestDeltaSync::nothingChanged()
{
    DeltaFixture fixture;
    fixture.fill();
    const QStringList before = fixture.facts();
    const SyncOutcome outcome = fixture.runDelta();
    QCOMPARE(outcome.state, JobState::Succeeded);
    QCOMPARE(outcome.counts, SyncCounts());
    QCOMPARE(fixture.organization.statisticsCalls, 1); // the full's
    QCOMPARE(fixture.organization.calls, 3); // open and the two lists
    QCOMPARE(fixture.facts(), before);
}

// SYN-03: what a domain controller told late is read, though it happened before the watermark.
void TestDeltaSync::overlap()
{
    DeltaFixture fixture;
    fixture.fill();
    const QDateTime watermark = *fixture.stored().watermark;
    fixture.change(0, AccessState::Quarantined);
    fixture.organization.estate.phones[0].changed = watermark.addSecs(-9 * 60);
    fixture.change(2, AccessState::Quarantined);
    fixture.organization.estate.phones[2].changed = watermark.addSecs(-11 * 60);
    QCOMPARE(fixture.runDelta().state, JobState::Succeeded);
    for (const QDateTime& since : fixture.organization.changesAskedSince)
        QCOMPARE(since, watermark.addSecs(-600));
    QVERIFY(fixture.rowOf(u"APPL0N0"_s).contains(u"Quarantined"_s));
    QVERIFY(!fixture.rowOf(u"APPL1N0"_s).contains(u"Quarantined"_s));
}

// SYN-05: not even when Exchange lists nothing at all.
void TestDeltaSync::neverRemoves()
{
    for (const bool refusesFilter : {false, true}) {
        DeltaFixture fixture;
        fixture.fill();
        fixture.organization.refusesFilter = refusesFilter;
        const QStringList before = fixture.facts();
        fixture.organization.estate = FakeEstate();
        const SyncOutcome outcome = fixture.runDelta();
        QCOMPARE(outcome.state, JobState::Succeeded);
        QCOMPARE(outcome.counts.removed, 0);
        QCOMPARE(fixture.facts(), before);
        QCOMPARE(fixture.stored().deviceCount, 50);
    }
}

void TestDeltaSync::everyCallMayFail_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<bool>("refusesFilter");
    for (int call = 1; call <= 4; ++call) {
        QTest::addRow("call %d", call) << call << false;
        QTest::addRow("whole lists, call %d", call) << call << true;
    }
    QTest::addRow("whole lists, the last page") << 9 << true;
}

// SYN-04: after a failure the watermark is where it was, and the next run ends as if there had been none.
void TestDeltaSync::everyCallMayFail()
{
    QFETCH(int, call);
    QFETCH(bool, refusesFilter);
    DeltaFixture fixture, undisturbed;
    for (DeltaFixture* each : {&fixture, &undisturbed}) {
        each->fill();
        each->organization.refusesFilter = refusesFilter;
        each->change(3, AccessState::Blocked);
        each->addPhone(5, u"NEW"_s);
    }
    fixture.organization.faults.emplace(call, Error{ErrorCode::AccessDenied, u"scripted"_s, u"fake"_s, {}});
    const Connector before = fixture.stored();
    const SyncOutcome failed = fixture.runDelta();
    QCOMPARE(failed.state, JobState::Failed);
    QCOMPARE(failed.error->code, ErrorCode::AccessDenied);
    const Connector after = fixture.stored();
    QCOMPARE(after.watermark, before.watermark);
    QCOMPARE(after.lastFullResult, before.lastFullResult);
    QCOMPARE(after.lastDeltaResult, failed.sentence);
    QCOMPARE(fixture.statusIds(), (std::vector<int>{30001, 30002, 30009}));
    QVERIFY(fixture.log().contains(u"delta sync failed; the watermark stays"_s));
    QVERIFY(fixture.names().size() >= 50);
    QCOMPARE(fixture.runDelta().state, JobState::Succeeded);
    QCOMPARE(undisturbed.runDelta().state, JobState::Succeeded);
    QCOMPARE(fixture.facts(), undisturbed.facts());
    QCOMPARE(fixture.stored().watermark, undisturbed.stored().watermark);
}

void TestDeltaSync::cancelled()
{
    for (int call = 0; call <= 4; ++call) {
        DeltaFixture fixture;
        fixture.fill();
        fixture.change(3, AccessState::Blocked);
        const Connector before = fixture.stored();
        fixture.organization.onCall = [&fixture, call](int now) {
            if (now == call)
                fixture.stop.request_stop();
        };
        const SyncOutcome outcome = fixture.runDelta(call == 0);
        QCOMPARE(outcome.state, JobState::Cancelled);
        QCOMPARE(fixture.stored().watermark, before.watermark);
        QCOMPARE(fixture.statusIds(), (std::vector<int>{30001, 30002}));
        QVERIFY(fixture.log().contains(u"delta sync cancelled"_s));
        fixture.organization.onCall = nullptr;
        QCOMPARE(fixture.runDelta().state, JobState::Succeeded);
        QVERIFY(fixture.rowOf(u"APPL1N1"_s).contains(u"Blocked"_s));
    }
}

void TestDeltaSync::cutListingLeavesTheWatermark()
{
    DeltaFixture fixture;
    fixture.fill();
    fixture.change(3, AccessState::Blocked);
    fixture.organization.cutsPartnerships = true;
    const Connector before = fixture.stored();
    const SyncOutcome outcome = fixture.runDelta();
    QCOMPARE(outcome.state, JobState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::Incomplete);
    QCOMPARE(fixture.stored().watermark, before.watermark);
    QVERIFY(fixture.rowOf(u"APPL1N1"_s).contains(u"Blocked"_s)); // what came is kept
}

void TestDeltaSync::needsAFullBefore()
{
    DeltaFixture fixture;
    const SyncOutcome outcome = fixture.runDelta();
    QCOMPARE(outcome.state, JobState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::InvalidInput);
    QVERIFY2(outcome.sentence.contains(u"full synchronization"_s), qPrintable(outcome.sentence));
    QCOMPARE(fixture.organization.opened, 0);
    QVERIFY(!fixture.stored().watermark);
}

void TestDeltaSync::otherOrganization()
{
    DeltaFixture fixture;
    fixture.fill();
    fixture.change(3, AccessState::Blocked);
    fixture.organization.organizationId = u"CN=Fabrikam"_s;
    const QStringList before = fixture.facts();
    const SyncOutcome outcome = fixture.runDelta();
    QCOMPARE(outcome.state, JobState::Failed);
    QCOMPARE(fixture.facts(), before);
    QCOMPARE(fixture.statusIds().back(), 30008);
}

void TestDeltaSync::leavesAnInterruptedFullAlone()
{
    DeltaFixture fixture;
    fixture.fill();
    fixture.organization.onCall = [&fixture](int now) {
        if (now == 7)
            fixture.stop.request_stop();
    };
    QCOMPARE(fixture.run(fixture.organization).state, JobState::Cancelled);
    fixture.organization.onCall = nullptr;
    QVERIFY(fixture.hasUnfinishedRun());
    fixture.change(3, AccessState::Blocked);
    QCOMPARE(fixture.runDelta().state, JobState::Succeeded);
    QVERIFY(fixture.hasUnfinishedRun());
    fixture.organization.estate.phones.erase(fixture.organization.estate.phones.begin());
    QCOMPARE(fixture.run(fixture.organization).counts.removed, 1);
}

void TestDeltaSync::inactivePhones_data()
{
    changesOnly_data();
}

// CON-15: a delta brings back only what synchronises again.
void TestDeltaSync::inactivePhones()
{
    QFETCH(bool, refusesFilter);
    DeltaFixture fixture(25, 2, 60);
    for (const size_t phone : {4, 6, 8})
        fixture.organization.estate.phones[phone].lastSuccess = fixture.clock.time.addDays(-100);
    fixture.fill();
    QCOMPARE(fixture.names().size(), 47);
    fixture.organization.refusesFilter = refusesFilter;
    fixture.change(4, AccessState::Allowed); // active again
    fixture.organization.estate.phones[6].changed = fixture.clock.time.addSecs(-60); // only changed
    QCOMPARE(fixture.runDelta().state, JobState::Succeeded);
    QCOMPARE(fixture.names().size(), 48);
    QVERIFY(fixture.names().contains(u"User 2/APPL2N0"_s));
}

void TestDeltaSync::mailboxNotRead()
{
    DeltaFixture fixture;
    fixture.fill();
    fixture.change(3, AccessState::Blocked);
    fixture.organization.estate.unreadable.insert(1);
    const SyncOutcome outcome = fixture.runDelta();
    QCOMPARE(outcome.state, JobState::Succeeded);
    QCOMPARE(outcome.counts.notRead, 1);
    QVERIFY(outcome.sentence.endsWith(u"1 mailboxes could not be read; their former values are kept."_s));
    QCOMPARE(fixture.stored().watermark, std::optional(fixture.clock.time));
}

QTEST_GUILESS_MAIN(TestDeltaSync)
#include "tst_deltasync.moc"

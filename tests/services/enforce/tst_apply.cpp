// One run of the journal without faults: order, provenance, read-back, drift (SYN-21 to 23).
#include <QTest>

#include "services/enforce/Guard.h"
#include "services/enforce/SettingsPlan.h"
#include "services/enforce/WriteMessages.h"
#include "tests/services/enforce/EnforceFixture.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

using sync::test::FakeEstate;
using test::EnforceFixture;

class ApplyTest : public QObject
{
    Q_OBJECT
private slots:
    void writesAreSentReadBackAndConfirmed();
    void accessIsGivenBeforeItIsTaken();
    void foreignEntriesStayForeign();
    void aWriteThatIsNotNeededIsNotSent();
    void anEntryThatShowsLateIsStillOurs();
    void refusedWritesFailAndTheOthersGoOn();
    void whatExchangeDoesNotShowIsSentOnceMore();
    void aWipeIsNeverRepeatedByItself();
    void settingsThatTakeAccessWaitForThoseThatGiveIt();
    void stopBeforeAndDuring();
    void phonesAreWipedAndRemoved();
    void massChange();
};

void ApplyTest::writesAreSentReadBackAndConfirmed()
{
    EnforceFixture fixture(FakeEstate::make(5));
    const auto ids = fixture.plan({fixture.block(1, {u"APPL1N0"_s}), fixture.allow(2, {u"APPL2N0"_s})});
    const ApplyOutcome outcome = fixture.apply();
    QVERIFY(outcome.isClean());
    QCOMPARE(outcome.confirmed, 2);
    QCOMPARE(fixture.organization.estate.blockedIds[1], QStringList{u"APPL1N0"_s});
    QCOMPARE(fixture.organization.estate.allowedIds[2], QStringList{u"APPL2N0"_s});
    const WriteRecord record = fixture.record(ids[0]);
    QCOMPARE(record.state, WriteState::Confirmed);
    QCOMPARE(record.attempts, 1);
    QVERIFY(record.commandText.contains(u"Set-CASMailbox"_s));
    QVERIFY(record.commandText.contains(u"APPL1N0"_s));
    QCOMPARE(fixture.entries().size(), 2);
    QVERIFY(fixture.wasSaid(messages::accessApplied));
    QVERIFY(!fixture.wasSaid(messages::accessWriteFailed));
    QVERIFY(fixture.sync.log().contains(record.commandText));
    // Level-triggered: once more changes nothing.
    const auto sent = fixture.organization.applied.size();
    QVERIFY(fixture.apply().isClean());
    QCOMPARE(fixture.organization.applied.size(), sent);
}

void ApplyTest::accessIsGivenBeforeItIsTaken()
{
    EnforceFixture fixture(FakeEstate::make(20));
    std::vector<store::PlannedWrite> writes;
    for (int i = 1; i <= 6; ++i)
        writes.push_back(fixture.block(i, {u"X"_s}));
    for (int i = 7; i <= 12; ++i)
        writes.push_back(fixture.allow(i, {u"Y"_s}));
    (void)fixture.plan(writes);
    QVERIFY(fixture.apply().isClean());
    const auto& applied = fixture.organization.applied;
    QCOMPARE(applied.size(), 12U);
    for (std::size_t i = 0; i < applied.size(); ++i)
        QCOMPARE(std::get<ListWrite>(applied[i]).blocks(), i >= 6);
}

void ApplyTest::foreignEntriesStayForeign()
{
    FakeEstate estate = FakeEstate::make(3);
    estate.blockedIds[1] = QStringList{u"THEIRS"_s};
    estate.allowedIds[1] = QStringList{u"VIP"_s};
    EnforceFixture fixture(estate);
    (void)fixture.plan({fixture.block(1, {u"theirs"_s, u"OURS"_s})});
    QVERIFY(fixture.apply().isClean());
    QCOMPARE(fixture.organization.estate.blockedIds[1], (QStringList{u"THEIRS"_s, u"OURS"_s}));
    QCOMPARE(fixture.entries(), QStringList{fixture.identity(1) + u" Blocked OURS"_s});
    (void)fixture.plan({fixture.unblock(1, {u"THEIRS"_s, u"OURS"_s})});
    QVERIFY(fixture.apply().isClean());
    QCOMPARE(fixture.organization.estate.blockedIds[1], QStringList{u"THEIRS"_s});
    QCOMPARE(fixture.organization.estate.allowedIds[1], QStringList{u"VIP"_s});
    QVERIFY(fixture.entries().isEmpty());
}

void ApplyTest::aWriteThatIsNotNeededIsNotSent()
{
    FakeEstate estate = FakeEstate::make(3);
    estate.blockedIds[1] = QStringList{u"THEIRS"_s};
    EnforceFixture fixture(estate);
    const auto ids = fixture.plan({fixture.block(1, {u"THEIRS"_s})});
    QVERIFY(fixture.apply().isClean());
    QVERIFY(fixture.organization.applied.empty());
    QCOMPARE(fixture.record(ids[0]).state, WriteState::Confirmed);
    QVERIFY(fixture.entries().isEmpty());
}

// The answer is lost, and the domain controller that is asked does not have it yet.
void ApplyTest::anEntryThatShowsLateIsStillOurs()
{
    EnforceFixture fixture(FakeEstate::make(3));
    const auto ids = fixture.plan({fixture.block(1, {u"OURS"_s})});
    fixture.organization.losesAnswers.insert(2); // after the lists were read
    QStringList hidden;
    fixture.organization.onCall = [&](int call) {
        if (call == 3)
            hidden = std::exchange(fixture.organization.estate.blockedIds[1], QStringList());
        if (call == 4)
            fixture.organization.estate.blockedIds[1] = hidden;
    };
    QVERIFY(fixture.apply().isClean());
    QCOMPARE(hidden, QStringList{u"OURS"_s});
    QCOMPARE(fixture.organization.applied.size(), 1U);
    QCOMPARE(fixture.record(ids[0]).state, WriteState::Confirmed);
    QCOMPARE(fixture.entries(), QStringList{fixture.identity(1) + u" Blocked OURS"_s});
}

void ApplyTest::refusedWritesFailAndTheOthersGoOn()
{
    EnforceFixture fixture(FakeEstate::make(4));
    const auto bad = fixture.plan({EnforceFixture::other(AccessRuleChange{u"no such rule"_s}, 5),
        fixture.allow(2, {u"A"_s}), fixture.block(3, {u"B"_s})});
    const ApplyOutcome outcome = fixture.apply();
    QCOMPARE(outcome.failed, 1);
    QCOMPARE(outcome.confirmed, 2);
    QVERIFY(!outcome.error);
    QCOMPARE(fixture.record(bad[0]).state, WriteState::Failed);
    QVERIFY(!fixture.record(bad[0]).problem.isEmpty());
    QVERIFY(outcome.problems.at(0).contains(u"no such rule"_s));
    QVERIFY(fixture.wasSaid(messages::accessWriteFailed));
}

// SYN-23
void ApplyTest::whatExchangeDoesNotShowIsSentOnceMore()
{
    EnforceFixture fixture(FakeEstate::make(3));
    fixture.organization.ignoresWrites = true;
    const auto ids = fixture.plan({fixture.block(1, {u"X"_s})});
    QCOMPARE(fixture.apply().open, 1);
    QCOMPARE(fixture.record(ids[0]).state, WriteState::Applied);
    QVERIFY(!fixture.record(ids[0]).problem.isEmpty());
    fixture.sync.clock.time = fixture.sync.clock.time.addSecs(14 * 60);
    QCOMPARE(fixture.apply().open, 1);
    QCOMPARE(fixture.organization.applied.size(), 1U); // not yet
    fixture.sync.clock.time = fixture.sync.clock.time.addSecs(2 * 60);
    QCOMPARE(fixture.apply().open, 1);
    QCOMPARE(fixture.organization.applied.size(), 2U);
    QVERIFY(fixture.sync.log().contains(u"drift"_s));
    QVERIFY(!fixture.wasSaid(messages::accessWriteFailed));
    fixture.sync.clock.time = fixture.sync.clock.time.addSecs(16 * 60);
    QCOMPARE(fixture.apply().failed, 1);
    QCOMPARE(fixture.record(ids[0]).state, WriteState::Failed);
    QCOMPARE(fixture.organization.applied.size(), 2U);
    QVERIFY(fixture.wasSaid(messages::accessWriteFailed));
    QVERIFY(fixture.entries().isEmpty());
}

void ApplyTest::aWipeIsNeverRepeatedByItself()
{
    EnforceFixture fixture(FakeEstate::make(3));
    const QString phone = sync::test::partnershipOf(fixture.organization.estate.phones[0]).deviceIdentity;
    const auto ids = fixture.plan({EnforceFixture::other(EnforceFixture::wipeOf(phone), stages::device)});
    // The process died after it was journalled and before it was known to be done; days went by.
    auto sent = fixture.sync.site->write([&](store::Session& session) {
        return store::WriteRepository(session).sent(
            ids[0], EnforceFixture::wipeOf(phone), {}, fixture.sync.clock.now());
    });
    sent.waitForFinished();
    fixture.sync.clock.time = fixture.sync.clock.time.addDays(2);
    QCOMPARE(fixture.apply().failed, 1);
    QVERIFY(fixture.organization.applied.empty());
    QCOMPARE(fixture.record(ids[0]).state, WriteState::Failed);
}

void ApplyTest::settingsThatTakeAccessWaitForThoseThatGiveIt()
{
    EnforceFixture fixture(FakeEstate::make(2));
    const AccessRule allow{{}, AccessRuleCharacteristic::DeviceType, u"TestPhone"_s, AccessLevel::Allow, {}};
    OrganizationWrite strict;
    strict.settings.defaultAccessLevel = AccessLevel::Block;
    store::PlannedWrite first = EnforceFixture::other(AccessRuleCreate{allow}, stages::settingsGive);
    store::PlannedWrite second = EnforceFixture::other(strict, stages::settingsTake);
    first.origin = second.origin = WriteOrigin::Settings;
    const auto ids = fixture.plan({first, second});
    fixture.organization.faults.emplace(1, Error{ErrorCode::CmdletFailed, u"no"_s, {}, {}});
    QCOMPARE(fixture.apply().failed, 1);
    QCOMPARE(fixture.record(ids[1]).state, WriteState::Planned);
    QCOMPARE(fixture.organization.estate.settings.defaultAccessLevel, AccessLevel::Allow);
}

void ApplyTest::stopBeforeAndDuring()
{
    EnforceFixture fixture(FakeEstate::make(9));
    std::vector<store::PlannedWrite> writes;
    for (int i = 1; i <= 8; ++i)
        writes.push_back(fixture.block(i, {u"X"_s}));
    (void)fixture.plan(writes);
    fixture.stop.request_stop();
    ApplyOutcome outcome = fixture.apply();
    QCOMPARE(outcome.error->code, ErrorCode::Cancelled);
    QVERIFY(fixture.organization.applied.empty());
    for (int call = 1; call <= 12; ++call) {
        fixture.stop = std::stop_source();
        fixture.organization.calls = 0;
        fixture.organization.onCall = [&](int now) {
            if (now == call)
                fixture.stop.request_stop();
        };
        outcome = fixture.apply();
        if (!outcome.error)
            break;
        QCOMPARE(outcome.error->code, ErrorCode::Cancelled);
    }
    fixture.organization.onCall = nullptr;
    fixture.stop = std::stop_source();
    QVERIFY(fixture.applyAll());
    for (int i = 1; i <= 8; ++i)
        QCOMPARE(fixture.organization.estate.blockedIds[i], QStringList{u"X"_s});
    QCOMPARE(fixture.entries().size(), 8);
    QCOMPARE(fixture.organization.applied.size(), 8U); // nothing twice
}

void ApplyTest::phonesAreWipedAndRemoved()
{
    EnforceFixture fixture(FakeEstate::make(3));
    const auto& phones = fixture.organization.estate.phones;
    const QString wiped = sync::test::partnershipOf(phones[0]).deviceIdentity;
    const QString removed = sync::test::partnershipOf(phones[1]).deviceIdentity;
    (void)fixture.plan({EnforceFixture::other(EnforceFixture::wipeOf(wiped), stages::device),
        EnforceFixture::other(DeviceRemove{removed}, stages::device)});
    const ApplyOutcome outcome = fixture.apply();
    QVERIFY2(outcome.isClean(), qPrintable(fixture.states().join(u'\n')));
    QVERIFY(fixture.organization.estate.wipes.contains(wiped));
    QCOMPARE(fixture.organization.estate.phones.size(), 2U);
}

// CAP-33 at its limit and on both sides of it.
void ApplyTest::massChange()
{
    const auto writes = [](int count) {
        std::vector<ExchangeWrite> list;
        for (int i = 0; i < count; ++i) {
            ListWrite write;
            write.addBlocked = QStringList{u"A%1"_s.arg(i)};
            write.removeAllowed = write.addBlocked; // the same phone
            write.removeBlocked = QStringList{u"B"_s}; // giving access is never guarded
            list.emplace_back(write);
        }
        return list;
    };
    QVERIFY(!enforce::massChange(writes(50), 100));
    QCOMPARE(enforce::massChange(writes(51), 100).value().newlyBlocked, 51);
    QVERIFY(!enforce::massChange(writes(200), 10'000));
    QCOMPARE(enforce::massChange(writes(201), 10'000).value().allowedAtOnce, 200);
}

} // namespace postern::enforce

QTEST_GUILESS_MAIN(postern::enforce::ApplyTest)
#include "tst_apply.moc"

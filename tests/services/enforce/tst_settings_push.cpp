// Settings are pushed and drift is told (SYN-02), and what Postern wrote is taken out again (CON-48).
#include <QCoroTask>
#include <QTest>

#include "services/enforce/CleanUp.h"
#include "services/enforce/SettingsPush.h"
#include "services/enforce/StoredState.h"
#include "services/enforce/WriteMessages.h"
#include "tests/services/enforce/EnforceFixture.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

using sync::test::FakeEstate;
using test::EnforceFixture;

namespace {

FakeEstate estate()
{
    FakeEstate estate = FakeEstate::make(4);
    MailboxPolicy policy;
    policy.name = policy.identity = u"Default"_s;
    policy.isDefault = true;
    estate.policies = {policy};
    estate.rules.clear();
    return estate;
}

ConnectorSettings strict()
{
    ConnectorSettings settings;
    settings.access.manage = true;
    settings.access.defaultLevel = AccessLevel::Quarantine;
    settings.access.rules = {{{}, AccessRuleCharacteristic::DeviceType, u"iPhone"_s, AccessLevel::Allow, {}},
        {{}, AccessRuleCharacteristic::DeviceModel, u"Old"_s, AccessLevel::Block, {}}};
    settings.policy.password.emplace();
    settings.policy.password->required = true;
    settings.policy.password->minimumLength = 6;
    settings.allowExternalDeviceManagement = true;
    return settings;
}

} // namespace

class SettingsPushTest : public QObject
{
    Q_OBJECT
private slots:
    void nothingConfiguredAsksNothing();
    void pushesOnceAndFindsNothingAfterwards();
    void driftIsToldBeforeItIsOverwritten();
    void whatIsNotWantedAnyMoreIsSuperseded();
    void cleanUpRemovesOursOnly();
    void cleanUpGoesOnAfterEveryFault();

private:
    [[nodiscard]] static Expected<PushOutcome> push(
        EnforceFixture& fixture, const ConnectorSettings& settings, bool expected = false);
    [[nodiscard]] static Expected<CleanUpOutcome> cleanUp(EnforceFixture& fixture);
    static void writeOurs(EnforceFixture& fixture);
};

Expected<PushOutcome> SettingsPushTest::push(
    EnforceFixture& fixture, const ConnectorSettings& settings, bool expected)
{
    Connector connector = fixture.sync.connector;
    connector.settings = settings;
    PushOptions options;
    options.expected = expected;
    options.cause = u"test"_s;
    options.apply = EnforceFixture::quick();
    SettingsPush push(connector,
        {fixture.organization, *fixture.sync.site, *fixture.sync.trace, fixture.sync.clock}, options);
    return QCoro::waitFor(push.run(nullptr, fixture.stop.get_token()));
}

Expected<CleanUpOutcome> SettingsPushTest::cleanUp(EnforceFixture& fixture)
{
    CleanUp run(fixture.sync.connector,
        {fixture.organization, *fixture.sync.site, *fixture.sync.trace, fixture.sync.clock}, u"test"_s,
        EnforceFixture::quick());
    return QCoro::waitFor(run.run(nullptr, fixture.stop.get_token()));
}

void SettingsPushTest::nothingConfiguredAsksNothing()
{
    EnforceFixture fixture(estate());
    const auto pushed = push(fixture, {});
    QVERIFY(pushed && pushed->applied.isClean());
    QCOMPARE(fixture.organization.calls, 0);
}

void SettingsPushTest::pushesOnceAndFindsNothingAfterwards()
{
    EnforceFixture fixture(estate());
    const auto pushed = push(fixture, strict(), true);
    QVERIFY2(pushed && pushed->applied.isClean(), qPrintable(fixture.states().join(u'\n')));
    QCOMPARE(pushed->applied.confirmed, 4);
    const FakeEstate& now = fixture.organization.estate;
    QCOMPARE(now.settings.defaultAccessLevel, AccessLevel::Quarantine);
    QCOMPARE(now.rules.size(), 2U);
    QCOMPARE(now.policySettings.at(u"Default"_s).password->minimumLength, 6);
    QVERIFY(now.externallyManaged.contains(u"Default"_s));
    // Previews know it at once.
    auto stored = fixture.sync.site->read(
        [id = fixture.id()](store::Session& session) { return storedState(session, id); });
    stored.waitForFinished();
    QVERIFY(planSettings(strict(), stored.result().value()).empty());
    const auto sent = fixture.organization.applied.size();
    const auto again = push(fixture, strict());
    QVERIFY(again && again->differences.isEmpty());
    QCOMPARE(fixture.organization.applied.size(), sent);
}

void SettingsPushTest::driftIsToldBeforeItIsOverwritten()
{
    EnforceFixture fixture(estate());
    QVERIFY(push(fixture, strict(), true));
    fixture.organization.estate.settings.defaultAccessLevel = AccessLevel::Allow;
    fixture.organization.estate.policySettings[u"Default"_s].password->required = false;
    bool toldFirst = false;
    const auto sent = fixture.organization.applied.size();
    fixture.organization.onCall = [&](int) {
        if (fixture.organization.applied.size() == sent)
            toldFirst = fixture.sync.log().contains(u"Exchange has Allow, configured is Quarantine"_s);
    };
    const auto pushed = push(fixture, strict());
    QVERIFY(pushed && pushed->applied.isClean());
    QCOMPARE(pushed->differences.size(), 2);
    QVERIFY(toldFirst);
    QVERIFY(fixture.wasSaid(messages::settingsDiffer));
    QCOMPARE(fixture.organization.estate.settings.defaultAccessLevel, AccessLevel::Quarantine);
    QVERIFY(fixture.organization.estate.policySettings[u"Default"_s].password->required);
}

void SettingsPushTest::whatIsNotWantedAnyMoreIsSuperseded()
{
    EnforceFixture fixture(estate());
    // Exchange does not answer after the settings were read.
    for (int call = 5; call < 40; ++call)
        fixture.organization.faults.emplace(call, Error{ErrorCode::AuthenticationFailed, {}, {}, {}});
    const auto failed = push(fixture, strict(), true);
    QVERIFY(failed && failed->applied.error);
    QVERIFY(fixture.states().join(u'\n').contains(u"Planned"_s));
    fixture.organization.faults.clear();
    ConnectorSettings lenient;
    const auto pushed = push(fixture, lenient, true);
    QVERIFY(pushed && pushed->applied.isClean());
    QVERIFY(!fixture.states().join(u'\n').contains(u"Planned"_s));
    QVERIFY(fixture.organization.applied.empty());
    QCOMPARE(fixture.organization.estate.settings.defaultAccessLevel, AccessLevel::Allow);
}

void SettingsPushTest::writeOurs(EnforceFixture& fixture)
{
    (void)fixture.plan(
        {fixture.block(1, {u"OURS"_s}), fixture.allow(2, {u"A"_s}), fixture.block(2, {u"B"_s})});
    if (!fixture.applyAll() || !push(fixture, strict(), true))
        qFatal("nothing was written");
    // Somebody else goes on beside us.
    fixture.organization.estate.blockedIds[1] << u"THEIRS"_s;
    fixture.organization.estate.rules.push_back(
        {u"foreign"_s, AccessRuleCharacteristic::DeviceType, u"WP8"_s, AccessLevel::Block, u"foreign"_s});
}

void SettingsPushTest::cleanUpRemovesOursOnly()
{
    EnforceFixture fixture(estate());
    writeOurs(fixture);
    const auto outcome = cleanUp(fixture);
    QVERIFY(outcome && outcome->applied.isClean());
    QCOMPARE(outcome->left, 0);
    const FakeEstate& now = fixture.organization.estate;
    QCOMPARE(now.blockedIds.at(1), QStringList{u"THEIRS"_s});
    QVERIFY(now.allowedIds.at(2).isEmpty() && now.blockedIds.at(2).isEmpty());
    QCOMPARE(now.rules.size(), 1U);
    QCOMPARE(now.rules[0].identity, u"foreign"_s);
    QVERIFY(fixture.entries().isEmpty());
}

void SettingsPushTest::cleanUpGoesOnAfterEveryFault()
{
    int calls = 0;
    QStringList wanted;
    {
        EnforceFixture fixture(estate());
        writeOurs(fixture);
        fixture.organization.calls = 0;
        QVERIFY(cleanUp(fixture));
        calls = fixture.organization.calls;
        wanted = fixture.estateText();
    }
    QVERIFY(calls > 8);
    for (int call = 1; call <= calls; ++call) {
        for (const bool lost : {true, false}) {
            EnforceFixture fixture(estate());
            writeOurs(fixture);
            fixture.organization.calls = 0;
            if (lost)
                fixture.organization.losesAnswers.insert(call);
            else
                fixture.organization.faults.emplace(call, Error{ErrorCode::ConnectionRefused, {}, {}, {}});
            Expected<CleanUpOutcome> outcome = cleanUp(fixture);
            if (!outcome || outcome->left > 0)
                outcome = cleanUp(fixture);
            QVERIFY2(outcome && outcome->left == 0, qPrintable(fixture.states().join(u'\n')));
            QVERIFY2(fixture.estateText() == wanted, qPrintable(u"call %1"_s.arg(call)));
        }
    }
}

} // namespace postern::enforce

QTEST_GUILESS_MAIN(postern::enforce::SettingsPushTest)
#include "tst_settings_push.moc"

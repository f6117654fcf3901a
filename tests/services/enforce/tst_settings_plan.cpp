// The difference between what is configured and what Exchange has, as a table (CON-19 to 26, SYN-02, 21, 22).
#include <QTest>

#include "services/enforce/SettingsPlan.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

namespace {

AccessRule rule(const QString& query, AccessLevel level, const QString& identity = {},
    AccessRuleCharacteristic characteristic = AccessRuleCharacteristic::DeviceType)
{
    return {identity, characteristic, query, level, identity};
}

// "accessRuleCreate iPhone 100"
QStringList text(const std::vector<SettingsStep>& steps)
{
    QStringList lines;
    for (const SettingsStep& step : steps)
        lines << u"%1 %2 %3"_s.arg(kindOf(step.write), targetOf(step.write)).arg(step.stage);
    return lines;
}

ConnectorSettings managed(std::vector<AccessRule> rules, AccessLevel level = AccessLevel::Allow)
{
    ConnectorSettings settings;
    settings.access.manage = true;
    settings.access.defaultLevel = level;
    settings.access.rules = std::move(rules);
    return settings;
}

ExchangeState having(std::vector<AccessRule> rules, AccessLevel level = AccessLevel::Allow)
{
    ExchangeState state;
    state.organization = OrganizationSettings{level, {}, {}};
    state.rules = std::move(rules);
    return state;
}

ExchangeState withPolicy(const std::optional<MailboxPolicySettings>& contents)
{
    ExchangeState state = having({});
    MailboxPolicy policy;
    policy.name = u"Default"_s;
    policy.identity = u"Default id"_s;
    policy.isDefault = true;
    state.policies = {policy};
    state.defaultPolicy = contents;
    return state;
}

} // namespace

class SettingsPlanTest : public QObject
{
    Q_OBJECT
private slots:
    void rules_data();
    void rules();
    void organization();
    void givingComesFirst();
    void wholeGroups();
    void policyIsCreatedOnlyWhenNoneIsThere();
    void externalManagementIsWrittenOnce();
};

void SettingsPlanTest::rules_data()
{
    QTest::addColumn<ConnectorSettings>("wanted");
    QTest::addColumn<ExchangeState>("present");
    QTest::addColumn<QStringList>("expected");
    const AccessRule there = rule(u"iPhone"_s, AccessLevel::Block, u"id1"_s);
    ConnectorSettings off = managed({rule(u"iPhone"_s, AccessLevel::Allow)}, AccessLevel::Block);
    off.access.manage = false;
    QTest::newRow("not managed") << off << having({there}) << QStringList();
    QTest::newRow("the same, other case")
        << managed({rule(u"IPHONE"_s, AccessLevel::Block)}) << having({there}) << QStringList();
    QTest::newRow("another characteristic")
        << managed({rule(u"iPhone"_s, AccessLevel::Block, {}, AccessRuleCharacteristic::DeviceModel)})
        << having({there}) << QStringList{u"accessRuleCreate iPhone 1100"_s};
    QTest::newRow("gives") << managed({rule(u"iPhone"_s, AccessLevel::Allow)}) << having({there})
                           << QStringList{u"accessRuleChange id1 100"_s};
    QTest::newRow("gives less") << managed({rule(u"iPhone"_s, AccessLevel::Quarantine)}) << having({there})
                                << QStringList{u"accessRuleChange id1 100"_s};
    QTest::newRow("takes") << managed({rule(u"iPhone"_s, AccessLevel::Block)})
                           << having({rule(u"iPhone"_s, AccessLevel::Quarantine, u"id1"_s)})
                           << QStringList{u"accessRuleChange id1 1100"_s};
    QTest::newRow("somebody else's stays") << managed({}) << having({there}) << QStringList();
    ExchangeState ours = having({there, rule(u"Android"_s, AccessLevel::Allow, u"id2"_s)});
    ours.written = {{AccessRuleCharacteristic::DeviceType, u"iphone"_s},
        {AccessRuleCharacteristic::DeviceType, u"android"_s}};
    QTest::newRow("ours go") << managed({}) << ours
                             << QStringList{u"accessRuleRemove id1 100"_s, u"accessRuleRemove id2 1100"_s};
}

void SettingsPlanTest::rules()
{
    QFETCH(const ConnectorSettings, wanted);
    QFETCH(const ExchangeState, present);
    QFETCH(const QStringList, expected);
    QCOMPARE(text(planSettings(wanted, present)), expected);
}

void SettingsPlanTest::organization()
{
    ConnectorSettings wanted = managed({});
    wanted.access.adminMailRecipients = QStringList{u"A@x"_s, u"b@x"_s};
    ExchangeState present = having({});
    present.organization->adminMailRecipients = QStringList{u"b@x"_s, u"a@x"_s};
    QVERIFY(planSettings(wanted, present).empty());
    wanted.access.userMailInsert = u"Hello"_s;
    const auto steps = planSettings(wanted, present);
    QCOMPARE(text(steps), QStringList{u"organization Mobile Mailbox Settings 100"_s});
    QCOMPARE(std::get<OrganizationWrite>(steps[0].write).settings.userMailInsert, u"Hello"_s);
    present.organization.reset(); // never read
    QCOMPARE(planSettings(wanted, present).size(), 1U);
}

void SettingsPlanTest::givingComesFirst()
{
    const auto steps
        = planSettings(managed({rule(u"Old"_s, AccessLevel::Block), rule(u"iPhone"_s, AccessLevel::Allow)},
                           AccessLevel::Quarantine),
            having({}));
    QCOMPARE(text(steps),
        (QStringList{u"accessRuleCreate iPhone 100"_s, u"accessRuleCreate Old 1100"_s,
            u"organization Mobile Mailbox Settings 1101"_s}));
    QVERIFY(steps[2].difference.contains(u"Exchange has Allow, configured is Quarantine"_s));
}

void SettingsPlanTest::wholeGroups()
{
    MailboxPolicySettings has;
    has.password.emplace();
    has.security.emplace();
    ConnectorSettings wanted;
    wanted.policy.password.emplace();
    wanted.policy.security.emplace();
    QVERIFY(planSettings(wanted, withPolicy(has)).empty());
    wanted.policy.password->required = true;
    const auto steps = planSettings(wanted, withPolicy(has));
    QCOMPARE(text(steps), QStringList{u"mailboxPolicyChange Default id 1100"_s});
    const auto& change = std::get<MailboxPolicyChange>(steps[0].write);
    QVERIFY(change.settings.password == wanted.policy.password); // every value of it
    QVERIFY(!change.settings.security && !change.settings.general);
    QVERIFY(!change.allowExternalDeviceManagement);
    // Not known what it has: everything that is configured.
    const auto unknown = planSettings(wanted, withPolicy(std::nullopt));
    QVERIFY(std::get<MailboxPolicyChange>(unknown.at(0).write).settings == wanted.policy);
}

void SettingsPlanTest::policyIsCreatedOnlyWhenNoneIsThere()
{
    ConnectorSettings wanted;
    QVERIFY(planSettings(wanted, having({})).empty());
    wanted.policy.general.emplace();
    auto steps = planSettings(wanted, having({}));
    QCOMPARE(text(steps), QStringList{u"mailboxPolicyCreate Default 1100"_s});
    QVERIFY(std::get<MailboxPolicyCreate>(steps[0].write).isDefault);
    ExchangeState present = having({});
    MailboxPolicy other;
    other.name = u"DEFAULT"_s;
    present.policies = {other};
    steps = planSettings(wanted, present);
    QCOMPARE(text(steps), QStringList{u"mailboxPolicyCreate Postern Default 1100"_s});
}

void SettingsPlanTest::externalManagementIsWrittenOnce()
{
    ConnectorSettings wanted;
    wanted.allowExternalDeviceManagement = true;
    ExchangeState present = withPolicy(std::nullopt);
    const auto steps = planSettings(wanted, present);
    QVERIFY(std::get<MailboxPolicyChange>(steps.at(0).write).allowExternalDeviceManagement);
    present.externalDeviceManagementSet = true;
    QVERIFY(planSettings(wanted, present).empty());
}

} // namespace postern::enforce

QTEST_APPLESS_MAIN(postern::enforce::SettingsPlanTest)
#include "tst_settings_plan.moc"

// CAP-60 over every combination of its inputs, against the order written out a second time as the
// specification has it, plus named rows for the consequences of CAP-61.
#include <QTest>

#include "services/policy/ExchangeAccessOrder.h"

using namespace postern;
using namespace postern::policy;
using namespace Qt::StringLiterals;

namespace {

AccessInputs combination(int bits, AccessLevel level)
{
    AccessInputs in;
    in.authenticated = bits & 1;
    in.easEnabled = bits & 2;
    in.mailboxPolicyMet = bits & 4;
    in.personallyBlocked = bits & 8;
    in.personallyAllowed = bits & 16;
    in.blockRuleMatches = bits & 32;
    in.quarantineRuleMatches = bits & 64;
    in.allowRuleMatches = bits & 128;
    in.defaultLevel = level;
    return in;
}

// The text of CAP-60, sentence by sentence.
int expectedStep(const AccessInputs& in)
{
    return !in.authenticated       ? 1
        : !in.easEnabled           ? 2
        : !in.mailboxPolicyMet     ? 3
        : in.personallyBlocked     ? 4
        : in.personallyAllowed     ? 5
        : in.blockRuleMatches      ? 6
        : in.quarantineRuleMatches ? 7
        : in.allowRuleMatches      ? 8
                                   : 9;
}

AccessAnswer expectedAnswer(int step, AccessLevel level)
{
    using enum AccessAnswer;
    static constexpr AccessAnswer fixed[]
        = {Challenge, Refused, Block, Block, Allow, Block, Quarantine, Allow};
    if (step < 9)
        return fixed[step - 1];
    return level == AccessLevel::Allow ? Allow : level == AccessLevel::Block ? Block : Quarantine;
}

AccessStateReason expectedReason(int step)
{
    using enum AccessStateReason;
    static constexpr AccessStateReason reasons[]
        = {None, None, ExchangeMailboxPolicy, ExchangeIndividualRule, ExchangeIndividualRule,
            ExchangeDeviceRule, ExchangeDeviceRule, ExchangeDeviceRule, ExchangeGlobalRule};
    return reasons[step - 1];
}

AccessState stateOf(AccessAnswer answer)
{
    switch (answer) {
    case AccessAnswer::Allow:
        return AccessState::Allowed;
    case AccessAnswer::Quarantine:
        return AccessState::Quarantined;
    case AccessAnswer::Block:
        return AccessState::Blocked;
    default:
        return AccessState::NotSeen;
    }
}

Partnership phone()
{
    Partnership p;
    p.easDeviceId = EasDeviceId(u"Appl-C39"_s);
    p.deviceType = u"iPhone"_s;
    p.deviceModel = u"iPhone14C2"_s;
    p.deviceOS = u"iOS 16.5 20F66"_s;
    p.userAgent = u"Apple-iPhone14C2/2006.66"_s;
    return p;
}

AccessRule rule(AccessRuleCharacteristic characteristic, const QString& query, AccessLevel level)
{
    AccessRule r;
    r.characteristic = characteristic;
    r.query = query;
    r.level = level;
    return r;
}

} // namespace

class TestExchangeAccessOrder : public QObject
{
    Q_OBJECT
private slots:
    void everyCombination();
    void personalEntriesIgnoreTheDefault();
    void ruleMatchesExactly_data();
    void ruleMatchesExactly();
    void gathersInputs();
};

void TestExchangeAccessOrder::everyCombination()
{
    int seen = 0;
    for (const AccessLevel level : {AccessLevel::Allow, AccessLevel::Block, AccessLevel::Quarantine}) {
        for (int bits = 0; bits < 256; ++bits) {
            const AccessInputs in = combination(bits, level);
            const AccessVerdict verdict = exchangeAccess(in);
            const int step = expectedStep(in);
            QCOMPARE(verdict.step, step);
            QCOMPARE(verdict.answer, expectedAnswer(step, level));
            QCOMPARE(verdict.state, stateOf(verdict.answer));
            QCOMPARE(verdict.reason, expectedReason(step));
            ++seen;
        }
    }
    QCOMPARE(seen, 768);
}

// CAP-61: changing the default does not touch a phone with a personal entry, and allowing cannot mend a
// policy failure.
void TestExchangeAccessOrder::personalEntriesIgnoreTheDefault()
{
    for (const AccessLevel level : {AccessLevel::Allow, AccessLevel::Block, AccessLevel::Quarantine}) {
        AccessInputs in;
        in.defaultLevel = level;
        in.personallyAllowed = true;
        in.blockRuleMatches = true;
        QCOMPARE(exchangeAccess(in).answer, AccessAnswer::Allow);
        in.mailboxPolicyMet = false;
        QCOMPARE(exchangeAccess(in).reason, AccessStateReason::ExchangeMailboxPolicy);
    }
}

void TestExchangeAccessOrder::ruleMatchesExactly_data()
{
    using enum AccessRuleCharacteristic;
    QTest::addColumn<AccessRule>("accessRule");
    QTest::addColumn<bool>("matches");
    QTest::newRow("type") << rule(DeviceType, u"iPhone"_s, AccessLevel::Block) << true;
    QTest::newRow("case") << rule(DeviceType, u"IPHONE"_s, AccessLevel::Block) << true;
    QTest::newRow("prefix only") << rule(DeviceType, u"iPhon"_s, AccessLevel::Block) << false;
    QTest::newRow("wildcard is literal") << rule(DeviceType, u"iPhone*"_s, AccessLevel::Block) << false;
    QTest::newRow("model") << rule(DeviceModel, u"iphone14c2"_s, AccessLevel::Block) << true;
    QTest::newRow("type is not model") << rule(DeviceModel, u"iPhone"_s, AccessLevel::Block) << false;
    QTest::newRow("os") << rule(DeviceOS, u"iOS 16.5 20F66"_s, AccessLevel::Block) << true;
    QTest::newRow("agent") << rule(UserAgent, u"Apple-iPhone14C2/2006.66"_s, AccessLevel::Block) << true;
    QTest::newRow("header unknown") << rule(XmsWlHeader, u"iPhone"_s, AccessLevel::Block) << false;
    QTest::newRow("empty query") << rule(DeviceType, QString(), AccessLevel::Block) << false;
    QTest::newRow("empty query, unknown fact") << rule(XmsWlHeader, QString(), AccessLevel::Block) << false;
}

void TestExchangeAccessOrder::ruleMatchesExactly()
{
    QFETCH(AccessRule, accessRule);
    QTEST(ruleMatches(accessRule, phone()), "matches");
}

void TestExchangeAccessOrder::gathersInputs()
{
    Mailbox mailbox;
    mailbox.easEnabled = false;
    mailbox.allowedIds = {u"other"_s, u"{APPLC39}"_s};
    OrganizationSettings settings;
    settings.defaultAccessLevel = AccessLevel::Quarantine;
    const std::vector<AccessRule> rules{
        rule(AccessRuleCharacteristic::DeviceType, u"iPhone"_s, AccessLevel::Allow),
        rule(AccessRuleCharacteristic::DeviceModel, u"iPhone14C2"_s, AccessLevel::Block),
        rule(AccessRuleCharacteristic::DeviceModel, u"Pixel"_s, AccessLevel::Quarantine),
    };
    AccessInputs expected;
    expected.easEnabled = false;
    expected.personallyAllowed = true;
    expected.allowRuleMatches = true;
    expected.blockRuleMatches = true;
    expected.defaultLevel = AccessLevel::Quarantine;
    expected.mailboxPolicyMet = false;
    QCOMPARE(accessInputs(phone(), mailbox, rules, settings, false), expected);
}

QTEST_APPLESS_MAIN(TestExchangeAccessOrder)
#include "tst_exchangeaccessorder.moc"

// DEC-41: every row with a positive and its nearest negative, and every combination of inputs against the
// table read a second time, sentence by sentence, as the specification prints it. TRP-03 to TRP-08 by name.
#include <QTest>
#include <functional>
#include <random>

#include "services/policy/Decision.h"

using namespace postern;
using namespace postern::policy;
using namespace Qt::StringLiterals;

namespace {

using Change = std::function<void(DecisionInputs&)>;

// Targeted, licensed, enrolled, registered, activated and compliant: reaches DEC-28, whatever is changed
// leaves it.
DecisionInputs good()
{
    DecisionInputs in;
    in.policyOn = true;
    in.targeted = true;
    in.platform = DevicePlatform::IOS;
    in.licensed = in.managed = in.registered = in.activated = Known::Yes;
    in.compliance = Compliance::Compliant;
    return in;
}

DecisionInputs with(const Change& change)
{
    DecisionInputs in = good();
    change(in);
    return in;
}

// The specification's table, read aloud.
Row literal(const DecisionInputs& in)
{
    AccessInputs alone = in.exchange;
    alone.personallyAllowed = alone.personallyBlocked = false;
    const bool allows = exchangeAccess(alone).answer == AccessAnswer::Allow;
    const bool pc = in.platform == DevicePlatform::Windows || in.platform == DevicePlatform::WindowsPhone;
    const bool plainAndroid
        = in.platform == DevicePlatform::Android || in.platform == DevicePlatform::AndroidWork;
    if (!in.policyOn)
        return Row::Dec01;
    if (!in.seen)
        return Row::Dec02;
    if (!in.exchange.easEnabled)
        return Row::Dec03;
    if (!in.exchange.mailboxPolicyMet)
        return Row::Dec04;
    if (in.discovering)
        return Row::Dec05;
    if (in.wipePending)
        return Row::Dec06;
    if (in.exemption != Exemption::None)
        return in.exemption == Exemption::Block ? Row::Dec07 : Row::Dec11;
    if (in.exempted)
        return allows ? Row::Dec08 : in.guaranteeExempt ? Row::Dec09 : Row::Dec10;
    if (!in.targeted)
        return Row::Dec12;
    if (in.licensed != Known::Yes)
        return in.licensed == Known::No ? Row::Dec13 : Row::Dec00;
    if (!in.platformSupported)
        return Row::Dec14;
    if (in.client != ClientType::Eas)
        return Row::Dec15;
    if (in.managed != Known::Yes)
        return in.managed == Known::No ? Row::Dec16 : Row::Dec00;
    if (in.registered != Known::Yes)
        return in.registered == Known::No ? Row::Dec17 : Row::Dec00;
    if (!pc && in.activated != Known::Yes) {
        if (in.activated == Known::Unknown)
            return Row::Dec00;
        return plainAndroid ? Row::Dec20 : in.enrolledWithinHold ? Row::Dec18 : Row::Dec19;
    }
    Compliance compliance = in.compliance;
    if (!in.policyDeployed)
        compliance = in.noPolicyIsNonCompliant ? Compliance::NonCompliant : Compliance::Compliant;
    switch (compliance) {
    case Compliance::NonCompliant:
        return Row::Dec22;
    case Compliance::Error:
    case Compliance::Conflict:
        return Row::Dec23;
    case Compliance::Unknown:
        return in.complianceWithinHold ? Row::Dec24 : Row::Dec25;
    case Compliance::ConfigManager:
        return Row::Dec00;
    case Compliance::Compliant:
    case Compliance::InGracePeriod:
        break;
    }
    return allows ? Row::Dec28 : in.overrideDefault ? Row::Dec29 : Row::Dec30;
}

Row expectedRow(const DecisionInputs& in)
{
    const Row row = literal(in);
    const bool blocks = row >= Row::Dec16 && row <= Row::Dec25 && row != Row::Dec18 && row != Row::Dec24;
    return blocks && !in.connectorUsable && !in.posternBlocked ? Row::Dec00 : row;
}

template <class E> E pick(std::mt19937& dice, int count)
{
    return E(dice() % unsigned(count));
}

DecisionInputs random(std::mt19937& dice)
{
    const auto coin = [&dice] { return dice() % 2 == 0; };
    const auto mostly = [&dice] { return dice() % 8 != 0; }; // so that the rows far below are reached
    DecisionInputs in;
    in.policyOn = mostly();
    in.connectorUsable = mostly();
    in.seen = mostly();
    in.discovering = !mostly();
    in.wipePending = !mostly();
    in.exemption = mostly() ? Exemption::None : pick<Exemption>(dice, 3);
    in.exempted = !mostly();
    in.guaranteeExempt = coin();
    in.targeted = mostly();
    in.licensed = mostly() ? Known::Yes : pick<Known>(dice, 3);
    in.client = mostly() ? ClientType::Eas : pick<ClientType>(dice, 6);
    in.platform = pick<DevicePlatform>(dice, 8);
    in.platformSupported = mostly();
    in.managed = mostly() ? Known::Yes : pick<Known>(dice, 3);
    in.registered = mostly() ? Known::Yes : pick<Known>(dice, 3);
    in.activated = coin() ? Known::Yes : pick<Known>(dice, 3);
    in.enrolledWithinHold = coin();
    in.compliance = pick<Compliance>(dice, 7);
    in.complianceWithinHold = coin();
    in.policyDeployed = mostly();
    in.noPolicyIsNonCompliant = coin();
    in.overrideDefault = coin();
    in.retired = coin();
    in.domainJoined = coin();
    in.posternBlocked = coin();
    in.posternAllowed = coin();
    in.exchange.easEnabled = mostly();
    in.exchange.mailboxPolicyMet = mostly();
    in.exchange.personallyBlocked = !mostly();
    in.exchange.personallyAllowed = !mostly();
    in.exchange.blockRuleMatches = !mostly();
    in.exchange.quarantineRuleMatches = !mostly();
    in.exchange.allowRuleMatches = !mostly();
    in.exchange.defaultLevel = pick<AccessLevel>(dice, 3);
    return in;
}

const Change quarantine = [](DecisionInputs& in) { in.exchange.defaultLevel = AccessLevel::Quarantine; };

} // namespace

Q_DECLARE_METATYPE(postern::policy::DecisionInputs)

class TestDecision : public QObject
{
    Q_OBJECT
private slots:
    void rows_data();
    void rows();
    void everyCombination();
    void expectedStateIsExchanges();
    void defaultRuleTimesOverride_data();
    void defaultRuleTimesOverride();
    void modifiers();
    void nothingUnknownBlocks();
    void traps();
    void everyRowHasText();
};

void TestDecision::rows_data()
{
    QTest::addColumn<DecisionInputs>("hit");
    QTest::addColumn<DecisionInputs>("neighbour");
    QTest::addColumn<QString>("row");
    QTest::addColumn<int>("intent");
    const auto add = [](const char* row, Intent intent, const Change& hit, const Change& neighbour) {
        QTest::newRow(row) << with(hit) << with([&](DecisionInputs& in) {
            hit(in);
            neighbour(in);
        }) << QString::fromLatin1(row)
                           << int(intent);
    };
    using In = DecisionInputs;
    using enum Intent;
    add(
        "DEC-01", Clear, [](In& in) { in.policyOn = false; }, [](In& in) { in.policyOn = true; });
    add(
        "DEC-02", NoChange, [](In& in) { in.seen = false; }, [](In& in) { in.seen = true; });
    add(
        "DEC-03", NoChange, [](In& in) { in.exchange.easEnabled = false; },
        [](In& in) { in.exchange.easEnabled = true; });
    add(
        "DEC-04", NoChange, [](In& in) { in.exchange.mailboxPolicyMet = false; },
        [](In& in) { in.exchange.mailboxPolicyMet = true; });
    add(
        "DEC-05", NoChange, [](In& in) { in.discovering = true; }, [](In& in) { in.discovering = false; });
    add(
        "DEC-06", NoChange, [](In& in) { in.wipePending = true; }, [](In& in) { in.wipePending = false; });
    add(
        "DEC-07", Block, [](In& in) { in.exemption = Exemption::Block; },
        [](In& in) { in.exemption = Exemption::Allow; });
    add(
        "DEC-11", Allow, [](In& in) { in.exemption = Exemption::Allow; },
        [](In& in) { in.exemption = Exemption::None; });
    add(
        "DEC-08", Clear, [](In& in) { in.exempted = true; }, quarantine);
    add(
        "DEC-09", Allow,
        [](In& in) {
            in.exempted = true;
            quarantine(in);
        },
        [](In& in) { in.guaranteeExempt = false; });
    add(
        "DEC-10", Clear,
        [](In& in) {
            in.exempted = true;
            in.guaranteeExempt = false;
            quarantine(in);
        },
        [](In& in) { in.exempted = false; });
    add(
        "DEC-12", Clear, [](In& in) { in.targeted = false; }, [](In& in) { in.targeted = true; });
    add(
        "DEC-13", Clear, [](In& in) { in.licensed = Known::No; },
        [](In& in) { in.licensed = Known::Unknown; });
    add(
        "DEC-14", Clear, [](In& in) { in.platformSupported = false; },
        [](In& in) { in.platformSupported = true; });
    add(
        "DEC-15", NoChange, [](In& in) { in.client = ClientType::Outlook; },
        [](In& in) { in.client = ClientType::Eas; });
    add(
        "DEC-16", Block, [](In& in) { in.managed = Known::No; }, [](In& in) { in.managed = Known::Unknown; });
    add(
        "DEC-17", Block, [](In& in) { in.registered = Known::No; },
        [](In& in) { in.registered = Known::Unknown; });
    add(
        "DEC-18", Hold,
        [](In& in) {
            in.activated = Known::No;
            in.enrolledWithinHold = true;
        },
        [](In& in) { in.enrolledWithinHold = false; });
    add(
        "DEC-19", Block, [](In& in) { in.activated = Known::No; },
        [](In& in) { in.platform = DevicePlatform::Android; });
    add(
        "DEC-20", Block,
        [](In& in) {
            in.activated = Known::No;
            in.enrolledWithinHold = true; // no hold for plain Android
            in.platform = DevicePlatform::Android;
        },
        [](In& in) { in.platform = DevicePlatform::AndroidKnox; });
    add(
        "DEC-22", Block, [](In& in) { in.compliance = Compliance::NonCompliant; },
        [](In& in) { in.compliance = Compliance::InGracePeriod; });
    add(
        "DEC-23", Block, [](In& in) { in.compliance = Compliance::Conflict; },
        [](In& in) { in.compliance = Compliance::NonCompliant; });
    add(
        "DEC-24", Hold,
        [](In& in) {
            in.compliance = Compliance::Unknown;
            in.complianceWithinHold = true;
        },
        [](In& in) { in.complianceWithinHold = false; });
    add(
        "DEC-25", Block, [](In& in) { in.compliance = Compliance::Unknown; },
        [](In& in) { in.compliance = Compliance::ConfigManager; });
    add(
        "DEC-28", Clear, [](In&) {}, quarantine);
    add(
        "DEC-29", Allow,
        [](In& in) {
            quarantine(in);
            in.overrideDefault = true;
        },
        [](In& in) { in.overrideDefault = false; });
    add("DEC-30", Clear, quarantine, [](In& in) { in.exchange.allowRuleMatches = true; });
}

void TestDecision::rows()
{
    QFETCH(DecisionInputs, hit);
    QFETCH(DecisionInputs, neighbour);
    QFETCH(QString, row);
    const Decision decision = decide(hit);
    QCOMPARE(enumText(decision.row).toString(), row);
    QTEST(int(decision.intent), "intent");
    QVERIFY(enumText(decide(neighbour).row) != row);
}

void TestDecision::everyCombination()
{
    std::mt19937 dice(1);
    QSet<int> reached;
    for (int i = 0; i < 3'000'000; ++i) {
        const DecisionInputs in = random(dice);
        const Decision decision = decide(in);
        if (decision.row != expectedRow(in))
            QFAIL(qPrintable(u"case %1: %2 instead of %3"_s.arg(i).arg(
                enumText(decision.row).toString(), enumText(expectedRow(in)).toString())));
        reached.insert(int(decision.row));
    }
    QCOMPARE(reached.size(), EnumTable<Row>::entries().size());
}

void TestDecision::expectedStateIsExchanges()
{
    std::mt19937 dice(2);
    for (int i = 0; i < 500'000; ++i) {
        const DecisionInputs in = random(dice);
        const Decision decision = decide(in);
        if (!in.seen || !in.exchange.easEnabled || in.discovering)
            continue;
        const bool keeps = decision.intent == Intent::NoChange || decision.intent == Intent::Hold;
        AccessInputs lists = in.exchange;
        lists.personallyBlocked |= decision.intent == Intent::Block || (keeps && in.posternBlocked);
        lists.personallyAllowed |= decision.intent == Intent::Allow || (keeps && in.posternAllowed);
        QCOMPARE(decision.expected, exchangeAccess(lists).state);
        if (decision.intent == Intent::Block)
            QCOMPARE(decision.expected, AccessState::Blocked);
    }
}

void TestDecision::defaultRuleTimesOverride_data()
{
    QTest::addColumn<int>("level");
    QTest::addColumn<bool>("overriding");
    QTest::addColumn<int>("intent");
    QTest::addColumn<int>("state");
    using enum AccessState;
    QTest::newRow("allow, off") << int(AccessLevel::Allow) << false << int(Intent::Clear) << int(Allowed);
    QTest::newRow("allow, on") << int(AccessLevel::Allow) << true << int(Intent::Clear) << int(Allowed);
    QTest::newRow("quarantine, off") << int(AccessLevel::Quarantine) << false << int(Intent::Clear)
                                     << int(Quarantined);
    QTest::newRow("quarantine, on") << int(AccessLevel::Quarantine) << true << int(Intent::Allow)
                                    << int(Allowed);
    QTest::newRow("block, off") << int(AccessLevel::Block) << false << int(Intent::Clear) << int(Blocked);
    QTest::newRow("block, on") << int(AccessLevel::Block) << true << int(Intent::Allow) << int(Allowed);
}

void TestDecision::defaultRuleTimesOverride()
{
    QFETCH(int, level);
    QFETCH(bool, overriding);
    const Decision decision = decide(with([&](DecisionInputs& in) {
        in.exchange.defaultLevel = AccessLevel(level);
        in.overrideDefault = overriding;
    }));
    QTEST(int(decision.intent), "intent");
    QTEST(int(decision.expected), "state");
}

void TestDecision::modifiers()
{
    using In = DecisionInputs;
    const auto has
        = [](Modifier modifier, const Change& change) { return decide(with(change)).has(modifier); };
    QVERIFY(has(Modifier::Dec21, [](In& in) {
        in.platform = DevicePlatform::Windows;
        in.activated = Known::No;
    }));
    QVERIFY(!has(Modifier::Dec21, [](In&) {}));
    QVERIFY(has(Modifier::Dec26, [](In& in) { in.compliance = Compliance::InGracePeriod; }));
    QVERIFY(has(Modifier::Dec27, [](In& in) { in.policyDeployed = false; }));
    const Change denied = [](In& in) { in.managed = Known::No; };
    QVERIFY(!has(Modifier::Dec31, denied));
    QVERIFY(has(Modifier::Dec31, [&](In& in) {
        denied(in);
        in.exchange.personallyAllowed = true;
    }));
    QVERIFY(has(Modifier::Dec32, [&](In& in) {
        denied(in);
        in.exchange.allowRuleMatches = true;
    }));
    QVERIFY(has(Modifier::Dec33, [&](In& in) {
        denied(in);
        in.platform = DevicePlatform::Windows;
        in.domainJoined = true;
    }));
    QVERIFY(has(Modifier::Dec34, [&](In& in) {
        denied(in);
        in.retired = true;
    }));
    QVERIFY(!has(Modifier::Dec34, [](In& in) { in.retired = true; }));
    QCOMPARE(decide(with([](In& in) { in.compliance = Compliance::InGracePeriod; })).message, Message::Grace);
}

// Whatever is not known, and whatever the connector does not tell any more, blocks nobody new.
void TestDecision::nothingUnknownBlocks()
{
    std::mt19937 dice(3);
    int held = 0;
    for (int i = 0; i < 500'000; ++i) {
        DecisionInputs in = random(dice);
        in.posternBlocked = false;
        in.exemption = Exemption::None;
        Known* const fields[] = {&in.licensed, &in.managed, &in.registered};
        *fields[dice() % 3] = Known::Unknown;
        const Decision decision = decide(in);
        // A fact above the unknown one may still say no by itself.
        const bool certain = decision.row == Row::Dec16 || decision.row == Row::Dec17;
        QVERIFY(decision.intent != Intent::Block || (certain && in.connectorUsable));
        held += decision.intent == Intent::Hold;
        in.connectorUsable = false;
        QVERIFY(decide(in).intent != Intent::Block);
    }
    QVERIFY(held > 1000);
}

void TestDecision::traps()
{
    using In = DecisionInputs;
    const Change bad = [](In& in) { in.compliance = Compliance::NonCompliant; };
    QVERIFY(decide(with([&](In& in) { // TRP-03
        bad(in);
        in.licensed = Known::No;
    }))
                .intent
        != Intent::Block);
    const Decision exempt = decide(with([&](In& in) { // TRP-04
        bad(in);
        in.exempted = true;
        in.exchange.blockRuleMatches = true;
    }));
    QCOMPARE(exempt.expected, AccessState::Allowed);
    const Decision denied
        = decide(with([](In& in) { in.exchange.defaultLevel = AccessLevel::Block; })); // TRP-05
    QCOMPARE(denied.expected, AccessState::Blocked);
    QCOMPARE(denied.reason, AccessStateReason::ExchangeGlobalRule);
    QCOMPARE(decide(with([](In& in) { // TRP-06
        in.policyDeployed = false;
        in.managed = Known::No;
    }))
                 .row,
        Row::Dec16);
    QCOMPARE(decide(with([](In& in) { // TRP-08
        in.platform = DevicePlatform::WindowsPhone;
        in.activated = Known::No;
    }))
                 .row,
        Row::Dec28);
}

void TestDecision::everyRowHasText()
{
    for (const DecisionRow& row : decisionRows())
        QVERIFY(enumText(row.row).startsWith(u"DEC-"_s));
}

QTEST_APPLESS_MAIN(TestDecision)
#include "tst_decision.moc"

// The end must not depend on what went wrong on the way: each call of Exchange fails in turn, each answer is
// lost in turn, and the process dies at each statement of the journal in turn. Exchange and the journal end
// as after a run without faults, and no write is done twice.
#include <QTest>

#include "services/enforce/SettingsPlan.h"
#include "tests/services/enforce/EnforceFixture.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

using sync::test::FakeEstate;
using test::EnforceFixture;

namespace {

FakeEstate estate()
{
    FakeEstate estate = FakeEstate::make(6);
    estate.blockedIds[1] = QStringList{u"THEIRS"_s};
    estate.blockedIds[2] = QStringList{u"THEIRS"_s};
    estate.allowedIds[3] = QStringList{u"VIP"_s};
    return estate;
}

QString enumName(ErrorCode code)
{
    Error error;
    error.code = code;
    return error.toLogText();
}

// One of each kind that changes access, some of it there already as somebody else's.
void planAll(EnforceFixture& fixture)
{
    OrganizationWrite settings;
    settings.settings.defaultAccessLevel = AccessLevel::Quarantine;
    const AccessRule rule{{}, AccessRuleCharacteristic::DeviceModel, u"iPhone 4"_s, AccessLevel::Block, {}};
    const QString phone = sync::test::partnershipOf(fixture.organization.estate.phones[4]).deviceIdentity;
    (void)fixture.plan({fixture.block(1, {u"THEIRS"_s, u"OURS"_s}), fixture.block(2, {u"A"_s, u"B"_s}),
        fixture.allow(3, {u"C"_s}), fixture.block(4, {u"D"_s}),
        EnforceFixture::other(settings, stages::settingsTake),
        EnforceFixture::other(AccessRuleCreate{rule}, stages::settingsTake + 1),
        EnforceFixture::other(EnforceFixture::wipeOf(phone), stages::device)});
}

struct End
{
    QStringList exchange, entries, states;
    int calls = 0, statements = 0;
};

End undisturbed()
{
    EnforceFixture fixture(estate());
    planAll(fixture);
    fixture.countStatements();
    const bool whole = fixture.applyAll(1);
    End end{fixture.estateText(), fixture.entries(), fixture.states(), fixture.organization.calls,
        fixture.statementsRun()};
    if (!whole)
        qFatal("the run without faults did not end");
    return end;
}

// A write that takes effect twice would show here: each was needed when it came.
QStringList textsOf(const std::vector<ExchangeWrite>& applied)
{
    QStringList texts;
    for (const ExchangeWrite& write : applied)
        texts << QString::fromUtf8(toJson(write));
    return texts;
}

bool repeatsAnything(const std::vector<ExchangeWrite>& applied)
{
    return textsOf(applied).removeDuplicates() > 0;
}

} // namespace

class ApplyFaultsTest : public QObject
{
    Q_OBJECT
private slots:
    void everyCallFails_data();
    void everyCallFails();
    void everyAnswerIsLost();
    void diesAtEveryStatement();
    void diesAtEveryStatementWithLostAnswers();

private:
    void compare(EnforceFixture& fixture, const End& wanted, const QString& where);
};

void ApplyFaultsTest::compare(EnforceFixture& fixture, const End& wanted, const QString& where)
{
    QVERIFY2(fixture.estateText() == wanted.exchange,
        qPrintable(where + u'\n' + fixture.estateText().join(u'\n')));
    QVERIFY2(fixture.entries() == wanted.entries, qPrintable(where + u'\n' + fixture.entries().join(u'\n')));
    QVERIFY2(fixture.states() == wanted.states, qPrintable(where + u'\n' + fixture.states().join(u'\n')));
    QVERIFY2(!repeatsAnything(fixture.organization.applied),
        qPrintable(where + u'\n' + textsOf(fixture.organization.applied).join(u'\n')));
}

void ApplyFaultsTest::everyCallFails_data()
{
    QTest::addColumn<ErrorCode>("code");
    for (const ErrorCode code : {ErrorCode::SessionLost, ErrorCode::ConnectionLost, ErrorCode::Timeout,
             ErrorCode::ServerBusy, ErrorCode::Malformed, ErrorCode::AuthenticationFailed})
        QTest::newRow(qPrintable(enumName(code))) << code;
}

void ApplyFaultsTest::everyCallFails()
{
    QFETCH(const ErrorCode, code);
    const End wanted = undisturbed();
    QVERIFY(wanted.calls > 14);
    for (int call = 1; call <= wanted.calls; ++call) {
        EnforceFixture fixture(estate());
        planAll(fixture);
        fixture.organization.faults.emplace(
            call, Error{code, u"a fault"_s, u"the test"_s, std::chrono::milliseconds(0)});
        QVERIFY2(
            fixture.applyAll(), qPrintable(u"call %1: %2"_s.arg(call).arg(fixture.states().join(u'\n'))));
        compare(fixture, wanted, u"call %1"_s.arg(call));
    }
}

void ApplyFaultsTest::everyAnswerIsLost()
{
    const End wanted = undisturbed();
    for (int call = 1; call <= wanted.calls; ++call) {
        EnforceFixture fixture(estate());
        planAll(fixture);
        fixture.organization.losesAnswers.insert(call);
        QVERIFY2(fixture.applyAll(), qPrintable(u"call %1"_s.arg(call)));
        compare(fixture, wanted, u"answer %1"_s.arg(call));
    }
}

void ApplyFaultsTest::diesAtEveryStatement()
{
    const End wanted = undisturbed();
    QVERIFY(wanted.statements > 40);
    for (int statement = 0; statement < wanted.statements; ++statement) {
        EnforceFixture fixture(estate());
        planAll(fixture);
        fixture.dieAfter(statement);
        (void)fixture.apply();
        fixture.revive();
        QVERIFY2(fixture.applyAll(),
            qPrintable(u"statement %1: %2"_s.arg(statement).arg(fixture.states().join(u'\n'))));
        compare(fixture, wanted, u"statement %1"_s.arg(statement));
    }
}

// The worst of both: Exchange did it, the answer was lost, and the process died before it could look.
void ApplyFaultsTest::diesAtEveryStatementWithLostAnswers()
{
    const End wanted = undisturbed();
    for (int statement = 0; statement < wanted.statements; statement += 3) {
        EnforceFixture fixture(estate());
        planAll(fixture);
        for (int call = 1; call <= wanted.calls; ++call)
            fixture.organization.losesAnswers.insert(call);
        fixture.dieAfter(statement);
        (void)fixture.apply();
        fixture.revive();
        QVERIFY2(fixture.applyAll(),
            qPrintable(u"statement %1: %2"_s.arg(statement).arg(fixture.states().join(u'\n'))));
        compare(fixture, wanted, u"statement %1"_s.arg(statement));
    }
}

} // namespace postern::enforce

QTEST_GUILESS_MAIN(postern::enforce::ApplyFaultsTest)
#include "tst_apply_faults.moc"

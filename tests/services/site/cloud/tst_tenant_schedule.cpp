// When a tenant is read: first run, schedule, polls, failures, people who have to sign in.
#include <QtTest>

#include "services/site/cloud/TenantSchedule.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::site;

Q_DECLARE_METATYPE(postern::site::TenantPace)

namespace {

const QDateTime noon(QDate(2026, 3, 2), QTime(12, 0), Qt::UTC);

Tenant running()
{
    Tenant tenant;
    tenant.state = TenantState::Connected;
    tenant.fullSchedule = u"1d@00:00"_s;
    tenant.pollSeconds = 60;
    tenant.lastSyncStart = noon.addSecs(-3600);
    return tenant;
}

TenantPace pace(int secondsSincePoll, int failures = 0, int secondsSinceFailure = 0)
{
    TenantPace result;
    result.lastPoll = noon.addSecs(-secondsSincePoll);
    result.failures = failures;
    if (failures > 0)
        result.failedAt = noon.addSecs(-secondsSinceFailure);
    return result;
}

TenantDue due(const Tenant& tenant, const TenantPace& of)
{
    return tenantDue(tenant, of, noon, QTimeZone::utc());
}

} // namespace

class TestTenantSchedule : public QObject
{
    Q_OBJECT
private slots:
    void firstRunAtOnce();
    void polls_data();
    void polls();
    void fullsComeBeforePolls();
    void askedFor();
    void failedFullIsTriedAgain();
    void switchedOff();
    void afterFailures_data();
    void afterFailures();
};

void TestTenantSchedule::firstRunAtOnce()
{
    Tenant fresh = running();
    fresh.lastSyncStart.reset();
    QCOMPARE(due(fresh, {}).run, TenantRun::Full);
    // A full that failed is no first run: nothing may be polled, and it is tried again.
    TenantPace failed;
    failed.failures = 1;
    failed.failedAt = noon.addSecs(-30);
    const TenantDue later = due(running(), failed);
    QCOMPARE(later, (TenantDue{TenantRun::None, noon.addSecs(30)}));
    failed.failedAt = noon.addSecs(-60);
    QCOMPARE(due(running(), failed).run, TenantRun::Full);
}

void TestTenantSchedule::polls_data()
{
    QTest::addColumn<int>("since");
    QTest::addColumn<int>("every");
    QTest::addColumn<int>("run");
    QTest::addColumn<int>("nextIn");
    QTest::newRow("not yet") << 59 << 60 << int(TenantRun::None) << 1;
    QTest::newRow("now") << 60 << 60 << int(TenantRun::Poll) << 0;
    QTest::newRow("late") << 600 << 60 << int(TenantRun::Poll) << -540;
    QTest::newRow("off: the full of midnight") << 600 << 0 << int(TenantRun::None) << 12 * 3600;
}

void TestTenantSchedule::polls()
{
    QFETCH(int, since);
    QFETCH(int, every);
    QFETCH(int, nextIn);
    Tenant tenant = running();
    tenant.pollSeconds = every;
    const TenantDue found = due(tenant, pace(since));
    QTEST(int(found.run), "run");
    QCOMPARE(*found.next, noon.addSecs(nextIn));
}

void TestTenantSchedule::fullsComeBeforePolls()
{
    Tenant tenant = running();
    tenant.lastSyncStart = noon.addDays(-3); // three midnights were missed: one run (CON-44)
    QCOMPARE(due(tenant, pace(600)).run, TenantRun::Full);
    tenant.lastSyncStart = noon;
    QCOMPARE(due(tenant, pace(600)).run, TenantRun::Poll);
    tenant.fullSchedule = u"nonsense"_s; // daily, then
    tenant.lastSyncStart = noon.addDays(-2);
    QCOMPARE(due(tenant, pace(600)).run, TenantRun::Full);
}

void TestTenantSchedule::askedFor()
{
    TenantPace asked = pace(1, 5, 1); // whatever failed before
    asked.requested = true;
    QCOMPARE(due(running(), asked).run, TenantRun::Full);
}

// Though polls go well meanwhile.
void TestTenantSchedule::failedFullIsTriedAgain()
{
    TenantPace failed = pace(600);
    failed.fullFailures = 2;
    failed.fullFailedAt = noon.addSecs(-299);
    QCOMPARE(due(running(), failed).run, TenantRun::Poll);
    failed.fullFailedAt = noon.addSecs(-300);
    QCOMPARE(due(running(), failed).run, TenantRun::Full);
}

void TestTenantSchedule::switchedOff()
{
    Tenant tenant = running();
    tenant.enabled = false;
    TenantPace asked = pace(600);
    asked.requested = true;
    QCOMPARE(due(tenant, asked), TenantDue());
    tenant.enabled = true;
    tenant.state = TenantState::Removing;
    QCOMPARE(due(tenant, asked), TenantDue());
}

void TestTenantSchedule::afterFailures_data()
{
    QTest::addColumn<int>("failures");
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("minutes"); // from the failure
    QTest::newRow("first") << 1 << int(TenantState::Degraded) << 1;
    QTest::newRow("second") << 2 << int(TenantState::Degraded) << 5;
    QTest::newRow("third") << 3 << int(TenantState::Degraded) << 15;
    QTest::newRow("many") << 9 << int(TenantState::Degraded) << 60;
    QTest::newRow("sign-in") << 1 << int(TenantState::SignInRequired) << 60;
    QTest::newRow("consent") << 1 << int(TenantState::ConsentRequired) << 60;
}

void TestTenantSchedule::afterFailures()
{
    QFETCH(int, failures);
    QFETCH(int, state);
    QFETCH(int, minutes);
    Tenant tenant = running();
    tenant.state = TenantState(state);
    QCOMPARE(due(tenant, pace(6000, failures, minutes * 60 - 1)).run, TenantRun::None);
    QCOMPARE(due(tenant, pace(6000, failures, minutes * 60)).run, TenantRun::Poll);
}

QTEST_APPLESS_MAIN(TestTenantSchedule)
#include "tst_tenant_schedule.moc"

// CON-46 over the wire: an organisation whose throttling policy limits PowerShell, and one that refuses
// filters by time. The synchronisation lives with both: it ends complete and true, later.
#include <QElapsedTimer>
#include <QTest>

#include "tests/integration/sync/LabSite.h"
#include "tests/integration/sync/LabTruth.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using postern::test::RunningLab;
using namespace Qt::StringLiterals;

namespace {

int violations(RunningLab& lab, const QString& what)
{
    return lab.state()["violations"_L1].toObject()[what].toInt();
}

int statisticsAsked(RunningLab& lab)
{
    return lab.state()["commands"_L1].toObject()[u"Get-MobileDeviceStatistics"_s].toInt();
}

bool isTrue(LabSite& site, RunningLab& lab)
{
    const QStringList have = storedRows(site.site), want = trueRows(lab.truth());
    if (have != want)
        qWarning("%s", qPrintable(differences(have, want)));
    return have == want;
}

} // namespace

class TestThrottling : public QObject
{
    Q_OBJECT
private slots:
    void policies_data();
    void policies();
    void refusedFilter_data();
    void refusedFilter();
};

void TestThrottling::policies_data()
{
    QTest::addColumn<QString>("policy");
    QTest::addColumn<int>("leastSeconds");
    // 60 users are some 60 statistics and a dozen other cmdlets.
    QTest::newRow("slowed down") << u"exchangeCmdlets=30,cmdlets=1000,period=2"_s << 0;
    QTest::newRow("refused") << u"cmdlets=20,period=1"_s << 3;
    QTest::newRow("slowed down, then refused") << u"exchangeCmdlets=10,cmdlets=20,period=1"_s << 3;
    QTest::newRow("few sessions") << u"concurrency=1"_s << 0;
    QTest::newRow("few new sessions") << u"runspaces=2,runspacePeriod=2"_s << 0;
    QTest::newRow("as published") << u"published"_s << 0;
}

void TestThrottling::policies()
{
    QFETCH(QString, policy);
    QFETCH(int, leastSeconds);
    RunningLab lab(
        {u"--users"_s, u"60"_s, u"--time-scale"_s, u"0"_s, u"--seed"_s, u"7"_s, u"--throttling"_s, policy});
    lab.connectAll();
    Connector connector = lab.connector();
    connector.parallelSessions = 4;
    LabSite site(connector, lab.password());
    site.site.clock.time = lab.now();
    QElapsedTimer timer;
    timer.start();
    const SyncOutcome full = site.sync();
    QVERIFY2(full.complete, full.error ? qPrintable(full.error->toLogText()) : "");
    QVERIFY(isTrue(site, lab));
    QCOMPARE(full.counts.notRead, 0);
    QVERIFY2(timer.elapsed() >= 1000 * leastSeconds, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(timer.elapsed() < 60'000);
    // What it was told once it obeys: the server had to say so a few times only.
    QVERIFY2(violations(lab, u"cmdletQuota"_s) < 40,
        qPrintable(QString::number(violations(lab, u"cmdletQuota"_s))));
    QVERIFY(lab.change(7) > 5);
    const SyncOutcome delta = site.delta();
    QVERIFY2(delta.complete, delta.error ? qPrintable(delta.error->toLogText()) : "");
    QVERIFY(isTrue(site, lab));
}

void TestThrottling::refusedFilter_data()
{
    QTest::addColumn<QString>("cmdlet");
    for (const auto* cmdlet : {"Get-MobileDevice", "Get-CASMailbox", "Get-User", "*"})
        QTest::newRow(cmdlet) << QString::fromLatin1(cmdlet);
}

// SYN-03 where the server does not filter by WhenChangedUTC: the whole list is read, and only what changed
// counts.
void TestThrottling::refusedFilter()
{
    QFETCH(QString, cmdlet);
    RunningLab lab({u"--users"_s, u"60"_s, u"--time-scale"_s, u"0"_s, u"--seed"_s, u"7"_s});
    lab.connectAll();
    LabSite site(lab.connector(), lab.password());
    site.site.clock.time = lab.now();
    QVERIFY(site.sync().complete);
    const int ofFull = statisticsAsked(lab);
    const int changed = lab.change(12);
    QVERIFY(changed > 4);
    lab.setFaults({QJsonObject{{u"kind"_s, u"filterRefused"_s}, {u"cmdlet"_s, cmdlet}}});
    const SyncOutcome outcome = site.delta();
    QVERIFY2(outcome.complete, outcome.error ? qPrintable(outcome.error->toLogText()) : "");
    QVERIFY(isTrue(site, lab));
    QVERIFY(lab.faults().at(0)["fired"_L1].toInt() > 0);
    QVERIFY(outcome.counts.changed >= changed / 2);
    const int ofDelta = statisticsAsked(lab) - ofFull;
    QVERIFY2(ofDelta < ofFull / 2, qPrintable(u"%1 of %2"_s.arg(ofDelta).arg(ofFull)));
}

QTEST_GUILESS_MAIN(TestThrottling)
#include "tst_throttling.moc"

// Every step of a full and of a delta synchronisation times every fault of the lab, over the real protocols.
// The fault waits until the step's cmdlet has begun and then meets the next answer (or that cmdlet's next
// call). Whatever it does to the run, afterwards
//   - no partnership is lost: none was removed in Exchange, so none may be missing here (SYN-05);
//   - nothing shown is invented: each row is as it was before the run or as the truth is now;
//   - the watermark moved to the run's start exactly when the run was complete (SYN-04);
//   - a run that was not complete says why;
//   - the next run without faults is complete and shows the truth, with a watermark not later than what it
//   read.
#include <QTest>

#include "tests/integration/sync/LabSite.h"
#include "tests/integration/sync/LabTruth.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using postern::test::RunningLab;
using namespace Qt::StringLiterals;

namespace {

enum class Where {
    Answer, // of HTTP: counted from the step's first cmdlet on
    Cmdlet // a call of the step's cmdlet itself
};

struct Fault
{
    const char* kind;
    Where where;
};

// mailboxError, objectBroken and filterRefused only mean something to some cmdlets; they are harmless to the
// rest.
constexpr Fault faults[] = {{"429", Where::Answer}, {"503", Where::Answer}, {"cut", Where::Answer},
    {"slow", Where::Answer}, {"stall", Where::Answer}, {"truncate", Where::Answer},
    {"htmlAs200", Where::Answer}, {"unauthorized", Where::Answer}, {"shellLost", Where::Answer},
    {"malformedFragment", Where::Answer}, {"loadQuota", Where::Answer}, {"serverDown", Where::Answer},
    {"throttlingPolicy", Where::Answer}, {"missingCmdlet", Where::Cmdlet}, {"denied", Where::Cmdlet},
    {"microDelay", Where::Cmdlet}, {"objectBroken", Where::Cmdlet}, {"mailboxError", Where::Cmdlet},
    {"hostCall", Where::Cmdlet}, {"hostWrite", Where::Cmdlet}, {"filterRefused", Where::Cmdlet},
    {"localeIgnored", Where::Cmdlet}, {"textValues", Where::Cmdlet}};

constexpr const char* fullSteps[] = {"Set-ADServerSettings", "Get-ExchangeServer",
    "Get-ActiveSyncOrganizationSettings", "Get-ActiveSyncDeviceAccessRule", "Get-MobileDeviceMailboxPolicy",
    "Get-CASMailbox", "Get-User", "Get-MobileDevice", "Get-MobileDeviceStatistics"};
constexpr const char* deltaSteps[] = {"Set-ADServerSettings", "Get-ExchangeServer", "Get-CASMailbox",
    "Get-User", "Get-MobileDevice", "Get-MobileDeviceStatistics"};

QJsonObject faultOf(const Fault& fault, const QString& step)
{
    QJsonObject rule{
        {u"kind"_s, QLatin1String(fault.kind)}, {u"count"_s, 1}, {u"retryAfter"_s, 0}, {u"ms"_s, 30}};
    if (fault.where == Where::Cmdlet)
        rule.insert(u"cmdlet"_s, step);
    else
        rule.insert(u"afterCmdlet"_s, step);
    if (rule[u"kind"_s] == "throttlingPolicy"_L1)
        rule.insert(u"policy"_s, u"exchangeCmdlets=5,cmdlets=15,period=1"_s);
    if (rule[u"kind"_s] == "serverDown"_L1)
        rule.insert(u"count"_s, 3);
    return rule;
}

// An object that came without its Identity is shown by its distinguished name: the same phone all the same.
bool hasPhone(const QStringList& rows, const QString& row)
{
    const QString device = row.section(u'|', 1, 1);
    return std::any_of(rows.begin(), rows.end(), [&](const QString& other) {
        return identityOf(other) == identityOf(row)
            || (other.startsWith(u"CN="_s) && other.section(u'|', 1, 1) == device);
    });
}

// The row as it was, or as it is, or as it is with a date that was unreadable or not read yet.
bool isHonest(const QString& row, const QStringList& before, const QStringList& now)
{
    if (before.contains(row) || now.contains(row))
        return true;
    const auto parts = [](const QString& line) {
        QStringList cells = line.split(u'|').mid(1);
        const QString date = cells.takeAt(3);
        return std::pair(cells.join(u'|'), date);
    };
    const auto [facts, date] = parts(row);
    bool factsKnown = false, dateKnown = date.isEmpty();
    for (const QStringList* rows : {&before, &now}) {
        for (const QString& other : *rows) {
            if (other.section(u'|', 1, 1) != row.section(u'|', 1, 1))
                continue;
            const auto [otherFacts, otherDate] = parts(other);
            factsKnown = factsKnown || otherFacts == facts;
            dateKnown = dateKnown || otherDate == date;
        }
    }
    return factsKnown && dateKnown;
}

QString lostOrInvented(const QStringList& have, const QStringList& before, const QStringList& now)
{
    for (const QString& row : before) {
        if (!hasPhone(have, row))
            return u"lost: "_s + row;
    }
    for (const QString& row : have) {
        if (!isHonest(row, before, now))
            return u"invented: "_s + row;
    }
    return {};
}

SyncOutcome run(LabSite& site, bool delta)
{
    return delta ? site.delta() : site.sync();
}

} // namespace

class TestFaultMatrix : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void matrix_data();
    void matrix();

private:
    void settle();

    std::unique_ptr<RunningLab> m_lab;
    std::unique_ptr<LabSite> m_site;
    QDateTime m_now;
    int m_row = 0;
};

void TestFaultMatrix::initTestCase()
{
    m_lab = std::make_unique<RunningLab>(QStringList{u"--users"_s, u"24"_s, u"--time-scale"_s, u"0"_s,
        u"--seed"_s, u"7"_s, u"--client-access-servers"_s, u"localhost"_s});
    m_lab->connectAll();
    m_now = m_lab->now();
}

// A site that shows the truth; a row that failed leaves none behind.
void TestFaultMatrix::settle()
{
    if (!m_site) {
        m_site = std::make_unique<LabSite>(m_lab->connector(), m_lab->password());
        m_site->site.clock.time = m_now;
        if (!m_site->sync().complete)
            qFatal("a run without faults did not complete");
    }
}

void TestFaultMatrix::matrix_data()
{
    QTest::addColumn<bool>("delta");
    QTest::addColumn<QString>("step");
    QTest::addColumn<int>("fault");
    const auto rows = [](bool delta, const char* step) {
        for (size_t i = 0; i < std::size(faults); ++i)
            QTest::addRow("%s, %s, %s", delta ? "delta" : "full", step, faults[i].kind)
                << delta << QString::fromLatin1(step) << int(i);
    };
    for (const char* step : fullSteps)
        rows(false, step);
    for (const char* step : deltaSteps)
        rows(true, step);
}

void TestFaultMatrix::matrix()
{
    QFETCH(bool, delta);
    QFETCH(QString, step);
    QFETCH(int, fault);
    settle();
    std::unique_ptr<LabSite> owned = std::move(m_site); // a row that fails leaves no site to the next
    LabSite& site = *owned;
    // Phones change between two runs. Time passes, but stays within a delta's overlap: the lab's stands
    // still.
    const QStringList before = storedRows(site.site);
    QVERIFY(m_lab->change(5, m_row % 5) > 3);
    site.site.clock.time = m_now.addMSecs(++m_row * 500);
    const QDateTime watermark = *site.site.stored().watermark;
    const QStringList want = trueRows(m_lab->truth());

    m_lab->setFaults({faultOf(faults[fault], step)});
    const SyncOutcome outcome = run(site, delta);
    m_lab->clearFaults();

    const QStringList have = storedRows(site.site);
    QCOMPARE(have.size(), before.size());
    const QString wrong = lostOrInvented(have, before, want);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    QCOMPARE(outcome.counts.removed, 0);
    QCOMPARE(*site.site.stored().watermark, outcome.complete ? site.site.clock.time : watermark);
    if (!outcome.complete)
        QVERIFY(outcome.error.has_value() && !outcome.sentence.isEmpty());

    // A full that was interrupted is continued: its lists are as old as its start.
    QDateTime begun = site.site.clock.time;
    site.site.clock.time = begun.addMSecs(250);
    if (delta || !site.site.hasUnfinishedRun())
        begun = site.site.clock.time;
    const SyncOutcome again = run(site, delta);
    QVERIFY2(again.complete, again.error ? qPrintable(again.error->toLogText()) : "");
    const QStringList after = storedRows(site.site);
    QVERIFY2(after == want, qPrintable(differences(after, want)));
    QCOMPARE(*site.site.stored().watermark, begun);
    m_site = std::move(owned);
}

QTEST_GUILESS_MAIN(TestFaultMatrix)
#include "tst_fault_matrix.moc"

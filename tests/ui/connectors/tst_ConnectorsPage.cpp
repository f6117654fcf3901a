// The node Exchange Server Connectors: details of the selected connector, the shrink guard's question,
// delete.
#include <QAbstractButton>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>

#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/connectors/CheckPane.h"
#include "ui/connectors/CommandPreviewDialog.h"
#include "ui/connectors/ConnectorLogDialog.h"
#include "ui/connectors/ConnectorsPage.h"
#include "ui/connectors/DeleteConnectorDialog.h"
#include "ui/connectors/ShrinkGuardBar.h"
#include "ui/connectors/SyncChart.h"
#include "ui/connectors/WritesPane.h"
#include "ui/grid/GridView.h"
#include "ui/widgets/StepList.h"

using namespace postern;
using namespace postern::connectors;
using namespace Qt::StringLiterals;
using test::button;
using test::click;

namespace {

class TestConnectorsPage : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::FakeSiteClient> m_site;
    std::unique_ptr<ConnectorsPage> m_page;
    ConnectorId m_lab, m_branch;

    void select(std::vector<ConnectorId> ids)
    {
        std::vector<qint64> keys;
        for (const ConnectorId id : ids)
            keys.push_back(id.value);
        m_page->findChild<grid::GridView*>(u"connectorList"_s)->selectKeys(keys, keys.front());
    }
    template <class Pane> Pane* pane() const { return m_page->findChild<Pane*>(); }
    void openTab(const QString& title)
    {
        auto* tabs = m_page->findChild<QTabWidget*>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (tabs->tabText(tab) == title)
                tabs->setCurrentIndex(tab);
        }
    }
    StatusMessage tripped(ConnectorId connector, const QDateTime& at)
    {
        StatusMessage message = test::aMessage(900, Severity::Error, 30015, at);
        message.connectorId = connector;
        message.arguments = {u"Lab"_s, u"partnerships"_s, u"700"_s, u"120"_s};
        return message;
    }

private slots:
    void init()
    {
        m_site = std::make_unique<test::FakeSiteClient>();
        m_lab = m_site->addConnector(test::aConnector(u"Lab"_s));
        m_branch = m_site->addConnector(test::aConnector(u"Branch"_s));
        m_site->writes[m_lab] = {test::aBlockWrite(1, u"contoso.lab/Users/Anna"_s, u"APPL1"_s),
            test::aBlockWrite(2, u"contoso.lab/Users/Ben"_s, u"APPL2"_s)};
        m_site->lastChecks[m_lab]
            = {{u"CON-31"_s, u"Server certificate"_s, CheckResult::Outcome::Pass, {}, true},
                {u"CON-32"_s, u"Cmdlet Get-Recipient"_s, CheckResult::Outcome::Fail, u"not granted"_s, true}};
        m_page = std::make_unique<ConnectorsPage>(*m_site);
        m_page->resize(1100, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup() { m_page.reset(); }

    void checkOfTheSelectedConnector();
    void checkRunsAgain();
    void writesAreListedAndCopied();
    void severalConnectorsHaveNoDetails();
    void detailsFollowTheSelectionNotTheLastAnswer();
    void chartSaysWhatItShows();
    void removingIsShown();
    void guardAsksAndRunsAgain();
    void guardIsLoadedWithThePage();
    void deleteCountsAndAsks();
    void deleteMayKeepTheEntries();
    void deleteOfSeveral();
    void deleteShowsItsCommands();
    void returnDoesNotDelete();
};

void TestConnectorsPage::checkOfTheSelectedConnector()
{
    select({m_lab});
    QVERIFY(pane<CheckPane>()->sentence().startsWith(u"Checked "_s));
    QVERIFY(pane<CheckPane>()->sentence().contains(u"1 line(s) need attention"_s));
    QCOMPARE(pane<CheckPane>()->findChild<widgets::StepList*>()->steps().size(), 2);
    select({m_branch});
    QCOMPARE(pane<CheckPane>()->sentence(), u"This connector has not been checked yet."_s);
    QVERIFY(pane<CheckPane>()->findChild<widgets::StepList*>()->steps().isEmpty());
}

void TestConnectorsPage::checkRunsAgain()
{
    select({m_lab});
    openTab(u"Cmdlet Check"_s);
    QSignalSpy wanted(m_page.get(), &widgets::NodePage::commandRequested);
    click(m_page.get(), u"Run Again..."_s);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.first().first().toString(), u"check-connector"_s);
    m_site->lastChecks[m_lab].pop_back();
    emit m_site->checkFinished({}, true); // what it found is read again
    QVERIFY(pane<CheckPane>()->sentence().contains(u"everything that was looked at is right"_s));
}

void TestConnectorsPage::writesAreListedAndCopied()
{
    select({m_lab});
    openTab(u"Writes"_s);
    QCOMPARE(pane<WritesPane>()->rowCount(), 2);
    click(m_page.get(), u"Copy Commands"_s); // nothing is selected: all, as shown (newest first)
    QCOMPARE(QGuiApplication::clipboard()->text(),
        u"Set-CASMailbox -Identity 'contoso.lab/Users/Ben' -ActiveSyncBlockedDeviceIDs @{Add='APPL2'}\n"
        "Set-CASMailbox -Identity 'contoso.lab/Users/Anna' -ActiveSyncBlockedDeviceIDs @{Add='APPL1'}\n"_s);
    m_page->findChild<grid::GridView*>(u"writeList"_s)->selectKeys({1}, 1);
    click(m_page.get(), u"Copy Commands"_s);
    QVERIFY(QGuiApplication::clipboard()->text().contains(u"Anna"_s));
    QVERIFY(!QGuiApplication::clipboard()->text().contains(u"Ben"_s));
    // A new write comes with the next message.
    m_site->writes[m_lab].push_back(test::aBlockWrite(3, u"contoso.lab/Users/Cleo"_s, u"APPL3"_s));
    StatusMessage message = test::aMessage(1, Severity::Information, 30011, QDateTime::currentDateTimeUtc());
    message.connectorId = m_lab;
    m_site->addMessage(message);
    QCOMPARE(pane<WritesPane>()->rowCount(), 3);
}

void TestConnectorsPage::severalConnectorsHaveNoDetails()
{
    select({m_lab});
    select({m_lab, m_branch});
    QCOMPARE(pane<WritesPane>()->rowCount(), 0);
    QVERIFY(pane<CheckPane>()->sentence().startsWith(u"Select a connector"_s));
}

void TestConnectorsPage::detailsFollowTheSelectionNotTheLastAnswer()
{
    select({m_branch});
    emit m_site->writesLoaded(m_lab, m_site->writes[m_lab]); // a late answer
    emit m_site->lastCheckLoaded(m_lab, m_site->lastChecks[m_lab], QDateTime::currentDateTimeUtc());
    QCOMPARE(pane<WritesPane>()->rowCount(), 0);
    QCOMPARE(pane<CheckPane>()->sentence(), u"This connector has not been checked yet."_s);
}

void TestConnectorsPage::chartSaysWhatItShows()
{
    select({m_lab});
    auto* chart = pane<SyncChart>();
    QCOMPARE(chart->runCount(), 0);
    QVERIFY(chart->isHidden());
    const JobId good = m_site->startJob(m_lab, u"mailboxes"_s, 5, 5);
    QCOMPARE(chart->runCount(), 0); // it still runs
    Job job = m_site->job(good);
    job.devicesRead = 697;
    m_site->setJob(job);
    m_site->endJob(good, JobState::Succeeded);
    m_site->endJob(m_site->startJob(m_branch, u"mailboxes"_s, 5, 5), JobState::Succeeded); // of another one
    QCOMPARE(chart->runCount(), 1);
    QVERIFY(!chart->isHidden());
    m_site->endJob(m_site->startJob(m_lab, u"mailboxes"_s, 5, 5), JobState::Failed);
    QVERIFY2(chart->accessibleDescription().contains(u"1 of them failed"_s),
        qPrintable(chart->accessibleDescription()));
    QVERIFY(chart->accessibleDescription().contains(u"95 s"_s));
    openTab(u"Sync History"_s);
    QVERIFY(!chart->grab().isNull());
}

void TestConnectorsPage::removingIsShown()
{
    m_site->removesAtOnce = false;
    m_site->startJob(m_lab, u"deletions"_s, 0, 10);
    m_site->removeConnector(m_lab, false);
    auto* list = m_page->findChild<grid::GridView*>(u"connectorList"_s);
    QStringList states;
    for (int row = 0; row < list->model()->rowCount(); ++row)
        states.append(list->model()->index(row, items::ConnectorTableModel::State).data().toString());
    QVERIFY2(states.contains(u"Removing"_s), qPrintable(states.join(u',')));
}

void TestConnectorsPage::guardAsksAndRunsAgain()
{
    auto* bar = pane<ShrinkGuardBar>();
    QVERIFY(bar->isHidden());
    m_site->addMessage(tripped(m_lab, QDateTime::currentDateTimeUtc()));
    QVERIFY(bar->isVisible());
    QCOMPARE(bar->texts().size(), 1);
    QVERIFY2(bar->texts().first().startsWith(u"\"Lab\" read only 120 of 700 devices and removed nothing."_s),
        qPrintable(bar->texts().first()));
    click(bar, u"Open Log"_s);
    QVERIFY(m_page->findChild<ConnectorLogDialog*>() != nullptr);
    m_page->findChild<ConnectorLogDialog*>()->close();
    m_site->startsJobs = false;
    click(bar, u"Confirm and Run Again"_s);
    QCOMPARE(m_site->requests.size(), 1U);
    QVERIFY(m_site->requests.front().kind == RequestKind::SynchronizeFull);
    QCOMPARE(m_site->requests.front().connectorId, m_lab);
    const auto parameters = QJsonDocument::fromJson(m_site->requests.front().parameters).object();
    QVERIFY(parameters.value(u"shrinkConfirmed"_s).toBool());
    Job running;
    running.id = {77};
    running.connectorId = m_lab;
    running.state = JobState::Running;
    running.startedAt = QDateTime::currentDateTimeUtc().addSecs(60);
    m_site->setJob(running);
    QVERIFY(bar->isHidden());
    QVERIFY(bar->texts().isEmpty());
}

void TestConnectorsPage::guardIsLoadedWithThePage()
{
    m_page.reset();
    m_site->messages = {tripped(m_lab, QDateTime::currentDateTimeUtc().addDays(-2)),
        tripped(m_branch, QDateTime::currentDateTimeUtc().addDays(-40))}; // too old to ask about
    m_page = std::make_unique<ConnectorsPage>(*m_site);
    QCOMPARE(pane<ShrinkGuardBar>()->texts().size(), 1);
    m_site->removeConnector(m_lab, true);
    QVERIFY(pane<ShrinkGuardBar>()->texts().isEmpty());
}

void TestConnectorsPage::deleteCountsAndAsks()
{
    DeleteConnectorDialog dialog(*m_site, {m_site->connector(m_lab)});
    dialog.show();
    QVERIFY2(
        dialog.countSentence().startsWith(u"2 entry(s) are removed"_s), qPrintable(dialog.countSentence()));
    QSignalSpy requested(&dialog, &DeleteConnectorDialog::requested);
    click(&dialog, u"Delete"_s);
    QCOMPARE(requested.count(), 1);
    QCOMPARE(requested.first().at(0).value<QList<qint64>>(), QList<qint64>{m_lab.value});
    QCOMPARE(requested.first().at(1).toBool(), false); // do not keep: the default is to remove
}

void TestConnectorsPage::deleteMayKeepTheEntries()
{
    DeleteConnectorDialog dialog(*m_site, {m_site->connector(m_lab)});
    dialog.show();
    click(&dialog, u"Remove the allow and block entries that Postern wrote first"_s);
    QVERIFY(dialog.countSentence().contains(u"blocked phones stay blocked"_s));
    QVERIFY(!button(&dialog, u"Show Command"_s)->isEnabled());
    QSignalSpy requested(&dialog, &DeleteConnectorDialog::requested);
    click(&dialog, u"Delete"_s);
    QCOMPARE(requested.first().at(1).toBool(), true);
}

void TestConnectorsPage::deleteOfSeveral()
{
    DeleteConnectorDialog dialog(*m_site, {m_site->connector(m_lab), m_site->connector(m_branch)});
    dialog.show();
    bool named = false;
    for (auto* label : dialog.findChildren<QLabel*>())
        named = named || (label->text() == "Lab\nBranch"_L1);
    QVERIFY(named);
    QSignalSpy requested(&dialog, &DeleteConnectorDialog::requested);
    click(&dialog, u"Cancel"_s);
    QCOMPARE(requested.count(), 0);
}

void TestConnectorsPage::deleteShowsItsCommands()
{
    DeleteConnectorDialog dialog(*m_site, {m_site->connector(m_lab)});
    dialog.show();
    click(&dialog, u"Show Command"_s);
    auto* preview = dialog.findChild<CommandPreviewDialog*>();
    QCOMPARE(preview->commands().size(), 2);
    QVERIFY(preview->commands().first().endsWith(u"-ActiveSyncBlockedDeviceIDs @{Remove='APPL1'}"_s));
    QVERIFY(m_site->removed.empty());
}

void TestConnectorsPage::returnDoesNotDelete()
{
    DeleteConnectorDialog dialog(*m_site, {m_site->connector(m_lab)});
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    QSignalSpy requested(&dialog, &DeleteConnectorDialog::requested);
    QTest::keyClick(&dialog, Qt::Key_Return);
    QCOMPARE(requested.count(), 0);
}

} // namespace

QTEST_MAIN(TestConnectorsPage)
#include "tst_ConnectorsPage.moc"

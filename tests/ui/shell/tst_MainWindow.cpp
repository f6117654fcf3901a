// The real MainWindow on a fake site, driven through its named actions, buttons and keys.
#include <QAbstractButton>
#include <QDialog>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

#include "models/items/ConnectorTableModel.h"
#include "models/items/JobListModel.h"
#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/connectors/ConnectorRules.h"
#include "ui/grid/GridView.h"
#include "ui/shell/BreadcrumbBar.h"
#include "ui/shell/JobBar.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/NavigationPane.h"
#include "ui/shell/Ribbon.h"
#include "ui/widgets/NotificationBar.h"
#include "ui/widgets/Theme.h"
#include "ui/widgets/Toast.h"

using namespace postern;
using items::ConnectorTableModel;
using items::JobListModel;
using namespace Qt::StringLiterals;

namespace {

const QString connectorsNode = u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s;
const QString overviewNode = u"Assets and Compliance/Overview"_s;
const QString historyNode = u"Monitoring/Exchange Connector"_s;

class TestMainWindow : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::FakeSiteClient> m_site;
    std::unique_ptr<test::FakePrompter> m_prompter;
    std::unique_ptr<shell::MainWindow> m_window;

    void open(const QString& node, QSettings* settings = nullptr)
    {
        shell::MainWindowOptions options;
        options.messages = m_prompter.get();
        options.files = m_prompter.get();
        options.node = node;
        options.settings = settings;
        m_window = std::make_unique<shell::MainWindow>(*m_site, options);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    [[nodiscard]] grid::GridView* list() const
    {
        return m_window->findChild<grid::GridView*>(u"connectorList"_s);
    }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return list()->model()->index(row, column).data().toString();
    }
    [[nodiscard]] QTreeWidget* tree() const { return m_window->navigation().tree(); }
    [[nodiscard]] QAction* action(const QString& id) const { return m_window->commands().find(id)->action(); }
    void select(int row) { list()->selectRow(row); }
    void key(Qt::Key code, Qt::KeyboardModifiers modifiers)
    {
        QTest::keyClick(m_window->focusWidget(), code, modifiers);
    }
    [[nodiscard]] QToolButton* ribbonButton(const QString& id) const
    {
        for (auto* button : m_window->ribbon().findChildren<QToolButton*>(id)) {
            if (button->isVisible())
                return button;
        }
        return nullptr;
    }

private slots:
    void init()
    {
        m_site = std::make_unique<test::FakeSiteClient>();
        m_prompter = std::make_unique<test::FakePrompter>();
    }
    void cleanup() { m_window.reset(); }

    void opensOnTheOverviewAndSaysWhatToDoNext();
    void treeSelectionShowsTheNode();
    void synchronizeNowNeedsASelectedConnector();
    void synchronizeNowAsksAndRequests();
    void synchronizeNowDoesNothingOnNo();
    void synchronizeNowWorksOnSeveral();
    void synchronizeNowIsDisabledWhileOneRuns();
    void secondClickFindsTheRunningOne();
    void statusBarShowsJobsAndCancels();
    void toastSaysHowAJobEnded_data();
    void toastSaysHowAJobEnded();
    void oldJobsAreNotAnnounced();
    void backRestoresWhatThePlaceLookedLike();
    void historyMenuGoesAnywhere();
    void keysOfConfigurationManager();
    void altAloneGoesToTheRibbon();
    void ribbonMinimises();
    void contextMenuHasTheRibbonsCommands();
    void notificationBarFollowsTheSite();
    void deleteAsksAndRemoves();
    void settingsComeBack();
    void unknownNodeIsRefused();
};

void TestMainWindow::opensOnTheOverviewAndSaysWhatToDoNext()
{
    open({});
    QCOMPARE(m_window->currentNode(), overviewNode);
    QAbstractButton* add = test::button(m_window->currentPage(), u"Add Exchange Server..."_s);
    QVERIFY(add != nullptr);
    QTest::mouseClick(add, Qt::LeftButton);
    QVERIFY(m_window->findChild<QDialog*>() != nullptr);
    m_window->findChild<QDialog*>()->close();

    m_site->addConnector(test::aConnector(u"Lab"_s));
    QVERIFY(test::button(m_window->currentPage(), u"Add Exchange Server..."_s) == nullptr);
}

void TestMainWindow::treeSelectionShowsTheNode()
{
    open({});
    test::click(m_window.get(), u"Administration"_s);
    QCOMPARE(m_window->currentNode(), connectorsNode);
    QTreeWidgetItem* folder = tree()->topLevelItem(0);
    QCOMPARE(folder->text(0), u"Hierarchy Configuration"_s);
    QCOMPARE(folder->child(0)->text(0), u"Exchange Server Connectors"_s);
    QCOMPARE(tree()->currentItem(), folder->child(0));
    tree()->setCurrentItem(folder);
    QCOMPARE(m_window->currentNode(), u"Administration/Hierarchy Configuration"_s);
    QCOMPARE(m_window->breadcrumb().pathText(), u"Administration > Hierarchy Configuration"_s);
    test::click(m_window->currentPage(), u"Exchange Server Connectors"_s);
    QCOMPARE(m_window->currentNode(), connectorsNode);
}

void TestMainWindow::synchronizeNowNeedsASelectedConnector()
{
    m_site->addConnector(test::aConnector(u"Lab"_s));
    open(connectorsNode);
    QVERIFY(!action(u"synchronize-now"_s)->isEnabled());
    QCOMPARE(action(u"synchronize-now"_s)->toolTip(), u"Select a connector first"_s);
    select(0);
    QVERIFY(action(u"synchronize-now"_s)->isEnabled());
    QVERIFY(ribbonButton(u"synchronize-now"_s)->isEnabled());
}

void TestMainWindow::synchronizeNowAsksAndRequests()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"Lab"_s));
    open(connectorsNode);
    select(0);
    QTest::mouseClick(ribbonButton(u"synchronize-now"_s), Qt::LeftButton);
    QCOMPARE(m_prompter->asked.size(), 1U);
    QCOMPARE(m_prompter->asked.front().text, u"Start a full synchronization of \"Lab\" now?"_s);
    QCOMPARE(m_site->requests.size(), 1U);
    QCOMPARE(m_site->requests.front().connectorId, id);
    QCOMPARE(int(m_site->requests.front().kind), int(RequestKind::SynchronizeFull));
    QVERIFY(m_window->jobBar().isVisible());
}

void TestMainWindow::synchronizeNowDoesNothingOnNo()
{
    m_site->addConnector(test::aConnector(u"Lab"_s));
    m_prompter->answer = false;
    open(connectorsNode);
    select(0);
    action(u"synchronize-now"_s)->trigger();
    QCOMPARE(m_prompter->asked.size(), 1U);
    QVERIFY(m_site->requests.empty());
}

void TestMainWindow::synchronizeNowWorksOnSeveral()
{
    const ConnectorId first = m_site->addConnector(test::aConnector(u"Lab"_s));
    const ConnectorId second = m_site->addConnector(test::aConnector(u"Other"_s));
    const ConnectorId busy = m_site->addConnector(test::aConnector(u"Running"_s));
    m_site->startJob(busy);
    open(connectorsNode);
    list()->selectAll();
    QVERIFY(action(u"synchronize-now"_s)->isEnabled());
    action(u"synchronize-now"_s)->trigger();
    QVERIFY(m_prompter->asked.front().detail.contains(u"Lab\nOther"_s));
    QVERIFY(!m_prompter->asked.front().detail.contains(u"Running"_s));
    QCOMPARE(m_site->requests.size(), 2U);
    QCOMPARE(m_site->requests[0].connectorId, first);
    QCOMPARE(m_site->requests[1].connectorId, second);
    QVERIFY(!action(u"properties"_s)->isEnabled());
    QCOMPARE(action(u"properties"_s)->toolTip(), u"Select one connector only"_s);
}

void TestMainWindow::synchronizeNowIsDisabledWhileOneRuns()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"Lab"_s));
    open(connectorsNode);
    select(0);
    const JobId job = m_site->startJob(id, u"mailboxes"_s, 120, 500);
    const QString started
        = QLocale().toString(m_site->job(job).startedAt.toLocalTime().time(), connectors::clockFormat());
    QVERIFY(!action(u"synchronize-now"_s)->isEnabled());
    QCOMPARE(action(u"synchronize-now"_s)->toolTip(), u"Started %1, 120 of 500 mailboxes"_s.arg(started));
    QCOMPARE(cell(0, ConnectorTableModel::State), u"Synchronizing"_s);
    QCOMPARE(cell(0, ConnectorTableModel::StateDetail), u"Reading mailboxes, 120 of 500 mailboxes"_s);
    QCOMPARE(list()->selectedKeys(), std::vector<qint64>{id.value});
    m_site->endJob(job, JobState::Succeeded);
    QVERIFY(action(u"synchronize-now"_s)->isEnabled());
}

void TestMainWindow::secondClickFindsTheRunningOne()
{
    m_site->addConnector(test::aConnector(u"Lab"_s));
    m_site->refuseRequests = Error{ErrorCode::AlreadyRunning, {}, u"Lab"_s};
    open(connectorsNode);
    select(0);
    action(u"synchronize-now"_s)->trigger();
    QCOMPARE(m_window->toast().title(), u"A synchronization is already running"_s);
    QVERIFY(m_window->toast().isVisible());

    m_site->refuseRequests = Error{ErrorCode::PermissionDenied, {}, u"Synchronize Now"_s};
    action(u"synchronize-now"_s)->trigger();
    QCOMPARE(m_window->toast().title(), u"The synchronization was not started"_s);
    QVERIFY(m_window->toast().text().startsWith(u"Your role in Postern does not permit this"_s));
}

void TestMainWindow::statusBarShowsJobsAndCancels()
{
    const ConnectorId lab = m_site->addConnector(test::aConnector(u"Lab"_s));
    const ConnectorId other = m_site->addConnector(test::aConnector(u"Other"_s));
    open(connectorsNode);
    QVERIFY(!m_window->jobBar().isVisible());
    const JobId first = m_site->startJob(lab, u"mailboxes"_s, 1200, 5000);
    const JobId second = m_site->startJob(other, u"statistics"_s, 3, 10);
    const QLocale locale;
    QCOMPARE(m_window->jobBar().texts(),
        QStringList({u"Full synchronization of Lab: Reading mailboxes, %1 of %2 mailboxes"_s.arg(
                         locale.toString(1200), locale.toString(5000)),
            u"Full synchronization of Other: Reading device statistics, 3 of 10 mailboxes"_s}));
    auto* cancel = m_window->jobBar().findChild<QToolButton*>(u"cancelJob"_s);
    QVERIFY(cancel != nullptr && cancel->isVisible());
    QTest::mouseClick(cancel, Qt::LeftButton);
    QCOMPARE(m_site->cancelled, std::vector<JobId>{first});
    QVERIFY(!cancel->isEnabled());

    m_window->openNode(historyNode);
    auto* jobs = m_window->findChild<grid::GridView*>(u"jobList"_s);
    QCOMPARE(jobs->model()->rowCount(), 2);
    jobs->selectKeys({second.value}, second.value);
    QCOMPARE(jobs->currentIndex().siblingAtColumn(JobListModel::Connector).data().toString(), u"Other"_s);
    QVERIFY(action(u"cancel-job"_s)->isEnabled());
    action(u"cancel-job"_s)->trigger();
    QCOMPARE(m_site->cancelled.back(), second);
}

void TestMainWindow::toastSaysHowAJobEnded_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("notRead");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("text");
    QTest::newRow("succeeded") << int(JobState::Succeeded) << 0 << u"Full synchronization of Lab completed"_s
                               << u"700 devices read; 12 added, 3 changed, 1 removed."_s;
    QTest::newRow("with problems")
        << int(JobState::Succeeded) << 2 << u"Full synchronization of Lab completed"_s
        << u"700 devices read; 12 added, 3 changed, 1 removed. 2 object(s) could not be read."_s;
    QTest::newRow("failed") << int(JobState::Failed) << 0 << u"Full synchronization of Lab failed"_s
                            << u"The host name cannot be found."_s;
    QTest::newRow("cancelled") << int(JobState::Cancelled) << 0
                               << u"Full synchronization of Lab was canceled"_s
                               << u"What was already read is kept."_s;
}

void TestMainWindow::toastSaysHowAJobEnded()
{
    QFETCH(int, state);
    QFETCH(int, notRead);
    const ConnectorId id = m_site->addConnector(test::aConnector(u"Lab"_s));
    open(connectorsNode);
    Job job = m_site->job(m_site->startJob(id, u"mailboxes"_s, 1, 2));
    job.state = JobState(state);
    job.devicesRead = 700;
    job.added = 12;
    job.changed = 3;
    job.removed = 1;
    job.notRead = notRead;
    job.result = u"The host name cannot be found."_s;
    m_site->setJob(job);
    QTEST(m_window->toast().title(), "title");
    QTEST(m_window->toast().text(), "text");
    QVERIFY(m_window->toast().isVisible());
    m_window->toast().hide();
    m_site->setJob(job); // told again: nothing new
    QVERIFY(!m_window->toast().isVisible());
}

void TestMainWindow::oldJobsAreNotAnnounced()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"Lab"_s));
    m_site->endJob(m_site->startJob(id), JobState::Succeeded);
    open(connectorsNode);
    m_site->startJob(id);
    QVERIFY(!m_window->toast().isVisible());
}

void TestMainWindow::backRestoresWhatThePlaceLookedLike()
{
    for (int i = 0; i < 60; ++i)
        m_site->addConnector(test::aConnector(u"Connector %1"_s.arg(i, 2, 10, QLatin1Char('0'))));
    open(connectorsNode);
    list()->setSort(grid::GridSort{ConnectorTableModel::Name, Qt::DescendingOrder});
    list()->selectRow(50);
    list()->scrollTo(list()->model()->index(50, 0));
    const QString chosen = cell(50, ConnectorTableModel::Name);
    QCOMPARE(chosen, u"Connector 09"_s);
    const QVariantMap before = m_window->currentPage()->saveState();

    m_window->openNode(historyNode);
    m_window->openNode(overviewNode);
    m_window->breadcrumb().backAction()->trigger();
    QCOMPARE(m_window->currentNode(), historyNode);
    QVERIFY(m_window->breadcrumb().forwardAction()->isEnabled());
    // Meanwhile the page is used otherwise, without history: Back brings back what it was.
    list()->clearSelection();
    list()->setSort(grid::GridSort{ConnectorTableModel::State, Qt::AscendingOrder});
    key(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(m_window->currentNode(), connectorsNode);
    QVERIFY(!m_window->breadcrumb().backAction()->isEnabled());
    QCOMPARE(m_window->currentPage()->saveState(), before);
    QCOMPARE(cell(list()->currentIndex().row(), ConnectorTableModel::Name), chosen);
    QVERIFY(action(u"synchronize-now"_s)->isEnabled());
    key(Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(m_window->currentNode(), historyNode);
}

void TestMainWindow::historyMenuGoesAnywhere()
{
    open(overviewNode);
    m_window->openNode(connectorsNode);
    m_window->openNode(historyNode);
    const auto entries = m_window->breadcrumb().historyMenu()->actions();
    QCOMPARE(entries.size(), 3);
    QCOMPARE(entries[0]->text(), u"Monitoring > Exchange Connector"_s);
    QVERIFY(entries[0]->isChecked());
    entries[2]->trigger();
    QCOMPARE(m_window->currentNode(), overviewNode);
    QVERIFY(m_window->breadcrumb().forwardAction()->isEnabled());
}

void TestMainWindow::keysOfConfigurationManager()
{
    m_site->addConnector(test::aConnector(u"Lab"_s));
    open(overviewNode);
    key(Qt::Key_4, Qt::ControlModifier);
    QCOMPARE(m_window->currentNode(), connectorsNode);
    key(Qt::Key_2, Qt::ControlModifier); // Software Library has no node yet
    QCOMPARE(m_window->currentNode(), connectorsNode);
    key(Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(m_window->currentNode(), historyNode);
    key(Qt::Key_4, Qt::ControlModifier);
    key(Qt::Key_M, Qt::ControlModifier);
    QCOMPARE(m_window->focusWidget(), list());
    key(Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(m_window->focusWidget(), tree());
    key(Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(m_window->currentNode(), historyNode); // the last visited
    key(Qt::Key_4, Qt::ControlModifier);
    key(Qt::Key_I, Qt::ControlModifier);
    QCOMPARE(qobject_cast<QToolButton*>(m_window->focusWidget())->text(), u"Exchange Server Connectors"_s);
    key(Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(m_window->focusWidget()->accessibleName(), u"Details of the connector"_s);
    key(Qt::Key_F5, Qt::NoModifier);
    key(Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(m_window->currentNode(), overviewNode);
}

void TestMainWindow::altAloneGoesToTheRibbon()
{
    open(connectorsNode);
    m_window->currentPage()->focusMain();
    QTest::keyPress(m_window->focusWidget(), Qt::Key_Alt, Qt::AltModifier);
    QTest::keyRelease(m_window->focusWidget(), Qt::Key_Alt);
    QCOMPARE(m_window->focusWidget()->objectName(), u"add-connector"_s);
}

void TestMainWindow::ribbonMinimises()
{
    open(connectorsNode);
    QVERIFY(ribbonButton(u"synchronize-now"_s) != nullptr);
    key(Qt::Key_F1, Qt::ControlModifier);
    QVERIFY(ribbonButton(u"synchronize-now"_s) == nullptr);
    key(Qt::Key_F1, Qt::ControlModifier);
    QVERIFY(ribbonButton(u"synchronize-now"_s) != nullptr);
}

void TestMainWindow::contextMenuHasTheRibbonsCommands()
{
    m_site->addConnector(test::aConnector(u"Lab"_s));
    open(connectorsNode);
    select(0);
    emit list()->customContextMenuRequested(QPoint(5, 5));
    auto* menu = m_window->findChild<QMenu*>(u"contextMenu"_s);
    QVERIFY(menu != nullptr && menu->isVisible());
    QStringList names;
    for (const QAction* entry : menu->actions()) {
        if (!entry->isSeparator())
            names.append(entry->text().remove(u'&'));
    }
    QCOMPARE(names,
        QStringList({u"Add Exchange Server"_s, u"Synchronize Now"_s, u"Delta Only"_s, u"Test Connection"_s,
            u"Enable"_s, u"Disable"_s, u"Show Log"_s, u"Properties"_s, u"Delete"_s}));
    menu->close();
}

void TestMainWindow::notificationBarFollowsTheSite()
{
    Connector connector = test::aConnector(u"Lab"_s);
    connector.id = m_site->addConnector(connector);
    open(overviewNode);
    QVERIFY(!m_window->notifications().isVisible());
    connector.state = ConnectorState::Disconnected;
    connector.stateDetail = u"The user name or password was refused."_s;
    m_site->changeConnector(connector);
    QCOMPARE(m_window->notifications().texts(),
        QStringList(u"The connector \"Lab\" is disconnected: devices and access states are not current. The "
                    u"user name or "
                    u"password was refused."_s));
    QVERIFY(
        m_window->notifications().findChildren<QToolButton*>().isEmpty()); // critical: no way to dismiss it
    test::click(&m_window->notifications(), u"Show Connectors"_s);
    QCOMPARE(m_window->currentNode(), connectorsNode);

    emit m_site->siteFailed(Error{ErrorCode::StoreUnavailable, u"disk I/O error"_s, u"/var/lib/site.db"_s});
    QVERIFY(m_window->notifications().texts().front().startsWith(u"The site database cannot be opened"_s));
    QCOMPARE(m_window->notifications().texts().size(), 2);
    emit m_site->siteRecovered(); // alone: a store that was away need not have news
    QCOMPARE(m_window->notifications().texts().size(), 1);
    connector.state = ConnectorState::Degraded;
    connector.stateDetail.clear();
    m_site->changeConnector(connector);
    QCOMPARE(m_window->notifications().texts(),
        QStringList(u"The last synchronization of \"Lab\" failed; it will be tried again."_s));
    QTest::mouseClick(m_window->notifications().findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(!m_window->notifications().isVisible());
    m_site->changeConnector(connector); // the same condition: stays away
    QVERIFY(!m_window->notifications().isVisible());
}

void TestMainWindow::deleteAsksAndRemoves()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"Lab"_s));
    open(connectorsNode);
    select(0);
    m_window->currentPage()->focusMain();
    key(Qt::Key_Delete, Qt::NoModifier);
    auto* dialog = m_window->findChild<QDialog*>();
    QVERIFY(dialog != nullptr);
    test::click(dialog, u"Cancel"_s);
    QVERIFY(m_site->removed.empty());
    QTRY_VERIFY(m_window->findChild<QDialog*>() == nullptr);
    action(u"delete-connector"_s)->trigger();
    test::click(m_window->findChild<QDialog*>(), u"Delete"_s);
    QCOMPARE(m_site->removed, std::vector<ConnectorId>{id});
    QVERIFY(!action(u"delete-connector"_s)->isEnabled());
    QVERIFY(test::button(m_window->currentPage(), u"Add Exchange Server..."_s) != nullptr);
}

void TestMainWindow::settingsComeBack()
{
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"console.ini"_s), QSettings::IniFormat);
    m_site->addConnector(test::aConnector(u"Lab"_s));
    open(connectorsNode, &settings);
    list()->setColumnVisible(ConnectorTableModel::Devices, false);
    m_window->resize(1100, 700);
    m_window->ribbon().setMinimised(true);
    m_window->close();
    open({}, &settings);
    QCOMPARE(m_window->currentNode(), connectorsNode);
    QVERIFY(list()->isColumnHidden(ConnectorTableModel::Devices));
    QVERIFY(m_window->ribbon().isMinimised());
    QCOMPARE(m_window->size(), QSize(1100, 700));
}

void TestMainWindow::unknownNodeIsRefused()
{
    open(overviewNode);
    QVERIFY(!m_window->openNode(u"Administration/Nothing"_s));
    QCOMPARE(m_window->currentNode(), overviewNode);
    QVERIFY(m_window->openNode(u"\\administration\\hierarchy configuration\\Exchange Server Connectors"_s));
    QCOMPARE(m_window->currentNode(), connectorsNode);
    QVERIFY(m_window->openNode(u"Monitoring > Exchange Connector"_s));
}

} // namespace

QTEST_MAIN(TestMainWindow)
#include "tst_MainWindow.moc"

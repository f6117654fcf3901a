// The main job as a person does it, on the real service and a real lab, offscreen: add the connector by the
// wizard, synchronize, look at the devices; and the errors a person sees when something is wrong.
#include <QDialog>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "models/frame/DeviceColumns.h"
#include "models/items/ConnectorTableModel.h"
#include "services/identity/SecretStore.h"
#include "services/site/LocalSiteClient.h"
#include "tests/integration/sync/RunningLab.h"
#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/connectors/AddExchangeServerWizard.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/devices/DevicesPage.h"
#include "ui/grid/GridView.h"
#include "ui/shell/JobBar.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/Toast.h"
#include "ui/wizard/ClosingPages.h"

using namespace postern;
using namespace Qt::StringLiterals;
using frame::DeviceColumn;
using items::ConnectorTableModel;

namespace {

constexpr int patience = 60'000;
const QString connectorsNode = u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s;

class TestConsoleLab : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::RunningLab> m_lab;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<site::LocalSiteClient> m_site;
    std::unique_ptr<shell::MainWindow> m_window;
    test::FakePrompter m_prompter;

    [[nodiscard]] QAction* action(const QString& id) const { return m_window->commands().find(id)->action(); }
    [[nodiscard]] grid::GridView* list() const
    {
        return m_window->findChild<grid::GridView*>(u"connectorList"_s);
    }
    [[nodiscard]] connectors::AddExchangeServerWizard* wizard() const
    {
        return m_window->findChild<connectors::AddExchangeServerWizard*>();
    }
    [[nodiscard]] QString completion() const
    {
        return wizard()->findChild<wizard::CompletionPage*>()->sentence();
    }
    void runWizard(const QString& name, const QString& password);
    void save(const QString& password);
    void synchronize();

private slots:
    void initTestCase()
    {
        m_lab = std::make_unique<test::RunningLab>(QStringList{u"--users"_s, u"60"_s, u"--seed"_s, u"11"_s});
    }
    void init();
    void cleanup();
    void wizardSynchronizeDevices();
    void wrongPasswordIsASentence();
    void cancelKeepsWhatWasRead();
    void testConnectionShowsTheChecks();
};

void TestConsoleLab::init()
{
    m_lab->clearFaults();
    m_folder = std::make_unique<QTemporaryDir>();
    const auto address = store::SiteAddress::parse(m_folder->filePath(u"site.db"_s));
    QVERIFY(address);
    site::SiteOptions options;
    options.address = *address;
    options.create = true;
    options.siteCode = u"PS1"_s;
    options.logPath = m_folder->filePath(u"EasDisc.log"_s);
    options.makeSecretStore = [] { return std::make_unique<identity::MemorySecretStore>(); };
    m_site = std::make_unique<site::LocalSiteClient>(std::move(options));
    QSignalSpy opened(m_site.get(), &site::LocalSiteClient::opened);
    m_site->open();
    QVERIFY(opened.wait(patience));
    m_window = std::make_unique<shell::MainWindow>(
        *m_site, shell::MainWindowOptions{nullptr, &m_prompter, &m_prompter, connectorsNode});
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestConsoleLab::cleanup()
{
    m_window.reset();
    m_site.reset();
}

void TestConsoleLab::runWizard(const QString& name, const QString& password)
{
    const Connector lab = m_lab->connector();
    action(u"add-connector"_s)->trigger();
    QVERIFY(wizard() != nullptr);
    test::fill(wizard(), u"Name"_s, name);
    test::fill(wizard(), u"Server address"_s, lab.serverAddress);
    test::choose(wizard(), u"Authentication"_s, u"Basic"_s);
    test::fill(wizard(), u"User name"_s, lab.user);
    test::fill(wizard(), u"Password"_s, password);
    test::fill(wizard(), u"Certificate authority file"_s, lab.caFile);
    test::fill(wizard(), u"Ignore devices that have not synchronized for a long time"_s, u"off"_s);
    test::click(wizard(), u"Summary"_s);
    test::click(wizard(), u"Next >"_s);
    QTRY_COMPARE_WITH_TIMEOUT(wizard()->currentPage()->title(), u"Completion"_s, patience);
}

void TestConsoleLab::save(const QString& password)
{
    Connector connector = m_lab->connector();
    connector.maxInactiveDays = 0;
    QSignalSpy saved(m_site.get(), &site::SiteClient::connectorSaved);
    m_site->saveConnector(connector, password);
    QVERIFY(saved.wait(patience));
    QTRY_COMPARE(list()->model()->rowCount(), 1);
}

void TestConsoleLab::synchronize()
{
    list()->selectRow(0);
    QVERIFY(action(u"synchronize-now"_s)->isEnabled());
    action(u"synchronize-now"_s)->trigger();
}

void TestConsoleLab::wizardSynchronizeDevices()
{
    runWizard(u"Head Office"_s, m_lab->password());
    QVERIFY2(wizard()->succeeded(), qPrintable(completion()));
    test::click(wizard(), u"Close"_s);
    QTRY_COMPARE(list()->model()->rowCount(), 1);

    synchronize();
    QTRY_COMPARE_WITH_TIMEOUT(
        m_window->toast().title(), u"Full synchronization of Head Office completed"_s, patience);
    QTRY_VERIFY(!m_window->jobBar().isVisible());
    const auto cell = [this](ConnectorTableModel::Column column) {
        return list()->model()->index(0, column).data().toString();
    };
    QTRY_COMPARE(cell(ConnectorTableModel::State), u"Connected"_s);
    QVERIFY(!cell(ConnectorTableModel::Organization).isEmpty());

    m_window->openNode(u"Assets and Compliance/Devices"_s);
    auto* page = qobject_cast<devices::DevicesPage*>(m_window->currentPage());
    QVERIFY(page != nullptr);
    QTRY_COMPARE_WITH_TIMEOUT(page->grid().model()->rowCount(), int(m_lab->truth().size()), patience);
    // SHL-07: both are there, hidden, and can be added.
    for (const auto column : {DeviceColumn::AccessState, DeviceColumn::LastSuccessSync}) {
        QVERIFY(page->grid().isColumnHidden(int(column)));
        page->grid().setColumnVisible(int(column), true);
        QVERIFY(!page->grid().isColumnHidden(int(column)));
    }
    int withState = 0;
    for (int row = 0; row < page->grid().model()->rowCount(); ++row) {
        if (!page->grid().model()->index(row, int(DeviceColumn::AccessState)).data().toString().isEmpty())
            ++withState;
    }
    QCOMPARE(withState, page->grid().model()->rowCount());
}

void TestConsoleLab::wrongPasswordIsASentence()
{
    runWizard(u"Wrong"_s, u"not the password"_s);
    QVERIFY(!wizard()->succeeded());
    QVERIFY2(completion().contains(u"The sign-in was refused"_s), qPrintable(completion()));
    QVERIFY(m_site->connectors().empty());
    wizard()->close();

    save(u"not the password"_s);
    list()->selectRow(0);
    action(u"synchronize-now"_s)->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(m_window->toast().title(), u"Full synchronization of Lab failed"_s, patience);
    QVERIFY2(m_window->toast().text().startsWith(u"The sign-in was refused"_s),
        qPrintable(m_window->toast().text()));
}

void TestConsoleLab::cancelKeepsWhatWasRead()
{
    QJsonObject slow{{u"kind"_s, u"slow"_s}, {u"ms"_s, 200}};
    m_lab->setFaults({slow});
    save(m_lab->password());
    synchronize();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->jobBar().isVisible(), patience); // slow enough to be seen
    QVERIFY(!action(u"synchronize-now"_s)->isEnabled());
    const std::vector<Job> jobs = m_site->jobs();
    const auto running = std::find_if(jobs.begin(), jobs.end(), [](const Job& job) { return !job.isOver(); });
    QVERIFY(running != jobs.end());
    m_site->cancelJob(running->id);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_window->toast().title(), u"Full synchronization of Lab was canceled"_s, patience);
    QTRY_VERIFY(action(u"synchronize-now"_s)->isEnabled());
    m_lab->clearFaults();
    synchronize();
    QTRY_COMPARE_WITH_TIMEOUT(
        m_window->toast().title(), u"Full synchronization of Lab completed"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(int(m_site->devices()->rowCount()), int(m_lab->truth().size()), patience);
}

void TestConsoleLab::testConnectionShowsTheChecks()
{
    save(m_lab->password());
    list()->selectRow(0);
    action(u"check-connector"_s)->trigger();
    auto* dialog = m_window->findChild<connectors::CheckConnectorDialog*>();
    QVERIFY(dialog != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->verdict().startsWith(u"The connection works"_s), patience);
    const auto& steps = dialog->findChild<widgets::StepList*>()->steps();
    QVERIFY2(
        steps.size() >= 15, qPrintable(QString::number(steps.size()))); // the required cmdlets, one by one
    dialog->close();
}

} // namespace

QTEST_MAIN(TestConsoleLab)
#include "tst_ConsoleLab.moc"

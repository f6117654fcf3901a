// Draws every page and dialog of the console on a made-up site into PNG files. Not a test: for the eye.
// usage: QT_QPA_PLATFORM=offscreen [QT_SCALE_FACTOR=2] postern-ui-tour FOLDER [light|dark]
#include <QApplication>
#include <QDir>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/connectors/AddExchangeServerWizard.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/connectors/ConnectorPropertiesDialog.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/Theme.h"
#include "ui/widgets/Toast.h"

using namespace postern;
using namespace Qt::StringLiterals;

namespace {

class Tour
{
public:
    explicit Tour(const QString& folder)
        : m_folder(folder)
    {
    }

    void run()
    {
        emptyConsole();
        console();
        wizard();
        properties();
        check();
    }

private:
    void shot(QWidget& widget, const QString& name)
    {
        widget.show();
        QTest::qWait(50);
        const QString path
            = m_folder.filePath(u"%1-%2.png"_s.arg(++m_number, 2, 10, QLatin1Char('0')).arg(name));
        if (!widget.grab().save(path))
            qWarning("Cannot write %s", qPrintable(path));
    }

    void emptyConsole()
    {
        test::FakeSiteClient site;
        shell::MainWindow window(site);
        shot(window, u"overview-empty"_s);
        window.openNode(u"Administration"_s);
        shot(window, u"connectors-empty"_s);
    }

    void console()
    {
        const ConnectorId first = m_site.addConnector(test::aConnector(u"Head Office"_s));
        Connector branch = test::aConnector(u"Branch"_s);
        branch.state = ConnectorState::Disconnected;
        branch.stateDetail
            = u"The user name or password was refused by https://ex2.fabrikam.lab/PowerShell/."_s;
        branch.serverAddress = u"https://ex2.fabrikam.lab/PowerShell/"_s;
        branch.organizationName = u"Fabrikam"_s;
        branch.lastFullEnd.reset();
        m_site.addConnector(branch);
        std::vector<AccessState> states(612, AccessState::Allowed);
        states.insert(states.end(), 41, AccessState::Quarantined);
        states.insert(states.end(), 35, AccessState::Blocked);
        states.insert(states.end(), 9, AccessState::Unknown);
        m_site.setDevices(states);
        const JobId old = m_site.startJob(first, u"statistics"_s, 500, 500);
        Job done = m_site.job(old);
        done.devicesRead = 697;
        done.added = 12;
        m_site.setJob(done);
        m_site.endJob(old, JobState::Succeeded, u"697 devices of 500 mailboxes."_s);
        shell::MainWindow window(m_site);
        shot(window, u"overview"_s);
        const JobId job = m_site.startJob(first, u"mailboxes"_s, 120, 500);
        window.openNode(u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s);
        window.findChild<QTableView*>(u"connectorList"_s)->selectRow(1);
        shot(window, u"connectors-running"_s);
        window.openNode(u"Monitoring"_s);
        shot(window, u"history"_s);
        window.openNode(u"Administration/Hierarchy Configuration"_s);
        shot(window, u"folder"_s);
        m_site.endJob(job, JobState::Succeeded);
        window.openNode(u"Assets and Compliance/Devices"_s);
        shot(window, u"devices-toast"_s);
    }

    void wizard()
    {
        connectors::AddExchangeServerWizard wizard(m_site, m_prompter);
        shot(wizard, u"wizard-general"_s);
        test::click(&wizard, u"Next >"_s);
        shot(wizard, u"wizard-errors"_s);
        test::fill(&wizard, u"Name"_s, u"Branch 2"_s);
        test::fill(&wizard, u"Server address"_s, u"ex1.contoso.com"_s);
        test::click(&wizard, u"Next >"_s);
        shot(wizard, u"wizard-account"_s);
        test::click(&wizard, u"Next >"_s);
        shot(wizard, u"wizard-discovery"_s);
        test::click(&wizard, u"Summary"_s);
        shot(wizard, u"wizard-summary"_s);
        test::click(&wizard, u"Next >"_s);
        report();
        shot(wizard, u"wizard-progress"_s);
        emit m_site.checkFinished({}, false);
        shot(wizard, u"wizard-completion"_s);
    }

    void properties()
    {
        m_site.refuseSaves = Error{ErrorCode::Conflict, {}, u"connector \"Head Office\""_s};
        connectors::ConnectorPropertiesDialog dialog(m_site, m_prompter, m_site.connectors().front());
        shot(dialog, u"properties-general"_s);
        auto* tabs = dialog.findChild<QTabWidget*>();
        tabs->setCurrentIndex(1);
        shot(dialog, u"properties-account"_s);
        tabs->setCurrentIndex(2);
        test::fill(&dialog, u"Parallel sessions"_s, u"4"_s);
        test::fill(&dialog, u"Delta synchronization, every"_s, u"30"_s);
        test::click(&dialog, u"Apply"_s);
        shot(dialog, u"properties-conflict"_s);
    }

    void check()
    {
        connectors::CheckConnectorDialog dialog(m_site, m_site.connectors().front(), {});
        report();
        shot(dialog, u"check-running"_s);
        emit m_site.checkFinished({}, true);
        shot(dialog, u"check-done"_s);
    }

    void report()
    {
        using Outcome = CheckResult::Outcome;
        emit m_site.checkReported({u"CON-30"_s, u"Name and port"_s, Outcome::Pass,
            u"ex1.contoso.com resolves to 10.0.0.12"_s, true});
        emit m_site.checkReported({u"CON-31"_s, u"Server certificate"_s, Outcome::Warning,
            u"It expires in 12 days. Renew it before then, or every synchronization fails."_s, true});
        emit m_site.checkReported({u"CON-32"_s, u"Cmdlet Get-Recipient"_s, Outcome::Fail,
            u"The account may not use it. Add the role View-Only Recipients to its role group."_s, true});
        emit m_site.checkReported(
            {u"CON-34"_s, u"Cmdlet Get-EXOMobileDeviceStatistics"_s, Outcome::NotApplicable, {}, false});
    }

    QDir m_folder;
    int m_number = 0;
    test::FakeSiteClient m_site;
    test::FakePrompter m_prompter;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QString folder = application.arguments().value(1, u"."_s);
    QDir().mkpath(folder);
    const bool dark = application.arguments().value(2) == "dark"_L1;
    widgets::applyTheme(application, dark ? widgets::ThemeChoice::Dark : widgets::ThemeChoice::Light);
    Tour(folder).run();
    return 0;
}

// Draws every page and dialog of the console on a made-up site into PNG files. Not a test: for the eye.
// usage: QT_QPA_PLATFORM=offscreen [QT_SCALE_FACTOR=2] postern-ui-tour FOLDER [light|dark]
#include <QApplication>
#include <QCheckBox>
#include <QDir>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/connectors/AddExchangeServerWizard.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/connectors/CommandPreviewDialog.h"
#include "ui/connectors/ConnectorPropertiesDialog.h"
#include "ui/connectors/DeleteConnectorDialog.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/FormDialog.h"
#include "ui/widgets/Theme.h"
#include "ui/widgets/Toast.h"
#include "ui/wizard/WizardPage.h"

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
        details();
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
        m_site.previewCommands = {u"Set-ActiveSyncOrganizationSettings -DefaultAccessLevel Quarantine "
                                  "-AdminMailRecipients @{Add='admins@contoso.com'}"_s,
            u"New-ActiveSyncDeviceAccessRule -QueryString 'iPhone' -Characteristic DeviceType -AccessLevel Allow"_s,
            u"Set-ActiveSyncMailboxPolicy -Identity 'Default' -DevicePasswordEnabled $true "
            "-MinDevicePasswordLength 6 -MaxInactivityTimeDeviceLock '00:15:00'"_s};
        m_site.log = u"/var/lib/postern/Logs/EasDisc.log"_s;
        connectors::AddExchangeServerWizard wizard(m_site, m_prompter);
        shot(wizard, u"wizard-general"_s);
        test::click(&wizard, u"Next >"_s);
        shot(wizard, u"wizard-errors"_s);
        test::fill(&wizard, u"Name"_s, u"Branch 2"_s);
        test::fill(&wizard, u"Server address"_s, u"ex1.contoso.com"_s);
        wizardServers(wizard);
        test::click(&wizard, u"Next >"_s);
        wizardAccount(wizard);
        test::click(&wizard, u"Next >"_s);
        wizardDiscovery(wizard);
        test::click(&wizard, u"Next >"_s);
        wizardSettings(wizard);
        test::click(&wizard, u"Next >"_s);
        wizardAccess(wizard);
        test::click(&wizard, u"Next >"_s);
        shot(wizard, u"wizard-summary"_s);
        scrollDown(wizard);
        shot(wizard, u"wizard-summary-commands"_s);
        test::click(&wizard, u"Next >"_s);
        report();
        shot(wizard, u"wizard-progress"_s);
        emit m_site.checkFinished({}, false);
        shot(wizard, u"wizard-completion"_s);
    }

    static void scrollDown(QWidget& inside)
    {
        for (auto* area : inside.findChildren<QScrollArea*>()) {
            if (area->isVisible())
                area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
        }
    }

    void wizardServers(connectors::AddExchangeServerWizard& wizard)
    {
        for (const auto& site : {u"Berlin"_s, u"Oslo"_s}) {
            test::click(&wizard, u"Add..."_s);
            auto* dialog = wizard.findChild<widgets::FormDialog*>();
            dialog->accept(); // its errors
            shot(*dialog, u"wizard-server-errors"_s);
            test::fill(dialog, u"Active Directory site"_s, site);
            test::fill(dialog, u"Client Access server"_s, u"ex-%1.contoso.com"_s.arg(site.toLower()));
            dialog->accept();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
        scrollDown(wizard);
        shot(wizard, u"wizard-general-servers"_s);
    }

    void wizardAccount(connectors::AddExchangeServerWizard& wizard)
    {
        shot(wizard, u"wizard-account"_s);
        test::click(&wizard, u"Windows user account"_s);
        test::fill(&wizard, u"Notification account"_s, u"postern"_s);
        test::click(&wizard, u"Next >"_s);
        shot(wizard, u"wizard-account-errors"_s);
        test::fill(&wizard, u"User name"_s, u"CONTOSO\\svc-postern"_s);
        test::fill(&wizard, u"Password"_s, u"secret"_s);
        test::fill(&wizard, u"Notification account"_s, u"postern@contoso.com"_s);
    }

    void wizardDiscovery(connectors::AddExchangeServerWizard& wizard)
    {
        shot(wizard, u"wizard-discovery"_s);
        test::click(&wizard, u"Only of users in these Active Directory containers"_s);
        test::fill(&wizard, u"Containers"_s,
            u"OU=Sales,DC=contoso,DC=com\nOU=Field,DC=contoso,DC=com\ncontoso.com/IT"_s);
        test::fill(&wizard, u"Delta synchronization, every"_s, u"30"_s);
        scrollDown(wizard);
        shot(wizard, u"wizard-discovery-containers"_s);
        test::fill(&wizard, u"Containers"_s, QString());
    }

    void wizardSettings(connectors::AddExchangeServerWizard& wizard)
    {
        shot(wizard, u"wizard-settings"_s);
        auto* tabs = wizard.currentPage()->findChild<QTabWidget*>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            tabs->currentWidget()->findChildren<QRadioButton*>().at(1)->click();
            if (tab == 1) {
                test::click(&wizard, u"A password is required"_s);
                test::fill(&wizard, u"Minimum length"_s, u"20"_s);
                wizard.currentPage()->validate();
            }
            shot(wizard, u"wizard-settings-%1"_s.arg(tab));
            if (tab == 1)
                test::fill(&wizard, u"Minimum length"_s, u"6"_s);
            tabs->currentWidget()->findChildren<QCheckBox*>().last()->click();
        }
    }

    void wizardAccess(connectors::AddExchangeServerWizard& wizard)
    {
        shot(wizard, u"wizard-access-off"_s);
        test::click(&wizard, u"Manage Exchange access rules"_s);
        test::choose(&wizard, u"Default access level"_s, u"Quarantine"_s);
        test::click(&wizard, u"Add..."_s);
        auto* dialog = wizard.findChild<widgets::FormDialog*>();
        test::fill(dialog, u"Value"_s, u"iPhone"_s);
        shot(*dialog, u"wizard-access-rule"_s);
        dialog->accept();
        shot(wizard, u"wizard-access"_s);
    }

    void properties()
    {
        m_site.refuseSaves = Error{ErrorCode::Conflict, {}, u"connector \"Head Office\""_s};
        connectors::ConnectorPropertiesDialog dialog(m_site, m_prompter, m_site.connectors().front());
        auto* tabs = dialog.findChild<QTabWidget*>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            shot(dialog, u"properties-%1"_s.arg(tab));
        }
        tabs->setCurrentIndex(2);
        test::fill(&dialog, u"Parallel sessions"_s, u"4"_s);
        test::fill(&dialog, u"Delta synchronization, every"_s, u"30"_s);
        test::click(&dialog, u"Apply"_s);
        shot(dialog, u"properties-conflict"_s);
        test::click(&dialog, u"Show Command"_s);
        shot(*dialog.findChild<connectors::CommandPreviewDialog*>(), u"properties-commands"_s);
    }

    // The details of a connector, its history, the shrink guard, and what Delete asks.
    void details()
    {
        const ConnectorId id = m_site.connectors().front().id;
        for (int i = 0; i < 14; ++i) {
            Job job;
            job.id = JobId{1000 + i};
            job.kind = i % 3 == 0 ? RequestKind::SynchronizeFull : RequestKind::SynchronizeDelta;
            job.connectorId = id;
            job.state = i == 9 ? JobState::Failed : JobState::Succeeded;
            job.startedAt = QDateTime(QDate(2026, 11, 20), QTime(0, 0), Qt::UTC).addSecs(i * 14'400);
            job.endedAt = job.startedAt.addSecs(i % 3 == 0 ? 300 + 25 * i : 20 + 3 * i);
            job.devicesRead = i % 3 == 0 ? 640 + 6 * i : 12 + i;
            m_site.setJob(job);
        }
        m_site.writes[id] = {test::aBlockWrite(1, u"contoso.lab/Users/Anna Berg"_s, u"APPLF17V12345"_s),
            test::aBlockWrite(2, u"contoso.lab/Users/Ben O'Neil"_s, u"ANDROIDC1234567"_s)};
        m_site.writes[id].back().state = WriteState::Failed;
        m_site.writes[id].back().problem = u"The mailbox is being moved."_s;
        using Outcome = CheckResult::Outcome;
        m_site.lastChecks[id] = {
            {u"CON-31"_s, u"Server certificate"_s, Outcome::Pass, u"valid until 2027"_s, true},
            {u"CON-32"_s, u"Cmdlet Get-Recipient"_s, Outcome::Fail, u"The account may not use it."_s, true}};
        shell::MainWindow window(m_site);
        window.resize(1400, 900);
        window.openNode(u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s);
        StatusMessage guard = test::aMessage(5, Severity::Error, 30015, QDateTime::currentDateTimeUtc());
        guard.connectorId = m_site.connectors().back().id;
        guard.arguments = {u"Branch"_s, u"partnerships"_s, u"500"_s, u"12"_s};
        emit m_site.statusMessageAdded(guard);
        window.findChild<QTableView*>(u"connectorList"_s)->selectRow(1);
        auto* tabs = window.currentPage()->findChild<QTabWidget*>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            shot(window, u"connector-details-%1"_s.arg(tab));
        }
        connectors::DeleteConnectorDialog remove(m_site, {m_site.connectors().front()});
        shot(remove, u"delete"_s);
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

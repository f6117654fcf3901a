// The wizard on a fake site: validation in place, nothing written before Summary > Next, the whole run,
// failures.
#include <QAbstractButton>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/connectors/AddExchangeServerWizard.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/widgets/CommandText.h"
#include "ui/wizard/ClosingPages.h"

using namespace postern;
using namespace Qt::StringLiterals;
using test::button;
using test::click;
using test::errorOf;
using test::fill;

// Takes what would go to the desktop's program for files.
class UrlCatcher final : public QObject
{
    Q_OBJECT
public:
    UrlCatcher() { QDesktopServices::setUrlHandler(u"file"_s, this, "take"); }
    ~UrlCatcher() override { QDesktopServices::unsetUrlHandler(u"file"_s); }
    QList<QUrl> opened;
public slots:
    void take(const QUrl& url) { opened.append(url); }
};

class TestAddExchangeServerWizard : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::FakeSiteClient> m_site;
    std::unique_ptr<test::FakePrompter> m_prompter;
    std::unique_ptr<connectors::AddExchangeServerWizard> m_wizard;

    void toSummary()
    {
        fill(m_wizard.get(), u"Name"_s, u"Head Office"_s);
        fill(m_wizard.get(), u"Server address"_s, u"ex1.contoso.com"_s);
        click(m_wizard.get(), u"Next >"_s);
        test::choose(m_wizard.get(), u"Authentication"_s, u"Basic"_s);
        fill(m_wizard.get(), u"User name"_s, u"CONTOSO\\svc-postern"_s);
        fill(m_wizard.get(), u"Password"_s, u" s3cret "_s);
        click(m_wizard.get(), u"Next >"_s);
        fill(m_wizard.get(), u"Parallel sessions"_s, u"4"_s);
        click(m_wizard.get(), u"Next >"_s);
        QCOMPARE(m_wizard->currentPage()->title(), u"Settings"_s);
        click(m_wizard.get(), u"Next >"_s);
        QCOMPARE(m_wizard->currentPage()->title(), u"Access Rules"_s);
        click(m_wizard.get(), u"Next >"_s);
        QCOMPARE(m_wizard->currentPage()->title(), u"Summary"_s);
    }
    [[nodiscard]] QString completion() const
    {
        return m_wizard->findChild<wizard::CompletionPage*>()->sentence();
    }

private slots:
    void init()
    {
        m_site = std::make_unique<test::FakeSiteClient>();
        m_prompter = std::make_unique<test::FakePrompter>();
        m_wizard = std::make_unique<connectors::AddExchangeServerWizard>(*m_site, *m_prompter);
        m_wizard->show();
        QVERIFY(QTest::qWaitForWindowActive(m_wizard.get()));
    }
    void cleanup() { m_wizard.reset(); }

    void saysErrorsInPlace();
    void refusesAnAddressThatTheAuthenticationCannotUse();
    void refusesATakenName();
    void summaryNeedsAllPages();
    void summaryShowsAllValuesButNoPassword();
    void wholeRun();
    void failedCheckSavesNothing();
    void addAnywaySaves();
    void refusedSaveIsSaid();
    void cancelDuringTheCheckStopsIt();
    void cancelWritesNothing();
    void previousKeepsWhatWasTyped();
    void browsesForTheAuthorityFile();
    void ownAccountNeedsNoPassword();
    void summaryShowsTheCommands();
    void commandsOfAFormerDraftAreNotShown();
    void settingsNeedTheTick();
    void verifiesTheNotificationAccount();
    void completionOpensTheLog();
};

void TestAddExchangeServerWizard::ownAccountNeedsNoPassword()
{
    fill(m_wizard.get(), u"Name"_s, u"Head Office"_s);
    fill(m_wizard.get(), u"Server address"_s, u"ex1.contoso.com"_s);
    click(m_wizard.get(), u"Next >"_s);
    QVERIFY(!test::editor(m_wizard.get(), u"User name"_s)->isVisible());
    click(m_wizard.get(), u"Windows user account"_s);
    QVERIFY(test::editor(m_wizard.get(), u"User name"_s)->isVisible());
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(errorOf(m_wizard.get(), u"User name"_s), u"Enter the user name."_s);
    fill(m_wizard.get(), u"User name"_s, u"CONTOSO\\svc"_s);
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(errorOf(m_wizard.get(), u"Password"_s), u"Enter the password."_s);
    fill(m_wizard.get(), u"Password"_s, u"secret"_s);
    // What was typed for the other account is not used.
    click(m_wizard.get(), u"The site server's own account (its Kerberos ticket)"_s);
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"Discovery"_s);
    QCOMPARE(m_wizard->draft().user, QString());
    click(m_wizard.get(), u"Summary"_s);
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_site->passwords.last(), QString());
}

void TestAddExchangeServerWizard::summaryShowsTheCommands()
{
    m_site->answersPreviews = false;
    toSummary();
    auto* commands = m_wizard->currentPage()->findChild<widgets::CommandText*>();
    QVERIFY(commands->isVisible());
    QCOMPARE(m_site->previewed.size(), 1U);
    QCOMPARE(m_site->previewed.front().name, u"Head Office"_s);
    QVERIFY(commands->commands().isEmpty());
    emit m_site->settingsPreviewed(m_site->previewed.front(), {u"Set-One"_s, u"Set-Two"_s});
    QCOMPARE(commands->commands(), QStringList({u"Set-One"_s, u"Set-Two"_s}));
    click(m_wizard.get(), u"Copy Commands"_s);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"Set-One\nSet-Two\n"_s);
    QVERIFY(m_site->checked.empty()); // asking is not writing
    QVERIFY(m_site->saved.empty());
}

void TestAddExchangeServerWizard::commandsOfAFormerDraftAreNotShown()
{
    m_site->answersPreviews = false;
    toSummary();
    const Connector former = m_site->previewed.front();
    auto* pages = m_wizard->findChild<QListWidget*>(u"wizardPages"_s);
    pages->setCurrentRow(0);
    fill(m_wizard.get(), u"Server address"_s, u"ex9.contoso.com"_s);
    click(m_wizard.get(), u"Summary"_s);
    emit m_site->settingsPreviewed(former, {u"Set-Old"_s});
    QVERIFY(m_wizard->currentPage()->findChild<widgets::CommandText*>()->commands().isEmpty());
    emit m_site->settingsPreviewed(m_site->previewed.back(), {u"Set-New"_s});
    QCOMPARE(m_wizard->currentPage()->findChild<widgets::CommandText*>()->commands().size(), 1);
}

void TestAddExchangeServerWizard::settingsNeedTheTick()
{
    toSummary();
    m_wizard->findChild<QListWidget*>(u"wizardPages"_s)->setCurrentRow(3);
    QCOMPARE(m_wizard->currentPage()->title(), u"Settings"_s);
    click(m_wizard.get(), u"Configure: Exchange gets all values below"_s);
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"Settings"_s);
    QVERIFY(!button(m_wizard.get(), u"Summary"_s)->isEnabled());
    click(m_wizard.get(), u"I want Postern to set these values too"_s);
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"Access Rules"_s);
    QVERIFY(m_wizard->draft().settings.policy.general);
}

void TestAddExchangeServerWizard::verifiesTheNotificationAccount()
{
    toSummary();
    m_wizard->findChild<QListWidget*>(u"wizardPages"_s)->setCurrentRow(1);
    QVERIFY(!button(m_wizard.get(), u"Verify Notification Account..."_s)->isEnabled());
    fill(m_wizard.get(), u"Notification account"_s, u"postern@contoso.com"_s);
    click(m_wizard.get(), u"Verify Notification Account..."_s);
    auto* dialog = m_wizard->findChild<connectors::CheckConnectorDialog*>();
    QVERIFY(dialog != nullptr);
    QCOMPARE(m_site->checked.back().notificationAccount, u"postern@contoso.com"_s);
    emit m_site->checkReported({u"CON-31"_s, u"Certificate"_s, CheckResult::Outcome::Pass, {}, true});
    emit m_site->checkReported({u"CON-10"_s, u"Notification mailbox"_s, CheckResult::Outcome::Fail,
        u"There is no such mailbox."_s, false});
    QCOMPARE(dialog->findChild<widgets::StepList*>()->steps().size(), 1); // what was asked for only
    emit m_site->checkFinished({}, true);
    QVERIFY(m_site->saved.empty()); // not the wizard's own check
    QCOMPARE(m_wizard->currentPage()->title(), u"Account"_s);
}

void TestAddExchangeServerWizard::completionOpensTheLog()
{
    m_site->log = QDir::tempPath() + u"/EasDisc.log"_s;
    toSummary();
    click(m_wizard.get(), u"Next >"_s);
    emit m_site->checkFinished({}, true);
    QVERIFY(m_wizard->succeeded());
    QCOMPARE(button(m_wizard.get(), u"Open EasDisc.log"_s)->toolTip(), m_site->log);
    UrlCatcher catcher;
    click(m_wizard.get(), u"Open EasDisc.log"_s);
    QCOMPARE(catcher.opened, QList<QUrl>{QUrl::fromLocalFile(m_site->log)});
}

void TestAddExchangeServerWizard::saysErrorsInPlace()
{
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"General"_s);
    QCOMPARE(errorOf(m_wizard.get(), u"Name"_s), u"Enter a name for this connector."_s);
    QVERIFY(errorOf(m_wizard.get(), u"Server address"_s).startsWith(u"Enter the Client Access server"_s));
    QCOMPARE(m_wizard->focusWidget(), test::editor(m_wizard.get(), u"Name"_s)); // the first invalid field
    QVERIFY(test::editor(m_wizard.get(), u"Name"_s)->accessibleDescription().startsWith(u"Enter a name"_s));
    fill(m_wizard.get(), u"Name"_s, u"Head Office"_s);
    QCOMPARE(errorOf(m_wizard.get(), u"Name"_s), QString()); // repaired: gone at once
}

void TestAddExchangeServerWizard::refusesAnAddressThatTheAuthenticationCannotUse()
{
    fill(m_wizard.get(), u"Name"_s, u"Head Office"_s);
    fill(m_wizard.get(), u"Server address"_s, u"10.0.0.1"_s);
    click(m_wizard.get(), u"Next >"_s);
    QVERIFY(errorOf(m_wizard.get(), u"Server address"_s).startsWith(u"Kerberos needs the server's name"_s));

    fill(m_wizard.get(), u"Server address"_s, u"http://ex1.contoso.com/PowerShell/"_s);
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"Account"_s);
    test::choose(m_wizard.get(), u"Authentication"_s, u"Basic"_s); // now the page before is wrong
    fill(m_wizard.get(), u"User name"_s, u"svc@contoso.com"_s);
    fill(m_wizard.get(), u"Password"_s, u"x"_s);
    QVERIFY(!button(m_wizard.get(), u"Summary"_s)->isEnabled());
    for (int page = 0; page < 4; ++page)
        click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"Summary"_s);
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"General"_s);
    QVERIFY(errorOf(m_wizard.get(), u"Server address"_s).contains(u"must start with https://"_s));
    QVERIFY(m_site->checked.empty());
}

void TestAddExchangeServerWizard::refusesATakenName()
{
    m_site->addConnector(test::aConnector(u"Head Office"_s));
    m_wizard = std::make_unique<connectors::AddExchangeServerWizard>(*m_site, *m_prompter);
    m_wizard->show();
    fill(m_wizard.get(), u"Name"_s, u"head office"_s);
    fill(m_wizard.get(), u"Server address"_s, u"ex1.contoso.com"_s);
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(errorOf(m_wizard.get(), u"Name"_s), u"Another connector has this name."_s);
}

void TestAddExchangeServerWizard::summaryNeedsAllPages()
{
    QVERIFY(!button(m_wizard.get(), u"Summary"_s)->isEnabled());
    fill(m_wizard.get(), u"Name"_s, u"Head Office"_s);
    fill(m_wizard.get(), u"Server address"_s, u"ex1.contoso.com"_s);
    // Kerberos with the own ticket needs nothing on Account, and Discovery has defaults.
    QVERIFY(button(m_wizard.get(), u"Summary"_s)->isEnabled());
    click(m_wizard.get(), u"Summary"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"Summary"_s);
    QVERIFY(m_site->checked.empty());
    QVERIFY(m_site->saved.empty());
    auto* pages = m_wizard->findChild<QListWidget*>(u"wizardPages"_s);
    pages->setCurrentRow(1);
    QCOMPARE(m_wizard->currentPage()->title(), u"Account"_s);
    click(m_wizard.get(), u"Windows user account"_s);
    fill(m_wizard.get(), u"User name"_s, u"bare"_s);
    pages->setCurrentRow(3);
    QCOMPARE(m_wizard->currentPage()->title(), u"Account"_s); // it cannot be left forward
    QCOMPARE(pages->currentRow(), 1);
}

void TestAddExchangeServerWizard::summaryShowsAllValuesButNoPassword()
{
    toSummary();
    const QString text = m_wizard->findChild<wizard::SummaryPage*>()->toText();
    for (const auto& line : {u"Name: Head Office"_s, u"Server address: https://ex1.contoso.com/PowerShell/"_s,
             u"User name: CONTOSO\\svc-postern"_s, u"Password: Given; kept in the key ring"_s,
             u"Parallel sessions: 4"_s, u"Environment: On-premises Exchange Server"_s,
             u"Site: PS1 - test organisation"_s, u"Discover other servers: Yes"_s,
             u"Full synchronization: Every 1 day(s) at"_s, u"Delta synchronization: Every 240 minute(s)"_s,
             u"Find devices: In the whole organization"_s, u"Exchange Web Services: Found by Autodiscover"_s,
             u"Email Management: Not configured"_s, u"External device management: Not changed"_s,
             u"Exchange access rules: Not managed by Postern"_s,
             u"Ignored devices: Not synchronized for more than 60 day(s)"_s})
        QVERIFY2(text.contains(line), qPrintable(line));
    QVERIFY(!text.contains(u"s3cret"_s));
}

void TestAddExchangeServerWizard::wholeRun()
{
    toSummary();
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"Progress"_s);
    QCOMPARE(m_site->checked.size(), 1U);
    QCOMPARE(m_site->passwords.last(), u" s3cret "_s); // as typed
    QVERIFY(m_site->saved.empty());
    QVERIFY(!button(m_wizard.get(), u"< Previous"_s)->isEnabled());
    emit m_site->checkReported({u"CON-30"_s, u"Name and port"_s, CheckResult::Outcome::Pass, {}, true});
    emit m_site->checkReported(
        {u"CON-31"_s, u"Server certificate"_s, CheckResult::Outcome::Warning, u"soon"_s, true});
    emit m_site->checkFinished({}, true);
    QCOMPARE(m_site->saved.size(), 1U);
    const Connector& saved = m_site->saved.front();
    QCOMPARE(saved.name, u"Head Office"_s);
    QCOMPARE(saved.serverAddress, u"https://ex1.contoso.com/PowerShell/"_s);
    QCOMPARE(int(saved.authentication), int(Authentication::Basic));
    QCOMPARE(saved.parallelSessions, 4);
    QCOMPARE(saved.deltaMinutes, 240);
    QCOMPARE(saved.maxInactiveDays, 60);
    QCOMPARE(saved.fullSchedule, u"1d@00:00"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"Completion"_s);
    QVERIFY(completion().startsWith(u"The connector \"Head Office\" was added."_s));
    QVERIFY(m_wizard->succeeded());
    const auto steps = m_wizard->currentPage()->findChild<widgets::StepList*>()->steps();
    QCOMPARE(steps.size(), 3);
    QCOMPARE(int(steps[1].outcome), int(widgets::Step::Outcome::Warning));
    QCOMPARE(steps[2].name, u"Save the connector"_s);
    QSignalSpy accepted(m_wizard.get(), &QDialog::accepted);
    click(m_wizard.get(), u"Close"_s);
    QCOMPARE(accepted.count(), 1);
}

void TestAddExchangeServerWizard::failedCheckSavesNothing()
{
    toSummary();
    click(m_wizard.get(), u"Next >"_s);
    emit m_site->checkFinished(
        Error{ErrorCode::AuthenticationFailed, {}, u"https://ex1.contoso.com"_s}, false);
    QCOMPARE(m_wizard->currentPage()->title(), u"Completion"_s);
    QVERIFY2(completion().startsWith(u"The sign-in was refused: https://ex1.contoso.com"_s),
        qPrintable(completion()));
    QVERIFY(completion().endsWith(u"Nothing was saved."_s));
    QVERIFY(m_site->saved.empty());
    // Back to the summary, on to the account, and again.
    click(m_wizard.get(), u"< Previous"_s);
    QCOMPARE(m_wizard->currentPage()->title(), u"Summary"_s);
    QVERIFY(button(m_wizard.get(), u"Add Anyway"_s) == nullptr);
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_site->checked.size(), 2U);
}

void TestAddExchangeServerWizard::addAnywaySaves()
{
    toSummary();
    click(m_wizard.get(), u"Next >"_s);
    emit m_site->checkReported(
        {u"CON-32"_s, u"Cmdlet Get-Recipient"_s, CheckResult::Outcome::Fail, {}, true});
    emit m_site->checkFinished({}, false);
    QVERIFY(completion().startsWith(u"A required check failed."_s));
    click(m_wizard.get(), u"Add Anyway"_s);
    QCOMPARE(m_site->saved.size(), 1U);
    QVERIFY(m_wizard->succeeded());
    QCOMPARE(m_wizard->currentPage()->findChild<widgets::StepList*>()->steps().size(), 2);
}

void TestAddExchangeServerWizard::refusedSaveIsSaid()
{
    m_site->refuseSaves
        = Error{ErrorCode::Conflict, {}, u"Contoso is already served by the connector Branch"_s};
    toSummary();
    click(m_wizard.get(), u"Next >"_s);
    emit m_site->checkFinished({}, true);
    QVERIFY(completion().contains(u"Contoso is already served by the connector Branch"_s));
    QVERIFY(!m_wizard->succeeded());
    QVERIFY(button(m_wizard.get(), u"< Previous"_s)->isEnabled());
}

void TestAddExchangeServerWizard::cancelDuringTheCheckStopsIt()
{
    toSummary();
    click(m_wizard.get(), u"Next >"_s);
    click(m_wizard.get(), u"Cancel"_s);
    QVERIFY(m_site->checkStopped);
    QCOMPARE(completion(), u"Canceled. Nothing was saved."_s);
    emit m_site->checkFinished({}, true); // a late answer
    QVERIFY(m_site->saved.empty());
    QVERIFY(m_wizard->isVisible());
    click(m_wizard.get(), u"Close"_s);
    QVERIFY(!m_wizard->isVisible());
}

void TestAddExchangeServerWizard::cancelWritesNothing()
{
    toSummary();
    QSignalSpy rejected(m_wizard.get(), &QDialog::rejected);
    QTest::keyClick(m_wizard.get(), Qt::Key_Escape);
    QCOMPARE(rejected.count(), 1);
    QVERIFY(m_site->checked.empty());
    QVERIFY(m_site->saved.empty());
}

void TestAddExchangeServerWizard::previousKeepsWhatWasTyped()
{
    toSummary();
    for (const auto& title : {u"Access Rules"_s, u"Settings"_s, u"Discovery"_s, u"Account"_s, u"General"_s}) {
        click(m_wizard.get(), u"< Previous"_s);
        QCOMPARE(m_wizard->currentPage()->title(), title);
    }
    QVERIFY(!button(m_wizard.get(), u"< Previous"_s)->isEnabled());
    QCOMPARE(m_wizard->draft().name, u"Head Office"_s);
    QCOMPARE(m_wizard->draft().user, u"CONTOSO\\svc-postern"_s);
}

void TestAddExchangeServerWizard::browsesForTheAuthorityFile()
{
    fill(m_wizard.get(), u"Name"_s, u"Head Office"_s);
    fill(m_wizard.get(), u"Server address"_s, u"ex1.contoso.com"_s);
    click(m_wizard.get(), u"Next >"_s);
    m_prompter->file = u"/nowhere/ca.pem"_s;
    click(m_wizard.get(), u"Browse..."_s);
    QVERIFY(
        errorOf(m_wizard.get(), u"Certificate authority file"_s).startsWith(u"The file cannot be read"_s));
    m_prompter->file.clear(); // the dialog was cancelled
    click(m_wizard.get(), u"Browse..."_s);
    QCOMPARE(m_wizard->draft().caFile, u"/nowhere/ca.pem"_s);
}

QTEST_MAIN(TestAddExchangeServerWizard)
#include "tst_AddExchangeServerWizard.moc"

// Add Exchange Server in a real window, by what a screen reader's user has: roles, names and the keyboard.
// Every page, and the errors of every page.
#include <QTest>

#include "tests/ui/support/AccessibleDriver.h"
#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "ui/connectors/AddExchangeServerWizard.h"

using namespace postern;
using namespace Qt::StringLiterals;
using test::AccessibleDriver;

namespace {

constexpr auto button = QAccessible::Button;
constexpr auto line = QAccessible::EditableText;
constexpr auto number = QAccessible::SpinBox;
constexpr auto radio = QAccessible::RadioButton;
constexpr auto tick = QAccessible::CheckBox;

class TestWizardByAccessibility : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::FakeSiteClient> m_site;
    test::FakePrompter m_prompter;
    std::unique_ptr<connectors::AddExchangeServerWizard> m_wizard;
    std::unique_ptr<AccessibleDriver> m_driver;

    [[nodiscard]] QString page() const { return m_driver->texts().value(0); } // the heading is read first
    void next() { m_driver->press(button, u"Next >"_s); }
    void general();
    void account();
    void discovery();
    void settings();
    void accessRules();

private slots:
    void init();
    void cleanup();
    void everyPageAndItsErrors();
    void cancelOnEachPageWritesNothing_data();
    void cancelOnEachPageWritesNothing();
    void dialogsOfTheTables();
};

void TestWizardByAccessibility::init()
{
    m_site = std::make_unique<test::FakeSiteClient>();
    m_site->addConnector(test::aConnector(u"Lab"_s));
    m_site->setDeviceList({{u"iPhone"_s, u"iPhone14C2"_s}, {u"Android"_s, u"SM-G998"_s}});
    m_site->previewCommands = {u"Set-ActiveSyncOrganizationSettings -DefaultAccessLevel Quarantine"_s};
    m_wizard = std::make_unique<connectors::AddExchangeServerWizard>(*m_site, m_prompter);
    m_wizard->show();
    QVERIFY(QTest::qWaitForWindowActive(m_wizard.get()));
    m_driver = std::make_unique<AccessibleDriver>(m_wizard.get());
}

void TestWizardByAccessibility::cleanup()
{
    m_driver.reset();
    m_wizard.reset();
}

void TestWizardByAccessibility::general()
{
    QCOMPARE(page(), u"General"_s);
    QVERIFY(!m_driver->isEnabled(radio, u"Hosted Exchange Server (Exchange Online)"_s));
    QVERIFY(m_driver->description(radio, u"Hosted Exchange Server (Exchange Online)"_s)
                .contains(u"not connect"_s));
    next();
    QCOMPARE(page(), u"General"_s);
    QCOMPARE(m_driver->focusName(), u"Name"_s); // the first field that is wrong
    QVERIFY(m_driver->description(line, u"Name"_s).startsWith(u"Enter a name"_s));
    m_driver->type(u"Name"_s, u"lab"_s);
    m_driver->type(u"Server address"_s, u"10.0.0.1"_s);
    next();
    QVERIFY(m_driver->description(line, u"Name"_s).startsWith(u"Another connector has this name."_s));
    QVERIFY(
        m_driver->description(line, u"Server address"_s).startsWith(u"Kerberos needs the server's name"_s));
    m_driver->type(u"Name"_s, u"Head Office"_s);
    m_driver->type(u"Server address"_s, u"ex1.contoso.com"_s);
    QVERIFY(
        m_driver->description(line, u"Server address"_s).contains(u"http://ex1.contoso.com/PowerShell/"_s));
    m_driver->press(tick, u"Discover other Client Access servers"_s);
    next();
}

void TestWizardByAccessibility::account()
{
    QCOMPARE(page(), u"Account"_s);
    m_driver->choose(u"Authentication"_s, u"Basic"_s);
    QVERIFY(m_driver->isChecked(radio, u"Windows user account"_s)); // Basic sends a name
    QVERIFY(!m_driver->isEnabled(button, u"Verify Notification Account..."_s));
    m_driver->type(u"User name"_s, u"svc"_s);
    m_driver->type(u"Notification account"_s, u"postern"_s);
    m_driver->type(u"Exchange Web Services address"_s, u"http://mail.contoso.com"_s);
    next();
    QCOMPARE(page(), u"Account"_s);
    QVERIFY(m_driver->description(line, u"User name"_s).startsWith(u"Enter the user name with its domain"_s));
    QVERIFY(m_driver->description(line, u"Password"_s).startsWith(u"Enter the password."_s));
    QVERIFY(m_driver->description(line, u"Notification account"_s).contains(u"is not an e-mail address"_s));
    QVERIFY(m_driver->description(line, u"Exchange Web Services address"_s).contains(u"https://"_s));
    m_driver->type(u"User name"_s, u"CONTOSO\\svc-postern"_s);
    m_driver->type(u"Password"_s, u"s3cret"_s);
    QVERIFY(!m_driver->value(line, u"Password"_s).contains(u"s3cret"_s)); // not read out either
    m_driver->type(u"Notification account"_s, u"postern@contoso.com"_s);
    m_driver->type(u"Exchange Web Services address"_s, u"https://mail.contoso.com/EWS/Exchange.asmx"_s);
    QVERIFY(m_driver->isEnabled(button, u"Verify Notification Account..."_s));
    next();
}

void TestWizardByAccessibility::discovery()
{
    QCOMPARE(page(), u"Discovery"_s);
    m_driver->setNumber(u"Delta synchronization, every"_s, 1440);
    QVERIFY(
        m_driver->description(number, u"Delta synchronization, every"_s).startsWith(u"Enter 15 to 1439"_s));
    next();
    QCOMPARE(page(), u"Discovery"_s);
    m_driver->setNumber(u"Delta synchronization, every"_s, 30);
    QVERIFY(m_driver->description(number, u"Delta synchronization, every"_s).startsWith(u"Less than 60"_s));
    m_driver->press(radio, u"Custom schedule"_s);
    m_driver->type(u"Custom schedule of the full synchronization"_s, u"never"_s);
    m_driver->press(radio, u"Only of users in these Active Directory containers"_s);
    next();
    QCOMPARE(page(), u"Discovery"_s);
    QVERIFY(m_driver->description(line, u"Containers"_s).startsWith(u"Enter at least one container"_s));
    m_driver->type(u"Custom schedule of the full synchronization"_s, u"1d@02:30"_s);
    m_driver->type(u"Containers"_s, u"contoso.com/Sales"_s);
    m_driver->press(button, u"Add to Containers, list"_s);
    QVERIFY(m_driver->description(line, u"Containers"_s).startsWith(u"Enter a distinguished name"_s));
    m_driver->type(u"Containers"_s, u"OU=Sales,DC=contoso,DC=com"_s);
    m_driver->press(button, u"Add to Containers, list"_s);
    next();
}

void TestWizardByAccessibility::settings()
{
    QCOMPARE(page(), u"Settings"_s);
    m_driver->openTab(u"Password"_s);
    m_driver->press(radio, u"Configure: Exchange gets all values below"_s);
    m_driver->press(tick, u"A password is required"_s);
    m_driver->setNumber(u"Minimum length"_s, 17);
    QVERIFY(m_driver->description(number, u"Minimum length"_s).startsWith(u"Enter 1 to 16"_s));
    next();
    QCOMPARE(page(), u"Settings"_s);
    m_driver->setNumber(u"Minimum length"_s, 6);
    QVERIFY(m_driver->texts().filter(u"Besides what you changed it gets"_s).size() == 1);
    next();
    QCOMPARE(page(), u"Settings"_s); // the tick is missing
    QVERIFY(
        m_driver->description(tick, u"I want Postern to set these values too"_s).contains(u"as a whole"_s));
    m_driver->press(tick, u"I want Postern to set these values too"_s);
    next();
}

void TestWizardByAccessibility::accessRules()
{
    QCOMPARE(page(), u"Access Rules"_s);
    QVERIFY(!m_driver->isEnabled(QAccessible::ComboBox, u"Default access level"_s));
    m_driver->press(tick, u"Manage Exchange access rules"_s);
    m_driver->choose(u"Default access level"_s, u"Quarantine"_s);
    QVERIFY(m_driver->description(QAccessible::ComboBox, u"Default access level"_s)
                .startsWith(u"How many phones lose mail"_s));
    m_driver->type(u"Administrators notified"_s, u"nobody"_s);
    next();
    QCOMPARE(page(), u"Access Rules"_s);
    QVERIFY(
        m_driver->description(line, u"Administrators notified"_s).contains(u"is not an e-mail address"_s));
    m_driver->type(u"Administrators notified"_s, u"admins@contoso.com"_s);
    m_driver->press(button, u"Add to Administrators notified, list"_s);
    next();
}

void TestWizardByAccessibility::everyPageAndItsErrors()
{
    for (const auto fillPage : {&TestWizardByAccessibility::general, &TestWizardByAccessibility::account,
             &TestWizardByAccessibility::discovery, &TestWizardByAccessibility::settings,
             &TestWizardByAccessibility::accessRules}) {
        (this->*fillPage)();
        if (QTest::currentTestFailed())
            return;
    }
    QCOMPARE(page(), u"Summary"_s);
    QVERIFY(m_site->checked.empty() && m_site->saved.empty());
    const QStringList said = m_driver->texts();
    QVERIFY(said.contains(u"Commands that will run in Exchange"_s));
    QVERIFY(m_driver->has(button, u"Copy Commands"_s));
    next();
    QCOMPARE(page(), u"Progress"_s);
    emit m_site->checkReported({u"CON-31"_s, u"Server certificate"_s, CheckResult::Outcome::Pass, {}, true});
    emit m_site->checkFinished({}, true);
    QCOMPARE(page(), u"Completion"_s);
    QVERIFY(m_driver->texts().filter(u"The connector \"Head Office\" was added."_s).size() == 1);
    const Connector& saved = m_site->saved.at(0);
    QCOMPARE(saved.serverAddress, u"https://ex1.contoso.com/PowerShell/"_s);
    QVERIFY(!saved.discoverServers);
    QCOMPARE(saved.user, u"CONTOSO\\svc-postern"_s);
    QCOMPARE(saved.notificationAccount, u"postern@contoso.com"_s);
    QCOMPARE(saved.fullSchedule, u"1d@02:30"_s);
    QCOMPARE(saved.deltaMinutes, 30);
    QCOMPARE(saved.adContainers, QStringList(u"OU=Sales,DC=contoso,DC=com"_s));
    QCOMPARE(saved.settings.policy.password->minimumLength, 6);
    QVERIFY(saved.settings.access.manage && saved.settings.access.defaultLevel == AccessLevel::Quarantine);
    QCOMPARE(saved.settings.access.adminMailRecipients, QStringList(u"admins@contoso.com"_s));
    QVERIFY(validate(saved.settings).has_value());
    m_driver->press(button, u"Close"_s);
    QVERIFY(!m_wizard->isVisible());
}

void TestWizardByAccessibility::cancelOnEachPageWritesNothing_data()
{
    QTest::addColumn<int>("pages");
    QTest::newRow("General") << 0;
    QTest::newRow("Account") << 1;
    QTest::newRow("Discovery") << 2;
    QTest::newRow("Settings") << 3;
    QTest::newRow("Access Rules") << 4;
    QTest::newRow("Summary") << 5;
}

void TestWizardByAccessibility::cancelOnEachPageWritesNothing()
{
    QFETCH(int, pages);
    m_driver->type(u"Name"_s, u"Head Office"_s);
    m_driver->type(u"Server address"_s, u"ex1.contoso.com"_s);
    for (int i = 0; i < pages; ++i)
        next();
    QCOMPARE(page(), QString::fromUtf8(QTest::currentDataTag()));
    m_driver->press(button, u"Cancel"_s);
    QVERIFY(!m_wizard->isVisible());
    QVERIFY(m_site->checked.empty() && m_site->saved.empty() && m_site->requests.empty());
}

void TestWizardByAccessibility::dialogsOfTheTables()
{
    m_driver->press(button, u"Add to Client Access servers by Active Directory site"_s);
    auto* dialog = m_wizard->findChild<QDialog*>();
    QVERIFY(dialog != nullptr);
    AccessibleDriver inside(dialog);
    inside.press(button, u"OK"_s);
    QCOMPARE(inside.focusName(), u"Active Directory site"_s);
    QVERIFY(
        inside.description(line, u"Client Access server"_s).startsWith(u"Enter the server's full name"_s));
    inside.type(u"Active Directory site"_s, u"Berlin"_s);
    inside.type(u"Client Access server"_s, u"ex2.contoso.com"_s);
    inside.press(button, u"OK"_s);
    QVERIFY(m_wizard->draft().clientAccessServers
        == std::vector<ClientAccessServer>({{u"Berlin"_s, u"ex2.contoso.com"_s}}));
    QVERIFY(m_driver->isEnabled(
        button, u"Edit the selected row of Client Access servers by Active Directory site"_s));
}

} // namespace

QTEST_MAIN(TestWizardByAccessibility)
#include "tst_WizardByAccessibility.moc"

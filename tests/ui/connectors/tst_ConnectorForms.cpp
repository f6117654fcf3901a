// Each form of a connector by itself: what it loads it stores, its rules and errors, its dialogs.
#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableWidget>
#include <QTest>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/connectors/ConnectorAccessForm.h"
#include "ui/connectors/ConnectorAccountForm.h"
#include "ui/connectors/ConnectorDiscoveryForm.h"
#include "ui/connectors/ConnectorGeneralForm.h"
#include "ui/connectors/ConnectorSettingsForm.h"
#include "ui/connectors/SettingsGroupForm.h"
#include "ui/widgets/FormDialog.h"
#include "ui/widgets/FormField.h"
#include "ui/widgets/FormTableInput.h"

using namespace postern;
using namespace postern::connectors;
using namespace Qt::StringLiterals;
using test::button;
using test::click;
using test::errorOf;
using test::fill;

namespace {

class TestConnectorForms : public QObject
{
    Q_OBJECT

private:
    test::FakePrompter m_prompter;
    std::unique_ptr<ConnectorForm> m_form;

    template <class Form, class... Arguments> Form* show(Arguments&&... arguments)
    {
        auto form = std::make_unique<Form>(std::forward<Arguments>(arguments)...);
        Form* raw = form.get();
        m_form = std::move(form);
        raw->show();
        return raw;
    }
    [[nodiscard]] Connector stored() const
    {
        Connector connector;
        m_form->store(connector);
        return connector;
    }
    [[nodiscard]] widgets::FormDialog* dialog() const { return m_form->findChild<widgets::FormDialog*>(); }
    void closeDialog()
    {
        click(dialog(), u"OK"_s);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    [[nodiscard]] QStringList list(const QString& name) const
    {
        QStringList entries;
        for (auto* widget : m_form->findChildren<QListWidget*>()) {
            for (int row = 0; widget->accessibleName() == name && row < widget->count(); ++row)
                entries.append(widget->item(row)->text());
        }
        return entries;
    }
    SettingsGroupForm* group(const QString& title)
    {
        auto* tabs = m_form->findChild<QTabWidget*>();
        for (auto* form : m_form->findChildren<SettingsGroupForm*>()) {
            if (form->title() != title)
                continue;
            for (int tab = 0; tab < tabs->count(); ++tab) {
                if (tabs->tabText(tab) == title)
                    tabs->setCurrentIndex(tab);
            }
            return form;
        }
        return nullptr;
    }

private slots:
    void cleanup() { m_form.reset(); }

    void everythingRoundTrips();
    void hostedIsShownAndCannotBeChosen();
    void serverTableAddsEditsRemoves();
    void serverTableRefusesASecondServerOfASite();
    void notificationAccountIsChecked();
    void containersArePasted();
    void containersMustBeGiven();
    void returnInTheListAdds();
    void typedAndNotAddedIsAnError();
    void deltaFollowsTheFullPeriod();
    void customScheduleIsChecked();
    void shortPeriodWarns();
    void groupIsListedAndNeedsTheTick();
    void passwordFieldsDependOnEachOther();
    void wrongNumberIsSaidAndShown_data();
    void wrongNumberIsSaidAndShown();
    void blockedApplicationsAreUnique();
    void notConfiguredStoresNothing();
    void accessIsOffUntilManaged();
    void newDefaultSaysWhoLosesMail_data();
    void newDefaultSaysWhoLosesMail();
    void rulesSuggestWhatWasSeen();
    void ruleKeepsItsIdentity();
    void textForUsersHasALength();
};

Connector everything()
{
    Connector connector = test::aConnector(u"Head Office"_s);
    connector.id = ConnectorId{7};
    connector.notificationAccount = u"postern@contoso.com"_s;
    connector.ewsUrl = u"https://mail.contoso.com/EWS/Exchange.asmx"_s;
    connector.fullSchedule = u"2d"_s;
    connector.deltaMinutes = 60;
    connector.maxInactiveDays = 0;
    connector.parallelSessions = 3;
    connector.adContainers = {u"OU=Sales,DC=contoso,DC=com"_s, u"OU=IT,DC=contoso,DC=com"_s};
    connector.clientAccessServers = {{u"Berlin"_s, u"ex2.contoso.com"_s}, {u"Oslo"_s, u"ex3.contoso.com"_s}};
    connector.discoverServers = false;
    MailboxPolicySettings& policy = connector.settings.policy;
    policy.general = GeneralPolicySettings{false, true, false, 24};
    policy.password
        = PasswordPolicySettings{true, PasswordComplexity::Strong, 3, false, 8, 90, 5, true, 10, 15};
    policy.email = EmailPolicySettings{
        false, EmailAge::OneWeek, CalendarAge::ThreeMonths, false, true, true, 1024, 500, 250};
    policy.security = SecurityPolicySettings{
        false, false, false, BluetoothUse::HandsFreeOnly, true, false, true, true, true, false};
    policy.application = ApplicationPolicySettings{false, true, {u"game.exe"_s, u"torch.cab"_s}};
    connector.settings.allowExternalDeviceManagement = true;
    connector.settings.access = {true, AccessLevel::Quarantine,
        {{u"iPhone rule"_s, AccessRuleCharacteristic::DeviceType, u"iPhone"_s, AccessLevel::Allow,
            u"id-1"_s}},
        {u"admins@contoso.com"_s}, u"Enrol your phone."_s};
    return connector;
}

void TestConnectorForms::everythingRoundTrips()
{
    const Connector connector = everything();
    ConnectorGeneralForm general(u"PS1"_s);
    ConnectorAccountForm account(m_prompter, true);
    ConnectorDiscoveryForm discovery;
    ConnectorSettingsForm settings;
    ConnectorAccessForm access;
    Connector back;
    back.id = connector.id;
    back.siteCode = connector.siteCode;
    back.settings = {};
    for (ConnectorForm* form : QList<ConnectorForm*>{&account, &general, &discovery, &settings, &access}) {
        form->load(connector);
        QVERIFY(form->isAcceptable());
    }
    for (ConnectorForm* form : QList<ConnectorForm*>{&account, &general, &discovery, &settings, &access})
        form->store(back);
    QVERIFY(back.settings == connector.settings);
    QCOMPARE(back.name, connector.name);
    QCOMPARE(back.serverAddress, connector.serverAddress);
    QCOMPARE(back.user, connector.user);
    QCOMPARE(back.notificationAccount, connector.notificationAccount);
    QCOMPARE(back.ewsUrl, connector.ewsUrl);
    QCOMPARE(back.fullSchedule, connector.fullSchedule);
    QCOMPARE(back.deltaMinutes, connector.deltaMinutes);
    QCOMPARE(back.maxInactiveDays, 0);
    QCOMPARE(back.parallelSessions, 3);
    QCOMPARE(back.adContainers, connector.adContainers);
    QVERIFY(back.clientAccessServers == connector.clientAccessServers);
    QVERIFY(!back.discoverServers);
}

void TestConnectorForms::hostedIsShownAndCannotBeChosen()
{
    auto* form = show<ConnectorGeneralForm>(u"PS1 - Contoso"_s);
    auto* hosted = qobject_cast<QRadioButton*>(button(form, u"Hosted Exchange Server (Exchange Online)"_s));
    QVERIFY(hosted != nullptr);
    QVERIFY(!hosted->isEnabled());
    QVERIFY(hosted->accessibleDescription().contains(u"does not connect to Exchange Online yet"_s));
    QVERIFY(stored().kind == ConnectorKind::OnPremises);
}

void TestConnectorForms::serverTableAddsEditsRemoves()
{
    auto* form = show<ConnectorGeneralForm>(u"PS1"_s);
    click(form, u"Add..."_s);
    QVERIFY(dialog() != nullptr);
    QCOMPARE(dialog()->windowTitle(), u"Add Client Access Server"_s);
    click(dialog(), u"OK"_s);
    QVERIFY(dialog()->isVisible());
    QCOMPARE(errorOf(dialog(), u"Active Directory site"_s), u"Enter the Active Directory site."_s);
    fill(dialog(), u"Active Directory site"_s, u"Berlin"_s);
    fill(dialog(), u"Client Access server"_s, u"10.0.0.1"_s);
    click(dialog(), u"OK"_s);
    QVERIFY(errorOf(dialog(), u"Client Access server"_s).contains(u"IP address"_s));
    fill(dialog(), u"Client Access server"_s, u"ex2.contoso.com"_s);
    closeDialog();
    QVERIFY(stored().clientAccessServers
        == std::vector<ClientAccessServer>({{u"Berlin"_s, u"ex2.contoso.com"_s}}));
    // The new row is selected: it can be edited and removed at once.
    click(form, u"Edit..."_s);
    fill(dialog(), u"Client Access server"_s, u"ex9.contoso.com"_s);
    closeDialog();
    QCOMPARE(stored().clientAccessServers.front().server, u"ex9.contoso.com"_s);
    auto* table = form->findChild<QTableWidget*>();
    QTest::keyClick(table, Qt::Key_Delete);
    QVERIFY(stored().clientAccessServers.empty());
    QVERIFY(!button(form, u"Edit..."_s)->isEnabled());
}

void TestConnectorForms::serverTableRefusesASecondServerOfASite()
{
    auto* form = show<ConnectorGeneralForm>(u"PS1"_s);
    form->load(everything());
    click(form, u"Add..."_s);
    fill(dialog(), u"Active Directory site"_s, u"berlin"_s);
    fill(dialog(), u"Client Access server"_s, u"ex5.contoso.com"_s);
    click(dialog(), u"OK"_s);
    QCOMPARE(
        errorOf(dialog(), u"Active Directory site"_s), u"\"berlin\" has a server already; a site has one."_s);
    click(dialog(), u"Cancel"_s);
    QCOMPARE(stored().clientAccessServers.size(), 2U);
}

void TestConnectorForms::notificationAccountIsChecked()
{
    auto* form = show<ConnectorAccountForm>(m_prompter, false);
    fill(form, u"Notification account"_s, u"postern"_s);
    fill(form, u"Exchange Web Services address"_s, u"http://mail"_s);
    QVERIFY(!form->validate());
    QVERIFY(errorOf(form, u"Notification account"_s).contains(u"not an e-mail address"_s));
    QVERIFY(errorOf(form, u"Exchange Web Services address"_s).contains(u"https://"_s));
    QVERIFY(!button(form, u"Verify Notification Account..."_s)->isEnabled());
    fill(form, u"Notification account"_s, QString());
    fill(form, u"Exchange Web Services address"_s, QString());
    QVERIFY(form->validate()); // a warning, not an error (CON-10)
    const auto facts = form->facts();
    QVERIFY(std::ranges::any_of(facts, [](const widgets::Fact& fact) {
        return fact.name == "Notification account"_L1 && fact.tone == widgets::Tone::Warning;
    }));
}

void TestConnectorForms::containersArePasted()
{
    auto* form = show<ConnectorDiscoveryForm>();
    click(form, u"Only of users in these Active Directory containers"_s);
    QGuiApplication::clipboard()->setText(
        u"OU=Sales,DC=contoso,DC=com\r\nSales\n\n OU=IT,DC=contoso,DC=com\nou=sales,dc=contoso,dc=com"_s);
    auto* line = qobject_cast<QLineEdit*>(test::editor(form, u"Containers"_s));
    line->paste();
    QCOMPARE(list(u"Containers, list"_s),
        QStringList({u"OU=Sales,DC=contoso,DC=com"_s, u"OU=IT,DC=contoso,DC=com"_s}));
    QCOMPARE(line->text(), u"Sales"_s); // the first that cannot be used stays to be repaired
    QVERIFY(errorOf(form, u"Containers"_s).startsWith(u"Enter a distinguished name"_s));
    QVERIFY(errorOf(form, u"Containers"_s).contains(u"1 further line"_s)); // the duplicate
    line->clear();
    QVERIFY(form->validate());
    QCOMPARE(stored().adContainers.size(), 2);
}

void TestConnectorForms::containersMustBeGiven()
{
    auto* form = show<ConnectorDiscoveryForm>();
    click(form, u"Only of users in these Active Directory containers"_s);
    QVERIFY(!form->validate());
    QVERIFY(errorOf(form, u"Containers"_s).startsWith(u"Enter at least one container"_s));
    click(form, u"All mobile devices in the Exchange organization"_s);
    QVERIFY(form->validate());
    QVERIFY(stored().adContainers.isEmpty());
}

void TestConnectorForms::returnInTheListAdds()
{
    auto* form = show<ConnectorDiscoveryForm>();
    click(form, u"Only of users in these Active Directory containers"_s);
    auto* line = qobject_cast<QLineEdit*>(test::editor(form, u"Containers"_s));
    QTest::keyClicks(line, u"DC=contoso,DC=com"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(list(u"Containers, list"_s), QStringList(u"DC=contoso,DC=com"_s));
    QCOMPARE(line->text(), QString());
    auto* entries = form->findChild<QListWidget*>();
    entries->selectAll();
    QTest::keyClick(entries, Qt::Key_Delete);
    QVERIFY(list(u"Containers, list"_s).isEmpty());
}

void TestConnectorForms::typedAndNotAddedIsAnError()
{
    auto* form = show<ConnectorDiscoveryForm>();
    Connector connector;
    connector.adContainers = {u"DC=contoso,DC=com"_s};
    form->load(connector);
    fill(form, u"Containers"_s, u"OU=IT,DC=contoso,DC=com"_s);
    QVERIFY(!form->validate());
    QVERIFY(errorOf(form, u"Containers"_s).startsWith(u"Press Add"_s));
}

void TestConnectorForms::deltaFollowsTheFullPeriod()
{
    auto* form = show<ConnectorDiscoveryForm>();
    Connector connector;
    connector.fullSchedule = u"12h"_s;
    connector.deltaMinutes = 800;
    form->load(connector);
    QVERIFY(!form->isAcceptable()); // longer than the full period
    fill(form, u"Delta synchronization, every"_s, u"0"_s);
    QVERIFY(form->isAcceptable());
    auto* field = qobject_cast<widgets::FormField*>(
        test::editor(form, u"Delta synchronization, every"_s)->parentWidget());
    QVERIFY(field->warning().startsWith(u"Off: new phones"_s));
    fill(form, u"Delta synchronization, every"_s, u"30"_s);
    QVERIFY(field->warning().startsWith(u"Less than 60 minutes"_s));
}

void TestConnectorForms::customScheduleIsChecked()
{
    auto* form = show<ConnectorDiscoveryForm>();
    click(form, u"Custom schedule"_s);
    auto* text = form->findChild<QLineEdit*>();
    for (auto* line : form->findChildren<QLineEdit*>()) {
        if (line->accessibleName() == "Custom schedule of the full synchronization"_L1)
            text = line;
    }
    QCOMPARE(text->text(), u"1d@00:00"_s); // begins with what the simple one said
    text->setText(u"whenever"_s);
    QVERIFY(!form->validate());
    QVERIFY(errorOf(form, u"Full synchronization, every"_s).contains(u"1d@02:30"_s));
    text->setText(u"3d"_s);
    QVERIFY(form->validate());
    QCOMPARE(stored().fullSchedule, u"3d"_s);
    click(form, u"Simple schedule"_s);
    QCOMPARE(stored().fullSchedule, u"1d@00:00"_s);
}

void TestConnectorForms::shortPeriodWarns()
{
    auto* form = show<ConnectorDiscoveryForm>();
    Connector connector;
    connector.fullSchedule = u"12h"_s;
    connector.deltaMinutes = 60;
    form->load(connector);
    fill(form, u"Full synchronization, every"_s, u"3"_s);
    auto* schedule = qobject_cast<widgets::FormField*>(form->fields().front());
    QVERIFY(schedule->warning().contains(u"every 4 hours"_s));
    QVERIFY(form->validate()); // it may be saved
}

void TestConnectorForms::groupIsListedAndNeedsTheTick()
{
    auto* form = show<ConnectorSettingsForm>();
    SettingsGroupForm* general = group(u"General"_s);
    QVERIFY(form->isAcceptable());
    click(general, u"Configure: Exchange gets all values below"_s);
    QVERIFY(!form->isAcceptable());
    QVERIFY(!form->validate());
    fill(general, u"Allow Internet sharing"_s, u"off"_s);
    QString rest;
    for (auto* label : general->findChildren<QLabel*>()) {
        if (label->text().contains(u"as a whole. Besides"_s))
            rest = label->text();
    }
    // What was changed is not among what comes along.
    QVERIFY2(!rest.contains(u"Allow Internet sharing"_s), qPrintable(rest));
    QVERIFY2(rest.contains(u"Allow synchronization from a desktop: Yes"_s), qPrintable(rest));
    QVERIFY2(rest.contains(u"Refresh interval: Unlimited"_s), qPrintable(rest));
    click(general, u"I want Postern to set these values too"_s);
    QVERIFY(form->validate());
    QVERIFY(stored().settings.policy.general == GeneralPolicySettings({false, true, true, std::nullopt}));
    QVERIFY(!stored().settings.policy.password);
}

void TestConnectorForms::passwordFieldsDependOnEachOther()
{
    show<ConnectorSettingsForm>();
    SettingsGroupForm* password = group(u"Password"_s);
    click(password, u"Configure: Exchange gets all values below"_s);
    QWidget* length = test::editor(password, u"Minimum length"_s);
    QWidget* kinds = test::editor(password, u"Minimum kinds of characters"_s);
    QVERIFY(!length->isEnabled()); // a password is not required
    click(password, u"A password is required"_s);
    QVERIFY(length->isEnabled());
    QVERIFY(!kinds->isEnabled()); // a PIN has no kinds
    test::choose(password, u"Complexity"_s, u"Strong"_s);
    QVERIFY(kinds->isEnabled());
    fill(password, u"Minimum length"_s, u"40"_s);
    QVERIFY(!password->isAcceptable());
    // What is wrong in a field that no longer matters is neither an error nor stored.
    click(password, u"A password is required"_s);
    click(password, u"I want Postern to set these values too"_s);
    QVERIFY(password->isAcceptable());
    QVERIFY(!stored().settings.policy.password->minimumLength);
}

void TestConnectorForms::wrongNumberIsSaidAndShown_data()
{
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("field");
    QTest::addColumn<int>("value");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QString& title, const QString& field, int value,
                         const QString& says) { QTest::newRow(name) << title << field << value << says; };
    row("refresh", u"General"_s, u"Refresh interval"_s, 10'000, u"Enter 1 to 9,999, or 0 for: Unlimited."_s);
    row("length", u"Password"_s, u"Minimum length"_s, 17, u"Enter 1 to 16, or 0 for: Any length."_s);
    row("kinds", u"Password"_s, u"Minimum kinds of characters"_s, 5, u"Enter 1 to 4."_s);
    row("no kinds", u"Password"_s, u"Minimum kinds of characters"_s, 0, u"Enter 1 to 4."_s);
    row("expiry", u"Password"_s, u"Expires after"_s, 731, u"Enter 1 to 730, or 0 for: Never."_s);
    row("history", u"Password"_s, u"Former passwords held back"_s, 51, u"Enter 0 to 50."_s);
    row("wipe", u"Password"_s, u"Wipe after failed attempts"_s, 3, u"Enter 4 to 16, or 0 for: Never."_s);
    row("lock", u"Password"_s, u"Lock when idle for"_s, 61, u"Enter 1 to 60, or 0 for: Never."_s);
    row("attachment", u"Email Management"_s, u"Maximum attachment size"_s, 2'097'152,
        u"Enter 1 to 2,097,151, or 0 for: Unlimited."_s);
}

void TestConnectorForms::wrongNumberIsSaidAndShown()
{
    QFETCH(QString, title);
    QFETCH(QString, field);
    QFETCH(int, value);
    QLocale::setDefault(QLocale(QLocale::English));
    auto* form = show<ConnectorSettingsForm>();
    Connector connector = everything();
    form->load(connector);
    QVERIFY(form->isAcceptable());
    SettingsGroupForm* which = group(title);
    form->findChild<QTabWidget*>()->setCurrentIndex(4);
    fill(which, field, QString::number(value));
    QVERIFY(!form->validate());
    QTEST(errorOf(which, field), "says");
    QWidget* editor = test::editor(which, field);
    QVERIFY(editor->isVisible()); // its tab came to the front
    QVERIFY2(!editor->visibleRegion().isEmpty(), "it was scrolled to");
    QLocale::setDefault(QLocale::c());
}

void TestConnectorForms::blockedApplicationsAreUnique()
{
    auto* form = show<ConnectorSettingsForm>();
    form->load(everything());
    SettingsGroupForm* application = group(u"Application"_s);
    fill(application, u"Blocked applications"_s, u"GAME.EXE"_s);
    auto* line = qobject_cast<QLineEdit*>(test::editor(application, u"Blocked applications"_s));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(errorOf(application, u"Blocked applications"_s), u"\"GAME.EXE\" is in the list already."_s);
    line->setText(QString(256, u'x'));
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY(errorOf(application, u"Blocked applications"_s).contains(u"255"_s));
    line->setText(u"other.exe"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(stored().settings.policy.application->blockedApplications.size(), 3);
}

void TestConnectorForms::notConfiguredStoresNothing()
{
    auto* form = show<ConnectorSettingsForm>();
    form->load(everything());
    SettingsGroupForm* general = group(u"General"_s);
    click(general, u"Not configured: Exchange keeps what it has"_s);
    QVERIFY(!stored().settings.policy.general);
    QVERIFY(stored().settings.policy.password == everything().settings.policy.password);
    QVERIFY(!test::editor(general, u"Refresh interval"_s)->isVisible());
}

void TestConnectorForms::accessIsOffUntilManaged()
{
    auto* form = show<ConnectorAccessForm>();
    QVERIFY(!test::editor(form, u"Default access level"_s)->isEnabled());
    QVERIFY(!button(form, u"Add..."_s)->isEnabled());
    click(form, u"Manage Exchange access rules"_s);
    QVERIFY(test::editor(form, u"Default access level"_s)->isEnabled());
    QVERIFY(button(form, u"Add..."_s)->isEnabled());
    QVERIFY(stored().settings.access.manage);
}

void TestConnectorForms::newDefaultSaysWhoLosesMail_data()
{
    QTest::addColumn<bool>("known");
    QTest::addColumn<int>("before");
    QTest::addColumn<QString>("chosen");
    QTest::addColumn<QString>("says");
    const int allow = int(AccessLevel::Allow);
    QTest::newRow("new connector") << false << allow << u"Block"_s << u"is not known before they are read"_s;
    QTest::newRow("to block") << true << allow << u"Block"_s << u"2 phone(s) get mail by the default alone"_s;
    QTest::newRow("to quarantine") << true << allow << u"Quarantine"_s << u"2 phone(s)"_s;
    QTest::newRow("stays allow") << true << allow << u"Allow"_s << QString();
    QTest::newRow("was blocked") << true << int(AccessLevel::Block) << u"Quarantine"_s << QString();
}

void TestConnectorForms::newDefaultSaysWhoLosesMail()
{
    QFETCH(bool, known);
    QFETCH(int, before);
    QFETCH(QString, chosen);
    QFETCH(QString, says);
    test::FakeSiteClient site;
    const auto global = AccessStateReason::ExchangeGlobalRule;
    site.setDeviceList({{u"iPhone"_s, u"iPhone14C2"_s, AccessState::Allowed, global, u"Lab"_s},
        {u"iPad"_s, u"iPad7"_s, AccessState::Allowed, global, u"Lab"_s},
        {u"iPad"_s, u"iPad7"_s, AccessState::Blocked, global, u"Lab"_s}, // has no mail now
        {u"iPad"_s, u"iPad7"_s, AccessState::Allowed, AccessStateReason::ExchangeIndividualRule, u"Lab"_s},
        {u"iPad"_s, u"iPad7"_s, AccessState::Allowed, AccessStateReason::ExchangeDeviceRule, u"Lab"_s},
        {u"iPad"_s, u"iPad7"_s, AccessState::Allowed, global, u"Branch"_s}}); // another organization
    auto* form = show<ConnectorAccessForm>();
    form->setDevices(site.devices());
    Connector connector = test::aConnector(u"Lab"_s);
    connector.id = known ? ConnectorId{3} : ConnectorId{};
    connector.settings.access.manage = true;
    connector.settings.access.defaultLevel = AccessLevel(before);
    form->load(connector);
    test::choose(form, u"Default access level"_s, chosen);
    auto* level = qobject_cast<widgets::FormField*>(form->fields().at(1));
    QVERIFY2(says.isEmpty() ? level->warning().isEmpty() : level->warning().contains(says),
        qPrintable(level->warning()));
    QVERIFY(form->validate());
    QVERIFY2(says.isEmpty() ? level->warning().isEmpty() : level->warning().contains(says),
        "the warning stays after validation");
}

void TestConnectorForms::rulesSuggestWhatWasSeen()
{
    test::FakeSiteClient site;
    site.setDeviceList(
        {{u"iPhone"_s, u"iPhone14C2"_s}, {u"Android"_s, u"SM-G998"_s}, {u"iPhone"_s, u"iPhone12C8"_s}});
    auto* form = show<ConnectorAccessForm>();
    form->setDevices(site.devices());
    click(form, u"Manage Exchange access rules"_s);
    click(form, u"Add..."_s);
    auto* value = qobject_cast<QLineEdit*>(test::editor(dialog(), u"Value"_s));
    QCOMPARE(value->completer()->model()->rowCount(), 2);
    test::choose(dialog(), u"Rule for a device"_s, u"Model"_s);
    QCOMPARE(value->completer()->model()->rowCount(), 3);
    click(dialog(), u"OK"_s);
    QVERIFY(errorOf(dialog(), u"Value"_s).startsWith(u"Enter the device type or model"_s));
    fill(dialog(), u"Value"_s, u"SM-G998"_s);
    test::choose(dialog(), u"Access"_s, u"Block"_s);
    closeDialog();
    const auto rules = stored().settings.access.rules;
    QCOMPARE(rules.size(), 1U);
    QVERIFY(rules.front().characteristic == AccessRuleCharacteristic::DeviceModel);
    QCOMPARE(rules.front().query, u"SM-G998"_s);
    QVERIFY(rules.front().level == AccessLevel::Block);
    click(form, u"Add..."_s);
    test::choose(dialog(), u"Rule for a device"_s, u"Model"_s);
    fill(dialog(), u"Value"_s, u"sm-g998"_s);
    click(dialog(), u"OK"_s);
    QCOMPARE(errorOf(dialog(), u"Value"_s), u"There is a rule for this already."_s);
}

void TestConnectorForms::ruleKeepsItsIdentity()
{
    auto* form = show<ConnectorAccessForm>();
    form->load(everything());
    form->findChild<QTableWidget*>()->selectRow(0);
    click(form, u"Edit..."_s);
    test::choose(dialog(), u"Access"_s, u"Block"_s);
    closeDialog();
    const auto rules = stored().settings.access.rules;
    QCOMPARE(rules.front().identity, u"id-1"_s);
    QCOMPARE(rules.front().name, u"iPhone rule"_s);
    QVERIFY(rules.front().level == AccessLevel::Block);
    click(form, u"Remove"_s);
    QVERIFY(stored().settings.access.rules.empty());
}

void TestConnectorForms::textForUsersHasALength()
{
    auto* form = show<ConnectorAccessForm>();
    click(form, u"Manage Exchange access rules"_s);
    auto* text = qobject_cast<QPlainTextEdit*>(test::editor(form, u"Text for users"_s));
    text->setPlainText(QString(257, u'x'));
    QVERIFY(errorOf(form, u"Text for users"_s).contains(u"257"_s));
    QVERIFY(!form->isAcceptable());
    text->setPlainText(QString(256, u'x'));
    QVERIFY(form->isAcceptable());
}

} // namespace

QTEST_MAIN(TestConnectorForms)
#include "tst_ConnectorForms.moc"

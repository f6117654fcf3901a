// The node Microsoft Intune and its commands in the window; the node Users beside it; pictures of both and of
// a device's cloud side at 100 % and 200 % in light and dark.
#include <QImage>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QtTest>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/cloud/TenantCheckDialog.h"
#include "ui/cloud/TenantPropertiesDialog.h"
#include "ui/commands/TenantCommands.h"
#include "ui/devices/DevicesPage.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/FactList.h"
#include "ui/widgets/Toast.h"
#include "ui/wizard/Wizard.h"

using namespace postern;
using namespace Qt::StringLiterals;
using test::aTenant;

namespace {

const QString intuneNode = QStringLiteral("Administration/Cloud Services/Microsoft Intune");

struct Fixture
{
    test::FakeSiteClient site;
    test::FakePrompter prompter;
    std::unique_ptr<shell::MainWindow> window;
    TenantId id;

    explicit Fixture(std::optional<Tenant> tenant = aTenant(u"Contoso"_s), const QString& node = intuneNode)
    {
        if (tenant)
            id = site.addTenant(*tenant);
        window = std::make_unique<shell::MainWindow>(
            site, shell::MainWindowOptions{nullptr, &prompter, &prompter, node});
        window->show();
        if (!QTest::qWaitForWindowActive(window.get()))
            qWarning("The window never became active");
        if (auto* list = window->currentPage()->findChild<QTableView*>(u"tenantList"_s))
            list->selectRow(0);
    }
    [[nodiscard]] QAction* action(const QString& name) const
    {
        return window->commands().find(name)->action();
    }
    [[nodiscard]] QString facts() const
    {
        QString text;
        for (const auto* list : window->currentPage()->findChildren<widgets::FactList*>())
            text += list->toText();
        return text;
    }
};

} // namespace

class tst_tenants : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void emptyNodeConnects();
    void detailsShowPermissions();
    void stateFollows();
    void synchronizes();
    void signsInAgain();
    void appsSignInByThemselves();
    void testsTheConnection();
    void propertiesSave();
    void propertiesSayConflicts();
    void propertiesKeepTheCredential();
    void deletes();
    void userLeadsToDevices();
    void pictures_data();
    void pictures();
};

void tst_tenants::emptyNodeConnects()
{
    Fixture f(std::nullopt);
    QVERIFY(!f.action(u"synchronize-tenant"_s)->isEnabled());
    auto* state = f.window->currentPage()->findChild<widgets::EmptyState*>();
    QVERIFY(state && state->isVisible());
    state->button()->click();
    QVERIFY(f.window->findChild<wizard::Wizard*>() != nullptr);
}

void tst_tenants::detailsShowPermissions()
{
    Fixture f;
    const QString text = f.facts();
    for (const auto& part :
        {u"State: Connected"_s, u"Organization: Contoso"_s, u"Signed in as: admin@contoso.com"_s,
            u"Suggestions to confirm: 3"_s, u"Mail.Send: Missing. Notices to people"_s,
            u"DeviceManagementManagedDevices.Read.All: Granted"_s})
        QVERIFY2(text.contains(part), qPrintable(text));
    QCOMPARE(f.window->currentPage()->statusText(), u"1 tenant(s), 1 selected"_s);
}

void tst_tenants::stateFollows()
{
    Fixture f;
    Tenant tenant = f.site.tenants().front();
    tenant.state = TenantState::SignInRequired;
    tenant.stateDetail = u"AADSTS50173: the password was changed."_s;
    f.site.changeTenant(tenant);
    QVERIFY2(f.facts().contains(u"State: Sign-in required"_s), qPrintable(f.facts()));
    QVERIFY(f.facts().contains(u"AADSTS50173"_s));
}

void tst_tenants::synchronizes()
{
    Fixture f;
    f.action(u"synchronize-tenant"_s)->trigger();
    QCOMPARE(f.site.synchronizedTenants, std::vector<TenantId>{f.id});
    Tenant tenant = f.site.tenants().front();
    tenant.state = TenantState::Synchronizing;
    f.site.changeTenant(tenant);
    f.action(u"synchronize-tenant"_s)->trigger();
    QCOMPARE(f.site.synchronizedTenants.size(), 1U);
    QCOMPARE(f.window->toast().title(), u"A synchronization is already running"_s);
}

void tst_tenants::signsInAgain()
{
    Fixture f;
    QList<QUrl> opened;
    auto* command
        = qobject_cast<commands::SignInAgainCommand*>(f.window->commands().find(u"sign-in-again"_s));
    command->setBrowser([&opened](const QUrl& address) {
        opened.append(address);
        return true;
    });
    f.action(u"sign-in-again"_s)->trigger();
    QCOMPARE(f.site.signIns.front().id, f.id);
    emit f.site.signInBrowserRequested(QUrl(u"https://login.contoso.com/a"_s));
    QCOMPARE(opened.size(), 1);
    emit f.site.signInFinished({}, true, u"admin@contoso.com"_s);
    QCOMPARE(f.window->toast().title(), u"Signed in"_s);
    f.action(u"sign-in-again"_s)->trigger();
    emit f.site.signInFinished(Error{ErrorCode::AccessDenied, u"declined"_s, u"contoso"_s}, false, {});
    QCOMPARE(f.window->toast().title(), u"The sign-in did not succeed"_s);
}

void tst_tenants::appsSignInByThemselves()
{
    Tenant tenant = aTenant(u"Contoso"_s);
    tenant.signIn = TenantSignIn::Certificate;
    Fixture f(tenant);
    f.action(u"sign-in-again"_s)->trigger();
    QVERIFY(f.site.signIns.empty());
    QCOMPARE(f.window->toast().title(), u"An app signs in by itself"_s);
}

void tst_tenants::testsTheConnection()
{
    Fixture f;
    f.action(u"check-tenant"_s)->trigger();
    QPointer<cloud::TenantCheckDialog> dialog = f.window->findChild<cloud::TenantCheckDialog*>();
    QVERIFY(dialog);
    QCOMPARE(f.site.credentials, QStringList{QString()});
    emit f.site.tenantCheckReported(
        {u"CON-39"_s, u"User.Read.All"_s, CheckResult::Outcome::Fail, u"lost"_s, true});
    emit f.site.tenantCheckFinished(Error{ErrorCode::ConsentRequired, {}, {}}, false);
    QCOMPARE(dialog->verdict(), u"Missing permissions: User.Read.All."_s);
    test::click(dialog, u"Test Again"_s);
    emit f.site.tenantCheckReported({u"CON-39"_s, u"User.Read.All"_s, CheckResult::Outcome::Pass, {}, true});
    emit f.site.tenantCheckFinished({}, true);
    QCOMPARE(dialog->verdict(), u"The connection works: every permission is granted."_s);
    test::click(dialog, u"Test Again"_s);
    test::click(dialog, u"Cancel"_s);
    QCOMPARE(f.site.tenantChecksStopped, 1);
    const QStringList problems = dialog ? test::accessibilityProblems(dialog) : QStringList();
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

void tst_tenants::propertiesSave()
{
    Fixture f;
    f.action(u"tenant-properties"_s)->trigger();
    f.action(u"tenant-properties"_s)->trigger(); // raises the first
    QCOMPARE(f.window->findChildren<cloud::TenantPropertiesDialog*>().size(), 1);
    QPointer<cloud::TenantPropertiesDialog> dialog = f.window->findChild<cloud::TenantPropertiesDialog*>();
    QVERIFY(!test::button(dialog, u"Apply"_s)->isEnabled());
    dialog->findChild<QSpinBox*>()->setValue(120);
    QVERIFY(test::button(dialog, u"Apply"_s)->isEnabled());
    test::click(dialog, u"Apply"_s);
    QCOMPARE(f.site.savedTenants.size(), 1U);
    QCOMPARE(f.site.savedTenants.front().pollSeconds, 120);
    QCOMPARE(f.site.savedTenants.front().state, TenantState::Connected); // what is not shown stays
    test::click(dialog, u"OK"_s); // nothing more to save
    QCOMPARE(f.site.savedTenants.size(), 1U);
    QTRY_VERIFY(dialog.isNull());
}

void tst_tenants::propertiesSayConflicts()
{
    Fixture f;
    f.action(u"tenant-properties"_s)->trigger();
    QPointer<cloud::TenantPropertiesDialog> dialog = f.window->findChild<cloud::TenantPropertiesDialog*>();
    f.site.refuseTenants = Error{ErrorCode::Conflict, {}, u"Contoso"_s};
    dialog->findChild<QSpinBox*>()->setValue(90);
    test::click(dialog, u"OK"_s);
    QVERIFY(dialog && dialog->isVisible());
    QVERIFY(!dialog->message().isEmpty());
    QVERIFY(test::button(dialog, u"Apply"_s)->isEnabled());
    const QStringList problems = test::accessibilityProblems(dialog);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

void tst_tenants::propertiesKeepTheCredential()
{
    Tenant tenant = aTenant(u"Contoso"_s);
    tenant.signIn = TenantSignIn::Secret;
    Fixture f(tenant);
    f.action(u"tenant-properties"_s)->trigger();
    QPointer<cloud::TenantPropertiesDialog> dialog = f.window->findChild<cloud::TenantPropertiesDialog*>();
    dialog->findChild<QSpinBox*>()->setValue(90);
    test::click(dialog, u"OK"_s);
    QCOMPARE(f.site.credentials, QStringList{QString()}); // empty: the one in the key ring stays
    QTRY_VERIFY(dialog.isNull());
}

void tst_tenants::deletes()
{
    Fixture f;
    f.prompter.answer = false;
    f.action(u"delete-tenant"_s)->trigger();
    QVERIFY(f.site.removedTenants.empty());
    QVERIFY(f.prompter.asked.front().dangerous);
    f.prompter.answer = true;
    f.site.refuseTenants = Error{ErrorCode::LeaseHeld, {}, u"Contoso"_s};
    f.action(u"delete-tenant"_s)->trigger();
    QCOMPARE(f.window->toast().title(), u"The tenant was not disconnected"_s);
    f.action(u"delete-tenant"_s)->trigger();
    QVERIFY(f.site.tenants().empty());
}

void tst_tenants::userLeadsToDevices()
{
    Fixture f(std::nullopt, u"Assets and Compliance/Users"_s);
    SiteUser user;
    user.id = {7};
    user.name = u"Ann Archer"_s;
    user.userPrincipalName = u"ann@contoso.lab"_s;
    f.site.setUsers({user});
    auto* list = f.window->currentPage()->findChild<QTableView*>(u"userList"_s);
    QTRY_COMPARE(list->model()->rowCount(), 1);
    QVERIFY(!f.action(u"show-devices"_s)->isEnabled());
    list->selectRow(0);
    f.action(u"show-devices"_s)->trigger();
    QCOMPARE(f.window->currentNode(), u"Assets and Compliance/Devices"_s);
    auto* page = qobject_cast<devices::DevicesPage*>(f.window->currentPage());
    QCOMPARE(page->searchBox().text(), u"ann@contoso.lab"_s);
}

void tst_tenants::pictures_data()
{
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QString>("scale");
    QTest::newRow("light-100") << false << u"1"_s;
    QTest::newRow("dark-100") << true << u"1"_s;
    QTest::newRow("light-200") << false << u"2"_s;
    QTest::newRow("dark-200") << true << u"2"_s;
}

void tst_tenants::pictures()
{
    QFETCH(bool, dark);
    QFETCH(QString, scale);
    const QString base
        = QDir::tempPath() + u"/postern-cloud-"_s + QString::fromLatin1(QTest::currentDataTag());
    QProcess preview;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_SCALE_FACTOR"_s, scale);
    preview.setProcessEnvironment(environment);
    QStringList arguments{u"--picture"_s, base};
    if (dark)
        arguments.prepend(u"--dark"_s);
    preview.start(QStringLiteral(POSTERN_BIN_DIR) + u"/cloud_preview"_s, arguments);
    QVERIFY(preview.waitForFinished(60'000));
    QCOMPARE(preview.exitCode(), 0);
    for (const auto& name : {u"tenants"_s, u"permissions"_s, u"wizard"_s, u"code"_s, u"users"_s, u"groups"_s,
             u"partnerships"_s, u"intune"_s, u"match"_s}) {
        const QImage image(base + u'-' + name + u".png"_s);
        QVERIFY2(!image.isNull(), qPrintable(name));
        QCOMPARE(qGray(image.pixel(image.width() / 2, image.height() - 6)) < 128, dark);
    }
}

QTEST_MAIN(tst_tenants)
#include "tst_tenants.moc"

// Connect Tenant as somebody walks through it: each way to sign in, permissions missing, cancel at every
// step, nothing saved before it is known to work.
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/cloud/ConnectTenantWizard.h"
#include "ui/cloud/DeviceCodeDialog.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/wizard/ClosingPages.h"

using namespace postern;
using namespace Qt::StringLiterals;
using cloud::ConnectTenantWizard;
using test::button;
using test::click;
using test::errorOf;
using test::fill;

namespace {

const QString clientId = QStringLiteral("11111111-2222-3333-4444-555555555555");

CheckResult permission(const QString& name, bool granted, bool essential)
{
    return {u"CON-39"_s, name, granted ? CheckResult::Outcome::Pass : CheckResult::Outcome::Fail,
        granted ? QString() : u"Something is lost."_s, essential};
}

} // namespace

class tst_connect_tenant : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::FakeSiteClient> m_site;
    std::unique_ptr<test::FakePrompter> m_prompter;
    std::unique_ptr<ConnectTenantWizard> m_wizard;
    QList<QUrl> m_opened;
    bool m_opens = true;

    void fillGeneral()
    {
        fill(m_wizard.get(), u"Name"_s, u"Contoso"_s);
        fill(m_wizard.get(), u"Tenant"_s, u"contoso.onmicrosoft.com"_s);
        fill(m_wizard.get(), u"Application (client) ID"_s, clientId);
        click(m_wizard.get(), u"Next >"_s);
    }
    void toWork(const QString& method)
    {
        fillGeneral();
        test::choose(m_wizard.get(), u"Who signs in"_s, method);
        if (method.contains(u"secret"_s))
            fill(m_wizard.get(), u"Client secret"_s, u" s3~cret "_s);
        click(m_wizard.get(), u"Next >"_s);
        click(m_wizard.get(), u"Next >"_s);
        QVERIFY(m_site->signIns.empty() && m_site->checkedTenants.empty()); // on Summary
        click(m_wizard.get(), u"Next >"_s);
    }
    [[nodiscard]] QString end() const
    {
        const auto* page = qobject_cast<wizard::CompletionPage*>(m_wizard->currentPage());
        return page != nullptr ? page->sentence() : QString();
    }
    [[nodiscard]] cloud::DeviceCodeDialog* codeDialog() const
    {
        return m_wizard->findChild<cloud::DeviceCodeDialog*>();
    }

private slots:
    void init();
    void cleanup() { m_wizard.reset(); }
    void fieldsAreChecked();
    void secretIsCheckedAndSaved();
    void browser();
    void browserCannotBeOpened();
    void unsafeAddressIsNotOpened();
    void deviceCode();
    void givingTheCodeUp();
    void signInRefused();
    void cancelWhileSigningIn();
    void cancelWhileChecking();
    void essentialPermissionMissing();
    void otherPermissionMissing();
    void saveIsRefused();
    void certificateFromAFile();
    void summarySaysWhatWillBeDone();
    void closingStopsTheSignIn();
    void isAccessible();
};

void tst_connect_tenant::init()
{
    m_site = std::make_unique<test::FakeSiteClient>();
    m_prompter = std::make_unique<test::FakePrompter>();
    m_opened.clear();
    m_opens = true;
    m_wizard = std::make_unique<ConnectTenantWizard>(*m_site, *m_prompter, [this](const QUrl& address) {
        m_opened.append(address);
        return m_opens;
    });
    m_wizard->show();
    QVERIFY(QTest::qWaitForWindowActive(m_wizard.get()));
}

void tst_connect_tenant::fieldsAreChecked()
{
    click(m_wizard.get(), u"Next >"_s);
    QVERIFY(!errorOf(m_wizard.get(), u"Name"_s).isEmpty());
    QVERIFY(!errorOf(m_wizard.get(), u"Tenant"_s).isEmpty());
    QVERIFY(!errorOf(m_wizard.get(), u"Application (client) ID"_s).isEmpty());
    fill(m_wizard.get(), u"Graph address"_s, u"http://graph.contoso.com"_s);
    click(m_wizard.get(), u"Next >"_s);
    QVERIFY(errorOf(m_wizard.get(), u"Graph address"_s).contains(u"https://"_s));
    fill(m_wizard.get(), u"Graph address"_s, QString());
    fillGeneral();
    test::choose(m_wizard.get(), u"Who signs in"_s, u"The app, with a client secret"_s);
    click(m_wizard.get(), u"Next >"_s);
    QVERIFY(!errorOf(m_wizard.get(), u"Client secret"_s).isEmpty());
}

void tst_connect_tenant::secretIsCheckedAndSaved()
{
    toWork(u"The app, with a client secret"_s);
    QVERIFY(m_site->signIns.empty()); // no person is needed
    QCOMPARE(m_site->checkedTenants.size(), 1U);
    QCOMPARE(m_site->checkedTenants.front().signIn, TenantSignIn::Secret);
    QVERIFY(m_site->savedTenants.empty());
    emit m_site->tenantCheckReported(permission(u"User.Read.All"_s, true, true));
    emit m_site->tenantCheckFinished({}, true);
    QCOMPARE(m_site->savedTenants.size(), 1U);
    QCOMPARE(m_site->savedTenants.front().clientId, clientId);
    QCOMPARE(m_site->credentials, (QStringList{u" s3~cret "_s, u" s3~cret "_s})); // as typed
    QVERIFY2(end().contains(u"is connected"_s), qPrintable(end()));
    QVERIFY(m_wizard->succeeded());
}

void tst_connect_tenant::browser()
{
    toWork(u"A person, in the browser of this computer"_s);
    QCOMPARE(m_site->signIns.size(), 1U);
    const QUrl page(u"https://login.microsoftonline.com/contoso/oauth2/v2.0/authorize?x=1"_s);
    emit m_site->signInBrowserRequested(page);
    QCOMPARE(m_opened, QList<QUrl>{page});
    QVERIFY(m_site->checkedTenants.empty());
    emit m_site->signInFinished({}, true, u"admin@contoso.com"_s);
    QCOMPARE(m_site->checkedTenants.size(), 1U);
    emit m_site->tenantCheckFinished({}, true);
    QCOMPARE(m_site->savedTenants.front().account, u"admin@contoso.com"_s);
    QCOMPARE(m_site->credentials.back(), QString()); // the tokens are the service's affair
    QVERIFY(m_wizard->succeeded());
}

void tst_connect_tenant::browserCannotBeOpened()
{
    m_opens = false;
    toWork(u"A person, in the browser of this computer"_s);
    emit m_site->signInBrowserRequested(QUrl(u"https://login.contoso.com/a"_s));
    bool said = false;
    for (const auto* list : m_wizard->findChildren<widgets::StepList*>())
        said = said || list->toText().contains(u"https://login.contoso.com/a"_s);
    QVERIFY(said); // to be opened by hand
    emit m_site->signInFinished({}, true, {});
    QCOMPARE(m_site->checkedTenants.size(), 1U);
}

void tst_connect_tenant::unsafeAddressIsNotOpened()
{
    toWork(u"A person, in the browser of this computer"_s);
    emit m_site->signInBrowserRequested(QUrl(u"file:///etc/passwd"_s));
    QVERIFY(m_opened.isEmpty());
    QVERIFY(m_site->signInsStopped >= 1);
    QVERIFY2(end().contains(u"Nothing was saved"_s), qPrintable(end()));
}

void tst_connect_tenant::deviceCode()
{
    toWork(u"A person, with a code on any device"_s);
    emit m_site->signInCodeIssued({u"ABCD-1234"_s, u"https://microsoft.com/devicelogin"_s,
        QDateTime::currentDateTimeUtc().addSecs(900)});
    QPointer<cloud::DeviceCodeDialog> dialog = codeDialog();
    QVERIFY(dialog && dialog->isVisible());
    QStringList texts;
    for (const auto* label : dialog->findChildren<QLabel*>())
        texts.append(label->text());
    QVERIFY(texts.contains(u"ABCD-1234"_s) && texts.contains(u"https://microsoft.com/devicelogin"_s));
    click(dialog, u"Copy Code"_s);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"ABCD-1234"_s);
    click(dialog, u"Open Page"_s);
    QCOMPARE(m_opened.size(), 1);
    emit m_site->signInFinished({}, true, u"admin@contoso.com"_s);
    QVERIFY(!dialog || !dialog->isVisible());
    QCOMPARE(m_site->signInsStopped, 0); // closing it was not giving up
    QCOMPARE(m_site->checkedTenants.size(), 1U);
}

void tst_connect_tenant::givingTheCodeUp()
{
    toWork(u"A person, with a code on any device"_s);
    emit m_site->signInCodeIssued({u"ABCD"_s, u"https://microsoft.com/devicelogin"_s, QDateTime()});
    click(codeDialog(), u"Cancel"_s);
    QCOMPARE(m_site->signInsStopped, 1);
    QVERIFY2(end().contains(u"canceled"_s), qPrintable(end()));
    QVERIFY(m_site->savedTenants.empty());
}

void tst_connect_tenant::signInRefused()
{
    toWork(u"A person, in the browser of this computer"_s);
    emit m_site->signInFinished(
        Error{ErrorCode::ConsentRequired, u"AADSTS65001"_s, u"contoso at login.microsoftonline.com"_s}, false,
        {});
    QVERIFY2(end().contains(u"Nothing was saved"_s), qPrintable(end()));
    QVERIFY(m_site->checkedTenants.empty());
    click(m_wizard.get(), u"< Previous"_s); // and again
    click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_site->signIns.size(), 2U);
}

void tst_connect_tenant::cancelWhileSigningIn()
{
    toWork(u"A person, in the browser of this computer"_s);
    click(m_wizard.get(), u"Cancel"_s);
    QCOMPARE(m_site->signInsStopped, 1);
    QVERIFY2(end().contains(u"canceled"_s), qPrintable(end()));
}

void tst_connect_tenant::cancelWhileChecking()
{
    toWork(u"The app, with a client secret"_s);
    click(m_wizard.get(), u"Cancel"_s);
    QCOMPARE(m_site->tenantChecksStopped, 1);
    QCOMPARE(end(), u"Canceled. Nothing was saved."_s);
    QVERIFY(m_site->savedTenants.empty());
}

void tst_connect_tenant::essentialPermissionMissing()
{
    toWork(u"The app, with a client secret"_s);
    emit m_site->tenantCheckReported(permission(u"Mail.Send"_s, false, false));
    emit m_site->tenantCheckReported(permission(u"User.Read.All"_s, false, true));
    emit m_site->tenantCheckFinished(Error{ErrorCode::ConsentRequired, {}, {}}, false);
    QVERIFY2(end().startsWith(u"Missing permissions: User.Read.All, Mail.Send."_s), qPrintable(end()));
    QVERIFY(m_site->savedTenants.empty());
    click(m_wizard.get(), u"Save Anyway"_s);
    QCOMPARE(m_site->savedTenants.size(), 1U);
    QVERIFY(m_wizard->succeeded());
}

void tst_connect_tenant::otherPermissionMissing()
{
    toWork(u"The app, with a client secret"_s);
    emit m_site->tenantCheckReported(permission(u"Mail.Send"_s, false, false));
    emit m_site->tenantCheckFinished({}, true);
    QVERIFY(m_wizard->succeeded());
    QVERIFY2(end().contains(u"features lost: Mail.Send"_s), qPrintable(end()));
}

void tst_connect_tenant::saveIsRefused()
{
    m_site->refuseTenants = Error{ErrorCode::AlreadyRunning, {}, u"contoso.onmicrosoft.com"_s};
    toWork(u"The app, with a client secret"_s);
    emit m_site->tenantCheckFinished({}, true);
    QVERIFY(!m_wizard->succeeded());
    QVERIFY(!end().isEmpty());
}

void tst_connect_tenant::certificateFromAFile()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"app.pem"_s);
    QFile file(path);
    const QByteArray pem = "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n";
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(pem) > 0);
    file.close();
    fillGeneral();
    test::choose(m_wizard.get(), u"Who signs in"_s, u"The app, with a certificate"_s);
    click(m_wizard.get(), u"Next >"_s);
    QVERIFY(!errorOf(m_wizard.get(), u"Certificate and private key"_s).isEmpty());
    fill(m_wizard.get(), u"Certificate and private key"_s, path);
    for (int i = 0; i < 3; ++i)
        click(m_wizard.get(), u"Next >"_s);
    QCOMPARE(m_site->credentials, QStringList{QString::fromLatin1(pem)});
    emit m_site->tenantCheckFinished({}, true);
    QVERIFY(m_wizard->succeeded());
}

void tst_connect_tenant::summarySaysWhatWillBeDone()
{
    fillGeneral();
    click(m_wizard.get(), u"Next >"_s);
    click(m_wizard.get(), u"Next >"_s);
    const auto* page = qobject_cast<wizard::SummaryPage*>(m_wizard->currentPage());
    QVERIFY(page);
    const QString text = page->toText();
    for (const auto& part : {u"Name: Contoso"_s, u"Tenant: contoso.onmicrosoft.com"_s, clientId,
             u"You will be asked to sign in"_s, u"Every 60 second"_s})
        QVERIFY2(text.contains(part), qPrintable(text));
}

void tst_connect_tenant::closingStopsTheSignIn()
{
    toWork(u"A person, in the browser of this computer"_s);
    m_wizard.reset();
    QCOMPARE(m_site->signInsStopped, 1);
    emit m_site->signInFinished({}, true, u"late"_s); // nobody listens any more
    QVERIFY(m_site->checkedTenants.empty());
}

void tst_connect_tenant::isAccessible()
{
    QStringList problems = test::accessibilityProblems(m_wizard.get());
    fillGeneral();
    for (const auto& method : {u"The app, with a client secret"_s, u"The app, with a certificate"_s,
             u"A person, with a code on any device"_s}) {
        test::choose(m_wizard.get(), u"Who signs in"_s, method);
        problems += test::accessibilityProblems(m_wizard.get());
    }
    click(m_wizard.get(), u"Next >"_s);
    problems += test::accessibilityProblems(m_wizard.get());
    cloud::DeviceCodeDialog code(
        {u"ABCD"_s, u"https://microsoft.com/devicelogin"_s, QDateTime::currentDateTimeUtc()},
        [](const QUrl&) { return true; });
    code.show();
    QVERIFY(QTest::qWaitForWindowActive(&code));
    problems += test::accessibilityProblems(&code);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

QTEST_MAIN(tst_connect_tenant)
#include "tst_connect_tenant.moc"

// Properties (apply, validation, conflict) and Test Connection, on a fake site.
#include <QAbstractButton>
#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/connectors/ConnectorPropertiesDialog.h"

using namespace postern;
using namespace Qt::StringLiterals;
using test::button;
using test::click;
using test::errorOf;
using test::fill;

class TestConnectorDialogs : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::FakeSiteClient> m_site;
    std::unique_ptr<test::FakePrompter> m_prompter;
    std::unique_ptr<connectors::ConnectorPropertiesDialog> m_dialog;
    ConnectorId m_id;

    [[nodiscard]] QTabWidget* tabs() const { return m_dialog->findChild<QTabWidget*>(); }

private slots:
    void init()
    {
        m_site = std::make_unique<test::FakeSiteClient>();
        m_prompter = std::make_unique<test::FakePrompter>();
        m_id = m_site->addConnector(test::aConnector(u"Head Office"_s));
        m_dialog = std::make_unique<connectors::ConnectorPropertiesDialog>(
            *m_site, *m_prompter, m_site->connector(m_id));
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
    }
    void cleanup() { m_dialog.reset(); }

    void applyNeedsAChange();
    void okWithoutAChangeSavesNothing();
    void applySavesAndStays();
    void okSavesAndCloses();
    void cancelSavesNothing();
    void invalidTabComesToTheFront();
    void newUserNeedsItsPassword();
    void keepsWhatTheFormDoesNotShow();
    void conflictIsSaidAndReloads();
    void refusalIsSaid();
    void checkShowsEachLine();
    void checkFailureIsASentence();
    void checkStopsWhenClosed();
    void testsTheDraft();
};

void TestConnectorDialogs::applyNeedsAChange()
{
    QVERIFY(!button(m_dialog.get(), u"Apply"_s)->isEnabled());
    fill(m_dialog.get(), u"Name"_s, u"Main Office"_s);
    QVERIFY(button(m_dialog.get(), u"Apply"_s)->isEnabled());
}

void TestConnectorDialogs::okWithoutAChangeSavesNothing()
{
    click(m_dialog.get(), u"OK"_s);
    QVERIFY(m_site->saved.empty());
    QVERIFY(!m_dialog->isVisible());
}

void TestConnectorDialogs::applySavesAndStays()
{
    fill(m_dialog.get(), u"Name"_s, u"Main Office"_s);
    click(m_dialog.get(), u"Apply"_s);
    QCOMPARE(m_site->saved.size(), 1U);
    QCOMPARE(m_site->saved.front().name, u"Main Office"_s);
    QCOMPARE(m_site->saved.front().revision, 1);
    QCOMPARE(m_site->passwords.last(), QString()); // empty: the stored one stays
    QVERIFY(m_dialog->isVisible());
    QVERIFY(!button(m_dialog.get(), u"Apply"_s)->isEnabled());
    fill(m_dialog.get(), u"Name"_s, u"Other Office"_s);
    click(m_dialog.get(), u"Apply"_s);
    QCOMPARE(m_site->saved.back().revision, 2); // of what was saved before
}

void TestConnectorDialogs::okSavesAndCloses()
{
    m_site->answersSaves = false;
    fill(m_dialog.get(), u"Name"_s, u"Main Office"_s);
    click(m_dialog.get(), u"OK"_s);
    QVERIFY(m_dialog->isVisible()); // until it is saved
    emit m_site->connectorSaved(m_site->saved.front());
    QVERIFY(!m_dialog->isVisible());
}

void TestConnectorDialogs::cancelSavesNothing()
{
    fill(m_dialog.get(), u"Name"_s, u"Main Office"_s);
    click(m_dialog.get(), u"Cancel"_s);
    QVERIFY(m_site->saved.empty());
}

void TestConnectorDialogs::invalidTabComesToTheFront()
{
    tabs()->setCurrentIndex(2);
    fill(m_dialog.get(), u"Delta synchronization, every"_s, u"7"_s);
    tabs()->setCurrentIndex(0);
    click(m_dialog.get(), u"OK"_s);
    QCOMPARE(tabs()->currentIndex(), 2);
    QCOMPARE(errorOf(m_dialog.get(), u"Delta synchronization, every"_s),
        u"Enter 15 to 1439 minutes, or 0 to switch it off."_s);
    QCOMPARE(m_dialog->focusWidget(), test::editor(m_dialog.get(), u"Delta synchronization, every"_s));
    QVERIFY(m_site->saved.empty());
    fill(m_dialog.get(), u"Delta synchronization, every"_s, u"30"_s);
    click(m_dialog.get(), u"OK"_s);
    QCOMPARE(m_site->saved.size(), 1U);
}

void TestConnectorDialogs::newUserNeedsItsPassword()
{
    tabs()->setCurrentIndex(1);
    fill(m_dialog.get(), u"User name"_s, u"CONTOSO\\other"_s);
    click(m_dialog.get(), u"Apply"_s);
    QCOMPARE(errorOf(m_dialog.get(), u"Password"_s), u"The user name changed: enter this user's password."_s);
    fill(m_dialog.get(), u"Password"_s, u"new secret"_s);
    click(m_dialog.get(), u"Apply"_s);
    QCOMPARE(m_site->passwords.last(), u"new secret"_s);
    QCOMPARE(qobject_cast<QLineEdit*>(test::editor(m_dialog.get(), u"Password"_s))->text(),
        QString()); // not kept here
}

void TestConnectorDialogs::keepsWhatTheFormDoesNotShow()
{
    Connector odd = m_site->connector(m_id);
    odd.fullSchedule = u"every full moon"_s;
    odd.notificationAccount = u"postern@contoso.lab"_s;
    m_site->changeConnector(odd);
    m_dialog = std::make_unique<connectors::ConnectorPropertiesDialog>(*m_site, *m_prompter, odd);
    m_dialog->show();
    fill(m_dialog.get(), u"Name"_s, u"Main Office"_s);
    click(m_dialog.get(), u"Apply"_s);
    QCOMPARE(m_site->saved.back().fullSchedule, odd.fullSchedule);
    QCOMPARE(m_site->saved.back().notificationAccount, odd.notificationAccount);
    QCOMPARE(m_site->saved.back().id, m_id);
}

void TestConnectorDialogs::conflictIsSaidAndReloads()
{
    Connector theirs = m_site->connector(m_id);
    theirs.parallelSessions = 6;
    theirs.revision = 9;
    fill(m_dialog.get(), u"Name"_s, u"Main Office"_s);
    m_site->changeConnector(theirs);
    m_site->refuseSaves = Error{ErrorCode::Conflict, {}, u"connector \"Head Office\""_s};
    click(m_dialog.get(), u"OK"_s);
    QVERIFY(m_dialog->isVisible());
    QCOMPARE(m_dialog->message(),
        u"Somebody else changed it meanwhile: connector \"Head Office\". Reload and make your change again."_s);
    click(m_dialog.get(), u"Reload"_s);
    QCOMPARE(m_dialog->message(), QString());
    QCOMPARE(qobject_cast<QLineEdit*>(test::editor(m_dialog.get(), u"Name"_s))->text(), u"Head Office"_s);
    QCOMPARE(qobject_cast<QSpinBox*>(test::editor(m_dialog.get(), u"Parallel sessions"_s))->value(), 6);
    fill(m_dialog.get(), u"Name"_s, u"Main Office"_s);
    click(m_dialog.get(), u"OK"_s);
    QCOMPARE(m_site->saved.back().revision, 9);
    QVERIFY(!m_dialog->isVisible());
}

void TestConnectorDialogs::refusalIsSaid()
{
    m_site->refuseSaves = Error{ErrorCode::SecretStoreUnavailable, u"locked"_s, u"Secret Service"_s};
    fill(m_dialog.get(), u"Name"_s, u"Main Office"_s);
    click(m_dialog.get(), u"Apply"_s);
    QVERIFY(m_dialog->message().startsWith(
        u"The key ring of this computer cannot be used: Secret Service (locked)"_s));
    QVERIFY(button(m_dialog.get(), u"Reload"_s) == nullptr);
    QVERIFY(button(m_dialog.get(), u"Apply"_s)->isEnabled());
    fill(m_dialog.get(), u"Name"_s, u"Other"_s);
    click(m_dialog.get(), u"Apply"_s);
    QCOMPARE(m_dialog->message(), QString());
}

void TestConnectorDialogs::checkShowsEachLine()
{
    connectors::CheckConnectorDialog check(*m_site, m_site->connector(m_id), {});
    check.show();
    QCOMPARE(m_site->checked.size(), 1U);
    QCOMPARE(check.verdict(), u"Testing \"Head Office\"..."_s);
    emit m_site->checkReported(
        {u"CON-31"_s, u"Server certificate"_s, CheckResult::Outcome::Pass, u"valid"_s, true});
    emit m_site->checkReported(
        {u"CON-33"_s, u"Cmdlet Get-User"_s, CheckResult::Outcome::Fail, u"department stays empty"_s, false});
    emit m_site->checkReported(
        {u"CON-34"_s, u"Cmdlet Get-EXO"_s, CheckResult::Outcome::NotApplicable, {}, false});
    const auto& steps = check.findChild<widgets::StepList*>()->steps();
    QCOMPARE(steps.size(), 3);
    QCOMPARE(int(steps[1].outcome), int(widgets::Step::Outcome::Warning)); // not required: no failure
    emit m_site->checkFinished({}, true);
    QVERIFY(check.verdict().startsWith(u"The connection works, with 1 warning"_s));
    click(&check, u"Copy"_s);
    QCOMPARE(QGuiApplication::clipboard()->text(),
        u"Passed\tServer certificate\tvalid\nWarning\tCmdlet Get-User\tdepartment stays empty\n"
        "Not applicable\tCmdlet Get-EXO\t\n"_s);
    click(&check, u"Test Again"_s);
    QCOMPARE(m_site->checked.size(), 2U);
    QVERIFY(steps.isEmpty());
    emit m_site->checkFinished({}, true);
    QCOMPARE(check.verdict(), u"The connection works: every check passed."_s);
}

void TestConnectorDialogs::checkFailureIsASentence()
{
    connectors::CheckConnectorDialog check(*m_site, m_site->connector(m_id), {});
    check.show();
    emit m_site->checkFinished(
        Error{ErrorCode::CertificateUntrusted, {}, u"https://ex1.contoso.lab"_s}, false);
    QVERIFY(check.verdict().startsWith(
        u"The certificate of https://ex1.contoso.lab is not from a trusted authority"_s));
}

void TestConnectorDialogs::checkStopsWhenClosed()
{
    connectors::CheckConnectorDialog check(*m_site, m_site->connector(m_id), {});
    check.show();
    click(&check, u"Cancel"_s);
    QVERIFY(m_site->checkStopped);
    QVERIFY(!check.isVisible());
}

void TestConnectorDialogs::testsTheDraft()
{
    fill(m_dialog.get(), u"Server address"_s, u"ex2.contoso.lab"_s);
    tabs()->setCurrentIndex(1);
    fill(m_dialog.get(), u"Password"_s, u"new secret"_s);
    click(m_dialog.get(), u"Test Connection"_s);
    QCOMPARE(m_site->checked.back().serverAddress, u"https://ex2.contoso.lab/PowerShell/"_s);
    QCOMPARE(m_site->passwords.last(), u"new secret"_s);
    QVERIFY(m_site->saved.empty());
}

QTEST_MAIN(TestConnectorDialogs)
#include "tst_ConnectorDialogs.moc"

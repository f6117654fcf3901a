// Walks every page and dialog: each keeps the rules of style.md 3.13 and 3.14. A new page or dialog adds a
// row.
#include <QAbstractButton>
#include <QCheckBox>
#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTranslator>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/connectors/AddExchangeServerWizard.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/connectors/CommandPreviewDialog.h"
#include "ui/connectors/ConnectorAccessForm.h"
#include "ui/connectors/ConnectorGeneralForm.h"
#include "ui/connectors/ConnectorLogDialog.h"
#include "ui/connectors/ConnectorPropertiesDialog.h"
#include "ui/connectors/DeleteConnectorDialog.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/NodeTable.h"
#include "ui/widgets/FormDialog.h"
#include "ui/widgets/FormTableInput.h"
#include "ui/wizard/WizardPage.h"

using namespace postern;
using namespace Qt::StringLiterals;

namespace {

// Every text of ours becomes "[text]": what is shown without brackets did not go through tr().
class PseudoTranslator final : public QTranslator
{
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char*, const char* text, const char*, int n) const override
    {
        QString translated = QString::fromUtf8(text);
        if (n >= 0)
            translated.replace("%n"_L1, QString::number(n));
        return u'[' + translated + u']';
    }
};

using Visit = std::function<void(QWidget& window, const QString& where)>;

class TestEveryWindow : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::FakeSiteClient> m_site;
    test::FakePrompter m_prompter;
    const QDateTime m_now = QDateTime::currentDateTimeUtc();

    void fillSite();
    void askForConfirmation();
    void walk(const Visit& visit);
    void walkNodes(const Visit& visit);
    void walkWizard(const Visit& visit);
    void walkProperties(const Visit& visit);
    void walkWizardSettings(connectors::AddExchangeServerWizard& wizard, const Visit& visit);
    void walkCheck(const Visit& visit);
    void walkSmallDialogs(const Visit& visit);
    static void present(QWidget& window, const QString& where, const Visit& visit);

private slots:
    void init() { m_site = std::make_unique<test::FakeSiteClient>(); }
    void everythingHasANameAMnemonicOfItsOwnAndAPlaceInTheTabChain();
    void everyTextIsTranslated();
    void nothingIsCutAtMinimumSize();
    void theRulesCanFail();
};

void TestEveryWindow::fillSite()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"Lab"_s));
    Connector broken = test::aConnector(u"Branch"_s);
    broken.state = ConnectorState::Degraded;
    m_site->addConnector(broken);
    m_site->setDevices({AccessState::Allowed, AccessState::Blocked});
    m_site->endJob(m_site->startJob(id, u"mailboxes"_s, 5, 5), JobState::Succeeded);
    m_site->startJob(id, u"mailboxes"_s, 3, 10);
    m_site->addTenant(test::aTenant(u"Contoso"_s));
    SiteUser user;
    user.id = {1};
    user.name = u"Other"_s;
    m_site->setUsers({user});
    m_site->addMessage(test::aMessage(1, Severity::Error, 30004, m_now));
    m_site->previewCommands = {u"Set-ActiveSyncOrganizationSettings -DefaultAccessLevel Block"_s};
    m_site->writes[id] = {test::aBlockWrite(1, u"contoso.lab/Users/Anna"_s, u"APPL1"_s)};
    m_site->lastChecks[id]
        = {{u"CON-32"_s, u"Cmdlet Get-Recipient"_s, CheckResult::Outcome::Fail, u"not granted"_s, true}};
}

// A synchronization that stopped at the shrink guard, told only to pages that are open.
void TestEveryWindow::askForConfirmation()
{
    if (m_site->connectors().empty())
        return;
    StatusMessage guard = test::aMessage(5, Severity::Error, 30015, QDateTime::currentDateTimeUtc());
    guard.connectorId = m_site->connectors().back().id;
    guard.arguments = {u"Branch"_s, u"mailboxes"_s, u"500"_s, u"12"_s};
    emit m_site->statusMessageAdded(guard);
}

void TestEveryWindow::present(QWidget& window, const QString& where, const Visit& visit)
{
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QCoreApplication::sendPostedEvents();
    visit(window, where);
}

void TestEveryWindow::walk(const Visit& visit)
{
    walkNodes([&visit](QWidget& window, const QString& where) { visit(window, u"empty site, "_s + where); });
    fillSite();
    walkNodes(visit);
    walkWizard(visit);
    walkProperties(visit);
    walkCheck(visit);
    walkSmallDialogs(visit);
}

void TestEveryWindow::walkNodes(const Visit& visit)
{
    shell::MainWindow window(*m_site, {nullptr, &m_prompter, &m_prompter, {}});
    for (const shell::NodeRow& row : shell::nodeTable()) {
        QVERIFY(window.openNode(row.path));
        for (auto* view : window.currentPage()->findChildren<QTableView*>())
            view->selectRow(0);
        askForConfirmation();
        present(window, row.path, visit);
        auto* tabs = window.currentPage()->findChild<QTabWidget*>();
        for (int tab = 1; tabs != nullptr && tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            present(window, u"%1, details %2"_s.arg(row.path).arg(tab), visit);
        }
    }
}

void TestEveryWindow::walkWizard(const Visit& visit)
{
    connectors::AddExchangeServerWizard wizard(*m_site, m_prompter);
    const auto buttons = wizard.findChildren<QAbstractButton*>();
    QAbstractButton* next = nullptr;
    for (auto* button : buttons) {
        if (button->text().contains("Next"_L1))
            next = button;
    }
    QVERIFY(next != nullptr);
    present(wizard, u"wizard, General"_s, visit);
    next->click();
    present(wizard, u"wizard, errors"_s, visit);
    QList<QLineEdit*> lines = wizard.currentPage()->findChildren<QLineEdit*>();
    lines[0]->setText(u"Other"_s);
    lines[1]->setText(u"ex1.contoso.com"_s);
    for (const auto& page : {u"Account"_s, u"Discovery"_s, u"Settings"_s}) {
        next->click();
        present(wizard, u"wizard, "_s + page, visit);
    }
    walkWizardSettings(wizard, visit);
    for (const auto& page : {u"Access Rules"_s, u"Summary"_s, u"Progress"_s}) {
        next->click();
        present(wizard, u"wizard, "_s + page, visit);
    }
    emit m_site->checkFinished(Error{ErrorCode::Timeout, {}, u"https://ex1.contoso.com"_s}, false);
    present(wizard, u"wizard, Completion"_s, visit);
}

// Each group opened, with its fields; then ticked, so that Next goes on.
void TestEveryWindow::walkWizardSettings(connectors::AddExchangeServerWizard& wizard, const Visit& visit)
{
    auto* tabs = wizard.currentPage()->findChild<QTabWidget*>();
    for (int tab = 0; tab < tabs->count(); ++tab) {
        tabs->setCurrentIndex(tab);
        const auto radios = tabs->currentWidget()->findChildren<QRadioButton*>();
        radios.at(1)->click();
        present(wizard, u"wizard, Settings %1"_s.arg(tab), visit);
        wizard.currentPage()->validate();
        present(wizard, u"wizard, Settings %1 without the tick"_s.arg(tab), visit);
        tabs->currentWidget()->findChildren<QCheckBox*>().last()->click();
    }
}

void TestEveryWindow::walkSmallDialogs(const Visit& visit)
{
    m_site->log = u"/nowhere/EasDisc.log"_s;
    connectors::ConnectorLogDialog log(m_site->log, u"Lab"_s);
    present(log, u"log"_s, visit);
    connectors::DeleteConnectorDialog remove(*m_site, m_site->connectors());
    present(remove, u"delete"_s, visit);
    auto* preview = new connectors::CommandPreviewDialog(*m_site, m_site->connectors().front(), nullptr);
    present(*preview, u"commands"_s, visit);
    delete preview;
    connectors::ConnectorGeneralForm general(u"PS1 - test organisation"_s);
    connectors::ConnectorAccessForm access;
    for (QWidget* form : {static_cast<QWidget*>(&general), static_cast<QWidget*>(&access)}) {
        form->show();
        auto* table = form->findChild<widgets::FormTableInput*>();
        table->setEnabled(true);
        table->findChildren<QPushButton*>().first()->click();
        auto* dialog = form->findChild<widgets::FormDialog*>();
        present(*dialog, u"row of "_s + dialog->windowTitle(), visit);
        dialog->accept();
        present(*dialog, u"errors of "_s + dialog->windowTitle(), visit);
    }
}

void TestEveryWindow::walkProperties(const Visit& visit)
{
    connectors::ConnectorPropertiesDialog dialog(*m_site, m_prompter, m_site->connectors().front());
    auto* tabs = dialog.findChild<QTabWidget*>();
    for (int tab = 0; tab < tabs->count(); ++tab) {
        tabs->setCurrentIndex(tab);
        present(dialog, u"properties, tab %1"_s.arg(tab), visit);
    }
    m_site->refuseSaves = Error{ErrorCode::Conflict, {}, u"Lab"_s};
    dialog.findChild<QSpinBox*>()->setValue(3);
    dialog.accept();
    present(dialog, u"properties, conflict"_s, visit);
}

void TestEveryWindow::walkCheck(const Visit& visit)
{
    connectors::CheckConnectorDialog dialog(*m_site, m_site->connectors().front(), {});
    present(dialog, u"test connection, running"_s, visit);
    emit m_site->checkFinished({}, true);
    present(dialog, u"test connection, done"_s, visit);
}

void TestEveryWindow::everythingHasANameAMnemonicOfItsOwnAndAPlaceInTheTabChain()
{
    int windows = 0;
    QStringList problems;
    walk([&](QWidget& window, const QString& where) {
        ++windows;
        for (const QString& problem : test::accessibilityProblems(&window))
            problems.append(where + u": "_s + problem);
    });
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    QVERIFY2(windows >= 20, qPrintable(QString::number(windows)));
}

void TestEveryWindow::everyTextIsTranslated()
{
    PseudoTranslator pseudo;
    QCoreApplication::installTranslator(&pseudo);
    const QStringList data{u"PS1 - test organisation"_s, u"/nowhere/EasDisc.log"_s,
        u"SMS_EXCHANGE_CONNECTOR"_s, u"Lab Branch"_s, u"Lab"_s, u"Branch"_s, u"Contoso"_s,
        u"CONTOSO\\svc-postern"_s, u"Other"_s, u"https://ex1.contoso.lab/PowerShell/"_s,
        u"http://ex1.contoso.com/PowerShell/"_s, u"20 Nov 2026 08:30"_s, u"24 Nov 2026 09:15"_s,
        u"24 Nov 2026 09:16"_s, u"24 Nov 2026 08:30:00"_s, u"SMS_EXCHANGE_CONNECTOR"_s,
        u"Full synchronization of connector Lab: message 1."_s, u"SITE01"_s, u"PS1"_s,
        u"contoso.onmicrosoft.com"_s, u"admin@contoso.com"_s, u"Mail.Send"_s,
        u"DeviceManagementManagedDevices.Read.All"_s,
        QLocale().toString(m_now.toLocalTime(), QLocale::LongFormat)};
    QStringList problems;
    walk([&](QWidget& window, const QString& where) {
        for (const QString& text : test::untranslatedTexts(&window, data))
            problems.append(where + u": "_s + text);
    });
    QCoreApplication::removeTranslator(&pseudo);
    problems.removeDuplicates();
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

void TestEveryWindow::nothingIsCutAtMinimumSize()
{
    QStringList problems;
    walk([&](QWidget& window, const QString& where) {
        window.resize(window.minimumSizeHint().expandedTo(QSize(640, 480)));
        QCoreApplication::sendPostedEvents();
        for (auto* button : window.findChildren<QAbstractButton*>()) {
            if (!button->text().isEmpty() && button->isVisible() && button->window() == &window
                && button->width() < button->minimumSizeHint().width())
                problems.append(u"%1: \"%2\" is cut"_s.arg(where, button->text()));
        }
    });
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

void TestEveryWindow::theRulesCanFail()
{
    QDialog dialog;
    auto* first = new QPushButton(u"&Same"_s, &dialog);
    auto* second = new QPushButton(u"&So"_s, &dialog);
    auto* nameless = new QLineEdit(&dialog);
    second->move(0, 40);
    nameless->move(0, 80);
    QWidget::setTabOrder(first, second);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    const QString problems = test::accessibilityProblems(&dialog).join(u'\n');
    QVERIFY2(problems.contains("no name: QLineEdit"_L1), qPrintable(problems));
    QVERIFY2(problems.contains("Alt+S is the mnemonic of"_L1), qPrintable(problems));
    QVERIFY(!test::untranslatedTexts(&dialog, {}).isEmpty());
}

} // namespace

QTEST_MAIN(TestEveryWindow)
#include "tst_EveryWindow.moc"

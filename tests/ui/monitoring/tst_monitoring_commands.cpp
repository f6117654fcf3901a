// The ribbon's commands on status messages: what they open, when they are enabled, the tick of the period.
#include <QMenu>
#include <QTableView>
#include <QtTest>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "ui/commands/CommandSet.h"
#include "ui/monitoring/ComponentStatusPage.h"
#include "ui/monitoring/StatusMessagesPage.h"
#include "ui/monitoring/StatusMessagesView.h"
#include "ui/monitoring/StatusMessagesWindow.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/Toast.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::monitoring;

namespace {

struct Fixture
{
    test::FakeSiteClient site;
    test::FakePrompter prompter;
    std::unique_ptr<shell::MainWindow> window;

    explicit Fixture(const QString& node)
    {
        const QDateTime now = QDateTime::currentDateTimeUtc();
        site.messages = {test::aMessage(1, Severity::Error, 30004, now.addSecs(-60)),
            test::aMessage(2, Severity::Information, 30001, now.addSecs(-30))};
        window = std::make_unique<shell::MainWindow>(
            site, shell::MainWindowOptions{nullptr, &prompter, &prompter, node});
        window->show();
    }
    [[nodiscard]] QAction* action(const QString& id) const { return window->commands().find(id)->action(); }
    [[nodiscard]] QList<StatusMessagesWindow*> viewers() const
    {
        return window->findChildren<StatusMessagesWindow*>();
    }
};

const QString componentNode = QStringLiteral("Monitoring/System Status/Component Status");
const QString messageNode = QStringLiteral("Monitoring/System Status/Status Message Queries");

} // namespace

class tst_monitoring_commands : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void showMessagesNeedsAComponent();
    void showMessagesOpensOneWindowEach();
    void doubleClickShowsMessages();
    void thePeriodIsTicked();
    void thePeriodsPopUp();
    void exportsFromTheNode();
};

void tst_monitoring_commands::showMessagesNeedsAComponent()
{
    Fixture f(componentNode);
    QCOMPARE(f.window->currentNode(), componentNode);
    QVERIFY(!f.action(u"show-messages"_s)->isEnabled());
    f.window->currentPage()->findChild<QTableView*>(u"componentList"_s)->selectRow(0);
    QVERIFY(f.action(u"show-messages"_s)->isEnabled());
    QCOMPARE(f.action(u"show-messages-error"_s)->property("variantOf").toString(), u"show-messages"_s);
}

void tst_monitoring_commands::showMessagesOpensOneWindowEach()
{
    Fixture f(componentNode);
    f.window->currentPage()->findChild<QTableView*>(u"componentList"_s)->selectRow(0);
    f.action(u"show-messages-error"_s)->trigger();
    QCOMPARE(f.viewers().size(), 1);
    QCOMPARE(f.viewers().front()->view().severity(), std::optional(Severity::Error));
    QCOMPARE(f.viewers().front()->view().statusText(), u"2 status message(s)"_s);
    f.action(u"show-messages-error"_s)->trigger(); // the same again
    QCOMPARE(f.viewers().size(), 1);
    f.action(u"show-messages"_s)->trigger();
    QCOMPARE(f.viewers().size(), 2);
}

void tst_monitoring_commands::doubleClickShowsMessages()
{
    Fixture f(componentNode);
    auto* list = f.window->currentPage()->findChild<QTableView*>(u"componentList"_s);
    list->selectRow(0);
    emit list->activated(list->model()->index(0, 0));
    QCOMPARE(f.viewers().size(), 1);
}

void tst_monitoring_commands::thePeriodIsTicked()
{
    Fixture f(componentNode);
    QVERIFY(f.action(u"viewing-period-day"_s)->isChecked());
    f.action(u"viewing-period-hour"_s)->trigger();
    auto* page = qobject_cast<ComponentStatusPage*>(f.window->currentPage());
    QCOMPARE(page->viewingPeriod(), ViewingPeriod::Hour);
    QVERIFY(f.action(u"viewing-period-hour"_s)->isChecked());
    QVERIFY(!f.action(u"viewing-period-day"_s)->isChecked());
    f.action(u"viewing-period-hour"_s)->trigger(); // again: stays ticked
    QVERIFY(f.action(u"viewing-period-hour"_s)->isChecked());
    QVERIFY(f.window->openNode(messageNode)); // has a period of its own
    QVERIFY(f.action(u"viewing-period-day"_s)->isChecked());
}

void tst_monitoring_commands::thePeriodsPopUp()
{
    Fixture f(messageNode);
    f.action(u"viewing-period"_s)->trigger();
    auto* menu = f.window->findChild<QMenu*>(u"viewingPeriods"_s);
    QVERIFY(menu != nullptr);
    QCOMPARE(menu->actions().size(), 5);
    menu->actions().last()->trigger();
    QCOMPARE(qobject_cast<StatusMessagesPage*>(f.window->currentPage())->viewingPeriod(), ViewingPeriod::All);
    menu->close();
}

void tst_monitoring_commands::exportsFromTheNode()
{
    Fixture f(messageNode);
    f.action(u"export-messages"_s)->trigger(); // cancelled: nothing is said
    QVERIFY(f.window->toast().title().isEmpty());
    QTemporaryDir folder;
    f.prompter.file = folder.filePath(u"m.csv"_s);
    f.action(u"export-messages"_s)->trigger();
    QVERIFY(QFile::exists(f.prompter.file));
    QCOMPARE(f.window->toast().title(), u"Exported"_s);
    f.prompter.file = u"/nowhere/m.csv"_s;
    f.action(u"export-messages"_s)->trigger();
    QCOMPARE(f.window->toast().title(), u"The export failed"_s);
    QVERIFY(f.window->toast().text().contains(u"/nowhere/m.csv"_s));
}

QTEST_MAIN(tst_monitoring_commands)
#include "tst_monitoring_commands.moc"

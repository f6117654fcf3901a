// Component Status and Status Messages as somebody uses them: live, narrowed by period, severity and text,
// copied, exported; and pictures at 100 % and 200 % in light and dark for people to look at.
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QtTest>

#include "models/base/Csv.h"
#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/grid/GridView.h"
#include "ui/monitoring/ComponentStatusPage.h"
#include "ui/monitoring/MessageDetails.h"
#include "ui/monitoring/StatusMessagesPage.h"
#include "ui/monitoring/StatusMessagesView.h"
#include "ui/monitoring/StatusMessagesWindow.h"
#include "ui/widgets/EmptyState.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::monitoring;
using namespace postern::test;
using items::ComponentStatusModel;
using items::StatusMessageModel;

namespace {

const QDateTime noon(QDate(2026, 11, 20), QTime(12, 0), Qt::UTC);

QDateTime atNoon()
{
    return noon;
}

struct Fixture
{
    FakeSiteClient site;

    Fixture()
    {
        site.messages = {aMessage(1, Severity::Information, 30001, noon.addDays(-3)),
            aMessage(2, Severity::Warning, 30007, noon.addSecs(-7200)),
            aMessage(3, Severity::Error, 30004, noon.addSecs(-600)),
            aMessage(4, Severity::Information, 30001, noon.addSecs(-60))};
    }
};

std::unique_ptr<StatusMessagesView> viewOf(FakeSiteClient& site)
{
    auto view = std::make_unique<StatusMessagesView>(site);
    view->feed().setNow(atNoon);
    view->resize(1000, 600);
    view->show();
    return view;
}

QStringList numbers(const StatusMessagesView& view)
{
    QStringList result;
    const auto* model = view.grid().table();
    for (int row = 0; row < model->rowCount(); ++row)
        result.append(QString::number(model->keyAt(row)));
    return result;
}

QString shownEmptyState(const QWidget& window)
{
    for (const auto* state : window.findChildren<widgets::EmptyState*>()) {
        if (state->isVisible())
            return state->title();
    }
    return {};
}

} // namespace

class tst_monitoring : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void showsThePeriod_data();
    void showsThePeriod();
    void messagesComeLive();
    void aBurstIsToldOnce();
    void nothingComesTwiceOrIsLost();
    void oldOnesLeave();
    void severityAndComponentNarrow();
    void searchNarrows();
    void sortsByHeader();
    void detailsShowEverything();
    void copiesAsATable();
    void csvIsSafe();
    void exportSaysWhatFailed();
    void emptyStates();
    void tooManyAreSaid();
    void stateAndSettingsComeBack();
    void componentsAreCounted();
    void componentsFollowThePeriod();
    void windowIsAccessible();
    void windowExports();
    void pictures_data();
    void pictures();
};

void tst_monitoring::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    QStandardPaths::setTestModeEnabled(true);
    qputenv("TZ", "UTC");
}

void tst_monitoring::showsThePeriod_data()
{
    QTest::addColumn<int>("period");
    QTest::addColumn<QStringList>("messages");
    QTest::newRow("hour") << int(ViewingPeriod::Hour) << QStringList{u"4"_s, u"3"_s};
    QTest::newRow("day") << int(ViewingPeriod::Day) << QStringList{u"4"_s, u"3"_s, u"2"_s};
    QTest::newRow("week") << int(ViewingPeriod::Week) << QStringList{u"4"_s, u"3"_s, u"2"_s, u"1"_s};
    QTest::newRow("all") << int(ViewingPeriod::All) << QStringList{u"4"_s, u"3"_s, u"2"_s, u"1"_s};
}

void tst_monitoring::showsThePeriod()
{
    QFETCH(int, period);
    Fixture f;
    const auto view = viewOf(f.site);
    view->setPeriod(ViewingPeriod(period));
    QTEST(numbers(*view), "messages");
    const auto asked = f.site.messageQueries.back();
    QCOMPARE(asked.since, periodStart(ViewingPeriod(period), noon));
    QCOMPARE(asked.limit, MessageFeed::most);
}

void tst_monitoring::messagesComeLive()
{
    Fixture f;
    const auto view = viewOf(f.site);
    view->grid().selectKeys({3}, 3);
    f.site.addMessage(aMessage(5, Severity::Warning, 30007, noon));
    QTRY_COMPARE(numbers(*view), (QStringList{u"5"_s, u"4"_s, u"3"_s, u"2"_s}));
    QCOMPARE(view->grid().selectedKeys(), std::vector<qint64>{3});
}

void tst_monitoring::aBurstIsToldOnce()
{
    Fixture f;
    const auto view = viewOf(f.site);
    QSignalSpy told(&view->feed(), &MessageFeed::changed);
    for (qint64 id = 5; id < 505; ++id)
        f.site.addMessage(aMessage(id, Severity::Information, 30001, noon));
    QTRY_COMPARE(view->grid().table()->rowCount(), 503);
    QVERIFY2(told.count() <= 3, qPrintable(QString::number(told.count())));
}

void tst_monitoring::nothingComesTwiceOrIsLost()
{
    Fixture f;
    const auto view = viewOf(f.site);
    emit f.site.statusMessageAdded(f.site.messages[3]); // read already
    QCOMPARE(view->feed().messages().size(), 3U);
    // One is announced while an older answer is under way.
    const auto query = f.site.messageQueries.back();
    f.site.addMessage(aMessage(5, Severity::Warning, 30007, noon));
    emit f.site.statusMessagesLoaded(query, {f.site.messages[3]});
    QCOMPARE(numbers(*view), (QStringList{u"5"_s, u"4"_s}));
    // An answer to somebody else's question.
    site::StatusMessageQuery other;
    other.token = query.token + 1000;
    emit f.site.statusMessagesLoaded(other, {});
    QCOMPARE(numbers(*view), (QStringList{u"5"_s, u"4"_s}));
}

void tst_monitoring::oldOnesLeave()
{
    Fixture f;
    const auto view = viewOf(f.site);
    view->setPeriod(ViewingPeriod::Hour);
    QCOMPARE(numbers(*view), (QStringList{u"4"_s, u"3"_s}));
    view->feed().setNow([] { return noon.addSecs(3001); });
    QCOMPARE(numbers(*view), QStringList{u"4"_s});
}

void tst_monitoring::severityAndComponentNarrow()
{
    Fixture f;
    StatusMessage other = aMessage(9, Severity::Error, 1, noon);
    other.component = u"SMS_OTHER"_s;
    f.site.messages.push_back(other);
    const auto view = viewOf(f.site);
    view->setSeverity(Severity::Error);
    QCOMPARE(numbers(*view), (QStringList{u"9"_s, u"3"_s}));
    view->setComponent(u"SMS_OTHER"_s);
    QCOMPARE(numbers(*view), QStringList{u"9"_s});
    view->setComponent(u"SMS_NOT_YET"_s); // can be waited for
    QCOMPARE(numbers(*view), QStringList());
    QCOMPARE(shownEmptyState(*view), u"No message matches"_s);
    click(view.get(), u"Clear Filter"_s);
    QCOMPARE(numbers(*view).size(), 4);
}

void tst_monitoring::searchNarrows()
{
    Fixture f;
    const auto view = viewOf(f.site);
    QTest::keyClicks(&view->searchBox(), u"30007"_s);
    QCOMPARE(numbers(*view), QStringList{u"2"_s});
    QTest::keyClick(&view->searchBox(), Qt::Key_Escape);
    QCOMPARE(numbers(*view).size(), 3);
}

void tst_monitoring::sortsByHeader()
{
    Fixture f;
    const auto view = viewOf(f.site);
    view->grid().setSort(grid::GridSort{StatusMessageModel::SeverityColumn, Qt::DescendingOrder});
    QCOMPARE(numbers(*view), (QStringList{u"3"_s, u"2"_s, u"4"_s}));
}

void tst_monitoring::detailsShowEverything()
{
    Fixture f;
    f.site.messages[2].text = u"First line\nSecond \u202Eline"_s;
    const auto view = viewOf(f.site);
    QVERIFY(view->details().toText().contains(u"Select a message"_s));
    view->grid().selectKeys({3}, 3);
    const QString text = view->details().toText();
    for (const auto& part : {u"First line\nSecond [U+202E]line"_s, u"Error"_s, u"30004"_s, u"SITE01"_s,
             u"In UTC: 2026-11-20 11:50:00 UTC"_s, u"Argument 1: Lab"_s, u"Argument 2: 700"_s})
        QVERIFY2(text.contains(part), qPrintable(text));
    view->grid().selectKeys({3, 4}, 3);
    QVERIFY(view->details().toText().contains(u"2 message"_s));
}

void tst_monitoring::copiesAsATable()
{
    Fixture f;
    const auto view = viewOf(f.site);
    view->grid().selectKeys({3}, 3);
    QVERIFY(view->grid().copySelection());
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0].split(u'\t'),
        (QStringList{u"Severity"_s, u"Type"_s, u"Site Code"_s, u"Date/Time"_s, u"System"_s, u"Component"_s,
            u"Message ID"_s, u"Description"_s}));
    QVERIFY(lines[1].startsWith(u"Error\tMilestone\tPS1\t"_s));
}

void tst_monitoring::csvIsSafe()
{
    Fixture f;
    f.site.messages[3].text = u"=HYPERLINK(\"http://x\"),\nsecond"_s;
    f.site.messages[3].machine = u"@SUM(A1)"_s;
    const auto view = viewOf(f.site);
    view->setSeverity(Severity::Information);
    const QString csv = view->csvText();
    QVERIFY(csv.startsWith(u"Severity,Type,Site Code,Date/Time (UTC),System,Component,Message ID,Description,"
                           "Arguments\r\n"_s));
    QVERIFY2(csv.contains(u"2026-11-20T11:59:00Z,'@SUM(A1),"_s), qPrintable(csv));
    QVERIFY2(csv.contains(u"\"'=HYPERLINK(\"\"http://x\"\"),\nsecond\",Lab; 700\r\n"_s), qPrintable(csv));
    QTemporaryDir folder;
    const auto written = view->exportCsv(folder.filePath(u"out.csv"_s));
    QVERIFY(written);
    QCOMPARE(*written, 1); // what is shown, not all
    QFile file(folder.filePath(u"out.csv"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("\xEF\xBB\xBF") + csv.toUtf8());
}

void tst_monitoring::exportSaysWhatFailed()
{
    Fixture f;
    const auto view = viewOf(f.site);
    const auto written = view->exportCsv(u"/nowhere/at/all.csv"_s);
    QVERIFY(!written);
    QCOMPARE(written.error().origin, u"/nowhere/at/all.csv"_s);
    QVERIFY(!written.error().detail.isEmpty());
}

void tst_monitoring::emptyStates()
{
    FakeSiteClient site;
    site.messages = {aMessage(1, Severity::Information, 30001, noon.addDays(-40))};
    const auto view = viewOf(site);
    QCOMPARE(shownEmptyState(*view), u"No status message in this period"_s);
    click(view.get(), u"Show All Periods"_s);
    QCOMPARE(view->period(), ViewingPeriod::All);
    QCOMPARE(numbers(*view), QStringList{u"1"_s});
    view->searchBox().setText(u"nothing like it"_s);
    QCOMPARE(shownEmptyState(*view), u"No message matches"_s);
}

void tst_monitoring::tooManyAreSaid()
{
    FakeSiteClient site;
    for (qint64 id = 1; id <= MessageFeed::most + 5; ++id)
        site.messages.push_back(aMessage(id, Severity::Information, 30001, noon));
    const auto view = viewOf(site);
    QVERIFY(view->feed().isCut());
    QCOMPARE(int(view->feed().messages().size()), MessageFeed::most);
    QVERIFY2(view->statusText().startsWith(u"The newest "_s), qPrintable(view->statusText()));
    site.addMessage(aMessage(MessageFeed::most + 6, Severity::Error, 30004, noon));
    QCOMPARE(int(view->feed().messages().size()), MessageFeed::most);
    QCOMPARE(view->feed().messages().front().id.value, MessageFeed::most + 6);
}

void tst_monitoring::stateAndSettingsComeBack()
{
    Fixture f;
    StatusMessagesPage page(f.site);
    page.view().feed().setNow(atNoon);
    page.setViewingPeriod(ViewingPeriod::All);
    page.view().setSeverity(Severity::Information);
    page.view().searchBox().setText(u"message"_s);
    page.view().grid().selectKeys({1}, 1);
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
    page.saveSettings(settings);
    StatusMessagesPage second(f.site);
    second.view().feed().setNow(atNoon);
    second.restoreSettings(settings);
    QCOMPARE(second.viewingPeriod(), ViewingPeriod::All);
    second.restoreState(page.saveState());
    QCOMPARE(second.saveState(), page.saveState());
    QCOMPARE(second.view().grid().selectedKeys(), std::vector<qint64>{1});
    QVERIFY(second.statusText().contains(u"1 selected"_s));
}

void tst_monitoring::componentsAreCounted()
{
    Fixture f;
    ComponentStatusPage page(f.site);
    page.feed().setNow(atNoon);
    page.resize(900, 500);
    page.show();
    auto* list = page.findChild<grid::GridView*>(u"componentList"_s);
    const auto cell
        = [list](int row, int column) { return list->table()->index(row, column).data().toString(); };
    QCOMPARE(list->table()->rowCount(), 1);
    QCOMPARE(cell(0, ComponentStatusModel::Component), u"SMS_EXCHANGE_CONNECTOR"_s);
    QCOMPARE(cell(0, ComponentStatusModel::State), u"Warning"_s);
    QCOMPARE(cell(0, ComponentStatusModel::Errors), u"1"_s);
    QCOMPARE(cell(0, ComponentStatusModel::Information), u"1"_s);
    list->selectKeys({1}, 1);
    QCOMPARE(page.selectedComponents(), QStringList{u"SMS_EXCHANGE_CONNECTOR"_s});
    QCOMPARE(page.selection().rows, 1);
    for (qint64 id = 5; id < 9; ++id)
        f.site.addMessage(aMessage(id, Severity::Error, 30004, noon));
    QTRY_COMPARE(cell(0, ComponentStatusModel::State), u"Critical"_s);
    StatusMessage other = aMessage(20, Severity::Information, 1, noon);
    other.component = u"SMS_OTHER"_s;
    f.site.addMessage(other);
    QTRY_COMPARE(list->table()->rowCount(), 2);
    QCOMPARE(page.selectedComponents(), QStringList{u"SMS_EXCHANGE_CONNECTOR"_s}); // it stays chosen
}

void tst_monitoring::componentsFollowThePeriod()
{
    Fixture f;
    ComponentStatusPage page(f.site);
    page.feed().setNow(atNoon);
    QSignalSpy told(&page, &widgets::NodePage::selectionChanged);
    page.setViewingPeriod(ViewingPeriod::Hour);
    QVERIFY(told.count() > 0); // the ribbon's tick follows it
    QVERIFY2(page.statusText().contains(u"in the last hour"_s), qPrintable(page.statusText()));
    auto* list = page.findChild<grid::GridView*>(u"componentList"_s);
    QCOMPARE(list->table()->index(0, ComponentStatusModel::Warnings).data().toString(), u"0"_s);
    page.setViewingPeriod(ViewingPeriod::All);
    QCOMPARE(list->table()->index(0, ComponentStatusModel::Warnings).data().toString(), u"1"_s);
    QCOMPARE(list->table()->index(0, ComponentStatusModel::Information).data().toString(), u"2"_s);
}

void tst_monitoring::windowIsAccessible()
{
    Fixture f;
    FakePrompter prompter;
    auto* window = new StatusMessagesWindow(
        f.site, prompter, {u"SMS_EXCHANGE_CONNECTOR"_s, Severity::Error, ViewingPeriod::All});
    QPointer<QDialog> alive(window);
    window->show();
    QVERIFY(QTest::qWaitForWindowActive(window));
    QCOMPARE(numbers(window->view()), QStringList{u"3"_s});
    QCOMPARE(window->windowTitle(), u"Status Messages: SMS_EXCHANGE_CONNECTOR"_s);
    const QStringList problems = accessibilityProblems(window);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    window->close();
    QTRY_VERIFY(alive.isNull());
}

void tst_monitoring::windowExports()
{
    Fixture f;
    QTemporaryDir folder;
    FakePrompter prompter;
    StatusMessagesWindow* window = new StatusMessagesWindow(f.site, prompter, {{}, {}, ViewingPeriod::All});
    window->show();
    click(window, u"Export..."_s); // cancelled
    QVERIFY(QDir(folder.path()).isEmpty());
    prompter.file = folder.filePath(u"m.csv"_s);
    click(window, u"Export..."_s);
    QVERIFY(QFile::exists(prompter.file));
    QCOMPARE(prompter.suggested, u"status-messages.csv"_s);
    delete window;
}

void tst_monitoring::pictures_data()
{
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QString>("scale");
    QTest::newRow("light-100") << false << u"1"_s;
    QTest::newRow("dark-100") << true << u"1"_s;
    QTest::newRow("light-200") << false << u"2"_s;
    QTest::newRow("dark-200") << true << u"2"_s;
}

void tst_monitoring::pictures()
{
    QFETCH(bool, dark);
    QFETCH(QString, scale);
    const QString base
        = QDir::tempPath() + u"/postern-monitoring-"_s + QString::fromLatin1(QTest::currentDataTag());
    QProcess preview;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_SCALE_FACTOR"_s, scale);
    preview.setProcessEnvironment(environment);
    QStringList arguments{u"--hostile"_s, u"--picture"_s, base};
    if (dark)
        arguments.prepend(u"--dark"_s);
    preview.start(QStringLiteral(POSTERN_BIN_DIR) + u"/monitoring_preview"_s, arguments);
    QVERIFY(preview.waitForFinished(60'000));
    QCOMPARE(preview.exitCode(), 0);
    for (const auto& name : {u"components"_s, u"messages"_s, u"empty"_s}) {
        const QImage image(base + u'-' + name + u".png"_s);
        QVERIFY(!image.isNull());
        QCOMPARE(image.devicePixelRatio(), 1.0);
        QVERIFY(image.width() >= 1000 * scale.toInt());
        QCOMPARE(qGray(image.pixel(image.width() / 2, image.height() - 8)) < 128, dark);
    }
}

QTEST_MAIN(tst_monitoring)
#include "tst_monitoring.moc"

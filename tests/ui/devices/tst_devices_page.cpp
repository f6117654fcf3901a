// The Devices page as somebody uses it: search, sort, details, state kept, a name for everything that takes
// the focus; and pictures of it at 100 % and 200 % in light and dark for people to look at.
#include <QAccessible>
#include <QHeaderView>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QTabBar>
#include <QTableView>
#include <QtTest>

#include "models/frame/DeviceFrameBuilder.h"
#include "tests/support/DeviceFactory.h"
#include "tests/ui/devices/FrameSite.h"
#include "ui/devices/DeviceDetails.h"
#include "ui/devices/DeviceSentences.h"
#include "ui/devices/DevicesPage.h"
#include "ui/devices/LargeResultBar.h"
#include "ui/grid/GridView.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Theme.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using devices::DevicesPage;
using frame::DeviceColumn;

namespace {

struct Fixture
{
    FrameSite site;
    std::unique_ptr<DevicesPage> page;

    explicit Fixture(std::shared_ptr<const frame::DeviceFrame> frame)
    {
        site.show(std::move(frame));
        page = std::make_unique<DevicesPage>(site);
        page->setNow([] { return testNow().toMSecsSinceEpoch(); });
        page->resize(1280, 800);
        page->show();
        if (!QTest::qWaitForWindowActive(page.get()))
            qWarning("The page never became active");
        settle();
    }
    void settle() const
    {
        QVERIFY(QTest::qWaitFor([this] { return page->isSettled(); }));
    }
    void search(const QString& text) const
    {
        page->searchBox().clear();
        QTest::keyClicks(&page->searchBox(), text);
        settle();
    }
    [[nodiscard]] int rows() const { return page->table().rowCount(); }
};

} // namespace

class tst_devices_page : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void showsWhatTheSiteHas();
    void searchNarrowsAndClears();
    void typingIsDebounced();
    void saysWhatToDoWhenEmpty();
    void largeResultLoadsMore();
    void sortsByHeader();
    void detailsFollowTheCurrentDevice();
    void detailsAreOfTheSelectedDeviceOnly();
    void detailsFollowTheFeed();
    void rawPropertiesListEverything();
    void sentences_data();
    void sentences();
    void ages_data();
    void ages();
    void stateComesBack();
    void settingsComeBack();
    void settingsMayBeBroken();
    void statusText();
    void keyboard();
    void everythingFocusableIsNamed();
    void pictures_data();
    void pictures();
};

void tst_devices_page::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    QStandardPaths::setTestModeEnabled(true);
    qputenv("TZ", "UTC");
}

void tst_devices_page::showsWhatTheSiteHas()
{
    Fixture f(organisation(700));
    QCOMPARE(f.rows(), 700);
    f.site.show(organisation(800));
    QTRY_COMPARE(f.rows(), 800);
}

void tst_devices_page::searchNarrowsAndClears()
{
    Fixture f(organisation(700));
    f.search(u"SAMSUNG"_s);
    QVERIFY(f.rows() > 20 && f.rows() < 300);
    for (int row = 0; row < f.rows(); ++row)
        QVERIFY(f.page->table().index(row, 0).data().toString().contains(u"Samsung"_s));
    QTest::keyClick(f.page.get(), Qt::Key_Escape);
    f.settle();
    QCOMPARE(f.rows(), 700);
}

void tst_devices_page::typingIsDebounced()
{
    Fixture f(organisation(700));
    QSignalSpy finished(&f.page->table(), &items::IndexedTableModel::changeFinished);
    QTest::keyClicks(&f.page->searchBox(), u"iphone"_s);
    f.settle();
    QCOMPARE(finished.count(), 1);
    QTest::keyClicks(&f.page->searchBox(), u"x"_s);
    QTest::keyClick(&f.page->searchBox(), Qt::Key_Return); // does not wait
    QVERIFY(QTest::qWaitFor([&] { return f.page->isSettled(); }, 100));
}

void tst_devices_page::saysWhatToDoWhenEmpty()
{
    Fixture f(frame::DeviceFrame::empty());
    QStringList visible;
    const auto shown = [&f] {
        QStringList titles;
        for (const auto* state : f.page->findChildren<widgets::EmptyState*>()) {
            if (state->isVisible())
                titles.append(state->title());
        }
        return titles;
    };
    QCOMPARE(shown(), QStringList{u"No devices yet"_s});
    QSignalSpy node(f.page.get(), &widgets::NodePage::nodeRequested);
    for (auto* state : f.page->findChildren<widgets::EmptyState*>()) {
        if (state->isVisible())
            state->button()->click();
    }
    QCOMPARE(node.first().first().toString(),
        u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s);
    f.site.show(organisation(10));
    QTRY_COMPARE(f.rows(), 10);
    QCOMPARE(shown(), QStringList{});
    f.search(u"no such device"_s);
    QCOMPARE(shown(), QStringList{u"No device matches"_s});
}

void tst_devices_page::largeResultLoadsMore() // SHL-08
{
    Fixture f(organisation(3000));
    QCOMPARE(f.rows(), 1000);
    auto* bar = f.page->findChild<devices::LargeResultBar*>();
    QVERIFY(bar->isVisible());
    f.search(u"quentin"_s);
    QVERIFY(!bar->isVisible());
    f.page->searchBox().clear();
    f.settle();
    QTest::mouseClick(bar->findChild<QPushButton*>(), Qt::LeftButton);
    f.settle();
    QCOMPARE(f.rows(), 3000);
    QVERIFY(!bar->isVisible());
}

void tst_devices_page::sortsByHeader()
{
    Fixture f(organisation(300));
    f.page->grid().setSort(grid::GridSort{int(DeviceColumn::UserName), Qt::AscendingOrder});
    f.settle();
    const auto user
        = [&f](int row) { return f.page->table().index(row, int(DeviceColumn::UserName)).data().toString(); };
    QCOMPARE(user(0).left(5), u"Anna "_s);
    QCOMPARE(user(f.rows() - 1).left(3), u"Zoë"_s);
}

void tst_devices_page::detailsFollowTheCurrentDevice()
{
    Fixture f(frameOf({aDevice(1).named(u"ann_iPhone").blocked().lastSync(2_days_ago),
        aDevice(2).named(u"bo_iPad").neverSynced()}));
    QVERIFY(!f.page->details().summaryText().contains(u"ann_iPhone"_s));
    f.page->focusMain();
    QVERIFY(f.page->details().summaryText().contains(u"ann_iPhone"_s));
    QVERIFY(f.page->details().summaryText().startsWith(
        u"Blocked by a personal rule of this mailbox; last successful sync 2 day"_s));
    QTest::keyClick(&f.page->grid(), Qt::Key_Down);
    QVERIFY(f.page->details().summaryText().contains(u"bo_iPad"_s));
    QVERIFY(f.page->details().summaryText().contains(u"no successful sync is known"_s));
}

// A search that takes the device away must not show its neighbour as if somebody had chosen it.
void tst_devices_page::detailsAreOfTheSelectedDeviceOnly()
{
    Fixture f(organisation(40));
    f.page->grid().selectKeys({f.page->table().keyAt(0)}, f.page->table().keyAt(0));
    QVERIFY(f.page->details().isShowingDevice());
    const QString other = f.page->table().index(30, int(DeviceColumn::EasDeviceId)).data().toString();
    f.search(other);
    QVERIFY(f.rows() >= 1 && f.rows() < 40);
    QVERIFY(f.page->grid().selectedKeys().empty());
    QVERIFY(!f.page->details().isShowingDevice());
    QTest::keyClick(&f.page->searchBox(), Qt::Key_Down);
    f.settle();
    QCOMPARE(f.page->grid().selectedRowCount(), 1);
    QVERIFY(f.page->details().isShowingDevice());
}

void tst_devices_page::detailsFollowTheFeed()
{
    frame::DeviceFrameBuilder builder;
    builder.apply(aDevice(1).row());
    Fixture f(builder.publish());
    f.page->focusMain();
    QVERIFY(f.page->details().summaryText().startsWith(u"Allowed"_s));
    builder.apply(aDevice(1).quarantined().row());
    f.site.show(builder.publish());
    QTRY_VERIFY(f.page->details().summaryText().startsWith(u"Quarantined"_s));
    builder.apply(aDevice(1).gone().row());
    f.site.show(builder.publish());
    QTRY_COMPARE(f.rows(), 0);
    QCOMPARE(f.page->grid().currentKey(), 0);
}

void tst_devices_page::rawPropertiesListEverything()
{
    Fixture f(frameOf({aDevice(1).set(DeviceColumn::UserAgent, u"<i>agent</i>\n").lastSync(2_days_ago)}));
    f.page->focusMain();
    f.page->details().setCurrentIndex(f.page->details().count() - 1);
    const auto* view = f.page->details().currentWidget()->findChild<QTableView*>();
    const QAbstractItemModel& model = *view->model();
    QCOMPARE(model.rowCount(), frame::deviceColumnCount);
    QCOMPARE(model.index(int(DeviceColumn::UserAgent), 1).data().toString(), u"<i>agent</i>␊"_s);
    QCOMPARE(model.index(int(DeviceColumn::LastSuccessSync), 1).data().toString(), u"2026-11-18T12:00:00Z"_s);
    QCOMPARE(model.index(int(DeviceColumn::LastSuccessSync), 2).data().toString(), u"lastSuccessSyncTime"_s);
    QCOMPARE(model.index(int(DeviceColumn::AccessState), 1).data().toString(), u"Allowed"_s);
}

void tst_devices_page::sentences_data()
{
    QTest::addColumn<std::vector<DeviceFactory>>("device");
    QTest::addColumn<QString>("sentence");
    using D = std::vector<DeviceFactory>;
    const QString sync = u"last successful sync 2 hour(s) ago."_s;
    QTest::newRow("default") << D{aDevice(1)}
                             << QString(u"Allowed by the organization's default access level; "_s + sync);
    QTest::newRow("personal") << D{aDevice(1).blocked()}
                              << QString(u"Blocked by a personal rule of this mailbox; "_s + sync);
    QTest::newRow("rule") << D{aDevice(1)
                                   .in(AccessState::Quarantined, AccessStateReason::ExchangeDeviceRule)
                                   .set(DeviceColumn::AccessControlRule, u"No \u202Eold phones")}
                          << QString(u"Quarantined by the device access rule \"No [U+202E]old phones\"; "_s
                                 + sync);
    QTest::newRow("other") << D{aDevice(1)
                                    .in(AccessState::Blocked, AccessStateReason::Other)
                                    .set(DeviceColumn::AccessStateReasonText, u"Moon")}
                           << QString(u"Blocked for the reason \"Moon\"; "_s + sync);
    QTest::newRow("no reason") << D{aDevice(1).in(AccessState::Blocked)} << QString(u"Blocked; "_s + sync);
    QTest::newRow("unknown, never")
        << D{aDevice(1).in(AccessState::Unknown, AccessStateReason::Other).neverSynced()}
        << u"Access state unknown; no successful sync is known."_s;
    QTest::newRow("nothing stated") << D{aDevice(1)
                                             .set(DeviceColumn::AccessState, frame::noValue)
                                             .set(DeviceColumn::AccessStateReason, frame::noValue)}
                                    << QString(u"Exchange has not stated an access state yet; "_s + sync);
}

void tst_devices_page::sentences()
{
    QFETCH(std::vector<DeviceFactory>, device);
    QFETCH(QString, sentence);
    QCOMPARE(devices::accessSentence(*frameOf(device), 0, testNow().toMSecsSinceEpoch()), sentence);
}

void tst_devices_page::ages_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("now") << qint64(0) << u"less than a minute ago"_s;
    QTest::newRow("a server's clock is a little ahead") << qint64(-100) << u"less than a minute ago"_s;
    QTest::newRow("future") << qint64(-1000) << u"in the future (a clock is wrong)"_s;
    QTest::newRow("minutes") << qint64(10 * 60) << u"10 minute(s) ago"_s;
    QTest::newRow("hours") << qint64(47 * 3600) << u"47 hour(s) ago"_s;
    QTest::newRow("days") << qint64(48 * 3600) << u"2 day(s) ago"_s;
}

void tst_devices_page::ages()
{
    QFETCH(qint64, seconds);
    QFETCH(QString, text);
    const qint64 now = testNow().toMSecsSinceEpoch();
    QCOMPARE(devices::ageText(now - seconds * 1000, now), text);
    QCOMPARE(devices::ageText(frame::noValue, now), u"never"_s);
}

void tst_devices_page::stateComesBack() // SHL-04
{
    Fixture f(organisation(700));
    f.search(u"iphone"_s);
    f.page->grid().setSort(grid::GridSort{int(DeviceColumn::UserName), Qt::DescendingOrder});
    f.settle();
    const qint64 key = f.page->table().keyAt(60);
    f.page->grid().selectKeys({key, f.page->table().keyAt(62)}, key);
    f.page->grid().scrollTo(f.page->grid().currentIndex());
    const int scroll = f.page->grid().verticalScrollBar()->value();
    QVERIFY(scroll > 0);
    const QVariantMap state = f.page->saveState();

    Fixture g(organisation(700));
    g.page->restoreState(state);
    g.settle();
    QCOMPARE(g.page->searchBox().text(), u"iphone"_s);
    QCOMPARE(g.rows(), f.rows());
    QCOMPARE(g.page->grid().selectedKeys(), f.page->grid().selectedKeys());
    QCOMPARE(g.page->grid().currentKey(), key);
    QCOMPARE(g.page->grid().verticalScrollBar()->value(), scroll);
    g.page->restoreState({{u"search"_s, 7}, {u"selected"_s, u"x"_s}}); // of another version: no harm
    g.settle();
}

void tst_devices_page::settingsComeBack()
{
    QTemporaryDir dir;
    QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
    {
        Fixture f(organisation(10));
        f.page->grid().setColumnVisible(int(DeviceColumn::AccessState), true);
        f.page->grid().setSort(grid::GridSort{int(DeviceColumn::Name), Qt::DescendingOrder});
        f.page->details().setCurrentIndex(1);
        f.page->saveSettings(settings);
    }
    settings.sync();
    QSettings again(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
    Fixture g(organisation(10));
    g.page->restoreSettings(again);
    QVERIFY(!g.page->grid().isColumnHidden(int(DeviceColumn::AccessState)));
    QCOMPARE(g.page->grid().sort(), (grid::GridSort{int(DeviceColumn::Name), Qt::DescendingOrder}));
    QCOMPARE(g.page->details().currentIndex(), 1);
    g.settle();
    QVERIFY(g.page->table().index(0, 0).data().toString() > g.page->table().index(9, 0).data().toString());
}

void tst_devices_page::settingsMayBeBroken()
{
    QTemporaryDir dir;
    QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
    settings.setValue(u"splitter"_s, u"garbage"_s);
    settings.setValue(u"detailsTab"_s, 99);
    settings.setValue(u"grid/version"_s, u"one"_s);
    settings.setValue(u"grid/columns"_s, 3.5);
    Fixture f(organisation(10));
    const auto before = f.page->grid().columnLayout();
    f.page->restoreSettings(settings);
    QVERIFY(f.page->grid().columnLayout() == before);
    QVERIFY(f.page->details().currentWidget());
}

void tst_devices_page::statusText()
{
    Fixture f(organisation(10));
    QCOMPARE(f.page->statusText(), u"10 device(s)"_s);
    f.page->selectAll();
    QCOMPARE(f.page->statusText(), u"10 device(s), 10 selected"_s);
    QCOMPARE(f.page->selection().rows, 10);
    QVERIFY(f.page->copySelection());
}

void tst_devices_page::keyboard()
{
    Fixture f(organisation(30));
    QVERIFY(f.page->focusSearch());
    QVERIFY(f.page->searchBox().hasFocus());
    QTest::keyClick(&f.page->searchBox(), Qt::Key_Down); // into the list, at its first row
    QVERIFY(f.page->grid().hasFocus());
    QCOMPARE(f.page->grid().currentIndex().row(), 0);
    QVERIFY(f.page->focusDetails());
    QVERIFY(f.page->details().isAncestorOf(QApplication::focusWidget()) || f.page->details().hasFocus());
    QSignalSpy activated(f.page.get(), &widgets::NodePage::activated);
    f.page->focusMain();
    QTest::keyClick(&f.page->grid(), Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QSignalSpy menu(f.page.get(), &widgets::NodePage::contextMenuRequested);
    emit f.page->grid().customContextMenuRequested(QPoint(10, 10));
    QCOMPARE(menu.count(), 1);
}

void tst_devices_page::everythingFocusableIsNamed() // SHL-18
{
    Fixture f(organisation(30));
    f.page->focusMain();
    for (int tab = 0; tab < f.page->details().count(); ++tab) {
        f.page->details().setCurrentIndex(tab);
        for (const QWidget* widget : f.page->findChildren<QWidget*>()) {
            if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus)
                continue;
            QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(
                const_cast<QWidget*>(widget));
            QVERIFY2(interface && !interface->text(QAccessible::Name).isEmpty(),
                qPrintable(QString::fromLatin1(widget->metaObject()->className())));
        }
    }
    QAccessibleInterface* grid = QAccessible::queryAccessibleInterface(&f.page->grid());
    QVERIFY(grid->tableInterface());
    QCOMPARE(grid->tableInterface()->rowCount(), 30);
    QVERIFY(!grid->tableInterface()->cellAt(0, 0)->text(QAccessible::Name).isEmpty());
}

void tst_devices_page::pictures_data()
{
    QTest::addColumn<QString>("scale");
    QTest::addColumn<QString>("theme");
    QTest::newRow("100 % light") << u"1"_s << u"light"_s;
    QTest::newRow("200 % dark") << u"2"_s << u"dark"_s;
}

// A process of its own each: Qt reads the scale at start.
void tst_devices_page::pictures()
{
    QFETCH(QString, scale);
    QFETCH(QString, theme);
    const QString file
        = QDir(QString::fromLatin1(POSTERN_BIN_DIR)).filePath(u"devices-%1-%2.png"_s.arg(theme, scale));
    QFile::remove(file);
    QProcess preview;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_SCALE_FACTOR"_s, scale);
    preview.setProcessEnvironment(environment);
    preview.start(QString::fromLatin1(POSTERN_BIN_DIR "/devices_preview"),
        {u"--"_s + theme, u"--picture"_s, file, u"700"_s});
    QVERIFY(preview.waitForFinished());
    QCOMPARE(preview.exitCode(), 0);
    const QImage image(file);
    QCOMPARE(image.size(), QSize(1280, 800) * scale.toInt());
    const bool dark = image.pixelColor(image.width() - 20, image.height() - 20).lightness() < 128;
    QCOMPARE(dark, theme == u"dark"_s);
}

QTEST_MAIN(tst_devices_page)
#include "tst_devices_page.moc"

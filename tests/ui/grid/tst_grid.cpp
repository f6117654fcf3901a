// The grid as somebody uses it: header menu, sorting, copying, typing ahead, and that the place one looks at
// stays.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QtTest>

#include "models/frame/DeviceFrameBuilder.h"
#include "models/items/DeviceTableModel.h"
#include "tests/support/DeviceFactory.h"
#include "ui/grid/ColumnMenu.h"
#include "ui/grid/GridDelegate.h"
#include "ui/grid/GridView.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using frame::DeviceColumn;
using grid::ColumnLayout;
using grid::GridSort;
using grid::GridView;

namespace {

void show(items::DeviceTableModel& model, std::shared_ptr<const frame::DeviceFrame> frame,
    const items::DeviceQuery& query = {})
{
    model.install(items::deviceViewChange(model.view(), items::deviceView(std::move(frame), query, 0)));
}

// A model and a shown grid over it.
struct Fixture
{
    items::DeviceTableModel model;
    GridView grid{u"Devices"_s};

    explicit Fixture(std::shared_ptr<const frame::DeviceFrame> frame)
    {
        grid.setTable(&model);
        show(model, std::move(frame));
        grid.resize(900, 400);
        grid.show();
        if (!QTest::qWaitForWindowExposed(&grid))
            qWarning("The grid never came on the screen");
    }
    [[nodiscard]] QMenu* openMenu()
    {
        grid.showColumnMenu(grid.mapToGlobal(QPoint(20, 20)));
        return grid.findChild<grid::ColumnMenu*>();
    }
};

QAction* actionIn(const QMenu* menu, const QString& text)
{
    for (QAction* action : menu->actions()) {
        if (action->text() == text)
            return action;
    }
    return nullptr;
}

} // namespace

class tst_grid : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void headerMenuListsAllColumns();
    void headerMenuAddsTwoColumns();
    void tickingKeepsTheMenuOpen();
    void lastColumnCannotBeHidden();
    void menuSorts();
    void clickOnHeaderSorts();
    void resetColumns();
    void copiesSelectedRows();
    void copyIsSafeForSheets();
    void typeAhead();
    void placeStaysOverChanges();
    void newRowsShowAtTheTop();
    void currentMovesToNeighbourWhenItsDeviceGoes();
    void selectsByKey();
    void layoutSurvivesSettings();
    void layoutFromSettingsIsTolerant_data();
    void layoutFromSettingsIsTolerant();
    void statesHaveIconAndText();
    void toolTipsAreNeverMarkup();
    void placeholderShowsWhileEmpty();
    void tabLeavesTheGrid();
    void rowsDoNotMoveColumns();
    void homeAndEndAreOfTheList();
    void keyboardSelectsSomething();
    void numbersStandUnderTheirTitle();
    void menuGroups();
    void groupingIsKept();
    void headsOpenAndShut();
    void headsAreNoRows();
    void headIsPainted();
};

namespace {

// Grouped by access state, as the page does it when the grid asks.
items::DeviceQuery byState()
{
    items::DeviceQuery query;
    query.groupBy = DeviceColumn::AccessState;
    return query;
}

std::shared_ptr<const frame::DeviceFrame> twoAndTwo()
{
    return frameOf({aDevice(1), aDevice(2).blocked(), aDevice(3), aDevice(4).blocked()});
}

} // namespace

void tst_grid::menuGroups() // SHL-06
{
    Fixture f(twoAndTwo());
    f.grid.setColumnVisible(int(DeviceColumn::AccessState), true);
    f.grid.setColumnVisible(int(DeviceColumn::EasDeviceId), true);
    QSignalSpy changed(&f.grid, &GridView::groupingChanged);
    const QMenu* group = actionIn(f.openMenu(), u"Group By"_s)->menu();
    QVERIFY(actionIn(group, u"None"_s)->isChecked());
    QVERIFY(!actionIn(group, u"Exchange ActiveSync Device ID"_s)); // a group a row
    actionIn(group, u"Exchange Access State"_s)->trigger();
    QCOMPARE(f.grid.groupBy(), std::optional(int(DeviceColumn::AccessState)));
    QCOMPARE(changed.count(), 1);
    f.grid.setGroupBy(int(DeviceColumn::EasDeviceId)); // cannot be
    QVERIFY(!f.grid.groupBy());
    f.grid.setGroupBy(int(DeviceColumn::DeviceOS));
    f.grid.setColumnVisible(int(DeviceColumn::DeviceOS), false);
    delete f.grid.findChild<grid::ColumnMenu*>();
    group = actionIn(f.openMenu(), u"Group By"_s)->menu();
    QVERIFY(actionIn(group, u"Operating System"_s)->isChecked()); // hidden, but what rows are grouped by
}

void tst_grid::groupingIsKept()
{
    Fixture f(twoAndTwo());
    f.grid.setGroupBy(int(DeviceColumn::DeviceType));
    const QVariantMap settings = f.grid.saveColumns();
    QCOMPARE(settings.value(u"group"_s).toString(), u"deviceType"_s);
    Fixture g(twoAndTwo());
    g.grid.restoreColumns(settings);
    QCOMPARE(g.grid.groupBy(), f.grid.groupBy());
    g.grid.resetColumns();
    QVERIFY(!g.grid.groupBy());
}

void tst_grid::headsOpenAndShut()
{
    Fixture f(twoAndTwo());
    f.grid.setGroupBy(int(DeviceColumn::AccessState));
    show(f.model, twoAndTwo(), byState());
    QSignalSpy toggled(&f.grid, &GridView::groupToggled);
    const QPoint head(300, f.grid.rowViewportPosition(3) + f.grid.rowHeight(3) / 2);
    QTest::mouseClick(f.grid.viewport(), Qt::LeftButton, {}, head);
    QCOMPARE(toggled.takeFirst().front().toInt(), 3);
    QVERIFY(!f.grid.selectionModel()->hasSelection());
    f.grid.setCurrentIndex(f.model.index(0, 0));
    QTest::keyClick(&f.grid, Qt::Key_Right); // open already
    QCOMPARE(toggled.count(), 0);
    for (const Qt::Key key : {Qt::Key_Left, Qt::Key_Space, Qt::Key_Return})
        QTest::keyClick(&f.grid, key);
    QCOMPARE(toggled.count(), 3);
    f.grid.setCurrentIndex(f.model.index(1, 0)); // an ordinary row
    QTest::keyClick(&f.grid, Qt::Key_Left);
    QCOMPARE(toggled.count(), 3);
}

void tst_grid::headsAreNoRows()
{
    Fixture f(twoAndTwo());
    f.grid.setGroupBy(int(DeviceColumn::AccessState));
    show(f.model, twoAndTwo(), byState());
    f.grid.selectSomething(); // the first row below the first head
    QCOMPARE(f.grid.selectedKeys(), std::vector<qint64>{1});
    f.grid.selectAll();
    QCOMPARE(f.grid.selectedRowCount(), 4);
    QCOMPARE(f.grid.selectedKeys(), (std::vector<qint64>{1, 3, 2, 4}));
    QCOMPARE(f.grid.selectionAsText().count(u'\n'), 5); // header and four rows
}

void tst_grid::headIsPainted()
{
    Fixture f(twoAndTwo());
    f.grid.setGroupBy(int(DeviceColumn::AccessState));
    show(f.model, twoAndTwo(), byState());
    const QImage image = f.grid.viewport()->grab().toImage();
    // One band over all columns, also where columns meet; the row below has another ground.
    const int middle = f.grid.rowViewportPosition(0) + 3;
    const QColor left = image.pixelColor(image.width() / 2, middle);
    QCOMPARE(image.pixelColor(image.width() - 30, middle), left);
    QVERIFY(image.pixelColor(image.width() - 30, f.grid.rowViewportPosition(1) + 3) != left);
}

void tst_grid::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    QStandardPaths::setTestModeEnabled(true);
}

void tst_grid::headerMenuListsAllColumns()
{
    Fixture f(organisation(20));
    const QMenu* menu = f.openMenu();
    QVERIFY(menu);
    for (int column = 0; column < f.model.columnCount(); ++column) {
        const QAction* action = actionIn(menu, f.grid.columnTitle(column));
        QVERIFY2(action, qPrintable(f.grid.columnTitle(column)));
        QVERIFY(action->isCheckable());
        QCOMPARE(action->isChecked(), !f.grid.isColumnHidden(column));
    }
    QVERIFY(actionIn(menu, u"Sort By"_s));
    QVERIFY(actionIn(menu, u"Reset Columns"_s));
    QVERIFY(!menu->accessibleName().isEmpty());
}

void tst_grid::headerMenuAddsTwoColumns() // SHL-07
{
    Fixture f(organisation(20));
    QVERIFY(f.grid.isColumnHidden(int(DeviceColumn::AccessState)));
    QVERIFY(f.grid.isColumnHidden(int(DeviceColumn::LastSuccessSync)));
    emit f.grid.horizontalHeader()->customContextMenuRequested(QPoint(30, 5));
    const QMenu* menu = f.grid.findChild<grid::ColumnMenu*>();
    QVERIFY(menu);
    QSignalSpy changed(&f.grid, &GridView::columnsChanged);
    actionIn(menu, u"Exchange Access State"_s)->trigger();
    actionIn(menu, u"Last Success Sync Time To Exchange Server"_s)->trigger();
    QVERIFY(!f.grid.isColumnHidden(int(DeviceColumn::AccessState)));
    QVERIFY(!f.grid.isColumnHidden(int(DeviceColumn::LastSuccessSync)));
    QVERIFY(changed.count() >= 2);
    // The added column has come into sight.
    const int left = f.grid.columnViewportPosition(int(DeviceColumn::LastSuccessSync));
    QVERIFY(left >= 0 && left < f.grid.viewport()->width());
}

void tst_grid::tickingKeepsTheMenuOpen()
{
    Fixture f(organisation(5));
    QMenu* menu = f.openMenu();
    QVERIFY(QTest::qWaitForWindowExposed(menu));
    QAction* action = actionIn(menu, u"Department"_s);
    QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
    QVERIFY(menu->isVisible());
    QVERIFY(action->isChecked());
    QVERIFY(!f.grid.isColumnHidden(int(DeviceColumn::Department)));
    menu->setActiveAction(action);
    QTest::keyClick(menu, Qt::Key_Space);
    QVERIFY(menu->isVisible());
    QVERIFY(f.grid.isColumnHidden(int(DeviceColumn::Department)));
    QTest::keyClick(menu, Qt::Key_Escape);
    QTRY_VERIFY(!f.grid.findChild<grid::ColumnMenu*>());
}

void tst_grid::lastColumnCannotBeHidden()
{
    Fixture f(organisation(5));
    for (const int column : f.grid.visibleColumns()) {
        if (column != int(DeviceColumn::Name))
            f.grid.setColumnVisible(column, false);
    }
    const QMenu* menu = f.openMenu();
    QVERIFY(!actionIn(menu, u"Device Name"_s)->isEnabled());
    QVERIFY(actionIn(menu, u"Department"_s)->isEnabled());
}

void tst_grid::menuSorts()
{
    Fixture f(organisation(5));
    QSignalSpy sorted(&f.grid, &GridView::sortChanged);
    const QMenu* menu = actionIn(f.openMenu(), u"Sort By"_s)->menu();
    QVERIFY(!actionIn(menu, u"Descending"_s)->isEnabled()); // by what?
    actionIn(menu, u"Primary User"_s)->trigger();
    QCOMPARE(f.grid.sort(), (GridSort{int(DeviceColumn::UserName), Qt::AscendingOrder}));
    f.grid.findChild<grid::ColumnMenu*>()->close();
    QTRY_VERIFY(!f.grid.findChild<grid::ColumnMenu*>());
    actionIn(actionIn(f.openMenu(), u"Sort By"_s)->menu(), u"Descending"_s)->trigger();
    QCOMPARE(f.grid.sort(), (GridSort{int(DeviceColumn::UserName), Qt::DescendingOrder}));
    QCOMPARE(sorted.count(), 2);
}

void tst_grid::clickOnHeaderSorts()
{
    Fixture f(organisation(5));
    QHeaderView* header = f.grid.horizontalHeader();
    const QPoint at(header->sectionViewportPosition(int(DeviceColumn::UserName)) + 20, header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(f.grid.sort(), (GridSort{int(DeviceColumn::UserName), Qt::AscendingOrder}));
    QVERIFY(header->isSortIndicatorShown());
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(f.grid.sort(), (GridSort{int(DeviceColumn::UserName), Qt::DescendingOrder}));
    QCOMPARE(header->sortIndicatorOrder(), Qt::DescendingOrder);
}

void tst_grid::resetColumns()
{
    Fixture f(organisation(5));
    const ColumnLayout before = f.grid.columnLayout();
    f.grid.setColumnVisible(int(DeviceColumn::Imei), true);
    f.grid.horizontalHeader()->moveSection(0, 3);
    f.grid.horizontalHeader()->resizeSection(1, 333);
    f.grid.setSort(GridSort{1, Qt::DescendingOrder});
    QVERIFY(f.grid.columnLayout() != before);
    actionIn(f.openMenu(), u"Reset Columns"_s)->trigger();
    QVERIFY(f.grid.columnLayout() == before);
}

void tst_grid::copiesSelectedRows()
{
    Fixture f(frameOf({aDevice(1).named(u"one").of(u"Ann"), aDevice(2).named(u"two").of(u"a\tb\nc"),
        aDevice(3).named(u"three")}));
    for (const int column : f.grid.visibleColumns())
        f.grid.setColumnVisible(
            column, column == int(DeviceColumn::Name) || column == int(DeviceColumn::UserName));
    f.grid.horizontalHeader()->moveSection(1, 0); // copied in the order shown
    f.grid.selectKeys({2, 1}, 1);
    QTest::keyClick(&f.grid, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"Primary User\tDevice Name\nAnn\tone\na␉b␊c\ttwo\n"_s);
    QTest::keyClick(&f.grid, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(f.grid.selectedRowCount(), 3);
    QCOMPARE(f.grid.selectionAsText().count(u'\n'), 4);
    f.grid.clearSelection();
    QVERIFY(!f.grid.copySelection());
}

void tst_grid::copyIsSafeForSheets()
{
    Fixture f(frameOf({aDevice(1).named(u"=HYPERLINK(\"x\")"), aDevice(2).named(u"+4917012345"),
        aDevice(3).named(u"-5,3"), aDevice(4).named(u"@SUM(A1)"), aDevice(5).named(u"-cmd|x")}));
    for (const int column : f.grid.visibleColumns())
        f.grid.setColumnVisible(column, column == int(DeviceColumn::Name));
    f.grid.selectAll();
    QCOMPARE(f.grid.selectionAsText(),
        u"Device Name\n'=HYPERLINK(\"x\")\n+4917012345\n-5,3\n'@SUM(A1)\n'-cmd|x\n"_s);
}

void tst_grid::typeAhead()
{
    Fixture f(frameOf({aDevice(1).named(u"anna"), aDevice(2).named(u"bert"), aDevice(3).named(u"berta"),
        aDevice(4).named(u"carl"), aDevice(5).named(u"Bo")}));
    f.grid.keyboardSearch(u"b"_s);
    QCOMPARE(f.grid.currentKey(), 2);
    f.grid.keyboardSearch(u"b"_s); // the same letter steps on, and round
    QCOMPARE(f.grid.currentKey(), 3);
    f.grid.keyboardSearch(u"b"_s);
    QCOMPARE(f.grid.currentKey(), 5);
    f.grid.keyboardSearch(u"b"_s);
    QCOMPARE(f.grid.currentKey(), 2);
    GridView& grid = f.grid;
    grid.setTypeAheadPause(0);
    grid.keyboardSearch(u"c"_s);
    QCOMPARE(grid.currentKey(), 4);
    grid.setTypeAheadPause(1000);
    grid.keyboardSearch(u"x"_s); // nothing begins so: stay
    QCOMPARE(grid.currentKey(), 4);
}

void tst_grid::placeStaysOverChanges()
{
    frame::DeviceFrameBuilder builder;
    for (qint64 id = 100; id < 1100; ++id)
        builder.apply(aDevice(id).row());
    Fixture f(builder.publish());
    f.grid.selectKeys({500, 501}, 500);
    f.grid.scrollTo(f.grid.currentIndex(), QAbstractItemView::PositionAtCenter);
    const auto place
        = [&f](qint64 key) { return f.grid.visualRect(f.model.index(f.model.rowOfKey(key), 0)).top(); };
    const int before = place(500);
    QVERIFY(before > 0);
    for (qint64 id = 1; id < 50; ++id) // above it
        builder.apply(aDevice(id).row());
    for (qint64 id = 120; id < 400; id += 3)
        builder.apply(aDevice(id).gone().row());
    show(f.model, builder.publish());
    QCOMPARE(place(500), before);
    QCOMPARE(f.grid.currentKey(), 500);
    QCOMPARE(f.grid.selectedKeys(), (std::vector<qint64>{500, 501}));
}

void tst_grid::newRowsShowAtTheTop()
{
    frame::DeviceFrameBuilder builder;
    for (qint64 id = 100; id < 300; ++id)
        builder.apply(aDevice(id).row());
    Fixture f(builder.publish());
    builder.apply(aDevice(1).row());
    show(f.model, builder.publish());
    QCOMPARE(f.grid.verticalScrollBar()->value(), 0);
    QCOMPARE(f.model.keyAt(f.grid.rowAt(2)), 1);
}

void tst_grid::currentMovesToNeighbourWhenItsDeviceGoes()
{
    frame::DeviceFrameBuilder builder;
    for (qint64 id = 1; id <= 400; ++id)
        builder.apply(aDevice(id).row());
    Fixture f(builder.publish());
    f.grid.selectKeys({200}, 200);
    f.grid.scrollTo(f.grid.currentIndex());
    const int scroll = f.grid.verticalScrollBar()->value();
    builder.apply(aDevice(200).gone().row());
    show(f.model, builder.publish());
    QCOMPARE(f.grid.currentKey(), 201);
    QCOMPARE(f.grid.selectedRowCount(), 0); // nothing acts on a device that nobody chose
    QCOMPARE(f.grid.verticalScrollBar()->value(), scroll);
    for (qint64 id = 1; id <= 400; id += 2) // many: one layout change
        builder.apply(aDevice(id).gone().row());
    show(f.model, builder.publish());
    QVERIFY(f.grid.currentIndex().isValid());
    QVERIFY(f.grid.currentIndex().row() <= 200);
}

void tst_grid::selectsByKey()
{
    Fixture f(organisation(50));
    f.grid.selectKeys({7, 9, 4711}, 9);
    QCOMPARE(f.grid.selectedKeys(), (std::vector<qint64>{7, 9}));
    QCOMPARE(f.grid.currentKey(), 9);
    show(f.model, f.model.view().frame, {.sort = {{DeviceColumn::UserName, Qt::DescendingOrder}}});
    auto keys = f.grid.selectedKeys();
    std::ranges::sort(keys);
    QCOMPARE(keys, (std::vector<qint64>{7, 9}));
    QCOMPARE(f.grid.currentKey(), 9);
}

void tst_grid::layoutSurvivesSettings()
{
    Fixture f(organisation(5));
    f.grid.setColumnVisible(int(DeviceColumn::AccessState), true);
    f.grid.setColumnVisible(int(DeviceColumn::DeviceOS), false);
    f.grid.horizontalHeader()->moveSection(
        f.grid.horizontalHeader()->visualIndex(int(DeviceColumn::AccessState)), 0);
    f.grid.horizontalHeader()->resizeSection(int(DeviceColumn::Name), 222);
    f.grid.setSort(GridSort{int(DeviceColumn::AccessState), Qt::DescendingOrder});
    const QVariantMap saved = f.grid.saveColumns();

    Fixture g(organisation(5));
    QSignalSpy sorted(&g.grid, &GridView::sortChanged);
    g.grid.restoreColumns(saved);
    QVERIFY(g.grid.columnLayout() == f.grid.columnLayout());
    QCOMPARE(g.grid.visibleColumns().front(), int(DeviceColumn::AccessState));
    QCOMPARE(sorted.count(), 1);
}

void tst_grid::layoutFromSettingsIsTolerant_data()
{
    QTest::addColumn<QVariantMap>("settings");
    QTest::addColumn<bool>("isDefault");
    const auto map = [](int version, const QStringList& columns, const QString& sort = {}) {
        return QVariantMap{{u"version"_s, version}, {u"columns"_s, columns}, {u"sort"_s, sort}};
    };
    QTest::newRow("nothing") << QVariantMap{} << true;
    QTest::newRow("another version") << map(99, {u"imei:100:shown"_s}) << true;
    QTest::newRow("not even a list") << QVariantMap{{u"version"_s, 1}, {u"columns"_s, 7}} << true;
    QTest::newRow("all hidden") << map(1, {u"name:100:hidden"_s, u"imei:100:hidden"_s}) << true;
    QTest::newRow("only nonsense") << map(
        1, {u"foo:100:shown"_s, u"name:-4:shown"_s, u"name:99999999:shown"_s, u":::"_s})
                                   << true;
    QTest::newRow("one good, others gone or doubled") << map(
        1, {u"gone:50:shown"_s, u"imei:100:shown"_s, u"imei:50:hidden"_s, u"name"_s}, u"gone:ascending"_s)
                                                      << false;
}

void tst_grid::layoutFromSettingsIsTolerant()
{
    QFETCH(QVariantMap, settings);
    QFETCH(bool, isDefault);
    const items::DeviceTableModel model;
    const ColumnLayout layout = ColumnLayout::fromSettings(settings, model, 8);
    QCOMPARE(layout == ColumnLayout::defaults(model, 8), isDefault);
    QCOMPARE(layout.columns.size(), std::size_t(model.columnCount()));
    std::vector<int> columns;
    for (const auto& state : layout.columns)
        columns.push_back(state.column);
    std::ranges::sort(columns);
    QVERIFY(std::ranges::adjacent_find(columns) == columns.end());
    if (!isDefault) {
        QCOMPARE(layout.columns.front(), (grid::ColumnState{int(DeviceColumn::Imei), 100, true}));
        QVERIFY(!layout.sort);
    }
}

void tst_grid::statesHaveIconAndText()
{
    using items::CodeKind;
    QSet<QString> shapes;
    for (const AccessState state :
        {AccessState::Allowed, AccessState::Blocked, AccessState::Quarantined, AccessState::Unknown})
        shapes.insert(grid::stateLook(CodeKind::AccessState, int(state)).iconName);
    QCOMPARE(shapes.size(), 4); // told apart without colour
    const grid::StateIcons icons;
    QVERIFY(!icons.icon(CodeKind::AccessState, int(AccessState::Blocked)).isNull());
    QVERIFY(icons.icon(CodeKind::ClientType, 0).isNull());
    Fixture f(frameOf({aDevice(1).blocked()}));
    QCOMPARE(f.model.index(0, int(DeviceColumn::AccessState)).data(Qt::AccessibleTextRole).toString(),
        u"Blocked"_s);
}

void tst_grid::toolTipsAreNeverMarkup()
{
    Fixture f(
        frameOf({aDevice(1)
                     .named(u"<b>bold</b> and so long that no column shows it whole, ever, at any scale")
                     .of(u"Al")}));
    const grid::GridDelegate delegate;
    QStyleOptionViewItem option;
    option.initFrom(&f.grid);
    option.rect = QRect(0, 0, 100, 20);
    QVERIFY(delegate.toolTip(option, f.model.index(0, int(DeviceColumn::Name)))
                .startsWith(u"<b>bold</b> and so"_s));
    QCOMPARE(delegate.toolTip(option, f.model.index(0, int(DeviceColumn::UserName))), QString()); // fits
    QVERIFY(
        delegate.toolTip(option, f.model.index(0, int(DeviceColumn::LastSuccessSync))).endsWith(u"UTC"_s));
}

void tst_grid::placeholderShowsWhileEmpty()
{
    Fixture f(frame::DeviceFrame::empty());
    auto* hint = new QWidget;
    f.grid.setPlaceholder(hint);
    QVERIFY(hint->isVisible());
    QCOMPARE(hint->size(), f.grid.viewport()->size());
    show(f.model, organisation(3));
    QVERIFY(!hint->isVisible());
    show(f.model, frame::DeviceFrame::empty());
    QVERIFY(hint->isVisible());
}

void tst_grid::tabLeavesTheGrid()
{
    QWidget window;
    GridView grid(u"Devices"_s, &window);
    items::DeviceTableModel model;
    grid.setTable(&model);
    show(model, organisation(5));
    QWidget next(&window);
    next.setFocusPolicy(Qt::StrongFocus);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    grid.setFocus();
    QTest::keyClick(&grid, Qt::Key_Tab);
    QVERIFY(next.hasFocus());
    QCOMPARE(grid.accessibleName(), u"Devices"_s);
}

// Device Name must not slide out of sight because a row was clicked further to the right.
void tst_grid::rowsDoNotMoveColumns()
{
    Fixture f(organisation(50));
    f.grid.resize(500, 300);
    QTRY_VERIFY(f.grid.horizontalScrollBar()->maximum() > 0);
    const int edge = f.grid.columnAt(f.grid.viewport()->width() - 3); // only partly in sight
    const QRect cell = f.grid.visualRect(f.model.index(4, edge));
    QVERIFY(cell.right() > f.grid.viewport()->width());
    QTest::mouseClick(f.grid.viewport(), Qt::LeftButton, {}, QPoint(cell.left() + 2, cell.center().y()));
    QCOMPARE(f.grid.currentIndex().column(), edge);
    QCOMPARE(f.grid.horizontalScrollBar()->value(), 0);
    QTest::keyClick(&f.grid, Qt::Key_End);
    QCOMPARE(f.grid.horizontalScrollBar()->value(), 0);
    QVERIFY(f.grid.verticalScrollBar()->value() > 0);
    QTest::keyClick(&f.grid, Qt::Key_Right); // walking over the cells takes them along
    QVERIFY(f.grid.horizontalScrollBar()->value() > 0);
}

void tst_grid::homeAndEndAreOfTheList()
{
    Fixture f(organisation(50));
    f.grid.selectKeys({f.model.keyAt(7)}, f.model.keyAt(7));
    QTest::keyClick(&f.grid, Qt::Key_End);
    QCOMPARE(f.grid.selectedKeys(), std::vector<qint64>{f.model.keyAt(f.model.rowCount() - 1)});
    QTest::keyClick(&f.grid, Qt::Key_Home);
    QCOMPARE(f.grid.selectedKeys(), std::vector<qint64>{f.model.keyAt(0)});
}

void tst_grid::keyboardSelectsSomething()
{
    Fixture f(organisation(5));
    f.grid.setFocus(Qt::OtherFocusReason);
    f.grid.clearSelection();
    f.grid.clearFocus();
    f.grid.setFocus(Qt::TabFocusReason);
    QCOMPARE(f.grid.selectedRowCount(), 1);
    f.grid.selectKeys({f.model.keyAt(2), f.model.keyAt(3)}, f.model.keyAt(3));
    f.grid.selectSomething(); // something is
    QCOMPARE(f.grid.selectedRowCount(), 2);
}

void tst_grid::numbersStandUnderTheirTitle()
{
    Fixture f(organisation(5));
    for (int column = 0; column < f.model.columnCount(); ++column) {
        const auto cell = f.model.index(0, column).data(Qt::TextAlignmentRole);
        QCOMPARE(f.model.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole), cell);
    }
}

QTEST_MAIN(tst_grid)
#include "tst_grid.moc"

// The device table: exact signals of small changes, and for random ones that rows, persistent indexes and
// selection always follow the devices. No change ever resets.
#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QtTest>
#include <set>

#include "models/frame/DeviceFrameBuilder.h"
#include "models/items/DeviceTableModel.h"
#include "models/items/DeviceViewWorker.h"
#include "models/items/VisibleText.h"
#include "tests/models/frame/FrameChecks.h"
#include "tests/support/ModelSpy.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using frame::DeviceColumn;
using items::DeviceQuery;
using items::DeviceTableModel;

namespace {

// Installs what a query shows of a frame, as the worker does.
void show(
    DeviceTableModel& model, std::shared_ptr<const frame::DeviceFrame> frame, const DeviceQuery& query = {})
{
    model.install(items::deviceViewChange(
        model.view(), items::deviceView(std::move(frame), query, testNow().toMSecsSinceEpoch())));
}

QVariant cell(const DeviceTableModel& model, int row, DeviceColumn column, int role = Qt::DisplayRole)
{
    return model.index(row, int(column)).data(role);
}

} // namespace

class tst_device_table : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void smallChanges_data();
    void smallChanges();
    void manyChangesAreOneLayoutChange();
    void manyChangedCellsAreOneRectangle();
    void cells();
    void hostileText_data();
    void hostileText();
    void headers();
    void randomSequencesFollowTheFrame_data();
    void randomSequencesFollowTheFrame();
    void selectionOfEverythingSurvives();
    void workerShowsNewestQuery();
    void workerIsNotStarvedByFrames();
    void workerStopsBeforeStart();
    void workerCancelKeepsWhatIsShown();
    void workerMayDieWhileBusy();
};

void tst_device_table::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    qputenv("TZ", "Europe/Berlin");
}

void tst_device_table::smallChanges_data()
{
    QTest::addColumn<std::vector<DeviceFactory>>("changes");
    QTest::addColumn<QStringList>("expected");
    using D = std::vector<DeviceFactory>;
    QTest::newRow("nothing") << D{aDevice(20)} << QStringList{};
    QTest::newRow("one cell") << D{aDevice(20).set(DeviceColumn::Department, u"New")}
                              << QStringList{u"dataChanged 1-1 columns 4-4"_s};
    QTest::newRow("two rows together")
        << D{aDevice(20).blocked(), aDevice(30).blocked()} << QStringList{u"dataChanged 1-2 columns 29-30"_s};
    QTest::newRow("two rows apart") << D{aDevice(10).neverSynced(), aDevice(30).of(u"x")}
                                    << QStringList{u"dataChanged 0-0 columns 34-34"_s,
                                           u"dataChanged 2-2 columns 1-1"_s};
    QTest::newRow("added at the end") << D{aDevice(60), aDevice(70)} << QStringList{u"rowsInserted 5-6"_s};
    QTest::newRow("added between") << D{aDevice(15)} << QStringList{u"rowsInserted 1-1"_s};
    QTest::newRow("removed") << D{aDevice(20).gone(), aDevice(30).gone()}
                             << QStringList{u"rowsRemoved 1-2"_s};
    QTest::newRow("all three") << D{aDevice(10).gone(), aDevice(15), aDevice(50).blocked()}
                               << QStringList{u"rowsRemoved 0-0"_s, u"rowsInserted 0-0"_s,
                                      u"dataChanged 4-4 columns 29-30"_s};
    QTest::newRow("all removed") << D{aDevice(10).gone(), aDevice(20).gone(), aDevice(30).gone(),
        aDevice(40).gone(), aDevice(50).gone()}
                                 << QStringList{u"rowsRemoved 0-4"_s};
}

void tst_device_table::smallChanges()
{
    QFETCH(std::vector<DeviceFactory>, changes);
    QFETCH(QStringList, expected);
    frame::DeviceFrameBuilder builder;
    for (qint64 id = 10; id <= 50; id += 10)
        builder.apply(aDevice(id).row());
    DeviceTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelSpy spy(model);
    show(model, builder.publish());
    QCOMPARE(spy.take(), QStringList{u"rowsInserted 0-4"_s});
    for (const DeviceFactory& change : changes)
        builder.apply(change.row());
    show(model, builder.publish());
    QCOMPARE(spy.signalled(), expected);
}

void tst_device_table::manyChangesAreOneLayoutChange()
{
    const auto frame = organisation(2000);
    DeviceTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    show(model, frame);
    ModelSpy spy(model);
    show(model, frame, {.text = u"samsung"_s});
    const int matching = model.rowCount();
    QVERIFY(matching > 100 && matching < 1000);
    QCOMPARE(spy.take(), (QStringList{u"layoutChanged"_s, u"rowsRemoved %1-1999"_s.arg(matching)}));
    show(model, frame);
    QCOMPARE(spy.take(), (QStringList{u"rowsInserted %1-1999"_s.arg(matching), u"layoutChanged"_s}));
    show(model, frame, {.sort = {{DeviceColumn::UserName, Qt::DescendingOrder}}});
    QCOMPARE(spy.take(), QStringList{u"layoutChanged"_s});
}

void tst_device_table::manyChangedCellsAreOneRectangle()
{
    frame::DeviceFrameBuilder builder;
    for (qint64 id = 1; id <= 1000; ++id)
        builder.apply(aDevice(id).row());
    DeviceTableModel model;
    show(model, builder.publish());
    ModelSpy spy(model);
    for (qint64 id = 3; id <= 900; id += 2)
        builder.apply(aDevice(id).lastSync(9_days_ago).row());
    show(model, builder.publish());
    QCOMPARE(spy.take(), QStringList{u"dataChanged 2-898 columns 34-34"_s});
}

void tst_device_table::cells()
{
    DeviceTableModel model;
    show(model,
        frameOf({aDevice(7)
                     .named(u"ann_iPhone")
                     .blocked()
                     .set(DeviceColumn::FoldersSynced, qint64(1234))
                     .set(DeviceColumn::LastSuccessSync, testNow().toMSecsSinceEpoch())
                     .set(DeviceColumn::Stale, qint64(0)),
            aDevice(8).neverSynced().in(AccessState::NotSeen)}));
    QCOMPARE(cell(model, 0, DeviceColumn::Name), u"ann_iPhone"_s);
    QCOMPARE(cell(model, 0, DeviceColumn::AccessState), u"Blocked"_s);
    QCOMPARE(cell(model, 0, DeviceColumn::AccessState, items::CodeRole), int(AccessState::Blocked));
    QCOMPARE(
        cell(model, 0, DeviceColumn::AccessState, items::CodeKindRole), int(items::CodeKind::AccessState));
    QCOMPARE(cell(model, 0, DeviceColumn::AccessStateReason), u"Personal rule"_s);
    QCOMPARE(cell(model, 0, DeviceColumn::LastSuccessSync), u"20 Nov 2026 13:00:00"_s); // local time
    QCOMPARE(cell(model, 0, DeviceColumn::LastSuccessSync, Qt::ToolTipRole), u"2026-11-20 12:00:00 UTC"_s);
    QCOMPARE(cell(model, 0, DeviceColumn::LastSuccessSync, items::SortRole), testNow().toMSecsSinceEpoch());
    QCOMPARE(cell(model, 0, DeviceColumn::FoldersSynced, items::SortRole), 1234);
    QCOMPARE(cell(model, 0, DeviceColumn::Stale), u"No"_s);
    QCOMPARE(cell(model, 0, DeviceColumn::Name, items::KeyRole), 7);
    QCOMPARE(cell(model, 0, DeviceColumn::Name, Qt::DecorationRole), QVariant()); // delegates paint
    QCOMPARE(cell(model, 1, DeviceColumn::LastSuccessSync), QString());
    QCOMPARE(cell(model, 1, DeviceColumn::LastSuccessSync, items::SortRole), QVariant());
    QCOMPARE(cell(model, 1, DeviceColumn::LastSuccessSync, Qt::AccessibleTextRole), u"Empty"_s);
    QCOMPARE(cell(model, 1, DeviceColumn::AccessState), QString());
    QCOMPARE(cell(model, 5, DeviceColumn::Name), QVariant());
}

void tst_device_table::hostileText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << u"Zoë's 手机 😀"_s << u"Zoë's 手机 😀"_s;
    QTest::newRow("markup stays text") << u"<b>x</b>"_s << u"<b>x</b>"_s;
    QTest::newRow("newline, tab, zero") << u"a\nb\tc\0d"_s << u"a␊b␉c␀d"_s;
    QTest::newRow("delete and C1") << u"\u007F\u0085"_s << u"␡[U+0085]"_s;
    QTest::newRow("override") << u"\u202Egpj.exe"_s << u"[U+202E]gpj.exe"_s;
    QTest::newRow("isolate and mark") << u"\u2066a\u2069\u200F"_s << u"[U+2066]a[U+2069][U+200F]"_s;
    QTest::newRow("zero width") << u"a\u200Bb\uFEFF"_s << u"a[U+200B]b[U+FEFF]"_s;
    QTest::newRow("joined emoji stays") << u"👩\u200D💻"_s << u"👩\u200D💻"_s;
    QTest::newRow("lone surrogate") << QString(QChar(0xD800)) + u"x"_s << u"\uFFFDx"_s;
    QTest::newRow("line separator") << u"a\u2028b"_s << u"a[U+2028]b"_s;
}

void tst_device_table::hostileText()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(items::visibleText(text), shown);
    if (text.isValidUtf16()) { // what comes as UTF-8 cannot hold a lone surrogate
        DeviceTableModel model;
        show(model, frameOf({aDevice(1).set(DeviceColumn::FriendlyName, text)}));
        QCOMPARE(cell(model, 0, DeviceColumn::FriendlyName), shown);
    }
}

void tst_device_table::headers()
{
    const DeviceTableModel model;
    QSet<QString> titles;
    QSet<QString> keys;
    for (int i = 0; i < model.columnCount(); ++i) {
        titles.insert(model.headerData(i, Qt::Horizontal, Qt::DisplayRole).toString());
        keys.insert(model.headerData(i, Qt::Horizontal, items::ColumnKeyRole).toString());
    }
    QCOMPARE(titles.size(), model.columnCount());
    QCOMPARE(keys.size(), model.columnCount());
    QVERIFY(titles.contains(u"Exchange Access State"_s));
    QVERIFY(titles.contains(u"Last Success Sync Time To Exchange Server"_s));
    for (const DeviceColumn column : {DeviceColumn::AccessState, DeviceColumn::LastSuccessSync}) // SHL-07
        QVERIFY(!model.headerData(int(column), Qt::Horizontal, items::VisibleByDefaultRole).toBool());
}

void tst_device_table::randomSequencesFollowTheFrame_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 12; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

// Every device that is shown before and after keeps its persistent index, current row and selection.
void tst_device_table::randomSequencesFollowTheFrame()
{
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    const DeviceQuery queries[]
        = {{}, {.text = u"iphone"_s}, {.sort = {{DeviceColumn::UserName, Qt::AscendingOrder}}},
            {.text = u"a"_s, .sort = {{DeviceColumn::LastSuccessSync, Qt::DescendingOrder}}}, {.limit = 40},
            {.text = u"nobody"_s}};
    frame::DeviceFrameBuilder builder;
    DeviceMap devices;
    DeviceTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelSpy spy(model);
    QItemSelectionModel selection(&model);
    for (int round = 0; round < 25; ++round) {
        std::map<qint64, QPersistentModelIndex> places;
        std::set<qint64> selected;
        for (int row = 0; row < model.rowCount(); ++row) {
            places[model.keyAt(row)] = model.index(row, 3);
            if (selection.isRowSelected(row, {}))
                selected.insert(model.keyAt(row));
        }
        const int changes = random.bounded(2) == 0 ? random.bounded(4) : random.bounded(150);
        for (int i = 0; i < changes; ++i) {
            const DeviceFactory device = randomChange(random, devices, 200);
            builder.apply(device.row());
            if (device.row().gone)
                devices.erase(device.id());
            else
                devices.insert_or_assign(device.id(), device);
        }
        const auto frame = builder.publish();
        const DeviceQuery& query = queries[random.bounded(int(std::size(queries)))];
        show(model, frame, query);

        QCOMPARE(model.rows(), items::deviceView(frame, query, 0).rows);
        for (const auto& [key, place] : places) {
            const int row = model.rowOfKey(key);
            QCOMPARE(place.isValid(), row >= 0);
            QCOMPARE(place.row(), row);
            if (row >= 0)
                QCOMPARE(selection.isRowSelected(row, {}), selected.contains(key));
        }
        for (int row = 0; row < model.rowCount(); ++row) {
            if (!places.contains(model.keyAt(row)))
                QVERIFY(!selection.isRowSelected(row, {}));
        }
        if (model.rowCount() > 0) {
            selection.select(model.index(random.bounded(model.rowCount()), 0),
                QItemSelectionModel::Toggle | QItemSelectionModel::Rows);
        }
    }
    QCOMPARE(spy.count(u"modelReset"_s), 0);
}

void tst_device_table::selectionOfEverythingSurvives()
{
    const auto frame = organisation(500);
    DeviceTableModel model;
    show(model, frame);
    QItemSelectionModel selection(&model);
    selection.select(QItemSelection(model.index(0, 0), model.index(499, model.columnCount() - 1)),
        QItemSelectionModel::Select);
    show(model, frame, {.text = u"iphone"_s});
    QVERIFY(model.rowCount() > 50);
    QCOMPARE(selection.selectedRows().size(), model.rowCount());
    const int kept = model.rowCount();
    show(model, frame, {.sort = {{DeviceColumn::UserName}}});
    QCOMPARE(model.rowCount(), 500);
    QCOMPARE(selection.selectedRows().size(), kept);
}

void tst_device_table::workerShowsNewestQuery()
{
    DeviceTableModel model;
    items::DeviceViewWorker worker(model);
    QSignalSpy installed(&worker, &items::DeviceViewWorker::viewInstalled);
    QSignalSpy busy(&worker, &items::DeviceViewWorker::busyChanged);
    worker.setFrame(organisation(20'000));
    for (const QChar c : u"abcdefgh"_s)
        worker.setQuery({.text = QString(c)});
    worker.setQuery({.text = u"samsung"_s, .limit = 100});
    QTRY_VERIFY(!worker.isBusy());
    QCOMPARE(model.rowCount(), 100);
    QCOMPARE(worker.counts().shown, 100);
    QVERIFY(worker.counts().matching > 1000);
    QCOMPARE(worker.counts().total, 20'000);
    QVERIFY(installed.count() < 5); // the letters in between were given up
    QCOMPARE(busy.last().first().toBool(), false);
    for (int row = 0; row < 100; ++row)
        QVERIFY(cell(model, row, DeviceColumn::Name).toString().contains(u"samsung"_s, Qt::CaseInsensitive));
}

void tst_device_table::workerIsNotStarvedByFrames()
{
    DeviceTableModel model;
    items::DeviceViewWorker worker(model);
    QSignalSpy installed(&worker, &items::DeviceViewWorker::viewInstalled);
    frame::DeviceFrameBuilder builder;
    for (qint64 id = 1; id <= 200; ++id) {
        builder.apply(aDevice(id).row());
        worker.setFrame(builder.publish()); // faster than they can be shown
        if (id % 50 == 0)
            QTRY_VERIFY(installed.count() > 0);
    }
    QTRY_COMPARE(model.rowCount(), 200);
}

void tst_device_table::workerStopsBeforeStart()
{
    DeviceTableModel model;
    items::DeviceViewWorker worker(model);
    worker.cancel();
    QVERIFY(!worker.isBusy());
    worker.setFrame(nullptr);
    QVERIFY(!worker.isBusy());
}

void tst_device_table::workerCancelKeepsWhatIsShown()
{
    DeviceTableModel model;
    items::DeviceViewWorker worker(model);
    worker.setFrame(organisation(5000));
    QTRY_COMPARE(model.rowCount(), 5000);
    worker.setQuery({.text = u"iphone"_s});
    worker.cancel();
    QTRY_VERIFY(!worker.isBusy());
    QCOMPARE(model.rowCount(), 5000);
    QVERIFY(worker.query().text.isEmpty());
    worker.setQuery({.text = u"iphone"_s});
    QTRY_VERIFY(!worker.isBusy());
    QVERIFY(model.rowCount() < 5000);
}

void tst_device_table::workerMayDieWhileBusy()
{
    DeviceTableModel model;
    {
        items::DeviceViewWorker worker(model);
        worker.setFrame(organisation(50'000));
        QVERIFY(worker.isBusy());
    }
    QCOMPARE(model.rowCount(), 0);
}

QTEST_GUILESS_MAIN(tst_device_table)
#include "tst_device_table.moc"

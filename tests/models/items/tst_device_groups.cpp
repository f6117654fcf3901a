// Grouped device lists (SHL-06): heads, collapsing, ages and freshness in words (SYN-18), exact signals, and
// for random changes that heads, rows and persistent indexes follow. No change ever resets.
#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QtTest>

#include "models/domain/Intune.h"
#include "models/frame/DeviceFrameBuilder.h"
#include "models/frame/Sort.h"
#include "models/items/DeviceTableModel.h"
#include "models/items/DeviceViewWorker.h"
#include "tests/models/frame/FrameChecks.h"
#include "tests/support/ModelSpy.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using items::DeviceQuery;
using items::DeviceTableModel;
using C = frame::DeviceColumn;

namespace {

const qint64 now = testNow().toMSecsSinceEpoch();
constexpr qint64 hour = 3'600'000;

void show(DeviceTableModel& model, std::shared_ptr<const frame::DeviceFrame> frame, const DeviceQuery& query)
{
    model.install(items::deviceViewChange(model.view(), items::deviceView(std::move(frame), query, now)));
}

// "[Exchange Access State: Blocked 2]", "1", "2", … as shown.
QStringList printed(const DeviceTableModel& model)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        const auto head = model.groupHead(row);
        if (head)
            lines.append(
                u"[%1 %2%3]"_s.arg(head->title).arg(head->count).arg(head->collapsed ? u"+"_s : QString()));
        else
            lines.append(QString::number(model.keyAt(row)));
    }
    return lines;
}

std::shared_ptr<const frame::DeviceFrame> four()
{
    return frameOf({aDevice(1).allowed().of(u"b"), aDevice(2).blocked().of(u"a"),
        aDevice(3).allowed().of(u"a"), aDevice(4).blocked().of(u"c")});
}

DeviceQuery byState()
{
    DeviceQuery query;
    query.groupBy = C::AccessState;
    return query;
}

} // namespace

class tst_device_groups : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        qputenv("TZ", "UTC");
    }
    void rowsStandUnderHeads();
    void sortedInsideAndOverGroups();
    void textGroupsIgnoreCase();
    void collapsing();
    void headsCannotBeSelected();
    void headsSpeak();
    void limitCutsRows();
    void rowThatChangesItsGroup();
    void groupingOnAndOff();
    void agesInWords_data();
    void agesInWords();
    void freshness_data();
    void freshness();
    void freshnessGroups();
    void whatCanBeGrouped();
    void workerCountsDevicesNotHeads();
    void randomSequencesFollow();
};

void tst_device_groups::rowsStandUnderHeads()
{
    DeviceTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    show(model, four(), byState());
    QCOMPARE(printed(model),
        (QStringList{u"[Exchange Access State: Allowed 2]"_s, u"1"_s, u"3"_s,
            u"[Exchange Access State: Blocked 2]"_s, u"2"_s, u"4"_s}));
    QCOMPARE(model.keyAt(0), 0);
    QVERIFY(model.isGroupRow(0) && !model.isGroupRow(1));
    QVERIFY(model.groupAt(1) == nullptr);
}

void tst_device_groups::sortedInsideAndOverGroups()
{
    DeviceTableModel model;
    DeviceQuery query = byState();
    query.sort = {{C::UserName, Qt::DescendingOrder}};
    show(model, four(), query);
    QCOMPARE(
        printed(model).mid(0, 3), (QStringList{u"[Exchange Access State: Allowed 2]"_s, u"1"_s, u"3"_s}));
    QCOMPARE(printed(model).mid(4), (QStringList{u"4"_s, u"2"_s}));
    query.sort = {{C::AccessState, Qt::DescendingOrder}}; // by what is grouped: the groups turn round
    show(model, four(), query);
    QCOMPARE(printed(model).front(), u"[Exchange Access State: Blocked 2]"_s);
}

void tst_device_groups::textGroupsIgnoreCase()
{
    DeviceTableModel model;
    DeviceQuery query;
    query.groupBy = C::Department;
    show(model,
        frameOf(
            {aDevice(1).set(C::Department, u"Sales"), aDevice(2), aDevice(3).set(C::Department, u"SALES")}),
        query);
    QCOMPARE(printed(model),
        (QStringList{u"[Department: Empty 1]"_s, u"2"_s, u"[Department: Sales 2]"_s, u"1"_s, u"3"_s}));
}

void tst_device_groups::collapsing()
{
    DeviceTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    DeviceQuery query = byState();
    show(model, four(), query);
    query.collapsed = {model.groupAt(0)->key};
    ModelSpy spy(model);
    show(model, four(), query);
    QCOMPARE(printed(model),
        (QStringList{u"[Exchange Access State: Allowed 2+]"_s, u"[Exchange Access State: Blocked 2]"_s,
            u"2"_s, u"4"_s}));
    QCOMPARE(spy.count(u"rowsRemoved 1-2"_s), 1);
    QVERIFY(spy.count(u"modelReset"_s) == 0);
    query.collapsed.clear();
    show(model, four(), query);
    QCOMPARE(model.rowCount(), 6);
}

void tst_device_groups::headsCannotBeSelected()
{
    DeviceTableModel model;
    show(model, four(), byState());
    QVERIFY(!model.flags(model.index(0, 3)).testFlag(Qt::ItemIsSelectable));
    QVERIFY(model.flags(model.index(0, 3)).testFlag(Qt::ItemIsEnabled));
    QVERIFY(model.flags(model.index(1, 3)).testFlag(Qt::ItemIsSelectable));
    QVERIFY(!model.index(0, 3).data().isValid()); // the view paints the title
}

void tst_device_groups::headsSpeak()
{
    DeviceTableModel model;
    show(model, four(), byState());
    QCOMPARE(model.index(0, 5).data(Qt::AccessibleTextRole).toString(),
        u"Group Exchange Access State: Allowed, 2 device(s)"_s);
}

void tst_device_groups::limitCutsRows()
{
    DeviceTableModel model;
    DeviceQuery query = byState();
    query.limit = 3;
    show(model, four(), query);
    QCOMPARE(printed(model),
        (QStringList{u"[Exchange Access State: Allowed 2]"_s, u"1"_s, u"3"_s,
            u"[Exchange Access State: Blocked 2]"_s, u"2"_s})); // the head still counts all
}

void tst_device_groups::rowThatChangesItsGroup()
{
    frame::DeviceFrameBuilder builder;
    for (const auto& device : {aDevice(1).allowed(), aDevice(2).blocked(), aDevice(3).allowed()})
        builder.apply(device.row());
    DeviceTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    show(model, builder.publish(), byState());
    const QPersistentModelIndex moved(model.index(1, 0)); // device 1
    const QPersistentModelIndex head(model.index(0, 0));
    builder.apply(aDevice(1).blocked().row());
    show(model, builder.publish(), byState());
    QCOMPARE(printed(model),
        (QStringList{u"[Exchange Access State: Allowed 1]"_s, u"3"_s, u"[Exchange Access State: Blocked 2]"_s,
            u"1"_s, u"2"_s}));
    QCOMPARE(moved.row(), 3);
    QCOMPARE(head.row(), 0);
}

void tst_device_groups::groupingOnAndOff()
{
    DeviceTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelSpy spy(model);
    const auto frame = organisation(500);
    show(model, frame, {});
    const QPersistentModelIndex kept(model.index(model.rowOfKey(77), 0));
    show(model, frame, byState());
    QCOMPARE(model.keyAt(kept.row()), 77);
    DeviceQuery byType;
    byType.groupBy = C::DeviceType;
    show(model, frame, byType);
    QCOMPARE(model.keyAt(kept.row()), 77);
    show(model, frame, {});
    QCOMPARE(model.rowCount(), 500);
    QCOMPARE(model.keyAt(kept.row()), 77);
    QCOMPARE(spy.count(u"modelReset"_s), 0);
}

void tst_device_groups::agesInWords_data()
{
    QTest::addColumn<qint64>("hoursAgo");
    QTest::addColumn<QString>("group");
    QTest::newRow("a clock is wrong") << qint64(-5) << u"In the future"_s;
    QTest::newRow("now") << qint64(0) << u"In the last 24 hours"_s;
    QTest::newRow("23 hours") << qint64(23) << u"In the last 24 hours"_s;
    QTest::newRow("a day") << qint64(24) << u"In the last 7 days"_s;
    QTest::newRow("a month") << qint64(24 * 31) << u"In the last 90 days"_s;
    QTest::newRow("years") << qint64(24 * 900) << u"Longer ago"_s;
    QTest::newRow("never") << qint64(INT_MAX) << u"Empty"_s;
}

void tst_device_groups::agesInWords()
{
    QFETCH(qint64, hoursAgo);
    QFETCH(QString, group);
    DeviceTableModel model;
    DeviceQuery query;
    query.groupBy = C::LastSuccessSync;
    const qint64 time = hoursAgo == INT_MAX ? frame::noValue : now - hoursAgo * hour;
    show(model, frameOf({aDevice(1).set(C::LastSuccessSync, time)}), query);
    QCOMPARE(model.groupHead(0)->title, QString(u"Last Success Sync Time To Exchange Server: "_s + group));
}

void tst_device_groups::freshness_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<qint64>("age");
    QTest::addColumn<QString>("text");
    const int exchange = int(C::ExchangeDataAsOf);
    const int intune = int(C::IntuneDataAsOf);
    QTest::newRow("fresh") << exchange << 8 * hour << u"20 Nov 2026 04:00:00"_s;
    QTest::newRow("late") << exchange << 8 * hour + 1000 << u"20 Nov 2026 03:59:59 (Late)"_s;
    QTest::newRow("out of date") << exchange << 49 * hour << u"18 Nov 2026 11:00:00 (Out of date)"_s;
    QTest::newRow("fresh by Intune's measure") << intune << hour / 12 << u"20 Nov 2026 11:55:00"_s;
    QTest::newRow("late by Intune's measure") << intune << hour << u"20 Nov 2026 11:00:00 (Late)"_s;
}

void tst_device_groups::freshness()
{
    QFETCH(int, column);
    QFETCH(qint64, age);
    DeviceTableModel model;
    model.setFreshness({}, [] { return now; });
    show(model, frameOf({aDevice(1).set(C(column), now - age)}), {});
    const QModelIndex cell = model.index(0, column);
    QTEST(cell.data().toString(), "text");
    QCOMPARE(cell.data(items::CodeKindRole).toInt(), int(items::CodeKind::Freshness));
    const auto state = items::freshnessOf(C(column), now - age, now, {});
    QCOMPARE(cell.data(items::CodeRole).toInt(), int(state));
    QVERIFY(cell.data(Qt::ToolTipRole).toString().endsWith(items::freshnessTitle(state)));
}

void tst_device_groups::freshnessGroups()
{
    DeviceTableModel model;
    DeviceQuery query;
    query.groupBy = C::ExchangeDataAsOf;
    const auto asOf = [](qint64 id, qint64 age) { return aDevice(id).set(C::ExchangeDataAsOf, now - age); };
    show(model,
        frameOf({asOf(1, 8 * hour), asOf(2, 8 * hour + 1), asOf(3, 90 * hour), aDevice(4), asOf(5, 0)}),
        query);
    QCOMPARE(printed(model),
        (QStringList{u"[Exchange Data As Of: Up to date 2]"_s, u"1"_s, u"5"_s,
            u"[Exchange Data As Of: Late 1]"_s, u"2"_s, u"[Exchange Data As Of: Out of date 1]"_s, u"3"_s,
            u"[Exchange Data As Of: Never read 1]"_s, u"4"_s}));
}

void tst_device_groups::whatCanBeGrouped()
{
    const DeviceTableModel model;
    QVERIFY(model.canGroupBy(int(C::AccessState)));
    QVERIFY(model.canGroupBy(int(C::LastSuccessSync)));
    QVERIFY(!model.canGroupBy(int(C::EasDeviceId)));
    QVERIFY(!model.canGroupBy(-1) && !model.canGroupBy(frame::deviceColumnCount));
}

void tst_device_groups::workerCountsDevicesNotHeads()
{
    DeviceTableModel model;
    items::DeviceViewWorker worker(model);
    worker.setNow([] { return now; });
    DeviceQuery query = byState();
    worker.setQuery(query);
    worker.setFrame(four());
    QTRY_COMPARE(worker.counts(), (items::DeviceViewWorker::Counts{4, 4, 4}));
    query.collapsed = {model.groupAt(0)->key};
    worker.setQuery(query);
    QTRY_COMPARE(model.rowCount(), 4);
    QCOMPARE(worker.counts().shown, 4); // a shut group is no reason to offer to load more
}

void tst_device_groups::randomSequencesFollow()
{
    QRandomGenerator random(20261124);
    frame::DeviceFrameBuilder builder;
    for (qint64 id = 1; id <= 300; ++id)
        builder.apply(organisationDevice(id).row());
    DeviceTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelSpy spy(model);
    const C columns[] = {C::AccessState, C::DeviceType, C::LastSuccessSync, C::Department};
    std::vector<QPersistentModelIndex> kept;
    std::vector<qint64> keys;
    for (int round = 0; round < 60; ++round) {
        for (int i = 0; i < 20; ++i) {
            const qint64 id = 1 + random.bounded(330);
            auto device = organisationDevice(id + (random.bounded(2) == 0 ? 0 : 5000));
            frame::DeviceRow row = device.row();
            row.id = PartnershipId{id};
            row.gone = random.bounded(8) == 0;
            builder.apply(row);
        }
        DeviceQuery query;
        if (random.bounded(4) != 0)
            query.groupBy = columns[random.bounded(4)];
        if (random.bounded(2) == 0)
            query.sort = {{C::UserName, Qt::DescendingOrder}};
        query.limit = random.bounded(3) == 0 ? 50 : INT_MAX;
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.groupAt(row) != nullptr && random.bounded(3) == 0)
                query.collapsed.insert(model.groupAt(row)->key);
        }
        show(model, builder.publish(), query);
        for (std::size_t i = 0; i < kept.size(); ++i)
            QVERIFY(!kept[i].isValid() || model.keyAt(kept[i].row()) == keys[i]);
        kept.clear();
        keys.clear();
        int counted = 0;
        for (int row = 0; row < model.rowCount(); ++row) {
            if (const auto head = model.groupHead(row))
                counted += head->count;
            kept.emplace_back(model.index(row, 0));
            keys.push_back(model.keyAt(row));
        }
        QVERIFY(!query.groupBy || query.limit < INT_MAX || counted == model.view().matching);
    }
    QCOMPARE(spy.count(u"modelReset"_s), 0);
}

QTEST_GUILESS_MAIN(tst_device_groups)
#include "tst_device_groups.moc"

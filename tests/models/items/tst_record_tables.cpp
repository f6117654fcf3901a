// Job and connector tables: exact signals for what differs, texts, and no reset ever.
#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QtTest>

#include "models/items/ConnectorTableModel.h"
#include "models/items/JobListModel.h"
#include "tests/support/ModelSpy.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using items::ConnectorTableModel;
using items::JobListModel;

namespace {

Job aJob(qint64 id, qint64 done = 0)
{
    Job job;
    job.id = {id};
    job.state = JobState::Running;
    job.step = u"mailboxes"_s;
    job.done = done;
    job.total = 7000;
    job.startedAt = QDateTime(QDate(2026, 11, 20), QTime(12, 0), Qt::UTC);
    return job;
}

Connector aConnector(qint64 id, const QString& name)
{
    Connector connector;
    connector.id = {id};
    connector.name = name;
    connector.state = ConnectorState::Connected;
    return connector;
}

std::vector<qint64> keys(const items::IndexedTableModel& model)
{
    std::vector<qint64> result;
    for (int row = 0; row < model.rowCount(); ++row)
        result.push_back(model.keyAt(row));
    return result;
}

} // namespace

class tst_record_tables : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void jobSignals();
    void newestFirstStaysInPlace();
    void jobTexts_data();
    void jobTexts();
    void connectorCells();
    void randomLists();
};

void tst_record_tables::jobSignals()
{
    JobListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelSpy spy(model);
    model.setJobs({aJob(1), aJob(2)});
    QCOMPARE(spy.take(), QStringList{u"rowsInserted 0-1"_s});
    model.setJobs({aJob(1), aJob(2)});
    QCOMPARE(spy.take(), QStringList{});
    model.setJobs({aJob(1), aJob(2, 100)});
    QCOMPARE(spy.take(), QStringList{u"dataChanged 1-1 columns 0-6"_s});
    model.setJobs({aJob(3), aJob(2, 100)});
    QCOMPARE(spy.take(), (QStringList{u"rowsRemoved 0-0"_s, u"rowsInserted 0-0"_s}));
    model.setJobs({aJob(2, 100), aJob(3)});
    QCOMPARE(spy.take(), QStringList{u"layoutChanged"_s});
    QCOMPARE(keys(model), (std::vector<qint64>{2, 3}));
    model.setJobs({});
    QCOMPARE(spy.take(), QStringList{u"rowsRemoved 0-1"_s});
}

void tst_record_tables::newestFirstStaysInPlace()
{
    JobListModel model;
    model.setJobs({aJob(2), aJob(1)});
    const QPersistentModelIndex first = model.index(0, 0);
    model.setJobs({aJob(3), aJob(2), aJob(1)});
    QCOMPARE(first.row(), 1);
    QCOMPARE(model.jobAt(0)->id.value, 3);
    QVERIFY(!model.jobAt(3));
    QCOMPARE(model.rowOfKey(1), 2);
    QCOMPARE(model.rowOfKey(9), -1);
}

void tst_record_tables::jobTexts_data()
{
    QTest::addColumn<QString>("step");
    QTest::addColumn<qint64>("total");
    QTest::addColumn<QString>("text");
    QTest::newRow("mailboxes") << u"mailboxes"_s << qint64(7000) << u"1200 of 7000 mailboxes"_s;
    QTest::newRow("total unknown") << u"mailboxes"_s << qint64(-1) << u"1200 mailboxes"_s;
    QTest::newRow("devices") << u"partnerships"_s << qint64(-1) << u"1200 mailboxes"_s;
    QTest::newRow("statistics") << u"statistics"_s << qint64(1300)
                                << u"Statistics of 1200 of 1300 mailboxes"_s;
    QTest::newRow("last step") << u"deletions"_s << qint64(1200) << u"1200 of 1200 mailboxes"_s;
    QTest::newRow("throttled") << u"throttled"_s << qint64(1300) << u"Waiting: the server is busy"_s;
    QTest::newRow("a step of a newer service") << u"tea"_s << qint64(1300) << u"1200 of 1300"_s;
}

void tst_record_tables::jobTexts()
{
    QFETCH(QString, step);
    QFETCH(qint64, total);
    QFETCH(QString, text);
    Job job = aJob(1, 1200);
    job.step = step;
    job.total = total;
    JobListModel model;
    model.setConnectorNames([](ConnectorId) { return u"Main\u202E"_s; });
    model.setJobs({job});
    QCOMPARE(model.index(0, JobListModel::Progress).data().toString(), text);
    QCOMPARE(model.index(0, JobListModel::Task).data().toString(), u"Full synchronization"_s);
    QCOMPARE(model.index(0, JobListModel::Connector).data().toString(), u"Main[U+202E]"_s);
    QCOMPARE(model.index(0, JobListModel::State).data(items::CodeRole).toInt(), int(JobState::Running));
    QCOMPARE(model.index(0, JobListModel::Progress).data(JobListModel::DoneRole).toLongLong(), 1200);
    QCOMPARE(model.index(0, JobListModel::Ended).data(Qt::AccessibleTextRole).toString(), u"Empty"_s);
}

void tst_record_tables::connectorCells()
{
    Connector connector = aConnector(4, u"Main\nSite"_s);
    connector.deviceCount = 700;
    connector.stateDetail = u"The server is busy."_s;
    ConnectorTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setConnectors({connector});
    QCOMPARE(model.index(0, ConnectorTableModel::Name).data().toString(), u"Main␊Site"_s);
    QCOMPARE(model.index(0, ConnectorTableModel::Devices).data().toString(), u"700"_s);
    QCOMPARE(model.index(0, ConnectorTableModel::LastFullSync).data().toString(), u"Never"_s);
    QCOMPARE(model.index(0, ConnectorTableModel::State).data().toString(), u"Connected"_s);
    QCOMPARE(model.index(0, ConnectorTableModel::State).data(Qt::ToolTipRole).toString(),
        u"The server is busy."_s);
    for (int i = 0; i < model.columnCount(); ++i)
        QVERIFY(!model.headerData(i, Qt::Horizontal, items::ColumnKeyRole).toString().isEmpty());
}

void tst_record_tables::randomLists()
{
    QRandomGenerator random(3);
    ConnectorTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelSpy spy(model);
    for (int round = 0; round < 200; ++round) {
        std::vector<Connector> next;
        for (qint64 id = 1; id <= 60; ++id) {
            if (random.bounded(3) != 0)
                next.push_back(aConnector(id, u"name %1"_s.arg(random.bounded(2))));
        }
        if (random.bounded(2) == 0)
            std::shuffle(next.begin(), next.end(), random);
        model.setConnectors(next);
        QCOMPARE(model.rowCount(), int(next.size()));
        for (int row = 0; row < model.rowCount(); ++row)
            QVERIFY(*model.connectorAt(row) == next[std::size_t(row)]);
    }
    QCOMPARE(spy.count(u"modelReset"_s), 0);
}

QTEST_GUILESS_MAIN(tst_record_tables)
#include "tst_record_tables.moc"

// Status messages and component states as tables: exact signals, words, order, filter, thresholds.
#include <QAbstractItemModelTester>
#include <QtTest>

#include "models/items/ComponentStatusModel.h"
#include "models/items/StatusMessageModel.h"
#include "tests/support/ModelSpy.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::items;
using namespace postern::test;
using M = StatusMessageModel;

namespace {

const QDateTime noon(QDate(2026, 11, 20), QTime(12, 0), Qt::UTC);

StatusMessage aMessage(qint64 id, Severity severity = Severity::Information, int number = 30001)
{
    StatusMessage message;
    message.id = {id};
    message.time = noon.addSecs(id);
    message.severity = severity;
    message.messageId = number;
    message.component = u"SMS_EXCHANGE_CONNECTOR"_s;
    message.siteCode = u"PS1"_s;
    message.machine = u"SITE01"_s;
    message.text = u"Text %1"_s.arg(id);
    return message;
}

std::vector<qint64> idsOf(const std::vector<StatusMessage>& messages)
{
    std::vector<qint64> ids;
    for (const StatusMessage& message : messages)
        ids.push_back(message.id.value);
    return ids;
}

} // namespace

class tst_status_tables : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        qputenv("TZ", "UTC");
    }
    void signalsAreExact();
    void cells_data();
    void cells();
    void hostileTextIsVisible();
    void typesFollowTheNumber();
    void sorted_data();
    void sorted();
    void filtered_data();
    void filtered();
    void thresholds_data();
    void thresholds();
    void componentsAreCounted();
    void componentRowsKeepTheirKeys();
};

void tst_status_tables::signalsAreExact()
{
    M model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelSpy spy(model);
    model.setMessages({aMessage(2), aMessage(1)});
    QCOMPARE(spy.take(), QStringList{u"rowsInserted 0-1"_s});
    model.setMessages({aMessage(3), aMessage(2), aMessage(1)});
    QCOMPARE(spy.take(), QStringList{u"rowsInserted 0-0"_s});
    model.setMessages({aMessage(3), aMessage(2)});
    QCOMPARE(spy.take(), QStringList{u"rowsRemoved 2-2"_s});
}

void tst_status_tables::cells_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("text");
    QTest::newRow("severity") << int(M::SeverityColumn) << u"Warning"_s;
    QTest::newRow("type") << int(M::Type) << u"Milestone"_s;
    QTest::newRow("site") << int(M::SiteCode) << u"PS1"_s;
    QTest::newRow("time") << int(M::Time) << u"20 Nov 2026 12:00:07"_s;
    QTest::newRow("system") << int(M::System) << u"SITE01"_s;
    QTest::newRow("component") << int(M::Component) << u"SMS_EXCHANGE_CONNECTOR"_s;
    QTest::newRow("number") << int(M::MessageNumber) << u"30004"_s; // no separator
    QTest::newRow("description") << int(M::Description) << u"Text 7"_s;
}

void tst_status_tables::cells()
{
    QFETCH(int, column);
    M model;
    model.setMessages({aMessage(7, Severity::Warning, 30004)});
    const QModelIndex index = model.index(0, column);
    QTEST(index.data().toString(), "text");
    QCOMPARE(index.data(Qt::AccessibleTextRole), index.data());
    QCOMPARE(model.index(0, M::SeverityColumn).data(CodeRole).toInt(), int(Severity::Warning));
    QCOMPARE(model.index(0, M::Time).data(Qt::ToolTipRole).toString(), u"2026-11-20 12:00:07 UTC"_s);
    QVERIFY(!model.headerData(column, Qt::Horizontal, ColumnKeyRole).toString().isEmpty());
}

void tst_status_tables::hostileTextIsVisible()
{
    StatusMessage message = aMessage(1);
    message.text = u"line\nbreak \u202Eexe.gpj"_s;
    message.component = u"=cmd()"_s;
    const QString shown = M::cellText(message, M::Description);
    QVERIFY(!shown.contains(u'\n') && !shown.contains(QChar(0x202E)));
    QCOMPARE(M::cellText(message, M::Component), u"=cmd()"_s);
}

void tst_status_tables::typesFollowTheNumber()
{
    QCOMPARE(messageType(1015), MessageType::Milestone);
    QCOMPARE(messageType(30002), MessageType::Milestone);
    QCOMPARE(messageType(30011), MessageType::Audit);
    QCOMPARE(messageType(30007), MessageType::Detail);
    QCOMPARE(messageType(-1), MessageType::Detail);
}

void tst_status_tables::sorted_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<bool>("descending");
    QTest::addColumn<std::vector<qint64>>("ids");
    using Ids = std::vector<qint64>;
    QTest::newRow("time down") << int(M::Time) << true << Ids{3, 2, 1};
    QTest::newRow("time up") << int(M::Time) << false << Ids{1, 2, 3};
    QTest::newRow("severity down, newest first") << int(M::SeverityColumn) << true << Ids{2, 3, 1};
    QTest::newRow("number up, newest first") << int(M::MessageNumber) << false << Ids{2, 1, 3};
}

void tst_status_tables::sorted()
{
    QFETCH(int, column);
    QFETCH(bool, descending);
    const auto result
        = sortedMessages({aMessage(1, Severity::Information, 30002), aMessage(2, Severity::Error, 30001),
                             aMessage(3, Severity::Information, 30004)},
            column, descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    QTEST(idsOf(result), "ids");
}

void tst_status_tables::filtered_data()
{
    QTest::addColumn<int>("secondsAgo"); // 0: all
    QTest::addColumn<int>("severity"); // -1: all
    QTest::addColumn<QString>("component");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("found");
    QTest::newRow("nothing asked") << 0 << -1 << QString() << QString() << true;
    QTest::newRow("too old") << -100 << -1 << QString() << QString() << false;
    QTest::newRow("severity") << 0 << int(Severity::Error) << QString() << QString() << true;
    QTest::newRow("other severity") << 0 << int(Severity::Warning) << QString() << QString() << false;
    QTest::newRow("other component") << 0 << -1 << u"SMS_OTHER"_s << QString() << false;
    QTest::newRow("text in any case") << 0 << -1 << QString() << u"TEXT 7"_s << true;
    QTest::newRow("number") << 0 << -1 << QString() << u"30004"_s << true;
    QTest::newRow("the word of the severity") << 0 << -1 << QString() << u"error"_s << true;
    QTest::newRow("other text") << 0 << -1 << QString() << u"Text 8"_s << false;
}

void tst_status_tables::filtered()
{
    QFETCH(int, secondsAgo);
    QFETCH(int, severity);
    QFETCH(QString, component);
    QFETCH(QString, text);
    const StatusMessage message = aMessage(7, Severity::Error, 30004);
    const MessageFilter filter{secondsAgo == 0 ? QDateTime() : message.time.addSecs(-secondsAgo),
        severity < 0 ? std::nullopt : std::optional(Severity(severity)), component, text};
    QTEST(matches(message, filter), "found");
}

void tst_status_tables::thresholds_data()
{
    QTest::addColumn<int>("warnings");
    QTest::addColumn<int>("errors");
    QTest::addColumn<int>("state");
    QTest::newRow("quiet") << 0 << 0 << int(ComponentState::Ok);
    QTest::newRow("few warnings") << 9 << 0 << int(ComponentState::Ok);
    QTest::newRow("warnings") << 10 << 0 << int(ComponentState::Warning);
    QTest::newRow("an error") << 0 << 1 << int(ComponentState::Warning);
    QTest::newRow("four errors") << 49 << 4 << int(ComponentState::Warning);
    QTest::newRow("many warnings") << 50 << 0 << int(ComponentState::Critical);
    QTest::newRow("errors") << 0 << 5 << int(ComponentState::Critical);
}

void tst_status_tables::thresholds()
{
    QFETCH(int, warnings);
    QFETCH(int, errors);
    QTEST(int(componentState(warnings, errors)), "state");
}

void tst_status_tables::componentsAreCounted()
{
    StatusMessage other = aMessage(9, Severity::Error);
    other.component = u"SMS_OTHER"_s;
    const auto rows = componentStatus({aMessage(2, Severity::Warning), aMessage(3), aMessage(1), other},
        {u"SMS_EXCHANGE_CONNECTOR"_s, u"SMS_SILENT"_s});
    QCOMPARE(rows.size(), 3U);
    QCOMPARE(rows[0].information, 2);
    QCOMPARE(rows[0].warnings, 1);
    QCOMPARE(rows[0].last->id.value, 3); // the newest, whatever the order
    QCOMPARE(rows[0].state, ComponentState::Ok);
    QCOMPARE(rows[1].component, u"SMS_SILENT"_s);
    QVERIFY(!rows[1].last);
    QCOMPARE(rows[2].component, u"SMS_OTHER"_s);
    QCOMPARE(rows[2].state, ComponentState::Warning);
    ComponentStatusModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setComponents(rows);
    QCOMPARE(model.index(0, ComponentStatusModel::State).data().toString(), u"OK"_s);
    QCOMPARE(
        model.index(1, ComponentStatusModel::LastMessage).data().toString(), u"No message in this period"_s);
    QCOMPARE(model.index(2, ComponentStatusModel::State).data(CodeKindRole).toInt(),
        int(CodeKind::ComponentState));
}

void tst_status_tables::componentRowsKeepTheirKeys()
{
    StatusMessage other = aMessage(9);
    other.component = u"SMS_OTHER"_s;
    ComponentStatusModel model;
    QStringList known{u"SMS_EXCHANGE_CONNECTOR"_s};
    model.setComponents(componentStatus({other}, known));
    const qint64 key = model.keyAt(1);
    ModelSpy spy(model);
    model.setComponents(componentStatus({}, known + QStringList{u"SMS_OTHER"_s}));
    QCOMPARE(model.keyAt(1), key); // it stays, with nothing to say
    QCOMPARE(spy.take(), QStringList{u"dataChanged 1-1 columns 0-6"_s});
}

QTEST_GUILESS_MAIN(tst_status_tables)
#include "tst_status_tables.moc"

// The data the shell is built from, and its pure parts: node table, history, counts, notices, English
// plurals.
#include <QFile>
#include <QTest>
#include <QXmlStreamReader>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "ui/commands/CommandSet.h"
#include "ui/shell/JobBar.h"
#include "ui/shell/NavigationHistory.h"
#include "ui/shell/NodeTable.h"
#include "ui/shell/OverviewPage.h"
#include "ui/widgets/IconSet.h"

using namespace postern;
using namespace postern::shell;
using namespace Qt::StringLiterals;

namespace {

class TestNodeTable : public QObject
{
    Q_OBJECT
private slots:
    void rowsAreSound();
    void pathsAreThoseOfTheSpecification();
    void textsFindNodes_data();
    void textsFindNodes();
    void historyGoesBackAndForward();
    void historyDropsWhatLayAhead();
    void historyForgetsTheOldest();
    void statesAreCounted();
    void jobLines();
    void englishPluralsAreComplete();
};

void TestNodeTable::rowsAreSound()
{
    test::FakeSiteClient site;
    test::FakePrompter prompter;
    QWidget window;
    commands::CommandContext context{site, prompter, prompter, &window, [] { return nullptr; }, {}};
    const commands::CommandSet set(context);
    QStringList paths;
    for (const NodeRow& row : nodeTable()) {
        QVERIFY2(!paths.contains(row.path), qPrintable(row.path));
        const QString parent = row.path.section(u'/', 0, -2);
        QVERIFY2(parent == workspaceOf(row.path) || paths.contains(parent), qPrintable(row.path));
        paths.append(row.path);
        QVERIFY2(!widgets::icon(row.iconName).isNull(), qPrintable(row.iconName));
        QVERIFY(!nodeText(row.description).isEmpty());
        QVERIFY(row.defaultCommand.isEmpty() || set.find(row.defaultCommand) != nullptr);
        for (const RibbonGroupRow& group : row.ribbon) {
            for (const QString& id : group.commands)
                QVERIFY2(set.find(id) != nullptr, qPrintable(row.path + u": "_s + id));
        }
    }
    QVERIFY(nodeTable().front().makePage != nullptr); // what opens first
}

void TestNodeTable::pathsAreThoseOfTheSpecification()
{
    // SHL-10, exact.
    for (const auto& path : {u"Assets and Compliance/Overview"_s, u"Assets and Compliance/Devices"_s,
             u"Monitoring/Exchange Connector"_s,
             u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s})
        QVERIFY2(findNode(path) != nullptr, qPrintable(path));
    QStringList names;
    for (const WorkspaceRow& row : workspaceTable())
        names.append(row.name);
    QCOMPARE(names,
        QStringList(
            {u"Assets and Compliance"_s, u"Software Library"_s, u"Monitoring"_s, u"Administration"_s}));
}

void TestNodeTable::textsFindNodes_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("path");
    const QString devices = u"Assets and Compliance/Devices"_s;
    QTest::newRow("path") << devices << devices;
    QTest::newRow("backslashes") << u"\\Assets and Compliance\\Devices"_s << devices;
    QTest::newRow("arrows") << u" assets and compliance > DEVICES "_s << devices;
    QTest::newRow("workspace") << u"Assets and Compliance"_s << u"Assets and Compliance/Overview"_s;
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("not built") << u"Software Library"_s << QString();
    QTest::newRow("unknown") << u"Assets and Compliance/Cars"_s << QString();
    QTest::newRow("half") << u"Devices"_s << QString();
}

void TestNodeTable::textsFindNodes()
{
    QFETCH(QString, typed);
    QTEST(nodePathFromText(typed), "path");
}

void TestNodeTable::historyGoesBackAndForward()
{
    NavigationHistory history;
    QVERIFY(!history.canGo(-1));
    QVERIFY(!history.go(-1, {}));
    history.visit(u"a"_s, {});
    history.visit(u"a"_s, {{u"x"_s, 1}}); // already there
    QCOMPARE(history.places().size(), 1U);
    history.visit(u"b"_s, {{u"scroll"_s, 7}});
    const auto place = history.go(-1, {{u"scroll"_s, 9}});
    QCOMPARE(place->path, u"a"_s);
    QCOMPARE(place->state, QVariantMap({{u"scroll"_s, 7}}));
    QCOMPARE(history.go(1, {})->state, QVariantMap({{u"scroll"_s, 9}}));
    QVERIFY(!history.canGo(1));
}

void TestNodeTable::historyDropsWhatLayAhead()
{
    NavigationHistory history;
    for (const auto& path : {u"a"_s, u"b"_s, u"c"_s})
        history.visit(path, {});
    history.go(-2, {});
    history.visit(u"d"_s, {});
    QCOMPARE(history.places().size(), 2U);
    QCOMPARE(history.places().back().path, u"d"_s);
    QVERIFY(!history.canGo(1));
}

void TestNodeTable::historyForgetsTheOldest()
{
    NavigationHistory history;
    for (int i = 0; i < 200; ++i)
        history.visit(QString::number(i), {});
    QCOMPARE(history.places().size(), 50U);
    QCOMPARE(history.current(), 49);
    QCOMPARE(history.places().front().path, u"150"_s);
}

void TestNodeTable::statesAreCounted()
{
    test::FakeSiteClient site;
    QCOMPARE(countStates(*site.devices()), StateCounts{});
    site.setDevices({AccessState::Allowed, AccessState::Blocked, AccessState::Allowed, AccessState::NotSeen});
    const StateCounts counts = countStates(*site.devices());
    QCOMPARE(counts[std::size_t(AccessState::Allowed)], 2);
    QCOMPARE(counts[std::size_t(AccessState::Blocked)], 1);
    QCOMPARE(counts[std::size_t(AccessState::NotSeen)], 1);
}

void TestNodeTable::jobLines()
{
    Connector connector = test::aConnector(u"Lab"_s);
    connector.id = ConnectorId{1};
    Job job;
    job.connectorId = connector.id;
    const auto text = [&] { return jobLine(job, {connector}).text; };
    QCOMPARE(text(), u"Full synchronization of Lab: Waiting for its turn"_s);
    job.state = JobState::Running;
    QCOMPARE(text(), u"Full synchronization of Lab: Starting"_s);
    job.step = u"throttled"_s;
    QCOMPARE(text(), u"Full synchronization of Lab: Waiting: Exchange is busy"_s);
    job.step = u"reconnecting"_s;
    QCOMPARE(text(), u"Full synchronization of Lab: Waiting to try again: Exchange does not answer"_s);
    job.step = u"partnerships"_s;
    job.done = 5;
    QCOMPARE(text(), u"Full synchronization of Lab: Reading devices, 5"_s);
    job.total = 9;
    QCOMPARE(text(), u"Full synchronization of Lab: Reading devices, 5 of 9 mailboxes"_s);
    job.step = u"deletions"_s;
    QCOMPARE(text(), u"Full synchronization of Lab: Removing devices that are gone"_s);
    job.step = u"newer step"_s; // of a newer service: shown as it is
    QVERIFY(text().contains(u"newer step"_s));
    job.state = JobState::Cancelling;
    QCOMPARE(text(), u"Full synchronization of Lab: Canceling"_s);
}

void TestNodeTable::englishPluralsAreComplete()
{
    QFile file(QStringLiteral(POSTERN_SOURCE_DIR) + u"/translations/postern_en.ts"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&file);
    QString source;
    int forms = 0;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == "source"_L1)
            source = xml.readElementText();
        else if (xml.name() == "translation"_L1)
            QVERIFY2(!xml.attributes().hasAttribute(u"type"_s), qPrintable(source + u" is unfinished"_s));
        else if (xml.name() == "numerusform"_L1) {
            ++forms;
            const QString form = xml.readElementText();
            QVERIFY2(!form.isEmpty() && !form.contains("(s)"_L1), qPrintable(source));
            QCOMPARE(form.count("%n"_L1), source.count("%n"_L1));
            QCOMPARE(form.count("%1"_L1), source.count("%1"_L1));
        }
    }
    QVERIFY(!xml.hasError());
    QVERIFY(forms >= 40);
}

} // namespace

QTEST_MAIN(TestNodeTable)
#include "tst_NodeTable.moc"
